"""The check of a document, whole or after an edit, and the place of what it finds.

An edit re-checks the models that changed and the few rules that look across models. What is kept of the others has no
lines in it, so it stays true wherever they move.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, overload

from loadmaster.checks.across import Across, scattered
from loadmaster.checks.config import DEFAULT, CheckConfig
from loadmaster.checks.diagnostic import Diagnostic, Finding
from loadmaster.checks.file_check import FileCheck, check_file
from loadmaster.checks.foreign import not_a_manifest
from loadmaster.checks.model_check import (
    ModelCheck,
    anchored,
    check_model,
    distinct,
    moving_findings,
    silenced,
    span_of,
)
from loadmaster.checks.silence import (
    UNUSED_SILENCE,
    Silence,
    counts_as_unused,
    file_silences,
    is_silenced,
    top_of,
    unused,
)
from loadmaster.checks.text import without_quoting
from loadmaster.checks.wreckage import Wreckage, find_wreckage
from loadmaster.document.grouping import group_of

if TYPE_CHECKING:
    from loadmaster.document.document import Document

# What is said of a file that is no manifest at all: of its text, and of secrets.
_OF_ANY_FILE = ("LM0", "LM504")


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """All that a check found, in the order of the file's models, and what the next check of the same file can keep.

    `parts` are the findings by the model that they speak of, None for the file. What an edit left as it was is the
    very same tuple before and after it, so two checks can be compared at the cost of what differs. `apart` are the
    models of which more is to be told than what was found in each alone; `in_order` says that `parts` holds the file
    and then each model, in the order of the file.
    """

    parts: dict[str | None, tuple[Finding, ...]]
    config: CheckConfig = DEFAULT
    models: dict[str, ModelCheck] = field(default_factory=dict, repr=False, compare=False)
    across: Across = field(default_factory=Across, repr=False, compare=False)
    filed: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    wreckage: Wreckage = field(default_factory=Wreckage, repr=False, compare=False)
    newlines: tuple[int, int] = field(default=(0, 0), repr=False, compare=False)
    apart: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    in_order: bool = field(default=False, repr=False, compare=False)

    @cached_property
    def all(self) -> tuple[Finding, ...]:
        """All of them, one after the other."""
        return tuple(chain.from_iterable(self.parts.values()))

    def __len__(self) -> int:
        return len(self.all)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.all[index]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.all)


def findings(document: Document, config: CheckConfig = DEFAULT) -> Findings:
    """All that is wrong with `document`, without places. Never raises."""
    return _checked(document, Findings({}, config), ())


def recheck(document: Document, previous: Findings, changed: Collection[str] | None) -> Findings:
    """What `findings` would say of `document`, from what was said before the edit that changed the models `changed`.

    The models that came or went need not be named. None for an edit of which nothing is known.
    """
    filed = frozenset(silence.code for silence in file_silences(document))
    if changed is None or filed != previous.filed:
        return findings(document, previous.config)
    return _checked(document, previous, changed)


def check(document: Document, config: CheckConfig | None = None) -> list[Diagnostic]:
    """All that is wrong with `document`, each with its place, in the order of the places. Never raises."""
    located = [locate(document, finding) for finding in findings(document, config or DEFAULT)]
    return sorted(located, key=lambda one: (one.place.line, one.place.column, one.code))


def locate(document: Document, finding: Finding) -> Diagnostic:
    """The finding with its place in the text as it is now."""
    start, end = span_of(document, finding)
    if finding.what == "key" and finding.span is None:
        start, end = _key_in_header(document, finding, start, end)
    place = document.place_at(start, end)
    return Diagnostic(
        finding.code, finding.name, finding.severity, finding.message, finding.path, place, finding.fix, finding
    )


def compared(before: Findings, after: Findings) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that came and those that went, by identity."""
    left, here = list(_only_in(before.parts, after.parts)), list(_only_in(after.parts, before.parts))
    were, are = set(map(id, left)), set(map(id, here))
    gone = [finding for finding in left if id(finding) not in are]
    come = [finding for finding in here if id(finding) not in were]
    old, new = {finding.key for finding in gone}, {finding.key for finding in come}
    return (
        tuple(finding for finding in come if finding.key not in old),
        tuple(finding for finding in gone if finding.key not in new),
    )


def _only_in(
    parts: dict[str | None, tuple[Finding, ...]], others: dict[str | None, tuple[Finding, ...]]
) -> Iterator[Finding]:
    """The findings of the models of which the others were not kept as they are."""
    for model_id, found in parts.items():
        if others.get(model_id) is not found:
            yield from found


def _key_in_header(document: Document, finding: Finding, start: int, end: int) -> tuple[int, int]:
    """The name alone, where the key of a finding is spelled in a header."""
    names = [name for name in finding.path if isinstance(name, str)]
    index = document.table_at(start)
    table, at = document.tables[index], document.starts[index]
    if table.key[: len(names)] == tuple(names) and names and table.text[start - at : start - at + 1] == "[":
        part = table.parts[len(names) - 1]
        return at + part.start, at + part.end
    return start, end


def _checked(document: Document, previous: Findings, again: Iterable[str]) -> Findings:
    """Check the models `again` and those beside other wreckage; keep what is known of the others; put all together."""
    ids, config, known = document.model_ids, previous.config, previous.models
    filed = frozenset(silence.code for silence in file_silences(document))
    wreckage, before = find_wreckage(document), previous.wreckage
    todo = {*again, *(wreckage.wrecks ^ before.wrecks), *(wreckage.hurt ^ before.hurt)}
    same_ids = tuple(known) == ids
    todo = (
        known.keys() & todo if same_ids else {model_id for model_id in ids if model_id in todo or model_id not in known}
    )
    fresh = {model_id: check_model(document, model_id, wreckage, config, filed) for model_id in todo}
    gone = [known[model_id] for model_id in known.keys() & todo]
    if same_ids:
        models = {**known, **fresh}
    else:
        models = {model_id: fresh[model_id] if model_id in fresh else known[model_id] for model_id in ids}
        gone += [one for model_id, one in known.items() if model_id not in models]
    across = previous.across.updated([one.summary for one in gone], [one.summary for one in fresh.values()])
    crlf, lf = (
        previous.newlines[kind]
        + sum(one.newlines[kind] for one in fresh.values())
        - sum(one.newlines[kind] for one in gone)
        for kind in (0, 1)
    )
    now = Findings({}, config, models, across, filed, wreckage, (crlf, lf))
    return _together(document, now, previous, fresh if same_ids else None)


def _together(document: Document, now: Findings, previous: Findings, fresh: Collection[str] | None) -> Findings:
    """`now` with its parts. `fresh` are the models that were checked anew; None where some came, went or moved."""
    models, across, filed = now.models, now.across, now.filed
    file = check_file(document, now.newlines)
    looked_at = models if fresh is None else {*previous.apart, *fresh}
    restless = {model_id for model_id in looked_at if _is_restless(models[model_id])}
    moving = {model_id: moving_findings(document, model_id) for model_id in restless if models[model_id].moving}
    file.drop_echo_of_cut_off(document, [finding for some in moving.values() for finding in some])
    if _is_foreign(document, file, models):
        file.findings.append(not_a_manifest(document.root_data, document.data.get("models")))
        found = [*file.findings, *(finding for name in models if name in moving for finding in moving[name])]
        found += (finding for one in models.values() for finding in one.findings)
        kept = distinct(now.config.applied(one for one in found if one.code.startswith(_OF_ANY_FILE)))
        parts = _by_model(finding for finding in kept if finding.code not in filed)
        return replace(now, parts=parts, apart=frozenset(restless))
    beyond: dict[str, list[Finding]] = {}
    split = [model_id for model_id in document.grouping.split if model_id in models and not models[model_id].wreck]
    for finding in (*across.findings(_positions(document)), *scattered(document, split)):
        if finding.model_id is not None:
            beyond.setdefault(finding.model_id, []).append(finding)
    told = across.round_sizes_told()
    result = _File(document, now.config, filed)
    result.add_file(file, models)
    named = result.parts.keys() - {None}
    apart = frozenset((*restless, *beyond, *(name for name, _ in told), *(name for name in named if name in models)))
    in_order = not named and not result.inline_silences
    again: Collection[str] = models
    if in_order:
        of_file = result.parts.get(None, ())
        if fresh is not None and previous.in_order:
            again = {*apart, *previous.apart, *fresh}
            result.parts = {**previous.parts, None: of_file, **dict.fromkeys(again, ())}
        else:
            result.parts = {None: of_file, **dict.fromkeys(models, ())}
    for model_id in again:
        one = models[model_id]
        if model_id in apart or result.inline_silences:
            known = [finding for finding in one.findings if not _is_told_round_size(finding, told)]
            others = [*map(without_quoting, moving.get(model_id, ())), *beyond.get(model_id, ())]
            result.add_model(one, known, others)
        else:
            result.parts[model_id] = one.findings
    return replace(now, parts=result.finished(), apart=apart, in_order=in_order)


def _is_restless(one: ModelCheck) -> bool:
    """Whether a part of what is told of a model is made anew each time, or hangs on what else is told."""
    return bool(one.moving or one.silences or one.filed)


def _positions(document: Document) -> Callable[[str], int]:
    """What tells which of two models comes first in the file."""
    if document.is_whole:
        return {model_id: number for number, model_id in enumerate(document.model_ids)}.__getitem__
    return lambda model_id: document.model_tables(model_id)[0]


def _by_model(findings: Iterable[Finding]) -> dict[str | None, tuple[Finding, ...]]:
    """The findings by the model that each speaks of."""
    found: dict[str | None, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.model_id, []).append(finding)
    return {model_id: tuple(some) for model_id, some in found.items()}


def _is_told_round_size(finding: Finding, told: set[tuple[str, int]]) -> bool:
    return finding.code == "LM406" and (finding.path[1], finding.path[3]) in told


def _is_foreign(document: Document, file: FileCheck, models: dict[str, ModelCheck]) -> bool:
    """Whether the text is whole TOML, and nothing in it is meant as a model."""
    if file.broken or any(one.is_model or one.faulty for one in models.values()):
        return False
    return not any(fault.kind == "unquoted-id" for name in models for fault in document.model_faults(name))


class _File:
    """Puts the findings of a file together: what is silenced goes, and a silence without use is told."""

    def __init__(self, document: Document, config: CheckConfig, filed: frozenset[str]) -> None:
        self.document = document
        self.config = config
        self.filed = filed
        self.parts: dict[str | None, tuple[Finding, ...]] = {}
        self.gone: set[str] = set()
        self.inline_silences: list[tuple[int, Silence]] = []
        self._unused: list[Finding] = []
        self._top = top_of(document)
        self._used_by_file: dict[str, set[int]] = {}

    def add_file(self, file: FileCheck, models: dict[str, ModelCheck]) -> None:
        """Add what was found of the file itself, and of models that have no tables of their own."""
        silences = anchored(self.document, self.document.model_tables(""), file.silences)
        inline = [one for one in models.values() if not self.document.model_tables(one.model_id)] if silences else []
        found = distinct(self.config.applied(file.findings))
        kept, used, gone = silenced(self.document, found, silences, self.filed)
        self.gone |= gone
        for one in inline:
            used |= silenced(self.document, one.findings, silences, frozenset())[1]
        self.inline_silences = silences if inline else []
        self._add(self._without_silenced_by_models(kept, models))
        self._add_unused(silences, used, None)

    def _without_silenced_by_models(
        self, findings: Iterable[Finding], models: Mapping[str, ModelCheck]
    ) -> Iterator[Finding]:
        """Findings of the whole file may stand on a line of a model, and be silenced there."""
        document = self.document
        for finding in findings:
            owner = "" if finding.span is None else group_of(document.tables[document.table_at(finding.span[0])])
            if owner in models and models[owner].silences:
                silences = anchored(document, document.model_tables(owner), models[owner].silences)
                left, used, _ = silenced(document, [finding], silences, frozenset())
                self._used_by_file.setdefault(owner, set()).update(used)
                yield from left
            else:
                yield finding

    def _add(self, findings: Iterable[Finding]) -> None:
        for model_id, found in _by_model(findings).items():
            self.parts[model_id] = (*self.parts.get(model_id, ()), *found)

    def add_model(self, one: ModelCheck, known: Iterable[Finding], others: Sequence[Finding]) -> None:
        """Add what is known of a model, and the findings that are made anew at each check."""
        document = self.document
        tables = document.model_tables(one.model_id)
        self.gone |= one.filed
        if not tables and self.inline_silences:
            known = silenced(document, known, self.inline_silences, frozenset())[0]
        self._add(known)
        used = {*one.used, *self._used_by_file.get(one.model_id, ())}
        silences = anchored(document, tables, one.silences) if one.silences else []
        if others:
            told = distinct(self.config.applied(others))
            kept, others_used, gone = silenced(document, told, silences, self.filed)
            self._add(kept)
            self.gone |= gone
            used |= others_used
        if self.config.takes_model(one.model_id):
            self._add_unused(silences, used, one.model_id)

    def finished(self) -> dict[str | None, tuple[Finding, ...]]:
        """All that was found, by model."""
        for silence in file_silences(self.document):
            if silence.code not in self.gone and not self.config.models:
                self._unused += self._told(silence, unused(silence.code, silence[1:3], None, file=True))
        self._add(distinct(self.config.applied(self._unused)))
        return self.parts

    def _add_unused(self, silences: Sequence[tuple[int, Silence]], used: set[int], model_id: str | None) -> None:
        """Tell which of the silences were of no use, but for those whose line silences that as well."""
        useful = set(used)
        for number, (at, silence) in sorted(enumerate(silences), key=lambda one: one[1][1].code == UNUSED_SILENCE.code):
            span = at + silence.start, at + silence.end
            if number in useful or (silence.whole and span[0] < self._top):
                continue
            finding = unused(silence.code, span, model_id, misplaced=silence.whole)
            told = self._told(silence, finding, misplaced=silence.whole)
            by = is_silenced(span, UNUSED_SILENCE.code, silences) if silence.code != UNUSED_SILENCE.code else []
            useful.update(by if told else ())
            self._unused += [] if by else told

    def _told(self, silence: Silence, finding: Finding, *, misplaced: bool = False) -> list[Finding]:
        """The finding on a silence, unless its rule is not asked here; what is misplaced is so for any rule."""
        code = silence.code
        asked = misplaced or (counts_as_unused(code) and (not code or self.config.takes_rule(code)))
        return [finding] if asked and UNUSED_SILENCE.code not in self.filed else []
