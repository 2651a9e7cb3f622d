"""Where the keys and values of one table stand, to the character.

Reads the text of a table that `tomllib` has accepted, so it need not judge, only find. Offsets count from the start
of the text that is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from loadmaster.document.scan import BASIC, KEYS, LITERAL, LONG_BASIC, LONG_LITERAL, KeyPart, key_parts

RelativePath = tuple[str | int, ...]

_KEYS = re.compile(KEYS)
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_STRING = re.compile(rf"{LONG_BASIC}|{LONG_LITERAL}|{BASIC}|{LITERAL}", re.S)
# Numbers, booleans, dates; a date and its time may be parted by one space.
_WORD = re.compile(r"\d{4}-\d\d-\d\d [0-9:.Z+-]++|[^ \t\r\n,\]}#]++")


@dataclass(slots=True)
class Node:
    """A value: `path` from its table, its span, and its key's parts unless it is an item of an array."""

    path: RelativePath
    start: int
    end: int
    kind: Literal["scalar", "array", "inline"]
    key: tuple[KeyPart, ...] = ()
    children: list[Node] = field(default_factory=list)

    @property
    def key_start(self) -> int:
        """Where its key begins; the value's own start for an item of an array."""
        return self.key[0].start if self.key else self.start

    @property
    def key_end(self) -> int:
        """Where its key ends; the value's own end for an item of an array."""
        return self.key[-1].end if self.key else self.end

    def walk(self) -> Iterator[Node]:
        """This value and all inside it, outermost first."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_entries(text: str, start: int) -> list[Node]:
    """The key-value pairs of `text` from `start` on, in order."""
    nodes: list[Node] = []
    position = _skip(_BLANK, text, start)
    while position < len(text):
        node = _pair(text, position, ())
        nodes.append(node)
        position = _skip(_BLANK, text, node.end)
    return nodes


def _skip(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _pair(text: str, position: int, above: RelativePath) -> Node:
    match = _KEYS.match(text, position)
    if match is None:
        raise ValueError(f"no key at offset {position}")
    key = key_parts(match.group(), position)
    value_at = _skip(_SPACE, text, _skip(_SPACE, text, match.end()) + 1)
    node = _value(text, value_at, (*above, *(part.name for part in key)))
    node.key = key
    return node


def _value(text: str, position: int, path: RelativePath) -> Node:
    opening = text[position : position + 1]
    if opening == "[":
        return _array(text, position, path)
    if opening == "{":
        return _inline(text, position, path)
    match = _STRING.match(text, position) if opening in {'"', "'"} else _WORD.match(text, position)
    if match is None:
        raise ValueError(f"no value at offset {position}")
    return Node(path, position, match.end(), "scalar")


def _array(text: str, position: int, path: RelativePath) -> Node:
    node = Node(path, position, position, "array")
    at = _skip(_BLANK, text, position + 1)
    while text[at] != "]":
        child = _value(text, at, (*path, len(node.children)))
        node.children.append(child)
        at = _skip(_BLANK, text, child.end)
        if text[at] == ",":
            at = _skip(_BLANK, text, at + 1)
    node.end = at + 1
    return node


def _inline(text: str, position: int, path: RelativePath) -> Node:
    node = Node(path, position, position, "inline")
    at = _skip(_SPACE, text, position + 1)
    while text[at] != "}":
        child = _pair(text, at, path)
        node.children.append(child)
        at = _skip(_SPACE, text, child.end)
        if text[at] == ",":
            at = _skip(_SPACE, text, at + 1)
    node.end = at + 1
    return node


def find(nodes: list[Node], path: RelativePath) -> Node | None:
    """The value at `path`, which counts from the table; None where no single value stands there."""
    for node in nodes:
        size = len(node.path)
        if node.path == path[:size]:
            return node if size == len(path) else find(node.children, path)
    return None


def below(nodes: list[Node], path: RelativePath) -> list[Node]:
    """The pairs that spell the table at `path` with dotted keys (`defaults.fps = 24`), in order."""
    found: list[Node] = []
    for node in nodes:
        size = len(node.path)
        if size > len(path) and node.path[: len(path)] == path:
            found.append(node)
        elif size < len(path) and node.path == path[:size]:
            found += below(node.children, path)
    return found
