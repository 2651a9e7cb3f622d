"""Edits of values: each is found where it is spelled, and only that spelling is changed."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from loadmaster.document import arrays, pairs, render
from loadmaster.document.document import Document
from loadmaster.document.edit_checks import require_decided_table
from loadmaster.document.entries import Node
from loadmaster.document.file_runs import elements
from loadmaster.document.list_edits import insert_element, move_element, remove_element
from loadmaster.document.lookup import Spelled, spelled
from loadmaster.document.pairs import replaced
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import same
from loadmaster.document.splice import retext
from loadmaster.document.table_edits import insert_before, new_tables, remove_tables
from loadmaster.document.table_style import blocks, is_table, is_tables, observed
from loadmaster.document.tables import Table
from loadmaster.errors import EditRefused


def put(document: Document, path: KeyPath, value: Any) -> Document:
    """`document` with `value` at `path`, where something may stand already."""
    found = spelled(document, path)
    if found is not None and found.node is not None:
        return _put_spelled(document, path, found, found.node, value)
    if document.has(path):
        current = document.get(path)
        if isinstance(current, dict) and isinstance(value, dict):
            return _put_table(document, path, current, value)
        if is_tables(current) and is_tables(value):
            return _put_tables(document, path, current, value)
        if isinstance(path[-1], int) or path[:-1] == ("models",):
            # An item that tables spell has no other spelling, nor has a model.
            raise EditRefused(f"{_told(path)} is a table, and only a table can take its place.")
        return _ending_as(document, put(drop(document, path), path, value))
    return _put_new(document, path, value)


def _ending_as(document: Document, new: Document) -> Document:
    """`new` with its last line left open where that of `document` was."""
    old_end, new_end = document.tables[-1].text, new.tables[-1].text
    if not old_end.endswith("\n") and new_end.endswith("\n") and old_end:
        return retext(new, len(new.tables) - 1, new_end.rstrip("\r\n"))
    return new


def _put_new(document: Document, path: KeyPath, value: Any) -> Document:
    parent, name = path[:-1], path[-1]
    if isinstance(name, int):
        raise EditRefused(f"There is no item {name} here; insert it instead.")
    if parent and parent != ("models",) and not document.has(parent):
        return _put_new(document, parent, {name: value})
    if parent and document.has(parent) and not isinstance(document.get(parent), dict):
        raise EditRefused(f"{_told(parent)} is not a table, so {name} cannot be put into it.")
    if (is_table(value) or is_tables(value)) and not _is_inside_keys(document, parent):
        return new_tables(document, path, value)
    own = document.layout(path if len(path) > 1 else parent).own(parent)
    if own is not None:
        table = _readable(document, own)
        return retext(document, own, pairs.with_pair(table, (), None, name, value, document.newline))
    found = spelled(document, parent)
    if found is not None:
        return _put_beside(document, parent, found, name, value)
    return _put_implicit(document, parent, {name: value})


def _is_inside_keys(document: Document, path: KeyPath) -> bool:
    """Whether the table at `path` is spelled in the keys of another, so that a header cannot add to it."""
    return bool(path) and spelled(document, path) is not None


def _put_beside(document: Document, parent: KeyPath, found: Spelled, name: str, value: Any) -> Document:
    table = _readable(document, found.index)
    style = pairs.style_of(table, document.newline)
    if found.node is not None:
        if found.node.kind != "inline":
            raise EditRefused(f"{_told(parent)} is not a table, so {name} cannot be put into it.")
        return retext(document, found.index, pairs.with_inline_pair(table.text, found.node, name, value, style))
    last = found.pairs[-1]
    depth = len(parent) - len(found.base) - (len(last.path) - len(last.key))
    if last not in table.nodes or depth < 1:
        inline = _holder_of(table, last)
        if inline is None:
            raise EditRefused(f"{_told(parent)} is written with dotted keys inside braces. Open the source (s).")
        prefix = ".".join(table.text[part.start : part.end] for part in last.key[:depth])
        inner = pairs.inline_style(table.text, inline, style.literal, style.newline)
        new = f"{inner.separator}{prefix}.{render.key(name)}{inner.equals}{render.value(value, inner)}"
        return retext(document, found.index, replaced(table.text, last.end, last.end, new))
    prefix_parts = tuple(table.text[part.start : part.end] for part in last.key[:depth])
    return retext(document, found.index, pairs.with_pair(table, prefix_parts, last, name, value, document.newline))


def _holder_of(table: Table, child: Node) -> Node | None:
    for top in table.nodes:
        for node in top.walk():
            if any(one is child for one in node.children):
                return node
    return None


def _put_implicit(document: Document, parent: KeyPath, data: dict[str, Any]) -> Document:
    """Give a table that only its sub-tables spell a header of its own, above them."""
    under = document.layout(parent).under(parent)
    if not under:
        if parent == ("models",):
            return new_tables(document, parent, data)
        raise EditRefused(f"{_told(parent)} cannot be given keys here. Open the source (s).")
    first = document.tables[under[0][0]]
    parts = tuple(first.text[part.start : part.end] for part in first.parts[: len(parent)])
    texts = blocks(parts, data, observed(first, document.newline))
    return insert_before(document, under[0][0], texts, 1)


def _put_spelled(document: Document, path: KeyPath, found: Spelled, node: Node, value: Any) -> Document:
    table = _readable(document, found.index)
    current = document.get(path)
    if node.kind == "inline" and isinstance(value, dict) and node.children and value:
        return _put_table(document, path, current, value)
    if node.kind == "array" and isinstance(value, list) and node.children and value:
        return _put_array(document, path, current, value)
    style = pairs.style_of(table, document.newline)
    like = table.text[node.start : node.end] if node.kind == "scalar" else ""
    return retext(document, found.index, replaced(table.text, node.start, node.end, render.value(value, style, like)))


def _put_table(document: Document, path: KeyPath, current: dict[str, Any], value: dict[str, Any]) -> Document:
    """Only the keys that differ are touched.

    What comes is put before what goes is taken out: so it stands where that stood, and the comments that stand free
    between keys are not left below a new table.
    """
    for name, item in value.items():
        if not document.has((*path, name)) or not same(document.get((*path, name)), item):
            document = put(document, (*path, name), item)
    for name in current:
        if name not in value:
            document = drop(document, (*path, name))
    return document


def _put_array(document: Document, path: KeyPath, current: list[Any], value: list[Any]) -> Document:
    """Only the items that differ are touched, so that the others keep their comments."""
    old, new = [_fingerprint(item) for item in current], [_fingerprint(item) for item in value]
    for kind, start, end, new_start, new_end in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if kind == "equal":
            continue
        for index in range(end - 1, start - 1, -1):
            if index - start >= new_end - new_start:
                document = drop_item(document, path, index)
        for index in range(new_start, new_end):
            at = start + index - new_start
            if at < end:
                document = put(document, (*path, at), value[index])
            else:
                document = put_item(document, path, at, value[index])
    return document


def _fingerprint(item: Any) -> str:
    return f"{type(item).__name__}:{item!r}"


def _put_tables(document: Document, path: KeyPath, current: list[Any], value: list[Any]) -> Document:
    for index in range(len(current) - 1, len(value) - 1, -1):
        document = drop_item(document, path, index)
    for index, item in enumerate(value):
        if index >= len(current):
            document = put_item(document, path, index, item)
        elif not same(current[index], item):
            document = _put_table(document, (*path, index), current[index], item)
    return document


def drop(document: Document, path: KeyPath) -> Document:
    """`document` with nothing at `path`."""
    if isinstance(path[-1], int):
        return drop_item(document, path[:-1], path[-1])
    found = spelled(document, path)
    if found is None:
        under = document.layout(path).under(path)
        if not under:
            raise EditRefused(f"{_told(path)} is not there.")
        return _drop_tables(document, path, [index for index, _ in under])
    table = _readable(document, found.index)
    if found.node is not None and len(found.node.key) > 1 and len(document.get(path[:-1])) == 1:
        # The last dotted key of a table: without it the table would be gone too, so it is written empty.
        return retext(document, found.index, _emptied(table, found.node))
    text = table.text
    for node in reversed([found.node] if found.node is not None else list(found.pairs)):
        holder = _holder_of(table, node)
        current = Table(text, table.lead, table.header)
        text = pairs.without_pair(current, node) if holder is None else pairs.without_inline_pair(text, holder, node)
        if holder is not None and len(found.pairs) > 1:
            document = retext(document, found.index, text)
            return drop(document, path)
    return retext(document, found.index, text)


def _emptied(table: Table, node: Node) -> str:
    """The text of `table` with `a = {}` for the pair `a.b = …` at `node`; what was said of `b` goes with it."""
    text = table.text
    prefix = ".".join(text[part.start : part.end] for part in node.key[:-1])
    if node not in table.nodes:
        return replaced(text, node.key_start, node.end, prefix + text[node.key_end : node.start] + "{}")
    line = pairs.line_start(text, node.key_start)
    new = text[line : node.key_start] + prefix + text[node.key_end : node.start] + "{}"
    end = pairs.line_end(text, node.end)
    ending = text[len(text[:end].rstrip("\r\n")) : end]
    return replaced(text, pairs.comment_start(text, line, table.body), end, new + ending)


def _drop_tables(document: Document, path: KeyPath, indices: list[int]) -> Document:
    """`document` without these tables. A table above that only they spelled is given a header, since it stays."""
    parent = path[:-1]
    if parent and parent != ("models",) and isinstance(parent[-1], str):
        under = {index for index, _ in document.layout(parent).under(parent)}
        if under == set(indices):
            document = _put_implicit(document, parent, {})
            indices = [index + 1 for index in indices]
    return remove_tables(document, indices)


def put_item(document: Document, path: KeyPath, index: int, value: Any) -> Document:
    """`document` with `value` put into the list at `path` before the item at `index`."""
    found = spelled(document, path)
    if found is None or found.node is None:
        if not document.has(path):
            return _put_new(document, path, [value])
        return insert_element(document, path, index, value)
    if (
        not document.get(path)
        and isinstance(value, dict)
        and value
        and found.node in document.tables[found.index].nodes
    ):
        return _put_new(drop(document, path), path, [value])
    table = _readable(document, found.index)
    literal = pairs.style_of(table, document.newline).literal
    text = arrays.with_item(table.text, found.node, index, value, literal, document.newline)
    return retext(document, found.index, text)


def drop_item(document: Document, path: KeyPath, index: int) -> Document:
    """`document` without the item at `index` of the list at `path`."""
    found = spelled(document, path)
    if found is None or found.node is None:
        return drop(document, path) if len(document.get(path)) == 1 else remove_element(document, path, index)
    table = _readable(document, found.index)
    return retext(document, found.index, arrays.without_item(table.text, found.node, index))


def move_item(document: Document, path: KeyPath, index: int, to: int) -> Document:
    """`document` with the item at `index` of the list at `path` at `to` instead."""
    found = spelled(document, path)
    if found is None or found.node is None:
        return move_element(document, path, index, to)
    table = _readable(document, found.index)
    return retext(document, found.index, arrays.moved_item(table.text, found.node, index, to))


def is_list_of_tables(document: Document, path: KeyPath) -> bool:
    """Whether the list at `path` is written as tables of its own."""
    return bool(elements(document, path))


def _readable(document: Document, index: int) -> Table:
    table = document.tables[index]
    require_decided_table(document, index)
    if table.fault is not None:
        line = document.place_at(document.starts[index] + table.fault.start).line
        raise EditRefused(f"This table cannot be read (line {line}: {table.fault.message}). Mend it in the source (s).")
    return table


def _told(path: KeyPath) -> str:
    return ".".join(str(part) for part in path) or "the top level"
