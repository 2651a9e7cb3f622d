"""Whether a model is meant by what a person typed into the filter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from loadmaster.manifest.model_id import model_type
from loadmaster.tui.manifest_view import ManifestView, component_of, files_of


class Match(NamedTuple):
    """Which stretches of the model's id were meant (none where something below it was), and what else was."""

    spans: tuple[tuple[int, int], ...]
    where: str = ""


def match_model(view: ManifestView, model_id: str, text: str) -> Match | None:
    """The match of a model, or None. Each word of `text` has to be found: in the id (also with gaps), its type, a rule
    that speaks of it, a component, the path or the beginning of a digest of one of its files."""
    spans: list[tuple[int, int]] = []
    where = ""
    for word in text.lower().split():
        start = model_id.lower().find(word)
        if start >= 0:
            spans.append((start, start + len(word)))
            continue
        found = _below(view, model_id, word)
        if found is not None:
            where = where or found
            continue
        gapped = _with_gaps(model_id.lower(), word)
        if gapped is None:
            return None
        spans += gapped
    return Match(_merged(spans), where)


def _below(view: ManifestView, model_id: str, word: str) -> str | None:
    if word == model_type(model_id):
        return word
    for finding in view.faults.of_model(model_id):
        if finding.code.lower() == word or (len(word) > 3 and word in finding.name):
            return finding.code
    for file in files_of(view.document.model_data(model_id)):
        found = _in_file(file, word)
        if found:
            return found
    return None


def _in_file(file: Mapping[str, Any], word: str) -> str | None:
    path, digest = file.get("path"), file.get("sha256")
    if isinstance(path, str) and word in path.lower():
        return path
    if isinstance(digest, str) and len(word) >= 4 and digest.lower().startswith(word):
        return digest
    component = component_of(file)
    return component if word in component.lower() else None


def _with_gaps(text: str, word: str) -> list[tuple[int, int]] | None:
    spans: list[tuple[int, int]] = []
    at = 0
    for character in word:
        at = text.find(character, at)
        if at < 0:
            return None
        spans.append((at, at + 1))
        at += 1
    # A few letters strewn over a long id are not what was meant.
    return spans if len(word) > 1 and spans[-1][1] - spans[0][0] <= 3 * len(word) else None


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
