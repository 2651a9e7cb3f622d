"""Fixes as SARIF tells them: which stretch of the file goes, and what comes in its place."""

from __future__ import annotations

from typing import Any

from loadmaster.checks.diagnostic import Diagnostic
from loadmaster.checks.secret_text import without_secrets
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.document.document import Document
from loadmaster.document.history import step_between
from loadmaster.document.places import Place
from loadmaster.errors import EditRefused
from loadmaster.reports.report import said

LONGEST = 10_000
"""Characters that a told replacement has at most: what rewrites a whole file is left to `loadmaster fix`."""


def region(place: Place) -> dict[str, int]:
    """A place as a region of SARIF; both count from 1, and the end is exclusive."""
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def fix_of(document: Document, one: Diagnostic, location: dict[str, Any]) -> dict[str, Any] | None:
    """The fix of `one` as a change of the file at `location`; None where it guesses, is too long, or holds a secret.

    A conflict is left out as well, for its side has to be chosen.
    """
    if one.fix is None or not one.fix.safe or isinstance(one.fix, TakeSide):
        return None
    try:
        mended = one.fix.apply(document)
    except EditRefused:
        return None
    step = step_between(document, mended, "")
    old, new = ("".join([table.text for table in tables]) for tables in (step.old, step.new))
    ahead = _alike(old, new)
    behind = _alike(old[ahead:][::-1], new[ahead:][::-1])
    gone, come = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    if not (gone or come) or len(gone) + len(come) > LONGEST or without_secrets(come) != come:
        return None
    if "\ufeff" in gone:
        return None  # readers of SARIF do not agree on whether a byte-order mark is a character of the first line
    start = document.starts[step.first] + ahead
    deleted = region(document.place_at(start, start + len(gone)))
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": come}}
    return {
        "description": {"text": said(one.fix.title)},
        "artifactChanges": [{"artifactLocation": location, "replacements": [replacement]}],
    }


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
