"""A new document from an old one and a few new tables, with all that was read of the rest."""

from __future__ import annotations

from collections.abc import Iterable

from loadmaster.document.document import Document
from loadmaster.document.reading import group_of
from loadmaster.document.tables import Table, cut_tables

_LONG_QUOTES = ('"""', "'''")


def spliced(document: Document, first: int, last: int, piece: str) -> Document:
    """`document` with `piece` in place of the tables from `first` to before `last`.

    Only the piece is scanned, where it is plain that the cuts around it stay as they were; else the whole text.
    """
    old = document.tables[first:last]
    if document.conflicts or any(quotes in piece for quotes in _LONG_QUOTES) or _has_long_quotes(old):
        return _whole(document, first, last, piece)
    fresh = _cut_beside_neighbours(document, first, last, piece)
    if fresh is None:
        return _whole(document, first, last, piece)
    new = Document((*document.tables[:first], *fresh, *document.tables[last:]))
    touched = {group_of(table) for table in (*old, *fresh)}
    new.carry_from(document, touched, same_headers=_headers(old) == _headers(fresh))
    return new


def _has_long_quotes(tables: tuple[Table, ...]) -> bool:
    return any(quotes in table.text for table in tables for quotes in _LONG_QUOTES)


def _whole(document: Document, first: int, last: int, piece: str) -> Document:
    tables = document.tables
    return Document.from_text(
        "".join((*(table.text for table in tables[:first]), piece, *(table.text for table in tables[last:])))
    )


def _cut_beside_neighbours(document: Document, first: int, last: int, piece: str) -> list[Table] | None:
    """The tables of `piece`, or None where what stands before or behind it would be cut differently now."""
    tables = document.tables
    before = [] if first == 0 else [tables[first - 1]]
    # An array left open ends at the next key, so the tables up to one with a key decide.
    behind: list[Table] = []
    for table in tables[last : last + 5]:
        behind.append(table)
        if "=" in table.text:
            break
    if before and before[0].text.startswith("\ufeff"):
        return None
    joint = cut_tables("".join((*(table.text for table in before), piece, *(table.text for table in behind))))
    if joint and joint[0].header is None and not joint[0].text and first > 1:
        del joint[0]
    inner = joint[len(before) : len(joint) - len(behind)]
    around = joint[: len(before)] + joint[len(joint) - len(behind) :]
    if [table.text for table in around] != [table.text for table in (*before, *behind)]:
        return None
    if "".join(table.text for table in inner) != piece:
        return None
    return inner


def _headers(tables: Iterable[Table]) -> list[tuple[tuple[str, ...], bool]]:
    return [(table.key, table.header is not None and table.header.is_array) for table in tables]
