"""A text from the first column on, with nothing around it, so that the terminal's own mouse can take it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.sheet import LinesView
from loadmaster.tui.visible import visible

MOST = 20_000
"""Characters that are shown; nobody selects more by hand."""


class SelectScreen(ModalScreen[None]):
    """The text, and below it how it is selected."""

    DEFAULT_CSS = """
    SelectScreen { background: $background; }
    SelectScreen LinesView { height: 1fr; background: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,Y,y", "leave", "back", show=False)]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """Nothing but lines."""
        yield LinesView(self._lines)

    def _lines(self, width: int) -> list[Line]:
        told = "Select it with the mouse while shift is held (on a Mac: option).   esc back"
        lines: list[Line] = []
        for line in self._text[:MOST].split("\n"):
            shown = visible(line, MOST)
            lines += ([Piece(shown[at : at + width], "bright")] for at in range(0, max(len(shown), 1), max(width, 1)))
        return [*lines, [], [Piece(told, "label")]]

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
