"""What the tests of the command line share: running it as its users do, and manifests to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from loadmaster.checks.examples import GOOD
from loadmaster.cli.main import loadmaster

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Invoke = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `python -m loadmaster` in a process of its own, in the test's folder; output is decoded, newlines kept."""

    def run_it(*arguments: str | Path, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
        done = subprocess.run(
            [sys.executable, "-m", "loadmaster", *map(str, arguments)],
            input=stdin.encode(),
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={**plain, "PYTHONIOENCODING": "utf-8", **variables},
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_it


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs the command line in this process, in the test's folder, which is far quicker."""
    monkeypatch.chdir(tmp_path)

    def invoke_it(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(loadmaster, [str(argument) for argument in arguments], input=stdin)

    return invoke_it


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A manifest without a fault, in a file."""
    return write(tmp_path / "models.toml", GOOD)


def write(file: Path, text: str) -> Path:
    """`text` in `file`, to the byte."""
    file.write_bytes(text.encode("utf-8"))
    return file


def git(folder: Path, *arguments: str) -> None:
    """Run git in `folder`, with an author and without the machine's own settings."""
    settings = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
