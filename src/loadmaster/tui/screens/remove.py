"""Before something of several lines goes: what goes, what becomes of faults and callers, then the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Line, Piece, wrap
from loadmaster.tui.screens.sheet import Hint, LinesView, Sheet
from loadmaster.tui.visible import visible


class RemoveScreen(Sheet[bool]):
    """Enter removes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "accept", "remove", show=False),
        Binding("q", "leave", "back", show=False),
    ]
    HINTS: ClassVar[Sequence[Hint]] = (("↵", "remove"), ("↑↓", "look through"), ("esc", "leave it"))

    def __init__(self, title: Line, notes: Sequence[str], remark: Line, lines: Sequence[Line]) -> None:
        """`notes` are sentences, `remark` says what becomes of the faults, `lines` are the difference."""
        super().__init__()
        self._head = title
        self._notes = notes
        self._remark = remark
        self._lines = lines

    def title_line(self) -> Line:
        """What it is."""
        return self._head

    def body(self) -> Sequence[Widget]:
        """Notes first: the lines may be many."""
        return [LinesView(self._lines_for, id="removal")]

    def _lines_for(self, width: int) -> list[Line]:
        notes = [[Piece("  "), Piece(part)] for note in self._notes for part in wrap(visible(note), width - 4)]
        return [*notes, [Piece("  "), *self._remark], BLANK, *self._lines, BLANK]

    def action_accept(self) -> None:
        """Remove it."""
        self.dismiss(True)
