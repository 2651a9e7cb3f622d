"""Leaving with something unsaved."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.tui.paint import BLANK, Line, Piece
from loadmaster.tui.screens.sheet import Hint, LinesView, Sheet
from loadmaster.tui.visible import visible


class QuitAnswer(StrEnum):
    """What shall become of the changes."""

    SAVE = "save"
    DISCARD = "discard"


class QuitScreen(Sheet[QuitAnswer]):
    """Asks; Escape stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w,enter,ctrl+s", "answer('save')", "save and quit", show=False),
        Binding("d", "answer('discard')", "discard and quit", show=False),
    ]

    def __init__(self, file: str, changes: Sequence[str], *, quitting: bool = True) -> None:
        """`quitting` is false where another manifest shall be opened."""
        super().__init__()
        self._verb = "quit" if quitting else "open another"
        self._file = file
        self._changes = changes

    def title_line(self) -> Line:
        """What it is."""
        return [Piece(f"{self._verb.capitalize()} with unsaved changes?", "bright")]

    def hints(self) -> Sequence[Hint]:
        """Its keys."""
        return (("↵", f"save and {self._verb}"), ("d", f"discard and {self._verb}"), ("esc", "back"))

    def body(self) -> Sequence[Widget]:
        """The changes that would be lost."""
        lines: list[Line] = [[Piece(f"  {visible(self._file)}", "value"), Piece(" is not saved:", "label")], BLANK]
        lines += [[Piece("    "), Piece(visible(change))] for change in self._changes[-10:]]
        if len(self._changes) > 10:
            lines.append([Piece(f"    and {len(self._changes) - 10} before", "label")])
        return [LinesView([*lines, BLANK])]

    def action_answer(self, answer: str) -> None:
        """Give the answer."""
        self.dismiss(QuitAnswer(answer))
