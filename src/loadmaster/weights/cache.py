"""Digests that were read before, by path, size, mtime and inode, in one SQLite file for all processes.

The cache only ever saves time. Whatever is wrong with it (damaged, locked, on a full disk), the answer is to read the
file again. A rollback journal without fsync is used rather than a write-ahead log: it works on network homes, a commit
costs some 0.1 ms, and what a power cut damages is rebuilt.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult

SCHEMA = 1
BUSY_SECONDS = 30.0
FINE_SLACK_NS = 50_000_000
COARSE_SLACK_NS = 2_000_000_000

_CREATE = """
CREATE TABLE IF NOT EXISTS digests (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns TEXT NOT NULL, inode TEXT NOT NULL,
    sha256 TEXT NOT NULL, proof BLOB NOT NULL
) WITHOUT ROWID
"""


def default_cache_path() -> Path:
    """The file that all runs of one person share, in the platform's cache folder."""
    return platformdirs.user_cache_path("loadmaster") / f"digests-{SCHEMA}.sqlite"


class DigestCache:
    """Opens or creates the cache; `trouble` says in words why it could not be used, and is empty otherwise.

    May be used from any thread, and by several processes at once. None of its methods raises.
    """

    def __init__(self, path: Path | None) -> None:
        """`path` None keeps the cache in memory, for one run."""
        self._path = path
        self._lock = threading.Lock()
        self._readable = self._writable = True
        self.trouble = ""
        self._database = self._opened()

    def get(self, stamp: FileStamp) -> str | None:
        """The digest of a file in exactly this state, or None."""
        if not self._readable:
            return None
        query = "SELECT size, mtime_ns, inode, sha256, proof FROM digests WHERE path = ?"
        rows = self._run(query, (os.fsencode(stamp.path),))
        self._readable = rows is not None
        if not rows:
            return None
        size, mtime_ns, inode, sha256, proof = rows[0]
        if (size, mtime_ns, inode) != (stamp.size, str(stamp.mtime_ns), str(stamp.inode)):
            return None
        # SQLite finds torn pages, not flipped bits: a digest that was not written like this is not believed.
        return sha256 if isinstance(sha256, str) and proof == _proof(stamp, sha256) else None

    def put(self, result: HashResult) -> None:
        """Keeps a digest, unless the file was written so shortly before that a later write could look the same."""
        stamp = result.stamp
        if not self._writable or result.sha256 is None or not _settled(stamp, result.started_ns):
            return
        row = (os.fsencode(stamp.path), stamp.size, str(stamp.mtime_ns), str(stamp.inode), result.sha256)
        insert = "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?, ?)"
        self._writable = self._run(insert, (*row, _proof(stamp, result.sha256))) is not None

    def close(self) -> None:
        """Lets go of the file. Everything put is already in it."""
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, statement: str, values: tuple[object, ...]) -> list[tuple[object, ...]] | None:
        """The rows, or None where it is no use to ask like this again: closed, locked for long, full, read-only."""
        with self._lock:
            for _ in range(2):
                try:
                    return self._database.execute(statement, values).fetchall()
                except (sqlite3.ProgrammingError, sqlite3.OperationalError) as problem:
                    self.trouble = str(problem)
                    return None
                except sqlite3.DatabaseError as problem:
                    self.trouble = f"the cache was damaged and is built anew ({problem})"
                    self._rebuild()
            return None

    def _opened(self) -> sqlite3.Connection:
        if self._path is None:
            return _connect(":memory:")
        for _ in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                return _connect(str(self._path))
            except sqlite3.OperationalError as problem:
                self.trouble = str(problem)
                break
            except sqlite3.DatabaseError as problem:
                self.trouble = f"the cache was damaged and is built anew ({problem})"
                if not _discard(self._path):
                    break
            except OSError as problem:
                self.trouble = problem.strerror or str(problem)
                break
        return _connect(":memory:")

    def _rebuild(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._database.close()
        if self._path is not None:
            _discard(self._path)
        self._database = self._opened()


def known(stamps: Iterable[FileStamp], cache: DigestCache | None) -> tuple[list[HashResult], list[FileStamp]]:
    """The results that the cache already holds, and the files that must be read."""
    hits: list[HashResult] = []
    rest: list[FileStamp] = []
    for stamp in stamps:
        sha256 = cache.get(stamp) if cache is not None else None
        if sha256 is None:
            rest.append(stamp)
        else:
            hits.append(HashResult(stamp, sha256, cached=True))
    return hits, rest


def kept(results: Iterable[HashResult], cache: DigestCache | None) -> Iterator[HashResult]:
    """The results as they come, each put into the cache before it is handed on."""
    for result in results:
        if cache is not None:
            cache.put(result)
        yield result


def _connect(name: str) -> sqlite3.Connection:
    database = sqlite3.connect(name, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA synchronous = OFF")
        database.execute(_CREATE)
        database.execute("SELECT path, size, mtime_ns, inode, sha256, proof FROM digests LIMIT 1").fetchall()
    except sqlite3.OperationalError as problem:
        database.close()
        if "no such column" in str(problem) or "no column" in str(problem):
            raise sqlite3.DatabaseError(str(problem)) from problem  # a table of another make is damage, not weather
        raise
    except BaseException:
        database.close()
        raise
    return database


def _discard(path: Path) -> bool:
    for suffix in ("-journal", "-wal", "-shm", ""):
        try:
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        except OSError:
            return False
    return True


def _settled(stamp: FileStamp, started_ns: int) -> bool:
    """Whether the file was last written clearly before reading began.

    Clocks of file systems tick coarsely (4 ms on ext4, up to 2 s where stamps are whole seconds): a write within the
    same tick would leave the stamp as it was.
    """
    slack = COARSE_SLACK_NS if stamp.mtime_ns % 1_000_000_000 == 0 else FINE_SLACK_NS
    return stamp.mtime_ns + slack <= started_ns


def _proof(stamp: FileStamp, sha256: str) -> bytes:
    text = f"{stamp.size}:{stamp.mtime_ns}:{stamp.inode}:{sha256}:".encode() + os.fsencode(stamp.path)
    return hashlib.blake2b(text, digest_size=8).digest()
