"""Edits of lists of tables (`[[….files]]`): an element added, removed or moved."""

from __future__ import annotations

from typing import Any

from loadmaster.document.document import Document
from loadmaster.document.file_runs import Element, elements
from loadmaster.document.pairs import newline_of
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import moved
from loadmaster.document.splice import spliced
from loadmaster.document.table_edits import (
    ends_with_comment,
    insert_before,
    insert_behind,
    remove_tables,
    separator,
    without_final_newline,
)
from loadmaster.document.table_style import blocks, observed
from loadmaster.errors import EditRefused


def insert_element(document: Document, path: KeyPath, index: int, value: Any) -> Document:
    """`document` with the table `value` as the element at `index` of the list of tables at `path`."""
    if not isinstance(value, dict):
        raise EditRefused("Only a table can be put into a list of tables.")
    found = elements(document, path)
    neighbour = found[index - 1] if index else found[0]
    like = document.tables[neighbour.tables[0]]
    parts = tuple(like.text[part.start : part.end] for part in like.parts)
    texts = blocks(parts, value, observed(like, document.newline), is_array=True)
    gap = separator(document, path, neighbour.tables[-1])
    following = found[index] if index < len(found) else None
    in_run = following is not None and bool(following.heads)
    if in_run and following is not None:
        in_run = value.get("component") == document.tables[following.tables[0]].data.get("component")
    if following is None or (index > 0 and not in_run):
        return insert_behind(document, found[index - 1].tables[-1], texts, gap)
    return insert_before(document, following.tables[0], texts, gap, below_lead=in_run)


def remove_element(document: Document, path: KeyPath, index: int) -> Document:
    """`document` without the element at `index`; the heading of its run stays."""
    element = elements(document, path)[index]
    headings = frozenset((element.tables[0],) if element.heads else ())
    return remove_tables(document, element.tables, headings)


def copy_element(document: Document, path: KeyPath, index: int) -> Document:
    """`document` with a copy of the element at `index` directly behind it, with its own comments.

    A comment that heads a run heads the copy too, which joins the run.
    """
    element = elements(document, path)[index]
    if not element.is_together:
        raise EditRefused("The tables of a file are split by others here. Open the source (s) to copy it.")
    table = document.tables[element.tables[0]]
    lead = "" if element.heads else table.text[: table.lead]
    gap = separator(document, path, element.tables[-1])
    return insert_behind(document, element.tables[-1], [lead + _content(document, element)], gap)


def move_element(document: Document, path: KeyPath, index: int, to: int) -> Document:
    """`document` with the element at `index` at `to` instead; blank lines and detached comments stay in place."""
    found = elements(document, path)
    order = moved(list(range(len(found))), index, to)
    headings, heirs = _headings(document, found, order, index)
    slots = {index, to, *heirs}
    low, high = min(slots), max(slots)
    if not all(element.is_together for element in found[low : high + 1]):
        raise EditRefused("The tables of a file are split by others here. Open the source (s) to move it.")
    texts = [headings.get(number, "") + _content(document, found[number]) for number in order]
    # From the end, so that the slots still to be filled stay where they are.
    for slot in range(high, low - 1, -1):
        document = _fill(document, found[slot], texts[slot])
    return document


def _headings(
    document: Document, found: list[Element], order: list[int], moving: int
) -> tuple[dict[int, str], list[int]]:
    """The comment block above each element, and the slots of those that are to get another's.

    An element takes its own along. A run's heading stays above what is left of the run; it heads the one that moves
    too, where that comes to stand right before the rest.
    """
    leads: dict[int, str] = {}
    heirs: list[int] = []
    for number, element in enumerate(found):
        table = document.tables[element.tables[0]]
        if not table.lead:
            continue
        first = number
        if moving in element.heads:
            first = min((member for member in element.heads if member != moving), key=order.index)
            if order.index(moving) + 1 == order.index(first):
                first = moving
        if first != number:
            heirs.append(order.index(first))
        leads[first] = table.text[: table.lead]
    return leads, heirs


def _content(document: Document, element: Element) -> str:
    """An element without its comment block and without what parts it from the next."""
    first, last = element.tables[0], element.tables[-1]
    texts = [document.tables[index].text for index in range(first, last + 1)]
    texts[-1] = texts[-1][: document.tables[last].tail]
    texts[0] = texts[0][document.tables[first].lead :]
    return "".join(texts)


def _fill(document: Document, slot: Element, text: str) -> Document:
    first, last = slot.tables[0], slot.tables[-1]
    final = document.tables[last]
    tail = final.text[final.tail :]
    is_end = last == len(document.tables) - 1
    ends_open = is_end and not final.text.endswith("\n")
    if not text.endswith("\n"):
        text += newline_of(text, document.newline)
    if not tail and not is_end and ends_with_comment(text):
        text += newline_of(text, document.newline)
    piece = text + tail
    return spliced(document, first, last + 1, without_final_newline(piece) if ends_open and not tail else piece)
