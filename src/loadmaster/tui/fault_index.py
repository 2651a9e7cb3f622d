"""The findings of a manifest, found by model and by key path, and folded where they repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.document.places import KeyPath


@dataclass(frozen=True, slots=True)
class Counts:
    """How many faults of each severity."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0

    def __bool__(self) -> bool:
        return bool(self.errors or self.warnings or self.infos)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Counts:
        """The counts of some findings."""
        tally = {Severity.ERROR: 0, Severity.WARNING: 0, Severity.INFO: 0}
        for finding in findings:
            tally[finding.severity] += 1
        return cls(*tally.values())

    @classmethod
    def total(cls, parts: Iterable[Counts]) -> Counts:
        """Counts added up."""
        errors = warnings = infos = 0
        for part in parts:
            errors += part.errors
            warnings += part.warnings
            infos += part.infos
        return cls(errors, warnings, infos)


@dataclass(frozen=True, slots=True)
class Fold:
    """The findings of one rule and severity in one model, in the order of the file."""

    code: str
    model_id: str | None
    severity: Severity
    members: tuple[Finding, ...]


@dataclass(slots=True)
class _OfModel:
    """What is known of the findings of one model; the rest is made when it is asked for."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counts | None = None
    folds: tuple[Fold, ...] | None = None
    paths: dict[KeyPath, list[Finding]] | None = None


class FaultIndex:
    """Findings by model, and below a model by key path. Never changed: an edit makes a new one from the old."""

    def __init__(self, findings: Sequence[Finding], before: FaultIndex | None = None) -> None:
        """`before` is the index of an earlier check: what it knows of models whose findings are the same is kept."""
        self.findings = findings
        self._models: dict[str | None, _OfModel] = {}
        for finding in findings:
            of_model = self._models.get(finding.model_id)
            if of_model is None:
                of_model = self._models[finding.model_id] = _OfModel()
            of_model.findings.append(finding)
        if before is not None:
            for model_id, old in before._models.items():
                new = self._models.get(model_id)
                # An unchanged model has the very same findings, so the lists are compared by identity first.
                if new is not None and new.findings == old.findings:
                    self._models[model_id] = old

    def of_model(self, model_id: str | None) -> Sequence[Finding]:
        """The findings of a model; for None those of the whole file."""
        of_model = self._models.get(model_id)
        return of_model.findings if of_model is not None else ()

    def counts(self, model_id: str | None) -> Counts:
        """How many those are."""
        of_model = self._models.get(model_id)
        if of_model is None:
            return Counts()
        if of_model.counts is None:
            of_model.counts = Counts.of(of_model.findings)
        return of_model.counts

    def totals(self) -> Counts:
        """How many there are in all."""
        return Counts.total(self.counts(model_id) for model_id in self._models)

    def folds(self, model_id: str | None) -> tuple[Fold, ...]:
        """The findings of a model, folded by rule."""
        of_model = self._models.get(model_id)
        if of_model is None:
            return ()
        if of_model.folds is None:
            members: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
            for finding in of_model.findings:
                members[finding.severity, finding.code].append(finding)
            of_model.folds = tuple(
                Fold(code, model_id, grade, tuple(found)) for (grade, code), found in members.items()
            )
        return of_model.folds

    def all_folds(self) -> list[Fold]:
        """The folds of all models, the worst first, else in the order of the check."""
        folds = [fold for model_id in self._models for fold in self.folds(model_id)]
        return sorted(folds, key=lambda fold: fold.severity.rank)

    def at(self, model_id: str | None, path: KeyPath) -> Sequence[Finding]:
        """The findings whose path is `path`, the worst first."""
        of_model = self._models.get(model_id)
        if of_model is None:
            return ()
        if of_model.paths is None:
            of_model.paths = defaultdict(list)
            for finding in of_model.findings:
                of_model.paths[finding.path].append(finding)
        return sorted(of_model.paths.get(path, ()), key=lambda finding: finding.severity.rank)

    def under(self, model_id: str | None, path: KeyPath) -> Sequence[Finding]:
        """The findings whose path is `path` or below it, the worst first."""
        size = len(path)
        found = [finding for finding in self.of_model(model_id) if finding.path[:size] == path]
        return sorted(found, key=lambda finding: finding.severity.rank)
