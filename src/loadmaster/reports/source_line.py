"""A line of a manifest with a stretch of it marked: secrets cut, escapes visible, long lines cut around the mark."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from loadmaster.checks.secret_text import find_secrets
from loadmaster.document.document import Document
from loadmaster.document.places import Place
from loadmaster.manifest.words import visible

TAB = 4
"""Columns of a tab."""

# A line may be a megabyte. What is farther from the mark is not looked at; a secret is never that long.
_CONTEXT = 600
_CUT = "…"


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line as it is printed, and the columns (from 0, the end exclusive) of its mark."""

    text: str
    start: int
    end: int


def marked_line(document: Document, place: Place, width: int) -> MarkedLine:
    """The line on which `place` begins, in at most about `width` columns. A place that goes on is marked to the end."""
    line_start = document.offset_of(place.line, 1)
    following = document.text.find("\n", line_start)
    line_end = len(document.text) if following < 0 else following
    first = min(line_start + place.column - 1, line_end)
    last = line_end if place.end_line > place.line else min(line_start + place.end_column - 1, line_end)
    low, high = max(line_start, first - _CONTEXT), min(line_end, first + _CONTEXT)
    cells = _cells(document.text[low:high].removesuffix("\r"))
    mark = first - low, max(min(last, high) - low, first - low + 1)
    return _fitted(cells, mark, width, cut_before=low > line_start, cut_behind=high < line_end)


def _cells(text: str) -> list[str]:
    """What is printed for each character; nothing for one that a secret hides."""
    cells = [" " * TAB if character == "\t" else visible(character) for character in text]
    for secret in find_secrets(text):
        shown = len(secret.cut(text))
        cells[secret.start + shown : secret.end] = [_CUT, *[""] * (secret.end - secret.start - shown - 1)]
    return cells


def _fitted(cells: list[str], mark: tuple[int, int], width: int, *, cut_before: bool, cut_behind: bool) -> MarkedLine:
    widths = [columns(cell) for cell in cells]
    first, last = 0, len(cells)
    if sum(widths[: mark[1]]) > width:
        # The mark comes a third from the left, so that what leads to it can be read.
        room = width // 3
        first = min(mark[0], len(cells))
        while first > 0 and room >= widths[first - 1]:
            first -= 1
            room -= widths[first]
    room = width
    for last in range(first, len(cells)):
        room -= widths[last]
        if room < 0:
            break
    else:
        last = len(cells)
    before = _CUT if first > 0 or cut_before else ""
    behind = _CUT if last < len(cells) or cut_behind else ""
    start = len(before) + sum(widths[first : mark[0]])
    end = start + sum(widths[mark[0] : min(mark[1], last)])
    return MarkedLine(before + "".join(cells[first:last]) + behind, start, max(end, start + 1))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)
