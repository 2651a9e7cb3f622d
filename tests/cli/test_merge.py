"""`loadmaster merge`: what it writes and answers, and git calling it as a merge driver."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Invoke, git, write

from loadmaster.checks.examples import TWO_MODELS, but
from loadmaster.document.document import Document

OURS = but('description = "Demo model"', 'description = "Ours"', TWO_MODELS)
THEIRS = but("size = 612", "size = 613  # measured", TWO_MODELS)
CLASH = but('description = "Demo model"', 'description = "Theirs"', TWO_MODELS)


@pytest.fixture
def three(tmp_path: Path) -> tuple[Path, Path, Path]:
    files = tuple(tmp_path / name for name in ("base", "ours", "theirs"))
    for file, text in zip(files, (TWO_MODELS, OURS, THEIRS), strict=True):
        write(file, text)
    return files[0], files[1], files[2]


def text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


def test_both_changes_are_written_to_ours(three: tuple[Path, Path, Path], invoke: Invoke) -> None:
    result = invoke("merge", *three)
    assert (result.exit_code, result.output) == (0, "")
    assert text_of(three[1]) == but("size = 612", "size = 613  # measured", OURS)
    assert (text_of(three[0]), text_of(three[2])) == (TWO_MODELS, THEIRS)


def test_a_conflict_is_marked_and_named(three: tuple[Path, Path, Path], invoke: Invoke) -> None:
    write(three[2], CLASH)
    result = invoke("merge", *three, "--name", "models.toml", "--labels", "HEAD", "feature")
    assert result.exit_code == 1
    assert result.stderr == 'models.toml: 1 conflict, both changed:\n  models."demo-1b@1.0.0".description\n'
    marks = '<<<<<<< HEAD\ndescription = "Ours"\n=======\ndescription = "Theirs"\n>>>>>>> feature\n'
    assert text_of(three[1]) == but('description = "Demo model"\n', marks, TWO_MODELS)


def test_printing_writes_nothing(three: tuple[Path, Path, Path], invoke: Invoke) -> None:
    result = invoke("merge", *three, "--print")
    assert result.stdout == but("size = 612", "size = 613  # measured", OURS)
    assert text_of(three[1]) == OURS


def test_what_cannot_be_read_by_model_is_one_conflict(three: tuple[Path, Path, Path], invoke: Invoke) -> None:
    write(three[1], OURS.replace("size = 612", "size = = 612"))
    result = invoke("merge", *three)
    assert result.exit_code == 1
    assert "one conflict holds all that differs" in result.stderr
    assert Document.from_text(text_of(three[1])).side("theirs").text == THEIRS


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a_file_that_is_not_there_or_no_text(three: tuple[Path, Path, Path], index: int, invoke: Invoke) -> None:
    three[index].unlink()
    assert invoke("merge", *three).exit_code == 2
    three[index].write_bytes(b"\xff\xfe")
    refused = invoke("merge", *three)
    assert refused.exit_code == 2
    assert "is not UTF-8" in refused.stderr
    if index != 1:
        assert text_of(three[1]) == OURS


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository set up as the README says, with a branch that changed the manifest beside us."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    driver = f'"{sys.executable}" -m loadmaster merge %O %A %B --name %P'
    git(folder, "config", "merge.loadmaster.name", "manifests by model and field")
    git(folder, "config", "merge.loadmaster.driver", driver)
    write(folder / ".gitattributes", "models.toml merge=loadmaster\n")
    write(folder / "models.toml", TWO_MODELS)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    git(folder, "checkout", "-q", "-b", "theirs")
    return folder


def commit_both(folder: Path, theirs: str, ours: str) -> None:
    write(folder / "models.toml", theirs)
    git(folder, "commit", "-q", "-a", "-m", "theirs")
    git(folder, "checkout", "-q", "main")
    write(folder / "models.toml", ours)
    git(folder, "commit", "-q", "-a", "-m", "ours")


def test_git_merges_what_its_own_lines_would_not(repository: Path) -> None:
    # Neighbouring lines: git alone would call this a conflict.
    ours = but("size = 612", "size = 613", TWO_MODELS)
    digest = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a"
    theirs = but(digest, "5" * 64, TWO_MODELS)
    commit_both(repository, theirs, ours)
    git(repository, "merge", "-q", "--no-edit", "theirs")
    assert text_of(repository / "models.toml") == but(digest, "5" * 64, ours)


def test_git_is_told_of_conflicts(repository: Path) -> None:
    commit_both(repository, CLASH, OURS)
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "--no-edit", "theirs")
    document = Document.from_text(text_of(repository / "models.toml"))
    assert len(document.conflicts) == 1
    assert document.side("theirs").text == CLASH
    told = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert told.stdout.startswith("UU models.toml")
