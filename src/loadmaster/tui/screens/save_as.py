"""Another place for the manifest: typed, completed with Tab."""

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


class SaveAsScreen(Sheet[Path | None]):
    """Answers the path of a file. One that is there is only taken when Enter is pressed once more."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "leave", "back", show=False)]
    HINTS: ClassVar[Sequence[Hint]] = (("↵", "save there"), ("↹", "complete"), ("esc", "back"))

    def __init__(self, file: Path | None, why: str = "") -> None:
        """`file` is where the manifest is now, `why` what stood in the way of saving it there."""
        super().__init__()
        self._file = file
        self._why = why
        self._said: list[tuple[str, str]] = [(why, "warning")] if why else []
        self._warned: Path | None = None

    def title_line(self) -> Line:
        """What it is."""
        return [Piece("Save as", "bright")]

    def compose(self) -> ComposeResult:
        """A line to type in, and what is to be said of it."""
        with Vertical(id="sheet"):
            yield SheetHead(self.title_line())
            yield PathInput(str(self._file or ""), "path of the new file")
            yield LinesView(self._lines, id="save-as-lines")
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
        return [*lines, BLANK] if self._said else lines

    def _say(self, said: Sequence[tuple[str, str]]) -> None:
        self._said = list(said)
        self.query_one(LinesView).make_again()

    def on_path_input_completed(self, message: PathInput.Completed) -> None:
        """Show what is meant so far."""
        message.stop()
        shown = [(path, "value") for path in message.paths[:SHOWN]]
        more = len(message.paths) - SHOWN
        self._say([*shown, (f"and {more} more", "label")] if more > 0 else shown or [("nothing of that name", "label")])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another path: what was said is over."""
        event.stop()
        self._warned = None
        if self._said and self._said != [(self._why, "warning")]:
            self._say([])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the path; of a folder the file of the same name in it."""
        event.stop()
        path = self.query_one(PathInput).path
        if path is None:
            return
        if path.is_dir():
            path = path / (self._file.name if self._file is not None else "models.toml")
        if not path.parent.is_dir():
            self._say([(f"There is no folder {path.parent}.", "warning")])
        elif path.exists() and path != self._warned:
            self._warned = path
            self._say([(f"{path} is there already. Enter once more writes over it.", "warning")])
        else:
            self.dismiss(path)
