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
FETCH_SECONDS = 10.0
"""How long to wait for a result that is done but still lies on its worker, before others are looked at."""

PATIENCE_SECONDS = 60.0
"""How long to wait while no worker is there at all: one that was killed needs some seconds to come back."""

DIED = "was given up: its workers died"

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
        files = sorted(dict.fromkeys(stamps), key=lambda stamp: (-stamp.size, stamp.path))
        tally = Tally(sum(stamp.size for stamp in files), len(files), self.on_progress)
        suspects = []
        for result in self._round(files):
            if result.trouble == DIED:
                suspects.append(result.stamp)
            else:
                tally.finished(result.stamp)
                yield result
        # The scheduler blames a death on every file that the worker had in hand. Each alone, the innocent are read.
        for suspect in suspects:
            for result in self._round([suspect]):
                tally.finished(result.stamp)
                yield result

    def _round(self, stamps: Sequence[FileStamp]) -> Iterator[HashResult]:
        waiting = {f"loadmaster-{uuid4().hex}": stamp for stamp in stamps}
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        futures = []
        try:
            for key, stamp in waiting.items():
                future = self.client.submit(self.read, stamp, key=key, pure=False)
                future.add_done_callback(done.put)
                futures.append(future)
            yield from self._results(waiting, done)
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
            stamp = waiting.get(future.key)
            if stamp is None:
                continue
            result = _result(future, stamp)
            if result is None:  # it died with its worker before it was fetched, and is being made anew
                future.add_done_callback(done.put)
            else:
                del waiting[future.key]
                yield result
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


def _result(future: Any, stamp: FileStamp) -> HashResult | None:
    """What a finished future holds; None where it is not there any more, because the worker that held it died."""
    try:
        result = future.result(timeout=FETCH_SECONDS)
    except TimeoutError:
        return None
    except Exception as problem:  # whatever happened over there happened to this file only
        name = type(problem).__name__
        return HashResult(stamp, None, DIED if name == "KilledWorker" else f"failed on its worker ({name})")
    return result if isinstance(result, HashResult) else HashResult(stamp, None, "was not read by its worker")
