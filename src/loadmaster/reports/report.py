"""What every report is made from: a file with its diagnostics, and how many there are of each severity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.secret_text import without_secrets
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.document.document import Document
from loadmaster.manifest.words import visible


@dataclass(frozen=True, slots=True)
class FileReport:
    """One checked file: the name that a person gave it, its document, and what is wrong, in the order of the places."""

    file: str
    document: Document
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many diagnostics there are of each severity, and how many of them a fix mends.

    A merge conflict counts apart: its fix needs a side.
    """

    error: int = 0
    warning: int = 0
    info: int = 0
    safe_fixes: int = 0
    unsafe_fixes: int = 0
    conflicts: int = 0


def count(reports: Iterable[FileReport]) -> Counts:
    """The counts over all files."""
    by_severity = dict.fromkeys(Severity, 0)
    safe = unsafe = conflicts = 0
    for report in reports:
        for one in report.diagnostics:
            by_severity[one.severity] += 1
            if isinstance(one.fix, TakeSide):
                conflicts += 1
            elif one.fix is not None:
                safe += one.fix.safe
                unsafe += not one.fix.safe
    error, warning, info = (by_severity[severity] for severity in Severity)
    return Counts(error, warning, info, safe, unsafe, conflicts)


def said(text: str) -> str:
    """A text of a manifest or about one, fit to be printed: secrets cut, what cannot be seen as an escape.

    Rules say their messages so already; a report does not rely on it.
    """
    return visible(without_secrets(text))
