"""A model's entries against what a source tells of its files: plain values, as those of the disk are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.hub import HubModel


@dataclass(frozen=True, slots=True)
class SourceUnavailable:
    """The source did not answer; `kind` is a word of `hub.HubTrouble`, `reason` a whole sentence without tokens."""

    model_id: str
    source: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceLacksFile:
    """A listed file is not at the source. An optional one may be absent without harm."""

    model_id: str
    path: str
    source: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SourceDiffers:
    """The source tells another size (bytes) or another sha256; None where it does not tell."""

    model_id: str
    path: str
    source: str
    listed_size: int
    found_size: int | None
    listed_sha256: str
    found_sha256: str | None


@dataclass(frozen=True, slots=True)
class SourceAgrees:
    """The source tells what is listed; `by_digest` is false where only the size could be compared."""

    model_id: str
    path: str
    source: str
    by_digest: bool


@dataclass(frozen=True, slots=True)
class RevisionMoved:
    """The source's branch or tag named the commit `known` before and names `found` now."""

    model_id: str
    source: str
    revision: str
    known: str
    found: str


SourceObservation = SourceUnavailable | SourceLacksFile | SourceDiffers | SourceAgrees | RevisionMoved


@dataclass(frozen=True, slots=True)
class AskedSource:
    """What one source of a model told: its position in `sources.priority`, the text that names it there, the
    observations, and the source as it would be pinned to the commit that answered, where it has commits."""

    model_id: str
    index: int
    source: str
    seen: tuple[SourceObservation, ...]
    pinned: str | None = None


def compare_with_hub(spec: ModelSpec, model: HubModel, known_commit: str | None = None) -> Iterator[SourceObservation]:
    """One observation for each listed file, and RevisionMoved where `known_commit` is not the commit found.

    `known_commit` is what the revision was the last time, as the local cache knows it. A pinned source cannot move.
    An absent file is told only where the listing is complete.
    """
    source = model.source.text
    if known_commit is not None and known_commit != model.commit and not model.source.pinned:
        yield RevisionMoved(spec.model_id, source, model.source.revision or "main", known_commit, model.commit)
    found = {file.path: file for file in model.files}
    for file in spec.files:
        there = found.get(file.path)
        if there is None:
            if model.complete:
                yield SourceLacksFile(spec.model_id, file.path, source, file.optional)
            continue
        size, sha256 = there.size, there.sha256
        if size not in (None, file.size) or sha256 not in (None, file.sha256.lower()):
            yield SourceDiffers(spec.model_id, file.path, source, file.size, size, file.sha256, sha256)
        else:
            yield SourceAgrees(spec.model_id, file.path, source, sha256 is not None)
