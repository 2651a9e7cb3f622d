"""The file itself, checked anew each time: its text, its top level, and the tables that belong to no model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.conflicts import conflict_findings
from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.invisible import INVISIBLE, walk_invisible
from loadmaster.checks.model_check import count_newlines, is_damaged, silences_of
from loadmaster.checks.secret_text import find_secrets
from loadmaster.checks.security import secrets_in_tables
from loadmaster.checks.shape import root_shape
from loadmaster.checks.silence import Silence
from loadmaster.checks.text import NO_FINAL_NEWLINE, SYNTAX, fault_findings, file_findings, mixed_newlines

if TYPE_CHECKING:
    from loadmaster.document.document import Document


@dataclass(slots=True, eq=False, repr=False)
class FileCheck:
    """What was found of the file, its silences outside of models, and whether its text is broken somewhere."""

    findings: list[Finding]
    silences: tuple[tuple[int, Silence], ...]
    broken: bool

    def drop_echo_of_cut_off(self, document: Document, moving: Iterable[Finding]) -> None:
        """A last line that breaks off has no newline either: LM001 tells of it, LM006 does not besides."""
        if any(finding.code == NO_FINAL_NEWLINE.code for finding in self.findings):
            last = document.starts[-2] + document.tables[-1].text.rfind("\n") + 1
            faults = (*self.findings, *moving)
            if any(one.code == SYNTAX.code and one.span is not None and one.span[1] >= last for one in faults):
                self.findings = [finding for finding in self.findings if finding.code != NO_FINAL_NEWLINE.code]


def check_file(document: Document, newlines: tuple[int, int]) -> FileCheck:
    """Check all that belongs to no model. `newlines` are those of the models, as `count_newlines` tells them."""
    tables = document.model_tables("")
    text = "".join([document.tables[index].text for index in tables])
    crlf, lf = count_newlines(text)
    crlf, lf = crlf + newlines[0], lf + newlines[1]
    faults = document.root_faults
    found = [
        *file_findings(document),
        *mixed_newlines(document, crlf, lf),
        *conflict_findings(document),
        *fault_findings(document, faults),
        *root_shape(document.root_data, is_damaged(faults), marked=document.tables[0].text[:1] == "\ufeff"),
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
