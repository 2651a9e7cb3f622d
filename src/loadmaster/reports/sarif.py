"""Diagnostics as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format), for code scanning."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.rule import RULES
from loadmaster.manifest.words import path_text
from loadmaster.reports.report import FileReport, said
from loadmaster.reports.sarif_fixes import fix_of, region

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

MOST_EDITS = 1_000
"""Results whose fix is told as an edit, which costs about what making it does; of others only the title is told."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(reports: Sequence[FileReport], version: str) -> str:
    """All files as one log of one run; `version` is loadmaster's own."""
    return json.dumps(as_data(reports, version), indent=2, allow_nan=False)


def as_data(reports: Sequence[FileReport], version: str) -> dict[str, Any]:
    """The same as plain data."""
    codes = sorted({one.code for report in reports for one in report.diagnostics})
    results: list[dict[str, Any]] = []
    for number, report in enumerate(reports):
        for one in report.diagnostics:
            results.append(_result(report, number, one, codes.index(one.code), with_edit=len(results) < MOST_EDITS))
    driver = {"name": "loadmaster", "version": version, "semanticVersion": version}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {**driver, "rules": [_rule(code) for code in codes]}},
                # Our columns count characters, SARIF's default UTF-16 units.
                "columnKind": "unicodeCodePoints",
                "artifacts": [{"location": {"uri": file_uri(report.file)}} for report in reports],
                "results": results,
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    rule = RULES[code]
    told = {
        "id": code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "help": {"text": rule.mend},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if code == "LM504":
        told["properties"] = {"tags": ["security"]}
    return told


def _result(report: FileReport, number: int, one: Diagnostic, rule_index: int, *, with_edit: bool) -> dict[str, Any]:
    file = {"uri": file_uri(report.file), "index": number}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": file, "region": region(one.place)}}
    if one.path:
        location["logicalLocations"] = [{"fullyQualifiedName": said(path_text(one.path)), "kind": "member"}]
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[one.severity],
        "message": {"text": said(one.message)},
        "locations": [location],
        # A fault stays the same fault when lines above it come or go.
        "partialFingerprints": {"faultIdentity/v1": fingerprint(one)},
    }
    if one.fix is not None:
        result["properties"] = {"fix": {"title": said(one.fix.title), "safe": one.fix.safe}}
        change = fix_of(report.document, one, file) if with_edit else None
        if change is not None:
            result["fixes"] = [change]
    return result


def fingerprint(one: Diagnostic) -> str:
    """A digest of what a fault is known by: its rule and key path."""
    return hashlib.sha256("\0".join(one.finding.key).encode("utf-8", "surrogatepass")).hexdigest()


def file_uri(file: str) -> str:
    """A file's name as a URI: relative as it was given, `file:///…` where it is absolute."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()), safe="/-._~()'!*,;=@&$+")
