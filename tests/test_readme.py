"""The README tells the truth about today: its rules, its commands, its pictures, its samples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadmaster.checks.explain import rules_table
from loadmaster.cli.main import COMMANDS

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def readme() -> str:
    return (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_table_of_rules_is_made_from_their_pages(readme: str) -> None:
    table = readme.partition("<!-- rules -->")[2].partition("<!-- /rules -->")[0].strip()
    assert table == rules_table().strip(), "run `loadmaster explain --table` and put it between the marks"


def test_every_command_that_is_shown_is_there(readme: str) -> None:
    shown = set(re.findall(r"(?:^|[ `'])loadmaster ([a-z]+(?:-[a-z]+)*)\b", readme, re.M))
    prose = {"without", "opens", "in", "is", "a", "the", "import"}
    assert shown - prose - set(COMMANDS) == set()


def test_every_picture_and_sample_that_is_named_is_there(readme: str) -> None:
    named = re.findall(r"\((screenshots/[^)]+)\)", readme) + re.findall(r"(sample_manifests/[\w.]+\.toml)", readme)
    assert named
    assert [name for name in named if not (REPOSITORY / name).is_file()] == []


def test_ci_runs_the_second_command_word_for_word(readme: str) -> None:
    command = readme.partition("<!-- tests -->")[2].partition("<!-- /tests -->")[0]
    assert command.count("python3 -m venv") == 1
    assert "-m pytest" in command
    assert "<!-- tests -->" in (REPOSITORY / ".ci/run").read_text(encoding="utf-8")
