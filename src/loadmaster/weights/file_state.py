"""The state of a listed file on disk, in one word for programs and a few for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.observation import (
    DigestDiffers,
    Missing,
    Observation,
    PointerLies,
    SizeDiffers,
    Sound,
    Unreadable,
)


class FileState(StrEnum):
    """What is known of a listed file."""

    SOUND = "sound"
    MISSING = "missing"
    ABSENT = "absent"
    """It is optional and not there."""
    UNREADABLE = "unreadable"
    SIZE_DIFFERS = "size-differs"
    DIGEST_DIFFERS = "digest-differs"
    POINTER = "pointer"
    NOT_READ = "not-read"
    """Its size agrees, and its bytes have not been read yet; or it was not looked at."""

    @property
    def words(self) -> str:
        """The state as a person is told it."""
        return _WORDS[self]

    @property
    def is_fault(self) -> bool:
        """Whether it is not as it should be, as far as is known."""
        return self not in (FileState.SOUND, FileState.ABSENT, FileState.NOT_READ)


_WORDS = {
    FileState.SOUND: "sound",
    FileState.MISSING: "missing",
    FileState.ABSENT: "absent, optional",
    FileState.UNREADABLE: "cannot be used",
    FileState.SIZE_DIFFERS: "another size",
    FileState.DIGEST_DIFFERS: "another digest",
    FileState.POINTER: "a Git LFS pointer",
    FileState.NOT_READ: "not read",
}


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many listed files are sound (read now, or known from before), faulty, absent by right, and not read."""

    files: int = 0
    read: int = 0
    known: int = 0
    faulty: int = 0
    absent: int = 0
    not_read: int = 0


_OF_A_FILE = (Sound, Missing, Unreadable, SizeDiffers, DigestDiffers, PointerLies)


def state_of(observation: Observation) -> FileState | None:
    """The state that an observation tells, or None where it tells of something else."""
    match observation:
        case Sound():
            return FileState.SOUND
        case Missing(optional=optional):
            return FileState.ABSENT if optional else FileState.MISSING
        case Unreadable():
            return FileState.UNREADABLE
        case SizeDiffers():
            return FileState.SIZE_DIFFERS
        case DigestDiffers():
            return FileState.DIGEST_DIFFERS
        case PointerLies():
            return FileState.POINTER
        case _:
            return None


def states(specs: Iterable[ModelSpec], seen: Iterable[Observation]) -> dict[tuple[str, str], FileState]:
    """The state of every listed file, by model id and path, in the order of the lists."""
    found = {(spec.model_id, file.path): FileState.NOT_READ for spec in specs for file in spec.files}
    for one in seen:
        if isinstance(one, _OF_A_FILE) and (state := state_of(one)) is not None:
            found[one.model_id, one.path] = state
    return found


def count_files(specs: Iterable[ModelSpec], seen: Iterable[Observation]) -> FileCounts:
    """The counts over all listed files."""
    observations = list(seen)
    told = states(specs, observations)
    known = {(one.model_id, one.path) for one in observations if isinstance(one, Sound) and one.cached}
    sound = {name for name, state in told.items() if state is FileState.SOUND}
    return FileCounts(
        len(told),
        len(sound - known),
        len(sound & known),
        sum(state.is_fault for state in told.values()),
        sum(state is FileState.ABSENT for state in told.values()),
        sum(state is FileState.NOT_READ for state in told.values()),
    )
