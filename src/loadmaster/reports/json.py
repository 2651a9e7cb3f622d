"""Diagnostics for programs, as JSON of a versioned form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from loadmaster.checks.diagnostic import Diagnostic
from loadmaster.checks.secret_text import without_secrets
from loadmaster.reports.report import FileReport, count, said

VERSION = 1
"""The version of the form. A new key does not change it; a key that goes or means something else does."""


def render(reports: Sequence[FileReport]) -> str:
    """All files in one JSON document, in ASCII: what cannot be seen is an escape, whoever prints it."""
    return json.dumps(as_data(reports), indent=2, allow_nan=False)


def as_data(reports: Sequence[FileReport]) -> dict[str, Any]:
    """The same as plain data. Key paths are exact, so that a program finds what they name, but for secrets in them."""
    counts = count(reports)
    return {
        "version": VERSION,
        "files": [
            {
                "file": report.file,
                "diagnostics": [_diagnostic(one) for one in report.diagnostics],
            }
            for report in reports
        ],
        "summary": {"error": counts.error, "warning": counts.warning, "info": counts.info},
    }


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    place = one.place
    return {
        "code": one.code,
        "name": one.name,
        "severity": str(one.severity),
        "message": said(one.message),
        "path": [without_secrets(part) if isinstance(part, str) else part for part in one.path],
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "fix": None if one.fix is None else {"title": said(one.fix.title), "safe": one.fix.safe},
    }
