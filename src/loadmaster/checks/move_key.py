"""The fix for a key in the wrong table: it moves with its comments to the table that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.fixes import same, splice
from loadmaster.errors import EditRefused

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.document.places import KeyPath

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class MoveKey:
    """Take the key from `path` to `target`, a key of another table of the same model."""

    title: str
    path: KeyPath
    target: KeyPath
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with the key in its place. Raises EditRefused where that cannot be done exactly."""
        if not document.has(self.path) or document.has(self.target):
            return document
        value = document.get(self.path)
        changed = self._moved_lines(document)
        if changed is None or not self._is_done(changed, value):
            changed = document.set(self.target, value).unset(self.path)
        if not self._is_done(changed, value):
            raise EditRefused(f"{self.path[-1]} cannot be moved as it is written", {"path": self.path})
        return changed

    def _is_done(self, changed: Document, value: object) -> bool:
        return not changed.has(self.path) and same(changed.get(self.target, _ABSENT), value)

    def _moved_lines(self, document: Document) -> Document | None:
        """The whole lines of the key, with the comments above it, put below the last key of the other table."""
        lines = _own_lines(document, self.path)
        below = _end_of_keys(document, self.target[:-1])
        if lines is None or below is None or lines[0] <= below <= lines[1]:
            return None
        moved = document.text[lines[0] : lines[1]]
        before = document.text[below - 1 : below]
        if not moved.endswith("\n"):
            moved += document.newline
        if before not in {"", "\n"}:
            moved = document.newline + moved.removesuffix("\n").removesuffix("\r")
        return splice(document, [(*lines, ""), (below, below, moved)])


def _own_lines(document: Document, path: KeyPath) -> tuple[int, int] | None:
    """The lines that hold nothing but the key at `path`, its value and its comments; None where others share them."""
    text = document.text
    key_start, key_end = document.span(path, "key")
    _, end = document.span(path, "value")
    start = text.rfind("\n", 0, key_start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    rest = text[end:line_end].strip()
    if text[start:key_start].strip() or (rest and not rest.startswith("#")) or text[key_start:key_end][:1] == "[":
        return None
    index = document.table_at(key_start)
    floor = document.starts[index] + document.tables[index].body
    while start > floor:
        above = text.rfind("\n", 0, start - 1) + 1
        if above < floor or not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start, line_end


def _end_of_keys(document: Document, path: KeyPath) -> int | None:
    """The offset behind the line of the last key of the table at `path`; None where it has no header of its own."""
    index = document.layout(path).own(path)
    if index is None:
        return None
    table = document.tables[index]
    after = table.body
    if table.nodes:
        after = table.text.find("\n", table.nodes[-1].end) + 1 or len(table.text)
    return document.starts[index] + after
