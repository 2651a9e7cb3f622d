"""What other people do to the open file: noticed, told, and taken in without losing what is unsaved."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from loadmaster.document.document import Document
from loadmaster.document.store import Loaded
from loadmaster.document.three_way import differences, put_together
from loadmaster.errors import EditRefused
from loadmaster.manifest.words import plural
from loadmaster.session import Change, Prepared, Session, difference
from loadmaster.tui.comment_changes import comment_lines
from loadmaster.tui.difference import size_of_difference
from loadmaster.tui.file_watch import FileWatch, Look, State
from loadmaster.tui.screens.choose import Option
from loadmaster.tui.screens.compare import CompareScreen, Settled, Way
from loadmaster.tui.screens.offer import OfferScreen, Paragraph

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_file import WorkbenchFile

READ_AGAIN = "read again what someone else changed"
"""The step of undo that a reload is."""

WAYS = (
    Option("c", "Compare", "both side by side, and both together where that goes"),
    Option("t", "Take theirs", "mine can be brought back with undo"),
    Option("m", "Keep mine", "saving then writes over theirs"),
)


class FileSeen(Message):
    """The file is not as it was, or is again; `prepared` takes in what it says where nothing is unsaved."""

    def __init__(self, look: Look, prepared: Prepared | None) -> None:
        super().__init__()
        self.look = look
        self.prepared = prepared


@dataclass(slots=True)
class _News:
    """A changed file that is not dealt with yet."""

    loaded: Loaded
    prepared: Prepared | None
    was_offered: bool = False


class Outside:
    """The ear of the workbench for its file."""

    def __init__(self, workbench: WorkbenchFile) -> None:
        self._bench = workbench
        self._watch: FileWatch | None = None
        self._news: _News | None = None
        self.state = State.SAME

    # Noticing.

    def open(self) -> None:
        """Watch the file of the session from now on, and no other."""
        self.close()
        session = self._session
        if session is None or session.path is None or session.stamp is None:
            return
        self._watch = FileWatch(session.path, lambda: session.stamp, lambda look: self._tell(session, look))
        self._watch.start()

    def close(self) -> None:
        """Watch nothing any more."""
        if self._watch is not None:
            self._watch.stop()
        self._watch, self._news, self.state = None, None, State.SAME

    def _tell(self, session: Session, look: Look) -> None:
        """In the thread of the watch: work out what is to be taken in, so that the app need not."""
        prepared = None
        if look.loaded is not None and not session.dirty:
            document = look.loaded.document
            with contextlib.suppress(EditRefused):
                prepared = session.prepare(lambda _: document, READ_AGAIN)
        with contextlib.suppress(RuntimeError):  # the app has ended meanwhile
            self._bench.post_message(FileSeen(look, prepared))

    @property
    def _session(self) -> Session | None:
        return self._bench.view.session if self._bench.view is not None else None

    @property
    def is_gone(self) -> bool:
        """Whether what is shown is in no file any more."""
        return self.state is State.GONE

    def saw(self, message: FileSeen) -> None:
        """Deal with what was seen."""
        session, look = self._session, message.look
        if session is None:
            return
        if look.stamp != session.stamp:
            # It was saved or read meanwhile.
            if self._watch is not None:
                self._watch.look_again()
            return
        before, self.state = self.state, look.state
        self._news = None
        if look.loaded is not None:
            self._news = _News(look.loaded, message.prepared)
            self.go_on()
        elif look.state is not before:
            self._say_state(look)
        self._bench.show_state()

    def _say_state(self, look: Look) -> None:
        say = self._bench.status.say
        if look.state is State.GONE:
            say("The file is gone. What is shown here is kept: save (w) writes it anew.", "warning")
        elif look.state is State.UNREADABLE:
            say(f"The file cannot be read any more. {look.reason} What is shown here is kept.", "warning")
        else:
            say("The file is there again, as it was.")

    def saved(self) -> None:
        """The file is as the manifest."""
        self._news, self.state = None, State.SAME

    # Taking in.

    def go_on(self) -> None:
        """Take in what was changed, or offer to, unless something is being typed or asked: then a little later."""
        news, session = self._news, self._session
        if news is None or session is None:
            return
        if session.document.text == news.loaded.document.text:
            self._stand_on(news.loaded)
        elif session.dirty and news.was_offered:
            return
        elif self._bench.is_busy:
            self._bench.set_timer(0.25, self.go_on)
        elif session.dirty:
            news.was_offered = True
            self._bench.run_worker(self.offer(), group="outside", name="offer")
        else:
            self._take_in(news)

    def _take_in(self, news: _News) -> None:
        session = self._session
        assert session is not None
        before = session.document
        change = session.take(news.prepared) if news.prepared is not None else None
        if change is None:
            document = news.loaded.document
            change = session.apply(lambda _: document, READ_AGAIN)
        self._stand_on(news.loaded, change)
        size = size_of_difference(difference(before, session.document))
        self._bench.status.say(f"Someone else changed the file: read again, {size}.")

    def _stand_on(self, loaded: Loaded, change: Change | None = None) -> None:
        """What is unsaved is told against what the file says now."""
        session, view = self._session, self._bench.view
        assert session is not None
        assert view is not None
        session.stand_on(loaded)
        self._news, self.state = None, State.SAME
        if not session.dirty:
            view.mark_saved()
        if change is not None:
            self._bench.take_up(change)
        else:
            self._bench.show_state()

    async def offer(self) -> Way | None:
        """Say that both changed it, and do what is chosen; None where nothing is."""
        while True:
            news, session = self._news, self._session
            if news is None or session is None:
                return None
            answer = await self._bench.app.push_screen_wait(
                OfferScreen("Someone else changed the file", _told(session, news.loaded), WAYS, "later")
            )
            if answer is None:
                self._bench.status.say("Both stay as they are. Saving (w) asks again.", "label")
                return None
            settled = await self._compared(news) if answer == 0 else Settled((Way.THEIRS, Way.MINE)[answer - 1], {})
            if settled is None:
                continue
            if await self._settle(settled):
                return settled.way

    async def offer_after(self, loaded: Loaded) -> Way | None:
        """The same where a save came upon what someone else wrote."""
        self._news, self.state = _News(loaded, None, True), State.CHANGED
        return await self.offer()

    async def _compared(self, news: _News) -> Settled | None:
        session = self._session
        assert session is not None
        base, mine, theirs = session.saved_document, session.document, news.loaded.document
        found = await asyncio.to_thread(lambda: differences(base, mine, theirs))
        notes = _notes(base, mine, theirs)
        return await self._bench.app.push_screen_wait(CompareScreen(found, notes))

    async def _settle(self, settled: Settled) -> bool:
        """Do what was chosen; false where it cannot be done, or where the file was changed once more."""
        news, session = self._news, self._session
        if news is None or session is None:
            return True
        loaded, before = news.loaded, session.document
        if settled.way is Way.MINE:
            self._stand_on(loaded)
            self._bench.status.say("Mine is kept. Saving (w) shows what it writes over.")
            return True
        document, label = loaded.document, "take theirs"
        if settled.way is Way.BOTH:
            base, label = session.saved_document, "put mine and theirs together"
            try:
                document = await asyncio.to_thread(lambda: put_together(base, before, loaded.document, settled.choices))
            except EditRefused as refusal:
                self._bench.status.say(str(refusal), "warning")
                return False
        if session.document is not before or self._news is not news:
            return False
        self._stand_on(loaded, session.apply(lambda _: document, label))
        said = (
            "Both are put together, and unsaved."
            if settled.way is Way.BOTH
            else "Theirs is taken. Undo (u) brings mine back."
        )
        self._bench.status.say(said)
        return True


def _notes(base: Document, mine: Document, theirs: Document) -> list[str]:
    """What either changed of comments, which no field shows."""
    counted = [(whose, comment_lines(difference(base, side))) for whose, side in (("mine", mine), ("theirs", theirs))]
    return [f"{whose}: {plural(lines, 'line')} of comment" for whose, lines in counted if lines]


def _told(session: Session, loaded: Loaded) -> list[Paragraph]:
    theirs = difference(session.saved_document, loaded.document)
    steps = plural(len(session.history.done), "step")
    mine = size_of_difference(session.difference())
    return [
        (f"They changed {size_of_difference(theirs)}.", "value"),
        (f"Not saved of mine: {mine} ({steps} of undo).", "value"),
    ]
