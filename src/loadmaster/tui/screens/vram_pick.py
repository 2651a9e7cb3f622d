"""Choose what the memory figures are for: a card, a number of frames or a size, from a list or by typing any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from loadmaster.tui.screens.palette import Entry, PaletteList, PaletteScreen, matching
from loadmaster.tui.screens.sheet import SheetFoot


class VramPickScreen(PaletteScreen):
    """A palette that also reads what is in no list: `57`, `1024x576`, `20GiB`."""

    HINTS = (("↵", "take it"), ("↑↓", "choose"), ("esc", "back"))
    NOTHING = "this is no card, no number of frames and no size"

    def __init__(self, entries: Sequence[Entry], present: str, read: Callable[[str], Sequence[Entry]]) -> None:
        """The cursor begins on the entry whose choice is `present`. `read` gives what a typed text means by itself."""
        super().__init__(entries)
        self._present = present
        self._read = read

    def compose(self) -> ComposeResult:
        """A line to type in, and the list."""
        with Vertical(id="sheet", classes="palette"):
            yield Input(placeholder="a card, frames, a size, or all: 4090, 81, 720p", compact=True)
            yield PaletteList()
            yield SheetFoot(self.HINTS)

    def _show(self, text: str) -> None:
        listing = self.query_one(PaletteList)
        meant = list(self._read(text)) if text.strip() else []
        known = {entry.choice for entry in meant}
        others = [entry for entry in matching(self._entries, text) if entry.choice not in known]
        listing.entries = self.or_nothing([*meant, *others])
        choices = [entry.choice for entry in listing.entries]
        begin = choices.index(self._present) if not text.strip() and self._present in choices else 0
        listing.rows_changed(begin)
        if not begin:
            listing.scroll_to(y=0, animate=False)
