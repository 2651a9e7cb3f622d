"""The rows of the tree as lines: what a node is at the left, its figures at the right."""

from __future__ import annotations

from collections.abc import Sequence

from loadmaster.checks.diagnostic import Finding
from loadmaster.manifest.fields import human_bytes
from loadmaster.manifest.words import plural
from loadmaster.tui.manifest_view import ManifestView, files_of, size_of, strings, variants_of
from loadmaster.tui.marked_text import Spans, marked
from loadmaster.tui.paint import SEVERITY_INK, Line, Piece, cell, counts, fit, span, spread
from loadmaster.tui.since import Since
from loadmaster.tui.visible import middle, short_id, visible
from loadmaster.tui.vram_figures import amount
from loadmaster.tui.vram_setting import Setting

SIGN_INK = {"+": "added", "~": "warning", "−": "removed"}
"""The ink of what a review says of a model."""

ROOMY = 72
"""From this width on a model's row tells its variants, files and size as well."""


def fold_mark(is_open: bool) -> str:
    """The sign before what can be folded."""
    return "▾" if is_open else "▸"


def group_line(name: str, size: int, is_open: bool, width: int) -> Line:
    """A type, and how many models have it."""
    left = [Piece(f"{fold_mark(is_open)} ", "faint"), Piece(name, "label")]
    return spread(left, [Piece(f"{size} ", "faint")], width)


def model_line(
    view: ManifestView,
    model_id: str,
    width: int,
    *,
    is_open: bool,
    is_marked: bool,
    spans: Spans,
    since: Since | None = None,
) -> Line:
    """A model with its mark, its meant letters and its faults; with `since` what became of it since a base."""
    tally = view.faults.counts(model_id)
    right = [*counts(tally.errors, tally.warnings, 0 if tally.errors else tally.infos), Piece(" ")]
    sign: Line = []
    if since is not None:
        sign = [Piece(f"{since.sign(model_id) or ' '} ", SIGN_INK.get(since.sign(model_id), "value"))]
        new = since.new_faults(view.faults.of_model(model_id))
        right = [*([Piece(f"{new:,} new ", "label")] if new else []), *right]
    if width >= ROOMY:
        room = 12 if since is None else 18
        right = [*_figures(view, model_id), Piece(" " * max(room - span(right), 2)), *right]
    name = _id_line(model_id, width - 5 - span(sign) - span(right), spans)
    mark = Piece("◆ ", "key") if is_marked else Piece("  ")
    return spread([mark, Piece(f"{fold_mark(is_open)} ", "faint"), *sign, *name], right, width)


def _figures(view: ManifestView, model_id: str) -> Line:
    """Variants, files and size, for a tree that has a whole screen."""
    summary = view.summary(model_id)
    variants = " ".join(strings(view.document.model_data(model_id).get("variants")))
    return [
        cell(visible(variants), 16, "label"),
        cell(plural(summary.files, "file"), 9, "faint", right=True),
        cell(human_bytes(summary.size), 9, "label", right=True),
    ]


def _id_line(model_id: str, width: int, spans: Spans) -> Line:
    shown = short_id(visible(model_id), width)
    if spans and shown == model_id:
        return marked(model_id, spans, width)
    stem, at, version = shown.rpartition("@")
    return [Piece(stem or shown, "value"), Piece(at + version if stem else "", "label")]


def variant_line(view: ManifestView, model_id: str, index: int, width: int, setting: Setting) -> Line:
    """A variant with a star where it is the default, its worst fault, and what it needs where that is known.

    Where the declared figures contradict each other the rule stands in place of a number that cannot be true.
    """
    data = view.document.model_data(model_id)
    variants = view.derived(variants_of, model_id)
    if index >= len(variants):
        return fit([], width)
    name = variants[index]
    star = [Piece(" ★", "accent")] if name == data.get("default_variant") else []
    findings = view.faults.at(model_id, ("models", model_id, "variants", index))
    estimate = view.estimate(model_id, name, setting)
    point = estimate.point if estimate is not None else None
    right = [Piece(f"{amount(point) + ' GiB':>9} ", "label")] if point is not None else []
    if estimate is not None and estimate.contradiction_rule:
        right = [Piece(f"W {estimate.contradiction_rule} ", "warning")]
    shown = marked(name, (), width - 6 - span(star) - span(right))
    return spread([Piece("    "), _fault_mark(findings), *shown, *star], right, width)


def _fault_mark(findings: Sequence[Finding]) -> Piece:
    """The letter of the worst of some faults, in two cells."""
    worst = findings[0].severity if findings else None
    return Piece(f"{worst.letter} " if worst else "  ", SEVERITY_INK[worst] if worst else "value")


def component_line(view: ManifestView, model_id: str, name: str, width: int, *, is_open: bool, spans: Spans) -> Line:
    """A component with the number and the size of its files."""
    component = next((one for one in view.summary(model_id).components if one.name == name), None)
    if component is None:
        return fit([Piece(f"      {visible(name)}", "faint")], width)
    mark = fold_mark(is_open) if component.files else " "
    right = [
        Piece(f"{len(component.files):>3}", "faint"),
        Piece(f"{human_bytes(component.size):>8} ", "label"),
    ]
    shown = marked(name, spans, width - 6 - span(right))
    return spread([Piece(f"    {mark} ", "faint"), *shown], right, width)


def file_line(view: ManifestView, model_id: str, index: int, width: int, *, spans: Spans, digest: Spans = ()) -> Line:
    """A file with its worst fault and its size; with `digest` its digest, so far as it was meant, in place of that."""
    files = files_of(view.document.model_data(model_id))
    file = files[index] if index < len(files) else {}
    findings = view.faults.under(model_id, ("models", model_id, "files", index))
    if digest:
        shown = str(file.get("sha256", ""))[: max(digest[-1][1], 8)]
        right: list[Piece] = [Piece(" "), *marked(shown, digest, 16), Piece("… ", "label")]
    else:
        size = size_of(file)
        right = [Piece(f"{human_bytes(size) if size is not None else '—':>9} ", "label")]
    room = width - 9 - span(right)
    path = str(file.get("path", "—"))
    shown_path = marked(path, spans, room) if spans else [Piece(middle(visible(path), room))]
    return spread([Piece("      "), _fault_mark(findings), *shown_path], right, width)


def fault_line(view: ManifestView, model_id: str, index: int, width: int, *, spans: Spans) -> Line:
    """A fault that was meant by its rule: `LM402 empty-digest`, then its sentence."""
    findings = view.faults.of_model(model_id)
    if index >= len(findings):
        return fit([], width)
    finding = findings[index]
    ink = SEVERITY_INK[finding.severity]
    by_code = tuple(spans) == ((0, len(finding.code)),)
    code = [Piece(finding.code, "match" if by_code else ink)]
    name = [Piece(finding.name, ink)] if by_code else marked(finding.name, spans, width, plain=ink)
    line = [Piece(f"      {finding.severity.letter} ", ink), *code, Piece(" "), *name, Piece("  ")]
    return fit([*line, Piece(visible(finding.message), "label")], width)
