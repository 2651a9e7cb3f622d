"""What two people changed in one manifest, field by field: mine beside theirs, and both together where that goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widget import Widget

from loadmaster.document.data_merge import ABSENT
from loadmaster.document.places import KeyPath
from loadmaster.document.three_way import Difference, Side
from loadmaster.manifest.words import plural
from loadmaster.tui.paint import Line, Piece, cell, fit
from loadmaster.tui.screens.sheet import AROUND, WIDE_CSS, Hint, Sheet, SheetFoot, SheetHead
from loadmaster.tui.visible import middle, short_digest, visible
from loadmaster.tui.widgets.line_list import LineList


class Way(StrEnum):
    """What shall become of the two."""

    BOTH = "both"
    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer: a way, and for both whose value counts where they clash."""

    way: Way
    choices: Mapping[KeyPath, Side]


@dataclass(frozen=True, slots=True)
class Note:
    """A row that tells of what no field shows."""

    text: str


class DifferenceRows(LineList):
    """One row for each difference, below the name of its model."""

    DEFAULT_CSS = "DifferenceRows { height: auto; background: $surface; margin-bottom: 1; }"

    def __init__(self, differences: Sequence[Difference], notes: Sequence[str] = ()) -> None:
        super().__init__()
        self.choices: dict[KeyPath, Side] = {}
        self._rows: list[Difference | str | Note] = []
        owner = None
        for one in differences:
            if _owner(one.path) != owner:
                owner = _owner(one.path)
                self._rows.append(owner)
            self._rows.append(one)
        self._rows += map(Note, notes)

    def on_mount(self) -> None:
        """Begin at the first that clashes, else at the first."""
        clash = next((i for i, row in enumerate(self._rows) if isinstance(row, Difference) and row.clash), 0)
        self.set_cursor(clash)

    def row_count(self) -> int:
        """Names and differences."""
        return len(self._rows)

    def can_stand_on(self, index: int) -> bool:
        """Not on a name."""
        return isinstance(self._rows[index], Difference)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """What was changed, mine, theirs."""
        row = self._rows[index]
        if isinstance(row, Note):
            return [fit([Piece(f"  {row.text}", "value")], width)]
        if isinstance(row, str):
            return [fit([Piece(f"  {visible(row)}", "header")], width)]
        name, value = widths(width)
        before = "" if row.base == {} else told(row.base, ABSENT)
        line = [
            Piece(self._mark(row), "warning" if row.clash else "label"),
            cell(middle(visible(_field(row.path)), name - 1), name, "value"),
            self._value(row, Side.MINE, value),
            self._value(row, Side.THEIRS, value),
            cell("  " + middle(before, value - 2), value, "faint"),
        ]
        return [fit(line, width)]

    def _mark(self, row: Difference) -> str:
        return " ≠ " if row.clash and row.path not in self.choices else "   "

    def _value(self, row: Difference, side: Side, width: int) -> Piece:
        value = row.mine if side is Side.MINE else row.theirs
        chosen = self.choices.get(row.path)
        text = middle(told(value, row.base), width - 4)
        changed = row.by in (side, Side.BOTH)
        if chosen is not None:
            return cell(("● " if chosen is side else "  ") + text, width, "bright" if chosen is side else "faint")
        return cell(("• " if changed else "  ") + text, width, "bright" if changed else "faint")

    def click_row(self, index: int, line: int, x: int) -> bool:
        """A click on a side of a clash takes that side."""
        name, value = widths(self.text_width)
        if name + 3 <= x < name + 3 + 2 * value:
            self.choose(Side.MINE if x < name + 3 + value else Side.THEIRS)
        return True

    @property
    def row(self) -> Difference | None:
        """The difference under the cursor."""
        row = self._rows[self.cursor] if self._rows else ""
        return row if isinstance(row, Difference) else None

    def choose(self, side: Side) -> bool:
        """Take a side in the clash under the cursor; false where there is nothing to choose."""
        row = self.row
        if row is None or not row.can_choose:
            return False
        self.choices[row.path] = side
        self.refresh_row(self.cursor)
        return True

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All of them, as far as the terminal bears."""
        return min(max(len(self._rows), 1), max(viewport.height - AROUND - 1, 3))


class CompareScreen(Sheet[Settled | None]):
    """Mine beside theirs. Enter joins both, once every clash is chosen."""

    CSS_PATH: ClassVar[list[str | PurePath]] = WIDE_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,b", "both", "both", show=False),
        Binding("t", "answer('theirs')", "theirs", show=False),
        Binding("m", "answer('mine')", "mine", show=False),
        Binding("left,h", "choose('mine')", "mine here", show=False),
        Binding("right,l", "choose('theirs')", "theirs here", show=False),
        Binding("space", "turn", "the other", show=False),
        Binding("q", "leave", "back", show=False),
    ]

    def __init__(self, differences: Sequence[Difference], notes: Sequence[str] = ()) -> None:
        """`notes` tell what else either changed: comments, of which no field tells."""
        super().__init__()
        self._notes = notes
        self.add_class("wide")
        self._differences = differences

    @property
    def _clashes(self) -> list[Difference]:
        return [one for one in self._differences if one.clash]

    @property
    def _can_join(self) -> bool:
        return all(one.can_choose for one in self._clashes)

    def hints(self) -> Sequence[Hint]:
        """Its keys: both only where both can be had."""
        both: list[Hint] = [("↵", "put both together")] if self._can_join else []
        choose: list[Hint] = [("← →", "choose")] if self._can_join and self._clashes else []
        return [*both, *choose, ("t", "take theirs"), ("m", "keep mine"), ("esc", "back")]

    def title_line(self) -> Line:
        """How many, and how many clash."""
        title: list[Piece] = [
            Piece("Mine and theirs", "bright"),
            Piece(f"   {plural(len(self._differences), 'change')}", "label"),
        ]
        if self._clashes:
            title.append(Piece(f"   {len(self._clashes)} changed by both", "warning"))
            if not self._can_join:
                title.append(Piece(": one has to give way", "warning"))
        elif self._differences:
            title.append(Piece("   none in each other's way", "label"))
        else:
            title.append(Piece("   only comments or layout differ", "label"))
        return title

    def body(self) -> Sequence[Widget]:
        """A line over the columns, then the rows."""
        return [ColumnHeads(), DifferenceRows(self._differences, self._notes)]

    def action_choose(self, side: str) -> None:
        """Choose in the clash under the cursor."""
        if self._can_join and not self.query_one(DifferenceRows).choose(Side(side)):
            self._say("Only what both changed is chosen; all else goes together.")

    def action_turn(self) -> None:
        """The other side."""
        rows = self.query_one(DifferenceRows)
        row = rows.row
        now = rows.choices.get(row.path) if row is not None else None
        self.action_choose("theirs" if now is Side.MINE else "mine")

    def action_both(self) -> None:
        """Join both, or go to the clash that is open."""
        rows = self.query_one(DifferenceRows)
        if not self._can_join:
            self._say("One took out what the other changed: take theirs (t) or keep mine (m).")
            return
        still = [one for one in self._clashes if one.path not in rows.choices]
        if still:
            rows.set_cursor(rows._rows.index(still[0]))
            self._say(f"{plural(len(still), 'field')} to choose first: ← mine, → theirs.")
            return
        self.dismiss(Settled(Way.BOTH, dict(rows.choices)))

    def action_answer(self, way: str) -> None:
        """One of the two, wholly."""
        self.dismiss(Settled(Way(way), {}))

    def _say(self, text: str) -> None:
        self.query_one(SheetHead).show([Piece(text, "warning")])
        self.query_one(SheetFoot).refresh()


class ColumnHeads(LineList):
    """What the columns are."""

    DEFAULT_CSS = "ColumnHeads { height: 1; background: $surface; }"
    can_focus = False

    def row_count(self) -> int:
        """One."""
        return 1

    def can_stand_on(self, index: int) -> bool:
        """It is no row."""
        return False

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Mine, theirs."""
        name, value = widths(width)
        heads = [cell(head, value, "label") for head in ("  mine", "  theirs", "  before")]
        return [fit([cell("", name + 3), *heads], width)]


def widths(width: int) -> tuple[int, int]:
    """The cells of the name and of a value."""
    name = max(width * 3 // 10, 16)
    return name, max((width - name - 3) // 3, 10)


def told(value: Any, base: Any) -> str:
    """A value in a few words; of a table whether it was added or is there."""
    if value is ABSENT:
        return "removed" if base is not ABSENT else "—"
    if isinstance(value, dict):
        return "added" if base is ABSENT else "changed" if base == {} else "as it was"
    if isinstance(value, str):
        return short_digest(visible(value, 200))
    if isinstance(value, list):
        return visible(", ".join(str(item) for item in value[:20]), 200)
    return visible(str(value).lower() if isinstance(value, bool) else str(value), 200)


def _owner(path: KeyPath) -> str:
    return str(path[1]) if path[:1] == ("models",) and len(path) > 1 else "the file"


def _field(path: KeyPath) -> str:
    rest = path[2:] if path[:1] == ("models",) else path
    return " ".join(str(part) for part in rest) or "the whole model"
