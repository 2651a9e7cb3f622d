"""`loadmaster fix`: what is sure is mended, what guesses waits, and it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Invoke, write

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, but
from loadmaster.document.document import Document

WRONG = but('version = "1.0.0"', 'version = "1.1.0"').replace("9a1f7a", "9A1F7A").rstrip("\n")
CONFLICT = but("size = 612", "<<<<<<< ours\nsize = 612\n=======\nsize = 620\n>>>>>>> theirs")
GUESS = but("description", "descripton")


def errors(text: str) -> list[str]:
    """The codes of the errors of a text."""
    return [one.code for one in check(Document.from_text(text)) if one.severity is Severity.ERROR]


def test_all_that_is_sure(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "models.toml", WRONG)
    done = invoke("fix", "models.toml")
    assert (done.exit_code, file.read_text()) == (0, GOOD)
    assert len(done.stdout.splitlines()) == 3
    assert "models.toml:5: LM202 set version to 1.0.0\n" in done.stdout
    assert done.stderr == "models.toml: 3 fixes applied\n"
    again = invoke("fix", "models.toml")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "models.toml: 0 fixes applied\n")


def test_one_rule_only(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "models.toml", WRONG)
    assert invoke("fix", file, "--select", "LM405").exit_code == 0
    assert file.read_text() == WRONG.replace("9A1F7A", "9a1f7a")


def test_a_guess_waits_to_be_asked_for(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "models.toml", GUESS)
    done = invoke("fix", file)
    assert (done.exit_code, file.read_text()) == (0, GUESS)
    assert "1 fault with a fix that guesses (--unsafe)" in done.stderr
    assert invoke("fix", file, "--unsafe").exit_code == 0
    assert file.read_text() == GOOD


@pytest.mark.parametrize(
    ("side", "expected"), [("ours", GOOD), ("theirs", but("size = 612", "size = 620")), ("both", None)]
)
def test_a_conflict_is_decided_for_one_side(invoke: Invoke, tmp_path: Path, side: str, expected: str | None) -> None:
    file = write(tmp_path / "models.toml", CONFLICT)
    waiting = invoke("fix", file)
    assert file.read_text() == CONFLICT
    assert "1 merge conflict to decide with --take ours, theirs or both" in waiting.stderr
    assert invoke("fix", file, "--take", side).exit_code == 0
    assert file.read_text() == (expected or but("size = 612", "size = 612\nsize = 620"))


def test_a_decision_mends_nothing_else(invoke: Invoke, tmp_path: Path) -> None:
    text = CONFLICT.replace('version = "1.0.0"', 'version = "1.1.0"')
    file = write(tmp_path / "models.toml", text)
    assert invoke("fix", file, "--take", "ours").exit_code == 0
    assert file.read_text() == but('version = "1.0.0"', 'version = "1.1.0"')


def test_diff_tells_on_stderr_what_it_would_do(invoke: Invoke, tmp_path: Path) -> None:
    write(tmp_path / "models.toml", WRONG)
    done = invoke("fix", "models.toml", "--diff")
    assert done.stdout.startswith("--- a/models.toml")
    assert "LM202 set version to 1.0.0" in done.stderr
    assert "3 fixes to apply" in done.stderr


def test_a_refused_fix_answers_1(invoke: Invoke, tmp_path: Path) -> None:
    raw = WRONG.encode().replace(b"Demo", b"D\xe9mo")
    file = tmp_path / "models.toml"
    file.write_bytes(raw)
    done = invoke("fix", file)
    assert (done.exit_code, file.read_bytes()) == (1, raw)
    assert "not UTF-8" in done.stderr


def test_the_project_says_which_rules_count(invoke: Invoke, tmp_path: Path) -> None:
    file = write(tmp_path / "models.toml", WRONG)
    write(tmp_path / "loadmaster.toml", 'ignore = ["LM202", "LM006"]\n')
    assert invoke("fix", file).exit_code == 0
    assert file.read_text() == WRONG.replace("9A1F7A", "9a1f7a")


def test_several_files(invoke: Invoke, tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.toml", WRONG), write(tmp_path / "b.toml", WRONG)
    done = invoke("fix", "a.toml", "absent.toml", "b.toml")
    assert (done.exit_code, first.read_text(), second.read_text()) == (2, GOOD, GOOD)
    assert "loadmaster: absent.toml: there is no such file.\n" in done.stderr


def test_published_manifests_lose_no_error_and_gain_none(shared: Path, invoke: Invoke, tmp_path: Path) -> None:
    sources = [*(shared / "manifests").glob("*.toml"), *(shared / "cases").glob("*.toml")]
    assert sources
    for source in sources:
        before = source.read_bytes().decode()
        file = write(tmp_path / "models.toml", before)
        assert invoke("fix", file, "--unsafe").exit_code == 0
        after = file.read_bytes().decode()
        assert set(errors(after)) <= set(errors(before))
        assert invoke("fix", file, "--unsafe").stdout == ""
