"""The workbench and its file: saved, saved elsewhere, changed by others, recovered, remembered."""

from __future__ import annotations

from pathlib import Path

from textual import work

from loadmaster.session import Session
from loadmaster.tui.file_watch import State
from loadmaster.tui.outside import FileSeen, Outside
from loadmaster.tui.recovering import CopyNotKept, Recovering
from loadmaster.tui.recovery_keeper import RecoveryKeeper
from loadmaster.tui.saving import Saving
from loadmaster.tui.screens.workbench_panes import WorkbenchPanes


class WorkbenchFile(WorkbenchPanes):
    """A workbench that looks after the file of its manifest."""

    def __init__(self) -> None:
        super().__init__()
        self.outside = Outside(self)
        self.saving = Saving(self, self.outside)
        self.recovering: Recovering | None = None

    def keep_with(self, keeper: RecoveryKeeper) -> None:
        """Have unsaved work kept aside."""
        self.recovering = Recovering(self, keeper)

    @property
    def is_busy(self) -> bool:
        """Whether something is being typed or asked, so that nothing else may come between."""
        return self.app.screen is not self or self.editing.is_open

    # Following the session.

    def open(self, session: Session) -> None:
        """Show a manifest; watch its file, and offer what an earlier run left unsaved of it."""
        super().open(session)
        self.outside.open()
        if not session.can_be_written:
            self.status.say(
                "This file cannot be written to. What is changed here can be saved elsewhere (W).", "warning"
            )
        if self.recovering is not None:
            self.run_worker(self.recovering.offer(), group="recovery", name="recovery")

    def show_state(self) -> None:
        """Besides what is shown: what is unsaved is kept aside."""
        super().show_state()
        if self.recovering is not None:
            self.recovering.follow()

    def state_word(self) -> str:
        """What the file is, beside what is shown."""
        words = [super().state_word()]
        words.append(
            {State.GONE: "gone", State.UNREADABLE: "unreadable", State.CHANGED: "changed outside"}.get(
                self.outside.state, ""
            )
        )
        return " · ".join(word for word in words if word)

    def moved(self, before: Path | None) -> None:
        """The manifest has another file from now on."""
        if self.recovering is not None and before is not None:
            self.recovering.left(before)
        self.outside.open()

    def discard(self) -> None:
        """What is unsaved is given up: it shall not be offered again."""
        if self.recovering is not None:
            self.recovering.give_up()

    def on_unmount(self) -> None:
        """Another manifest is opened, or the app ends."""
        self.outside.close()

    def on_file_seen(self, message: FileSeen) -> None:
        """Someone else did something to the file."""
        message.stop()
        self.outside.saw(message)

    def on_copy_not_kept(self, message: CopyNotKept) -> None:
        """Unsaved work cannot be kept aside."""
        message.stop()
        self.status.say(f"Unsaved work cannot be kept aside: {message.reason}. Save it soon (w).", "warning")

    # Actions.

    @work(exclusive=True, group="sheet")
    async def action_save(self) -> None:
        """Show the difference, then save."""
        if self.settle_all():
            await self.saving.save()

    @work(exclusive=True, group="sheet")
    async def action_save_as(self) -> None:
        """Save to another file."""
        if self.settle_all():
            await self.saving.save_as()

    @work(exclusive=True, group="sheet")
    async def action_theirs(self) -> None:
        """What someone else changed: theirs, mine, or both."""
        self.settle()
        if await self.outside.offer() is None and self.outside.state is not State.CHANGED:
            self.status.say("Nobody else has changed the file.", "label")

    def settle(self) -> None:
        """Make what is being typed count: something else is about to be done."""

    def settle_all(self) -> bool:
        """Make also count what is typed into an open field, as Enter would; false where it cannot be kept."""
        self.settle()
        return self.editing.settle()
