"""Go to: a pane by its letter, or a line by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.sheet import Hint, LinesView, Sheet

PANES = (("m", "models", "Models"), ("d", "detail", "Detail"), ("v", "faults", "Faults"))


class JumpScreen(Sheet[str]):
    """Answers the name of a pane, or the digits of a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"pane('{name}')", title, show=False) for key, name, title in PANES),
        Binding("g", "pane('models')", show=False),
    ]
    HINTS: ClassVar[Sequence[Hint]] = (("m d v", "a pane"), ("0–9 ↵", "a line"), ("esc", "back"))

    def title_line(self) -> Line:
        """What it is."""
        return [Piece("Go to", "bright")]

    def body(self) -> Sequence[Widget]:
        """The letters, and a line for digits."""
        lines: list[Line] = [[Piece(f"   {key}", "key"), Piece(f"  {title}")] for key, _, title in PANES]
        return [LinesView(lines), LineNumber(placeholder="line", compact=True, max_length=9)]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the line."""
        event.stop()
        self.dismiss(event.value or None)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self.dismiss(name)


class LineNumber(Input):
    """Takes digits only, so that letters stay keys."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters go on to the sheet."""
        return character is not None and character.isdigit()

    async def _on_key(self, event: object) -> None:
        character = getattr(event, "character", None)
        if character is not None and character.isprintable() and not character.isdigit():
            return
        await super()._on_key(event)  # type: ignore[arg-type]
