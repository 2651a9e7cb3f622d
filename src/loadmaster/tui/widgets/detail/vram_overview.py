"""The memory figures in few lines, for the model at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadmaster.tui.explaining import Explanation
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece, cell, wrap
from loadmaster.tui.values import FieldRow
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_explaining import explain_estimate
from loadmaster.tui.vram_figures import Figures, figures_of, spec_of
from loadmaster.tui.vram_setting import Setting
from loadmaster.tui.widgets.detail.vram_rows import INDENT, Chart, FigureRow
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
    chart = Chart(figures)
    for number, estimate in enumerate(figures.estimates[:MOST]):
        label = "VRAM" if number == 0 else ""
        yield FigureRow(draw=_bar(label, chart, estimate), explain=_explaining(view, figures, estimate))
    default = figures.default
    yield FieldRow(draw=_text(_below(figures)), explain=_explaining(view, figures, default))
    if default.contradiction and default.floor is not None:
        said = f"declared below its weights ({default.floor:.1f} GiB): no verdict on fit"
        lead = f"W {default.contradiction_rule}  "
        yield FieldRow(draw=_text(said, lead), explain=_explaining(view, figures, default))


def _explaining(view: ManifestView, figures: Figures, estimate: VramEstimate) -> Callable[[], Explanation]:
    return lambda: explain_estimate(view.document, figures, estimate)


def _bar(label: str, chart: Chart, estimate: VramEstimate) -> Callable[[int], list[Line]]:
    def draw(width: int) -> list[Line]:
        start = label_width_for(width)
        lead = [Piece(" " * INDENT), cell(label, start - INDENT, "label")]
        return [[*lead, *chart.bar_line(estimate, width - start)]]

    return draw


def _below(figures: Figures) -> str:
    card, more = figures.setting.card, len(figures.estimates) - MOST
    said = f"at {figures.at} · {visible(card.name, 40)}, {card.usable_gib:.1f} GiB usable"
    return said + (f" · {more} more variants in the tab" if more > 0 else "")


def _text(text: str, lead: str = "") -> Callable[[int], list[Line]]:
    """A text that folds below the bars; `lead` is a fault's letter and code."""

    def draw(width: int) -> list[Line]:
        start = label_width_for(width) + INDENT
        lines = wrap(text, max(width - start - len(lead), 16))
        leads = [lead, *[" " * len(lead)] * (len(lines) - 1)]
        return [
            [Piece(" " * start), Piece(first, "warning"), Piece(line, "label")]
            for first, line in zip(leads, lines, strict=True)
        ]

    return draw
