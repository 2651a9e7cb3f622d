"""Progress of long work: one line on a terminal's stderr that is wiped again, and nothing anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType

PATIENCE = 0.4
"""Seconds before anything is shown: what is quick needs no progress."""


class Progress:
    """Told of each step; shows the latest once the work has taken longer than a moment."""

    def __init__(self, enabled: bool | None = None) -> None:
        self._enabled = sys.stderr.isatty() if enabled is None else enabled
        self._started = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

    def tell(self, what: str, *, at_once: bool = False) -> None:
        """Show `what`, `at_once` where it is known to take long."""
        if self._enabled and (at_once or time.monotonic() - self._started > PATIENCE):
            sys.stderr.write(f"\r\x1b[2K{what[:100]}")
            sys.stderr.flush()
            self._shown = True

    def wipe(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = False
