"""A merge conflict to look at: by field what each side says, then both texts, then what taking a side would bring."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from loadmaster.checks.conflicts import Difference, differing
from loadmaster.checks.diagnostic import Finding
from loadmaster.document.conflicts import Conflict, Side
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.manifest.words import plural
from loadmaster.tui.difference import fault_remark
from loadmaster.tui.paint import BLANK, Line, Piece, cell, folded
from loadmaster.tui.side_by_side import beside, compared, text_line
from loadmaster.tui.visible import middle, visible

SIDES: tuple[Side, ...] = ("ours", "theirs", "both")
BESIDE_FROM = 100
"""From this width on both sides stand beside each other; below, one above the other."""

VALUES_BESIDE_FROM = 54
"""The same for the values of a field: with less room the digits by which they differ would be cut off."""

MOST_OF_A_VALUE = 4
"""Lines of a value below its field; both texts follow in any case."""

_LABEL = re.compile(r"[<>]{7}[ \t]+([^\n\r]*)")

Verdicts = Mapping[Side, tuple[Sequence[Finding], Sequence[Finding]] | str]
"""For each side the findings that would come and go, or why that cannot be said."""


@dataclass(frozen=True, slots=True)
class Contested:
    """A conflict with what is known of it: `labels` are what git calls the sides, `path` where it lies."""

    number: int
    of: int
    path: KeyPath
    labels: tuple[str, str]
    first_line: int
    last_line: int
    fields: tuple[Difference, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    ours_line: int
    theirs_line: int

    @property
    def where(self) -> str:
        """The model and table in which it lies."""
        if self.path[:1] == ("models",) and len(self.path) > 1:
            rest = ".".join(str(part) for part in self.path[2:3])
            return f"{visible(self.path[1])} · {visible(rest)}" if rest else visible(self.path[1])
        return "the file"


def contested(document: Document, index: int) -> Contested:
    """The conflict at an index of the document."""
    conflict = document.conflicts[index]
    text = document.text
    opening = _LABEL.match(text, conflict.start)
    closing = _LABEL.match(text, conflict.theirs[1])
    path = document.path_at(conflict.ours[0])
    return Contested(
        index,
        len(document.conflicts),
        path,
        (opening.group(1).strip() if opening else "", closing.group(1).strip() if closing else ""),
        document.place_at(conflict.start).line,
        document.place_at(max(conflict.end - 1, conflict.start)).line,
        tuple(differing(document, conflict)),
        _lines(text, conflict.ours),
        _lines(text, conflict.theirs),
        document.place_at(conflict.ours[0]).line,
        document.place_at(conflict.theirs[0]).line,
    )


def conflict_at(conflicts: Sequence[Conflict], offset: int) -> int:
    """The index of the conflict at an offset; of the first where there is none."""
    return next((index for index, one in enumerate(conflicts) if one.start <= offset < one.end), 0)


def _lines(text: str, span: tuple[int, int]) -> tuple[str, ...]:
    piece = text[slice(*span)].removesuffix("\n")
    return tuple(line.removesuffix("\r") for line in piece.split("\n")) if span[0] < span[1] else ()


def title_of(conflict: Contested) -> Line:
    """Which conflict it is, and where."""
    lines = f"lines {conflict.first_line}–{conflict.last_line}"
    return [
        Piece(f"Conflict {conflict.number + 1} of {conflict.of}", "bright"),
        Piece(f"   {conflict.where}", "header"),
        Piece(f"   {lines}", "label"),
    ]


def conflict_lines(conflict: Contested, verdicts: Verdicts, width: int) -> list[Line]:
    """Everything about it, for a width."""
    return [
        *_field_lines(conflict, width),
        BLANK,
        *(_texts_beside(conflict, width) if width >= BESIDE_FROM else _texts_stacked(conflict, width)),
        BLANK,
        *_verdict_lines(verdicts),
    ]


def _field_lines(conflict: Contested, width: int) -> list[Line]:
    room = max((width - 4) * 2 // 5, 16)
    value = max((width - 4 - room) // 2, 12)
    if not conflict.fields:
        return [[Piece("  The sides differ in no field: only in comments or spelling.", "label")]]
    if width < VALUES_BESIDE_FROM:
        return [line for field in conflict.fields for line in _stacked_values(conflict, field, width)]
    left, right = _names(conflict)
    head = [Piece("  "), cell("", room), cell(left, value - 1, "header"), Piece(" "), cell(right, value, "header")]
    lines: list[Line] = [head]
    for field in conflict.fields:
        ours, theirs = _value(field, field.ours), _value(field, field.theirs)
        lines.append(
            [
                Piece("  "),
                cell(_field_name(conflict, field), room - 1, "label"),
                Piece(" "),
                cell(ours.text, value - 1, ours.ink),
                Piece(" "),
                cell(theirs.text, value, theirs.ink),
            ]
        )
    return lines


def _stacked_values(conflict: Contested, field: Difference, width: int) -> list[Line]:
    """The name, then each side's value on a line of its own."""
    lines: list[Line] = [[Piece("  "), Piece(middle(_field_name(conflict, field), width - 2), "label")]]
    for side, told in (("ours", field.ours), ("theirs", field.theirs)):
        value = _value(field, told)
        for number, part in enumerate(folded(value.text, width - 12, MOST_OF_A_VALUE)):
            lines.append([Piece("    "), cell("" if number else side, 8, "header"), Piece(part, value.ink)])
    return lines


def _field_name(conflict: Contested, field: Difference) -> str:
    inside = conflict.path[1:2] == (field.model_id,) or not field.model_id
    return visible(field.field if inside else f"{field.model_id} {field.field}")


def _names(conflict: Contested) -> tuple[str, str]:
    ours, theirs = (visible(label, 60) for label in conflict.labels)
    return _name("ours", ours), _name("theirs", theirs)


def _name(side: str, label: str) -> str:
    return f"{side}  {label}" if label and label != side else side


def _value(field: Difference, told: str) -> Piece:
    """One side's value, its digits in groups where it is a size."""
    is_size = field.field.endswith("size") and told.isdecimal() and told.isascii()
    return Piece(f"{int(told):,}" if is_size else visible(told), "faint" if told == "absent" else "value")


def _texts_beside(conflict: Contested, width: int) -> list[Line]:
    half = (width - 1) // 2
    ours, theirs = _names(conflict)
    head = [cell(f"  {ours}", half, "header"), Piece("│", "rule"), cell(f"  {theirs}", width - 1 - half, "header")]
    pairs = compared(conflict.ours, conflict.theirs, conflict.ours_line, conflict.theirs_line)
    return [head, *beside(pairs, width)]


def _texts_stacked(conflict: Contested, width: int) -> list[Line]:
    pairs = compared(conflict.ours, conflict.theirs, conflict.ours_line, conflict.theirs_line)
    lines: list[Line] = []
    for name, side in zip(_names(conflict), (0, 1), strict=True):
        count = sum(1 for pair in pairs if pair[side])
        lines += [BLANK] if lines else []
        lines.append([Piece(f"  {name}", "header"), Piece(f"   {plural(count, 'line')}", "label")])
        lines += [text_line(line, width - 10) for pair in pairs if (line := pair[side])]
    return lines


def _verdict_lines(verdicts: Verdicts) -> list[Line]:
    lines: list[Line] = []
    for side in SIDES:
        verdict = verdicts.get(side)
        if verdict is None:
            continue
        told: Line = [Piece(verdict, "label")] if isinstance(verdict, str) else fault_remark(*verdict)
        lines.append([Piece("  "), cell(f"take {side}", 14, "label"), *told])
    return lines
