"""A new document from an old one and a few new tables, with all that was read of the rest."""

from __future__ import annotations

from loadmaster.document.document import Document
from loadmaster.document.scan import scan
from loadmaster.document.tables import Table, cut_tables

_LONG_QUOTES = ('"""', "'''")


def spliced(document: Document, first: int, last: int, piece: str) -> Document:
    """`document` with `piece` in place of the tables from `first` to before `last`.

    Only the piece is scanned, where it is plain that the cuts around it stay as they were; else the whole text.
    """
    old = document.tables[first:last]
    if document.conflicts or not _keeps_to_itself(old, piece):
        return rescanned(document, first, last, piece)
    fresh = _cut_beside_neighbours(document, first, last, piece)
    if fresh is None:
        return rescanned(document, first, last, piece)
    new = Document(document.tables.spliced(first, last, fresh))
    new.carry_from(document, first, old, fresh)
    return new


def retext(document: Document, index: int, text: str) -> Document:
    """`document` with `text` as that of the table at `index`."""
    return spliced(document, index, index + 1, text)


def _keeps_to_itself(old: tuple[Table, ...], piece: str) -> bool:
    """Whether no long string of the piece can run on behind it, and no open one before it can end in it now."""
    text = "".join([table.text for table in old])
    if all(quotes not in piece and quotes not in text for quotes in _LONG_QUOTES):
        return True
    counts = [(piece.count(quotes), text.count(quotes)) for quotes in _LONG_QUOTES]
    return all(new == before for new, before in counts) and not scan(piece).open_strings and not scan(text).open_strings


def rescanned(document: Document, first: int, last: int, piece: str) -> Document:
    """As `spliced`, with the whole text scanned anew; tables that are as they were are not read again."""
    tables = document.tables
    before, behind = tables[:first], tables[last:]
    new = Document.from_text("".join((*(table.text for table in before), piece, *(table.text for table in behind))))
    return new if document.conflicts or new.conflicts else _sharing(document, new)


def _sharing(document: Document, new: Document) -> Document:
    """`new` with the tables of `document` wherever both begin or end alike, so that they need not be read again."""
    first, behind = document.tables.alike(new.tables, _alike)
    old_end, new_end = len(document.tables) - behind, len(new.tables) - behind
    fresh = new.tables[first:new_end]
    shared = Document(document.tables.spliced(first, old_end, fresh))
    shared.carry_from(document, first, document.tables[first:old_end], fresh)
    return shared


def _alike(old: Table, new: Table) -> bool:
    return old.text == new.text and old.reading == new.reading and old.lead == new.lead


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
