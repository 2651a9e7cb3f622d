"""A list edited item by item where it stands: a row for each, its faults below, and a row to add another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset, Size
from textual.message import Message
from textual.widget import Widget

from loadmaster.checks.diagnostic import Finding
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.paint import Line, Piece, wrap
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.field_list import fault_lines
from loadmaster.tui.widgets.line_list import LineList

WIDEST = 76
NARROWEST = 44
NUMBER_WIDTH = 4
LONGEST_ITEM = 4


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item: its text, a word on it, its faults. `is_text` is false for what is no string."""

    text: str
    note: str = ""
    faults: tuple[Finding, ...] = ()
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class ListContent:
    """What a list shows: its items, the faults of the list itself, a word for when it is not in the file, and which
    models its edits go to where that is more than one."""

    items: tuple[ItemRow, ...]
    faults: tuple[Finding, ...] = ()
    absent: str = ""
    scope: str = ""


class ItemRows(LineList):
    """The items under a cursor. The last row adds one."""

    BINDINGS = bindings_for("items")

    class Asked(Message):
        """The item under the cursor shall be edited, or taken out, or one shall be added at its place."""

        def __init__(self, what: Literal["edit", "add", "remove"], index: int) -> None:
            super().__init__()
            self.what = what
            self.index = index

    def __init__(self) -> None:
        super().__init__()
        self.content = ListContent(())

    def show(self, content: ListContent, cursor: int | None = None) -> None:
        """Show the list; the cursor goes to an item, or stays."""
        self.content = content
        self.rows_changed(None if cursor is None else cursor + self._head)
        self.refresh(layout=True)

    def make_room(self, index: int) -> None:
        """Show an empty row where an item is about to be typed."""
        items = self.content.items
        self.show(replace(self.content, items=(*items[:index], ItemRow(""), *items[index:])), index)

    # Rows.

    @property
    def _head(self) -> int:
        """How many rows stand above the first item."""
        return 1 if self.content.scope else 0

    @property
    def index(self) -> int:
        """The item under the cursor; one past the last on the row that adds."""
        return max(self.cursor - self._head, 0)

    def stand_on(self, index: int) -> None:
        """Put the cursor on an item."""
        self.set_cursor(index + self._head)

    def row_count(self) -> int:
        """The scope, the items, the row that adds, and the faults of the whole."""
        return self._head + len(self.content.items) + 1 + bool(self.content.faults)

    def can_stand_on(self, index: int) -> bool:
        """On items and on the row that adds."""
        return self._head <= index <= self._head + len(self.content.items)

    def heights_vary(self) -> bool:
        """Long items fold, and faults stand below."""
        return True

    def row_height(self, index: int, width: int) -> int:
        """See `row_lines`."""
        return len(self.row_lines(index, width))

    def row_lines(self, index: int, width: int) -> list[Line]:
        """An item with its number and faults."""
        if index < self._head:
            return [[Piece(f"◆ {self.content.scope}", "accent")]]
        at = index - self._head
        items = self.content.items
        if at < len(items):
            return self._item_lines(at, items[at], width)
        if at == len(items):
            note = f"   {self.content.absent}" if self.content.absent and not items else ""
            return [[Piece("  + ", "key"), Piece("add an item", "label"), Piece(visible(note), "default")]]
        return [line for finding in self.content.faults for line in fault_lines(finding, width)]

    def _item_lines(self, at: int, item: ItemRow, width: int) -> list[Line]:
        room = width - NUMBER_WIDTH
        parts = wrap(visible(item.text), max(room - len(item.note) - 2, 8))[:LONGEST_ITEM]
        lines: list[Line] = [
            [
                Piece(f"{at + 1:>2}  " if number == 0 else " " * NUMBER_WIDTH, "label"),
                Piece(part, "value" if item.is_text else "label"),
                Piece(f"  {item.note}" if item.note and number == 0 else "", "accent"),
            ]
            for number, part in enumerate(parts)
        ]
        blank = Piece(" " * NUMBER_WIDTH)
        return [*lines, *([blank, *line] for finding in item.faults for line in fault_lines(finding, room))]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows, as far as the pane bears."""
        total = sum(self.row_height(index, max(width - 1, 8)) for index in range(self.row_count()))
        pane = self.parent.parent if self.parent is not None else None
        room = pane.size.height if isinstance(pane, Widget) else viewport.height
        return min(total, max(room - 1, 3))

    def anchor_of(self, index: int) -> Offset:
        """The first cell of an item's text, on the screen."""
        line = self.row_start(index + self._head) - int(self.scroll_offset.y)
        return self.content_region.offset + Offset(1 + NUMBER_WIDTH, line)

    # What it does.

    def activate(self) -> None:
        """See `LineList`."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the item, or add one."""
        adds = self.index >= len(self.content.items)
        self.post_message(self.Asked("add" if adds else "edit", self.index))

    def action_remove(self) -> None:
        """Take the item out."""
        self.post_message(self.Asked("remove", self.index))


class ListEditor(Vertical):
    """The list, laid over the form at the place of its value."""

    DEFAULT_CSS = """
    ListEditor {
        layer: popover;
        position: absolute;
        height: auto;
        max-height: 100%;
        background: $panel;
        border-left: outer $accent;
    }
    ListEditor ItemRows { height: auto; background: $panel; }
    """

    def __init__(self, origin: Offset, ready: Callable[[], None]) -> None:
        """`ready` is called once it can be filled."""
        super().__init__()
        self.origin = origin
        self.rows = ItemRows()
        self._ready = ready

    def compose(self) -> ComposeResult:
        """The rows."""
        yield self.rows

    def on_mount(self) -> None:
        """Let it be filled."""
        self._ready()

    def on_resize(self) -> None:
        """Items came or went."""
        if isinstance(self.parent, Widget):
            self.place_in(self.parent.size)

    def follow(self, origin: Offset, room: Size) -> None:
        """The value stands elsewhere now, in an area of this size: lie there, as high as that bears."""
        self.origin = origin
        self.place_in(room)
        self.rows.refresh(layout=True)

    def place_in(self, room: Size) -> None:
        """Lie at the value, inside an area of this size: moved up or to the left where it would not fit."""
        width = min(room.width - self.origin.x + 1, WIDEST)
        if width < NARROWEST:
            width = min(room.width, NARROWEST)
        x = min(self.origin.x - 1, room.width - width)
        y = min(self.origin.y, room.height - self.outer_size.height)
        self.styles.width = width
        self.styles.offset = (max(x, 0), max(y, 0))
