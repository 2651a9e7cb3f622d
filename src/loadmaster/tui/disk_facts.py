"""What is known of a model's files on disk, kept apart from what the manifest says of them.

So an edit, or its undo, changes the state of a file at once and nothing has to be read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.observation import (
    DigestDiffers,
    HeaderDisagrees,
    Missing,
    MissingReason,
    Observation,
    PointerLies,
    SizeDiffers,
    Sound,
    Unlisted,
    Unreadable,
)
from loadmaster.weights.scan_folder import ProposedFile


class Lies(StrEnum):
    """What lies in a file's place."""

    FILE = "file"
    NOTHING = "nothing"
    POINTER = "pointer"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Fact:
    """One file on disk: what lies there, its size in bytes and its sha256 as far as they are known.

    Of a pointer both are those that it promises. `note` is the folder in which a missing one was sought, or why one
    cannot be used. `folder_missing` tells that the model's whole folder is not there.
    """

    lies: Lies
    size: int | None = None
    sha256: str | None = None
    note: str = ""
    folder_missing: bool = False


@dataclass(slots=True)
class DiskLook:
    """What is known of one model: its folder, the facts by path, and the files that are not listed.

    `additions` are unlisted files that were measured to be added; `looked` tells that it was looked at at all.
    """

    folder: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)
    unlisted: dict[str, Unlisted] = field(default_factory=dict)
    headers: list[HeaderDisagrees] = field(default_factory=list)
    additions: dict[str, ProposedFile] = field(default_factory=dict)
    looked: bool = False

    def hear(self, one: Observation, listed: FileSpec | None) -> None:
        """Take in what was seen of a file that is listed as `listed`."""
        match one:
            case Unlisted():
                self.unlisted[one.path] = one
            case HeaderDisagrees():
                self.headers.append(one)
            case Missing():
                self.facts[one.path] = Fact(
                    Lies.NOTHING, note=one.looked_in, folder_missing=one.reason is MissingReason.FOLDER
                )
            case Unreadable():
                self.facts[one.path] = Fact(Lies.UNUSABLE, note=one.reason)
            case PointerLies():
                self.facts[one.path] = Fact(Lies.POINTER, one.promised_size, one.promised_sha256)
            case SizeDiffers():
                self.facts[one.path] = Fact(Lies.FILE, one.found)
            case DigestDiffers() if listed is not None:
                self.facts[one.path] = Fact(Lies.FILE, listed.size, one.found)
            case Sound() if listed is not None:
                self.facts[one.path] = Fact(Lies.FILE, listed.size, one.sha256)
            case _:
                pass

    def measured(self, path: str, size: int, sha256: str) -> None:
        """The bytes of a file were read."""
        self.facts[path] = Fact(Lies.FILE, size, sha256)

    def finish(self, spec: ModelSpec) -> None:
        """The look is over: of what gave no observation the size agrees, and nothing more is known."""
        self.looked = True
        for file in spec.files:
            self.facts.setdefault(file.path, Fact(Lies.FILE, file.size))


def seen_now(model_id: str, listed: FileSpec, fact: Fact | None) -> Observation | None:
    """What a look would see of a file as it is listed now; None where its bytes would have to be read first."""
    if fact is None:
        return None
    if fact.lies is Lies.NOTHING:
        reason = MissingReason.FOLDER if fact.folder_missing else MissingReason.FILE
        return Missing(model_id, listed.path, fact.note, reason, listed.optional)
    if fact.lies is Lies.UNUSABLE:
        return Unreadable(model_id, listed.path, fact.note)
    if fact.size is None:
        return None
    if fact.lies is Lies.POINTER:
        agrees = (fact.sha256, fact.size) == (listed.sha256.lower(), listed.size)
        return PointerLies(model_id, listed.path, fact.sha256 or "", fact.size, agrees)
    if fact.size != listed.size:
        return SizeDiffers(model_id, listed.path, listed.size, fact.size)
    if fact.sha256 is None:
        return None
    if fact.sha256 == listed.sha256.lower():
        return Sound(model_id, listed.path, fact.sha256)
    return DigestDiffers(model_id, listed.path, listed.sha256, fact.sha256)


def told_by(look: DiskLook, listed: Iterable[FileSpec]) -> tuple[ProposedFile, ...]:
    """The true values of listed files, as far as they are known, in the form in which they are filled in."""
    return tuple(
        ProposedFile(file.path, fact.size, fact.sha256, pointer=fact.lies is Lies.POINTER)
        for file in listed
        if (fact := look.facts.get(file.path)) is not None and fact.size is not None and fact.sha256 is not None
    )


def unmeasured(look: DiskLook, listed: Iterable[FileSpec]) -> list[str]:
    """The files that lie there and whose bytes are not known yet."""
    return [
        file.path
        for file in listed
        if (fact := look.facts.get(file.path)) is not None and fact.lies is Lies.FILE and fact.sha256 is None
    ]


def digests_of(model_id: str, look: DiskLook) -> Mapping[tuple[str, str], str]:
    """The digests that are known of a model's files, by model and path."""
    return {(model_id, path): fact.sha256 for path, fact in look.facts.items() if fact.sha256 is not None}
