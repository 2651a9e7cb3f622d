"""What is under the cursor, explained: a rule, a field of the format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Line, Piece, wrap
from loadmaster.tui.screens.sheet import LinesView, Sheet
from loadmaster.tui.visible import visible


class ExplainScreen(Sheet[None]):
    """Paragraphs to read."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("i,q,enter", "leave", "back", show=False)]

    def __init__(self, title: Line, paragraphs: Sequence[tuple[str, str]]) -> None:
        """Each paragraph has a heading, which may be empty, and a text."""
        super().__init__()
        self._head = title
        self._paragraphs = paragraphs

    def title_line(self) -> Line:
        """What it is."""
        return self._head

    def body(self) -> Sequence[Widget]:
        """The paragraphs."""
        return [LinesView(lambda width: _lines(self._paragraphs, width - 4), id="explanation")]


def _lines(paragraphs: Sequence[tuple[str, str]], width: int) -> list[Line]:
    lines: list[Line] = []
    for heading, text in paragraphs:
        if heading:
            lines.append([Piece(f"  {heading}", "header")])
        for line in text.split("\n"):
            lines += [[Piece("  "), Piece(part)] for part in wrap(visible(line), width)]
        lines.append(BLANK)
    return lines
