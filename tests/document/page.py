"""What stands on a page, read by another parser (tree-sitter) than the document's own: things in order, and comments.

A *thing* is a header, a pair, an item of an array or a closing bracket, each with its path in the data.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tree_sitter
import tree_sitter_toml

from .random_values import MARK

Path = tuple[str | int, ...]

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_toml.language()))
_END: Path = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """`kind` is header, pair, item, close or end; `start` and `end` are offsets, `end` that of a pair's value."""

    kind: str
    path: Path
    start: int
    end: int
    table: Path = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment: its mark, and how it stands.

    `place` is behind (on the line of `owner`), above (touches `owner`, which begins the next line), below (touches
    the thing before it and has a blank line after it) or apart. `before` and `after` are the things around it.
    """

    mark: str
    place: str
    before: Thing | None
    after: Thing
    inside: tuple[Path, ...]
    beside: tuple[Path, ...] = ()

    @property
    def owner(self) -> Path:
        """The path of what it belongs to, where it is behind or above something."""
        return self.before.path if self.place == "behind" and self.before else self.after.path


@dataclass(frozen=True, slots=True)
class Page:
    things: tuple[Thing, ...]
    remarks: tuple[Remark, ...]

    def thing(self, kind: str, path: Path) -> Thing | None:
        return next((thing for thing in self.things if thing.kind == kind and thing.path == path), None)

    @property
    def headers(self) -> tuple[Path, ...]:
        return tuple(thing.path for thing in self.things if thing.kind == "header")


@dataclass(slots=True)
class _Comment:
    start: int
    end: int
    inside: tuple[Path, ...]


@lru_cache(maxsize=1000)
def _name(raw: str) -> str:
    return next(iter(tomllib.loads(f"{raw} = 1")))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.raw = text.encode("utf-8")
        self.offsets = None if len(self.raw) == len(text) else _character_offsets(text)
        self.things: list[Thing] = []
        self.comments: list[_Comment] = []
        self.counts: dict[Path, int] = {}
        self.table: Path = ()

    def at(self, offset: int) -> int:
        return self.offsets[offset] if self.offsets else offset

    def add(self, kind: str, path: Path, start: int, end: int) -> None:
        self.things.append(Thing(kind, path, self.at(start), self.at(end), self.table))

    def names(self, node: tree_sitter.Node) -> list[str]:
        if node.type == "dotted_key":
            return [name for child in node.named_children for name in self.names(child)]
        return [_name(self.raw[node.start_byte : node.end_byte].decode("utf-8"))]

    def document(self) -> None:
        root = _PARSER.parse(self.raw).root_node
        assert not root.has_error, "tree-sitter cannot read this"
        for child in root.named_children:
            if child.type in {"table", "table_array_element"}:
                self.header(child)
            else:
                self.entry(child, (), ())

    def header(self, node: tree_sitter.Node) -> None:
        key = node.named_children[0]
        names = self.names(key)
        path: Path = ()
        for depth, name in enumerate(names):
            path = (*path, name)
            if depth == len(names) - 1 and node.type == "table_array_element":
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        self.table = path
        close = next(child for child in node.children if child.type in {"]", "]]"})
        self.add("header", path, node.start_byte, close.end_byte)
        for child in node.named_children[1:]:
            self.entry(child, path, ())

    def entry(self, node: tree_sitter.Node, above: Path, inside: tuple[Path, ...]) -> None:
        if node.type == "comment":
            self.comments.append(_Comment(self.at(node.start_byte), self.at(node.end_byte), inside))
            return
        key, value, *rest = node.named_children
        path = (*above, *self.names(key))
        self.add("pair", path, node.start_byte, value.end_byte)
        self.value(value, path, inside)
        for child in rest:  # a comment behind the value is the pair's own child
            self.entry(child, above, inside)

    def value(self, node: tree_sitter.Node, path: Path, inside: tuple[Path, ...]) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                self.entry(child, path, (*inside, path))
            self.add("close", path, node.end_byte - 1, node.end_byte)
        elif node.type == "array":
            index = 0
            for child in node.named_children:
                if child.type == "comment":
                    self.comments.append(_Comment(self.at(child.start_byte), self.at(child.end_byte), (*inside, path)))
                    continue
                self.add("item", (*path, index), child.start_byte, child.end_byte)
                self.value(child, (*path, index), (*inside, path))
                index += 1
            self.add("close", path, node.end_byte - 1, node.end_byte)


def read_page(text: str) -> Page:
    """The page of a text that is valid TOML."""
    text = text.removeprefix("\ufeff")
    reader = _Reader(text)
    reader.document()
    end = Thing("end", _END, len(text), len(text))
    things = sorted(reader.things, key=lambda thing: thing.start)
    comments = sorted(reader.comments, key=lambda comment: comment.start)
    return Page((*things, end), tuple(_remarks(text, things, end, comments)))


def _remarks(text: str, things: list[Thing], end: Thing, comments: list[_Comment]) -> Iterator[Remark]:
    own_lines = {_line_start(text, comment.start) for comment in comments if _is_own_line(text, comment.start)}
    index = 0
    for comment in comments:
        while index < len(things) and things[index].start < comment.start:
            index += 1
        before = things[index - 1] if index else None
        after = things[index] if index < len(things) else end
        mark = MARK.search(text, comment.start, comment.end)
        assert mark is not None, text[comment.start : comment.end]
        line = _line_start(text, comment.start)
        place = "behind"
        beside: tuple[Path, ...] = ()
        if line in own_lines:
            place = _place(text, line, before, after, own_lines)
        else:
            beside = _items_on_line(things, index, line)
        yield Remark(mark.group(), place, before, after, comment.inside, beside)


def _items_on_line(things: list[Thing], index: int, line: int) -> tuple[Path, ...]:
    found: list[Path] = []
    while index and things[index - 1].start >= line:
        index -= 1
        if things[index].kind == "item":
            found.append(things[index].path)
    return tuple(found)


def _character_offsets(text: str) -> list[int]:
    """The number of the character at each byte of the text's UTF-8."""
    offsets: list[int] = []
    for number, character in enumerate(text):
        offsets += [number] * len(character.encode("utf-8"))
    return [*offsets, len(text)]


def _place(text: str, line: int, before: Thing | None, after: Thing, own_lines: set[int]) -> str:
    below = line
    while below in own_lines:
        below = text.find("\n", below) + 1 or len(text)
    if after.kind != "end" and _line_start(text, after.start) == below and after.kind != "close":
        return "above"
    above = line
    while above in own_lines:
        if above == 0:
            return "apart"
        above = _line_start(text, above - 1)
    if before is not None and text[above : text.find("\n", above)].strip():
        return "below"
    return "apart"


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _is_own_line(text: str, offset: int) -> bool:
    return not text[_line_start(text, offset) : offset].strip()


def at_path(data: Any, path: Path, default: Any = None) -> Any:
    """The value at `path` of plain data."""
    for name in path:
        try:
            data = data[name]
        except (KeyError, IndexError, TypeError):
            return default
    return data
