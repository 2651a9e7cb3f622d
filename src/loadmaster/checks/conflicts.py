"""LM009: unresolved merge conflicts, and what the two sides say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.checks.wording import listed, plain, shown

if TYPE_CHECKING:
    from loadmaster.document.conflicts import Conflict, Side
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

_DIGEST = re.compile(r"[0-9A-Fa-f]{64}")
_ABSENT = object()
_MOST_COMPARED = 200_000


class Difference(NamedTuple):
    """A field in which the sides of a conflict differ: the model (empty for the top level), the field, both values."""

    model_id: str
    field: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        """The field with both values, as a clause."""
        where = f"{plain(self.model_id, 60)} " if self.model_id else ""
        return f"{where}{self.field} is {self.ours} in ours, {self.theirs} in theirs"


def conflict_findings(document: Document) -> list[Finding]:
    """One finding for each conflict, with the fields in which its sides differ."""
    return [_finding(document, conflict) for conflict in document.conflicts]


def _finding(document: Document, conflict: Conflict) -> Finding:
    rule = MERGE_CONFLICT
    differences = differing(document, conflict)
    told = listed([str(one) for one in differences], 3) or "both sides say the same"
    path = document.path_at(conflict.ours[0])
    names = (differences[0].model_id, differences[0].field) if differences else tuple(map(str, path))
    is_of_model = len(path) > 1 and path[0] == "models"
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        f"merge conflict: {told}",
        path,
        (rule.code, *names),
        model_id=str(path[1]) if is_of_model else None,
        span=(conflict.start, conflict.end),
        fix=TakeSide(document.text[conflict.start : conflict.end]),
        refuses=True,
    )


def differing(document: Document, conflict: Conflict) -> list[Difference]:
    """The fields in which the two sides of a conflict differ, in the order of ours. Only its own tables are read."""
    first, last = document.table_at(conflict.start), document.table_at(max(conflict.start, conflict.end - 1))
    start, end = document.starts[first], document.starts[last + 1]
    if end - start > _MOST_COMPARED:
        return []
    left = _leaves(_side(document, conflict, "ours", start, end))
    right = _leaves(_side(document, conflict, "theirs", start, end))
    names = [name for name in left if left[name] != right.get(name, _ABSENT)]
    names += [name for name in right if name not in left]
    return [Difference(*name, _told(left.get(name, _ABSENT)), _told(right.get(name, _ABSENT))) for name in names]


def _side(document: Document, conflict: Conflict, side: Side, start: int, end: int) -> dict[str, Any]:
    text = document.text
    before, after = text[start : conflict.start], text[conflict.end : end]
    return type(document).from_text(before + conflict.taken(text, side) + after).data


def _leaves(data: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Every value by model and field; those of a file are named by the file's path."""
    leaves: dict[tuple[str, str], Any] = {}
    models = data.get("models")
    for key, value in data.items():
        if key != "models" or not isinstance(value, dict):
            _put(leaves, "", key, value)
    for model_id, model in models.items() if isinstance(models, dict) else ():
        _put(leaves, model_id, "", model)
    return leaves


def _put(leaves: dict[tuple[str, str], Any], model_id: str, field: str, value: Any) -> None:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            _put(leaves, model_id, f"{field}.{plain(key, 40)}" if field else plain(key, 40), item)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            path = item.get("path") if isinstance(item, dict) else None
            name = plain(path, 60) if isinstance(path, str) else f"{field}[{number}]"
            for key, inner in item.items() if isinstance(item, dict) else ():
                _put(leaves, model_id, f"{name}: {plain(key, 40)}", inner)
    else:
        leaves[model_id, field] = value


def _told(value: object) -> str:
    if value is _ABSENT:
        return "absent"
    if isinstance(value, list):
        return f"[{listed([shown(item) for item in value], 4)}]"
    if isinstance(value, str):
        # Both ends: a digest that was changed by hand may differ in its last digits only.
        short = f"{value[:8]}…{value[-8:]}" if _DIGEST.fullmatch(value) else plain(value, 40)
        return f'"{short}"'
    return shown(value)
