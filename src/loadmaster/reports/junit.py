"""Diagnostics as JUnit XML, which most build servers show: a suite for each file, a case for each fault.

A case fails where the check fails for it: errors always, warnings where they count (`--strict`). The others pass, with
their words as output. A file without faults is one case that passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.reports.report import FileReport, said


def quoteattr(text: str) -> str:
    """`text` as the value of an attribute. (`xml.sax.saxutils` would load the network for it.)"""
    return f'"{escape(text)}"'


def lines(reports: Sequence[FileReport], failing: Collection[Severity] = (Severity.ERROR,)) -> Iterator[str]:
    """The XML, line by line; `failing` are the severities that fail."""
    tests = sum(max(len(report.diagnostics), 1) for report in reports)
    failures = sum(_failures(report, failing) for report in reports)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="loadmaster check" tests="{tests}" failures="{failures}" errors="0">'
    for report in reports:
        yield from _suite(report, failing)
    yield "</testsuites>"


def _failures(report: FileReport, failing: Collection[Severity]) -> int:
    return sum(one.severity in failing for one in report.diagnostics)


def _suite(report: FileReport, failing: Collection[Severity]) -> Iterator[str]:
    name = quoteattr(said(report.file))
    tests = max(len(report.diagnostics), 1)
    yield f'  <testsuite name={name} tests="{tests}" failures="{_failures(report, failing)}" errors="0" skipped="0">'
    if not report.diagnostics:
        yield f'    <testcase classname={name} name="no faults"/>'
    for one in report.diagnostics:
        yield from _case(report, one, failing)
    yield "  </testsuite>"


def _case(report: FileReport, one: Diagnostic, failing: Collection[Severity]) -> Iterator[str]:
    place = f"{said(report.file)}:{one.place.line}:{one.place.column}"
    title = quoteattr(f"{one.code} {one.name} at line {one.place.line}, column {one.place.column}")
    message = said(one.message)
    fix = "" if one.fix is None else f"\nfix: {said(one.fix.title)}"
    text = escape(f"{place}: {one.severity} {one.code} {one.name}: {message}{fix}")
    yield f'    <testcase classname={quoteattr(said(report.file))} name={title} line="{one.place.line}">'
    if one.severity in failing:
        yield f"      <failure type={quoteattr(str(one.severity))} message={quoteattr(message)}>{text}</failure>"
    else:
        yield f"      <system-out>{text}</system-out>"
    yield "    </testcase>"
