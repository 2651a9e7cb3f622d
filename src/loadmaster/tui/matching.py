"""Whether a model is meant by what a person typed into the filter, and by what of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from loadmaster.manifest.model_id import model_type
from loadmaster.tui.manifest_view import ManifestView, component_of, files_of

MOST_HITS = 4
"""Things below a model that are shown of a match before the others are asked for."""

SHORTEST_DIGEST = 4
SHORTEST_NAME = 4

_HEAD = 8  # characters of a digest that are looked at first
_MOST_LISTINGS = 2048  # many models list the same files

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something below a model that was meant: a component, a file by its path or its digest, a fault by its rule.

    `index` is the file's or the fault's, in the order of the model; `spans` are the meant stretches of its name,
    path, digest or rule; `component` is the file's.
    """

    kind: Literal["component", "path", "digest", "fault"]
    name: str
    index: int = 0
    spans: tuple[Span, ...] = ()
    component: str = ""


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
    lowered = model_id.lower()
    words = text.lower().split()
    for word in words:
        start = lowered.find(word)
        if start >= 0:
            spans.append((start, start + len(word)))
            continue
        if word == model_type(model_id):
            continue
        found = _below(view, model_id, word)
        if found:
            hits += found
            continue
        gapped = _with_gaps(lowered, word)
        if gapped is None:
            found = _loosely_below(view, model_id, word)
            if not found:
                return None
            hits += found
        else:
            spans += gapped
    # Two words can mean one thing; one word means each thing once.
    return Match(_merged(spans), tuple(dict.fromkeys(hits) if len(words) > 1 else hits))


Listing = tuple[tuple[str | None, str], ...]
"""The path, where there is one, and the component of each file of a model."""


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a model as words are looked for in them.

    `lines` holds paths and components and `heads` the beginnings of digests, both in small letters and behind a
    newline each, so that one look tells that a word is in none of them, as it mostly is not.
    """

    listing: Listing
    lines: str
    heads: str


def _files(data: Mapping[str, Any]) -> _Files:
    files = files_of(data)
    listing = tuple((path if isinstance(path := file.get("path"), str) else None, component_of(file)) for file in files)
    digests = [digest for file in files if isinstance(digest := file.get("sha256"), str)]
    lines = dict.fromkeys(text.lower() for path, component in listing for text in (component, path) if text)
    return _Files(
        listing,
        "".join(f"\n{line}" for line in lines),
        "".join(f"\n{digest.lower()[:_HEAD]}" for digest in digests),
    )


def _below(view: ManifestView, model_id: str, word: str) -> Sequence[Hit]:
    faults = _faults(view, model_id, word) if word in view.faults.names(model_id) else []
    files = view.derived(_files, model_id)
    if len(word) >= SHORTEST_DIGEST and f"\n{word[:_HEAD]}" in files.heads:
        digests = [file.get("sha256") for file in files_of(view.document.model_data(model_id))]
        return [*faults, *_in_files(files.listing, word, digests)]
    found = _in_listing(files.listing, word) if word in files.lines else ()
    return [*faults, *found] if faults else found


def _faults(view: ManifestView, model_id: str, word: str) -> Iterator[Hit]:
    for index, finding in enumerate(view.faults.of_model(model_id)):
        if finding.code.lower() == word or (len(word) >= SHORTEST_NAME and word in finding.name):
            start = finding.name.find(word)
            span = (0, len(finding.code)) if start < 0 else (start, start + len(word))
            yield Hit("fault", finding.code, index, (span,))


@lru_cache(maxsize=_MOST_LISTINGS)
def _in_listing(listing: Listing, word: str) -> tuple[Hit, ...]:
    return tuple(_in_files(listing, word, [None] * len(listing)))


def _in_files(listing: Listing, word: str, digests: Sequence[object]) -> Iterator[Hit]:
    components: set[str] = set()
    for index, (path, component) in enumerate(listing):
        if component not in components and word in component.lower():
            components.add(component)
            start = component.lower().find(word)
            yield Hit("component", component, 0, ((start, start + len(word)),))
        digest = digests[index]
        start = path.lower().find(word) if path is not None else -1
        if path is not None and start >= 0:
            yield Hit("path", path, index, ((start, start + len(word)),), component)
        elif isinstance(digest, str) and len(word) >= SHORTEST_DIGEST and digest.lower().startswith(word):
            yield Hit("digest", digest, index, ((0, len(word)),), component)


def _loosely_below(view: ManifestView, model_id: str, word: str) -> Sequence[Hit]:
    """Files in whose path the letters stand with gaps."""
    files = view.derived(_files, model_id)
    return _loosely_in(files.listing, word) if _has_in_order(files.lines, word) else ()


@lru_cache(maxsize=_MOST_LISTINGS)
def _has_in_order(lines: str, word: str) -> bool:
    """Whether the letters of a word stand on a line in their order, near each other or not."""
    return _in_order(word).search(lines) is not None


@lru_cache(maxsize=64)
def _in_order(word: str) -> re.Pattern[str]:
    first, *others = map(re.escape, word)
    return re.compile(first + "".join(rf"[^{one}\n]*+{one}" for one in others))


@lru_cache(maxsize=_MOST_LISTINGS)
def _loosely_in(listing: Listing, word: str) -> tuple[Hit, ...]:
    found: list[Hit] = []
    for index, (path, component) in enumerate(listing):
        gapped = _with_gaps(path.lower(), word) if path is not None else None
        if path is not None and gapped is not None:
            found.append(Hit("path", path, index, _merged(gapped), component))
    return tuple(found)


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
