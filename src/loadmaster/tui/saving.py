"""How the workbench writes its manifest, and what it offers where that cannot be done. Nothing is ever lost by it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from loadmaster.document import store
from loadmaster.errors import ChangedOnDisk, StoreError
from loadmaster.session import Session
from loadmaster.tui.outside import Outside
from loadmaster.tui.screens.choose import Option
from loadmaster.tui.screens.compare import Way
from loadmaster.tui.screens.difference import DifferenceScreen
from loadmaster.tui.screens.offer import OfferScreen
from loadmaster.tui.screens.save_as import SaveAsScreen

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_file import WorkbenchFile

AT_ONCE_UP_TO = 300_000
"""Characters of a manifest up to which it is written at once; a larger one takes a while, for it is read once more."""

REMEDIES = {
    "disk-full": "Free some space and try again, or save it on another disk.",
    "read-only": "Save it on another disk.",
    "permission": "Save it elsewhere, or give yourself the permission and try again.",
    "missing": "Make the folder and try again, or save it elsewhere.",
}
"""What helps against what stands in the way, by the kind that the store gives it."""

WAYS = (
    Option("e", "Save elsewhere", "under another name or in another folder"),
    Option("a", "Try again", "once what stands in the way is gone"),
)


class Saving:
    """The pen of the workbench."""

    def __init__(self, workbench: WorkbenchFile, outside: Outside) -> None:
        self._bench = workbench
        self._outside = outside

    @property
    def is_needed(self) -> bool:
        """Whether something would be lost if the app ended now."""
        view = self._bench.view
        return view is not None and (view.session.dirty or self._outside.is_gone)

    async def save(self) -> bool:
        """Show the difference, then write; true if the file is as the manifest now."""
        view = self._bench.view
        if view is None:
            return False
        if not self.is_needed:
            self._bench.status.say("Nothing is unsaved.", "label")
            return True
        if self._is_changed_outside(view.session):
            # What they changed is asked first: the difference below speaks of mine alone.
            if not await self._settled_with_theirs(view.session):
                return False
            if not view.session.dirty:
                return True
        if view.session.dirty:
            lines, title, remark = self._bench.difference()
            if not await self._bench.ask(DifferenceScreen(title, lines, remark, "save")):
                return False
        return await self.write()

    async def write(self) -> bool:
        """Write without showing the difference; true if the file is as the manifest now."""
        view = self._bench.view
        if view is None:
            return False
        session = view.session
        if session.path is None:
            return await self.save_as()
        while True:
            try:
                await self._written(session, None)
            except ChangedOnDisk:
                if not await self._settled_with_theirs(session):
                    return False
                if not session.dirty:
                    return True
            except StoreError as error:
                again = await self._offer(error)
                if again is not None:
                    return again
            else:
                self._done("Saved.")
                return True

    async def save_as(self, why: str = "") -> bool:
        """Write to another file, which is the manifest's from then on; true if that was done."""
        view = self._bench.view
        if view is None:
            return False
        session = view.session
        path = await self._bench.app.push_screen_wait(SaveAsScreen(session.path, why))
        if path is None:
            return False
        before = session.path
        try:
            await self._written(session, path, force=os.path.exists(path))
        except StoreError as error:
            return await self.save_as(f"{error} {_remedy(error)}".strip())
        self._bench.moved(before)
        self._done(f"Saved as {path}.")
        return True

    @staticmethod
    def _is_changed_outside(session: Session) -> bool:
        # At once, for it is a look at size and time: in a thread, a key behind the one that saves would come between.
        try:
            return session.path is not None and session.path.is_file() and session.has_changed_outside()
        except (OSError, StoreError):
            return False  # writing tells what is the matter

    async def _written(self, session: Session, path: Path | None, force: bool = False) -> None:
        if session.document.starts[-1] <= AT_ONCE_UP_TO:
            session.save(path, force=force)
        else:
            self._bench.status.say("Saving …", "label")
            await asyncio.to_thread(session.save, path, force=force)

    def _done(self, said: str) -> None:
        view = self._bench.view
        if view is not None:
            self._outside.saved()
            view.mark_saved()
            self._bench.show_state()
            self._bench.status.say(said)

    async def _settled_with_theirs(self, session: Session) -> bool:
        """Someone else wrote the file meanwhile: whether to go on and write, after what was chosen."""
        assert session.path is not None
        try:
            loaded = await asyncio.to_thread(store.load, session.path)
        except StoreError as error:
            self._bench.status.say(str(error), "error")
            return False
        way = await self._outside.offer_after(loaded)
        if way is None:
            self._bench.status.say("Not saved.", "warning")
        elif way is Way.BOTH:
            self._bench.status.say("Both are put together, and not saved yet: look at it, then save (w).")
        return way in (Way.MINE, Way.THEIRS)

    async def _offer(self, error: StoreError) -> bool | None:
        """Tell what stands in the way and what can be done; None to try again."""
        paragraphs = [(str(error), "warning"), (_remedy(error), "value"), ("Your changes are kept here.", "label")]
        answer = await self._bench.app.push_screen_wait(
            OfferScreen("It cannot be saved", [one for one in paragraphs if one[0]], WAYS)
        )
        if answer == 0:
            return await self.save_as()
        if answer == 1:
            return None
        self._bench.status.say(f"Not saved. {error}", "error")
        return False


def _remedy(error: StoreError) -> str:
    return REMEDIES.get(str(error.details.get("kind")), "")
