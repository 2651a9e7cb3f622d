"""The palette: every action that can be done now, and every model, found by typing; the keys stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.fuzzy import Matcher
from textual.geometry import Size
from textual.widgets import Input

from loadmaster.tui.paint import Line, Piece, spread
from loadmaster.tui.screens.sheet import FRAME, Sheet, SheetFoot
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.plain_input import PlainInput

MOST = 200
HIGHEST = 16
"""Lines of the list where the terminal bears them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the palette: `choice` is what the screen answers when it is taken."""

    choice: str
    label: str
    help: str = ""
    keys: str = ""


class PaletteList(LineList):
    """The entries that match."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    @property
    def takes_keys(self) -> bool:
        """The line above hands the arrows on."""
        return True

    def row_count(self) -> int:
        """The entries."""
        return len(self.entries)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Label and help at the left, keys at the right."""
        entry = self.entries[index]
        left = [Piece(visible(entry.label), "bright"), Piece("  "), Piece(entry.help, "label")]
        return [spread(left, [Piece(" "), Piece(entry.keys, "key"), Piece(" ")], width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Always the same, whatever matches, but not higher than the terminal bears."""
        return min(HIGHEST, max(viewport.height - FRAME, 1))

    def on_click(self, event: events.Click) -> None:
        """One click takes it."""
        event.stop()
        index = event.y + int(self.scroll_offset.y)
        if 0 <= index < len(self.entries) and self.entries[index].choice and isinstance(self.screen, PaletteScreen):
            self.screen.dismiss(self.entries[index].choice)


class PaletteScreen(Sheet[str]):
    """Type, choose, Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]
    HINTS = (("↵", "do it"), ("↑↓", "choose"), ("esc", "back"))
    NOTHING = "nothing is called that"
    """What stands in the list where nothing matches; nothing where what is typed counts by itself."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = entries

    def compose(self) -> ComposeResult:
        """A line to type in, and the list."""
        with Vertical(id="sheet", classes="palette"):
            yield PlainInput(placeholder="what to do, or a model to go to")
            yield PaletteList()
            yield SheetFoot(self.HINTS)

    def on_mount(self) -> None:
        """Everything, before anything is typed."""
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is under the cursor."""
        event.stop()
        listing = self.query_one(PaletteList)
        if listing.entries and listing.entries[listing.cursor].choice:
            self.dismiss(listing.entries[listing.cursor].choice)

    def action_move(self, step: int) -> None:
        """Up and down in the list."""
        listing = self.query_one(PaletteList)
        listing.set_cursor(listing.cursor + step, 1 if step > 0 else -1)

    def or_nothing(self, entries: list[Entry]) -> list[Entry]:
        """The entries, or a row that says that there is none."""
        return entries or ([Entry("", "", self.NOTHING)] if self.NOTHING else [])

    def _show(self, text: str) -> None:
        listing = self.query_one(PaletteList)
        listing.entries = self.or_nothing(matching(self._entries, text)[:MOST])
        listing.rows_changed(0)
        listing.scroll_to(y=0, animate=False)


def matching(entries: Sequence[Entry], text: str) -> list[Entry]:
    """The entries that match, the best first; all in their order where nothing is typed."""
    if not text.strip():
        return list(entries)
    matcher = Matcher(text.strip())
    scored = [(matcher.match(f"{entry.label} {entry.help}"), number) for number, entry in enumerate(entries)]
    return [entries[number] for score, number in sorted(scored, key=lambda item: (-item[0], item[1])) if score > 0]
