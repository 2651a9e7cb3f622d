"""The app in a terminal of its own: a real one, as far as a process can tell."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PATIENCE = 60.0
"""Seconds after which a condition is taken not to come. Nothing waits that long unless it fails."""

_OF_THIS_TERMINAL = ("NO_COLOR", "COLORTERM", "TMUX", "COLUMNS", "LINES")
"""What the environment says of the terminal in which the tests run."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?<>=]*[A-Za-z$u]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>()][A-B0]?)")


class Terminal:
    """A program that runs in a pseudo-terminal; what it wrote is read as it comes."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (110, 30)
    ) -> None:
        import fcntl
        import pty
        import termios

        self.pid, self.screen = pty.fork()
        if self.pid == 0:  # the child: nothing of the test may run on here
            try:
                os.execve(sys.executable, [sys.executable, *arguments], dict(environment))
            finally:
                os._exit(127)
        fcntl.ioctl(self.screen, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.raw = b""
        self._code: int | None = None

    @property
    def text(self) -> str:
        """All that was written so far, without what moves the cursor and colours."""
        return _ESCAPES.sub("", self.raw.decode("utf-8", "replace"))

    def read(self, seconds: float = 0.05) -> None:
        """Read what there is to read."""
        if self.screen < 0 or not select.select([self.screen], [], [], seconds)[0]:
            return
        with contextlib.suppress(OSError):
            self.raw += os.read(self.screen, 65_536)

    def until(self, condition: Callable[[], object]) -> None:
        """Read on until something holds. Raises TimeoutError where it never does."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(self.text[-4000:])
            self.read()

    def shows(self, text: str) -> None:
        """Wait until a text was written since the last key."""
        self.until(lambda: text in self.text)

    def type(self, keys: str) -> None:
        """Press keys; what was written before is forgotten."""
        self.raw = b""
        os.write(self.screen, keys.encode())

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def close(self) -> None:
        """Close the terminal, as its window is closed."""
        os.close(self.screen)
        self.screen = -1

    def wait(self) -> int:
        """Wait for the end; the exit code, or the negative number of the signal that ended it."""
        self.until(self._has_ended)
        assert self._code is not None
        return self._code

    def _has_ended(self) -> bool:
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
                self.read()
        return self._code is not None

    def end(self) -> None:
        """Leave nothing behind."""
        if not self._has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        if self.screen >= 0:
            os.close(self.screen)


@contextlib.contextmanager
def in_terminal(
    arguments: Sequence[str], home: Path, size: tuple[int, int] = (110, 30), **variables: str
) -> Iterator[Terminal]:
    """Run Python with these arguments in a terminal; state and configuration lie below `home`."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in _OF_THIS_TERMINAL},
        "TERM": "xterm-256color",
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CONFIG_HOME": str(home / "config"),
        **variables,
    }
    terminal = Terminal(arguments, environment, size)
    try:
        yield terminal
    finally:
        terminal.end()
