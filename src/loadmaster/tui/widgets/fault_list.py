"""The list of faults. What repeats in a model is folded; only what is on the screen is given its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.fault_index import Fold
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import SEVERITY_INK, Line, Piece, cell, folded, spread
from loadmaster.tui.visible import short_id, visible
from loadmaster.tui.widgets.line_list import LineList

FOLD_FROM = 3
NARROW = 96
ROOMY = 112
NAME_WIDTH = 19
SHORT_ID = 11
LONGEST_SHORT_ID = 20


@dataclass(frozen=True, slots=True, eq=False)
class FaultRow:
    """A finding, or the head of a fold of `count` like it; `inside` marks those below a head."""

    finding: Finding
    count: int = 1
    inside: bool = False

    @property
    def fold(self) -> tuple[str, str | None] | None:
        """What the head of a fold stands for."""
        return (self.finding.code, self.finding.model_id) if self.count > 1 else None


def _rows_of(fold: Fold) -> tuple[FaultRow, ...]:
    """The rows of a fold that is not unfolded."""
    if len(fold.members) < FOLD_FROM:
        return tuple(FaultRow(finding) for finding in fold.members)
    return (FaultRow(fold.members[0], len(fold.members)),)


def _stem(model_id: str) -> str:
    """An id without its version."""
    return model_id.rpartition("@")[0] or model_id


class FaultList(LineList):
    """All findings, the worst first."""

    BINDINGS = bindings_for("faults")

    class GoTo(Message):
        """Show the field that a fault speaks of."""

        def __init__(self, finding: Finding) -> None:
            super().__init__()
            self.finding = finding

    class ScopeChanged(Message):
        """Faults of one model or of all are shown."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.scope: str | None = None
        self.model_id: str | None = None
        self.rows: list[FaultRow] = []
        self._folds: list[Fold] = []
        self._rows_of: dict[Fold, tuple[FaultRow, ...]] = {}
        self.current: Finding | None = None
        """The fault that was gone to last."""
        self._left: tuple[FaultRow, FaultRow | None] | None = None
        """The row of which the scope has none, and the one on which the cursor was put instead."""
        self._unfolded: set[tuple[str, str | None]] = set()
        self._name_width = NAME_WIDTH
        self._id_width = SHORT_ID
        self._ids: tuple[str, ...] = ()
        self._stems: Mapping[str, int] = {}

    def show(self, view: ManifestView) -> None:
        """Show the faults of the moment; the cursor stays on its fault, or near where that was."""
        row = self.row
        self.view = view
        if self._ids != view.document.model_ids:
            self._ids = view.document.model_ids
            self._stems = Counter(map(_stem, self._ids))
        if self._folds and self._scoped_folds() == self._folds:
            # The places may have moved, the faults are the same.
            self.refresh()
            return
        self.rows = self._make_rows()
        self.rows_changed(self._near(row))

    def _near(self, row: FaultRow | None) -> int | None:
        if row is None:
            return None
        if row in self.rows:
            return self.rows.index(row)
        for index, other in enumerate(self.rows):
            if other.finding.key == row.finding.key and other.inside == row.inside:
                return index
        return None

    def set_model(self, model_id: str | None) -> None:
        """The model that «this model only» means."""
        self.model_id = model_id
        if self.scope is not None and model_id is not None and self.scope != model_id and self.view is not None:
            self.scope = model_id
            self.rows = self._make_rows()
            self.rows_changed(0)

    def _scoped_folds(self) -> list[Fold]:
        assert self.view is not None
        faults = self.view.faults
        return faults.all_folds() if self.scope is None else faults.folds(self.scope)

    def _make_rows(self) -> list[FaultRow]:
        self._folds = self._scoped_folds()
        known = self._rows_of
        self._rows_of = {fold: known.get(fold) or _rows_of(fold) for fold in self._folds}
        rows: list[FaultRow] = []
        for fold, some in self._rows_of.items():
            rows += some
            if self._unfolded and some[0].fold in self._unfolded:
                rows += [FaultRow(finding, inside=True) for finding in fold.members]
        self._name_width = max([len(name) for name in {fold.members[0].name for fold in self._folds}], default=0)
        owners = {fold.model_id for fold in self._folds if fold.model_id is not None}
        widest = max([len(owner) for owner in owners if self._stems.get(_stem(owner), 0) > 1], default=0)
        self._id_width = min(max(widest, SHORT_ID), LONGEST_SHORT_ID)
        return rows

    @property
    def row(self) -> FaultRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def findings(self) -> Sequence[Finding]:
        """The fault under the cursor."""
        return (self.row.finding,) if self.row else ()

    @property
    def is_unfolded(self) -> bool:
        """Whether the cursor stands on the head of a fold that is unfolded."""
        return self.row is not None and self.row.fold in self._unfolded

    @property
    def order(self) -> list[Finding]:
        """All faults that are listed, also those that are folded."""
        return [finding for fold in self._folds for finding in fold.members]

    def step(self, step: int) -> Finding | None:
        """The next fault from the one under the cursor, or the one that took the place of the last that was gone to.

        Unfolds what is folded; None where there is none.
        """
        order = self.order
        if not order:
            return None
        row = self.row
        here = next((i for i, finding in enumerate(order) if row and finding is row.finding), 0)
        current = self.current
        is_mended = current is not None and all(finding.key != current.key for finding in order)
        if step > 0 and (is_mended or (row is not None and row.fold)):
            here -= 1
        return self.make_current(order[(here + step) % len(order)])

    def make_current(self, finding: Finding) -> Finding:
        """The fault from which the next one counts: the cursor stands on it."""
        self.current = finding
        self._stand_on(finding)
        return finding

    def _stand_on(self, finding: Finding) -> None:
        fold = (finding.code, finding.model_id)
        index = self._row_of(finding)
        if index is None:
            self._unfolded.add(fold)
            self.rows = self._make_rows()
            index = self._row_of(finding)
        self.rows_changed(index)

    def _row_of(self, finding: Finding) -> int | None:
        return next((i for i, row in enumerate(self.rows) if row.finding is finding and not row.fold), None)

    # Drawing.

    def row_count(self) -> int:
        """Findings and heads of folds."""
        return len(self.rows)

    def heights_vary(self) -> bool:
        """Where the pane is narrow the sentence folds below the place."""
        return self.text_width < NARROW

    def row_height(self, index: int, width: int) -> int:
        """Only asked where narrow."""
        row = self.rows[index]
        return 1 if row.fold else 1 + len(self._sentence(row, width))

    def _sentence(self, row: FaultRow, width: int) -> list[str]:
        return folded(visible(row.finding.message), max(width - 4, 20), 4)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Severity, code, name, sentence, place, fix."""
        row = self.rows[index]
        finding = row.finding
        ink = SEVERITY_INK[finding.severity]
        narrow = self.heights_vary()
        mark = "  " if not row.fold else (" ▾ " if row.fold in self._unfolded else " ▸ ")
        is_named = row.fold or narrow or (width >= ROOMY and not row.inside)
        left: list[Piece] = [
            Piece(f"{'  ' if row.inside else ''}{finding.severity.letter} ", ink),
            cell(finding.code, 6, ink if narrow else "value"),
            cell(finding.name, max(self._name_width, NAME_WIDTH) if is_named else 0, "label"),
            Piece(mark, "faint"),
        ]
        if row.fold:
            left += [Piece(f"× {row.count}", "bright"), Piece("  in ", "label"), *self._model(finding)]
            return [left]
        right = self._where(finding)
        if narrow:
            left[-1] = Piece(" ")
            head = [*left, *self._model(finding)]
            rest: list[Line] = [[Piece("    "), Piece(part)] for part in self._sentence(row, width)]
            return [spread(head, right, width), *rest]
        if self.scope is None and finding.model_id is not None and self._has_several_models():
            left += [*self._model(finding, short=True), Piece("  ")]
        return [spread([*left, Piece(visible(finding.message))], right, width)]

    def _has_several_models(self) -> bool:
        return self.view is not None and len(self.view.document.model_ids) > 1

    def _model(self, finding: Finding, short: bool = False) -> Line:
        if finding.model_id is None:
            return [Piece("the file", "label")]
        if not short:
            return [Piece(visible(finding.model_id), "label")]
        stem = _stem(finding.model_id)
        if self._stems.get(stem, 0) > 1:
            return [cell(short_id(visible(finding.model_id), self._id_width), self._id_width, "label")]
        return [cell(visible(stem), self._id_width, "label")]

    def _where(self, finding: Finding) -> Line:
        assert self.view is not None
        place = self.view.place(finding)
        fix = Piece(" fix", "key") if finding.fix is not None else Piece("    ")
        return [Piece(f"  {f'{place.line}:{place.column}':>7}", "label"), fix, Piece(" ")]

    # What it does.

    def activate(self) -> None:
        """See `LineList`."""
        self.action_go()

    def click_row(self, index: int, line: int, x: int) -> bool:
        """A click on the head of a fold opens it."""
        if self.rows[index].fold:
            self.action_fold_or_unfold()
            return True
        return False

    def action_go(self) -> None:
        """Show the field that the fault speaks of; a fold unfolds."""
        if self.row is None:
            return
        if self.row.fold:
            self.action_fold_or_unfold()
        else:
            self.post_message(self.GoTo(self.row.finding))

    def action_fold_or_unfold(self) -> None:
        """Unfold or fold what repeats; inside a fold, fold it."""
        row = self.row
        if row is None or self.view is None:
            return
        fold = row.fold or ((row.finding.code, row.finding.model_id) if row.inside else None)
        if fold is None:
            return
        self._unfolded.symmetric_difference_update({fold})
        self.rows = self._make_rows()
        self.rows_changed(next((i for i, other in enumerate(self.rows) if other.fold == fold), None))

    def action_scope(self) -> None:
        """Faults of this model only, or of all."""
        if self.view is None:
            return
        row = self.row
        self.scope = None if self.scope is not None else self.model_id
        self.rows = self._make_rows()
        if self._left is not None and self.scope is None and row is self._left[1]:
            row = self._left[0]
        index = self._near(row)
        self.rows_changed(index or 0)
        self._left = (row, self.row) if row is not None and index is None else None
        self.post_message(self.ScopeChanged())
