"""Whether a model is meant by what a person typed into the filter, and by what of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from loadmaster.manifest.model_id import model_type
from loadmaster.tui.manifest_view import ManifestView, component_of, files_of

MOST_HITS = 4
"""Things below a model that are shown of a match before the others are asked for."""

SHORTEST_DIGEST = 4
SHORTEST_NAME = 4

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something below a model that was meant: a component, a file by its path or its digest, a fault by its rule.

    `index` is the file's or the fault's, in the order of the model; `spans` are the meant stretches of its name,
    path, digest or rule.
    """

    kind: Literal["component", "path", "digest", "fault"]
    name: str
    index: int = 0
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Which stretches of the model's id were meant, and which things below it."""

    spans: tuple[Span, ...] = ()
    hits: tuple[Hit, ...] = ()


def match_model(view: ManifestView, model_id: str, text: str) -> Match | None:
    """The match of a model, or None. Each word of `text` has to be found: in the id (also with gaps), its type, a rule
    that speaks of it, a component, the path or the beginning of a digest of one of its files."""
    spans: list[Span] = []
    hits: list[Hit] = []
    for word in text.lower().split():
        start = model_id.lower().find(word)
        if start >= 0:
            spans.append((start, start + len(word)))
            continue
        if word == model_type(model_id):
            continue
        found = list(_below(view, model_id, word))
        if found:
            hits += found
            continue
        gapped = _with_gaps(model_id.lower(), word)
        if gapped is None:
            found = list(_loosely_below(view, model_id, word))
            if not found:
                return None
            hits += found
        else:
            spans += gapped
    return Match(_merged(spans), tuple(dict.fromkeys(hits)))


def _below(view: ManifestView, model_id: str, word: str) -> Iterator[Hit]:
    for index, finding in enumerate(view.faults.of_model(model_id)):
        if finding.code.lower() == word or (len(word) >= SHORTEST_NAME and word in finding.name):
            start = finding.name.find(word)
            span = (0, len(finding.code)) if start < 0 else (start, start + len(word))
            yield Hit("fault", finding.code, index, (span,))
    components: set[str] = set()
    for index, file in enumerate(files_of(view.document.model_data(model_id))):
        component = component_of(file)
        if component not in components and word in component.lower():
            components.add(component)
            start = component.lower().find(word)
            yield Hit("component", component, 0, ((start, start + len(word)),))
        yield from _in_file(file, index, word)


def _in_file(file: Mapping[str, Any], index: int, word: str) -> Iterator[Hit]:
    path, digest = file.get("path"), file.get("sha256")
    if isinstance(path, str):
        start = path.lower().find(word)
        if start >= 0:
            yield Hit("path", path, index, ((start, start + len(word)),))
            return
    if isinstance(digest, str) and len(word) >= SHORTEST_DIGEST and digest.lower().startswith(word):
        yield Hit("digest", digest, index, ((0, len(word)),))


def _loosely_below(view: ManifestView, model_id: str, word: str) -> Iterator[Hit]:
    """Files in whose path the letters stand with gaps."""
    for index, file in enumerate(files_of(view.document.model_data(model_id))):
        path = file.get("path")
        if isinstance(path, str):
            gapped = _with_gaps(path.lower(), word)
            if gapped is not None:
                yield Hit("path", path, index, _merged(gapped))


def _with_gaps(text: str, word: str) -> list[Span] | None:
    """Where the letters of `word` stand in `text`, in order and near each other; None where they do not."""
    # A few letters strewn over a long id are not what was meant.
    longest = 3 * len(word)
    if len(word) < 2:
        return None
    start = text.find(word[0])
    while start >= 0:
        spans = [(start, start + 1)]
        at = start + 1
        for character in word[1:]:
            at = text.find(character, at, start + longest)
            if at < 0:
                break
            spans.append((at, at + 1))
            at += 1
        if len(spans) == len(word):
            return spans
        start = text.find(word[0], start + 1)
    return None


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
