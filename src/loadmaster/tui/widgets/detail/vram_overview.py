"""The memory figures in few lines, for the model at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadmaster.tui.explaining import Explanation
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece, cell
from loadmaster.tui.values import FieldRow
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_explaining import explain_estimate
from loadmaster.tui.vram_figures import Figures, figures_of, spec_of
from loadmaster.tui.vram_setting import Setting
from loadmaster.tui.widgets.detail.vram_rows import INDENT, FigureRow, bar_line
from loadmaster.tui.widgets.field_list import label_width_for
from loadmaster.vram.estimate import VramEstimate

MOST = 4
"""Variants that are shown; the others are on the tab."""


def overview_rows(view: ManifestView, model_id: str, setting: Setting) -> Iterator[FieldRow]:
    """A bar for each variant, what they are for, and why there is no verdict where there is none."""
    figures = figures_of(spec_of(model_id, view.document.model_data(model_id)), setting)
    if figures is None:
        return
    if figures.spec.vram_estimation is None:
        yield FieldRow("VRAM", ([Piece("no vram_estimation", "default")],), ("models", model_id, "vram_estimation"))
        return
    for number, estimate in enumerate(figures.estimates[:MOST]):
        label = "VRAM" if number == 0 else ""
        yield FigureRow(draw=_bar(label, figures, estimate), explain=_explaining(view, figures, estimate))
    default = figures.default
    yield FieldRow(draw=_below(figures), explain=_explaining(view, figures, default))
    if default.contradiction and default.floor is not None:
        said = f"declared below its weights ({default.floor:.1f} GiB): no verdict on fit   "
        line: Line = [Piece(said, "label"), Piece("W LM601", "warning")]
        yield FieldRow("", (line,), explain=_explaining(view, figures, default))


def _explaining(view: ManifestView, figures: Figures, estimate: VramEstimate) -> Callable[[], Explanation]:
    return lambda: explain_estimate(view.document, figures, estimate)


def _bar(label: str, figures: Figures, estimate: VramEstimate) -> Callable[[int], list[Line]]:
    def draw(width: int) -> list[Line]:
        start = label_width_for(width)
        lead = [Piece(" " * INDENT), cell(label, start - INDENT, "label")]
        return [[*lead, *bar_line(figures, estimate, width - start)]]

    return draw


def _below(figures: Figures) -> Callable[[int], list[Line]]:
    card, more = figures.setting.card, len(figures.estimates) - MOST
    said = f"at {figures.at}, on {visible(card.name, 40)} with {card.usable_gib:.1f} GiB usable"
    said += f"; {more} more variants (4)" if more > 0 else ""
    return lambda width: [[Piece(" " * (label_width_for(width) + INDENT)), Piece(said, "label")]]
