"""Keys one by one: the next is dealt with when the one before has done what it does.

The framework gives each key to the widget that has the focus when it comes. Keys that come faster than they are dealt
with, over a slow line or pasted, would go to what the key before is just about to leave: in `/wan` the `w` would not
be typed into the filter, but save.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

Typed = events.Key | events.Paste

ROUNDS = 2
"""Rounds from the focused widget up to the app: one for the key, one for the messages that it sets off."""
PATIENCE = 1.0
"""Seconds after which the next key is not held back any more, whatever the one before still does."""
PAUSE = 0.005
"""Seconds between two looks at what has not yet come: the sheet of a worker, a widget that is being put in."""
WATCH = 0.05
"""Seconds between two looks whether what is waited for is still there at all."""

GROUPS = ("sheet", "quit", "choose", "default")
"""The groups of workers that a key begins and that end with their sheet; others go on by themselves."""


class KeyGate:
    """Holds keys back while the one before them is being dealt with."""

    def __init__(self, app: App[Any], deal: Callable[[Typed], Any]) -> None:
        """`deal` gives a key to the app, as if it came now."""
        self._app = app
        self._deal = deal
        self._held: deque[Typed] = deque()
        self._since: float | None = None
        self._at: MessagePump | None = None
        self._watch: Timer | None = None
        self._count = 0
        self._screen: Screen[Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether a key that comes now is dealt with at once."""
        return self._since is None

    def admits(self, event: Typed) -> bool:
        """Whether a key may go on now; if not, it is kept, and given to the app when its turn has come."""
        if self._since is not None:
            self._held.append(event)
            return False
        self._since = monotonic()
        self._count += 1
        if self._watch is None:
            self._watch = self._app.set_interval(WATCH, self._watch_over)
        self._watch.resume()
        self._screen = self._app.screen if self._app.screen_stack else None
        return True

    def follow(self) -> None:
        """A key was given on: go where it goes, and let the next one in afterwards."""
        self._go_up(ROUNDS, self._count)

    def _go_up(self, rounds: int, count: int) -> None:
        if count != self._count:
            return
        if not rounds or not self._app.screen_stack:
            self._look(count)
            return
        first = self._app.focused or self._app.screen
        self._hop([node for node in first.ancestors_with_self if node is not self._app], rounds, count)

    def _hop(self, way: list[Any], rounds: int, count: int) -> None:
        # Queues keep their order: what is put behind a key comes back when the key is done there.
        while way:
            pump: MessagePump = way[0]
            way = way[1:]
            if pump.call_later(self._hop, way, rounds, count):
                self._at = pump
                return
        self._at = None
        if not self._app.call_later(self._go_up, rounds - 1, count):
            self._look(count)

    def _look(self, count: int) -> None:
        """Wait until what the key began has shown its sheet or its editor, and that has taken the focus."""
        if count != self._count or self._since is None:
            return
        if not self._is_late and self._app.screen_stack and self._app.is_running:
            screen = self._app.screen
            if is_at_work(self._app) or not all(node.is_mounted for node in screen.walk_children(Widget)):
                self._screen = None
                self._app.set_timer(PAUSE, lambda: self._look(count))
                return
            if screen is not self._screen or screen._callbacks:
                self._screen = self._at = screen
                screen.call_after_refresh(self._go_up, 1, count)
                return
        self._open()

    @property
    def _is_late(self) -> bool:
        return self._since is not None and monotonic() - self._since > PATIENCE

    def _watch_over(self) -> None:
        """A widget that goes away takes along what was to come back from it: ask anew, and at last ask no more."""
        if self._is_late:
            self._open()
        elif self._since is not None and self._at is not None and self._is_gone(self._at):
            self._go_up(1, self._count)

    def _is_gone(self, pump: MessagePump) -> bool:
        # A screen that another covers is not drawn, and calls nobody back.
        covered = isinstance(pump, Screen) and self._app.screen_stack and pump is not self._app.screen
        return bool(covered) or not (pump.is_attached and pump.is_running)

    def _open(self) -> None:
        self._since = self._at = None
        self._count += 1
        if self._watch is not None:
            self._watch.pause()
        if self._held:
            event = self._held.popleft()
            waiting, self._held = self._held, deque()
            self._app.call_next(self._deal, event)
            # They queue up behind it again, with a patience of their own.
            for later in waiting:
                self._app.call_next(self._deal, later)


def is_at_work(app: App[Any]) -> bool:
    """Whether something that a key began is neither done nor waiting for the answer of a sheet."""
    begun = sum(1 for worker in app.workers if _is_begun(worker))
    asked = (back for screen in app.screen_stack for back in screen._result_callbacks)
    return begun > sum(1 for back in asked if back.future is not None)


def _is_begun(worker: Worker[Any]) -> bool:
    return worker.group in GROUPS and not worker.is_finished and not worker._thread_worker
