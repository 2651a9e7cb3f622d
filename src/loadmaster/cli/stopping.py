"""Ctrl-C during long reads: the first asks to stop and keeps what is known, the second is the usual one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets. Outside of the main thread nothing is caught."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.getsignal(signal.SIGINT)

    def asked(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, asked)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
