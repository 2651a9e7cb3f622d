"""Tables -> data: what the tables of one model, or of the top level, say together.

Follows TOML's rules on what may be defined where. Tables that only add to one another are put together here; where a
header goes on inside something that another table's keys defined, `tomllib` is asked about those tables' whole text,
so that the verdict is always its own.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from loadmaster.document.entries import RelativePath
from loadmaster.document.limits import MAX_KEY_PARTS
from loadmaster.document.tables import Table

_MOST_LEFT_OUT = 20  # each costs a few readings of the whole group


@dataclass(frozen=True, slots=True)
class DataFault:
    """A fault of the table at index `table` of its group, offsets in that table's text.

    `first` tells of what was there before: its table, and the offset in that table's text.
    """

    kind: str
    message: str
    table: int
    start: int
    end: int
    path: RelativePath = ()
    first: tuple[int, int] | None = None


@dataclass(slots=True)
class TableData:
    """What a group of tables says.

    `paths` holds for each table the path of its own keys in the data, or None for one that is left out.
    """

    data: dict[str, Any] = field(default_factory=dict)
    paths: list[RelativePath | None] = field(default_factory=list)
    faults: list[DataFault] = field(default_factory=list)


class _Refused(Exception):
    """A header that cannot stand where it does; `first` is the index of the table that stands in its way."""

    def __init__(self, first: int | None, unsure: bool = False) -> None:
        super().__init__()
        self.first = first
        self.unsure = unsure


_IMPLICIT, _EXPLICIT, _ARRAY = "implicit", "explicit", "array"


def read_together(tables: Sequence[Table]) -> TableData:
    """What `tables`, in the order of the file, say together. Never raises; what cannot be read is left out."""
    together = TableData()
    kinds: dict[RelativePath, tuple[str, int]] = {}
    twice: tuple[str, ...] = ()
    for index, table in enumerate(tables):
        if twice and table.key[: len(twice)] == twice and not table.fault:
            # What follows a table that is defined twice belongs to the second definition: one fault, not one a table.
            together.paths.append(None)
            continue
        twice = ()
        fault = table.fault
        if fault:
            together.faults.append(DataFault(fault.kind, fault.message, index, fault.start, fault.end, table.key))
            if fault.kind != "unquoted-id" and not 0 < len(table.key) <= MAX_KEY_PARTS:
                together.paths.append(None)
                continue
        try:
            together.paths.append(_add(together.data, kinds, table, index))
        except _Refused as refused:
            if refused.unsure:
                return _asked(tables)
            together.paths.append(None)
            if fault and fault.kind != "unquoted-id":
                continue
            parts = table.parts
            twice = table.key
            together.faults.append(
                DataFault(
                    "defined-twice",
                    "defined twice",
                    index,
                    parts[0].start,
                    parts[-1].end,
                    table.key,
                    None if refused.first is None else (refused.first, tables[refused.first].lead),
                )
            )
    return together


def _add(root: dict[str, Any], kinds: dict[RelativePath, tuple[str, int]], table: Table, index: int) -> RelativePath:
    """Put `table` where its header says and give the path it has there."""
    header = table.header
    if header is None:
        root.update(table.data)
        return ()
    current, path = root, cast(RelativePath, ())
    key = header.key
    for name in key[:-1]:
        current, path = _step(current, path, name, kinds, index)
    name = key[-1]
    path = (*path, name)
    known = kinds.get(path)
    if name in current and known is None:
        raise _Refused(None, unsure=True)
    # The data of a table belongs to the table: the document's may be changed by a later sub-table, so it is copied.
    data = dict(table.data)
    if header.is_array:
        if known is None:
            current[name] = []
            kinds[path] = (_ARRAY, index)
        elif known[0] != _ARRAY:
            raise _Refused(known[1])
        current[name].append(data)
        return (*path, len(current[name]) - 1)
    if known is None:
        current[name] = data
    elif known[0] != _IMPLICIT:
        raise _Refused(known[1])
    else:
        clash = current[name].keys() & data.keys()
        if clash:
            raise _Refused(kinds.get((*path, next(iter(clash))), (_IMPLICIT, None))[1])
        current[name].update(data)
    kinds[path] = (_EXPLICIT, index)
    return path


def _step(
    current: dict[str, Any], path: RelativePath, name: str, kinds: dict[RelativePath, tuple[str, int]], index: int
) -> tuple[dict[str, Any], RelativePath]:
    path = (*path, name)
    if name not in current:
        current[name] = {}
        kinds[path] = (_IMPLICIT, index)
        return current[name], path
    known = kinds.get(path)
    if known is None:
        raise _Refused(None, unsure=True)
    if known[0] == _ARRAY:
        items = current[name]
        return items[-1], (*path, len(items) - 1)
    return current[name], path


def _asked(tables: Sequence[Table]) -> TableData:
    """The slow way: `tomllib` reads the text of all tables together."""
    data = _read(tables, [index for index, table in enumerate(tables) if not table.fault])
    if data is None:
        return _asked_one_by_one(tables)
    together = TableData(data)
    _describe(together, tables)
    return together


def _asked_one_by_one(tables: Sequence[Table]) -> TableData:
    """What is left once each table that `tomllib` refuses beside those above it is left out."""
    kept = [index for index, table in enumerate(tables) if not table.fault]
    left_out: set[int] = set()
    faults: list[DataFault] = []
    data: dict[str, Any] | None = None
    readable: list[int] = []
    while data is None and len(faults) < _MOST_LEFT_OUT:
        at = bisect_left(range(1, len(kept) + 1), True, key=lambda size: _read(tables, kept[:size]) is None)
        if at == len(kept):
            data = _read(tables, kept)
            break
        readable, index = kept[:at], kept.pop(at)
        left_out.add(index)
        # As in `read_together`: what stands below a table that is defined twice goes with it, as no fault of its own.
        while at < len(kept) and _is_below(tables[kept[at]], tables[index]):
            left_out.add(kept.pop(at))
        parts = tables[index].parts
        start, end = (parts[0].start, parts[-1].end) if parts else (0, 0)
        key = tables[index].key
        spelled = ((i, _spelled(tables[i], key)) for i in kept[:at])
        first = next(((i, start) for i, start in spelled if start is not None), None)
        faults.append(DataFault("defined-twice", "defined twice", index, start, end, key, first))
    if data is None:
        left_out.update(kept[len(readable) :])
        data = _read(tables, readable) or {}
    together = TableData(data)
    _describe(together, tables, left_out)
    together.faults += faults
    return together


def _spelled(table: Table, key: tuple[str, ...]) -> int | None:
    """Where `table` defines `key`, or what stands in its way: its header or one of its own keys, as an offset."""
    size = len(table.key)
    if table.key == key:
        return table.lead
    if table.key != key[:size]:
        return None
    rest = key[size:]
    alike = (node for node in table.nodes if all(a == b for a, b in zip(node.path, rest, strict=False)))
    return next((node.key_start for node in alike), None)


def _is_below(table: Table, other: Table) -> bool:
    return table.key[: len(other.key)] == other.key


def _read(tables: Sequence[Table], indices: Sequence[int]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("".join(_ended(tables[index].reading) for index in indices))
    except (ValueError, RecursionError):
        return None


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _describe(together: TableData, tables: Sequence[Table], left_out: set[int] | frozenset[int] = frozenset()) -> None:
    """Fill in the faults of tables that were left out, and the path of each that was not."""
    counts: dict[RelativePath, int] = {}
    for index, table in enumerate(tables):
        if table.fault:
            fault = table.fault
            together.faults.append(DataFault(fault.kind, fault.message, index, fault.start, fault.end, table.key))
        if table.fault or index in left_out:
            together.paths.append(None)
            continue
        path: RelativePath = ()
        for depth, name in enumerate(table.key):
            path = (*path, name)
            last = depth == len(table.key) - 1
            if last and table.header and table.header.is_array:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        together.paths.append(path)
