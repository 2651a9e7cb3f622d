"""Notices that a file was changed by someone else: told by the system where it can, and looked at now and then anyway.

The folder is watched and not the file, for an editor that saves by renaming puts another file in its place. Network
disks tell of no change, and a system may have no watch left to give: the look every few seconds covers both.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from loadmaster.document import store
from loadmaster.document.store import Loaded, Stamp
from loadmaster.errors import StoreError

LOOK_EVERY = 3.0
"""Seconds between two looks where nothing was told."""

QUIET = 0.1
"""Seconds without a further change after which a change is looked at."""

PATIENCE = 0.4
"""Seconds that a file may be gone or empty, as some editors leave it while they save."""


class State(StrEnum):
    """What a file is, beside what was read of it."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file: `stamp` is what it was compared with, `loaded` what it says now where it changed,
    `reason` why it cannot be read."""

    stamp: Stamp
    state: State
    loaded: Loaded | None = None
    reason: str = ""


def look_at(path: Path, stamp: Stamp) -> Look:
    """What the file at `path` is now, beside `stamp`. Never raises."""
    try:
        if not store.has_changed(path, stamp):
            return Look(stamp, State.SAME)
        loaded = store.load(path)
    except StoreError as error:
        if error.details.get("kind") == "missing":
            return Look(stamp, State.GONE)
        return Look(stamp, State.UNREADABLE, reason=str(error))
    return Look(stamp, State.CHANGED, loaded)


class FileWatch:
    """Watches one file in a thread.

    `stamp` gives what the file was when it was read or written last; `seen` is told, in that thread, what is seen
    whenever that is something else than before.
    """

    def __init__(
        self,
        path: Path,
        stamp: Callable[[], Stamp | None],
        seen: Callable[[Look], None],
        *,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._path = path
        self._stamp = stamp
        self._seen = seen
        self._look_every = look_every
        self._stop = threading.Event()
        self._last: tuple[object, ...] | None = None
        self._thread = threading.Thread(target=self._run, name="file watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; nothing is told any more. Does not wait."""
        self._stop.set()

    def look_again(self) -> None:
        """At the next look tell what is seen, also where it was told before."""
        self._last = None

    def _run(self) -> None:
        while not self._stop.is_set():
            folders = self._folders()
            for _ in self._told(folders):
                if self._stop.is_set():
                    return
                self._look()
                if self._folders() != folders:
                    break

    def _folders(self) -> list[str]:
        """Where a change shows: the folder of the name, and of the file where the name is a link to it."""
        found = {os.path.dirname(os.path.abspath(self._path)), os.path.dirname(os.path.realpath(self._path))}
        return sorted(folder for folder in found if os.path.isdir(folder))

    def _told(self, folders: list[str]) -> Iterator[None]:
        """A sign for each change near the file, and one every few seconds."""
        names = {os.path.basename(self._path), os.path.basename(os.path.realpath(self._path))}
        with contextlib.suppress(Exception):  # whatever the system has against it, there are still the looks
            from watchfiles import watch

            for _ in watch(
                *folders,
                recursive=False,
                watch_filter=lambda _, path: os.path.basename(path) in names,
                step=int(QUIET * 1000),
                debounce=1000,
                rust_timeout=int(self._look_every * 1000),
                yield_on_timeout=True,
                stop_event=self._stop,
                raise_interrupt=False,
            ):
                yield
        while not self._stop.wait(self._look_every):
            yield

    def _look(self) -> None:
        stamp = self._stamp()
        if stamp is None or self._last == (stamp, _signature(self._path)):
            return
        look = look_at(self._path, stamp)
        if look.state is State.GONE or (look.loaded is not None and not look.loaded.stamp.size):
            self._stop.wait(PATIENCE)
            look = look_at(self._path, stamp)
        signature = _signature(self._path)
        # Permission can come back without a trace in what is compared here.
        self._last = None if look.state is State.UNREADABLE else (stamp, signature)
        if look.loaded is not None and signature != _signature_of(look.loaded.stamp):
            self._last = None  # it was written on while it was read: that will be told as well
            return
        if not self._stop.is_set():
            self._seen(look)


def _signature(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _signature_of(stamp: Stamp) -> tuple[int, int, int]:
    return stamp.size, stamp.mtime_ns, stamp.inode
