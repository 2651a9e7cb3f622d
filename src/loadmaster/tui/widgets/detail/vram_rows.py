"""The rows of the VRAM pane: the bars of the variants on their axis, the ladder, and what the figures rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from loadmaster.manifest.fields import human_bytes
from loadmaster.tui.explaining import Explanation
from loadmaster.tui.paint import Line, Piece, cell, fit, wrap
from loadmaster.tui.values import FieldRow
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_explaining import explain_estimate, explain_floor, explain_weight_files
from loadmaster.tui.vram_figures import (
    FIT_INK,
    Figures,
    fit_words,
    pieces,
    range_words,
    short_range_words,
    verdict_words,
)
from loadmaster.vram.chart import Axis, axis_for, bar_runs, label_runs
from loadmaster.vram.estimate import VramEstimate
from loadmaster.vram.fit import Fit
from loadmaster.vram.words import CANNOT_BE_TRUE

if TYPE_CHECKING:
    from loadmaster.document.document import Document

INDENT = 1
_NAMES = (7, 18)
_BARS = (8, 120)
_VERDICT = 12
_SHORT_VERDICT = 10
_ROOMY = 11
"""A bar of fewer cells says too little: then range and verdict are told shorter."""


@dataclass(frozen=True, slots=True)
class FigureRow(FieldRow):
    """A row of figures. `mark` tells it apart from the others, so that the cursor finds it again."""

    mark: tuple[str | int, ...] = ()

    @property
    def is_line(self) -> bool:
        """Whether it is one line at any width."""
        return self.mark[:1] in (("bar",), ("rung",))

    @property
    def variant(self) -> str | None:
        """The variant of a bar."""
        return str(self.mark[1]) if self.mark[:1] == ("bar",) else None


@dataclass(frozen=True, slots=True)
class Columns:
    """The cells of a line of the chart, each without the gap behind it, and the axis of its bars.

    `is_short` leaves the point out of a range; without `has_words` a verdict is its letter.
    """

    name: int
    bar: int
    need: int
    axis: Axis
    is_short: bool
    has_words: bool

    @property
    def start(self) -> int:
        """Where the bars begin."""
        return INDENT + self.name + 1


class Chart:
    """The bars of the variants, on one axis with the card."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._columns: dict[int, Columns] = {}

    def columns(self, width: int) -> Columns:
        """The columns in `width` cells; the bars take what is left."""
        known = self._columns.get(width)
        if known is None:
            known = self._columns[width] = self._columns_for(width)
        return known

    def _columns_for(self, width: int) -> Columns:
        figures = self.figures
        longest = max(cell_len(visible(estimate.variant, 64)) for estimate in figures.estimates) + 2
        name = min(max(longest, _NAMES[0]), _NAMES[1])
        needs = [need for need in figures.needs if need is not None]
        if not needs:
            reason = max(len(visible(estimate.reason)) for estimate in figures.estimates)
            bar = max(width - INDENT - name - 1 - 2 - reason, _BARS[0])
            return Columns(name, bar, 0, axis_for((), figures.setting.card.usable_gib, bar), False, True)
        is_short, has_words = False, True
        need = max(len(range_words(need)) for need in needs)
        room = width - INDENT - name - 1 - 2 - need - 2 - _VERDICT
        if room < _ROOMY:
            is_short = True
            need = max(len(short_range_words(need)) for need in needs)
            room = width - INDENT - name - 1 - 2 - need - 2 - _SHORT_VERDICT
            # A letter alone, where a legend is far, says less than some cells of a bar.
            has_words = room >= _BARS[0]
            room += 0 if has_words else _SHORT_VERDICT - 1
        bar = min(max(room, _BARS[0]), _BARS[1])
        return Columns(name, bar, need, axis_for(needs, figures.setting.card.usable_gib, bar), is_short, has_words)

    def axis_line(self, width: int) -> Line:
        """The line above the bars."""
        columns, usable = self.columns(width), self.figures.setting.card.usable_gib
        return [
            Piece(" " * columns.start),
            *pieces(label_runs(columns.axis, usable), "label"),
            Piece("  "),
            *(_heads(columns, usable) if columns.need else ()),
        ]

    def bar_line(self, estimate: VramEstimate, width: int, is_chosen: bool = False) -> Line:
        """A variant, its bar, its range and its verdict in `width` cells."""
        columns, found = self.columns(width), self.figures.verdict_of(estimate)
        ink = FIT_INK[found.fit]
        line: list[Piece] = [
            Piece("▸" if is_chosen else " ", "accent"),
            *name_cell(self.figures, estimate, columns.name),
            Piece(" "),
            *pieces(bar_runs(estimate.need, columns.axis, found.usable), ink),
            Piece("  "),
        ]
        if estimate.need is None:
            return fit([*line, Piece(visible(estimate.reason), "label")], width)
        if columns.is_short:
            words = fit_words(estimate, found)
            words = words if columns.has_words and len(words) <= _SHORT_VERDICT else found.fit.mark
            return [*line, cell(short_range_words(estimate.need), columns.need), Piece(f"  {words}", ink)]
        told = cell(range_words(estimate.need), columns.need)
        return [*line, told, Piece("  "), Piece(fit_words(estimate, found), ink)]


def _heads(columns: Columns, usable: float) -> list[Piece]:
    """The heads of the range and of the verdict."""
    if columns.is_short:
        return [Piece(" low–high", "label")]
    return [cell("low – point – high", columns.need, "label", right=True), Piece(f"  on {usable:.1f} GiB", "label")]


def chart_rows(document: Document, chart: Chart, chosen: VramEstimate) -> Iterator[FieldRow]:
    """The axis, then a bar for each variant, with a mark at the chosen one."""
    yield FieldRow(draw=lambda width: [chart.axis_line(width)])
    for estimate in chart.figures.estimates:
        yield FigureRow(
            draw=_drawing(chart, estimate, estimate is chosen),
            explain=_explaining(document, chart.figures, estimate),
            mark=("bar", estimate.variant),
        )


def _drawing(chart: Chart, estimate: VramEstimate, is_chosen: bool) -> Callable[[int], list[Line]]:
    return lambda width: [chart.bar_line(estimate, width, is_chosen)]


def _explaining(document: Document, figures: Figures, estimate: VramEstimate) -> Callable[[], Explanation]:
    return lambda: explain_estimate(document, figures, estimate)


def name_cell(figures: Figures, estimate: VramEstimate, width: int) -> list[Piece]:
    """A variant in a column, with a star at the default one."""
    star = " ★" if estimate.variant == figures.spec.default_variant else ""
    name = cell(visible(estimate.variant), max(width - len(star), 1)).text.rstrip()
    return [Piece(name, "bright" if star else "value"), Piece(star.ljust(width - cell_len(name)), "accent")]


def verdict_row(document: Document, chart: Chart, estimate: VramEstimate) -> FieldRow:
    """The verdict on the chosen variant as a sentence, below the bars."""
    figures = chart.figures
    found = figures.verdict_of(estimate)
    said = visible(verdict_words(estimate, found))
    ink = "warning" if estimate.contradiction and found.fit is Fit.NONE else FIT_INK[found.fit]

    def draw(width: int) -> list[Line]:
        columns = chart.columns(width)
        lead = [Piece(" " * INDENT), cell(visible(estimate.variant), columns.name, "label"), Piece(" ")]
        lines = wrap(said, max(width - columns.start, 16))
        return [
            [*(lead if number == 0 else [Piece(" " * columns.start)]), Piece(line, ink)]
            for number, line in enumerate(lines)
        ]

    return FigureRow(draw=draw, explain=_explaining(document, figures, estimate), mark=("verdict",))


def words_rows(chart: Chart, estimate: VramEstimate) -> Iterator[FieldRow]:
    """The assumptions and the doubts. What the verdict has said already is not said again."""
    doubts = [doubt for doubt in estimate.doubts if not doubt.endswith(CANNOT_BE_TRUE)]
    for label, sentences in (("assumes", estimate.assumptions), ("doubts", doubts)):
        if sentences:
            yield FieldRow(draw=paragraph(label, " · ".join(sentences), chart=chart))


def paragraph(label: str, text: str, ink: str = "label", chart: Chart | None = None) -> Callable[[int], list[Line]]:
    """A label, and a text that folds beside it; in line with the bars of a chart."""

    def draw(width: int) -> list[Line]:
        least = INDENT + cell_len(label) + 1
        start = least if chart is None else max(chart.columns(width).start, least)
        lines = wrap(visible(text), max(width - start, 16))
        leads = [label, *[""] * (len(lines) - 1)]
        return [
            [Piece(" " * INDENT), cell(lead, start - INDENT, "label"), Piece(line, ink)]
            for lead, line in zip(leads, lines, strict=True)
        ]

    return draw


def basis_rows(document: Document, estimate: VramEstimate) -> Iterator[FieldRow]:
    """Two second opinions: the parameters alone, and the weight files by component."""
    if estimate.floor is not None:
        value: Line = [Piece(f"{estimate.floor:.1f}"), Piece("  GiB", "label")]
        note: Line = [Piece(f"params_billion × bytes at {visible(estimate.variant)}", "label")]
        yield FigureRow(
            "weights alone", (value,), note=note, explain=lambda: explain_floor(document, estimate), mark=("floor",)
        )
    sums = estimate.weight_files
    if sums:
        yield FigureRow(
            "weight files",
            tuple(_file_items(sums)),
            explain=lambda: explain_weight_files(document, estimate),
            mark=("files",),
        )


def _file_items(sums: Mapping[str, int]) -> Iterator[Line]:
    for name, size in sums.items():
        yield [Piece(f"{visible(name) or 'no component'} ", "label"), Piece(human_bytes(size))]
