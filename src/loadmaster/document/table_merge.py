"""Texts of two manifests that grew from one, put together table by table, so that comments and layout of both stay.

What is given here is a good guess: whoever asks compares what it says with what both should say together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from loadmaster.document.data_merge import has_paths
from loadmaster.document.document import Document
from loadmaster.document.line_merge import merged_text
from loadmaster.document.places import KeyPath
from loadmaster.document.table_edits import insert_behind
from loadmaster.document.table_style import blank_lines
from loadmaster.document.tables import Table

Name = KeyPath
"""A table's path in the data, with a file named by its path where all have one of their own."""


Scope = frozenset[str]
"""The models that a merge looks into, by id; the empty name stands for all that is no model."""


def touched(base: Document, *others: Document) -> Scope:
    """The models whose tables read otherwise in one of the others, and the top level."""
    if any(one.is_whole for one in (base, *others)):
        return frozenset(name for one in (base, *others) for name in ("", *one.model_ids))
    known = _texts(base)
    found = {""}
    for other in others:
        texts = _texts(other)
        found.update(name for name in {*known, *texts} if known.get(name) != texts.get(name))
    return frozenset(found)


def _texts(document: Document) -> dict[str, list[str]]:
    tables = document.tables
    return {name: [tables[index].text for index in indices] for name, indices in document.groups.items()}


def names(document: Document, scope: Scope) -> list[Name | None]:
    """The name of each table; None for one that cannot be read where it stands.

    Tables of models outside of the scope are the same in all documents: they are told apart by their headers alone.
    """
    found: list[Name | None] = [None] * len(document.tables)
    for group, indices in document.groups.items():
        if group in scope:
            for index, path in document.layout(("models", group) if group else ()):
                found[index] = _named(document, path)
            continue
        for number, index in enumerate(indices):
            found[index] = (*document.tables[index].key[:2], number)
    return found


def index_of(document: Document, scope: Scope) -> dict[Name, int]:
    """The index of each table by its name."""
    return {name: index for index, name in enumerate(names(document, scope)) if name is not None}


def _named(document: Document, path: KeyPath) -> Name:
    named: list[str | int] = []
    for depth, part in enumerate(path):
        if isinstance(part, int) and has_paths(items := document.get(path[:depth])):
            named.append(items[part]["path"])
        else:
            named.append(part)
    return tuple(named)


def in_place(base: Document, ours: Document, theirs: Document, scope: Scope) -> Document:
    """Ours, with what theirs changed in the tables that both have; of lines that clash, ours."""
    before, here, there = (index_of(one, scope) for one in (base, ours, theirs))
    after_base, after_theirs = _followers(names(base, scope)), _followers(names(theirs, scope))
    carried = _carried(base, before, there)
    texts = [table.text for table in ours.tables]
    for name, index in here.items():
        if name not in there:
            continue
        old = base.tables[before[name]] if name in before else None
        new = theirs.tables[there[name]]
        if old is not None and old.text == new.text:
            continue
        is_before_another = after_base.get(name) != after_theirs.get(name)
        texts[index] = _table(old, ours.tables[index], new, carried if is_before_another else None)
    return Document.from_text("".join(texts))


def _followers(found: list[Name | None]) -> Mapping[Name, Name | None]:
    return {name: following for name, following in zip(found, [*found[1:], None], strict=True) if name is not None}


def _carried(base: Document, before: Mapping[Name, int], there: Mapping[Name, int]) -> frozenset[str]:
    """The detached comments behind tables that theirs took away: there they stand behind the tables before those.

    In ours they do so once those tables are taken away here too.
    """
    tails = [_tail(base.tables[index]) for name, index in before.items() if name not in there]
    return frozenset(line for tail in tails for line in tail.split("\n") if line.strip())


def _table(base: Table | None, ours: Table, theirs: Table, carried: frozenset[str] | None) -> str:
    """One table of both. `carried` is given where another follows it in theirs: comments that came with that."""
    leads = _lead(base), _lead(ours), _lead(theirs)
    cores = _core(base), _core(ours), _core(theirs)
    tails = _tail(base), _tail(ours), _tail(theirs)
    if carried is not None:
        own = {*tails[0].split("\n")}
        kept = "\n".join(line for line in tails[2].split("\n") if line in own or line not in carried)
        # What parts a table from the next is a matter of which comes next.
        tails = (*tails[:2], kept if "#" in kept else tails[0])
    return _comments(*leads) + _lines(*cores) + _comments(*tails)


def _lead(table: Table | None) -> str:
    return "" if table is None else table.text[: table.lead]


def _core(table: Table | None) -> str:
    return "" if table is None else table.text[table.lead : table.tail]


def _tail(table: Table | None) -> str:
    return "" if table is None else table.text[table.tail :]


def _lines(base: str, ours: str, theirs: str) -> str:
    """The lines of both; ours where they clash, or where they say nothing together."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    both = merged_text(*map(Document.from_text, (base, ours, theirs)))
    return ours if both is None or Document.from_text(both).faults else both


def _comments(base: str, ours: str, theirs: str) -> str:
    """Comments and blank lines of both: where they clash, ours and then those of theirs that are new."""
    if theirs in (base, ours):
        return ours
    if ours == base:
        return theirs
    known = {*base.split("\n"), *ours.split("\n")}
    fresh = [line for line in theirs.split("\n") if line.strip() and line not in known]
    if not fresh:
        return ours
    ended = ours if ours.endswith("\n") or not ours else ours + "\n"
    return ended + "".join(f"{line}\n" for line in fresh)


def with_tables_of(document: Document, other: Document, wanted: Collection[Name], scope: Scope) -> Document:
    """`document` with the `wanted` tables of `other`, comments and all, each run behind what it stands behind there."""
    found = names(other, scope)
    at = 0
    while at < len(found):
        if found[at] not in wanted:
            at += 1
            continue
        end = at + 1
        while end < len(found) and found[end] in wanted and (found[end] or ())[:2] == (found[at] or ())[:2]:
            end += 1
        document = _with_run(document, other, found, (at, end), scope)
        at = end
    return document


def _with_run(
    document: Document, other: Document, found: list[Name | None], run: tuple[int, int], scope: Scope
) -> Document:
    start, end = run
    anchor = _anchor(names(document, scope), found, start)
    texts = [table.text for table in other.tables[start:end]]
    last = other.tables[end - 1]
    texts[-1] = last.text[: last.tail]
    previous = other.tables[start - 1]
    gap = blank_lines(previous.text[previous.tail :]) if start else 0
    piece = "".join(texts).replace("\r\n", "\n").replace("\n", document.newline)
    return insert_behind(document, anchor, [piece], gap)


def _anchor(order: list[Name | None], found: list[Name | None], start: int) -> int:
    """The index of the table behind which the run that starts at `start` of the other's tables goes."""
    here = {name: index for index, name in enumerate(order) if name is not None}
    first = found[start] or ()
    known = [name for name in found[:start] if name in here and name is not None]
    own = [name for name in known if name[:2] == first[:2]]
    if own:
        anchor = here[own[-1]]
    elif known:
        # Behind all of the model that comes before, also behind what ours put there.
        anchor = max(index for name, index in here.items() if name[:2] == known[-1][:2])
    else:
        anchor = 0
    theirs = set(found)
    while anchor + 1 < len(order):
        # What ours put at the same place comes first.
        following = order[anchor + 1]
        alike = following is not None and (following[:3] == first[:3] if own else following[:2] != first[:2])
        if not alike or following in theirs:
            break
        anchor += 1
    return anchor
