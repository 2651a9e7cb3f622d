"""Another place for the manifest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.widgets import Input

from loadmaster.tui.screens.path_sheet import PathSheet
from loadmaster.tui.screens.sheet import Hint


class SaveAsScreen(PathSheet):
    """Answers the path of a file. One that is there is only taken when Enter is pressed once more."""

    HINTS: ClassVar[Sequence[Hint]] = (("↵", "save there"), ("↹", "complete"), ("esc", "back"))

    def __init__(self, file: Path | None, why: str = "") -> None:
        """`file` is where the manifest is now, `why` what stood in the way of saving it there."""
        super().__init__("Save as", file, "path of the new file", [(why, "warning")] if why else ())
        self._file_name = file.name if file is not None else "models.toml"
        self._why = why
        self._warned: Path | None = None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another path: what was said is over."""
        event.stop()
        self._warned = None
        if self.said and self.said != [(self._why, "warning")]:
            self.say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the path; of a folder the file of the same name in it."""
        event.stop()
        path = self.path
        if path is None:
            return
        if os.path.isdir(path):
            path = path / self._file_name
        if not os.path.isdir(path.parent):
            self.say((f"There is no folder {path.parent}.", "warning"))
        elif os.path.exists(path) and path != self._warned:
            self._warned = path
            self.say((f"{path} is there already. Enter once more writes over it.", "warning"))
        else:
            self.dismiss(path)
