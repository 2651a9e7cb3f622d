"""A difference and a question: before a save, and before a fix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Line, Piece
from loadmaster.tui.screens.sheet import WIDE_CSS, Hint, LineMaker, LinesView, Sheet, SheetFoot


class DifferenceScreen(Sheet[bool]):
    """Shows what would change; Enter does it."""

    CSS_PATH = WIDE_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,w,ctrl+s,y", "accept", "do it", show=False),
        Binding("q", "leave", "back", show=False),
    ]

    def __init__(self, title: Line, lines: Sequence[Line] | LineMaker, remark: Sequence[Line], verb: str) -> None:
        """`verb` is what Enter does, as the foot says it. Lines that are made for a width take what there is."""
        super().__init__()
        self.set_class(callable(lines), "wide")
        self._head = title
        self._lines = lines
        self._remark = remark
        self._hints: tuple[Hint, ...] = (("↵", verb), ("esc", "back"))

    def title_line(self) -> Line:
        """What it is."""
        return self._head

    def body(self) -> Sequence[Widget]:
        """The difference, then what it means."""
        return [LinesView(self._made, id="difference")]

    def _made(self, width: int) -> Sequence[Line]:
        lines = self._lines(width) if callable(self._lines) else self._lines
        return [*lines, BLANK, *([Piece("  "), *line] for line in self._remark), BLANK]

    def on_mount(self) -> None:
        """Name the verb in the foot."""
        foot = self.query_one(SheetFoot)
        foot.hints = self._hints
        foot.refresh()

    def action_accept(self) -> None:
        """Do it."""
        self.dismiss(True)
