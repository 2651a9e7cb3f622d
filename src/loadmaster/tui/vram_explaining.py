"""The memory figures, explained: each formula, the same with the figures in it, and the lines of the file behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from loadmaster.tui.explaining import Explanation
from loadmaster.tui.figure_sources import sources_of, sum_words, summands
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_figures import Figures, frames_words, verdict_words
from loadmaster.vram.cards import MIB_PER_GIB, RESERVED_MIB, Card
from loadmaster.vram.estimate import VramEstimate, estimate_vram
from loadmaster.vram.figures import size_words
from loadmaster.vram.fit import Fit, Rung, Verdict, verdict
from loadmaster.vram.traces import Trace

if TYPE_CHECKING:
    from loadmaster.document.document import Document

_NEED = ("point", "low", "high", "runtime", "weights", "activations")
_NAMES = {
    "point": "The estimate",
    "low": "The low end",
    "high": "The high end",
    "runtime": "Runtime",
    "weights": "Weights on the card",
    "activations": "Activations",
    "floor": "Weights alone, from the parameters",
}


def explain_estimate(document: Document, figures: Figures, estimate: VramEstimate) -> Explanation:
    """The need of a variant, its verdict, and everything that they come from."""
    found = figures.verdict_of(estimate)
    return _explained(document, estimate, found)


def explain_variant(document: Document, estimate: VramEstimate, card: Card) -> Explanation:
    """The need of a variant by itself, on a card."""
    return _explained(document, estimate, verdict(estimate, card))


def explain_rung(document: Document, figures: Figures, variant: str, rung: Rung) -> Explanation:
    """A cell of the ladder: as the estimate for its frames and size."""
    estimate = estimate_vram(figures.spec, variant, rung.frames, rung.size)
    return _explained(document, estimate, verdict(estimate, figures.setting.card))


def explain_floor(document: Document, estimate: VramEstimate) -> Explanation | None:
    """What the declared parameters alone take; None where they are not declared."""
    trace = estimate.traces.get("floor")
    if trace is None:
        return None
    title: Line = [Piece("Weights alone", "bright"), Piece(f"  {trace.value:.2f} GiB", "label")]
    told = "A second opinion, from the declared parameters: what is resident cannot be less without block offload."
    paragraphs = [("", told), ("Formula", f"{trace.formula}\n{trace.figures} GiB"), *_precision(estimate)]
    return title, [*paragraphs, ("From the file", sources_of(document, trace.paths))]


def explain_weight_files(document: Document, estimate: VramEstimate) -> Explanation:
    """The weight files of a model by component, with each size."""
    total = sum(estimate.weight_files.values())
    title: Line = [Piece("Weight files", "bright"), Piece("  on disk, by component", "label")]
    told = (
        f"{sum_words(total)}. A second opinion that comes from other data; the dtype on disk can differ from the one "
        "in use, and files of more than one precision may stand beside each other."
    )
    paragraphs = [("", told), ("Formula", "the sum of the sizes of the files of a component that hold weights")]
    traces = estimate.traces
    for name, size in estimate.weight_files.items():
        trace = traces[f"files:{name}"]
        indices = [int(path[3]) for path in trace.paths]
        paragraphs.append(
            (f"{name or 'no component'}  {sum_words(size)}", summands(document, str(trace.paths[0][1]), indices))
        )
    return title, paragraphs


def explain_largest(figures: Figures, variant: str, rung: Rung | None) -> Explanation:
    """The largest rung that fits, and how it was chosen."""
    card = figures.setting.card
    title: Line = [
        Piece("The largest that fits", "bright"),
        Piece(f"  {visible(variant)} on {visible(card.name)}", "label"),
    ]
    sizes = ", ".join(resolution.label for resolution in figures.resolutions())
    told = (
        "Of all cells of the ladder whose high end lies within what the card has usable, the one with the most frames "
        f"× width × height. Looked at: {', '.join(map(str, figures.frames()))} frames at {sizes}."
    )
    if rung is None or rung.need is None:
        return title, [("", "None."), ("How", told), _card(card)]
    found = f"{frames_words(rung.frames)} at {size_words(rung.size)}"
    against = f"high end {rung.need.high:.2f} ≤ {card.usable_gib:.2f} GiB usable"
    return title, [("", f"{found}: {against}."), ("How", told), _card(card)]


def _explained(document: Document, estimate: VramEstimate, found: Verdict) -> Explanation:
    at = f"{frames_words(estimate.frames)} at {size_words(estimate.size)}"
    title: Line = [Piece(visible(estimate.variant), "bright"), Piece(f"  {at}, {visible(found.card.name)}", "label")]
    paragraphs = [("", visible(verdict_words(estimate, found)))]
    traces = estimate.traces
    paths = [path for name in ("point", "floor", "frames") if name in traces for path in traces[name].paths]
    paragraphs.append(("From the file", sources_of(document, paths) or "nothing"))
    paragraphs += [_formula(traces[name]) for name in _NEED if name in traces]
    paragraphs += _precision(estimate)
    if "floor" in traces:
        paragraphs.append(_formula(traces["floor"]))
    paragraphs += [_asked(estimate, traces), _card(found.card)]
    if found.fit is not Fit.NONE:
        paragraphs.append(("The verdict", _RULES[found.fit]))
    return title, paragraphs


_RULES = {
    Fit.FITS: "fits: the high end is at most what is usable.",
    Fit.TIGHT: "tight: the estimate is at most what is usable, the high end is more.",
    Fit.DOUBTFUL: "doubtful: the low end is at most what is usable, the estimate is more.",
    Fit.TOO_BIG: "too big: the low end is more than what is usable.",
}


def _formula(trace: Trace) -> tuple[str, str]:
    return _NAMES[trace.name], f"{trace.formula}\n{trace.figures}" + ("" if trace.unit in trace.figures else " GiB")


def _precision(estimate: VramEstimate) -> list[tuple[str, str]]:
    precision = estimate.precision
    if precision is None:
        return [("Bytes per weight", f"{visible(estimate.variant)}: unknown precision, so there is no number")]
    told = (
        f"b({visible(estimate.variant)}) = {precision.block_bytes} / {precision.block} = {precision.bytes_per_weight:g}"
    )
    note = f"; {precision.note}" if precision.note else ""
    return [("Bytes per weight", f"{told} ({precision.source}){note}")]


def _asked(estimate: VramEstimate, traces: Mapping[str, Trace]) -> tuple[str, str]:
    frames, width = traces["frames"], traces["width"]
    return "Frames and size", (
        f"{frames_words(estimate.frames)}: {frames.formula}\n{size_words(estimate.size)} pixels: {width.formula}"
    )


def _card(card: Card) -> tuple[str, str]:
    figures = f"({card.mib} − {RESERVED_MIB}) / {MIB_PER_GIB} = {card.usable_gib:.2f} GiB usable"
    if card.free_gib is not None:
        figures += f"; the driver tells {card.free_mib} MiB = {card.free_gib:.2f} GiB free now"
    return (
        f"The card, {visible(card.name)}",
        f"(MiB as the driver reports − what driver and display keep) / 1024\n{figures}",
    )
