"""Edits of whole tables: added, removed, moved, each with the comments that belong to it.

What parts two tables, blank lines and comments behind a blank line, keeps its position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from loadmaster.document import render
from loadmaster.document.document import Document
from loadmaster.document.pairs import newline_of
from loadmaster.document.places import KeyPath
from loadmaster.document.splice import retext, spliced
from loadmaster.document.table_style import blank_lines, blocks, observed
from loadmaster.document.tables import Table


def new_tables(document: Document, path: KeyPath, data: Any, bare: bool = False) -> Document:
    """`document` with new tables that say `data` at `path`: a table, or a list of tables.

    They stand behind the last table of the same model, or of the same file where `path` goes through one.
    """
    anchor = _anchor(document, path)
    like = _sibling(document, path, anchor)
    style = observed(like, document.newline)
    parts = _spelled_parts(document, path)
    if isinstance(data, list):
        texts = [block for item in data for block in blocks(parts, item, style, is_array=True)]
    else:
        texts = blocks(parts, data, style, bare=bare)
    return insert_behind(document, anchor, texts, separator(document, path, anchor))


def _spelled_parts(document: Document, path: KeyPath) -> tuple[str, ...]:
    """How the header of a new table at `path` is spelled: as the nearest header that shares the most of it."""
    names = [name for name in path if isinstance(name, str)]
    best: list[str] = []
    for index, _ in document.layout(path):
        table = document.tables[index]
        shared = 0
        for mine, other in zip(names, table.key, strict=False):
            if mine != other:
                break
            shared += 1
        if shared > len(best):
            best = [table.text[part.start : part.end] for part in table.parts[:shared]]
    like = _quote_of_neighbours(document)
    return (*best, *(render.key(name, like) for name in names[len(best) :]))


def _quote_of_neighbours(document: Document) -> str:
    for table in reversed(document.tables[-20:]):
        if len(table.parts) > 1 and table.text[table.parts[1].start] in "\"'":
            return table.text[table.parts[1].start]
    return '"'


def _anchor(document: Document, path: KeyPath) -> int:
    """The table behind which a new one at `path` goes."""
    for size in range(len(path) - 1, 0, -1):
        under = document.layout(path).under(path[:size])
        if under:
            return under[-1][0]
    if path[:1] == ("models",):
        models = [index for index, table in enumerate(document.tables) if table.key[:1] == ("models",)]
        if models:
            return models[-1]
    return len(document.tables) - 1


def _sibling(document: Document, path: KeyPath, anchor: int) -> Table | None:
    """The table whose style a new one at `path` copies: one of as many parts in its model, else the anchor's own."""
    names = tuple(name for name in path if isinstance(name, str))
    candidates = [document.tables[index] for index, _ in document.layout(path)]
    for table in reversed(candidates):
        if table.key == names:
            return table
    for table in reversed(candidates):
        if len(table.key) == len(names):
            return table
    if candidates and candidates[-1].header is not None:
        return candidates[-1]
    anchored = document.tables[anchor]
    same_depth = [table for table in document.tables[: anchor + 1] if len(table.key) == len(names)]
    return same_depth[-1] if same_depth else anchored


def separator(document: Document, path: KeyPath, anchor: int) -> int:
    """How many blank lines part the tables around `anchor`: of one model if the path is in one, else of models."""
    in_model = len(path) > 2 and path[0] == "models"
    counts: Counter[int] = Counter()
    window = range(max(0, anchor - 60), min(len(document.tables) - 1, anchor + 60))
    for index in window:
        table, following = document.tables[index], document.tables[index + 1]
        if table.header is None:
            continue
        if (table.key[:2] == following.key[:2]) == in_model:
            counts[blank_lines(table.text[table.tail :])] += 1
    return counts.most_common(1)[0][0] if counts else 1


def insert_behind(document: Document, anchor: int, texts: list[str], gap: int) -> Document:
    """`document` with the tables `texts` behind the table at `anchor`, `gap` blank lines before each."""
    table = document.tables[anchor]
    newline = newline_of(table.text, document.newline)
    core, tail = table.text[: table.tail], table.text[table.tail :]
    ends_open = (
        anchor == len(document.tables) - 1 and not table.text.endswith("\n") and bool(table.text.strip("\ufeff"))
    )
    core, tail, texts = _closed(core, tail, texts, newline)
    space = newline * gap
    before = space if core.strip("\ufeff") else ""
    if core.strip("\ufeff") and (not gap and ends_with_comment(core)):
        before = newline
    if blank_lines(tail) == 0 and tail.strip():
        tail = newline + tail  # a detached comment must not touch the new table
    piece = core + before + space.join(texts) + tail
    if ends_open:
        piece = without_final_newline(piece)
    return spliced(document, anchor, anchor + 1, piece)


def _closed(core: str, tail: str, texts: list[str], newline: str) -> tuple[str, str, list[str]]:
    if core.strip("\ufeff") and not core.endswith("\n"):
        core += newline
    if tail.strip() and not tail.endswith("\n"):
        tail += newline
    return core, tail, [text if text.endswith("\n") else text + newline for text in texts]


def ends_with_comment(text: str) -> bool:
    """Whether the last line of `text` is a comment, which would touch a header below it."""
    lines = text.rstrip("\r\n").rsplit("\n", 1)
    return lines[-1].lstrip(" \t").startswith("#")


def without_final_newline(text: str) -> str:
    """`text` without the newline that it ends with."""
    if text.endswith("\r\n"):
        return text[:-2]
    return text[:-1] if text.endswith("\n") else text


def insert_before(document: Document, index: int, texts: list[str], gap: int, below_lead: bool = False) -> Document:
    """`document` with the tables `texts` before the table at `index`; below its comment block with `below_lead`."""
    table = document.tables[index]
    newline = newline_of(table.text, document.newline)
    space = newline * gap
    at = table.lead if below_lead else 0
    new = space.join(text if text.endswith("\n") else text + newline for text in texts)
    if not gap and ends_with_comment(new):
        space = newline
    if not gap and table.lead and not below_lead:
        space = ""
    return retext(document, index, table.text[:at] + new + space + table.text[at:])


def remove_tables(document: Document, indices: Iterable[int], headings: frozenset[int] = frozenset()) -> Document:
    """`document` without the tables at `indices`; of those in `headings` the comment block above stays."""
    runs: list[list[int]] = []
    for index in sorted(indices):
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in reversed(runs):
        document = _remove_run(document, run[0], run[-1], run[0] in headings)
    return document


def _remove_run(document: Document, first: int, last: int, keep_lead: bool) -> Document:
    tables = document.tables
    before, final = tables[first - 1], tables[last]
    is_end = last == len(tables) - 1
    tail = final.text[final.tail :]
    previous_core, previous_tail = before.text[: before.tail], before.text[before.tail :]
    if keep_lead:
        # The heading goes on to head what follows it.
        rest = tail[_blank_prefix(tail) if blank_lines(previous_tail) else 0 :] if "#" in tail else ""
        heading = tables[first].text[: tables[first].lead]
        return spliced(document, first - 1, last + 1, before.text + rest + heading)
    if "#" in previous_tail and not tail.strip():
        kept = previous_tail
    elif "#" in previous_tail:
        kept = (
            previous_tail + tail[_blank_prefix(tail) :]
            if previous_tail.endswith(("\n\n", "\n\r\n"))
            else previous_tail + tail
        )
    elif tail or is_end:
        kept = tail
    else:
        kept = previous_tail
    piece = previous_core + kept
    if is_end and not document.tables[-1].text.endswith("\n"):
        piece = piece.rstrip("\r\n")
    if not is_end and ends_with_comment(previous_core) and not kept:
        piece += newline_of(before.text, document.newline)
    return spliced(document, first - 1, last + 1, piece)


def _blank_prefix(text: str) -> int:
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            break
        at += len(line)
    return at
