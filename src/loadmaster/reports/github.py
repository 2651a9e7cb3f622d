"""Diagnostics as GitHub Actions reads them from a log, to show them beside the lines of a pull request.

The form: `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`; see «Workflow commands for GitHub
Actions» in GitHub's documentation. Columns count only where a place stays on its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.reports.report import FileReport, said

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def lines(reports: Sequence[FileReport]) -> Iterator[str]:
    """One command a diagnostic."""
    for report in reports:
        for one in report.diagnostics:
            yield _command(report.file, one)


def _command(file: str, one: Diagnostic) -> str:
    place = one.place
    told = {"file": file.replace("\\", "/"), "line": place.line}
    if place.end_line == place.line:
        told |= {"col": place.column, "endLine": place.end_line, "endColumn": max(place.end_column, place.column + 1)}
    else:
        told |= {"endLine": place.end_line}
    told["title"] = f"{one.code} {one.name}"
    properties = ",".join(f"{key}={_property(str(value))}" for key, value in told.items())
    fix = "" if one.fix is None else f" (fix: {said(one.fix.title)})"
    return f"::{_COMMANDS[one.severity]} {properties}::{_data(said(one.message) + fix)}"


def _data(text: str) -> str:
    """What GitHub's own toolkit escapes in a message: percent signs and line ends."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """What it escapes in a property besides: what parts properties."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
