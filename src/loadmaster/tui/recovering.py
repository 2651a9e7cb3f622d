"""Unsaved work that an earlier run left behind: found when its manifest is opened, told, and brought back if wanted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from loadmaster.document.document import Document
from loadmaster.document.recovery import RecoveryCopy
from loadmaster.manifest.words import age
from loadmaster.session import Hunk, Session, difference
from loadmaster.tui.difference import difference_maker, size_of_difference
from loadmaster.tui.paint import BLANK, Piece
from loadmaster.tui.recovery_keeper import RecoveryKeeper
from loadmaster.tui.screens.choose import Option
from loadmaster.tui.screens.difference import DifferenceScreen
from loadmaster.tui.screens.offer import OfferScreen, Paragraph

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_file import WorkbenchFile

RESTORE, COMPARE, DISCARD = (
    Option("r", "Restore", "as one step, which undo takes back"),
    Option("c", "Compare", "with the file as it is now"),
    Option("d", "Discard", "it is lost then"),
)


class CopyNotKept(Message):
    """Unsaved work could not be written aside."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Found:
    """A copy, what it says, and how that differs from the manifest as it is shown."""

    copy: RecoveryCopy
    document: Document
    hunks: Sequence[Hunk]


class Recovering:
    """What the workbench does with recovery copies: it has its own written, and offers those of others."""

    def __init__(self, workbench: WorkbenchFile, keeper: RecoveryKeeper) -> None:
        self._bench = workbench
        self._keeper = keeper
        self._has_given_up = False
        keeper.failed = self._tell

    def _tell(self, reason: str) -> None:
        self._bench.post_message(CopyNotKept(reason))

    def follow(self) -> None:
        """Keep what is unsaved by now, or forget what was. Costs no time."""
        view = self._bench.view
        if view is None or view.session.path is None or self._has_given_up:
            return
        session = view.session
        assert session.path is not None
        if self._bench.saving.is_needed:
            self._keeper.keep(session.path, session.document, session.stamp)
        else:
            self._keeper.forget(session.path)

    def left(self, file: Path) -> None:
        """The manifest is another file's now."""
        self._keeper.forget(file)

    def give_up(self) -> None:
        """What is unsaved is not wanted: keep no copy, whatever is shown until the end."""
        view = self._bench.view
        if view is not None and view.session.path is not None:
            self._keeper.forget(view.session.path)
            self._keeper.flush()
        self._has_given_up = True

    async def offer(self) -> None:
        """Offer each copy that another run left, the latest first."""
        view = self._bench.view
        if view is None or view.session.path is None:
            return
        for copy in await asyncio.to_thread(self._keeper.others, view.session.path):
            found = await asyncio.to_thread(_found, copy, view.session.document)
            if not found.hunks and not copy.is_held:
                copy.remove()  # it says what the file says
            elif found.hunks and await self._offered(view.session, found):
                return

    async def _offered(self, session: Session, found: _Found) -> bool:
        """Offer a copy; true where no other shall be offered."""
        copy = found.copy
        held = copy.is_held
        # What another process still holds is not ours to discard, and no loss to leave.
        ways = (COMPARE, RESTORE) if held else (RESTORE, COMPARE, DISCARD)
        while True:
            paragraphs = told(copy, found.hunks, session, held, time.time())
            answer = await self._bench.app.push_screen_wait(
                OfferScreen("Unsaved work was found", paragraphs, ways, "ask again at the next start")
            )
            if answer is None:
                return False
            if ways[answer] is COMPARE:
                if not await self._compared(found):
                    continue
            elif ways[answer] is DISCARD:
                copy.remove()
                self._bench.status.say("The unsaved work of before was discarded.", "label")
                return False
            self._restore(found, held)
            return True

    async def _compared(self, found: _Found) -> bool:
        title = [Piece(f"Restoring changes {size_of_difference(found.hunks)}", "bright")]
        remark = [[Piece("It is one step, which undo takes back; nothing is saved by it.", "label")], BLANK]
        return await self._bench.ask(DifferenceScreen(title, difference_maker(found.hunks), remark, "restore"))

    def _restore(self, found: _Found, held: bool) -> None:
        restored = self._bench.editing.apply(lambda _: found.document, "restore unsaved work", None)
        if not restored:
            return
        # Ours is written before theirs goes, so that there is one at any moment.
        self._keeper.flush()
        if not held:
            found.copy.remove()
        self._bench.status.say(f"Restored: {size_of_difference(found.hunks)}, unsaved. Undo (u) takes it back.")


def _found(copy: RecoveryCopy, document: Document) -> _Found:
    restored = Document.from_text(copy.text)
    return _Found(copy, restored, difference(document, restored))


def told(copy: RecoveryCopy, hunks: Sequence[Hunk], session: Session, held: bool, now: float) -> list[Paragraph]:
    """What a person needs to know of a copy: how old it is, how it differs, who holds it."""
    paragraphs: list[Paragraph] = [
        (f"{session.title} was edited and not saved; the last change was made {age(now - copy.written)}.", "value"),
        (f"That work differs from the file as it is now in {size_of_difference(hunks)}.", "value"),
    ]
    if held:
        told = f"Another loadmaster, process {copy.process}, still runs and has it: there it can be saved."
        paragraphs.append((told, "warning"))
    if copy.stamp is not None and session.stamp is not None and copy.stamp.sha256 != session.stamp.sha256:
        told = "The file was changed since then: restoring takes that change back as well. Compare before."
        paragraphs.append((told, "warning"))
    return paragraphs
