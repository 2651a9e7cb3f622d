"""What the workbench does where a text has two sides: merge conflicts, and what changed since another version."""

from __future__ import annotations

from collections.abc import Sequence

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.tui.deciding import Deciding
from loadmaster.tui.screens.conflicts import ConflictsScreen
from loadmaster.tui.screens.workbench_source import WorkbenchSource


class WorkbenchReview(WorkbenchSource):
    """A workbench in which conflicts can be decided."""

    def action_conflicts(self) -> None:
        """Decide the merge conflicts, from the one at the cursor on."""
        self.settle()
        if self.view is None:
            return
        if not self.view.document.conflicts:
            self.status.say("There is no merge conflict in this file.", "label")
            return
        self._open_conflicts(self._line_offset())

    def opens_conflict(self, findings: Sequence[Finding]) -> bool:
        """Whether the first fix of these faults is a choice between two sides; then it is offered."""
        first = next((finding for finding in findings if finding.fix is not None), None)
        if first is None or first.span is None or not isinstance(first.fix, TakeSide):
            return False
        self._open_conflicts(first.span[0])
        return True

    def _open_conflicts(self, offset: int) -> None:
        if self.view is None:
            return
        if not self.view.document.is_readable:
            self.status.say("This file can only be looked at: it is not UTF-8.", "warning")
            return
        desk = Deciding(self)
        self.app.push_screen(ConflictsScreen(desk, desk.index_at(offset)), lambda _: desk.left())

    def _line_offset(self) -> int:
        assert self.view is not None
        return self.view.document.offset_of(self.line_of_cursor())
