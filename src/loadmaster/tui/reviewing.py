"""What changed between a manifest and another version of it, with the faults that are new, as rows of a tree."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadmaster.checks import engine
from loadmaster.checks.config import CheckConfig
from loadmaster.checks.diagnostic import Finding
from loadmaster.document import store
from loadmaster.document.comparison import Comparison, FieldChange, ModelChange, compare
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.document.revisions import document_since
from loadmaster.reports.comparison import summary

FILE = ""
"""Stands for the top level, beside the ids of models."""

UNREAD = ("syntax", "limit", "encoding", "defined-twice", "merge-conflict")
"""Kinds of faults of a text that leave some of it, or one of its sides, out."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a manifest is compared with: its name, its document, and a shorter name for the top line if it has one."""

    name: str
    document: Document
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """All that differs from `base` to `document`, the faults of the base, and which faults came and went."""

    base: Base
    document: Document
    comparison: Comparison
    then: tuple[Finding, ...]
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """How much differs, in a sentence."""
        told = summary(self.comparison)
        if not told:
            same = self.base.document.text == self.document.text
            told = "nothing differs" if same else "no model or field differs"
        if any(fault.kind in UNREAD for one in (self.base.document, self.document) for fault in one.faults):
            told += "; what cannot be read is not compared"
        return told


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the tree: a model (`model_id` alone), or below it a change of a field, or a new fault."""

    model_id: str
    model: ModelChange | None = None
    change: FieldChange | None = None
    finding: Finding | None = None

    @property
    def is_head(self) -> bool:
        """Whether it is a model, which can be folded."""
        return self.change is None and self.finding is None


def base_of(text: str, file: Path | None) -> Base:
    """What is meant by a path or a revision. Raises StoreError or RevisionError, with what to do."""
    for candidate in (Path(os.path.expanduser(text)), *([file.parent / text] if file is not None else [])):
        if os.path.isfile(candidate):
            return Base(text, store.load(candidate).document)
    if file is None:
        return Base(text, store.load(Path(text)).document)
    document = document_since(file, text)
    if document is None:
        return Base(f"{text}, where the file is not there yet", Document.from_text(""))
    return Base(text, document)


def review(base: Base, document: Document, findings: Sequence[Finding] | None, config: CheckConfig) -> Reviewed:
    """Compare two documents, in any thread. `findings` are those of `document`, where they are known."""
    found = compare(base.document, document)
    now = findings if findings is not None else engine.findings(document, config).all
    then = engine.findings(base.document, config).all
    renamed = {model.old_id: model.model_id for model in found.models if model.old_id is not None}
    before = {tuple(renamed.get(part, part) for part in one.key): one for one in then}
    after = {one.key for one in now}
    return Reviewed(
        base,
        document,
        found,
        tuple(then),
        tuple(one for one in now if one.key not in before),
        tuple(one for key, one in before.items() if key not in after),
    )


def rows_of(reviewed: Reviewed, folded: Collection[str]) -> list[Row]:
    """The rows of the tree; below a folded model there are none."""
    new: dict[str, list[Finding]] = {}
    for finding in reviewed.new:
        new.setdefault(finding.model_id or FILE, []).append(finding)
    rows: list[Row] = []
    heads: list[tuple[str, ModelChange | None, Sequence[FieldChange]]] = []
    if reviewed.comparison.root or FILE in new:
        heads.append((FILE, None, reviewed.comparison.root))
    heads += [(model.model_id, model, model.changes) for model in reviewed.comparison.models]
    known = {model_id for model_id, _, _ in heads}
    heads += [(model_id, None, ()) for model_id in new if model_id not in known]
    for model_id, model, changes in heads:
        rows.append(Row(model_id, model))
        if model_id not in folded:
            rows += _below(reviewed.document, model_id, model, changes, new.get(model_id, []))
    return rows


def _below(
    document: Document,
    model_id: str,
    model: ModelChange | None,
    changes: Sequence[FieldChange],
    new: Sequence[Finding],
) -> list[Row]:
    rows: list[Row] = []
    left = list(new)
    for change in changes:
        rows.append(Row(model_id, model, change))
        path = path_in(document, model_id, change)
        mine = [one for one in left if one.path[: len(path)] == path] if change.kind != "removed" else []
        rows += [Row(model_id, model, finding=one) for one in mine]
        left = [one for one in left if one not in mine]
    return [*rows, *(Row(model_id, model, finding=one) for one in left)]


def path_in(document: Document, model_id: str, change: FieldChange) -> KeyPath:
    """The key path of a change in the new document, where a file is told by its position."""
    base: KeyPath = ("models", model_id) if model_id != FILE else ()
    path = (*base, *change.path)
    if len(change.path) > 1 and change.path[0] == "files" and isinstance(change.path[1], str):
        files = document.get((*base, "files"), [])
        index = next(
            (i for i, one in enumerate(files) if isinstance(one, dict) and one.get("path") == change.path[1]), None
        )
        path = (*base, "files", index, *change.path[2:]) if index is not None else (*base, "files")
    return path
