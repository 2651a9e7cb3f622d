"""A hand on the app that does not wait for idleness: keys and mouse as a terminal sends them, as fast as they go.

`Pilot` sleeps some 60 ms around each key. Here an event is handed over, and its answer awaited by a round through the
queues of all widgets: enough for tests that ask thousands of times whether the app still runs.
"""

from __future__ import annotations

import unicodedata

from textual import events
from textual.app import App
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.pilot import Pilot

LEFT = 1


class Hand:
    """Keys and mouse for a running app."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot

    @property
    def app(self) -> App[int]:
        """The app that is tried."""
        return self.pilot.app

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
        """Let every widget answer what was sent, and what the answers ask for."""
        for _ in range(2):
            if self.is_alive:
                await self.pilot._wait_for_screen()

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
