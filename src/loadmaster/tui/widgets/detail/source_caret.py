"""The caret of the Source pane: where typed text goes, by keys and mouse, and how it and a selection are drawn."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from loadmaster.tui.paint import span
from loadmaster.tui.widgets.detail.source_buffer import SourceBuffer
from loadmaster.tui.widgets.detail.source_colours import pieces_of
from loadmaster.tui.widgets.detail.source_keys import KEYS
from loadmaster.tui.widgets.detail.source_view import SourceView

# Told by shape, not by colour: a terminal without colours shows it too.
INVERTED = Style(reverse=True)


class SourceEditAsked(Message):
    """Enter: the text shall be edited."""


class SourceLeaveAsked(Message):
    """Escape, or a click elsewhere: it was edited."""


class SourceCaret(SourceView):
    """A view of the text in which one region can be typed into, while there is a `buffer`."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.buffer: SourceBuffer | None = None
        self._region = 0
        self._dragging = False

    def typed(self) -> None:
        """A key may have changed the buffer."""

    def cross(self, step: int) -> None:
        """The caret goes on in the region before or behind."""

    @property
    def caret_row(self) -> int:
        """The row of the pane on which the caret stands."""
        assert self.buffer is not None
        return self.text.top(self._region) + self.buffer.row

    @property
    def column(self) -> int:
        """The column of the caret, or of the cursor, from 1."""
        return self.buffer.column + 1 if self.buffer is not None else super().column

    # Keys and the mouse.

    async def on_key(self, event: events.Key) -> None:
        """While it is edited, what can be typed is typed, and the usual keys of a text edit."""
        buffer = self.buffer
        if buffer is None:
            return
        if event.key == "escape":
            self.post_message(SourceLeaveAsked())
        elif event.key in KEYS:
            ended = KEYS[event.key](buffer, max(self.scrollable_content_region.height - 1, 1)) is False
            if ended:
                self.cross(-1 if event.key.endswith("up") else 1)
        elif event.character is not None and event.is_printable:
            buffer.insert(event.character)
        elif event.key in ("ctrl+c", "ctrl+x"):
            self._copy(cut=event.key == "ctrl+x")
        elif event.key == "ctrl+v":
            buffer.insert(self.app.clipboard)
        else:
            return
        event.stop()
        event.prevent_default()
        self._after_key()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters are typed, so no action is offered for them."""
        return self.buffer is not None and (key in KEYS or (character is not None and character.isprintable()))

    def _copy(self, cut: bool) -> None:
        assert self.buffer is not None
        if self.buffer.selection is not None:
            self.app.copy_to_clipboard(self.buffer.selected_text)
            if cut:
                self.buffer.cut()

    def _after_key(self) -> None:
        if self.buffer is not None:
            self.typed()
            self.follow_caret()

    def on_paste(self, event: events.Paste) -> None:
        """A text from the terminal."""
        if self.buffer is not None:
            event.stop()
            self.buffer.insert(event.text.replace("\r\n", "\n").replace("\r", "\n"))
            self._after_key()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """While it is edited: put the caret there; pulled along it selects."""
        if self.buffer is not None and self._caret_to_mouse(event, select=event.shift):
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select up to the mouse."""
        if self._dragging and self.buffer is not None:
            self._caret_to_mouse(event, select=True)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _caret_to_mouse(self, event: events.MouseEvent, select: bool) -> bool:
        assert self.buffer is not None
        index = min(max(event.y + int(self.scroll_offset.y), 0), self.text.count - 1)
        where = self.text.row(index)
        if where is None or where.region != self._region:
            return False
        self.buffer.move_to(where.index, self.column_at(index, event.x - 1), select)
        self.follow_caret()
        return True

    def on_click(self, event: events.Click) -> None:
        """While it is edited the press has put the caret already; outside of the region it ends the editing."""
        if self.buffer is None:
            super().on_click(event)
            return
        event.stop()
        event.prevent_default()
        where = self.text.row(min(event.y + int(self.scroll_offset.y), self.text.count - 1))
        if where is None or where.region != self._region:
            self.post_message(SourceLeaveAsked())

    # The caret on the screen.

    def follow_caret(self) -> None:
        """Bring the caret into view, downwards and along its line."""
        assert self.buffer is not None
        index = self.caret_row
        if index != self.cursor:
            self.cursor = index
        else:
            self.show_cursor()
            self.post_message(self.Moved(self))
        self._left = self._left_for(index, self.buffer.column)
        self.refresh()
        self._tell_terminal(index)

    def _left_for(self, index: int, column: int) -> int:
        """From which character on the line is shown, so that the caret is on the screen."""
        room, left = self.line_room, self._left
        if column < left:
            left = max(column - room // 4, 0)
        elif column > left + room:
            left = column - room
        text, tokens = self.tokens(index)
        while left < column:
            beyond = span(pieces_of(text, tokens, left, column)) - (room - 2)
            if beyond <= 0:
                break
            left = min(left + max(beyond // 2, 1), column)
        return left

    def _tell_terminal(self, index: int) -> None:
        """Where an input method shall show what it composes."""
        assert self.buffer is not None
        x = 1 + self.lead_width + self.cells_before(index, self.buffer.column)
        y = index - int(self.scroll_offset.y)
        self.app.cursor_position = self.content_region.offset + Offset(x, y)

    def render_line(self, y: int) -> Strip:
        """A line, with the caret and what is selected."""
        strip = super().render_line(y)
        if self.buffer is None:
            return strip
        index = y + int(self.scroll_offset.y) - self.text.top(self._region)
        if not 0 <= index < len(self.buffer.lines):
            return strip
        selection = self.buffer.selection
        if selection is not None and selection[0][0] <= index <= selection[1][0]:
            (row, column), (end_row, end_column) = selection
            end = end_column if index == end_row else self.buffer.length(index) + 1
            strip = self._inverted(strip, index, column if index == row else 0, end)
        if index == self.buffer.row and self.has_focus:
            strip = self._inverted(strip, index, self.buffer.column, self.buffer.column + 1)
        return strip

    def _inverted(self, strip: Strip, index: int, start: int, end: int) -> Strip:
        """The cells of some columns of a line the other way round; behind its end one cell stands for the newline."""
        assert self.buffer is not None
        if start >= end:
            return strip
        row, length = self.text.top(self._region) + index, self.buffer.length(index)
        left = self._left if row == self.cursor else 0
        most = left + self.line_room + 1
        first = 1 + self.lead_width + self.cells_before(row, min(max(start, left), most))
        last = 1 + self.lead_width + self.cells_before(row, min(end, length, most)) + (end > length)
        last = min(last, strip.cell_length)
        if first >= last:
            return strip
        segments = [one._replace(style=(one.style or Style()) + INVERTED) for one in strip.crop(first, last)]
        whole = [strip.crop(0, first), Strip(segments, last - first), strip.crop(last, strip.cell_length)]
        return Strip.join(whole)
