"""A three-way merge of manifests by model and field: what git's merge driver does with a `models.toml`.

The result is the text of ours with what theirs changed. Only where both changed one field, or one changed what the
other took away, is there a conflict, and its markers stand around that field or table. What is written is proven: the
text says what both say together, or a side where its conflicts are decided for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from typing import Any

from loadmaster.document.bringing import brought, data_of, is_broken, place_of, says, with_value, without
from loadmaster.document.data_merge import ABSENT, ByPath, Clash, keyed, merge_data, plain_data
from loadmaster.document.document import Document
from loadmaster.document.history import step_between
from loadmaster.document.line_merge import merged_text
from loadmaster.document.places import KeyPath
from loadmaster.document.renames import IdClash, under_one_id
from loadmaster.document.table_merge import Scope, in_place, index_of, touched, with_tables_of
from loadmaster.errors import EditRefused

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged text, and the paths of its conflicts, files named by their paths; empty where all went together.

    `whole` tells that the manifests could not be read table by table, so that lines were compared.
    """

    text: str
    conflicts: tuple[tuple[str, ...], ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Lines of the merged text, as offsets, that are otherwise on their side."""

    start: int
    end: int
    theirs: str
    path: tuple[str, ...]


def merge(base: str, ours: str, theirs: str, labels: tuple[str, str] = ("ours", "theirs")) -> Merge:
    """The merge of two texts that grew from `base`. Never raises; a side that changed nothing gives the other's text.

    `labels` stand behind the markers of conflicts.
    """
    if theirs in (base, ours):
        return Merge(ours)
    if ours == base:
        return Merge(theirs)
    before, mine, other = (Document.from_text(text) for text in (base, ours, theirs))
    scope = touched(before, mine, other)
    if not any(is_broken(document, scope) for document in (before, mine, other)):
        with suppress(EditRefused):
            return _by_tables(*_with_newlines(before, mine, other), labels)
    return _by_lines(before, mine, other, labels)


def _with_newlines(base: Document, ours: Document, theirs: Document) -> tuple[Document, Document, Document]:
    """The documents with lines that end as ours do, so that a change of that alone is none."""
    if base.newline == ours.newline == theirs.newline:
        return base, ours, theirs
    return _ending(base, ours.newline), ours, _ending(theirs, ours.newline)


def _ending(document: Document, newline: str) -> Document:
    return Document.from_text(document.text.replace("\r\n", "\n").replace("\n", newline))


def _by_tables(base: Document, ours: Document, theirs: Document, labels: tuple[str, str]) -> Merge:
    texts = under_one_id(base, ours, theirs)
    base, ours, theirs = texts.base, texts.ours, texts.theirs
    scope = touched(base, ours, theirs)
    wanted, clashes = merge_data(*(data_of(one, scope) for one in (base, ours, theirs)))
    named_twice = [one for one in texts.clashes if one.ours and one.theirs]
    for one in texts.clashes:
        if one not in named_twice:
            wanted, clash = _kept_by_one(wanted, one)
            clashes = (*clashes, clash)
    merged = _together(base, ours, theirs, wanted, scope)
    if not clashes and not named_twice:
        return Merge(merged.text)

    def decided(some: Iterable[Clash]) -> Document:
        return reduce(lambda document, clash: _decided(document, theirs, clash, scope), some, merged)

    hunks: list[_Hunk] = []
    for one in named_twice:
        # All of the model is one conflict: its id stands in every header.
        path = ("models", one.model_id)
        within = [clash for clash in clashes if clash.path[:2] == path]
        clashes = tuple(clash for clash in clashes if clash not in within)
        hunks.append(_hunk(merged, decided(within).rename_model(one.model_id, str(one.theirs)), path))
    hunks = _joined([*hunks, *(_hunk(merged, decided([clash]), clash.path) for clash in clashes)])
    return Merge(_marked(merged, hunks, labels), tuple(hunk.path for hunk in hunks))


def _kept_by_one(wanted: Any, one: IdClash) -> tuple[Any, Clash]:
    """A model that one side renamed and the other took away: what is wanted has it where ours does, and the clash."""
    models, model_id = wanted["models"], one.model_id
    path, data = ("models", model_id), models[model_id]
    if one.ours:
        return wanted, Clash(path, data, ABSENT)
    rest = {name: value for name, value in models.items() if name != model_id}
    return {**wanted, "models": rest}, Clash(path, ABSENT, data)


# Both together


def _together(base: Document, ours: Document, theirs: Document, wanted: Any, scope: Scope) -> Document:
    """The text of both, saying `wanted`. Raises EditRefused where that cannot be had."""
    text = merged_text(base, ours, theirs)
    if text is not None:
        together = Document.from_text(text)
        if touched(base, together) <= scope and not is_broken(together, scope) and says(together, wanted, scope):
            return together
    merged = ours
    if not any(document.is_whole for document in (base, ours, theirs)):
        merged = _tables_together(*_in_one_order(base, ours, theirs, scope), theirs, wanted, scope)
        if is_broken(merged, scope):
            merged = ours
    merged = brought(merged, wanted, scope)
    return _in_order(merged, base, ours, theirs, scope)


def _tables_together(base: Document, ours: Document, theirs: Document, wanted: Any, scope: Scope) -> Document:
    merged = in_place(base, ours, theirs, scope)
    if is_broken(merged, scope):
        return ours
    known, here = index_of(base, scope), index_of(merged, scope)
    there = index_of(theirs, scope)
    added = {name for name in there if name not in here and name not in known and _stands(wanted, name)}
    return with_tables_of(merged, theirs, added, scope)


def _stands(data: Any, name: KeyPath) -> bool:
    for part in name:
        if isinstance(part, int):
            return True
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return True


def _in_one_order(base: Document, ours: Document, theirs: Document, scope: Scope) -> tuple[Document, Document]:
    """Base and ours with their files in the order of theirs, where theirs moved some and ours did not.

    So a comment that heads some files is compared with what stands above the same files in theirs.
    """
    for path, order in _moved_by_theirs(base, ours, theirs, scope):
        with suppress(EditRefused):
            base, ours = _ordered(base, path, order), _ordered(ours, path, order)
    return base, ours


def _in_order(merged: Document, base: Document, ours: Document, theirs: Document, scope: Scope) -> Document:
    """The files of each model in the order of theirs, where theirs moved some and ours did not."""
    for path, order in _moved_by_theirs(base, ours, theirs, scope):
        merged = _ordered(merged, path, order)
    return merged


def _moved_by_theirs(
    base: Document, ours: Document, theirs: Document, scope: Scope
) -> Iterator[tuple[KeyPath, list[str]]]:
    """The lists of files that only theirs put into another order, and that order."""
    for model_id in [name for name in base.model_ids if name in scope]:
        path: KeyPath = ("models", model_id, "files")
        before, mine, others = (_paths(document.get(path)) for document in (base, ours, theirs))
        common = {*before} & {*mine} & {*others}
        orders = [[name for name in one if name in common] for one in (before, mine, others)]
        if orders[0] == orders[1] != orders[2]:
            yield path, others


def _ordered(document: Document, path: KeyPath, order: list[str]) -> Document:
    """`document` with the files at `path` that `order` names in that order; the others keep their positions."""
    current = _paths(document.get(path))
    ranks = iter([name for name in order if name in current])
    target = [next(ranks) if name in order else name for name in current]
    for position, name in enumerate(target):
        at = _paths(document.get(path)).index(name)
        if at != position:
            document = document.move_item(path, at, position)
    return document


def _paths(files: Any) -> list[str]:
    return [one["path"] for one in files] if isinstance(keyed(files), ByPath) else []


# Conflicts


def _decided(merged: Document, theirs: Document, clash: Clash, scope: Scope) -> Document:
    """`merged` with a clash decided for theirs."""
    if clash.theirs is ABSENT:
        return without(merged, clash.path)
    if clash.ours is not ABSENT:
        return merged.set(place_of(merged, clash.path), plain_data(clash.theirs))
    if isinstance(clash.theirs, dict) and not merged.is_whole:
        size = len(clash.path)
        return with_tables_of(
            merged, theirs, {name for name in index_of(theirs, scope) if name[:size] == clash.path}, scope
        )
    return with_value(merged, clash.path, clash.theirs)


def _hunk(merged: Document, decided: Document, path: tuple[str, ...]) -> _Hunk:
    """The lines of `merged` that are otherwise in `decided`. Raises EditRefused where they do not lie together."""
    step = step_between(merged, decided, "")
    old = _LINE.findall("".join(table.text for table in step.old))
    new = _LINE.findall("".join(table.text for table in step.new))
    most = min(len(old), len(new))
    lead = next((i for i in range(most) if old[i] != new[i]), most)
    most -= lead
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    start = merged.starts[step.first] + sum(map(len, old[:lead]))
    end = start + sum(map(len, old[lead : len(old) - tail]))
    return _Hunk(start, end, "".join(new[lead : len(new) - tail]), path)


def _joined(hunks: list[_Hunk]) -> list[_Hunk]:
    """The hunks in order. Raises EditRefused where two want the same lines: then lines are no way to tell them."""
    hunks = sorted(hunks, key=lambda hunk: (hunk.start, hunk.end))
    for one, other in pairwise(hunks):
        if other.start < one.end or (one.start, one.end) == (other.start, other.end):
            raise EditRefused("Two conflicts lie on one line.")
    return hunks


def _marked(merged: Document, hunks: list[_Hunk], labels: tuple[str, str]) -> str:
    text, newline = merged.text, merged.newline
    pieces: list[str] = []
    at = 0
    for hunk in hunks:
        before, ours = text[at : hunk.start], text[hunk.start : hunk.end]
        pieces += (before, newline if before and not before.endswith("\n") else "")
        pieces += (f"<<<<<<< {labels[0]}{newline}", _ended(ours, newline), f"======={newline}")
        pieces += (_ended(hunk.theirs, newline), f">>>>>>> {labels[1]}{newline}")
        at = hunk.end
    return "".join((*pieces, text[at:]))


def _ended(text: str, newline: str) -> str:
    return text + newline if text and not text.endswith("\n") else text


def _by_lines(base: Document, ours: Document, theirs: Document, labels: tuple[str, str]) -> Merge:
    """Line by line, for what cannot be read as tables: one conflict around all that lies between where they differ."""
    text = merged_text(base, ours, theirs)
    if text is not None:
        together = Document.from_text(text)
        scope = touched(base, ours, theirs, together)
        if not is_broken(together, scope):
            wanted, clashes = merge_data(*(data_of(one, scope) for one in (base, ours, theirs)))
            if not clashes and says(together, wanted, scope):
                return Merge(text, whole=True)
    hunk = _hunk(ours, theirs, ())
    return Merge(_marked(ours, [hunk], labels), (hunk.path,), whole=True)
