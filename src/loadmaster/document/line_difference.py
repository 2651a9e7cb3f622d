"""Which lines differ between two runs of tables. Tables are aligned first, then the lines of those that differ.

Comparing all lines at once takes time that grows with the square of what lies between two edits, for many lines of a
manifest are alike: 13 s for two edits 1.7 MB apart. Most tables are unlike each other, and those that both sides share
need no look inside: that takes 20 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from loadmaster.document.tables import Table

MOST_COMPARED = 4_000_000
"""Pairs of lines up to which the lines of tables that differ are compared; beyond, all are told as replaced."""

Opcode = tuple[str, int, int, int, int]
"""As difflib has them: `equal`, `replace`, `delete` or `insert`, lines from and to of the old, then of the new."""


def lines_of(tables: Sequence[Table]) -> list[str]:
    """Their lines, without what ends them."""
    return [line for table in tables for line in _lines(table.text)]


def changed_groups(old: Sequence[Table], new: Sequence[Table], context: int) -> list[list[Opcode]]:
    """What differs, in groups that lie apart, each with up to `context` equal lines around."""
    return _grouped(_joined(_opcodes(old, new)), context)


def _opcodes(old: Sequence[Table], new: Sequence[Table]) -> Iterator[Opcode]:
    at, to = 0, 0
    texts = [table.text for table in old], [table.text for table in new]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            size = len(lines_of(old[i1:i2]))
            yield "equal", at, at + size, to, to + size
            at, to = at + size, to + size
            continue
        for left, right in _blocks(old[i1:i2], new[j1:j2]):
            before, after = lines_of(left), lines_of(right)
            yield from _line_opcodes(before, after, at, to)
            at, to = at + len(before), to + len(after)


def _blocks(old: Sequence[Table], new: Sequence[Table]) -> Iterator[tuple[Sequence[Table], Sequence[Table]]]:
    """Tables with the same headers are compared each with its own; else all with all."""
    if [table.key for table in old] == [table.key for table in new]:
        yield from (((left,), (right,)) for left, right in zip(old, new, strict=True))
    else:
        yield old, new


def _line_opcodes(before: list[str], after: list[str], at: int, to: int) -> Iterator[Opcode]:
    if len(before) * len(after) > MOST_COMPARED:
        yield "replace", at, at + len(before), to, to + len(after)
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield kind, at + i1, at + i2, to + j1, to + j2


def _joined(opcodes: Iterator[Opcode]) -> list[Opcode]:
    """Neighbours of one kind as one."""
    joined: list[Opcode] = []
    for kind, i1, i2, j1, j2 in opcodes:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1], i2, joined[-1][3], j2)
        elif i1 < i2 or j1 < j2:
            joined.append((kind, i1, i2, j1, j2))
    return joined


def _grouped(opcodes: list[Opcode], context: int) -> list[list[Opcode]]:
    groups: list[list[Opcode]] = []
    group: list[Opcode] = []
    for number, (kind, i1, i2, j1, j2) in enumerate(opcodes):
        if kind != "equal":
            group.append((kind, i1, i2, j1, j2))
            continue
        size = i2 - i1
        is_last = number == len(opcodes) - 1
        if group and not is_last and size <= 2 * context:
            group.append((kind, i1, i2, j1, j2))
            continue
        if group:
            behind = min(context, size)
            if behind:
                group.append((kind, i1, i1 + behind, j1, j1 + behind))
            groups.append(group)
        before = min(context, size)
        group = [(kind, i2 - before, i2, j2 - before, j2)] if before and not is_last else []
    if group:
        groups.append(group)
    return groups


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line.removesuffix("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
