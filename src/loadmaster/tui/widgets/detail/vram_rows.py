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
    verdict_words,
)
from loadmaster.vram.chart import axis_for, bar_runs, label_runs
from loadmaster.vram.estimate import VramEstimate
from loadmaster.vram.fit import Fit
from loadmaster.vram.words import CANNOT_BE_TRUE

if TYPE_CHECKING:
    from loadmaster.document.document import Document

INDENT = 1
_NAMES = (7, 18)
_BARS = (8, 120)
_VERDICT = 12


@dataclass(frozen=True, slots=True)
class FigureRow(FieldRow):
    """A row of figures. `mark` tells it apart from the others, so that the cursor finds it again."""

    mark: tuple[str | int, ...] = ()

    @property
    def variant(self) -> str | None:
        """The variant of a bar."""
        return str(self.mark[1]) if self.mark[:1] == ("bar",) else None


@dataclass(frozen=True, slots=True)
class Columns:
    """The cells of a line of the chart, each without the gap behind it."""

    name: int
    bar: int
    need: int

    @property
    def start(self) -> int:
        """Where the bars begin."""
        return INDENT + self.name + 1


def columns_for(figures: Figures, width: int) -> Columns:
    """The columns of the chart in `width` cells; the bars take what is left."""
    longest = max(cell_len(visible(estimate.variant, 64)) for estimate in figures.estimates) + 2
    name = min(max(longest, _NAMES[0]), _NAMES[1])
    need = max((len(range_words(need)) for need in figures.needs if need is not None), default=0)
    bar = width - INDENT - name - 1 - 2 - need - 2 - _VERDICT
    return Columns(name, min(max(bar, _BARS[0]), _BARS[1]), need)


def chart_rows(document: Document, figures: Figures) -> Iterator[FieldRow]:
    """The axis, then a bar for each variant."""
    yield FieldRow(draw=lambda width: [_axis_line(figures, width)])
    for estimate in figures.estimates:
        yield FigureRow(
            draw=_drawing(figures, estimate),
            explain=_explaining(document, figures, estimate),
            mark=("bar", estimate.variant),
        )


def _drawing(figures: Figures, estimate: VramEstimate) -> Callable[[int], list[Line]]:
    return lambda width: [bar_line(figures, estimate, width)]


def _explaining(document: Document, figures: Figures, estimate: VramEstimate) -> Callable[[], Explanation]:
    return lambda: explain_estimate(document, figures, estimate)


def _axis_line(figures: Figures, width: int) -> Line:
    columns = columns_for(figures, width)
    usable = figures.setting.card.usable_gib
    axis = axis_for(figures.needs, usable, columns.bar)
    head = "low – point – high" if columns.need >= 18 else ""
    return [
        Piece(" " * columns.start),
        *pieces(label_runs(axis, usable), "label"),
        Piece("  "),
        cell(head, columns.need, "label", right=True),
        Piece(f"  on {usable:.1f} GiB" if columns.need else "", "label"),
    ]


def bar_line(figures: Figures, estimate: VramEstimate, width: int) -> Line:
    """A variant, its bar, its range and its verdict in `width` cells."""
    columns = columns_for(figures, width)
    found = figures.verdict_of(estimate)
    axis = axis_for(figures.needs, found.usable, columns.bar)
    ink = FIT_INK[found.fit]
    line: list[Piece] = [
        Piece(" " * INDENT),
        *name_cell(figures, estimate, columns.name),
        Piece(" "),
        *pieces(bar_runs(estimate.need, axis, found.usable), ink),
        Piece("  "),
    ]
    if estimate.need is None:
        return fit([*line, Piece(visible(estimate.reason), "label")], width)
    return [*line, cell(range_words(estimate.need), columns.need), Piece("  "), Piece(fit_words(estimate, found), ink)]


def name_cell(figures: Figures, estimate: VramEstimate, width: int) -> list[Piece]:
    """A variant in a column, with a star at the default one."""
    star = " ★" if estimate.variant == figures.spec.default_variant else ""
    name = cell(visible(estimate.variant), max(width - len(star), 1)).text.rstrip()
    return [Piece(name, "bright" if star else "value"), Piece(star.ljust(width - cell_len(name)), "accent")]


def verdict_row(document: Document, figures: Figures, estimate: VramEstimate) -> FieldRow:
    """The verdict on the chosen variant as a sentence, below the bars."""
    found = figures.verdict_of(estimate)
    said = visible(verdict_words(estimate, found))
    ink = "warning" if estimate.contradiction and found.fit is Fit.NONE else FIT_INK[found.fit]

    def draw(width: int) -> list[Line]:
        columns = columns_for(figures, width)
        lead = [Piece(" " * INDENT), cell(visible(estimate.variant), columns.name, "label"), Piece(" ")]
        lines = wrap(said, max(width - columns.start, 16))
        return [
            [*(lead if number == 0 else [Piece(" " * columns.start)]), Piece(line, ink)]
            for number, line in enumerate(lines)
        ]

    return FigureRow(draw=draw, explain=_explaining(document, figures, estimate), mark=("verdict",))


def words_rows(figures: Figures, estimate: VramEstimate) -> Iterator[FieldRow]:
    """The assumptions and the doubts. What the verdict has said already is not said again."""
    doubts = [doubt for doubt in estimate.doubts if not doubt.endswith(CANNOT_BE_TRUE)]
    for label, sentences in (("assumes", estimate.assumptions), ("doubts", doubts)):
        if sentences:
            yield FieldRow(draw=_paragraph(figures, label, visible(" · ".join(sentences))))


def _paragraph(figures: Figures, label: str, text: str) -> Callable[[int], list[Line]]:
    def draw(width: int) -> list[Line]:
        start = max(columns_for(figures, width).start, INDENT + cell_len(label) + 1)
        lines = wrap(text, max(width - start, 16))
        leads = [label, *[""] * (len(lines) - 1)]
        return [
            [Piece(" " * INDENT), cell(lead, start - INDENT, "label"), Piece(line, "label")]
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
    if estimate.weight_files:
        yield FigureRow(
            "weight files",
            tuple(_file_items(estimate.weight_files)),
            explain=lambda: explain_weight_files(document, estimate),
            mark=("files",),
        )


def _file_items(sums: Mapping[str, int]) -> Iterator[Line]:
    for name, size in sums.items():
        yield [Piece(f"{visible(name) or 'no component'} ", "label"), Piece(human_bytes(size))]
