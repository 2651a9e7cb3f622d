"""The folder below which the models lie."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.widgets import Input

from loadmaster.tui.screens.path_sheet import PathSheet
from loadmaster.tui.screens.sheet import Hint

LAYOUT = "Models lie in {root}/wan22/{id}, or where a local:// source says."


class RootScreen(PathSheet):
    """Answers a folder that is there."""

    HINTS: ClassVar[Sequence[Hint]] = (("↵", "look there"), ("↹", "complete"), ("esc", "back"))

    def __init__(self, root: Path | None) -> None:
        """`root` is the folder of the moment."""
        super().__init__("Where the models lie", root, "the folder that MODELS_ROOT would name", [(LAYOUT, "label")])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the folder."""
        event.stop()
        path = self.path
        if path is None:
            return
        if not os.path.isdir(path):
            self.say((f"There is no folder {path}.", "warning"))
        else:
            self.dismiss(path)
