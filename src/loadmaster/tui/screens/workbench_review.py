"""What the workbench does where a text has two sides: merge conflicts, and what changed since another version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import work

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.document.revisions import revision_names, usual_revision
from loadmaster.errors import LoadmasterError
from loadmaster.session import Session
from loadmaster.tui.deciding import Deciding
from loadmaster.tui.reviewing import Base, Reviewed, base_of, review
from loadmaster.tui.screens.conflicts import ConflictsScreen
from loadmaster.tui.screens.palette import Entry
from loadmaster.tui.screens.review import Answer, ReviewScreen
from loadmaster.tui.screens.review_base import BaseScreen
from loadmaster.tui.screens.workbench_source import WorkbenchSource
from loadmaster.tui.since import Since, followed, since
from loadmaster.tui.widgets.title_bar import TitleBar

SAVED = "the file as it was saved last"
SAVED_SHORT = "the save"


class WorkbenchReview(WorkbenchSource):
    """A workbench in which conflicts can be decided, and which shows what changed."""

    def __init__(self) -> None:
        super().__init__()
        self._asked_base = ""

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

    # Review.

    @work(exclusive=True, group="sheet")
    async def action_review(self) -> None:
        """Show what differs from another version: the usual revision at first, then what is asked for."""
        self.settle()
        view = self.view
        if view is None:
            return
        path = view.session.path
        if self.models.since is not None:
            base: str | None = self._asked_base
        else:
            name = await asyncio.to_thread(usual_revision, path) if path is not None else None
            base = SAVED if name is None and view.session.dirty else name
        typed = refused = ""
        while True:
            asked = not base
            base = base or await self._ask_base(typed, refused)
            if not base:
                return
            try:
                answer = await self._review(base)
            except LoadmasterError as error:
                if not asked:
                    self.status.say(str(error), "error")
                    return
                self.status.hush()
                typed, refused, base = base, str(error), None
                continue
            typed = refused = ""
            if answer is None or not answer.other_base:
                break
            base = None
        self._go_to_answer(answer)

    async def _ask_base(self, typed: str, refused: str) -> str:
        answer = await self.app.push_screen_wait(BaseScreen(await self._base_names(), typed, refused))
        return answer or ""

    async def _base_names(self) -> list[Entry]:
        assert self.view is not None
        session = self.view.session
        names = [Entry(SAVED, SAVED, "what is unsaved")] if session.dirty else []
        if session.path is not None:
            found = await asyncio.to_thread(revision_names, session.path)
            names += [Entry(name, name) for name in ("HEAD", *found)] if found else []
        return names

    async def _review(self, base: str) -> Answer | None:
        assert self.view is not None
        session = self.view.session
        document, findings = session.document, session.findings if session.is_checked else None
        saved, path, config = session.saved_document, session.path, session.config

        def compare() -> tuple[Reviewed, Since]:
            found = Base(base, saved, SAVED_SHORT) if base == SAVED else base_of(base, path)
            reviewed = review(found, document, findings, config)
            return reviewed, since(reviewed)

        self.status.say(f"Comparing with {base} …", "label")
        reviewed, standing = await asyncio.to_thread(compare)
        self.status.hush()
        answer = await self.app.push_screen_wait(ReviewScreen(reviewed, session.title))
        if self.view is not None and self.view.session is session:
            self._asked_base = base
            self._show_since(followed(standing, session.document))
            self.status.say("Models that differ are marked: + added, ~ changed. V ends the review.", "label")
        return answer

    # What the models are compared with from then on.

    def action_end_review(self) -> None:
        """Take the signs off the models."""
        standing = self.models.since
        self._show_since(None)
        said = "No review has been made: v makes one." if standing is None else "The review is ended."
        self.status.say(said, "label")

    def open(self, session: Session) -> None:
        """Another manifest: a review spoke of the one before."""
        self._show_since(None)
        super().open(session)

    def show_state(self) -> None:
        """Besides what is shown: the signs of a review follow every edit."""
        super().show_state()
        standing, view = self.models.since, self.view
        if standing is None or view is None:
            return
        if self._asked_base == SAVED and view.session.saved_document is not standing.base.document:
            # What was saved last is another text by now.
            self._show_since(None)
        else:
            self._show_since(followed(standing, view.document))

    def _show_since(self, standing: Since | None) -> None:
        self.models.since = standing
        self.models.refresh()
        self.query_one(TitleBar).show_since(standing)

    def _go_to_answer(self, answer: Answer | None) -> None:
        if answer is None or self.view is None:
            return
        if answer.finding is not None:
            self.go_to_fault(answer.finding)
        elif answer.path is not None:
            model_id = str(answer.path[1]) if answer.path[:1] == ("models",) else None
            if model_id is not None and model_id not in self.view.document.model_ids:
                self.status.say(f"{model_id} is not in the file any more.", "label")
                return
            self.reveal(answer.path)
        self.focus_pane("detail")

    def _line_offset(self) -> int:
        assert self.view is not None
        return self.view.document.offset_of(self.line_of_cursor())
