"""A few things to choose from, each with a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.widget import Widget

from loadmaster.tui.paint import Line, Piece, cell, fit
from loadmaster.tui.screens.sheet import AROUND, Hint, Sheet
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.line_list import LineList


@dataclass(frozen=True, slots=True)
class Option:
    """A line: the key that takes it, what it is, a word on it."""

    key: str
    label: str
    note: str = ""


class OptionRows(LineList):
    """The options, one under the cursor."""

    DEFAULT_CSS = "OptionRows { height: auto; background: $surface; margin-bottom: 1; }"

    def __init__(self, options: Sequence[Option]) -> None:
        super().__init__()
        self.options = options

    def row_count(self) -> int:
        """One for each option."""
        return len(self.options)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Key, label, note."""
        option = self.options[index]
        widest = max(len(one.label) for one in self.options) + 3
        ink = "bright" if index == self.cursor else "value"
        return [
            fit(
                [
                    Piece(f" {option.key}  ", "key"),
                    cell(option.label, widest, ink),
                    Piece(visible(option.note), "label"),
                ],
                width,
            )
        ]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All of them, as far as the terminal bears."""
        return min(len(self.options), max(viewport.height - AROUND, 3))

    def activate(self) -> None:
        """See `LineList`."""
        self.take(self.cursor)

    def click_row(self, index: int, line: int, x: int) -> bool:
        """One click takes it."""
        self.take(index)
        return True

    def take(self, index: int) -> None:
        """Answer with an option."""
        if isinstance(self.screen, ChooseScreen):
            self.screen.dismiss(index)


class ChooseScreen(Sheet[int | None]):
    """Answers the number of the option that was taken."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take it", show=False),
        Binding("q", "leave", "back", show=False),
    ]

    def __init__(self, title: Line, options: Sequence[Option], verb: str) -> None:
        """`verb` is what Enter does, as the foot says it."""
        super().__init__()
        self._head = title
        self._options = options
        self._hints: tuple[Hint, ...] = (("↵", verb), ("↑↓", "choose"), ("esc", "back"))

    def title_line(self) -> Line:
        """What it is."""
        return self._head

    def hints(self) -> Sequence[Hint]:
        """Its keys."""
        return self._hints

    def body(self) -> Sequence[Widget]:
        """The options."""
        return [OptionRows(self._options)]

    def action_take(self) -> None:
        """Take the option under the cursor."""
        self.query_one(OptionRows).activate()

    def on_key(self, event: events.Key) -> None:
        """A letter takes its option at once."""
        for index, option in enumerate(self._options):
            if event.character == option.key:
                event.stop()
                self.dismiss(index)
                return
