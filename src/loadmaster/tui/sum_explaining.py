"""The totals of files, explained: what was added up, and where each size stands."""

from __future__ import annotations

from collections.abc import Sequence

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import human_bytes
from loadmaster.manifest.words import plural
from loadmaster.tui.explaining import Explanation
from loadmaster.tui.figure_sources import MOST, place_words, sum_words, summands
from loadmaster.tui.manifest_view import Component, ManifestView, files_of, size_of
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.visible import visible

_FORMULA = "the sum of the size of each of its files; a file without a size counts 0"


def explain_component(view: ManifestView, model_id: str, name: str) -> Explanation | None:
    """The total of the files of a component; None where the model has none of that name."""
    component = next((one for one in view.summary(model_id).components if one.name == name), None)
    if component is None:
        return None
    title: Line = [Piece(visible(name), "bright"), Piece(f"  {_count_and_size(component)}", "label")]
    paragraphs = [("", sum_words(component.size)), ("Formula", _FORMULA)]
    if component.files:
        paragraphs.append(("From the file", summands(view.document, model_id, component.files)))
    return title, paragraphs


def explain_model(view: ManifestView, model_id: str) -> Explanation:
    """The total of all files of a model, by component."""
    summary = view.summary(model_id)
    title: Line = [Piece(visible(model_id), "bright"), Piece(f"  {plural(summary.files, 'file')}", "label")]
    paragraphs = [("", sum_words(summary.size)), ("Formula", _FORMULA)]
    components = "\n".join(
        f"{plural(len(component.files), 'file'):<13} {component.size:>16,}  {component.name}"
        for component in summary.components
    )
    if len(summary.components) > 1:
        paragraphs.append(("By component", components))
    if summary.files:
        paragraphs.append(("From the file", summands(view.document, model_id, range(summary.files))))
    return title, paragraphs


def explain_group(view: ManifestView, name: str) -> Explanation:
    """The totals of the models of a type, and of the whole manifest."""
    title: Line = [Piece(visible(name), "bright"), Piece("  models of one type", "label")]
    members = next((ids for group, ids in view.groups() if group == name), [])
    paragraphs = [*_models_sum(view, members), ("Formula", "the sum over the models of the sizes of their files")]
    if len(members) < len(view.document.model_ids):
        models, files, size = view.totals()
        whole = f"{plural(models, 'model')}, {plural(files, 'file')}, {sum_words(size)}"
        paragraphs.append(("The whole manifest", whole))
    return title, paragraphs


def _models_sum(view: ManifestView, model_ids: Sequence[str]) -> list[tuple[str, str]]:
    summaries = [(model_id, view.summary(model_id)) for model_id in model_ids]
    lines = [f"{plural(one.files, 'file'):<13} {one.size:>16,}  {model_id}" for model_id, one in summaries[:MOST]]
    if len(summaries) > MOST:
        rest = sum(one.size for _, one in summaries[MOST:])
        lines.append(f"{'and':<13} {rest:>16,}  in {plural(len(summaries) - MOST, 'more model')}")
    total = sum(one.size for _, one in summaries)
    return [("", f"{plural(len(summaries), 'model')}, {sum_words(total)}"), ("By model", "\n".join(lines))]


def explain_size(view: ManifestView, model_id: str, index: int) -> list[tuple[str, str]]:
    """The size of one file: its figure in other units, and its share of the totals beside it."""
    document = view.document
    file = files_of(document.model_data(model_id))[index]
    path: KeyPath = ("models", model_id, "files", index, "size")
    size, summary = size_of(file), view.summary(model_id)
    if size is None:
        return []
    component = next((one for one in summary.components if index in one.files), None)
    shares = [(one.name, one.size) for one in (component,) if one is not None]
    told = [f"{_share(size, total)} of {name}, {human_bytes(total)}" for name, total in shares]
    told.append(f"{_share(size, summary.size)} of the model, {human_bytes(summary.size)}")
    told_of = [
        ("Here", f"{place_words(document, path)}  {sum_words(size)}"),
        ("In the totals", "; ".join(told) + ". A total is " + _FORMULA + "."),
    ]
    if component is not None and len(component.files) > 1:
        heading = f"The total of {component.name}, {sum_words(component.size)}"
        told_of.append((heading, summands(document, model_id, component.files)))
    return told_of


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "all"


def _count_and_size(component: Component) -> str:
    return f"{plural(len(component.files), 'file')}, {human_bytes(component.size)}"
