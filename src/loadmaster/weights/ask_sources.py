"""All sources of some models, asked a few at a time, each repository once however many models name it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from loadmaster.errors import ExtraMissing, SourceError
from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.hub import Hub, HubModel
from loadmaster.weights.hub_cache import cached_commit, read_cached
from loadmaster.weights.hub_source import SCHEME, HubSource, parse_hub_source
from loadmaster.weights.remote import SCHEMES, ask_remote, compare_with_remote
from loadmaster.weights.source_observation import (
    AskedSource,
    SourceObservation,
    SourceUnavailable,
    compare_with_hub,
)

WORKERS = 8


@dataclass(frozen=True, slots=True)
class Asking:
    """How sources are asked: the Hub, whether only its local cache speaks, and options for other stores by scheme."""

    hub: Hub = field(default_factory=Hub)
    offline: bool = False
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    workers: int = WORKERS


@dataclass(frozen=True, slots=True)
class _Question:
    spec: ModelSpec
    index: int
    source: str


def can_be_asked(source: str, *, offline: bool = False) -> bool:
    """Whether a source is of a kind that can be asked; offline only the Hub's cache can."""
    return source.startswith(SCHEME) or (not offline and source.partition("://")[0].lower() in SCHEMES)


def ask_sources(
    specs: Sequence[ModelSpec],
    how: Asking = Asking(),
    *,
    stop: threading.Event | None = None,
    on_asked: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[AskedSource]:
    """What the sources of the models tell, in the order of models and sources; those of other kinds are passed over.

    `on_asked` is told how many sources of how many are asked. One for which a library is not installed is told as
    unavailable, of kind `extra`.
    """
    questions = [
        _Question(spec, index, source)
        for spec in specs
        for index, source in enumerate(spec.sources)
        if spec.files and can_be_asked(source, offline=how.offline)
    ]
    groups: dict[str, list[_Question]] = {}
    for question in questions:
        groups.setdefault(question.source, []).append(question)
    answers: dict[tuple[str, int], AskedSource] = {}
    with ThreadPoolExecutor(max_workers=how.workers, thread_name_prefix="source") as pool:
        for done, answered in enumerate(pool.map(lambda group: _ask(group, how, stop), groups.values()), start=1):
            answers |= {(one.model_id, one.index): one for one in answered}
            on_asked(done, len(groups))
    for question in questions:
        if (answer := answers.get((question.spec.model_id, question.index))) is not None:
            yield answer


def _ask(group: Sequence[_Question], how: Asking, stop: threading.Event | None) -> list[AskedSource]:
    """One source, for all models that name it."""
    if stop is not None and stop.is_set():
        return []
    source = group[0].source
    if not source.startswith(SCHEME):
        return [_ask_store(question, how) for question in group]
    try:
        place = parse_hub_source(source)
        known = cached_commit(place, how.hub.cache)
        model, trouble = _read_hub(place, group, how)
    except (SourceError, ExtraMissing) as error:
        return [_unavailable(question, error) for question in group]
    answers = []
    for question in group:
        seen: list[SourceObservation] = list(compare_with_hub(question.spec, model, None if how.offline else known))
        if trouble is not None:
            seen += _unavailable(question, trouble).seen
        answers.append(_answer(question, seen, model.pinned_source))
    return answers


def _read_hub(place: HubSource, group: Sequence[_Question], how: Asking) -> tuple[HubModel, SourceError | None]:
    """What the Hub lists, small files hashed, and why that could not be done for them where it could not."""
    if how.offline:
        return read_cached(place, how.hub.cache), None
    model = how.hub.read(place)
    paths = {file.path for question in group for file in question.spec.files}
    try:
        return how.hub.with_small_digests(model, paths), None
    except SourceError as error:
        return model, error


def _ask_store(question: _Question, how: Asking) -> AskedSource:
    spec, source = question.spec, question.source
    scheme = source.partition("://")[0].lower()
    try:
        found = list(ask_remote(source, [file.path for file in spec.files], options=how.options.get(scheme)))
    except (SourceError, ExtraMissing) as error:
        return _unavailable(question, error)
    return _answer(question, list(compare_with_remote(spec, source, found)))


def _answer(question: _Question, seen: list[SourceObservation], pinned: str | None = None) -> AskedSource:
    return AskedSource(question.spec.model_id, question.index, question.source, tuple(seen), pinned)


def _unavailable(question: _Question, error: SourceError | ExtraMissing) -> AskedSource:
    kind = str(error.details.get("kind", "extra"))
    return _answer(question, [SourceUnavailable(question.spec.model_id, question.source, kind, error.message)])
