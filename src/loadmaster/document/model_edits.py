"""Edits of whole models: added, copied, renamed, removed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from loadmaster.document import render
from loadmaster.document.document import Document
from loadmaster.document.lookup import spelled
from loadmaster.document.places import KeyPath
from loadmaster.document.splice import retext
from loadmaster.document.table_edits import ends_with_comment, insert_behind, new_tables, remove_tables
from loadmaster.document.table_style import blank_lines
from loadmaster.document.tables import Table
from loadmaster.errors import EditRefused


def _renamed_text(table: Table, old_id: str, new_id: str, base: KeyPath | None) -> str:
    """The text of `table` with every key part that names the model spelled anew, in its header and in its keys."""
    spans: list[tuple[int, int]] = []
    if table.key[:2] == ("models", old_id):
        spans.append((table.parts[1].start, table.parts[1].end))
    elif base is not None and len(base) < 2:
        for top in table.nodes:
            for node in top.walk():
                path = (*base, *node.path)
                at = 1 - (len(path) - len(node.key))
                if path[:2] == ("models", old_id) and 0 <= at < len(node.key):
                    spans.append((node.key[at].start, node.key[at].end))
    text = table.text
    for start, end in reversed(spans):
        text = text[:start] + render.part(new_id, text[start:end]) + text[end:]
    return text


def rename(document: Document, old_id: str, new_id: str) -> Document:
    """`document` with every header and key that names `old_id` naming `new_id`."""
    layout = dict(document.layout(("models",))) if document.is_whole else {}
    indices = range(len(document.tables)) if document.is_whole else document.model_tables(old_id)
    # A dotted or inline spelling may stand in any table, so they are looked at from the end: offsets stay true.
    for index in reversed(list(indices)):
        table = document.tables[index]
        text = _renamed_text(table, old_id, new_id, layout.get(index))
        if text != table.text:
            document = retext(document, index, text)
    return document


def copy_model(document: Document, model_id: str, new_id: str) -> Document:
    """`document` with a copy of a model behind it: its tables, values and comments, under the new id."""
    if document.is_whole and spelled(document, ("models", model_id)) is not None:
        from loadmaster.document.value_edits import put  # values may be tables: each needs the other

        return put(document, ("models", new_id), copy.deepcopy(document.model_data(model_id)))
    indices = document.model_tables(model_id)
    texts: list[str] = []
    for position, index in enumerate(indices):
        table = document.tables[index]
        text = _renamed_text(table, model_id, new_id, None)
        core = text[: len(text) - (len(table.text) - table.tail)]
        is_last = position == len(indices) - 1
        goes_on = not is_last and indices[position + 1] == index + 1
        tail = table.text[table.tail :] if goes_on else "" if is_last else _blank_start(table.text[table.tail :])
        if not core.endswith("\n"):
            core += document.newline
        if not tail and not is_last and ends_with_comment(core):
            tail = document.newline
        texts.append(core + tail)
    return insert_behind(document, indices[-1], ["".join(texts)], model_gap(document, indices))


def _blank_start(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: blank_lines(text)])


def model_gap(document: Document, indices: Sequence[int]) -> int:
    """How many blank lines part a model from the one before or behind it."""
    first, last = indices[0], indices[-1]
    if last < len(document.tables) - 1:
        table = document.tables[last]
    elif first > 0 and document.tables[first - 1].text.strip("\ufeff"):
        table = document.tables[first - 1]
    else:
        return 1
    return blank_lines(table.text[table.tail :])


def add(document: Document, model_id: str, data: dict[str, Any]) -> Document:
    """`document` with a new model behind the last one."""
    if document.is_whole:
        from loadmaster.document.value_edits import put

        return put(document, ("models", model_id), data)
    return new_tables(document, ("models", model_id), data)


def remove(document: Document, model_id: str) -> Document:
    """`document` without a model: its tables, and their comments."""
    if document.is_whole:
        from loadmaster.document.value_edits import drop

        return drop(document, ("models", model_id))
    return remove_tables(document, document.model_tables(model_id))


def require(document: Document, model_id: str) -> None:
    """Raise EditRefused where no model of that id is there."""
    if document.raw_model(model_id) is None:
        raise EditRefused(f"There is no model {model_id} in this manifest.", {"model_id": model_id})
