"""What must hold before an edit counts, besides that its own data is right: nothing else has changed."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from loadmaster.document.document import Document
from loadmaster.document.grouping import group_of
from loadmaster.document.plain import same
from loadmaster.document.tables import Table
from loadmaster.errors import EditRefused

_ABSENT = object()
_MOST_READ_TWICE = 50_000  # characters; `tomlkit` needs 2 µs for each, and `tomllib` has judged them already


def require_only(document: Document, new: Document, names: set[str]) -> None:
    """Raise EditRefused unless `new` differs from `document` in these models alone, in text that others can read.

    Tables that both share say the same by construction. What is left: no other model came or went, those whose
    tables were written anew say what they said, lines end as the file's do, and `tomlkit` reads what we read.
    """
    if document.model_ids != new.model_ids and not _are_same_but_for(names, document.model_ids, new.model_ids):
        raise EditRefused("The edit would change another model. Open the source (s).")
    gone, fresh = _changed(document, new)
    if not document.is_whole and not new.is_whole:
        for name in {group_of(table) for table in (*gone, *fresh)} - names:
            if name and not same(document.raw_model(name), new.raw_model(name)):
                raise EditRefused("The edit would change another model. Open the source (s).")
        if names and not same(document.root_data, new.root_data):
            raise EditRefused("The edit would change the top level. Open the source (s).")
    _require_newlines(document, gone, fresh)
    _require_second_reading(gone, fresh)


def require_decided(document: Document, new: Document) -> None:
    """Raise EditRefused where an edit moved, copied or wrote anew what holds a merge conflict, or lies in one.

    An edit sees one side of a conflict: what it does there would stand wrong on the other.
    """
    if not document.conflicts:
        return
    before, after = _conflict_texts(document), _conflict_texts(new)
    if before != after:
        pairs = enumerate(zip(before, after, strict=False))
        raise _undecided(document, next((at for at, (old, changed) in pairs if old != changed), 0))
    first, behind = document.tables.alike(new.tables, _stays)
    for index in range(first, len(document.tables) - behind):
        require_decided_table(document, index)


def _conflict_texts(document: Document) -> list[str]:
    return [document.text[one.start : one.end] for one in document.conflicts]


def require_decided_table(document: Document, index: int) -> None:
    """Raise EditRefused where a merge conflict lies in a table."""
    if document.tables[index].is_conflicted:
        start, end = document.starts[index], document.starts[index + 1]
        inside = (at for at, one in enumerate(document.conflicts) if one.start < end and start < one.end)
        raise _undecided(document, next(inside, 0))


def require_decided_model(document: Document, model_id: str) -> None:
    """Raise EditRefused where a merge conflict lies in a model, or the other side of one says otherwise of it."""
    if not document.conflicts:
        return
    for index in document.model_tables(model_id):
        require_decided_table(document, index)
    path = ("models", model_id)
    if not same(document.get(path, _ABSENT), document.side("theirs").get(path, _ABSENT)):
        raise _undecided(document, 0)


def _undecided(document: Document, conflict: int) -> EditRefused:
    line = document.place_at(document.conflicts[conflict].start).line
    return EditRefused(
        f"The merge conflict on line {line} lies in what this would change."
        " Decide it first (f; `loadmaster fix --take ours|theirs|both`)."
    )


def _stays(one: Table, other: Table) -> bool:
    return one.text == other.text and one.reading == other.reading


def _are_same_but_for(names: set[str], ids: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return [name for name in ids if name not in names] == [name for name in others if name not in names]


def _changed(document: Document, new: Document) -> tuple[tuple[Table, ...], tuple[Table, ...]]:
    """The tables between what both documents begin and end with: those that were there, and those that are there."""
    first, behind = document.tables.alike(new.tables, _are_other)
    return document.tables[first : len(document.tables) - behind], new.tables[first : len(new.tables) - behind]


def _are_other(one: Table, other: Table) -> bool:
    return False


def _require_newlines(document: Document, gone: tuple[Table, ...], fresh: tuple[Table, ...]) -> None:
    """New lines end as the file's do. In a file of mixed endings nothing is asked."""
    crlf = document.newline == "\r\n"
    if any(_is_foreign(table.text, crlf) for table in fresh) and not any(
        _is_foreign(table.text, crlf) for table in (*gone, *document.tables)
    ):
        raise EditRefused("The edit would mix newline styles. Open the source (s).")


def _is_foreign(text: str, crlf: bool) -> bool:
    return text.count("\n") != text.count("\r\n") if crlf else "\r\n" in text


def _require_second_reading(gone: tuple[Table, ...], fresh: tuple[Table, ...]) -> None:
    if sum(len(table.text) for table in fresh) > _MOST_READ_TWICE:
        return
    if not all(map(_is_read_alike, fresh)) and all(map(_is_read_alike, gone)):
        raise EditRefused("The edit would be read differently by other programs. Open the source (s).")


def _is_read_alike(table: Table) -> bool:
    """Whether `tomlkit` reads a table as we do. It keeps a CRLF inside a long string, which TOML leaves open."""
    if table.fault is not None or table.is_conflicted:
        return True
    try:
        data: Any = tomlkit.parse(table.reading.replace("\r\n", "\n")).unwrap()
        for name in table.key:
            data = data[name]
    except (TOMLKitError, ValueError, KeyError, RecursionError):
        return False
    return same(data[0] if table.header and table.header.is_array else data, table.data)
