"""Rows under a cursor, of which only those on the screen are ever drawn: the base of tree, tables and forms."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from loadmaster.tui.actions import bindings_for
from loadmaster.tui.paint import BLANK, Inks, Line, Piece


class LineList(Inks, ScrollView, can_focus=True, can_focus_children=False):
    """A scrolling list of rows, each of one line or more. Subclasses say what the rows are."""

    BINDINGS = bindings_for("list")

    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    GUTTER = True
    """Whether the first column is kept for the mark of the cursor, which must not depend on colour."""

    cursor: var[int] = var(0, init=False)

    class Moved(Message):
        """The cursor stands on another row, or on another one's content."""

        can_replace_pending = True

        def __init__(self, lines: LineList) -> None:
            super().__init__()
            self.lines = lines

        @property
        def control(self) -> LineList:
            """The list whose cursor moved."""
            return self.lines

        def can_replace(self, message: Message) -> bool:
            """Only the last place of a run of moves counts."""
            return isinstance(message, LineList.Moved) and message.lines is self.lines

    class Placed(Message):
        """The row of the cursor may stand elsewhere on the screen now: what lies over that row has to follow."""

        can_replace_pending = True

        def can_replace(self, message: Message) -> bool:
            """It tells only that something changed: once is enough."""
            return isinstance(message, LineList.Placed)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._starts: list[int] | None = None
        self._laid_out_for = -1

    # What a subclass says.

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_lines(self, index: int, width: int) -> list[Line]:
        """The lines of a row, as many as `row_height` says."""
        raise NotImplementedError

    def row_height(self, index: int, width: int) -> int:
        """How many lines a row has. Used only where `heights_vary`."""
        return 1

    def heights_vary(self) -> bool:
        """Whether rows differ in height. If not, a hundred thousand rows cost as much as ten."""
        return False

    def can_stand_on(self, index: int) -> bool:
        """Whether the cursor may stand on a row: headings and blank rows are passed over."""
        return True

    def activate(self) -> None:
        """A row was clicked twice: do what Enter does."""

    def click_row(self, index: int, line: int, x: int) -> bool:
        """A row was clicked once, at a line and column of it; true if that was all."""
        return False

    @property
    def takes_keys(self) -> bool:
        """Whether the keys move this cursor."""
        return bool(self.has_focus)

    # Layout.

    def rows_changed(self, cursor: int | None = None) -> None:
        """Take new rows up: heights, cursor, everything on the screen."""
        self._lay_out()
        wanted = self.cursor if cursor is None else cursor
        self.set_cursor(wanted)
        self.redraw()

    def redraw(self) -> None:
        """Draw what may look otherwise now that the rows are other ones."""
        self.refresh()

    def _lay_out(self) -> None:
        self._laid_out_for = width = self.text_width
        count = self.row_count()
        if self.heights_vary():
            self._starts = list(accumulate((self.row_height(i, width) for i in range(count)), initial=0))
            total = self._starts[-1]
        else:
            self._starts = None
            total = count
        self.virtual_size = Size(self.size.width, total)

    @property
    def text_width(self) -> int:
        """The cells that a row has for itself."""
        return self._room_in(self.scrollable_content_region.width)

    def _room_in(self, width: int) -> int:
        return max(width - (1 if self.GUTTER else 0), 1)

    def row_start(self, index: int) -> int:
        """The first line of a row, from the top of the list."""
        return index if self._starts is None else self._starts[min(index, len(self._starts) - 1)]

    def row_at(self, line: int) -> tuple[int, int]:
        """The row at a line from the top of the list, and which of its lines that is."""
        if self._starts is None:
            return line, 0
        index = bisect_right(self._starts, line) - 1
        return index, line - self._starts[index]

    def lines_of(self, index: int) -> int:
        """How many lines a row takes up."""
        return 1 if self._starts is None else self._starts[index + 1] - self._starts[index]

    def on_resize(self) -> None:
        """Rows fold their text to the width."""
        if self._laid_out_for != self.text_width:
            self._lay_out()
        self.call_after_refresh(self._come_to_rest)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The mouse scrolls past the cursor, whose row then stands elsewhere."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(self.Placed())

    def _come_to_rest(self) -> None:
        self.show_cursor()
        # Scrolling waits for the next refresh as well.
        self.call_after_refresh(self.post_message, self.Placed())

    def on_focus(self) -> None:
        """The cursor is drawn otherwise where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.refresh()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        width = self.scrollable_content_region.width
        line, under = self.line_at(y + int(self.scroll_offset.y), width)
        return self.draw(line, width, under)

    def line_at(self, number: int, width: int) -> tuple[Line, str | None]:
        """What stands on a line from the top of the list, in `width` cells, and the ink that is under all of it."""
        index, offset = self.row_at(number)
        if not 0 <= index < self.row_count():
            return BLANK, None
        lines = self.row_lines(index, self._room_in(width))
        line = lines[offset] if offset < len(lines) else BLANK
        here = index == self.cursor
        active = self.takes_keys
        under = ("cursor" if active else "cursor-away") if here and self.can_stand_on(index) else None
        if self.GUTTER:
            mark = ("▌" if active else "▏") if under else " "
            line = (Piece(mark, "accent" if active else "rule"), *line)
        return line, under

    def refresh_row(self, index: int) -> None:
        """Draw one row anew."""
        if 0 <= index < self.row_count():
            self.refresh_lines(self.row_start(index), self.lines_of(index))

    # The cursor.

    def set_cursor(self, index: int, step: int = 1) -> None:
        """Put the cursor on a row, or on the nearest one in the direction of `step` where it may stand."""
        count = self.row_count()
        if not count:
            self.cursor = 0
            return
        index = min(max(index, 0), count - 1)
        for candidate in (
            *range(index, count if step > 0 else -1, step),
            *range(index, -1 if step > 0 else count, -step),
        ):
            if self.can_stand_on(candidate):
                if candidate == self.cursor:
                    self.show_cursor()
                    self.post_message(self.Moved(self))
                self.cursor = candidate
                return

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw both rows, bring the new one into view and tell."""
        self.refresh_row(old)
        self.refresh_row(new)
        self.show_cursor()
        self.post_message(self.Moved(self))

    def show_cursor(self) -> None:
        """Bring the row of the cursor into view, with a line of what is around it."""
        height = self.scrollable_content_region.height
        if height <= 0 or not self.row_count():
            return
        start = self.row_start(self.cursor)
        end = start + self.lines_of(self.cursor) if self.cursor < self.row_count() else start + 1
        if end <= height and all(not self.can_stand_on(i) for i in range(self.cursor)):
            start = 0
        top = int(self.scroll_offset.y)
        if start < top:
            self.scroll_to(y=start, animate=False)
        elif end > top + height:
            self.scroll_to(y=min(end - height, start), animate=False)

    def action_cursor_up(self) -> None:
        """See the table of actions."""
        self._step(-1)

    def action_cursor_down(self) -> None:
        """See the table of actions."""
        self._step(1)

    def _step(self, step: int) -> None:
        index = self.cursor + step
        while 0 <= index < self.row_count():
            if self.can_stand_on(index):
                self.cursor = index
                return
            index += step
        # Nothing to stand on further on: still show what is there.
        self.scroll_relative(y=step, animate=False)

    def action_cursor_first(self) -> None:
        """See the table of actions."""
        self.set_cursor(0)

    def action_cursor_last(self) -> None:
        """See the table of actions."""
        self.set_cursor(self.row_count() - 1, -1)

    def action_page_up(self) -> None:
        """See the table of actions."""
        self._page(-1)

    def action_page_down(self) -> None:
        """See the table of actions."""
        self._page(1)

    def _page(self, direction: int) -> None:
        height = max(self.scrollable_content_region.height - 1, 1)
        line = self.row_start(self.cursor) + direction * height
        last = self.row_start(self.row_count() - 1) if self.row_count() else 0
        self.set_cursor(self.row_at(min(max(line, 0), last))[0], direction)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens."""
        line = event.y + int(self.scroll_offset.y)
        index, offset = self.row_at(line)
        if not 0 <= index < self.row_count() or not self.can_stand_on(index):
            return
        event.stop()
        self.cursor = index
        if self.click_row(index, offset, event.x - (1 if self.GUTTER else 0)):
            return
        if event.chain == 2:
            self.activate()
