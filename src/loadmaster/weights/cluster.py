"""Digests read by many machines that see the same root: files given to `dask.distributed` (extra `cluster`).

The scheduler hands a file on when the worker that had it dies. Here each file is kept in a list until its first answer
comes, so that none is lost, and a second answer for it finds nothing to cross off.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import uuid4

from loadmaster.errors import ExtraMissing, WeightsError
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult, Tally, hash_file
from loadmaster.weights.progress import Progress

CONNECT_SECONDS = 10.0
PATIENCE_SECONDS = 60.0
"""How long to wait while no worker is there at all: one that was killed needs some seconds to come back."""

Reader = Callable[[FileStamp], HashResult | None]

_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Cluster:
    """A connected scheduler; made by :func:`connect`. Calling it reads files, so it can be given as a `hasher`."""

    client: Any
    stop: threading.Event = field(default_factory=threading.Event)
    on_progress: Callable[[Progress], None] | None = None
    read: Reader = hash_file
    patience: float = PATIENCE_SECONDS
    clock: Callable[[], float] = time.monotonic

    def __call__(self, stamps: Sequence[FileStamp]) -> Generator[HashResult, None, None]:
        """Gives each file to one worker and yields each result once, as it comes, the largest files begun first.

        Progress moves by whole files. When `stop` is set or the iteration is closed, what workers have not begun is
        taken back. A file whose workers died again and again, or for which no worker is left, has a `trouble`.
        """
        waiting = {
            f"loadmaster-{uuid4().hex}": stamp
            for stamp in sorted(dict.fromkeys(stamps), key=lambda stamp: (-stamp.size, stamp.path))
        }
        tally = Tally(sum(stamp.size for stamp in waiting.values()), len(waiting), self.on_progress)
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        futures = []
        try:
            for key, stamp in waiting.items():
                future = self.client.submit(self.read, stamp, key=key, pure=False)
                future.add_done_callback(done.put)
                futures.append(future)
            for result in self._results(waiting, done):
                tally.finished(result.stamp)
                yield result
        finally:
            self.client.cancel(futures)

    def _results(self, waiting: dict[str, FileStamp], done: queue.SimpleQueue[Any]) -> Iterator[HashResult]:
        alone_since: float | None = None
        while waiting and not self.stop.is_set():
            try:
                future = done.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                alone_since = self._alone_since(alone_since)
                if alone_since is not None and self.clock() - alone_since >= self.patience:
                    break
                continue
            alone_since = None
            stamp = waiting.pop(future.key, None)
            if stamp is not None:
                yield _result(future, stamp)
        if not self.stop.is_set():
            for stamp in waiting.values():
                yield HashResult(stamp, None, "was not read: no worker is left")

    def _alone_since(self, before: float | None) -> float | None:
        """Since when no worker is known, or None while there is one."""
        try:
            workers = self.client.scheduler_info()["workers"] if self.client.status == "running" else {}
        except OSError:
            workers = {}
        if workers:
            return None
        return self.clock() if before is None else before


@contextmanager
def connect(
    address: str,
    *,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[Cluster]:
    """A connection to the scheduler at `address` (`tcp://host:8786`), as long as the block lasts.

    Raises ExtraMissing without the library, WeightsError where no scheduler answers in ten seconds.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        message = "to use a scheduler, distributed is needed: pip install 'loadmaster[cluster]'"
        raise ExtraMissing(message, {"extra": "cluster"}) from None
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError):
        raise WeightsError(f"no scheduler answers at {address}", {"address": address}) from None
    try:
        yield Cluster(client, stop or threading.Event(), on_progress)
    finally:
        client.close()


def _result(future: Any, stamp: FileStamp) -> HashResult:
    try:
        result = future.result(timeout=CONNECT_SECONDS)
    except Exception as problem:  # whatever happened over there happened to this file only
        name = type(problem).__name__
        trouble = "was given up: its workers died" if name == "KilledWorker" else f"failed on its worker ({name})"
        return HashResult(stamp, None, trouble)
    return result if isinstance(result, HashResult) else HashResult(stamp, None, "was not read by its worker")
