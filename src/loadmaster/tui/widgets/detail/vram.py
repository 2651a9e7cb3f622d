"""VRAM: the declared figures, the need of each variant as a range, and what that rests on."""

from __future__ import annotations

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import human_bytes
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece, cell
from loadmaster.tui.values import BLANK_ROW, FieldRow, table_rows
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_figures import (
    BAR_WIDTH,
    VARIANT_WIDTH,
    Figures,
    figures_of,
    range_bar,
    range_words,
    top_of,
    variant_label,
)
from loadmaster.tui.widgets.detail.defaults import own_faults, table_notice
from loadmaster.tui.widgets.field_list import FieldList


class Vram(FieldList):
    """The keys of the table `vram_estimation`, then the estimates."""

    def make_rows(self, view: ManifestView, model_id: str) -> list[FieldRow]:
        """See `FieldList`."""
        base: KeyPath = ("models", model_id, "vram_estimation")
        data = view.document.model_data(model_id)
        table = data.get("vram_estimation")
        rows = table_rows(view, model_id, "vram_estimation", base, table if isinstance(table, dict) else {})
        rows = [*table_notice(table, "vram_estimation"), *rows, *own_faults(view, model_id, base), BLANK_ROW]
        figures = figures_of(model_id, data)
        if figures is None:
            return rows
        return [*rows, *_estimate_rows(figures), BLANK_ROW, *_basis_rows(figures)]


def _estimate_rows(figures: Figures) -> list[FieldRow]:
    top = top_of(figures)
    rows = []
    for number, estimate in enumerate(figures.estimates):
        line: Line = [
            *variant_label(estimate, figures.default, VARIANT_WIDTH),
            *range_bar(estimate, top, BAR_WIDTH),
            Piece(" "),
            *range_words(estimate),
        ]
        rows.append(FieldRow("needs" if number == 0 else "", (line,)))
    rows.append(FieldRow("", ([Piece(f"at {figures.at}", "label")],)))
    return rows


def _basis_rows(figures: Figures) -> list[FieldRow]:
    chosen = next((e for e in figures.estimates if e.variant == figures.default), figures.estimates[0])
    rows = []
    if chosen.floor is not None:
        floor: Line = [
            Piece(f"{chosen.floor:.1f} GiB", "value"),
            Piece(f"  params × bytes at {visible(chosen.variant)}", "label"),
        ]
        rows.append(FieldRow("weights alone", (floor,)))
    files = [
        [Piece(f"{visible(name) or 'no component'} ", "label"), Piece(human_bytes(size))]
        for name, size in chosen.weight_files.items()
    ]
    if files:
        rows.append(FieldRow("weight files", tuple(files)))
    rows += [
        FieldRow("assumes" if n == 0 else "", ([cell("· ", 2), Piece(visible(w), "label")],))
        for n, w in enumerate(chosen.assumptions)
    ]
    rows += [
        FieldRow("doubts" if n == 0 else "", ([cell("· ", 2), Piece(visible(w), "label")],))
        for n, w in enumerate(chosen.doubts)
    ]
    return rows
