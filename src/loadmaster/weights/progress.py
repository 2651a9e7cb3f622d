"""How far a long read has come, and how fast, by the clock of whoever shows it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of a read of many files; all but the paths and file counts are bytes.

    `path`, `file_done` and `file_size` tell of the file that just moved; the others of all that is to be read.
    What came from the cache is not read and not counted.
    """

    path: str
    file_done: int
    file_size: int
    done: int
    total: int
    files_done: int
    files_total: int


class Pace:
    """Rate and time left from how many bytes are done, over the last `window` seconds of the given clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, window: float = 10.0) -> None:
        self._clock = clock
        self._window = window
        self._seen: deque[tuple[float, int]] = deque([(clock(), 0)])

    def update(self, done: int) -> None:
        """Notes that `done` bytes are done by now."""
        now = self._clock()
        self._seen.append((now, done))
        # One sample older than the window stays, so that a slow stretch still has a beginning.
        while len(self._seen) > 2 and self._seen[1][0] <= now - self._window:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """Bytes a second, or None before anything can be said."""
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / (end - start) if end > start else None

    def seconds_left(self, total: int) -> float | None:
        """Seconds until `total` bytes are done at this rate, or None where the rate is unknown or nothing moves."""
        rate = self.rate
        return max(total - self._seen[-1][1], 0) / rate if rate else None
