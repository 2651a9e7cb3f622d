"""A review as a tree: models that differ, below each its fields, and the faults that are new where they came from."""

from __future__ import annotations

from rich.cells import cell_len
from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.comparison import FieldChange
from loadmaster.manifest.words import plural
from loadmaster.reports.comparison import files_of, told_of, where_of
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.paint import Line, Piece, cell, counts, folded, spread
from loadmaster.tui.reviewing import FILE, Reviewed, Row, rows_of
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.widgets.field_list import fault_lines
from loadmaster.tui.widgets.line_list import LineList

UNFOLDED_UP_TO = 500
"""Changes up to which all models are unfolded at first."""

MOST_LINES = 3
VALUE_ROOM = 46
"""Cells for two sizes, in bytes and in words."""

SIGNS = {
    "added": ("+", "added"),
    "removed": ("−", "removed"),
    "changed": ("~", "warning"),
    "renamed": ("~", "warning"),
    "moved": ("~", "warning"),
}


class ReviewList(LineList):
    """The rows of a review."""

    def __init__(self, reviewed: Reviewed, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.reviewed = reviewed
        self._folded: set[str] = set()
        self._new: dict[str, list[Finding]] = {}
        for finding in reviewed.new:
            self._new.setdefault(finding.model_id or FILE, []).append(finding)
        self._gone: dict[str, list[Finding]] = {}
        for finding in reviewed.gone:
            self._gone.setdefault(finding.model_id or FILE, []).append(finding)
        # All faults of a model that was added are new: its counts tell enough.
        self._folded = {model.model_id for model in reviewed.comparison.models if model.kind == "added"}
        changes = [*reviewed.comparison.root, *(one for model in reviewed.comparison.models for one in model.changes)]
        self._widest = max((cell_len(where_of(change)) for change in changes), default=0)
        self.rows = rows_of(reviewed, self._folded)
        if len(self.rows) > UNFOLDED_UP_TO:
            self._folded = {row.model_id for row in self.rows if row.is_head}
            self.rows = rows_of(reviewed, self._folded)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    # Drawing.

    def row_count(self) -> int:
        """Models, fields, faults."""
        return len(self.rows)

    def heights_vary(self) -> bool:
        """Long values and sentences fold."""
        return True

    def row_height(self, index: int, width: int) -> int:
        """See `row_lines`."""
        return len(self.row_lines(index, width))

    def row_lines(self, index: int, width: int) -> list[Line]:
        """A model with its counts, a field with both values, or a fault."""
        row = self.rows[index]
        if row.finding is not None:
            lines = fault_lines(row.finding, max(width - 12, 20))[:MOST_LINES]
            return [
                [Piece("    new " if number == 0 else "        ", "label"), *line] for number, line in enumerate(lines)
            ]
        if row.change is not None:
            return self._change_lines(row, width)
        return [self._head_line(index, width)]

    def _change_lines(self, row: Row, width: int) -> list[Line]:
        assert row.change is not None
        sign, ink = SIGNS[row.change.kind]
        room = min(self._widest, max(width - 8 - VALUE_ROOM, min((width - 7) * 3 // 5, 40), 20))
        lines = folded(told_of(row.change), max(width - 8 - room, 16), MOST_LINES)
        first = [Piece("    "), Piece(f"{sign} ", ink), cell(_where(row.change, room), room, "label"), Piece("  ")]
        return [
            [*(first if number == 0 else [Piece(" " * (room + 8))]), Piece(text)] for number, text in enumerate(lines)
        ]

    def _head_line(self, index: int, width: int) -> Line:
        row = self.rows[index]
        own = ("~" if row.model_id == FILE else " ", "warning")
        sign, ink = SIGNS[row.model.kind] if row.model is not None else own
        name = visible(row.model_id) if row.model_id != FILE else "the file"
        is_open = index + 1 < len(self.rows) and not self.rows[index + 1].is_head
        mark = "▾" if is_open else "▸" if row.model_id in self._folded else " "
        left = [Piece(f"{mark} ", "faint"), Piece(f"{sign} ", ink), Piece(name, "bright"), Piece("  ")]
        if row.model is not None:
            left.append(Piece(_model_words(row), "label"))
        right = self._fault_words(row.model_id)
        return spread(left, right, width)

    def _fault_words(self, model_id: str) -> list[Piece]:
        come, went = Counts.of(self._new.get(model_id, ())), len(self._gone.get(model_id, ()))
        words: list[Piece] = []
        if come:
            words = [*counts(come.errors, come.warnings, come.infos), Piece(" new ", "label")]
        if went:
            words += [Piece(f" {went:,} mended ", "added")]
        return words

    # What it does.

    class Chosen(Message):
        """A row was clicked twice."""

    def activate(self) -> None:
        """See `LineList`."""
        self.post_message(self.Chosen())

    def fold_or_unfold(self) -> None:
        """Fold or unfold the model under the cursor."""
        row = self.row
        if row is None:
            return
        self._folded.symmetric_difference_update({row.model_id})
        self.rows = rows_of(self.reviewed, self._folded)
        self.rows_changed(next(i for i, one in enumerate(self.rows) if one.is_head and one.model_id == row.model_id))

    def step_fault(self, step: int) -> bool:
        """To the next new fault, unfolding its model; false where there is none."""
        every = rows_of(self.reviewed, ())
        faults = [index for index, row in enumerate(every) if row.finding is not None]
        if not faults:
            return False
        here = every.index(self.row) if self.row is not None else 0
        ahead = [index for index in faults if (index > here if step > 0 else index < here)]
        target = every[(ahead or faults)[0 if step > 0 else -1]]
        if target.model_id in self._folded:
            self._folded.discard(target.model_id)
            self.rows = rows_of(self.reviewed, self._folded)
        self.rows_changed(self.rows.index(target))
        return True


def _model_words(row: Row) -> str:
    model = row.model
    assert model is not None
    if model.kind == "added":
        return f"added{files_of(model.data)}"
    if model.kind == "removed":
        return f"removed{files_of(model.data)}"
    fields = plural(len(model.changes), "field")
    return f"renamed from {visible(model.old_id)}, {fields}" if model.kind == "renamed" else fields


def _where(change: FieldChange, width: int) -> str:
    """The field of a change in `width` cells: the path of a file gives up its middle, a key nothing."""
    told = where_of(change)
    if cell_len(told) <= width:
        return told
    start, end = told.find('["') + 2, told.rfind('"]')
    if start < 2 or end < start:
        return middle(told, width)
    return told[:start] + middle(told[start:end], width - cell_len(told[:start] + told[end:])) + told[end:]
