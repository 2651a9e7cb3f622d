"""A sheet with one line for a path, completed with Tab, and what is to be said of it below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loadmaster.tui.paint import BLANK, Line, Piece, wrap
from loadmaster.tui.screens.sheet import LinesView, Sheet, SheetFoot, SheetHead
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.path_input import PathInput

SHOWN = 8
"""So many of the paths that are meant are shown."""

Said = tuple[str, str]
"""A sentence and its ink."""


class PathSheet(Sheet[Path | None]):
    """Answers a path, or None. A subclass takes what was typed, in its own `on_input_submitted`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "leave", "back", show=False)]

    def __init__(self, title: str, path: Path | None, placeholder: str, said: Sequence[Said] = ()) -> None:
        """`path` is where one begins, `said` what stands below it at first."""
        super().__init__()
        self._title_text = title
        self._begun = path
        self._placeholder = placeholder
        self.said: list[Said] = list(said)

    def title_line(self) -> Line:
        """What it is."""
        return [Piece(self._title_text, "bright")]

    def compose(self) -> ComposeResult:
        """A line to type in, and what is to be said of it."""
        with Vertical(id="sheet"):
            yield SheetHead(self.title_line())
            yield PathInput(str(self._begun or ""), self._placeholder)
            yield LinesView(self._lines, id="said-lines")
            yield SheetFoot(self.HINTS)

    def on_mount(self) -> None:
        """Begin behind the name."""
        self.query_one(LinesView).can_focus = False
        line = self.query_one(PathInput)
        line.focus()
        line.cursor_position = len(line.value)

    @property
    def path(self) -> Path | None:
        """What is typed; None for nothing."""
        return self.query_one(PathInput).path

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = [BLANK]
        for text, ink in self.said:
            lines += ([Piece(f"  {part}", ink)] for part in wrap(visible(text), max(width - 4, 10)))
        return [*lines, BLANK] if self.said else lines

    def say(self, *said: Said) -> None:
        """Say this below the line, in place of what stood there."""
        self.said = list(said)
        self.query_one(LinesView).make_again()

    def on_path_input_completed(self, message: PathInput.Completed) -> None:
        """Show what is meant so far."""
        message.stop()
        shown = [(path, "value") for path in message.paths[:SHOWN]]
        more = len(message.paths) - SHOWN
        if more > 0:
            shown.append((f"and {more} more", "label"))
        self.say(*(shown or [("nothing of that name", "label")]))
