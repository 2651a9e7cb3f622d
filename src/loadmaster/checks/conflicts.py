"""LM009: unresolved merge conflicts, and what the two sides say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.text_fixes import Side, TakeSide
from loadmaster.checks.wording import listed, plain, shown
from loadmaster.manifest.words import path_text

if TYPE_CHECKING:
    from loadmaster.document.conflicts import Conflict
    from loadmaster.document.document import Document

_TWO_SIDES = "<<<<<<< ours\nsize = 612\n=======\nsize = 620\n>>>>>>> theirs"

MERGE_CONFLICT = define(
    Rule(
        "LM009",
        "merge-conflict",
        Severity.ERROR,
        "Git left a conflict in the file, with both sides between markers.",
        "No program can read the file until someone decides.",
        "Take ours, theirs or both: `loadmaster fix --take ours`. Until then our side is shown and checked.",
        bad=but("size = 612", _TWO_SIDES),
        good=GOOD,
        refuses=True,
        fix="take ours, theirs, both",
    )
)

_ABSENT = object()
_MOST_COMPARED = 200_000


def conflict_findings(document: Document) -> list[Finding]:
    """One finding for each conflict, with the fields in which its sides differ."""
    return [_finding(document, number, conflict) for number, conflict in enumerate(document.conflicts)]


def _finding(document: Document, number: int, conflict: Conflict) -> Finding:
    rule = MERGE_CONFLICT
    text = document.text[conflict.start : conflict.end]
    paths = differing(document, conflict)
    told = [
        f"{path_text(path[1:] if path[0] == 'models' else path)} is {ours} or {theirs}" for path, ours, theirs in paths
    ]
    first = paths[0][0] if paths else ()
    model_id = first[1] if len(first) > 1 and first[0] == "models" else None
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        f"merge conflict: {listed(told, 3) or 'both sides say the same'}",
        first,
        (rule.code, str(number), *map(str, first)),
        model_id=str(model_id) if model_id is not None else None,
        span=(conflict.start, conflict.end),
        fix=TakeSide(text),
        refuses=True,
    )


def differing(document: Document, conflict: Conflict) -> list[tuple[tuple[str | int, ...], str, str]]:
    """The key paths at which the two sides of a conflict differ, with what each says.

    Only the tables are read in which the conflict lies, so files are counted from the first of those.
    """
    first, last = document.table_at(conflict.start), document.table_at(max(conflict.start, conflict.end - 1))
    start, end = document.starts[first], document.starts[last + 1]
    if end - start > _MOST_COMPARED:
        return []
    ours, theirs = (_side(document, conflict, side, start, end) for side in ("ours", "theirs"))
    left, right = dict(_leaves(ours)), dict(_leaves(theirs))
    paths = [path for path in left if left[path] != right.get(path, _ABSENT)]
    paths += [path for path in right if path not in left]
    return [(path, _told(left.get(path, _ABSENT)), _told(right.get(path, _ABSENT))) for path in paths]


def _side(document: Document, conflict: Conflict, side: Side, start: int, end: int) -> dict[str, Any]:
    text = document.text
    before, after = text[start : conflict.start], text[conflict.end : end]
    return type(document).from_text(before + conflict.taken(text, side) + after).data


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    items: list[tuple[str | int, Any]]
    if isinstance(value, dict) and value:
        items = list(value.items())
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        items = list(enumerate(value))
    else:
        return [(path, value)] if path else []
    return [leaf for name, item in items for leaf in _leaves(item, (*path, name))]


def _told(value: object) -> str:
    if value is _ABSENT:
        return "absent"
    if isinstance(value, list):
        return f"[{listed([shown(item) for item in value], 4)}]"
    return shown(value) if not isinstance(value, str) else f'"{plain(value, 40)}"'
