"""A line in which a path is typed: Tab goes on with it as far as it is plain what is meant."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from loadmaster.tui.finding import completions
from loadmaster.tui.widgets.plain_input import PlainInput


class PathInput(PlainInput):
    """Paths that are relative count from the folder in which the app was started; `~` is understood."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "complete", show=False)]

    class Completed(Message):
        """Tab: these paths are meant so far."""

        def __init__(self, paths: Sequence[str]) -> None:
            super().__init__()
            self.paths = paths

    def __init__(self, value: str = "", placeholder: str = "", *, id: str | None = None) -> None:
        super().__init__(value, placeholder, select_on_focus=False, id=id)

    @property
    def path(self) -> Path | None:
        """The path that stands there; None for none."""
        text = self.value.strip()
        return Path(os.path.expanduser(text)) if text else None

    def action_complete(self) -> None:
        """Go on with what is typed as far as all that it can become is alike."""
        found = completions(self.value.strip(), Path())
        common = os.path.commonprefix(found)  # noqa: RUF071 - letter by letter is what is wanted
        if len(common) > len(self.value.strip()):
            self.value = common
            self.cursor_position = len(common)
        self.post_message(self.Completed(found))
