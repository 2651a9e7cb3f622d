"""Unsaved work is written aside after every edit, by a thread of its own: no key waits for a disk.

Wishes that come while one is being written replace each other, so that only the last text of a fast typist is written.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from loadmaster.document import recovery
from loadmaster.document.document import Document
from loadmaster.document.store import Stamp


@dataclass(frozen=True, slots=True)
class _Unsaved:
    """What shall be kept: the document, and the file as it was read."""

    document: Document
    stamp: Stamp | None


class RecoveryKeeper:
    """The recovery copies of one run of the app.

    `failed` is told, in the thread that wrote, why a copy could not be written; once until one can again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        failed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.folder = folder
        self.run = secrets.token_hex(4)
        """What tells the copies of this run from those of others."""
        self.failed = failed
        self._clock = clock
        self._wishes: dict[Path, _Unsaved | None] = {}
        self._wished = threading.Lock()
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_failing = False
        self._asked: dict[Path, Document | None] = {}  # None: its latest could not be written

    def keep(self, file: Path, document: Document, stamp: Stamp | None) -> None:
        """Keep the text of a document as the unsaved work on a file. Returns at once."""
        if self._asked.get(file) is not document:
            self._asked[file] = document
            self._wish(file, _Unsaved(document, stamp))

    def forget(self, file: Path) -> None:
        """Nothing of a file is unsaved any more: remove its copy. Returns at once."""
        if file in self._asked:
            del self._asked[file]
            self._wish(file, None)

    def flush(self) -> None:
        """Do now what is still to be done, and return when it is."""
        with self._writing:
            with self._wished:
                wishes, self._wishes = self._wishes, {}
            for file, unsaved in wishes.items():
                self._do(file, unsaved)

    def others(self, file: Path) -> list[recovery.RecoveryCopy]:
        """The copies that other runs left of a file, the latest first."""
        mine = recovery.copy_path(self.folder, file, self.run)
        return [copy for copy in recovery.find_all(self.folder, file) if copy.place != mine]

    def _wish(self, file: Path, unsaved: _Unsaved | None) -> None:
        with self._wished:
            self._wishes[file] = unsaved
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="recovery", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        recovery.tidy(self.folder, self._clock())
        while True:
            with self._wished:
                if not self._wishes:
                    self._thread = None
                    return
            self.flush()

    def _do(self, file: Path, unsaved: _Unsaved | None) -> None:
        if unsaved is None:
            recovery.discard(self.folder, file, self.run)
            return
        try:
            # In pieces: other threads wait while a large text is put together.
            texts = unsaved.document.tables.texts()
            recovery.keep(self.folder, file, texts, unsaved.stamp, self._clock(), self.run)
        except OSError as error:
            if self._asked.get(file) is unsaved.document:
                self._asked[file] = None
            if not self._is_failing:
                self._is_failing = True
                self.failed(recovery.why_not(error))
            return
        self._is_failing = False
