"""The Source pane to look at: lines of the text in colours, numbered as in the file, the faults in the margin."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import SEVERITY_INK, Line, Piece, cell, span
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.detail.source_colours import LineStates, Token, pieces_of, tokens_of
from loadmaster.tui.widgets.detail.source_text import Region, SourceText, region_of, table_span
from loadmaster.tui.widgets.line_list import LineList

MOST_MARKS = 2_000
"""Faults that are looked up for the margin: each costs some 20 µs whenever the text changes."""

REMARK_FROM = 12
"""Cells that must be left behind a line for the fault on it to be told there."""


class SourceView(LineList):
    """Lines of the text: those of a model, or without one of the file."""

    BINDINGS = bindings_for("source")

    class Marked(Message):
        """The faults of the lines may be others now."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.model_id: str | None = None
        self.text = SourceText([Region(0, 1, [""])])
        self._states = [LineStates()]
        self._marks: dict[int, list[Finding]] = {}
        self._left = 0
        self._column: int | None = None

    # What it shows.

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show the text of a model; the cursor stays on its line."""
        line = self.line if view is self.view and model_id == self.model_id else None
        self.view, self.model_id = view, model_id
        self.take(SourceText.of(view.document, model_id))
        self.rows_changed(0 if line is None else self.text.nearest(line))
        if line is None:
            self.scroll_to(y=0, animate=False)

    def take(self, text: SourceText) -> None:
        """Show these regions from now on."""
        self.text = text
        self._states = [LineStates() for _ in text.regions]
        self.mark()

    def mark(self) -> None:
        """Find the lines of the faults."""
        self._marks = {}
        view = self.view
        if view is None:
            return
        found = [*view.faults.of_model(self.model_id)]
        if self.model_id is not None:
            found += view.faults.of_model(None)
        elif len(view.session.findings) <= MOST_MARKS:
            found = list(view.session.findings)
        for finding in found[:MOST_MARKS]:
            self._marks.setdefault(view.place(finding).line, []).append(finding)
        for findings in self._marks.values():
            findings.sort(key=lambda finding: finding.severity.rank)
        self.post_message(self.Marked())

    @property
    def line(self) -> int | None:
        """The line of the file under the cursor."""
        row = self.text.row(self.cursor)
        return row.number if row else None

    @property
    def column(self) -> int:
        """The column of the cursor, from 1: where a value was gone to, else the first that is no space."""
        text = self.text.text(self.cursor)
        if self._column is not None and self._column <= len(text) + 1:
            return self._column
        return len(text) - len(text.lstrip()) + 1

    @property
    def where(self) -> str:
        """Where one is, as the last line of the screen tells it."""
        return f"{self.line}:{self.column}" if self.line is not None else ""

    @property
    def path(self) -> KeyPath | None:
        """The key path of what stands under the cursor."""
        if self.view is None or self.line is None:
            return None
        document = self.view.document
        return document.path_at(document.offset_of(self.line, self.column)) or None

    @property
    def line_text(self) -> str:
        """The line under the cursor."""
        return self.text.text(self.cursor)

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults on the line."""
        return self._marks.get(self.line or 0, ())

    @property
    def untold(self) -> Sequence[Finding]:
        """The faults on the line, unless all of what they say has room behind it."""
        findings = self.findings
        if not findings:
            return ()
        behind = self.lead_width + self.cells_before(self.cursor, len(self.line_text)) + span(_remark(findings))
        return () if len(findings) == 1 and behind <= self.text_width else findings

    # Going places.

    def go_to_line(self, line: int, column: int | None = None) -> None:
        """Put the cursor on a line of the file; where it is not among those that are shown, its table is added."""
        if self.view is not None and not self.text.holds(line):
            document = self.view.document
            added = region_of(document, table_span(document, document.offset_of(line)))
            others = [one for one in self.text.regions if one.line + len(one.lines) <= added.line or one.line > line]
            self.take(SourceText(sorted([*others, added], key=lambda region: region.start)))
            self.rows_changed()
        row, top, height = self.text.nearest(line), int(self.scroll_offset.y), self.scrollable_content_region.height
        self.set_cursor(row)
        self._column = column
        if not top <= row < top + height:
            self.scroll_to(y=max(row - height // 3, 0), animate=False)
        if height:
            self._show_header(line, row)
        else:
            self.call_after_refresh(self._show_header, line, row)

    def _show_header(self, line: int, row: int) -> None:
        """Bring the header of the table into view that a line belongs to, where both fit."""
        height = self.scrollable_content_region.height
        if self.view is None or row != self.cursor or height <= 0:
            return
        document = self.view.document
        index = document.table_at(document.offset_of(line))
        header = self.text.nearest(document.place_at(document.starts[index] + document.tables[index].lead).line)
        top = int(self.scroll_offset.y)
        if header <= row < header + height and not (top <= header and row < top + height):
            self.scroll_to(y=max(header - 1, 0) if row < header + height - 1 else header, animate=False)

    def go_to(self, path: KeyPath) -> bool:
        """Put the cursor on a value."""
        if self.view is None:
            return False
        place = self.view.document.place(path)
        self.go_to_line(place.line, place.column)
        return True

    def watch_cursor(self, old: int, new: int) -> None:
        """Another line is shown from its beginning."""
        self._left = 0
        self._column = None
        super().watch_cursor(old, new)

    def action_scroll_line(self, step: int) -> None:
        """Show what is further on in a line that is longer than the pane."""
        room = self.line_room
        most = max(len(self.line_text) - room // 2, 0)
        self._left = min(max(self._left + step * max(room // 2, 1), 0), most)
        self.refresh_row(self.cursor)

    # Drawing.

    def row_count(self) -> int:
        """One for each line, and one between two regions."""
        return self.text.count

    def can_stand_on(self, index: int) -> bool:
        """Not on a gap between two regions."""
        return self.text.row(index) is not None

    @property
    def lead_width(self) -> int:
        """The cells before a line: the mark of its fault, its number."""
        return len(str(self.text.last_line)) + 4

    @property
    def line_room(self) -> int:
        """The cells that a line has."""
        return max(self.text_width - self.lead_width, 1)

    def tokens(self, index: int) -> tuple[str, Sequence[Token]]:
        """The line on a row, with its inks."""
        row = self.text.row(index)
        if row is None:
            return "", ()
        text = self.text.text(index)
        state = self._states[row.region].state(self.text.regions[row.region].lines, row.index)
        return text, tokens_of(text, state)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Mark, number, line; behind the line of the cursor what is wrong there."""
        digits = self.lead_width - 4
        row = self.text.row(index)
        if row is None:
            return [[Piece(" " * (digits + 2) + "⋯", "faint")]]
        findings = self._marks.get(row.number)
        mark = Piece(f"{findings[0].severity.letter} ", SEVERITY_INK[findings[0].severity]) if findings else Piece("  ")
        here = index == self.cursor
        left = self._left if here else 0
        text, tokens = self.tokens(index)
        line = pieces_of(text, tokens, left, left + self.line_room + 1)
        number = cell(str(row.number), digits, "label" if here else "faint", right=True)
        shown = [mark, number, Piece(" ‹" if left else "  ", "faint"), *line]
        if here and findings and width - span(shown) > REMARK_FROM:
            shown += _remark(findings)
        return [shown]

    def cells_before(self, index: int, column: int) -> int:
        """How many cells a line takes from where it is shown up to a column (from 0)."""
        text, tokens = self.tokens(index)
        left = self._left if index == self.cursor else 0
        return span(pieces_of(text, tokens, left, column))

    def column_at(self, index: int, x: int) -> int:
        """The column (from 0) of a line that stands at a cell of its row, the gutter counted."""
        text, tokens = self.tokens(index)
        column = left = self._left if index == self.cursor else 0
        room = x - self.lead_width
        while column < len(text) and span(pieces_of(text, tokens, left, column + 1)) <= room:
            column += 1
        return column


def _remark(findings: Sequence[Finding]) -> list[Piece]:
    """The worst fault on a line, as it is told behind it."""
    worst = findings[0]
    more = f"  +{len(findings) - 1}" if len(findings) > 1 else ""
    text = visible(f"{worst.severity.letter} {worst.code} {worst.message}{more}", 400)
    return [Piece("   "), Piece(text, SEVERITY_INK[worst.severity])] if cell_len(text) else []
