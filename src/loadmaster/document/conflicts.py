"""Merge conflicts in a text: where they lie, what each side says, and how to read around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Side = Literal["ours", "theirs", "both"]

_MARKER = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?:[ \t][^\n]*)?\r?(?:\n|\Z)", re.M)
_NOT_NEWLINE = re.compile(r"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict, as offsets into the text (end exclusive): the whole with its marker lines, and both sides.

    The base of a three-way conflict lies between the sides and belongs to neither.
    """

    start: int
    end: int
    ours: tuple[int, int]
    theirs: tuple[int, int]

    def taken(self, text: str, side: Side) -> str:
        """The text that stands in the conflict's place once `side` is taken."""
        ours, theirs = text[slice(*self.ours)], text[slice(*self.theirs)]
        return {"ours": ours, "theirs": theirs, "both": ours + theirs}[side]


def find_conflicts(text: str) -> tuple[Conflict, ...]:
    """The conflicts of `text` in order. A marker without its others is no conflict; the syntax check tells of it."""
    if "<<<<<<<" not in text:
        return ()
    found: list[Conflict] = []
    opened: re.Match[str] | None = None
    ours_end: int | None = None
    middle: re.Match[str] | None = None
    for match in _MARKER.finditer(text):
        kind = match.group(1)[0]
        if kind == "<":
            opened, ours_end, middle = match, None, None
        elif opened is None:
            continue
        elif kind == "|" and ours_end is None:
            ours_end = match.start()
        elif kind == "=" and middle is None:
            middle, ours_end = match, match.start() if ours_end is None else ours_end
        elif kind == ">" and middle is not None and ours_end is not None:
            found.append(Conflict(opened.start(), match.end(), (opened.end(), ours_end), (middle.end(), match.start())))
            opened = None
    return tuple(found)


def resolve(text: str, conflicts: tuple[Conflict, ...], side: Side) -> str:
    """The text with every conflict decided for `side`."""
    pieces: list[str] = []
    at = 0
    for conflict in conflicts:
        pieces += (text[at : conflict.start], conflict.taken(text, side))
        at = conflict.end
    return "".join((*pieces, text[at:]))


def reading_text(text: str, conflicts: tuple[Conflict, ...]) -> str:
    """`text` as it is read: a byte-order mark, conflict markers and all sides but ours blanked, every offset kept."""
    if text[:1] == "\ufeff":
        text = " " + text[1:]
    if not conflicts:
        return text
    pieces: list[str] = []
    at = 0
    for conflict in conflicts:
        ours = slice(*conflict.ours)
        pieces += (
            text[at : conflict.start],
            _NOT_NEWLINE.sub(" ", text[conflict.start : ours.start]),
            text[ours],
            _NOT_NEWLINE.sub(" ", text[ours.stop : conflict.end]),
        )
        at = conflict.end
    return "".join((*pieces, text[at:]))
