"""The findings of a manifest, found by model and by key path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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


class FaultIndex:
    """Findings by model, and below a model by key path. Built in one pass; never changed."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        self._models: dict[str | None, list[Finding]] = defaultdict(list)
        for finding in findings:
            self._models[finding.model_id].append(finding)
        self._counts: dict[str | None, Counts] = {}
        self._paths: dict[str | None, dict[KeyPath, list[Finding]]] = {}

    def of_model(self, model_id: str | None) -> Sequence[Finding]:
        """The findings of a model; for None those of the whole file."""
        return self._models.get(model_id, ())

    def counts(self, model_id: str | None) -> Counts:
        """How many those are."""
        known = self._counts.get(model_id)
        if known is None:
            known = self._counts[model_id] = Counts.of(self.of_model(model_id))
        return known

    def totals(self) -> Counts:
        """How many there are in all."""
        return Counts.of(self.findings)

    def at(self, model_id: str | None, path: KeyPath) -> Sequence[Finding]:
        """The findings whose path is `path`, the worst first."""
        paths = self._paths.get(model_id)
        if paths is None:
            paths = defaultdict(list)
            for finding in self.of_model(model_id):
                paths[finding.path].append(finding)
            self._paths[model_id] = paths
        return sorted(paths.get(path, ()), key=lambda finding: finding.severity.rank)

    def under(self, model_id: str | None, path: KeyPath) -> Sequence[Finding]:
        """The findings whose path is `path` or below it, the worst first."""
        size = len(path)
        found = [finding for finding in self.of_model(model_id) if finding.path[:size] == path]
        return sorted(found, key=lambda finding: finding.severity.rank)
