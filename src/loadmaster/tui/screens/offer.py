"""Something happened, in a few lines, and what can be done about it: each way has a key of its own."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Size
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Line, Piece, wrap
from loadmaster.tui.screens.choose import ChooseScreen, Option, OptionRows
from loadmaster.tui.screens.sheet import AROUND, LinesView

Paragraph = tuple[str, str]
"""A sentence or two, and the ink they are told in."""


class OfferLines(LinesView):
    """What happened; it leaves room for what can be done."""

    can_focus = False

    def __init__(self, paragraphs: Sequence[Paragraph], options: int) -> None:
        super().__init__(lambda width: paragraph_lines(paragraphs, width), id="offer")
        self._options = options

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as it is, as far as the options leave room."""
        return min(len(self.lines_for(width)), max(viewport.height - AROUND - self._options - 1, 2))


class OfferScreen(ChooseScreen):
    """Answers the number of the way that was taken, None for none of them."""

    AUTO_FOCUS = "OptionRows"

    def __init__(
        self, title: str, paragraphs: Sequence[Paragraph], options: Sequence[Option], later: str = "back"
    ) -> None:
        """`later` is what Escape does, as the foot says it."""
        super().__init__([Piece(title, "bright")], options, "do it")
        self._paragraphs = paragraphs
        self._hints = (*self._hints[:-1], ("esc", later))

    def body(self) -> Sequence[Widget]:
        """What happened, then the ways."""
        return [OfferLines(self._paragraphs, len(self._options)), OptionRows(self._options)]


def paragraph_lines(paragraphs: Sequence[Paragraph], width: int) -> list[Line]:
    """Paragraphs in lines of a width, a blank one behind."""
    lines: list[Line] = []
    for text, ink in paragraphs:
        lines += ([Piece(f"  {line}", ink)] for line in wrap(text, max(width - 4, 10)))
    return [*lines, BLANK]
