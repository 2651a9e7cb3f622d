"""The folder below which the models lie: typed, completed with Tab."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from loadmaster.tui.paint import BLANK, Line, Piece, wrap
from loadmaster.tui.screens.sheet import Hint, LinesView, Sheet, SheetFoot, SheetHead
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.path_input import PathInput

SHOWN = 8
"""So many of the paths that are meant are shown."""


class RootScreen(Sheet[Path | None]):
    """Answers a folder that is there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "leave", "back", show=False)]
    HINTS: ClassVar[Sequence[Hint]] = (("↵", "look there"), ("↹", "complete"), ("esc", "back"))

    def __init__(self, root: Path | None) -> None:
        """`root` is the folder of the moment."""
        super().__init__()
        self._root = root
        self._said: list[tuple[str, str]] = [
            ("Models lie in {root}/wan22/{id}, or where a local:// source says.", "label")
        ]

    def title_line(self) -> Line:
        """What it is."""
        return [Piece("Where the models lie", "bright")]

    def compose(self) -> ComposeResult:
        """A line to type in, and what is to be said of it."""
        with Vertical(id="sheet"):
            yield SheetHead(self.title_line())
            yield PathInput(str(self._root or ""), "the folder that MODELS_ROOT would name")
            yield LinesView(self._lines, id="root-lines")
            yield SheetFoot(self.HINTS)

    def on_mount(self) -> None:
        """Begin behind the name."""
        self.query_one(LinesView).can_focus = False
        line = self.query_one(PathInput)
        line.focus()
        line.cursor_position = len(line.value)

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = [BLANK]
        for text, ink in self._said:
            lines += ([Piece(f"  {part}", ink)] for part in wrap(visible(text), max(width - 4, 10)))
        return [*lines, BLANK]

    def _say(self, said: Sequence[tuple[str, str]]) -> None:
        self._said = list(said)
        self.query_one(LinesView).make_again()

    def on_path_input_completed(self, message: PathInput.Completed) -> None:
        """Show what is meant so far."""
        message.stop()
        shown = [(path, "value") for path in message.paths[:SHOWN]]
        self._say(shown or [("nothing of that name", "label")])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the folder."""
        event.stop()
        path = self.query_one(PathInput).path
        if path is None:
            return
        if not path.is_dir():
            self._say([(f"There is no folder {path}.", "warning")])
        else:
            self.dismiss(path)
