"""The file itself, checked anew each time: its text, its top level, and the tables that belong to no model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.conflicts import conflict_findings
from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.invisible import INVISIBLE, walk_invisible
from loadmaster.checks.model_check import ModelCheck, count_newlines, is_damaged, silences_of
from loadmaster.checks.secret_text import find_secrets
from loadmaster.checks.security import secrets_in_tables
from loadmaster.checks.shape import root_shape
from loadmaster.checks.silence import Silence
from loadmaster.checks.text import fault_findings, file_findings, mixed_newlines

if TYPE_CHECKING:
    from loadmaster.document.document import Document


@dataclass(slots=True)
class FileCheck:
    """What was found of the file, its silences outside of models, and whether its text is broken somewhere."""

    findings: list[Finding]
    silences: tuple[tuple[int, Silence], ...]
    broken: bool


def check_file(document: Document, models: Iterable[ModelCheck]) -> FileCheck:
    """Check all that belongs to no model."""
    tables = document.model_tables("")
    text = "".join([document.tables[index].text for index in tables])
    crlf, lf = count_newlines(text)
    for one in models:
        crlf, lf = crlf + one.newlines[0], lf + one.newlines[1]
    faults = document.root_faults
    found = [
        *file_findings(document),
        *mixed_newlines(document, crlf, lf),
        *conflict_findings(document),
        *fault_findings(document, faults),
        *root_shape(document.root_data, damaged=is_damaged(faults)),
        *_invisible(document),
        *(secrets_in_tables(document, tables, None) if find_secrets(text) else ()),
    ]
    broken = is_damaged(faults) or bool(document.conflicts) or not document.is_readable
    return FileCheck(found, silences_of(document, tables), broken)


def _invisible(document: Document) -> list[Finding]:
    rule = INVISIBLE
    return [
        Finding(
            rule.code,
            rule.name,
            rule.severity,
            message,
            path,
            (rule.code, *map(str, path)),
            what="key" if is_key else "value",
        )
        for path, is_key, message in walk_invisible(document.root_data)
    ]


def damaged_models(document: Document) -> frozenset[str]:
    """The models below whose tables a header stands that cannot be read at all: it may have been one of theirs."""
    faults = document.root_faults
    if not faults:
        return frozenset()
    found: set[str] = set()
    for fault in faults:
        index = document.table_at(fault.start)
        if index and not document.tables[index].key:
            for before in range(index - 1, 0, -1):
                key = document.tables[before].key
                if len(key) > 1 and key[0] == "models":
                    found.add(key[1])
                if key:
                    break
    return frozenset(found)
