"""The hand of the conflicts screen: what each side of a conflict would bring, and deciding it as one step of undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.document.conflicts import Side
from loadmaster.document.document import Document
from loadmaster.errors import EditRefused
from loadmaster.manifest.words import plural
from loadmaster.tui.conflict_view import SIDES, Contested, Verdicts, conflict_at, contested

if TYPE_CHECKING:
    from loadmaster.tui.manifest_view import ManifestView
    from loadmaster.tui.screens.workbench_panes import WorkbenchPanes

JUDGED_UP_TO = 300_000
"""Characters up to which all three ways are tried beforehand; beyond, that would keep a key waiting."""


class Deciding:
    """It holds how many decisions were made, for what is said at the end."""

    def __init__(self, workbench: WorkbenchPanes) -> None:
        self._bench = workbench
        self._decided = 0

    @property
    def _view(self) -> ManifestView:
        assert self._bench.view is not None
        return self._bench.view

    @property
    def _document(self) -> Document:
        return self._view.document

    def index_at(self, offset: int) -> int:
        """The conflict at an offset, or the first."""
        return conflict_at(self._document.conflicts, offset)

    def count(self) -> int:
        """How many conflicts are left."""
        return len(self._document.conflicts)

    def contested(self, index: int) -> Contested:
        """A conflict."""
        return contested(self._document, index)

    def verdicts(self, index: int) -> Verdicts:
        """What each way to decide it would bring."""
        if self._document.starts[-1] > JUDGED_UP_TO:
            return {}
        verdicts: dict[Side, tuple[Sequence[Finding], Sequence[Finding]] | str] = {}
        for side in SIDES:
            try:
                _, new, gone = self._view.session.preview(self._fix(index, side).apply)
                verdicts[side] = (new, gone)
            except EditRefused as refusal:
                verdicts[side] = str(refusal)
        return verdicts

    def decide(self, index: int, side: Side) -> str:
        """Take a side."""
        one = self.contested(index)
        path = one.path or None
        if self._bench.editing.apply(self._fix(index, side).apply, f"take {side} in {one.where}", path):
            self._decided += 1
        return self._bench.status.said

    def undo(self) -> str:
        """Take the last decision back."""
        self._decided -= 1
        self._bench.editing.undo()
        return self._bench.status.said

    def left(self) -> None:
        """The screen is closed: say what is left."""
        count = self.count()
        if count:
            self._bench.status.say(f"{plural(count, 'conflict')} left.", "warning")
        elif self._decided:
            self._bench.status.say("All conflicts are decided. Nothing is saved yet.")

    def _fix(self, index: int, side: Side) -> TakeSide:
        conflict = self._document.conflicts[index]
        return TakeSide(self._document.text[conflict.start : conflict.end], side)
