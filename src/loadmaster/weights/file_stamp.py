"""What tells two states of one file apart without reading it."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileStamp:
    """A regular file as it was when it was looked at: real path, size in bytes, mtime in ns, inode.

    Two equal stamps are taken to mean equal bytes; that is what the digest cache rests on.
    """

    path: str
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def of(cls, path: str, status: os.stat_result) -> FileStamp:
        """The stamp of a file that was just looked at."""
        return cls(path, status.st_size, status.st_mtime_ns, status.st_ino)

    def same_state(self, status: os.stat_result) -> bool:
        """Whether size and mtime are still these. The inode is not asked: two machines may number it differently."""
        return (self.size, self.mtime_ns) == (status.st_size, status.st_mtime_ns)


def stamp(path: str | os.PathLike[str]) -> FileStamp:
    """The stamp of the file at `path`, its links followed. Raises OSError where it cannot be looked at."""
    real = os.path.realpath(path)
    return FileStamp.of(real, os.stat(real))
