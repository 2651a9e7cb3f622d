"""Standard streams that the caller closed, or whose reader has left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import write

from loadmaster.checks.examples import GOOD, but

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell's words for it are those of POSIX")


def shell(folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    """`words` of a shell, with `loadmaster` as its user calls it."""
    script = f'loadmaster() {{ "$PYTHON" -m loadmaster "$@"; }}; {words}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        check=False,
        cwd=folder,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHON": sys.executable},
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("check models.toml >&-", 0),
        ("check bad.toml >&-", 1),
        ("check models.toml 2>&-", 0),
        ("check models.toml >&- 2>&-", 0),
        ("check - <&-", 1),
        ("diff models.toml models.toml >&-", 0),
        ("why models.toml demo-1b >&-", 0),
        ("verify models.toml --root . >&-", 1),
        ("verify models.toml --root . 2>&-", 1),
        ("vram models.toml >&-", 0),
        ("show models.toml >&-", 0),
        ("fill models.toml demo-1b --from . <&-", 0),
        ("recover models.toml --print 1 >&-", 2),
        ("browse models.toml <&-", 2),
    ],
)
def test_a_closed_stream_changes_no_answer(tmp_path: Path, words: str, answer: int) -> None:
    write(tmp_path / "models.toml", GOOD)
    write(tmp_path / "bad.toml", but('version = "1.0.0"', 'version = "1.1.0"'))
    done = shell(tmp_path, f"loadmaster {words}")
    assert "Traceback" not in done.stderr
    assert done.returncode == answer


def test_an_edit_is_written_with_nobody_to_tell(tmp_path: Path) -> None:
    file = write(tmp_path / "models.toml", GOOD)
    done = shell(tmp_path, "loadmaster set models.toml 'models.\"*\".defaults.fps' 12 --create 2>&-")
    assert done.returncode == 0
    assert "fps = 12" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["explain LM403", "--help", "check --help", "schema"])
def test_a_reader_that_has_left_is_no_fault(tmp_path: Path, words: str) -> None:
    """The answer is what a shell makes of any program whose reader has left; 1 would be a fault found."""
    done = shell(tmp_path, f'exec 3> >(exec true); wait "$!"; loadmaster {words} >&3')
    assert (done.returncode, done.stderr) == (141, "")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    done = shell(tmp_path, "loadmaster explain LM403 > /dev/full")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "full" in done.stderr
