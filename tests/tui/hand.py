"""A hand on the app that does not wait for idleness: keys and mouse as a terminal sends them, as fast as they go.

`Pilot` sleeps some 60 ms around each key. Here an event is handed over, and its answer awaited by a round through the
queues of all widgets: enough for tests that ask thousands of times whether the app still runs.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable

from textual import events
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.key_gate import is_at_work

LEFT = 1
MOST_ROUNDS = 30
MOST_TURNS = 3000


class Hand:
    """Keys and mouse for a running app."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app, LoadmasterApp)
        self.app: LoadmasterApp = pilot.app
        """The app that is tried."""

    @property
    def is_alive(self) -> bool:
        """Whether the app still runs, without a fault of its own."""
        return self.app._exception is None and not self.app._exit

    async def key(self, key: str) -> None:
        """Press one key; names as in the table of actions, or a character."""
        if len(key) == 1 and not key.isalnum():
            key = _character_to_key(key)
        self._send(events.Key(key, character_of(key)))
        await self.rest()

    async def paste(self, text: str) -> None:
        """Paste a text."""
        self._send(events.Paste(text))
        await self.rest()

    async def click(self, x: int, y: int, times: int = 1) -> None:
        """Click at a cell of the screen."""
        for _ in range(times):
            self._mouse(events.MouseDown, x, y, LEFT)
            self._mouse(events.MouseUp, x, y, LEFT)
            await self.rest()

    async def drag(self, x: int, y: int, to_x: int, to_y: int) -> None:
        """Pull from one cell to another."""
        self._mouse(events.MouseDown, x, y, LEFT)
        await self.rest()
        self._mouse(events.MouseMove, to_x, to_y, LEFT)
        self._mouse(events.MouseUp, to_x, to_y, LEFT)
        await self.rest()

    async def wheel(self, x: int, y: int, down: bool) -> None:
        """Turn the wheel by one notch."""
        self._mouse(events.MouseScrollDown if down else events.MouseScrollUp, x, y, 0)
        await self.rest()

    async def move(self, x: int, y: int) -> None:
        """Move the mouse without a button."""
        self._mouse(events.MouseMove, x, y, 0)
        await self.rest()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await self.rest()

    async def rest(self) -> None:
        """Let every widget answer what was sent, and what the answers ask for: until two rounds leave no message."""
        await self.keys_dealt_with()
        quiet = 0
        for _ in range(MOST_ROUNDS):
            if quiet == 2 or not self.is_alive:
                break
            await self.pilot._wait_for_screen()
            quiet = 0 if self._is_busy() else quiet + 1

    async def keys_dealt_with(self) -> None:
        """Wait until no key is held back; the gate's own patience bounds that."""
        while self.is_alive and not self.app.key_gate.is_open:
            await asyncio.sleep(0.001)

    def _is_busy(self) -> bool:
        pumps = [self.app, *self.app.screen_stack, *self.app.screen.walk_children()] if self.is_alive else []
        return any(pump.message_queue_size or pump._next_callbacks for pump in pumps)

    async def until(self, holds: Callable[[], bool], rounds: int = MOST_TURNS) -> bool:
        """Let workers and threads go on until something holds; false if it does not after some rounds."""
        for _ in range(rounds):
            if holds() or not self.is_alive:
                return True
            await self.pilot.pause(0.001)
        return holds()

    async def painted(self) -> None:
        """Let the screen be drawn, and what waits for that be done."""
        done = asyncio.Event()
        self.app.screen.call_after_refresh(done.set)
        await self.until(done.is_set)
        await self.rest()

    async def workers(self) -> None:
        """Let what a key began come to rest: to its end, or to where it waits for the answer of a sheet."""
        await self.until(lambda: not is_at_work(self.app))

    def _mouse(self, kind: type[events.MouseEvent], x: int, y: int, button: int) -> None:
        self._send(kind(None, x, y, 0, 0, button, False, False, False, x, y))

    def _send(self, event: events.Event) -> None:
        if self.is_alive and self.app._driver is not None:
            event.set_sender(self.app)
            self.app._driver.send_message(event)


def character_of(key: str) -> str | None:
    """The character that a key types, if any."""
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return key if len(key) == 1 else None
