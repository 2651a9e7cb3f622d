"""Path <-> offsets: where a value stands, and what stands at an offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from loadmaster.document.document import Document
from loadmaster.document.entries import Node, below, find
from loadmaster.document.places import KeyPath


@dataclass(frozen=True, slots=True)
class Spelled:
    """How keys of the table at `index` spell a path: `node` is its value, or `pairs` are the dotted keys below it."""

    index: int
    base: KeyPath
    node: Node | None
    pairs: tuple[Node, ...] = ()


def spelled(document: Document, path: KeyPath) -> Spelled | None:
    """Where the keys of a table spell `path`; None where it is a table of its own, or not there at all."""
    for index, base in document.layout(path).holders(path):
        if base == path:
            continue
        nodes = document.tables[index].nodes
        relative = path[len(base) :]
        node = find(nodes, relative)
        if node is not None:
            return Spelled(index, base, node)
        pairs = below(nodes, relative)
        if pairs:
            return Spelled(index, base, None, tuple(pairs))
    return None


def span_of(document: Document, path: KeyPath, what: Literal["value", "key", "table"]) -> tuple[int, int]:
    """The offsets of the value, key or table header at `path`, or of the nearest parent that exists."""
    if what == "table":
        return _table_span(document, path)
    for size in range(len(path), 0, -1):
        part = path[:size]
        found = spelled(document, part)
        if found is not None:
            start = document.starts[found.index]
            node = found.node or found.pairs[0]
            if what == "key" or found.node is None:
                return start + node.key_start, start + node.key_end
            return start + node.start, start + node.end
        header = _header_span(document, part)
        if header is not None:
            return header
    return 0, 0


def _table_span(document: Document, path: KeyPath) -> tuple[int, int]:
    for size in range(len(path), 0, -1):
        found = spelled(document, path[:size])
        if found is not None and (found.node is None or found.node.kind == "inline"):
            return span_of(document, path[:size], "value")  # it is a table without a header
        header = _header_span(document, path[:size])
        if header is not None:
            return header
    return span_of(document, path, "key")


def _header_span(document: Document, path: KeyPath) -> tuple[int, int] | None:
    """The header of the table at `path`, without its comment; of the first table below it where it has none itself."""
    layout = document.layout(path)
    own = layout.own(path)
    if own is None and path == ("models",):
        own = next((index for index, table in enumerate(document.tables) if table.key[:1] == path), None)
    if own is None:
        under = layout.under(path)
        if not under:
            return None
        own = under[0][0]
    table = document.tables[own]
    if table.header is None or not table.parts:
        return None
    start = document.starts[own]
    line = table.text[table.lead : table.body]
    begin = table.lead + len(line) - len(line.lstrip(" \t"))
    end = table.text.find("]", table.parts[-1].end)
    end = table.parts[-1].end if end < 0 else end + (2 if table.header.is_array else 1)
    return start + begin, start + end


def path_at(document: Document, offset: int) -> KeyPath:
    """The path of the innermost value at `offset`; a table's own path on its header, comments and blank lines."""
    index = document.table_at(offset)
    table = document.tables[index]
    key = table.key
    base: KeyPath | None = None
    for known, path in document.layout(key if len(key) > 1 and key[0] == "models" else ()):
        if known == index:
            base = path
    if base is None:
        return key
    inside = offset - document.starts[index]
    nodes = table.nodes
    for node in nodes:
        line_start = table.text.rfind("\n", 0, node.key_start) + 1
        line_end = table.text.find("\n", node.end)
        if line_start <= inside <= (len(table.text) if line_end < 0 else line_end):
            inner = [one for one in node.walk() if one.key_start <= inside <= one.end]
            return (*base, *(inner[-1] if inner else node).path)
    return base
