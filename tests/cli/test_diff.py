"""`loadmaster diff`: models and fields, and what it answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Invoke, git, write

from loadmaster.checks.examples import GOOD, TWO_MODELS, but


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The clean manifest with another size, in a file."""
    return write(tmp_path / "newer.toml", but("size = 612", "size = 620  # measured anew"))


def test_a_field(invoke: Invoke, good: Path, newer: Path) -> None:
    done = invoke("diff", "models.toml", "newer.toml")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout == '~ demo-1b@1.0.0\n    ~ files["config.json"].size: 612 → 620\n'


def test_json(invoke: Invoke, good: Path, newer: Path) -> None:
    done = invoke("diff", "models.toml", "newer.toml", "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {
        "version": 1,
        "old": "models.toml",
        "new": "newer.toml",
        "root": [],
        "models": [
            {
                "model": "demo-1b@1.0.0",
                "change": "changed",
                "old_model": None,
                "changes": [{"change": "changed", "path": ["files", "config.json", "size"], "old": 612, "new": 620}],
            }
        ],
    }


def test_markdown(invoke: Invoke, good: Path, newer: Path) -> None:
    done = invoke("diff", "models.toml", "newer.toml", "--format", "markdown")
    assert done.exit_code == 1
    assert '| `files["config.json"].size` | `612` | `620` |\n' in done.stdout


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_spelling_is_no_difference(invoke: Invoke, good: Path, tmp_path: Path, form: str) -> None:
    write(tmp_path / "other.toml", "# another comment\n" + GOOD.replace('"fp16"', "'fp16'"))
    assert invoke("diff", "models.toml", "other.toml", "--format", form).exit_code == 0


def test_what_is_the_same_is_said_on_stderr(invoke: Invoke, good: Path) -> None:
    done = invoke("diff", good, good)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no model or field differs\n")


def test_since_a_revision(invoke: Invoke, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    file = write(tmp_path / "models.toml", GOOD)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    write(file, TWO_MODELS)
    done = invoke("diff", "models.toml", "--since", "main")
    assert done.exit_code == 1
    assert done.stdout == "+ demo-2b@1.0.0 (1 file, 4.30 GB)\n"
    assert json.loads(invoke("diff", "models.toml", "--since", "HEAD", "--format", "json").stdout)["old"] == (
        "models.toml@HEAD"
    )
    write(tmp_path / "other.toml", GOOD)
    assert invoke("diff", "other.toml", "--since", "main").exit_code == 2


def test_standard_input_can_be_one_side(invoke: Invoke, good: Path) -> None:
    assert invoke("diff", good, "-", stdin=GOOD).exit_code == 0
    assert invoke("diff", "-", good, stdin=TWO_MODELS).exit_code == 1
    assert invoke("diff", "-", "-", stdin=GOOD).exit_code == 2


def test_what_cannot_be_compared_answers_2(invoke: Invoke, good: Path) -> None:
    assert invoke("diff", good).exit_code == 2
    assert invoke("diff", good, "absent.toml").exit_code == 2
    assert invoke("diff", good, good, "--since", "main").exit_code == 2


def test_damage_is_said_and_the_rest_compared(invoke: Invoke, good: Path, tmp_path: Path) -> None:
    write(tmp_path / "other.toml", TWO_MODELS.replace('[models."demo-2b@1.0.0".sources]', '[models."demo-2b@1.0.0".so'))
    done = invoke("diff", "models.toml", "other.toml")
    assert done.exit_code == 1
    assert "other.toml has faults in its text" in done.stderr
    assert done.stdout.startswith("+ demo-2b@1.0.0")


def test_standard_input_has_no_past(invoke: Invoke, good: Path) -> None:
    done = invoke("diff", "-", "--since", "HEAD", stdin=GOOD)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "loadmaster: --since needs a file: standard input has no past\n"
