"""Fixes of values and keys: each applies itself through the edits that a person has, and does nothing a second time.

A fix names what it changes by key path. Where that is gone, or already says what the fix would write, the document is
given back as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loadmaster.document.plain import same
from loadmaster.errors import EditRefused

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.document.places import KeyPath

_ABSENT = object()


def as_data(value: object) -> Any:
    """A fix keeps lists as tuples, so that it can be hashed; this is the value as data."""
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, slots=True)
class SetValue:
    """Write `value` at `path`; the table around it must exist."""

    title: str
    path: KeyPath
    value: object
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with the value written."""
        value = as_data(self.value)
        if same(document.get(self.path, _ABSENT), value) or (self.path[:-1] and not document.has(self.path[:-1])):
            return document
        return document.set(self.path, value)


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Spell the key at `path` as `new`; its value, comments and place stay."""

    title: str
    path: KeyPath
    new: str
    safe: bool = False

    def apply(self, document: Document) -> Document:
        """The document with the key renamed. Raises EditRefused where its spelling cannot be found."""
        target = (*self.path[:-1], self.new)
        if not document.has(self.path) or document.has(target):
            return document
        value = document.get(self.path)
        start, end = document.span(self.path, "key")
        if document.text[start:end].lstrip()[:1] == "[":
            changed = splice(document, self._header_parts(document))
        else:
            changed = document.replace(start, end, self.new)
        if changed.has(self.path) or not same(changed.get(target, _ABSENT), value):
            raise EditRefused(f"{self.path[-1]} cannot be renamed where it is spelled", {"path": self.path})
        return changed

    def _header_parts(self, document: Document) -> list[tuple[int, int, str]]:
        names = tuple(name for name in self.path if isinstance(name, str))
        depth = len(names)
        found = []
        for index in document.model_tables(names[1] if names[:1] == ("models",) and depth > 1 else ""):
            table = document.tables[index]
            if table.key[:depth] == names:
                part, at = table.parts[depth - 1], document.starts[index]
                found.append((at + part.start, at + part.end, self.new))
        return found


@dataclass(frozen=True, slots=True)
class DropRepeats:
    """Leave the first of equal items of the list at `path`, and take the others out."""

    title: str
    path: KeyPath
    item: str
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with one such item in the list."""
        items = document.get(self.path)
        if not isinstance(items, list) or self.item not in items:
            return document
        first = items.index(self.item)
        for index in range(len(items) - 1, first, -1):
            if same(items[index], self.item):
                document = document.remove_item(self.path, index)
        return document


@dataclass(frozen=True, slots=True)
class AddItem:
    """Put `item` at the end of the list at `path`, unless it is there."""

    title: str
    path: KeyPath
    item: str
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with the item in the list."""
        items = document.get(self.path)
        if not isinstance(items, list) or self.item in items:
            return document
        return document.insert_item(self.path, len(items), self.item)


def splice(document: Document, pieces: list[tuple[int, int, str]]) -> Document:
    """Replace several stretches of the text in one edit; what lies between them stays."""
    if not pieces:
        return document
    pieces = sorted(pieces)
    text = document.text
    start, end = pieces[0][0], pieces[-1][1]
    parts: list[str] = []
    at = start
    for begin, stop, new in pieces:
        parts += (text[at:begin], new)
        at = stop
    return document.replace(start, end, "".join(parts))
