"""What lies in a model's folder, and what entries of a manifest it would make."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from loadmaster.errors import HeaderRefused
from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.components import Vocabulary, component_of, vocabulary_of
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import words_of
from loadmaster.weights.headers import ShardIndex, read_index
from loadmaster.weights.lfs_pointer import MAX_POINTER_BYTES, LfsPointer, parse_pointer
from loadmaster.weights.shards import beside, is_index, shard_of

# What downloaders and desktops leave behind; folders that start with a dot are left out whole.
_LEFT_BEHIND = ("*.incomplete", "*.lock", "*.part", "*.tmp", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file below a folder: its path relative to it with `/`, and its stamp."""

    path: str
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class FolderScan:
    """All files of a folder, sorted by path; `troubles` are sentences on what could not be looked at."""

    files: tuple[FoundFile, ...]
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedFile:
    """An entry that a file would make. `sha256` None still has to be read; `size` None has to be asked for.

    `wanted` is false where none of the model's `allow_patterns` takes the path. `pointer` is true where a Git LFS
    pointer lies in the file's place: size and digest are then those it promises.
    """

    path: str
    size: int | None
    sha256: str | None = None
    component: str | None = None
    shard_part: int | None = None
    shard_index: bool = False
    wanted: bool = True
    pointer: bool = False


def scan_folder(folder: Path, root: Path | None = None) -> FolderScan:
    """Walks `folder`. Links are followed as long as they stay below `root` (default: the folder itself).

    Hidden files and folders and what downloaders leave behind are left out. Raises nothing for what cannot be read:
    that is told in `troubles`.
    """
    walk = _Walk(os.path.realpath(root if root is not None else folder))
    files = sorted(walk.below(os.path.realpath(folder), ""), key=lambda found: found.path)
    return FolderScan(tuple(files), tuple(walk.troubles))


def propose(
    sizes: Mapping[str, int | None],
    *,
    indexes: Mapping[str, ShardIndex] | None = None,
    vocabulary: Vocabulary | None = None,
    allow_patterns: Sequence[str] = ("*",),
) -> tuple[ProposedFile, ...]:
    """Entries for paths and their sizes in bytes: component from the path, part from the name or from an index.

    An index gives parts to shards whose names have none: the files it names, sorted, counted from 1.
    """
    words = vocabulary or Vocabulary()
    parts = _parts_by_index(indexes or {})
    return tuple(
        ProposedFile(
            path,
            size,
            component=component_of(path, words),
            shard_part=shard.part if (shard := shard_of(path)) and shard.part >= 1 else parts.get(path),
            shard_index=is_index(path),
            wanted=any(fnmatchcase(path, pattern) for pattern in allow_patterns),
        )
        for path, size in sizes.items()
    )


def propose_folder(scan: FolderScan, spec: ModelSpec | None = None) -> tuple[ProposedFile, ...]:
    """Entries for all files of a scanned folder, in the words of `spec` and by its `allow_patterns`.

    Indexes are read for the parts; pointers are read and give the size and digest they promise. No other file is read.
    """
    sizes = {found.path: found.stamp.size for found in scan.files}
    pointers = {found.path: pointer for found in scan.files if (pointer := pointer_at(found.stamp)) is not None}
    entries = propose(
        {path: pointers[path].size if path in pointers else size for path, size in sizes.items()},
        indexes=_indexes(scan.files),
        vocabulary=spec_vocabulary(spec) if spec else None,
        allow_patterns=spec.allow_patterns if spec else ("*",),
    )
    return tuple(
        ProposedFile(
            entry.path,
            entry.size,
            pointers[entry.path].sha256 if entry.path in pointers else None,
            entry.component,
            entry.shard_part,
            entry.shard_index,
            entry.wanted,
            entry.path in pointers,
        )
        for entry in entries
    )


def spec_vocabulary(spec: ModelSpec) -> Vocabulary:
    """The words that a model uses for its components."""
    files = ((file.path, file.component) for file in spec.files)
    return vocabulary_of(files, (spec.required_components, spec.optional_components))


def pointer_at(stamp: FileStamp) -> LfsPointer | None:
    """The Git LFS pointer that lies there, or None. Only files small enough to be one are opened."""
    if not 0 < stamp.size <= MAX_POINTER_BYTES:
        return None
    try:
        with open(stamp.path, "rb") as file:
            return parse_pointer(file.read(MAX_POINTER_BYTES + 1))
    except OSError:
        return None


def _indexes(files: Iterable[FoundFile]) -> dict[str, ShardIndex]:
    indexes = {}
    for found in files:
        if is_index(found.path):
            with contextlib.suppress(HeaderRefused, OSError):
                indexes[found.path] = read_index(found.stamp.path)
    return indexes


def _parts_by_index(indexes: Mapping[str, ShardIndex]) -> dict[str, int]:
    return {
        beside(path, shard): number
        for path, index in indexes.items()
        for number, shard in enumerate(index.shards, start=1)
        if len(index.shards) > 1
    }


class _Walk:
    """Walks folders in order, following links inside the root once each."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._entered: set[str] = set()
        self.troubles: list[str] = []

    def below(self, folder: str, prefix: str) -> Iterator[FoundFile]:
        if folder in self._entered:
            return
        self._entered.add(folder)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as problem:
            self.troubles.append(f"{prefix or folder}: {words_of(problem)}")
            return
        for entry in entries:
            if not entry.name.startswith(".") and not any(fnmatchcase(entry.name, odd) for odd in _LEFT_BEHIND):
                yield from self._entry(entry, prefix + entry.name)

    def _entry(self, entry: os.DirEntry[str], path: str) -> Iterator[FoundFile]:
        if not _is_text(path):
            self.troubles.append(f"{os.fsencode(path)!r}: is not named in UTF-8, so no manifest can name it")
            return
        try:
            real = os.path.realpath(entry.path, strict=True)
            if not (real + os.sep).startswith(self._root.rstrip(os.sep) + os.sep):
                self.troubles.append(f"{path}: is a link that leaves the root")
                return
            status = os.stat(real)
        except OSError as problem:
            self.troubles.append(f"{path}: {words_of(problem)}")
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self.below(real, path + "/")
        elif stat.S_ISREG(status.st_mode):
            yield FoundFile(path, FileStamp.of(real, status))


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
