"""The findings of a manifest, found by model and by key path, and folded where they repeat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

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

    def changed(self, gone: Iterable[Counts], come: Iterable[Counts]) -> Counts:
        """Without those that are gone, and with those that have come."""
        errors, warnings, infos = self.errors, self.warnings, self.infos
        for sign, parts in ((-1, gone), (1, come)):
            for part in parts:
                errors += sign * part.errors
                warnings += sign * part.warnings
                infos += sign * part.infos
        return Counts(errors, warnings, infos)


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """The findings of one rule and severity in one model, in the order of the file; one object while they stay."""

    code: str
    model_id: str | None
    severity: Severity
    members: tuple[Finding, ...]


@dataclass(slots=True)
class _OfModel:
    """What is known of the findings of one model; the rest is made when it is asked for."""

    findings: tuple[Finding, ...]
    counts: Counts | None = None
    folds: tuple[tuple[Fold, ...], ...] | None = None
    paths: dict[KeyPath, list[Finding]] | None = None
    names: str | None = None

    def tally(self) -> Counts:
        """How many they are."""
        if self.counts is None:
            self.counts = Counts.of(self.findings)
        return self.counts

    def ranked_folds(self) -> tuple[tuple[Fold, ...], ...]:
        """They, folded by rule; for each severity those that have it, the worst first."""
        if self.folds is None:
            members: dict[tuple[Severity, str], list[Finding]] = defaultdict(list)
            for finding in self.findings:
                members[finding.severity, finding.code].append(finding)
            folds = [Fold(code, some[0].model_id, grade, tuple(some)) for (grade, code), some in members.items()]
            self.folds = tuple(tuple(fold for fold in folds if fold.severity is grade) for grade in Severity)
        return self.folds


class FaultIndex:
    """Findings by model, and below a model by key path. Never changed: an edit makes a new one from the old."""

    def __init__(self, findings: Mapping[str | None, tuple[Finding, ...]], before: FaultIndex | None = None) -> None:
        """The index of findings by model, see `engine.Findings.parts`; those of a model are not to be changed.

        `before` is the index of an earlier check: what it knows of models whose findings are the same is kept.
        """
        self._parts = findings
        self._models: dict[str | None, _OfModel] = {}
        self._totals: Counts | None = None
        changed: Iterable[str | None] = findings
        left: Iterable[str | None] = ()
        old = before._models if before is not None else {}
        if before is not None and list(findings) == list(before._parts):
            self._models = dict(old)
            parts = zip(findings, findings.values(), before._parts.values(), strict=True)
            changed = [model_id for model_id, found, known in parts if found is not known]
        else:
            left = old.keys() - findings.keys()
        gone, come = [old[model_id] for model_id in left], []
        for model_id in changed:
            one, found = old.get(model_id), findings[model_id]
            if one is None or one.findings != found:
                gone += [one] if one is not None else []
                come.append(one := _OfModel(found))
            self._models[model_id] = one
        if before is not None and before._totals is not None:
            self._totals = before._totals.changed([one.tally() for one in gone], [one.tally() for one in come])

    def names(self, model_id: str | None) -> str:
        """The codes, in small letters, and the names of the rules that speak of a model, a line each."""
        of_model = self._models.get(model_id)
        if of_model is None:
            return ""
        if of_model.names is None:
            of_model.names = "\n".join({f"{one.code.lower()}\n{one.name}": None for one in of_model.findings})
        return of_model.names

    def of_model(self, model_id: str | None) -> Sequence[Finding]:
        """The findings of a model; for None those of the whole file."""
        of_model = self._models.get(model_id)
        return of_model.findings if of_model is not None else ()

    def counts(self, model_id: str | None) -> Counts:
        """How many those are."""
        of_model = self._models.get(model_id)
        return of_model.tally() if of_model is not None else Counts()

    def totals(self) -> Counts:
        """How many there are in all."""
        if self._totals is None:
            self._totals = Counts().changed((), [one.tally() for one in self._models.values()])
        return self._totals

    def all_folds(self) -> list[Fold]:
        """The findings of all models, in each folded by rule, the worst first, else in the order of the check."""
        by_model = [one.ranked_folds() for one in self._models.values()]
        return [fold for rank in range(len(Severity)) for folds in by_model for fold in folds[rank]]

    def folds(self, model_id: str | None) -> list[Fold]:
        """The findings of one model, folded by rule, the worst first."""
        of_model = self._models.get(model_id)
        return [] if of_model is None else [fold for folds in of_model.ranked_folds() for fold in folds]

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
