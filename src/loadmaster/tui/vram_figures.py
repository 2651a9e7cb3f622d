"""The memory estimates of a model, and a range drawn as a bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from loadmaster.manifest.reader import read_model
from loadmaster.tui.paint import Line, Piece, cell
from loadmaster.tui.visible import visible
from loadmaster.vram.estimate import VramEstimate, estimate_vram

VARIANT_WIDTH = 9
BAR_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """The estimates of all variants of a model, and what they are for, in words."""

    default: str
    estimates: tuple[VramEstimate, ...]
    at: str


def figures_of(model_id: str, data: Mapping[str, Any]) -> Figures | None:
    """The estimates of a model; None where it declares no memory or cannot be read."""
    spec = read_model(model_id, data).spec
    if spec is None or spec.vram_estimation is None or not spec.variants:
        return None
    estimates = tuple(estimate_vram(spec, variant) for variant in spec.variants)
    width, height = estimates[0].size
    return Figures(spec.default_variant, estimates, f"{width}×{height}, {estimates[0].frames} frames")


def variant_label(estimate: VramEstimate, default: str, width: int) -> Line:
    """The name of a variant in a column, with a star at the default one."""
    star = " ★" if estimate.variant == default else ""
    return [cell(visible(estimate.variant) + star, width)]


def range_bar(estimate: VramEstimate, top: float, width: int) -> Line:
    """`────▒▒█▒▒`: from the low end to the high end of the need, the point full; `top` GiB at the right edge."""
    if estimate.need is None or top <= 0:
        return [Piece("·" * width, "faint")]
    scale = width / top
    low, point, high = (
        min(int(x * scale), width - 1) for x in (estimate.need.low, estimate.need.point, estimate.need.high)
    )
    cells = ["─"] * width
    for index in range(low, high + 1):
        cells[index] = "▒"
    cells[point] = "█"
    before, inside, after = "".join(cells[:low]), "".join(cells[low : high + 1]), "".join(cells[high + 1 :])
    return [Piece(before, "rule"), Piece(inside, "accent"), Piece(after, "rule")]


def range_words(estimate: VramEstimate) -> Line:
    """`34.0 – 41.3 – 47.4 GiB`, or why there is no number."""
    if estimate.need is None:
        return [Piece(estimate.reason or "no number", "label")]
    need = estimate.need
    return [
        Piece(f"{need.low:>6.1f} – ", "label"),
        Piece(f"{need.point:.1f}", "bright"),
        Piece(f" – {need.high:.1f}", "label"),
        Piece(" GiB", "label"),
    ]


def top_of(figures: Figures) -> float:
    """The high end of the largest of the estimates."""
    return max((e.need.high for e in figures.estimates if e.need is not None), default=0.0)
