"""The signals that end a process: heard, so that nothing is lost when a terminal is closed or a service is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

PATIENCE = 3.0
"""Seconds that an orderly end may take once a signal came: a terminal that is gone may never take its last bytes."""

NAMES = ("SIGTERM", "SIGHUP")
"""Those that are heard, as far as the platform has them."""


def listen(loop: asyncio.AbstractEventLoop, heard: Callable[[int], None], at_last: Callable[[], None]) -> None:
    """Call `heard` in the loop, with the exit code that a shell expects, when a signal comes: 128 and its number.

    Where that has not ended the process after a while, `at_last` is called in a thread and the process is ended.
    """

    def hear(number: int, frame: FrameType | None) -> None:
        code = 128 + number
        end = threading.Timer(PATIENCE, _end, (at_last, code))
        end.daemon = True
        end.start()
        with contextlib.suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(heard, code)

    for name in NAMES:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(ValueError):  # only the main thread may listen
                signal.signal(number, hear)


def _end(at_last: Callable[[], None], code: int) -> None:
    try:
        at_last()
    finally:
        os._exit(code)
