"""Manifest files: read whole, written atomically, never written over what someone else has changed meanwhile."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from loadmaster.document.collector import without_collection
from loadmaster.document.document import Document
from loadmaster.document.plain import same
from loadmaster.errors import ChangedOnDisk, StoreError

MAX_BYTES = 80 * 2**20
"""The largest file that is opened, in bytes: 10,000 models with 20 files each need 53 MB."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read: its size in bytes, time of change in ns, inode, and the digest of its bytes."""

    size: int
    mtime_ns: int
    inode: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document with the stamp of its file; `writable` says whether it could be saved as things stand."""

    document: Document
    stamp: Stamp
    writable: bool


def read(path: Path | str) -> Document:
    """The document in the file at `path`, for looking at: without the stamp that saving needs. Raises as `load`."""
    return Document.from_bytes(_bytes(Path(path))[0])


def load(path: Path | str) -> Loaded:
    """The document in the file at `path`. Raises StoreError where there is no readable file of a bearable size."""
    path = Path(path)
    raw, stamp = _read(path)
    with without_collection():
        document = Document.from_bytes(raw)
    return Loaded(document, stamp, os.access(path, os.W_OK))


def _read(path: Path) -> tuple[bytes, Stamp]:
    raw, status = _bytes(path)
    return raw, Stamp(len(raw), status.st_mtime_ns, status.st_ino, _digest(raw))


def _digest(raw: bytes) -> str:
    import hashlib  # brings OpenSSL along, which `loadmaster check` does not need

    return hashlib.sha256(raw).hexdigest()


def _bytes(path: Path) -> tuple[bytes, os.stat_result]:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISDIR(status.st_mode):
                raise IsADirectoryError(errno.EISDIR, "is a directory")
            if status.st_size > MAX_BYTES:
                raise _too_large(path, f"{status.st_size:,} bytes are")
            raw = file.read(MAX_BYTES + 1)
            if len(raw) > MAX_BYTES:  # a pipe has no size, and a file may have grown
                raise _too_large(path, "what comes out of it is")
            return raw, status
    except OSError as error:
        raise _told(path, error, "read") from error


def _too_large(path: Path, size: str) -> StoreError:
    return StoreError(
        f"{path}: {size} more than a manifest has ({MAX_BYTES:,} at most). Is it the right file?",
        {"file": str(path), "kind": "too-large"},
    )


def has_changed(path: Path | str, stamp: Stamp) -> bool:
    """Whether the file at `path` says something else than when `stamp` was taken. A file that is gone has changed.

    The bytes are read only where size, time or inode differ. Raises StoreError where they cannot be read.
    """
    path = Path(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise _told(path, error, "read") from error
    if (status.st_size, status.st_mtime_ns, status.st_ino) == (stamp.size, stamp.mtime_ns, stamp.inode):
        return False
    return _read(path)[1].sha256 != stamp.sha256


def save(path: Path | str, document: Document, stamp: Stamp | None, *, force: bool = False) -> Stamp:
    """Write the document's text to `path`, whole or not at all, and give the new stamp.

    A link is followed; mode and owner stay. `stamp` is of the file as it was read, None for a new file. Raises
    ChangedOnDisk where the file says something else by now (not with `force`), StoreError where it cannot be written
    or where the text, read once more, does not say what the document believes; then nothing was written.
    """
    path = Path(path)
    target = Path(os.path.realpath(path))
    if not document.is_readable:
        raise StoreError(f"{path}: it is not UTF-8, so it is shown read-only.", {"file": str(path), "kind": "encoding"})
    if not force and os.path.exists(target) and (stamp is None or has_changed(target, stamp)):
        raise ChangedOnDisk(
            f"{path}: it was changed by someone else since it was read. Nothing was written.",
            {"file": str(path), "kind": "changed"},
        )
    verify(document, path)
    raw = document.text.encode("utf-8")
    try:
        _write(target, raw)
    except OSError as error:
        raise _told(path, error, "written") from error
    status = target.stat()
    return Stamp(len(raw), status.st_mtime_ns, status.st_ino, _digest(raw))


def verify(document: Document, path: Path | str = "") -> None:
    """Read the whole text once more. Raises StoreError where it does not say what the document believes."""
    again = Document.from_text(document.text)
    if same(again.data, document.data) and len(again.tables) == len(document.tables):
        if document.faults:
            return
        try:
            if same(tomllib.loads(document.text), document.data):
                return
        except (ValueError, RecursionError):
            pass
    raise StoreError(
        f"{path}: read once more, the text does not say what is shown. Nothing was written; please report this.",
        {"file": str(path), "kind": "disagrees"},
    )


def _write(target: Path, raw: bytes) -> None:
    try:
        status: os.stat_result | None = target.stat()
    except FileNotFoundError:
        status = None
    if status is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EROFS if _is_on_read_only_disk(target) else errno.EACCES, "is read-only")
    import tempfile  # only who writes pays for it

    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except PermissionError:
        if status is None:
            raise
        _write_in_place(target, raw)  # the folder is closed to us, the file is not
        return
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        if status is None:
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(target)
        elif status.st_nlink > 1 or not _takes_after(temporary, status):
            # A rename would part the file from its other names, or give it another owner. The new text is safe
            # beside it while it is written in place.
            _write_in_place(target, raw)
        else:
            temporary.replace(target)
        _sync_folder(target.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()


def _is_on_read_only_disk(path: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _write_in_place(target: Path, raw: bytes) -> None:
    """Write over the bytes of a file. Where the disk is too full for the new ones the old ones are put back."""
    with target.open("r+b", buffering=0) as file:
        old = file.read()
        try:
            _overwrite(file, raw)
        except OSError:
            with contextlib.suppress(OSError):
                _overwrite(file, old)  # their room is still theirs
            raise


def _overwrite(file: io.FileIO, raw: bytes) -> None:
    file.seek(0)
    left = memoryview(raw)
    while left:
        left = left[file.write(left) :]
    file.truncate()
    os.fsync(file.fileno())


def _takes_after(temporary: Path, status: os.stat_result) -> bool:
    """Give the new file the mode and owner of the old; False where the owner cannot be kept."""
    temporary.chmod(stat.S_IMODE(status.st_mode))
    if not hasattr(os, "chown"):
        return True
    own = temporary.stat()
    if (own.st_uid, own.st_gid) == (status.st_uid, status.st_gid):
        return True
    try:
        os.chown(temporary, status.st_uid, status.st_gid)
    except OSError:
        return False
    temporary.chmod(stat.S_IMODE(status.st_mode))
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


_REASONS = {
    errno.ENOENT: ("missing", "there is no such file"),
    errno.EISDIR: ("directory", "is a folder, not a file"),
    errno.ENOTDIR: ("missing", "there is no such file"),
    errno.EACCES: ("permission", "you have no permission"),
    errno.EPERM: ("permission", "you have no permission"),
    errno.EROFS: ("read-only", "the disk is mounted read-only"),
    errno.ENOSPC: ("disk-full", "the disk is full; nothing was lost, free some space and save again"),
    errno.EDQUOT: ("disk-full", "your quota is used up; nothing was lost, free some space and save again"),
}


def reason_of(error: OSError) -> tuple[str, str]:
    """What stood in the way: one word for programs, and the end of a sentence for people."""
    return _REASONS.get(error.errno or 0, ("failed", error.strerror or str(error)))


def _told(path: Path, error: OSError, done: str) -> StoreError:
    kind, reason = reason_of(error)
    if kind == "missing" and done == "written":
        reason = f"there is no folder {path.parent}"
        return StoreError(f"{path}: cannot be written: {reason}.", {"file": str(path), "kind": kind})
    sentence = f"{path}: {reason}." if kind in {"missing", "directory"} else f"{path}: cannot be {done}: {reason}."
    return StoreError(sentence, {"file": str(path), "kind": kind})
