"""Sheets: what lies over the workbench for a moment, with a head that says what it is and a foot that says the keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from loadmaster.tui.paint import Inked, Line, Piece, join, span
from loadmaster.tui.widgets.line_list import LineList

Result = TypeVar("Result")

Hint = tuple[str, str]
"""A key as it is written, and what it does."""


WIDEST = 96
"""The width of a sheet where the terminal bears it; see `sheet.tcss`."""

GAP = "   "
"""What stands between two keys in the foot."""

NARROW_GAP = "  "
"""The same where there is little room."""

_PRESSED = {"↵": "enter", "esc": "escape", "↹": "tab", "space": "space", "^s": "ctrl+s"}
"""The keys that have another sign in the foot than their name."""

AROUND = 6
"""Lines of a sheet that are not its body: border, head, foot, and a line of what lies below."""

FRAME = 5
"""Lines of a sheet that are always to be seen: border, head, foot."""

LineMaker = Callable[[int], Sequence[Line]]
"""Lines for a width."""

WIDE_CSS: list[str | PurePath] = ["sheet.tcss", "wide.tcss"]
"""The styles of a sheet that takes the width that there is, once it has the class `wide`."""


class SheetHead(Inked):
    """The first line of a sheet."""

    DEFAULT_CSS = "SheetHead { height: 2; }"

    def __init__(self, title: Line) -> None:
        super().__init__()
        self.title = title

    def show(self, title: Line) -> None:
        """Say something else."""
        self.title = title
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The title, and a thin line below it."""
        width = self.size.width
        return self.draw([Piece(" "), *self.title] if y == 0 else [Piece("─" * width, "rule")], width)


class SheetFoot(Inked):
    """The last line of a sheet: its keys, at the right."""

    DEFAULT_CSS = "SheetFoot { height: 1; }"

    def __init__(self, hints: Sequence[Hint]) -> None:
        super().__init__()
        self.hints = hints

    def render_line(self, y: int) -> Strip:
        """The keys."""
        hints, gap = fitting_hints(self.hints, self.size.width - 1)
        line = join([[Piece(key, "key"), Piece(f" {word}", "label")] for key, word in hints], gap)
        width = self.size.width
        return self.draw([Piece(" " * max(width - span(line) - 1, 0)), *line], width)

    def on_click(self, event: events.Click) -> None:
        """A click on a key presses it."""
        hints, gap = fitting_hints(self.hints, self.size.width - 1)
        at = max(self.size.width - _hints_width(hints, gap) - 1, 0)
        for key, word in hints:
            width = cell_len(f"{key} {word}")
            if at <= event.x < at + width:
                event.stop()
                pressed = _PRESSED.get(key, key)
                if len(pressed) == 1 or pressed in _PRESSED.values():
                    self.app.simulate_key(pressed)
                return
            at += width + len(gap)


def fitting_hints(hints: Sequence[Hint], width: int) -> tuple[Sequence[Hint], str]:
    """The keys that a foot of `width` cells has room for, and the gap between them; the way out stays to the last."""
    if _hints_width(hints, GAP) <= width:
        return hints, GAP
    kept = list(hints)
    for hint in reversed([hint for hint in hints if hint[0] != "esc"]):
        if _hints_width(kept, NARROW_GAP) <= width or len(kept) == 1:
            break
        kept.remove(hint)
    return kept, NARROW_GAP


def _hints_width(hints: Sequence[Hint], gap: str) -> int:
    return sum(cell_len(f"{key} {word}") for key, word in hints) + len(gap) * (len(hints) - 1)


class SheetBody(VerticalScroll, can_focus=False):
    """What stands between head and foot: as high as it is, as far as the terminal bears; the rest is scrolled to."""

    DEFAULT_CSS = "SheetBody { height: auto; scrollbar-size-vertical: 1; }"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Head and foot stay in view."""
        return min(super().get_content_height(container, viewport, width), max(viewport.height - FRAME, 1))


class LinesView(LineList):
    """Lines to read: given, or made for the width when it is known."""

    GUTTER = False

    def __init__(self, lines: Sequence[Line] | LineMaker, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._maker: LineMaker = lines if callable(lines) else lambda _: lines
        self._made_for = -1
        self._made: Sequence[Line] = ()

    def lines_for(self, width: int) -> Sequence[Line]:
        """The lines at a width."""
        if width != self._made_for:
            self._made_for = width
            self._made = self._maker(width)
        return self._made

    def make_again(self) -> None:
        """The lines say something else now."""
        self._made_for = -1
        self.lines_for(self.text_width)
        self.rows_changed(0)
        self.scroll_to(y=0, animate=False)
        self.refresh(layout=True)

    def row_count(self) -> int:
        """The lines."""
        return len(self._made)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """One line."""
        return [self._made[index]]

    def can_stand_on(self, index: int) -> bool:
        """There is nothing to choose."""
        return False

    def show_cursor(self) -> None:
        """There is none: who reads on line forty reads on there in a terminal of another size."""

    def action_cursor_first(self) -> None:
        """To the first line."""
        self.scroll_home(animate=False)

    def action_cursor_last(self) -> None:
        """To the last line."""
        self.scroll_end(animate=False)

    def action_page_up(self) -> None:
        """One page up."""
        self.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """One page down."""
        self.scroll_page_down(animate=False)

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        self.lines_for(self.text_width)
        super().on_resize()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the lines are at the width, but not higher than the terminal bears."""
        return min(len(self.lines_for(width)), max(viewport.height - AROUND, 3))


class Sheet(ModalScreen[Result], Generic[Result]):
    """A sheet. Escape leaves it."""

    CSS_PATH: ClassVar[str | list[str | PurePath]] = "sheet.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back", show=False)]
    HINTS: ClassVar[Sequence[Hint]] = (("esc", "back"),)

    def hints(self) -> Sequence[Hint]:
        """Its keys, as the foot tells them."""
        return self.HINTS

    def title_line(self) -> Line:
        """What it is."""
        raise NotImplementedError

    def body(self) -> Sequence[Widget]:
        """What stands between head and foot."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Head, body, foot."""
        with Vertical(id="sheet"):
            yield SheetHead(self.title_line())
            with SheetBody():
                yield from self.body()
            yield SheetFoot(self.hints())

    def on_resize(self) -> None:
        """There is room for more, or for less."""
        for widget in self.query("#sheet > *"):
            widget.refresh(layout=True)

    @property
    def text_width(self) -> int:
        """The cells that a line of text has, with two at each side; also before the sheet is laid out."""
        width = self.query_one("#sheet").size.width or min(WIDEST, self.app.size.width * 96 // 100) - 2
        return max(width - 4, 20)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key that comes when the sheet is gone already finds nothing of it any more."""
        return self.is_mounted and self.is_current

    def action_page(self, step: int) -> None:
        """Show what there is no room for, where no list takes these keys."""
        body = self.query_one(SheetBody)
        (body.scroll_page_down if step > 0 else body.scroll_page_up)(animate=False)

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
