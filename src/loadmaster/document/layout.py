"""Which tables hold a part of the data, and under which path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loadmaster.document.places import KeyPath


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of one group: their indices in the document, and the path of each; None for one that is left out."""

    indices: tuple[int, ...]
    paths: tuple[KeyPath | None, ...]

    def __iter__(self) -> Iterator[tuple[int, KeyPath]]:
        for index, path in zip(self.indices, self.paths, strict=True):
            if path is not None:
                yield index, path

    def own(self, path: KeyPath) -> int | None:
        """The index of the table whose own keys stand at `path`, or None."""
        return next((index for index, known in self if known == path), None)

    def holders(self, path: KeyPath) -> list[tuple[int, KeyPath]]:
        """The tables in whose keys `path` can stand, the nearest first, each with its path."""
        found = [(index, known) for index, known in self if known == path[: len(known)]]
        return sorted(found, key=lambda item: -len(item[1]))

    def under(self, path: KeyPath) -> list[tuple[int, KeyPath]]:
        """The tables at `path` or below it, in the order of the file."""
        size = len(path)
        return [(index, known) for index, known in self if known[:size] == path]
