"""What the system refuses: folders that are closed to us, names that are too long, a folder that is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Run, write

from loadmaster.checks.examples import GOOD, but

LONG = "x" * 5000


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder with a manifest in it that may not be entered."""
    folder = tmp_path / "closed"
    folder.mkdir()
    write(folder / "models.toml", GOOD)
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@pytest.fixture
def run_bound(tmp_path: Path) -> Run:
    """Runs the command line as somebody for whom permissions count, also where the tests run as root."""
    before: list[str] = []
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions are those of POSIX")
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may enter everything, and there is no setpriv")
        before = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]

    def run_it(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*before, sys.executable, "-m", "loadmaster", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, check=False, cwd=tmp_path, encoding="utf-8", stdin=subprocess.DEVNULL
        )

    return run_it


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "closed/models.toml"),
        ("check", "closed"),
        ("fix", "closed/models.toml"),
        ("vram", "closed/models.toml"),
        ("show", "closed/models.toml"),
        ("new", "closed/other.toml"),
        ("verify", "models.toml", "--root", "closed/below"),
        ("why", "models.toml", "demo-1b", "--root", "closed/below"),
        ("fill", "models.toml", "demo-1b", "--from", "closed/below"),
        ("fill", "models.toml", "demo-1b", "--from-sums", "closed/sums"),
    ],
)
def test_a_closed_folder_is_told(run_bound: Run, closed: Path, good: Path, arguments: tuple[str, ...]) -> None:
    done = run_bound(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "closed" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_root_is_told_for_each_file(run_bound: Run, closed: Path, good: Path) -> None:
    closed.chmod(0o400)  # it can be listed, and nothing in it be reached
    done = run_bound("verify", good, "--root", "closed")
    assert done.returncode == 1
    assert "permission denied" in done.stdout
    assert done.stderr == ""
    assert run_bound("why", good, "demo-1b", "--root", "closed").returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", LONG),
        ("check", f"{LONG}/models.toml"),
        ("fix", LONG),
        ("vram", f"{LONG}/models.toml"),
        ("new", LONG),
        ("verify", "models.toml", "--root", LONG),
        ("fill", "models.toml", "demo-1b", "--from", LONG),
    ],
)
def test_a_name_that_is_too_long_is_told(run: Run, good: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_model_whose_name_is_too_long_for_a_folder(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "models.toml", GOOD.replace("demo-1b@1.0.0", f"{LONG}@1.0.0"))
    done = run("verify", "models.toml", "--root", ".", "--json")
    assert done.returncode == 1
    assert "file name too long" in done.stdout


def test_a_folder_that_is_gone(tmp_path: Path, good: Path) -> None:
    """The file can be reached, yet nobody can say whose configuration counts."""
    gone = tmp_path / "gone"
    gone.mkdir()
    command = 'rmdir ../gone && exec "$0" -m loadmaster check ../models.toml'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], capture_output=True, check=False, cwd=gone, encoding="utf-8"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "is gone" in done.stderr


@pytest.mark.parametrize("command", ["check", "fix"])
def test_one_file_that_is_refused_hinders_no_other(run: Run, tmp_path: Path, command: str) -> None:
    write(tmp_path / "models.toml", but('version = "1.0.0"', 'version = "1.1.0"'))
    done = run(command, LONG, "models.toml")
    assert done.returncode == 2
    assert "version" in done.stdout + done.stderr


def test_a_file_that_may_not_be_read_hinders_no_other(run_bound: Run, tmp_path: Path, good: Path) -> None:
    write(tmp_path / "own.toml", GOOD).chmod(0)
    for command in ("check", "fix"):
        done = run_bound(command, "own.toml", good)
        assert (done.returncode, done.stderr.split("\n")[0]) == (
            2,
            "loadmaster: own.toml: cannot be read: you have no permission.",
        )
