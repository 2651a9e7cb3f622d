"""Recovery copies: unsaved work, kept where a crash, a kill or a closed terminal cannot take it.

A copy is one file in the platform's state folder, readable by its owner alone: a line of JSON that says of what it is
the copy, then the text as it is. Each run of the app writes a copy of its own, so that two that have the same manifest
open do not overwrite each other's work.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from loadmaster.document.store import Stamp, reason_of

VERSION = 1
_CHUNK = 2**20  # Bytes written in one go: between two of them other threads get their turn.


def state_folder() -> Path:
    """The platform's folder for what an app keeps of its own accord; copies lie in `recovery` below it."""
    import platformdirs  # only the app and `recover` ask

    return platformdirs.user_state_path("loadmaster", appauthor=False)


@dataclass(frozen=True, slots=True)
class RecoveryCopy:
    """Unsaved work: of which file, written when (seconds since 1970) and by which process; `stamp` is of the file as
    that process had read it; `text` is the whole text with the unsaved edits. `started` tells the process from a later
    one of the same number, where the system says when one started; `place` is where the copy lies."""

    file: str
    written: float
    process: int
    stamp: Stamp | None
    text: str
    started: str = ""
    place: Path = field(default_factory=Path)

    @property
    def is_held(self) -> bool:
        """Whether the process that wrote it still runs, and is not this one."""
        if self.process == os.getpid() or not _runs(self.process):
            return False
        return not self.started or _started(self.process) in ("", self.started)

    def remove(self) -> None:
        """Remove this copy, if it is still there."""
        with contextlib.suppress(OSError):
            self.place.unlink()


def copy_path(folder: Path, file: Path, run: str = "") -> Path:
    """Where the copy for a manifest lies inside the state folder; `run` tells runs of the app apart."""
    return folder / "recovery" / f"{_name(file)}{'-' + run if run else ''}.copy"


def _name(file: Path) -> str:
    return hashlib.sha256(os.path.realpath(file).encode("utf-8", "surrogateescape")).hexdigest()[:24]


def keep(folder: Path, file: Path, text: str | Iterable[str], stamp: Stamp | None, now: float, run: str = "") -> Path:
    """Write the copy, whole or not at all, and give its place. `text` may come in pieces. Raises OSError."""
    target = copy_path(folder, file, run)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    raw = [piece.encode("utf-8", "surrogatepass") for piece in ([text] if isinstance(text, str) else text)]
    about = {
        "version": VERSION,
        "file": os.path.realpath(file),
        "written": now,
        "process": os.getpid(),
        "started": _started(os.getpid()),
        "stamp": None if stamp is None else [stamp.size, stamp.mtime_ns, stamp.inode, stamp.sha256],
        "bytes": sum(map(len, raw)),
    }
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=target.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(json.dumps(about).encode() + b"\n")
            for piece in raw:
                for start in range(0, len(piece), _CHUNK):
                    out.write(piece[start : start + _CHUNK])
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    return target


def find(folder: Path, file: Path) -> RecoveryCopy | None:
    """The latest copy for a manifest, or None where there is none that can be read."""
    return next(iter(find_all(folder, file)), None)


def find_all(folder: Path, file: Path | None = None) -> tuple[RecoveryCopy, ...]:
    """The copies for a manifest, or of all manifests, the latest first. What cannot be read is left out."""
    pattern = "*.copy" if file is None else f"{_name(file)}*.copy"
    found = [copy for copy in map(_read, _matching(folder / "recovery", pattern)) if copy is not None]
    return tuple(sorted(found, key=lambda copy: copy.written, reverse=True))


def _matching(folder: Path, pattern: str) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from folder.glob(pattern)


def _read(place: Path) -> RecoveryCopy | None:
    try:
        head, _, raw = place.read_bytes().partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        if len(raw) != about["bytes"]:
            return None  # cut short, by a disk that ran full or by a power cut
        return RecoveryCopy(
            str(about["file"]),
            float(about["written"]),
            int(about["process"]),
            Stamp(*about["stamp"]) if about["stamp"] else None,
            raw.decode("utf-8", "surrogatepass"),
            str(about["started"]),
            place,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def discard(folder: Path, file: Path, run: str = "") -> None:
    """Remove the copy of a run, if there is one."""
    with contextlib.suppress(OSError):
        copy_path(folder, file, run).unlink()


def tidy(folder: Path, now: float) -> None:
    """Remove what a run that was killed in the middle of writing left behind, once it is a day old."""
    for place in _matching(folder / "recovery", ".*.tmp"):
        with contextlib.suppress(OSError):
            if now - place.stat().st_mtime > 86_400:
                place.unlink()


def why_not(error: OSError) -> str:
    """Why no copy could be written, as the end of a sentence."""
    return reason_of(error)[1].partition(";")[0]


def _runs(process: int) -> bool:
    if os.name != "posix":
        return False  # signal 0 would end the process on Windows; a copy there is offered as free
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return _facts(process)[:1] != ["Z"]  # one that has ended and was not yet asked for its exit code


def _started(process: int) -> str:
    """When a process started, in the system's own count; empty where it does not tell."""
    return "".join(_facts(process)[19:20])


def _facts(process: int) -> list[str]:
    """What Linux tells of a process, from its state on; nothing elsewhere."""
    try:
        # The name before stands in parentheses, and may hold spaces and parentheses itself.
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
