"""Two texts that grew from one, joined line by line. Lines that touch are no quarrel, only lines that both changed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from loadmaster.document.document import Document

MOST_LINES = 20_000
"""A stretch of more lines than this that changed is taken as one: finding out what in it changed would take long."""


class _Edit(NamedTuple):
    """Lines of the first text, from `start` up to `end`, give way to others."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged_text(base: Document, mine: Document, theirs: Document) -> str | None:
    """The text of `base` with the changed lines of both; None where both changed the same lines to something else.

    Whole tables are compared first, then the lines of those that differ, so a large file costs what changed in it.
    """
    lines = [line for table in base.tables for line in _lines(table.text)]
    ours, others = _edits(base, mine), _edits(base, theirs)
    edits: list[_Edit] = []
    for edit in sorted({*ours, *others}, key=lambda one: (one.start, one.end)):
        before = edits[-1] if edits else None
        if before is not None and _quarrel(before, edit):
            return None
        edits.append(edit)
    merged: list[str] = []
    at = 0
    for edit in edits:
        merged += lines[at : edit.start]
        merged += edit.lines
        at = edit.end
    return _joined([*merged, *lines[at:]])


def _quarrel(first: _Edit, second: _Edit) -> bool:
    """Whether two edits, the first not behind the second, want the same lines, or the same place for new ones."""
    return second.start < first.end or (first.start == second.start and first.end == second.end)


def _joined(lines: Sequence[str]) -> str:
    """Lines as one text: one that was the last of its text and had no end gets one where others follow it."""
    return "".join(
        line if line.endswith("\n") or index == len(lines) - 1 else line + "\n" for index, line in enumerate(lines)
    )


def _lines(text: str) -> list[str]:
    """The lines with their ends. Only a newline ends a line."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _edits(old: Document, new: Document) -> list[_Edit]:
    before, after = [table.text for table in old.tables], [table.text for table in new.tables]
    starts = [0, *accumulate(len(_lines(text)) for text in before)]
    edits: list[_Edit] = []
    for start, end, new_start, new_end in _changed(before, after):
        old_lines = [line for text in before[start:end] for line in _lines(text)]
        new_lines = [line for text in after[new_start:new_end] for line in _lines(text)]
        if len(old_lines) + len(new_lines) > MOST_LINES:
            edits.append(_Edit(starts[start], starts[end], tuple(new_lines)))
            continue
        for i1, i2, j1, j2 in _changed(old_lines, new_lines):
            edits += _by_line(starts[start] + i1, starts[start] + i2, new_lines[j1:j2])
    return edits


def _by_line(start: int, end: int, lines: Sequence[str]) -> list[_Edit]:
    """An edit, or one for each line where as many lines come as go: then others may have changed those beside."""
    if len(lines) != end - start:
        return [_Edit(start, end, tuple(lines))]
    return [_Edit(start + index, start + index + 1, (line,)) for index, line in enumerate(lines)]


def _changed(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The stretches that differ. What both begin and end with is passed over first: it is most of a large file."""
    most = min(len(before), len(after))
    lead = next((i for i in range(most) if before[i] != after[i]), most)
    most -= lead
    tail = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    matcher = SequenceMatcher(
        None, before[lead : len(before) - tail], after[lead : len(after) - tail], autojunk=len(before) > MOST_LINES
    )
    return [
        (lead + i1, lead + i2, lead + j1, lead + j2)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]
