"""Which figures are under the cursor, and their explanation: how they came about and from which lines of the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import field_at
from loadmaster.tui.explaining import RULE_PAGE, Explanation, explain_field, explain_finding
from loadmaster.tui.figure_sources import place_words
from loadmaster.tui.manifest_view import ManifestView, variants_of
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.sum_explaining import explain_component, explain_group, explain_model, explain_size
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_explaining import explain_variant

if TYPE_CHECKING:
    from loadmaster.tui.vram_setting import Setting
    from loadmaster.tui.widgets.detail.pane import DetailPane
    from loadmaster.tui.widgets.model_tree import Node


def explain_node(view: ManifestView, node: Node, setting: Setting) -> Explanation | None:
    """The figures of a node of the tree: files and bytes of a group, a model, a component; the size of a file; what a
    variant needs under a setting. For a fault that a filter found, its rule."""
    kind, name = node[0], str(node[1])
    if kind == "group":
        return explain_group(view, name)
    if kind == "model":
        return explain_model(view, name)
    if kind == "variant":
        return _explain_variant(view, name, int(node[2]), setting)
    if kind == "component":
        return explain_component(view, name, str(node[2]))
    if kind == "file":
        return _explain_file_size(view, name, int(node[3]))
    findings = view.faults.of_model(name)
    if kind == "fault" and int(node[2]) < len(findings):
        return explain_finding(findings[int(node[2])])
    return explain_model(view, name)


def _explain_variant(view: ManifestView, model_id: str, index: int, setting: Setting) -> Explanation | None:
    """What a variant needs; where there is no number, why, and what variants are."""
    path = ("models", model_id, "variants", index)
    field, variants = field_at(path), variants_of(view.document.model_data(model_id))
    if field is None or index >= len(variants):
        return None
    estimate = view.estimate(model_id, variants[index], setting)
    if estimate is not None and estimate.need is not None:
        told = explain_variant(view.document, estimate, setting.card)
    else:
        _, paragraphs = explain_field(field, path, variants[index], place_words(view.document, path))
        title: Line = [Piece(visible(variants[index]), "bright"), Piece("  a variant", "label")]
        reason = estimate.reason if estimate is not None else "the model cannot be read, see its faults"
        told = title, [*paragraphs, ("VRAM", f"No estimate: {visible(reason)}.")]
    return with_faults(told, view.faults.at(model_id, path), path)


def explain_figure(view: ManifestView, detail: DetailPane) -> Explanation | None:
    """The figures under the cursor of the detail; None where there are none."""
    told = detail.explanation
    if told is not None:
        return told
    path = detail.path
    if path is not None and len(path) == 5 and path[2] == "files" and path[4] == "size":
        return _explain_file_size(view, str(path[1]), int(path[3]))
    return None


def _explain_file_size(view: ManifestView, model_id: str, index: int) -> Explanation | None:
    path = ("models", model_id, "files", index, "size")
    field, document = field_at(path), view.document
    if field is None or not document.has(path[:4]):
        return None
    place = place_words(document, path) if document.has(path) else "not in the file"
    title, paragraphs = explain_field(field, path, document.get(path), place)
    told = explain_size(view, model_id, index)
    # What the figure is here comes first; what the format says of it, below.
    return title, [*told, *(paragraph for paragraph in paragraphs if paragraph[0] != "Here")]


def with_faults(figure: Explanation, findings: Sequence[Finding], path: KeyPath | None) -> Explanation:
    """The figure, with what is wrong with it in front; faults that stand beside it have a place of their own."""
    own = [finding for finding in findings if path is not None and finding.path[: len(path)] == path]
    if not own:
        return figure
    title, paragraphs = explain_finding(own[0])
    # What holds for this place comes before the page of the rule.
    here = next((index for index, (heading, _) in enumerate(paragraphs) if heading == RULE_PAGE), len(paragraphs))
    return title, [*paragraphs[:here], *figure[1], *paragraphs[here:]]
