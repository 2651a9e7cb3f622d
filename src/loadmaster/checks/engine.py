"""The check of a document, whole or after an edit, and the place of what it finds.

An edit re-checks the models that changed and the few rules that look across models. What is kept of the others has no
lines in it, so it stays true wherever they move.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
from loadmaster.checks.silence import Silence, counts_as_unused, file_silences, unused
from loadmaster.checks.text import without_quoting
from loadmaster.checks.wreckage import find_wreckage

if TYPE_CHECKING:
    from loadmaster.document.document import Document

# What is said of a file that is no manifest at all: of its text, and of secrets.
_OF_ANY_FILE = ("LM0", "LM504")


@dataclass(frozen=True)
class Findings(Sequence[Finding]):
    """All that a check found, in the order of the file's models, and what the next check of the same file can keep."""

    all: tuple[Finding, ...]
    config: CheckConfig = DEFAULT
    models: dict[str, ModelCheck] = field(default_factory=dict, repr=False, compare=False)
    across: Across = field(default_factory=Across, repr=False, compare=False)
    filed: frozenset[str] = field(default=frozenset(), repr=False, compare=False)

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
    return _checked(document, config, {}, Across(), document.model_ids)


full = findings


def recheck(document: Document, previous: Findings, changed: Collection[str] | None) -> Findings:
    """What `findings` would say of `document`, from what was said before the edit that changed the models `changed`.

    The models that came or went need not be named. None for an edit of which nothing is known.
    """
    filed = frozenset(silence.code for silence in file_silences(document))
    if changed is None or filed != previous.filed:
        return findings(document, previous.config)
    known = set(changed)
    ids = document.model_ids
    again = [model_id for model_id in ids if model_id in known or model_id not in previous.models]
    return _checked(document, previous.config, previous.models, previous.across, again)


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
    # What was kept of models that did not change are the same objects: only the others are compared.
    were, are = set(map(id, before.all)), set(map(id, after.all))
    gone = [finding for finding in before.all if id(finding) not in are]
    come = [finding for finding in after.all if id(finding) not in were]
    old, new = {finding.key for finding in gone}, {finding.key for finding in come}
    return (
        tuple(finding for finding in come if finding.key not in old),
        tuple(finding for finding in gone if finding.key not in new),
    )


def _key_in_header(document: Document, finding: Finding, start: int, end: int) -> tuple[int, int]:
    """The name alone, where the key of a finding is spelled in a header."""
    names = [name for name in finding.path if isinstance(name, str)]
    index = document.table_at(start)
    table = document.tables[index]
    if table.key[: len(names)] == tuple(names) and names and document.text[start : start + 1] == "[":
        part = table.parts[len(names) - 1]
        return document.starts[index] + part.start, document.starts[index] + part.end
    return start, end


def _checked(
    document: Document, config: CheckConfig, known: dict[str, ModelCheck], across: Across, again: Iterable[str]
) -> Findings:
    """Check the models `again` and those whose damage changed; keep what is known of the others; put all together."""
    ids = document.model_ids
    order = {model_id: number for number, model_id in enumerate(ids)}
    filed = frozenset(silence.code for silence in file_silences(document))
    wreckage = find_wreckage(document)
    todo = set(again)
    for model_id in ids:
        if model_id not in todo:
            one = known[model_id]
            if one.damaged != (one.faulty or model_id in wreckage.hurt) or one.wreck != (model_id in wreckage.wrecks):
                todo.add(model_id)
    models: dict[str, ModelCheck] = {}
    for model_id in ids:
        if model_id in todo:
            models[model_id] = check_model(document, model_id, wreckage, config, filed)
        else:
            models[model_id] = known[model_id]
    gone = [check.summary for model_id, check in known.items() if model_id not in models or model_id in todo]
    come = [models[model_id].summary for model_id in ids if model_id in todo]
    across = across.updated(gone, come)
    all_found = _together(document, config, models, across, order, filed)
    return Findings(tuple(all_found), config, models, across, filed)


def _together(
    document: Document,
    config: CheckConfig,
    models: dict[str, ModelCheck],
    across: Across,
    order: dict[str, int],
    filed: frozenset[str],
) -> list[Finding]:
    file = check_file(document, models.values())
    moving = {one.model_id: moving_findings(document, one.model_id) for one in models.values() if one.moving}
    file.drop_echo_of_cut_off(document, [finding for some in moving.values() for finding in some])
    if _is_foreign(document, file, models):
        file.findings.append(not_a_manifest(document.root_data, document.data.get("models")))
        found = [*file.findings, *(finding for some in moving.values() for finding in some)]
        found += (finding for one in models.values() for finding in one.findings)
        kept = distinct(config.applied(one for one in found if one.code.startswith(_OF_ANY_FILE)))
        return [finding for finding in kept if finding.code not in filed]
    beyond: dict[str | None, list[Finding]] = {}
    whole = tuple(one.model_id for one in models.values() if not one.wreck)
    for finding in (*across.findings(order), *scattered(document, whole)):
        beyond.setdefault(finding.model_id, []).append(finding)
    told = across.round_sizes_told()
    result = _File(document, config, filed)
    result.add_file(file, models)
    for one in models.values():
        kept_findings: Iterable[Finding] = one.findings
        if told:
            kept_findings = [finding for finding in one.findings if not _is_told_round_size(finding, told)]
        others: list[Finding] = []
        if moving or beyond:
            others += map(without_quoting, moving.get(one.model_id, ()))
            others += beyond.get(one.model_id, ())
        result.add_model(one, kept_findings, others)
    return result.finished()


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
        self.found: list[Finding] = []
        self.gone: set[str] = set()
        self.inline_silences: list[tuple[int, Silence]] = []
        self._unused: list[Finding] = []

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
        self.found += kept
        for number, (at, silence) in enumerate(silences):
            if number not in used:
                self._add_unused(silence.code, (at + silence.start, at + silence.end), None)

    def add_model(self, one: ModelCheck, known: Iterable[Finding], others: Sequence[Finding]) -> None:
        """Add what is known of a model, and the findings that are made anew at each check."""
        if not (others or one.silences or one.filed or self.inline_silences):
            self.found += known
            return
        document = self.document
        tables = document.model_tables(one.model_id)
        self.gone |= one.filed
        if not tables and self.inline_silences:
            known = silenced(document, known, self.inline_silences, frozenset())[0]
        self.found += known
        used: set[int] = set()
        silences = anchored(document, tables, one.silences) if one.silences else []
        if others:
            told = distinct(self.config.applied(others))
            kept, used, gone = silenced(document, told, silences, self.filed)
            self.found += kept
            self.gone |= gone
        for number, (at, silence) in enumerate(silences):
            if number not in one.used and number not in used and self.config.takes_model(one.model_id):
                self._add_unused(silence.code, (at + silence.start, at + silence.end), one.model_id)

    def finished(self) -> list[Finding]:
        """All that was found."""
        for silence in file_silences(self.document):
            if silence.code not in self.gone and not self.config.models:
                self._add_unused(silence.code, (silence.start, silence.end), None, file=True)
        return self.found + distinct(self.config.applied(self._unused))

    def _add_unused(self, code: str, span: tuple[int, int], model_id: str | None, *, file: bool = False) -> None:
        if "LM010" not in self.filed and counts_as_unused(code) and (not code or self.config.takes_rule(code)):
            self._unused.append(unused(code, span, model_id, file=file))
