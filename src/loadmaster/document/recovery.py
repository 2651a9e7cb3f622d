"""Recovery copies: unsaved work, kept where a crash, a kill or a closed terminal cannot take it.

A copy is one JSON file in the platform's state folder, readable by its owner alone, named after the manifest's path.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from loadmaster.document.store import Stamp


@dataclass(frozen=True, slots=True)
class RecoveryCopy:
    """Unsaved work: of which file, written when (seconds since 1970) and by which process; `stamp` is of the file as
    that process had read it; `text` is the whole text with the unsaved edits."""

    file: str
    written: float
    process: int
    stamp: Stamp | None
    text: str

    @property
    def is_held(self) -> bool:
        """Whether the process that wrote it still runs, and is not this one."""
        return self.process != os.getpid() and _runs(self.process)


def copy_path(folder: Path, file: Path) -> Path:
    """Where the copy for a manifest lies inside the state folder."""
    name = hashlib.sha256(os.path.realpath(file).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return folder / "recovery" / f"{name}.json"


def keep(folder: Path, file: Path, text: str, stamp: Stamp | None, now: float) -> None:
    """Write the copy, whole or not at all. Raises OSError."""
    target = copy_path(folder, file)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = RecoveryCopy(os.path.realpath(file), now, os.getpid(), stamp, text)
    descriptor, name = tempfile.mkstemp(dir=target.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            json.dump(asdict(content), out)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def find(folder: Path, file: Path) -> RecoveryCopy | None:
    """The copy for a manifest, or None where there is none that can be read."""
    try:
        content = json.loads(copy_path(folder, file).read_text(encoding="utf-8"))
        stamp = Stamp(**content["stamp"]) if content["stamp"] else None
        return RecoveryCopy(content["file"], content["written"], content["process"], stamp, content["text"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def discard(folder: Path, file: Path) -> None:
    """Remove the copy, if there is one."""
    with contextlib.suppress(OSError):
        copy_path(folder, file).unlink()


def _runs(process: int) -> bool:
    if os.name != "posix":
        return False  # signal 0 would end the process on Windows; a copy there is offered as free
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
