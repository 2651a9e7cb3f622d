"""A fault of our own: its traceback goes to a log in the state folder, and the person is told one sentence."""

from __future__ import annotations

import contextlib
import errno
import faulthandler
import os
import platform
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

CRASHED = 70
"""The exit code after a fault of our own; what BSD calls EX_SOFTWARE."""

HUNG_UP = 129
"""The exit code when the terminal went away, as a shell tells it: 128 and the number of SIGHUP."""

MOST_BYTES = 1_000_000
"""Beyond this size the log begins anew; the one before is kept beside it."""


def log_path(folder: Path) -> Path:
    """Where the log lies inside the state folder."""
    return folder / "loadmaster.log"


def write_log(folder: Path, error: BaseException) -> Path | None:
    """Add an exception with its traceback to the log; the place of the log, or None where it cannot be written."""
    path = log_path(folder)
    try:
        with _open_log(path) as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S%z')}  {_versions()}\n")
            file.write("".join(traceback.format_exception(error)).encode("utf-8", "replace").decode() + "\n")
    except OSError:
        return None
    return path


def sentence(log: Path | None, unsaved: bool) -> str:
    """What is said once the terminal is as it was."""
    kept = "; unsaved work was kept aside, and the next start offers it" if unsaved else ""
    where = f"The details are in {log}" if log is not None else "The details could not be written to a log."
    return f"loadmaster stopped because of a fault of its own{kept}. {where}"


@contextlib.contextmanager
def logged(folder: Path) -> Iterator[None]:
    """While it lasts, faults in threads, and those that end the interpreter at once, go to the log."""
    before = threading.excepthook

    def of_thread(arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        is_hang_up = isinstance(error, OSError) and error.errno == errno.EIO  # the terminal is gone: no fault
        if error is not None and not is_hang_up and not isinstance(error, SystemExit):
            write_log(folder, error)

    threading.excepthook = of_thread
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ValueError):
            faulthandler.enable(stack.enter_context(_open_log(log_path(folder))))
        try:
            yield
        finally:
            faulthandler.disable()
            threading.excepthook = before


def _open_log(path: Path) -> TextIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        if path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".old.log"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")


def _versions() -> str:
    return f"loadmaster {version('loadmaster')}, Python {sys.version.split()[0]}, {platform.system()}"
