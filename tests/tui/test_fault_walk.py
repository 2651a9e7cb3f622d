"""Which fault comes next from a place."""

from __future__ import annotations

import pytest

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.tui.fault_walk import Here, fault_from

MODELS = ("a", "b", "c", "d")
LINES = {"a-error": 12, "c-error": 32, "a-warning": 10, "c-warning": 30}
ORDER = [
    Finding(name, name, Severity(name[2:]), "", ("models", name[0]), (name,), name[0])
    for name in ("a-error", "c-error", "a-warning", "c-warning")
]


@pytest.mark.parametrize(
    ("model_id", "line", "step", "expected"),
    [
        ("a", None, 1, "a-error"),
        ("a", 10, 1, "a-warning"),
        ("a", 11, 1, "a-error"),
        ("a", 13, 1, "c-error"),
        ("b", None, 1, "c-error"),
        ("d", None, 1, "a-error"),
        (None, None, 1, "a-error"),
        ("a", 12, -1, "a-warning"),
        ("a", 10, -1, "c-warning"),
        ("c", None, -1, "a-warning"),
        ("d", 40, -1, "c-warning"),
    ],
)
def test_the_first_at_or_behind_a_place_or_the_last_before_it(
    model_id: str | None, line: int | None, step: int, expected: str
) -> None:
    found = fault_from(ORDER, Here(model_id, line, MODELS), lambda finding: LINES[finding.code], step)
    assert found is not None
    assert found.code == expected


def test_without_faults_there_is_none() -> None:
    assert fault_from([], Here("a", 1, MODELS), lambda finding: 0, 1) is None
