"""The samples say what they are meant to say, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.engine import check
from loadmaster.checks.rule import RULES
from loadmaster.document.document import Document
from loadmaster.document.store import load

TOLD_LATER = ("LM8", "LM9")
OF_THE_TEXT = {"LM001", "LM002", "LM003", "LM005", "LM006", "LM008", "LM009"}
BROKEN = {
    "byte_order_mark": "LM002",
    "defined_twice": "LM003",
    "merge_conflict": "LM009",
    "mixed_newlines": "LM005",
    "no_final_newline": "LM006",
    "not_utf8": "LM002",
    "other_kind": "LM008",
    "syntax": "LM001",
    "unquoted_id": "LM004",
}


def faults(path: Path) -> list[Diagnostic]:
    return check(load(path).document)


def test_the_clean_samples_have_no_error(samples: Path) -> None:
    assert faults(samples / "tiny.toml") == []
    told = faults(samples / "wan.toml")
    assert {one.code for one in told} == {"LM210", "LM701"}
    assert all(one.severity is not Severity.ERROR for one in told)


def test_the_faulty_sample_has_each_fault_once_where_its_comment_says(samples: Path) -> None:
    told = Counter(one.code for one in faults(samples / "faulty.toml"))
    expected = {code for code in RULES if not code.startswith(TOLD_LATER)} - OF_THE_TEXT
    assert told == Counter(dict.fromkeys(expected, 1))
    commented = set(re.findall(r"LM\d{3}", (samples / "faulty.toml").read_text(encoding="utf-8")))
    assert commented == expected


@pytest.mark.parametrize(("name", "code"), BROKEN.items())
def test_each_broken_sample_has_its_one_fault(samples: Path, name: str, code: str) -> None:
    assert [one.code for one in faults(samples / "broken" / f"{name}.toml")] == [code]


def test_every_broken_sample_is_named_here(samples: Path) -> None:
    assert {path.stem for path in (samples / "broken").iterdir()} == set(BROKEN)


def test_the_second_model_of_the_broken_sample_can_be_edited(samples: Path) -> None:
    document = load(samples / "broken" / "syntax.toml").document
    changed = document.set(("models", "demo-2b@1.0.0", "description"), "still whole")
    assert changed.text.count("\n") == document.text.count("\n") + 1
    assert isinstance(changed, Document)
