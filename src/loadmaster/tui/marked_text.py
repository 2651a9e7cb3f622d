"""A text with some of its parts marked, cut so that the first of them is seen."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from loadmaster.tui.paint import Piece
from loadmaster.tui.visible import visible

Spans = Sequence[tuple[int, int]]
"""Stretches of a text, in order and apart, each from its first character to behind its last."""


def marked(text: str, spans: Spans, width: int, ink: str = "match", plain: str = "value") -> list[Piece]:
    """`text` in `width` cells, the parts at `spans` in the ink `ink`. What is left out is before the first of them, or
    between that and the end: the end is what tells files apart."""
    if cell_len(visible(text)) <= width or width < 8:
        return _inked(text, spans, 0, len(text), ink, plain)
    size = len(text)
    first, last = spans[0] if spans else (size, size)
    if first >= size - width + 1:
        return [Piece("…", "label"), *_inked(text, spans, size - width + 1, size, ink, plain)]
    tail = min(width // 2, max(width - (last - first) - 4, 0))
    head = width - tail - 1
    start = 0 if last <= head else first - 1
    gap = Piece("…", "label")
    shown = _inked(text, spans, start, start + head - (start > 0), ink, plain)
    return [*([gap] if start else []), *shown, gap, *_inked(text, spans, size - tail, size, ink, plain)]


def _inked(text: str, spans: Spans, start: int, end: int, ink: str, plain: str) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for begin, stop in spans:
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            pieces += [Piece(visible(text[at:begin]), plain), Piece(visible(text[begin:stop]), ink)]
            at = stop
    return [*pieces, Piece(visible(text[at:end]), plain)]
