"""Two texts beside each other, or one above the other where there is no room: lines in the colours of TOML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from loadmaster.tui.paint import BLANK, Line, Piece, cell, fit, span
from loadmaster.tui.widgets.detail.source_colours import pieces_of, tokens_of
from loadmaster.tui.widgets.detail.source_text import common_head

NUMBER_WIDTH = 6
MOST_LINES = 3_000
"""Beyond so many lines two texts are not compared line by line: that may take time that grows with their product."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of one side: its number in the file (0 for none), a sign (`-`, `+` or a space) and what it says.

    `marked` are the columns (from 0, the end exclusive) in which it differs from its counterpart.
    """

    number: int
    sign: str
    text: str
    marked: tuple[int, int] | None = None


MOST_CELLS = 400
"""Cells of a line that are made where the width is not known: no terminal shows more of it."""

Pair = tuple[TextLine | None, TextLine | None]
"""A line of the left side and of the right; None where a side has none."""


def paired(lines: Iterable[TextLine], offset: int = 0) -> list[Pair]:
    """The lines of a difference, one below the other, as pairs: what was taken away beside what came for it.

    A line that both sides have is numbered as the new one; `offset` leads from there to the old at the beginning.
    """
    pairs: list[Pair] = []
    gone: list[TextLine] = []
    come: list[TextLine] = []

    def flush() -> None:
        for left, right in zip_longest(gone, come):
            pairs.append(with_marks(left, right) if left and right else (left, right))
        gone.clear()
        come.clear()

    for line in lines:
        if line.sign == "-":
            if come:
                flush()
            gone.append(line)
            offset += 1
        elif line.sign == "+":
            come.append(line)
            offset -= 1
        else:
            flush()
            pairs.append((replace(line, number=line.number + offset), line))
    flush()
    return pairs


def in_turn(pairs: Iterable[Pair]) -> Iterator[TextLine]:
    """Pairs one below the other again: what was taken away, then what came for it."""
    come: list[TextLine] = []
    for left, right in pairs:
        if right is not None and right.sign == " ":
            yield from come
            come = []
            yield right
            continue
        if left is not None:
            yield left
        if right is not None:
            come.append(right)
    yield from come


def with_marks(left: TextLine, right: TextLine) -> tuple[TextLine, TextLine]:
    """Both with the columns marked between what they begin and end with alike."""
    old, new = left.text, right.text
    head = common_head(old, new)
    tail = common_head(old[head:][::-1], new[head:][::-1])
    if head + tail < 2:
        return left, right  # they have nothing in common: all of it is another line
    return replace(left, marked=(head, len(old) - tail)), replace(right, marked=(head, len(new) - tail))


def compared(ours: Sequence[str], theirs: Sequence[str], first_ours: int, first_theirs: int) -> list[Pair]:
    """The lines of two sides, from these numbers on, what is alike beside each other."""
    left = [TextLine(first_ours + i, " ", text) for i, text in enumerate(ours)]
    right = [TextLine(first_theirs + i, " ", text) for i, text in enumerate(theirs)]
    if len(left) + len(right) > MOST_LINES:
        return list(zip_longest(left, right))
    pairs: list[Pair] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            pairs += zip(left[i1:i2], right[j1:j2], strict=True)
            continue
        for one, other in zip_longest(left[i1:i2], right[j1:j2]):
            one, other = one and replace(one, sign="-"), other and replace(other, sign="+")
            pairs.append(with_marks(one, other) if one and other else (one, other))
    return pairs


def beside(pairs: Iterable[Pair], width: int) -> list[Line]:
    """Pairs as lines: left, a thin rule, right."""
    half = (width - 1) // 2
    lines: list[Line] = []
    for left, right in pairs:
        lines.append([*side_line(left, half), Piece("│", "rule"), *side_line(right, width - 1 - half)])
    return lines


def side_line(line: TextLine | None, width: int) -> list[Piece]:
    """A line of one side in exactly `width` cells: number, sign, text; blank where there is none."""
    if line is None:
        return fit(BLANK, width)
    return fit([*_lead(line), *text_pieces(line, width)], width)


def text_line(line: TextLine, width: int) -> Line:
    """A line on its own, its text in at most `width` cells."""
    shown, room = [*_lead(line), *text_pieces(line, width)], NUMBER_WIDTH + 3 + width
    return fit(shown, room) if span(shown) > room else shown


def _lead(line: TextLine) -> list[Piece]:
    number = str(line.number) if line.number else ""
    sign, ink = {"-": ("−", "removed"), "+": ("+", "added")}.get(line.sign, (" ", "faint"))
    return [cell(number, NUMBER_WIDTH, "faint", right=True), Piece(f" {sign} ", ink)]


def text_pieces(line: TextLine, width: int) -> list[Piece]:
    """What a line says, as far as it can be seen in `width` cells: what differs in the ink of its sign."""
    text = line.text
    end = min(len(text), width + 1)
    ink = {"-": "removed", "+": "added"}.get(line.sign)
    if ink is None:
        return pieces_of(text, tokens_of(text), 0, end)
    start, stop = line.marked or (0, len(text))
    # Where only the end of a long line differs, that is what has to be seen.
    skip = max(start - width // 3, 0) if start > width - 16 else 0
    lead = [Piece("… ", "faint")] if skip else []
    end = min(len(text), skip + width + 1)
    tokens = tokens_of(text)
    return [
        *lead,
        *pieces_of(text, tokens, skip, min(start, end)),
        *(Piece(piece.text, ink) for piece in pieces_of(text, tokens, max(start, skip), min(stop, end))),
        *pieces_of(text, tokens, max(stop, skip), end),
    ]
