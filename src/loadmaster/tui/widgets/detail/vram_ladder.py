"""The ladder: what a variant needs at each number of frames and each resolution, with its mark, under a cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.manifest.words import shown
from loadmaster.tui.explaining import Explanation
from loadmaster.tui.paint import Line, Piece, cell, join, span
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_explaining import explain_largest, explain_rung
from loadmaster.tui.vram_figures import FIT_INK, Figures, amount, frames_words
from loadmaster.tui.widgets.detail.vram_rows import INDENT, FigureRow
from loadmaster.vram.estimate import VramEstimate
from loadmaster.vram.figures import size_words
from loadmaster.vram.fit import Fit, Rung, largest_of

if TYPE_CHECKING:
    from loadmaster.document.document import Document

_FRAMES = 7
_CELL = 11
_GAP = 3

Rungs = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a variant: the largest that fits, else another variant that fits somewhere, with its largest.

    `column` gives the column of its cursor where that is on the row of some frames.
    """

    figures: Figures
    variant: str
    rows: tuple[Rungs, ...]
    largest: Rung | None
    other: tuple[str, Rung] | None
    column: Callable[[int], int | None]

    @property
    def present(self) -> tuple[int, tuple[int, int]]:
        """The frames and the size that the bars are drawn for."""
        return self.figures.estimates[0].frames, self.figures.estimates[0].size

    @property
    def is_open(self) -> bool:
        """Whether there is no verdict on any of it."""
        return all(rung.fit is Fit.NONE for rungs in self.rows for rung in rungs)


def ladder_of(figures: Figures, estimate: VramEstimate, column: Callable[[int], int | None]) -> Ladder | None:
    """The ladder of a variant; None where it has no number."""
    if estimate.need is None:
        return None
    rows = figures.ladder(estimate.variant)
    largest = largest_of(rows)
    other = None if largest is not None or estimate.contradiction else figures.other_that_fits(estimate.variant)
    return Ladder(figures, estimate.variant, rows, largest, other, column)


def ladder_rows(document: Document, ladder: Ladder) -> Iterator[FigureRow]:
    """A head, a row for each number of frames, with the legend beside or below, and the largest that fits."""
    head, legend = _head(ladder), _legend(ladder)
    yield FigureRow(draw=lambda width: [[*head, *(legend if _has_room(head, legend, width) else [])]])
    for rungs in ladder.rows:
        yield FigureRow(
            draw=_drawing(ladder, rungs),
            is_lively=True,
            explain=_explaining(document, ladder, rungs),
            mark=("rung", rungs[0].frames),
        )
    yield FigureRow(draw=lambda width: [] if _has_room(head, legend, width) else [[Piece(" " * INDENT), *legend[1:]]])
    yield FigureRow(
        draw=lambda _: [[Piece(" " * INDENT), *_largest(ladder)]],
        explain=lambda: explain_largest(ladder.figures, ladder.variant, ladder.largest),
        mark=("largest",),
    )


def _drawing(ladder: Ladder, rungs: Rungs) -> Callable[[int], list[Line]]:
    return lambda _: [_cells(ladder, rungs)]


def _explaining(document: Document, ladder: Ladder, rungs: Rungs) -> Callable[[], Explanation]:
    def explain() -> Explanation:
        column = ladder.column(rungs[0].frames) or 0
        return explain_rung(document, ladder.figures, ladder.variant, rungs[min(column, len(rungs) - 1)])

    return explain


def _head(ladder: Ladder) -> list[Piece]:
    present = ladder.present[1]
    line = [Piece(" " * INDENT), cell("frames", _FRAMES, "label", right=True)]
    for resolution in ladder.figures.resolutions():
        ink = "bright" if resolution.size == present else "label"
        # One cell further left than the figures: their marks stand at the right.
        line += [cell(f"{resolution.label}   ", _CELL, ink, right=True)]
    return line


def _legend(ladder: Ladder) -> list[Piece]:
    if ladder.is_open:
        rule = ladder.figures.estimates[0].contradiction_rule
        told = f"– no verdict while {rule} stands" if rule else "– no verdict"
        return [Piece(" " * _GAP), Piece(f"GiB at {visible(ladder.variant, 24)}   {told}", "label")]
    marks = [[Piece(fit.mark, FIT_INK[fit]), Piece(f" {fit}", FIT_INK[fit])] for fit in Fit if fit is not Fit.NONE]
    return [Piece(" " * _GAP), Piece(f"GiB at {visible(ladder.variant, 24)}   ", "label"), *join(marks)]


def _has_room(head: Line, legend: Line, width: int) -> bool:
    return span(head) + span(legend) <= width


def _cells(ladder: Ladder, rungs: Rungs) -> Line:
    frames, size = ladder.present
    here = ladder.column(rungs[0].frames)
    number = shown(rungs[0].frames) if rungs[0].frames < 10**6 else "> 10^6"
    line = [Piece(" " * INDENT), cell(number, _FRAMES, "bright" if rungs[0].frames == frames else "label", right=True)]
    for column, rung in enumerate(rungs):
        opening, closing = ("‹", "›") if (rung.frames, rung.size) == (frames, size) else (" ", " ")
        told = amount(rung.need.point) if rung.need is not None else "–"
        ink = "match" if here == column else FIT_INK[rung.fit]
        line += [Piece(f"{opening:>{max(_CELL - len(told) - 3, 1)}}", "accent"), Piece(f"{told} {rung.fit.mark}", ink)]
        line += [Piece(closing, "accent")]
    return line


def column_at(x: int) -> int:
    """The column of the ladder at a cell of its line."""
    return (x - INDENT - _FRAMES) // _CELL


def _largest(ladder: Ladder) -> list[Piece]:
    figures, variant = ladder.figures, visible(ladder.variant, 24)
    line = [Piece("largest that fits ", "label"), Piece(visible(figures.setting.card.name, 24)), Piece(": ", "label")]
    if ladder.is_open:
        return [*line, Piece("no verdict", "label")]
    if ladder.largest is not None:
        return [*line, Piece(_rung_words(ladder.largest), FIT_INK[Fit.FITS]), Piece(f", {variant}", "label")]
    line = [*line, Piece("none", FIT_INK[Fit.TOO_BIG]), Piece(f" at {variant}", "label")]
    if ladder.other is not None:
        name, rung = ladder.other
        line += [Piece("; ", "label"), Piece(visible(name, 24)), Piece(f": {_rung_words(rung)}", "label")]
    return line


def _rung_words(rung: Rung) -> str:
    return f"{frames_words(rung.frames)} at {size_words(rung.size)}"
