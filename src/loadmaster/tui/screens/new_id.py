"""Another id for a model: what it would bring is told while it is typed, and what is rewritten along is chosen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size

from loadmaster.checks.diagnostic import Finding
from loadmaster.manifest.model_id import split_model_id
from loadmaster.tui.difference import fault_remark
from loadmaster.tui.marked_text import marked
from loadmaster.tui.paint import BLANK, Line, Piece, cell, fit, span, wrap
from loadmaster.tui.screens.sheet import Hint, Sheet, SheetBody, SheetFoot, SheetHead
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.field_editor import VerdictLines
from loadmaster.tui.widgets.field_list import fault_lines
from loadmaster.tui.widgets.form_line import FormAccepted, FormChanged, FormInput, FormLine
from loadmaster.tui.widgets.line_list import LineList

MOST_FAULTS = 4


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One thing that can be rewritten along: where it stands, its text before and after, where the new part is.

    `key` tells it apart from others whatever the new id is; `likely` says whether it is chosen from the start.
    """

    key: Hashable
    where: str
    before: str
    after: str
    spans: tuple[tuple[int, int], ...] = ()
    likely: bool = True


@dataclass(frozen=True, slots=True)
class IdVerdict:
    """What the id would bring: faults that are not there already, what else changes, or why it cannot be."""

    new: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    refusal: str = ""
    is_calm: bool = False
    """Whether the refusal only says what to do: nothing is wrong yet."""


@dataclass(frozen=True, slots=True)
class NewId:
    """The answer: the id, and the keys of the rewritings that were chosen."""

    model_id: str
    chosen: frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the screen asks: its title and verb, the id to begin with, and how an id is told of."""

    title: Line
    verb: str
    first: str
    name: str
    rewritings: Callable[[str], Sequence[Rewriting]]
    judge: Callable[[str, frozenset[Hashable]], IdVerdict]


class Rewritings(LineList):
    """A checklist: space puts a mark or takes it away."""

    DEFAULT_CSS = "Rewritings { height: auto; background: $surface; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,x", "turn", show=False),
        Binding("a", "turn_all", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.rows: Sequence[Rewriting] = ()
        self._decided: dict[Hashable, bool] = {}

    def show(self, rows: Sequence[Rewriting]) -> None:
        """What can be rewritten now; decisions are kept."""
        if rows != self.rows:
            same = len(rows) == len(self.rows)
            self.rows = rows
            self.display = bool(rows)
            if same:
                self.refresh()
            else:
                self.rows_changed()
                self.refresh(layout=True)

    @property
    def chosen(self) -> frozenset[Hashable]:
        """The keys that are chosen."""
        return frozenset(row.key for row in self.rows if self._is_chosen(row))

    def _is_chosen(self, row: Rewriting) -> bool:
        return self._decided.get(row.key, row.likely)

    def row_count(self) -> int:
        """One for each."""
        return len(self.rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All of them, as far as there is room beside what else is said."""
        return min(len(self.rows), max(viewport.height - 15, 3))

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Mark, place, and the text as it would be."""
        row = self.rows[index]
        chosen = self._is_chosen(row)
        lead: Line = [
            Piece(" [x] " if chosen else " [ ] ", "key" if chosen else "label"),
            cell(row.where, 13, "label"),
        ]
        text: Line = [Piece(visible(row.before), "faint")]
        if chosen:
            text = marked(row.after, row.spans, width - span(lead), "added")
        return [fit([*lead, *text], width)]

    def click_row(self, index: int, line: int, x: int) -> bool:
        """One click turns it over."""
        self.action_turn()
        return True

    def action_turn(self) -> None:
        """Turn the row under the cursor over."""
        if self.rows:
            row = self.rows[self.cursor]
            self._decided[row.key] = not self._is_chosen(row)
            self._tell()

    def action_turn_all(self) -> None:
        """All of them, or none where all are chosen."""
        wanted = len(self.chosen) < len(self.rows)
        self._decided = {row.key: wanted for row in self.rows}
        self._tell()

    def _tell(self) -> None:
        self.refresh()
        if isinstance(self.screen, NewIdScreen):
            self.screen.show_verdict()

    def action_cursor_up(self) -> None:
        """Up, from the first row into the line above."""
        if self.cursor == 0:
            self.screen.focus_previous()
        else:
            super().action_cursor_up()


class NewIdScreen(Sheet[NewId | None]):
    """Type an id, choose what is rewritten, Enter."""

    CSS_PATH: ClassVar[str | list[str | PurePath]] = ["sheet.tcss", "form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "accept", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked
        self._refused = False
        self._tallest = 0
        self._told_at = 0

    def compose(self) -> ComposeResult:
        """Head, the line, what can be rewritten, what it brings, foot."""
        with Vertical(id="sheet", classes="form"):
            yield SheetHead(self._asked.title)
            with SheetBody():
                yield FormLine("id", "new id or version", FormInput(self._asked.first))
                yield VerdictLines(id="reading")
                yield Rewritings()
                yield VerdictLines(id="notes")
            yield SheetFoot(self.hints())

    def hints(self) -> Sequence[Hint]:
        """Its keys."""
        in_list = self.is_mounted and self.query_one(Rewritings).has_focus
        own: list[Hint] = [("space", "choose"), ("a", "all or none")] if in_list else []
        return [("↵", self._asked.verb), *own, ("↹", "to the id" if in_list else "to the list"), ("esc", "back")]

    @property
    def typed(self) -> str:
        """The id that is meant: a version alone goes with the name of before."""
        return meant_id(self.query_one(FormInput).value, self._asked.name)

    def on_mount(self) -> None:
        """The keys go to the version: that is what changes as a rule."""
        line = self.query_one(FormInput)
        line.focus()
        at = self._asked.first.rfind("@") + 1
        line.selection = type(line.selection)(at, len(self._asked.first))
        self.show_verdict()

    def on_resize(self) -> None:
        """The sentences fold to the width, once that of the sheet is known."""
        self.call_after_refresh(self._fold)

    def _fold(self) -> None:
        if self.is_attached and self._told_at != self.text_width:
            self._tallest = 0
            self.show_verdict()

    def on_form_changed(self, message: FormChanged) -> None:
        """Judge at once."""
        message.stop()
        self.show_verdict()

    def on_form_accepted(self, message: FormAccepted) -> None:
        """Enter in the line."""
        message.stop()
        self.action_accept()

    def on_descendant_focus(self) -> None:
        """Other keys."""
        foot = self.query_one(SheetFoot)
        foot.hints = self.hints()
        foot.refresh()

    def action_accept(self) -> None:
        """Take the id, unless it cannot be."""
        if self._refused:
            self.query_one(FormInput).focus()
            return
        self.dismiss(NewId(self.typed, self.query_one(Rewritings).chosen))

    def show_verdict(self) -> None:
        """Say what the id would bring, and what could be rewritten for it."""
        rows = self.query_one(Rewritings)
        rows.show(self._asked.rewritings(self.typed))
        verdict = self._asked.judge(self.typed, rows.chosen)
        self._refused = bool(verdict.refusal)
        width = self._told_at = self.text_width
        self.query_one("#reading", VerdictLines).show([*_below_line(self.typed, verdict, width), BLANK])
        notes = [*_below_list(verdict, width), BLANK]
        # It never shrinks: a sheet that moves under the eyes is hard to read.
        self._tallest = max(self._tallest, len(notes))
        self.query_one("#notes", VerdictLines).show([*notes, *([BLANK] * (self._tallest - len(notes)))])


def meant_id(text: str, name: str) -> str:
    """The id that a person means by a text: `1.2.0` is the version of a model called `name`."""
    text = text.strip()
    return f"{name}@{text}" if split_model_id(f"{name}@{text}") else text


def _below_line(model_id: str, verdict: IdVerdict, width: int) -> list[Line]:
    if verdict.refusal:
        said = visible(verdict.refusal) if verdict.is_calm else "✕ " + visible(verdict.refusal)
        return [[Piece("  "), Piece(part, "faint" if verdict.is_calm else "error")] for part in wrap(said, width)]
    lines: list[Line] = [[Piece("  = ", "label"), Piece(visible(model_id), "bright")]]
    faults = [line for finding in verdict.new[:MOST_FAULTS] for line in fault_lines(finding, width)]
    if len(verdict.new) > MOST_FAULTS:
        faults.append(fault_remark(verdict.new[MOST_FAULTS:], ()))
    return [*lines, *([Piece("  "), *line] for line in faults)]


def _below_list(verdict: IdVerdict, width: int) -> list[Line]:
    if verdict.refusal:
        return []
    lines: list[Line] = [BLANK]
    for note in verdict.notes:
        parts = wrap(visible(note), width - 2)
        lines += [[Piece("  · " if n == 0 else "    ", "label"), Piece(part, "label")] for n, part in enumerate(parts)]
    return lines if len(lines) > 1 else []


def spans_of(before_spans: Sequence[tuple[int, int]], new_size: int) -> tuple[tuple[int, int], ...]:
    """Where parts of the size `new_size` stand in a text in which they took the place of `before_spans`."""
    spans = []
    moved = 0
    for start, end in before_spans:
        spans.append((start + moved, start + moved + new_size))
        moved += new_size - (end - start)
    return tuple(spans)
