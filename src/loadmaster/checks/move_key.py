"""The fix for a key in the wrong table: it moves with its comments to the table that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.fixes import splice
from loadmaster.document.comments import comment_spans
from loadmaster.document.plain import same
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
            changed = self._with_own_lines(document, document.set(self.target, value)).unset(self.path)
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

    def _with_own_lines(self, document: Document, changed: Document) -> Document:
        """`changed`, which has the key in both places, with the new one spelled and commented as the old one is.

        Inside braces there is no room for comments: there they go above the line that the braces stand on.
        """
        old = _own_lines(document, self.path)
        if old is None:
            return changed
        new = _own_lines(changed, self.target)
        if new is None:
            return _with_comments_above(changed, self.target, _comments_in(document, old))
        start, end = document.span(self.path, "key")
        key = changed.text[slice(*changed.span(self.target, "key"))]
        written = changed.text[slice(*new)]
        lines = (document.text[old[0] : start] + key + document.text[end : old[1]]).rstrip("\r\n")
        return changed.replace(*new, lines + written[len(written.rstrip("\r\n")) :])


def _comments_in(document: Document, lines: tuple[int, int]) -> list[str]:
    index = document.table_at(lines[0])
    at, table = document.starts[index], document.tables[index]
    return [table.text[start:end] for start, end in comment_spans(table) if lines[0] <= at + start < lines[1]]


def _with_comments_above(document: Document, path: KeyPath, comments: list[str]) -> Document:
    from loadmaster.document.pairs import line_start  # writes TOML: a check that mends nothing is spared that

    key_start, _ = document.span(path, "key")
    index = document.table_at(key_start)
    at, table = document.starts[index], document.tables[index]
    top = next((node for node in table.nodes if node.key_start <= key_start - at < node.end), None)
    if top is None:
        return document
    start = line_start(table.text, top.key_start)
    indent = table.text[start : top.key_start]
    lines = "".join(f"{indent}{comment}{document.newline}" for comment in comments)
    return document.replace(at + start, at + start, lines)


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
