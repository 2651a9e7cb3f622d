"""A form: labels dim, values bright, faults below the value. Enter edits the value where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.geometry import Offset, Region
from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.explaining import Explanation
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import BLANK, SEVERITY_INK, Line, Piece, cell, fit, span, wrap
from loadmaster.tui.values import FieldRow
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.line_list import LineList

LABEL_WIDTH = 22
INDENT = 1
SHOWN_FAULTS = 3
LONGEST_VALUE = 6
NOTE_AT = 14


class EditAsked(Message):
    """A value shall be edited where it stands: `anchor` is its first cell on the screen."""

    def __init__(self, path: KeyPath, field: Field, anchor: Offset) -> None:
        super().__init__()
        self.path = path
        self.field = field
        self.anchor = anchor


class UnsetAsked(Message):
    """A key shall be taken out."""

    def __init__(self, path: KeyPath, field: Field | None) -> None:
        super().__init__()
        self.path = path
        self.field = field


class MarkAsked(Message):
    """Space: mark these models, or unmark them."""

    def __init__(self, model_ids: tuple[str, ...]) -> None:
        super().__init__()
        self.model_ids = model_ids


class OpenAsked(Message):
    """What a row sums up shall be shown: a tab, and a place in it where `path` names one."""

    def __init__(self, tab: str, path: KeyPath) -> None:
        super().__init__()
        self.tab = tab
        self.path = path


class NothingDone(Message):
    """A key does nothing here: `why` says so, and what does."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class FieldList(LineList):
    """Rows of fields. Subclasses make them in `make_rows`."""

    BINDINGS = bindings_for("fields")

    LEAST_NOTE_AT = 0
    """How far at least the notes stand behind the beginning of the values."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[FieldRow] = []
        self.model_id: str | None = None
        self._note_column = 0
        self._drawn: dict[tuple[int, int], list[Line]] = {}
        self._told: dict[int, tuple[Line, str | None]] = {}
        """What each line told when it was drawn last."""

    def make_rows(self, view: ManifestView, model_id: str) -> list[FieldRow]:
        """The rows for a model."""
        raise NotImplementedError

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show a model, the cursor on the field that it was on before, or at the top for another model."""
        kept = self.path if model_id == self.model_id else None
        same = model_id == self.model_id
        self.model_id = model_id
        self.rows = self.make_rows(view, model_id) if model_id is not None else []
        self._drawn.clear()
        widths = [self._items_width(row) for row in self.rows if row.note]
        self._note_column = min(max((*widths, self.LEAST_NOTE_AT)), NOTE_AT) + 2
        index = self._index_of(kept) if kept else None
        self.rows_changed(index if index is not None else self.cursor if same else 0)
        if not same:
            self.scroll_to(y=0, animate=False)

    @property
    def row(self) -> FieldRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def path(self) -> KeyPath | None:
        """The key path under the cursor."""
        return self.row.path or None if self.row else None

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults under the cursor."""
        return self.row.faults if self.row else ()

    @property
    def explanation(self) -> Explanation | None:
        """How the figures of the row under the cursor came about, where it has any."""
        return self.row.explain() if self.row is not None and self.row.explain is not None else None

    def go_to(self, path: KeyPath) -> bool:
        """Put the cursor on the row of a path, or of the nearest row above it that there is."""
        for size in range(len(path), 2, -1):
            index = self._index_of(path[:size])
            if index is not None:
                self.set_cursor(index)
                return True
        return False

    def _index_of(self, path: KeyPath) -> int | None:
        return next((index for index, row in enumerate(self.rows) if row.path == path), None)

    # Drawing.

    def row_count(self) -> int:
        """One for each field or heading."""
        return len(self.rows)

    def heights_vary(self) -> bool:
        """Long values and faults fold."""
        return True

    def can_stand_on(self, index: int) -> bool:
        """Not on headings."""
        return self.rows[index].stands

    def row_height(self, index: int, width: int) -> int:
        """The lines of the value and of its faults."""
        return len(self.row_lines(index, width))

    @property
    def label_width(self) -> int:
        """The column of labels, narrower where the pane is."""
        return label_width_for(self.text_width)

    @staticmethod
    def _items_width(row: FieldRow) -> int:
        return sum(span(item) for item in row.items) + 2 * max(len(row.items) - 1, 0)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """See `FieldRow`."""
        row = self.rows[index]
        if row.draw is not None and row.is_lively:
            return row.draw(width)
        # Asked for each line of the screen; a list can have thousands of items.
        lines = self._drawn.get((index, width))
        if lines is None:
            lines = self._drawn[index, width] = self._lines_of(row, width)
        return lines

    def line_at(self, number: int, width: int) -> tuple[Line, str | None]:
        """See `LineList`."""
        told = self._told[number] = super().line_at(number, width)
        return told

    def redraw(self) -> None:
        """Only the lines that tell something else: painting one costs more than finding out."""
        region, top = self.scrollable_content_region, int(self.scroll_offset.y)
        told = self._told
        self._told = {number: told[number] for number in range(top, top + region.height) if number in told}
        others = [
            Region(0, number - top, self.size.width, 1)
            for number in range(top, top + region.height)
            if number not in told or super(FieldList, self).line_at(number, region.width) != told[number]
        ]
        if others:
            self.refresh(*others)

    def _lines_of(self, row: FieldRow, width: int) -> list[Line]:
        if row.draw is not None:
            return row.draw(width)
        if not row.label and not row.items and not row.faults:
            return [BLANK]
        label_width = label_width_for(width)
        room = max(width - label_width - INDENT - 1, 8)
        ink = "header" if row.heading else "label"
        label = [Piece(" " * INDENT), cell(row.label, label_width - 1, ink), Piece(" ")]
        widest = max((span(item) for item in row.items), default=0)
        note = row.note if widest + span(row.note) + 2 <= room else ()
        values = _flow(row.items, room - (span(note) + 2 if note else 0))
        if note and values:
            gap = min(max(self._note_column - span(values[0]), 2), room - span(values[0]) - span(note))
            values[0] = [*values[0], Piece(" " * gap), *note]
        blank = Piece(" " * (label_width + INDENT))
        lines: list[Line] = [[*(label if number == 0 else [blank]), *value] for number, value in enumerate(values)]
        for finding in row.faults[:SHOWN_FAULTS]:
            lines += [[blank, *line] for line in fault_lines(finding, room)]
        if len(row.faults) > SHOWN_FAULTS:
            lines.append([blank, Piece(f"and {len(row.faults) - SHOWN_FAULTS} more", "label")])
        if not values and lines:
            lines[0] = [*label, *lines[0][1:]]
        return lines or [label]

    # What it does.

    def activate(self) -> None:
        """See `LineList`."""
        self.action_edit()

    def action_edit(self) -> None:
        """Edit the value under the cursor, or show more of what the row sums up."""
        row = self.row
        if row is None:
            return
        if row.field is not None:
            self.post_message(EditAsked(row.path, row.field, self.value_anchor()))
        elif row.opens:
            self.post_message(OpenAsked(row.opens, row.path))
        else:
            self.post_message(NothingDone("Nothing can be edited on this row: i explains it."))

    def action_unset(self) -> None:
        """Take the key under the cursor out."""
        row = self.row
        if row is None:
            return
        if row.path and (row.field is not None or not row.opens):
            self.post_message(UnsetAsked(row.path, row.field))
        else:
            removing = " d removes the component." if row.path[2:3] == ("files",) else ""
            self.post_message(NothingDone(f"There is no key on this row that could be left out.{removing}"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what answers on this row."""
        return self.row is not None if action in ("edit", "unset") else True

    def value_anchor(self) -> Offset:
        """The first cell of the value under the cursor, on the screen."""
        top = self.content_region.offset
        line = self.row_start(self.cursor) - int(self.scroll_offset.y)
        return top + Offset(self.label_width + INDENT + 1, line)

    def go_on(self, step: int) -> bool:
        """To the next field that can be edited; false at the end."""
        index = self.cursor + step
        while 0 <= index < len(self.rows):
            if self.rows[index].field is not None:
                self.set_cursor(index)
                return True
            index += step
        return False


def label_width_for(width: int) -> int:
    """The column of labels in a row of `width` cells."""
    return LABEL_WIDTH if width >= 56 else 16


def fault_lines(finding: Finding, width: int) -> list[Line]:
    """`W LM203 its sentence`, folded, the later lines below the sentence."""
    ink = SEVERITY_INK[finding.severity]
    lead = f"{finding.severity.letter} {finding.code} "
    text = wrap(visible(finding.message), max(width - cell_len(lead), 12))
    return [
        [Piece(lead if number == 0 else " " * cell_len(lead), ink), Piece(part, ink)]
        for number, part in enumerate(text)
    ]


def faults_within(findings: Iterable[Finding], width: int, most: int) -> list[Line]:
    """All these faults, folded, in at most `most` lines; the last one tells where something is left out."""
    lines = [line for finding in findings for line in fault_lines(finding, width)]
    if len(lines) > most:
        lines = lines[: max(most, 0)]
        lines[-1:] = [[*fit(line, min(span(line), width - 2)), Piece(" …", line[-1].ink)] for line in lines[-1:]]
    return lines


def _flow(items: Sequence[Line], width: int) -> list[Line]:
    """Items one after the other, two cells apart, in lines of at most `width` cells."""
    lines: list[list[Piece]] = []
    used = width
    for item in items:
        size = span(item)
        if lines and used + 2 + size <= width:
            lines[-1] += [Piece("  "), *item]
            used += 2 + size
        elif size > width and item and cell_len(item[-1].text) > width // 2:
            lead, last = list(item[:-1]), item[-1]
            parts = wrap(last.text, max(width - span(lead), 8))[:LONGEST_VALUE]
            lines.append([*lead, Piece(parts[0], last.ink)])
            lines += [[Piece(" " * span(lead)), Piece(part, last.ink)] for part in parts[1:]]
            used = span(lines[-1])
        else:
            lines.append(list(item))
            used = size
    return list(lines)
