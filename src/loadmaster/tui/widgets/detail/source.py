"""The Source pane: the text of a model to look at and to edit freely.

It edits a copy of the lines of one region, and tells what was typed once there is a pause; whoever holds the session
makes it count and calls `taken`. Keys never wait for that.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.message import Message
from textual.timer import Timer

from loadmaster.document.document import Document
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.widgets.detail.source_buffer import SourceBuffer
from loadmaster.tui.widgets.detail.source_caret import SourceCaret, SourceEditAsked
from loadmaster.tui.widgets.detail.source_text import (
    Region,
    SourceText,
    Splice,
    followed,
    region_of,
    replaced_between,
    spans_of,
    splices_between,
)


@dataclass(frozen=True, slots=True)
class Pending:
    """What was typed and does not count yet: splices of the text, and the lines of the region with them.

    `joins` tells that it goes on with what was typed before, in the same step of undo.
    """

    splices: tuple[Splice, ...]
    lines: tuple[str, ...]
    joins: bool

    def apply(self, document: Document) -> Document:
        """The document with what was typed."""
        for start, end, text in self.splices:
            document = document.replace(start, end, text)
        return document


class Source(SourceCaret):
    """Lines of the text, which can be edited. Without a model it shows the file."""

    PAUSE: ClassVar[float] = 0.3
    """Seconds without a key after which what was typed is checked."""

    LONG_PAUSE: ClassVar[float] = 0.9
    """The same for a text of more than `LONG_FROM` characters: to show what came of it takes 80 ms at 5 MB."""

    LONG_FROM: ClassVar[int] = 1_000_000

    BURST: ClassVar[float] = 1.0
    """Seconds without a key after which typing begins a new step of undo."""

    class Typed(Message):
        """Something was typed, and then nothing for a while: `pending` tells what."""

        def __init__(self, source: Source) -> None:
            super().__init__()
            self.source = source

    def __init__(self, *, id: str | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(id=id)
        self.clock = clock
        self._base: tuple[str, ...] = ()
        self._document: Document | None = None
        self._timer: Timer | None = None
        self._first_key = self._last_key = 0.0
        self._last_taken = float("-inf")

    @property
    def is_editing(self) -> bool:
        """Whether keys go into the text."""
        return self.buffer is not None

    @property
    def holds(self) -> bool:
        """Whether what is shown must stay, whatever becomes of its model: someone is typing."""
        return self.is_editing and self.has_focus

    @property
    def is_waiting(self) -> bool:
        """Whether something was typed and the pause after it is not over."""
        return self._timer is not None

    # Beginning and leaving.

    def action_edit(self) -> None:
        """Edit the text from the cursor on."""
        if not self.is_editing:
            self.post_message(SourceEditAsked())

    def activate(self) -> None:
        """See `LineList`."""
        self.action_edit()

    def begin(self, row: int | None = None, column: int | None = None) -> None:
        """Edit the region that holds a row of the pane, from a column (from 0) on; else where the cursor is."""
        where = self.text.row(self.cursor if row is None else row)
        if where is None or self.view is None:
            return
        region = self.text.regions[where.region]
        wanted = self._value_column() if column is None else column
        self.buffer = SourceBuffer(region.lines, self.view.document.newline, region.goes_on)
        self.buffer.move_to(where.index, wanted)
        self._region, self._base, self._document = where.region, tuple(region.lines), self.view.document
        self._last_taken = float("-inf")
        self.follow_caret()

    def end(self) -> None:
        """Leave the text to be looked at; what is pending is dropped."""
        if self.buffer is None:
            return
        column = self.buffer.column
        self.buffer = None
        self._stop_timer()
        self._left = 0
        self._column = column + 1
        self.refresh()

    def _value_column(self) -> int:
        """Where editing begins on a line: at its value."""
        path = self.path
        if path and self.view is not None and self.line is not None:
            place = self.view.document.place(path)
            if place.line == self.line:
                return place.column - 1
        return self.column - 1

    def cross(self, step: int) -> None:
        """See `SourceCaret`. What was typed counts first; then the next press goes on."""
        if self.pending is not None:
            self._stop_timer()
            self.post_message(self.Typed(self))
        elif 0 <= self._region + step < len(self.text.regions):
            region = self._region + step
            row = self.text.top(region) + (len(self.text.regions[region].lines) - 1 if step < 0 else 0)
            self.end()
            self.begin(row, 0)

    # What was typed.

    @property
    def pending(self) -> Pending | None:
        """What was typed and does not count yet; None where nothing was."""
        if self.buffer is None:
            return None
        region = self.text.regions[self._region]
        splices = splices_between(list(self._base), region.lines, self.buffer.newline)
        if not splices:
            return None
        moved = tuple((region.start + start, region.start + end, text) for start, end, text in splices)
        return Pending(moved, tuple(region.lines), self._first_key - self._last_taken < self.BURST)

    def taken(self, document: Document, pending: Pending) -> None:
        """`pending` counts now, and led to `document`."""
        grown = sum(map(len, pending.lines)) + len(pending.lines) - sum(map(len, self._base)) - len(self._base)
        for later in self.text.regions[self._region + 1 :]:
            later.start += grown
        self._base, self._document = pending.lines, document
        self._last_taken = self._last_key
        region = self.text.regions[self._region]
        if tuple(region.lines) == pending.lines:
            span = (region.start, min(region.start + region.size + region.goes_on, document.starts[-1]))
            lines = region_of(document, span).lines
            if len(lines) == len(region.lines):
                # A line that was typed may have been given another newline than was thought.
                region.lines[:] = lines
                self._base = tuple(lines)

    def typed(self) -> None:
        """See `SourceCaret`: draw it, and wait for a pause."""
        assert self.buffer is not None
        first = self.buffer.taken_change()
        if first is None:
            return
        self._last_key = self.clock()
        if self._timer is None:
            self._first_key = self._last_key
        self._stop_timer()
        is_long = self._document is not None and self._document.starts[-1] > self.LONG_FROM
        self._timer = self.set_timer(self.LONG_PAUSE if is_long else self.PAUSE, self.pause_over)
        self._states[self._region].cut(first)
        self._renumber()

    def _renumber(self) -> None:
        if self.text.renumber(self._region):
            self._lay_out()
        self.refresh()

    def pause_over(self) -> None:
        """Nothing was typed for a while."""
        self._timer = None
        self.post_message(self.Typed(self))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_blur(self) -> None:
        """What was typed counts at once when the keys go elsewhere."""
        if self._timer is not None:
            self._stop_timer()
            self.post_message(self.Typed(self))

    # Following the text.

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show the text of a model. While it is edited the lines stay, and follow what else becomes of the text."""
        if self.buffer is not None and view is self.view and model_id == self.model_id and self._follow(view.document):
            self.mark()
            self.rows_changed()
            return
        self.end()
        super().show(view, model_id)

    def _follow(self, document: Document) -> bool:
        assert self.buffer is not None
        assert self._document is not None
        if document is self._document:
            return True
        change = replaced_between(self._document, document)
        shown = self.text.regions[self._region]
        region = Region(shown.start, shown.line, list(self._base), shown.goes_on)
        span = followed(region, change)
        if span is None or self.pending is not None:
            return False
        end = min(span[1] + region.goes_on, document.starts[-1])
        fresh = region_of(document, (span[0], end))
        row, column = self.buffer.row, self.buffer.column
        if region.span[0] <= change.start <= region.span[1]:
            place = document.place_at(min(change.new_end, end))
            row, column = place.line - fresh.line, place.column - 1
        self._put_in(document, fresh)
        self.buffer = SourceBuffer(fresh.lines, document.newline, fresh.goes_on)
        self.buffer.move_to(row, column)
        self._base, self._document = tuple(fresh.lines), document
        self.follow_caret()
        return True

    def _put_in(self, document: Document, fresh: Region) -> None:
        """Show the region that is edited, and around it what else belongs to the model."""
        end = fresh.start + fresh.size
        regions = [region_of(document, span) for span in spans_of(document, self.model_id)]
        others = [one for one in regions if one.start + one.size < fresh.start or one.start > end]
        regions = sorted([*others, fresh], key=lambda region: region.start)
        self._region = regions.index(fresh)
        self.take(SourceText(regions))

    def go_to_line(self, line: int, column: int | None = None) -> None:
        """See `SourceView`. While someone types the caret stays where it is."""
        if not self.holds:
            self.end()
            super().go_to_line(line, column)
