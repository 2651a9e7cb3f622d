"""What findings of the disk and of sources share: where a file is listed, how its true values are taken, and which of
the findings count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from loadmaster.checks.config import DEFAULT, CheckConfig
from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.model_check import anchored, distinct, silenced, silences_of, span_of
from loadmaster.checks.rule import Rule
from loadmaster.checks.secret_text import without_secrets
from loadmaster.checks.silence import file_silences
from loadmaster.document.places import KeyPath

if TYPE_CHECKING:
    from loadmaster.document.document import Document


class Listed:
    """Where a document lists each file of its models, by path; of two entries with one path the first counts."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[str, dict[str, int]] = {}

    def index(self, model_id: str, path: str) -> int | None:
        """The position of a file in its model's list, or None where it is not listed."""
        known = self._known.get(model_id)
        if known is None:
            known = self._known[model_id] = indices(self._document, model_id)
        return known.get(path)

    def place(self, model_id: str, path: str, key: str) -> KeyPath:
        """The key path of one of a file's keys; of the file, or the model, where there is none."""
        index = self.index(model_id, path)
        if index is None:
            return ("models", model_id)
        entry: KeyPath = ("models", model_id, "files", index)
        return (*entry, key) if self._document.has((*entry, key)) else entry


def indices(document: Document, model_id: str) -> dict[str, int]:
    """The position of each file in a model's list, by its path."""
    files = document.model_data(model_id).get("files")
    found: dict[str, int] = {}
    for index, entry in enumerate(files if isinstance(files, list) else ()):
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str):
            found.setdefault(path, index)
    return found


@dataclass(frozen=True, slots=True)
class TakeValues:
    """Write the true size and sha256 of one file; None leaves the one that stands there.

    It is never safe: that the bytes found are those that were meant is for a person to say.
    """

    title: str
    model_id: str
    file: str
    size: int | None = None
    sha256: str | None = None
    safe: bool = False

    def apply(self, document: Document) -> Document:
        """The document with the values written; as it is where the file is listed no more."""
        index = indices(document, self.model_id).get(self.file)
        if index is None:
            return document
        for key, value in (("size", self.size), ("sha256", self.sha256)):
            if value is not None:
                document = document.set(("models", self.model_id, "files", index, key), value)
        return document


def finding(
    rule: Rule,
    model_id: str,
    path: KeyPath,
    message: str,
    mark: tuple[str, ...],
    *,
    what: Literal["value", "key", "table"] = "value",
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Finding:
    """A finding of `rule` on a model at the whole key path `path`; `mark` tells it from others of its rule there."""
    return Finding(
        rule.code,
        rule.name,
        severity or rule.severity,
        message,
        path,
        (rule.code, "models", model_id, *map(without_secrets, mark)),
        model_id=model_id,
        what=what,
        fix=fix,
    )


def counted(document: Document, findings: Iterable[Finding], config: CheckConfig = DEFAULT) -> list[Finding]:
    """The findings that count by `config` and the comments of the file, in the order of their places."""
    filed = frozenset(silence.code for silence in file_silences(document))
    by_model: dict[str | None, list[Finding]] = {}
    for one in distinct(config.applied(findings)):
        by_model.setdefault(one.model_id, []).append(one)
    kept: list[Finding] = []
    for model_id, found in by_model.items():
        tables = document.model_tables(model_id or "")
        kept += silenced(document, found, anchored(document, tables, silences_of(document, tables)), filed)[0]
    return sorted(kept, key=lambda one: (*span_of(document, one), one.code))
