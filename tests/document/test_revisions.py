"""What git is asked of a manifest, and what is said where there is no git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from loadmaster.document.revisions import revision_names, usual_revision

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest that was committed once, on a branch called trunk."""
    file = tmp_path / "models.toml"
    file.write_text("schema_version = 1\n", encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return file


@needs_git
def test_the_branch_that_others_start_from_is_usual(manifest: Path) -> None:
    assert usual_revision(manifest) == "HEAD"
    git(manifest.parent, "branch", "main")
    assert usual_revision(manifest) == "main"
    git(manifest.parent, "update-ref", "refs/remotes/origin/main", "HEAD")
    assert usual_revision(manifest) == "origin/main"


@needs_git
def test_branches_and_tags_are_named(manifest: Path) -> None:
    git(manifest.parent, "tag", "v1")
    assert set(revision_names(manifest)) == {"trunk", "v1"}


def test_outside_of_a_repository_nothing_is_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert usual_revision(tmp_path / "models.toml") is None
    assert revision_names(tmp_path / "models.toml") == []


def test_without_git_nothing_is_usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert usual_revision(tmp_path / "models.toml") is None
    assert revision_names(tmp_path / "models.toml") == []
