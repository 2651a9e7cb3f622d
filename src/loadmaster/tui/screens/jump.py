"""Go to: a pane by its letter, or a line by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Inked, Line, Piece
from loadmaster.tui.screens.sheet import Hint, Sheet

PANES = (("m", "models", "Models"), ("d", "detail", "Detail"), ("v", "faults", "Validation"))
MOST_DIGITS = 9


class JumpCard(Inked):
    """The letters, and the digits typed so far."""

    DEFAULT_CSS = "JumpCard { height: 6; }"

    def __init__(self) -> None:
        super().__init__()
        self.digits = ""

    def render_line(self, y: int) -> Strip:
        """A pane on each line, then the line number."""
        lines: list[Line] = [[Piece(f"   {key}", "key"), Piece(f"  {title}")] for key, _, title in PANES]
        lines += [BLANK, [Piece("   line ", "label"), Piece(self.digits or "…", "bright" if self.digits else "faint")]]
        return self.draw(lines[y] if y < len(lines) else BLANK, self.size.width)


class JumpScreen(Sheet[str]):
    """Answers the name of a pane, or the digits of a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"pane('{name}')", title, show=False) for key, name, title in PANES),
        Binding("g", "pane('models')", show=False),
        Binding("enter", "line", show=False),
        Binding("backspace", "rub_out", show=False),
    ]
    HINTS: ClassVar[Sequence[Hint]] = (("m, d or v", "pane"), ("0–9 ↵", "line"), ("esc", "back"))

    def title_line(self) -> Line:
        """What it is."""
        return [Piece("Go to", "bright")]

    def body(self) -> Sequence[Widget]:
        """The letters and digits."""
        return [JumpCard()]

    def on_key(self, event: events.Key) -> None:
        """Digits make up a line number."""
        if self.is_current and event.character is not None and event.character.isascii() and event.character.isdigit():
            event.stop()
            self._write((self.query_one(JumpCard).digits + event.character)[:MOST_DIGITS])

    def action_rub_out(self) -> None:
        """One digit less."""
        self._write(self.query_one(JumpCard).digits[:-1])

    def action_line(self) -> None:
        """Go to the line."""
        self.dismiss(self.query_one(JumpCard).digits)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self.dismiss(name)

    def _write(self, digits: str) -> None:
        card = self.query_one(JumpCard)
        card.digits = digits
        card.refresh()
