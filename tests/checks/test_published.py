"""The manifests that were published, and one with real values."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check, findings
from loadmaster.document.document import Document


def _counts(file: Path) -> Counter[str]:
    return Counter(finding.code for finding in findings(Document.from_bytes(file.read_bytes())))


@pytest.mark.parametrize(("number", "placeholders", "empties"), [(1, 51, 3), (2, 3, 0), (3, 6, 3), (4, 6, 3)])
def test_invented_and_empty_digests_are_counted(shared: Path, number: int, placeholders: int, empties: int) -> None:
    counts = _counts(shared / "manifests" / f"wan22-published-{number}.toml")
    assert counts["LM403"] == placeholders
    assert counts["LM402"] == empties
    assert not counts.keys() & {"LM207", "LM208", "LM209"}


def test_two_shard_sets_of_one_component_are_two(shared: Path) -> None:
    assert "LM210" not in _counts(shared / "manifests" / "wan22-published-1.toml")


def test_a_component_in_both_lists_is_told(shared: Path) -> None:
    found = check(Document.from_bytes((shared / "manifests" / "wan22-published-4.toml").read_bytes()))
    assert [one.message for one in found if one.code == "LM204"] == [
        "text_encoder is in required_components and in optional_components"
    ]


def test_real_values_give_no_error_and_one_true_warning(shared: Path) -> None:
    found = check(Document.from_bytes((shared / "manifests" / "wan-real-values.toml").read_bytes()))
    assert [(one.code, one.severity) for one in found if one.severity is not Severity.INFO] == [
        ("LM210", Severity.WARNING)
    ]


def test_a_made_healthy_manifest_is_silent(shared: Path) -> None:
    make = runpy.run_path(str(shared / "tools" / "make_manifest.py"))["make"]
    assert list(findings(Document.from_text(make(100, 20, clean=True)))) == []


def test_a_made_faulty_manifest_is_told_by_the_rules_it_breaks(shared: Path) -> None:
    make = runpy.run_path(str(shared / "tools" / "make_manifest.py"))["make"]
    counts = Counter(finding.code for finding in findings(Document.from_text(make(60, 20))))
    assert set(counts) <= {"LM207", "LM210", "LM601", "LM503", "LM104", "LM406"}
    assert counts["LM207"] == 300
