"""What a manifest shall be compared with: a revision, or the path of another manifest."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.palette import Entry, PaletteList, PaletteScreen
from loadmaster.tui.screens.sheet import SheetFoot, SheetHead
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.plain_input import PlainInput


class BaseScreen(PaletteScreen):
    """Type it, or choose one of the names that are known. What is typed counts, unless a name was moved to."""

    HINTS = (("↵", "compare"), ("↑↓", "choose"), ("esc", "back"))
    NOTHING = ""

    def __init__(self, entries: Sequence[Entry], typed: str = "", said: str = "") -> None:
        """`typed` was typed before, and `said` tells why it would not do."""
        super().__init__(entries)
        self._typed = typed
        self._said = said
        self._moved = False

    def title_line(self) -> Line:
        """What it is, or why the last answer would not do."""
        return [Piece(visible(self._said), "warning")] if self._said else [Piece("Compare with", "bright")]

    def compose(self) -> ComposeResult:
        """A line to type in, and the names that match."""
        with Vertical(id="sheet", classes="palette"):
            yield SheetHead(self.title_line())
            yield PlainInput(self._typed, placeholder="a revision, or the path of another manifest")
            yield PaletteList()
            yield SheetFoot(self.HINTS)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other names match."""
        self._moved = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.prevent_default()
        event.stop()
        names = self.query_one(PaletteList)
        chosen = names.entries[names.cursor].choice if names.entries else ""
        typed = event.value.strip()
        self.dismiss(chosen if chosen and (self._moved or not typed) else typed or None)

    def action_move(self, step: int) -> None:
        """Up and down among the names."""
        self._moved = True
        super().action_move(step)
