"""What only a terminal gets: colour and progress. A pipe gets neither."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import write

from loadmaster.checks.examples import GOOD, but
from loadmaster.cli.progress import Progress

WRONG = but('version = "1.0.0"', 'version = "1.1.0"')


def on_terminal(folder: Path, *arguments: str, **variables: str) -> tuple[str, str]:
    """What the command prints on stdout and stderr where both are terminals."""
    pty = pytest.importorskip("pty")
    out, out_child = pty.openpty()
    err, err_child = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    process = subprocess.Popen(
        [sys.executable, "-m", "loadmaster", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=out_child,
        stderr=err_child,
        cwd=folder,
        env={**plain, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **variables},
    )
    os.close(out_child)
    os.close(err_child)
    told = (_drained(out), _drained(err))
    process.wait()
    return told


def _drained(descriptor: int) -> str:
    pieces: list[bytes] = []
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # Linux says so once the other end is closed
            piece = b""
        if not piece:
            os.close(descriptor)
            return b"".join(pieces).decode()
        pieces.append(piece)


def test_colour_on_a_terminal(tmp_path: Path) -> None:
    write(tmp_path / "models.toml", WRONG)
    assert "\x1b[1;31merror LM202\x1b[0m" in on_terminal(tmp_path, "check", "models.toml")[0]


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(tmp_path: Path, variables: dict[str, str]) -> None:
    write(tmp_path / "models.toml", WRONG)
    out, _ = on_terminal(tmp_path, "check", "models.toml", **variables)
    assert "error LM202" in out
    assert "\x1b" not in out


def test_long_work_shows_that_it_goes_on_and_cleans_up(tmp_path: Path) -> None:
    write(tmp_path / "models.toml", GOOD + "# padding\n" * 250_000)
    out, err = on_terminal(tmp_path, "check", "models.toml")
    assert out.startswith("\x1b[32mno faults in 1 file")
    assert err == "\r\x1b[2Kchecking 1 of 1: models.toml\r\x1b[2K"


def test_quick_work_shows_nothing(tmp_path: Path) -> None:
    write(tmp_path / "models.toml", GOOD)
    assert on_terminal(tmp_path, "check", "models.toml")[1] == ""


def test_a_difference_is_inert_on_a_terminal_and_exact_in_a_pipe(tmp_path: Path) -> None:
    text = GOOD.replace('description = "Demo model"', 'description = "\u202eDemo"').replace("\n", "\r\n")
    write(tmp_path / "models.toml", text)
    arguments = ("set", "models.toml", "version", "1.0.1", "--diff")
    shown, _ = on_terminal(tmp_path, *arguments)
    assert "\\u202eDemo" in shown
    assert "\u202e" not in shown
    piped = subprocess.run(
        [sys.executable, "-m", "loadmaster", *arguments],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ).stdout.decode()
    assert ' description = "\u202eDemo"\r\n' in piped
    assert '+version = "1.0.1"\r\n' in piped


class TestProgress:
    """The line itself."""

    def test_nothing_in_a_pipe(self, capsys: pytest.CaptureFixture[str]) -> None:
        with Progress() as progress:
            progress.tell("working", at_once=True)
        assert capsys.readouterr().err == ""

    def test_the_latest_is_shown_and_wiped_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        with Progress(enabled=True) as progress:
            progress.tell("one", at_once=True)
            progress.tell("two", at_once=True)
            progress.wipe()
        assert capsys.readouterr().err == "\r\x1b[2Kone\r\x1b[2Ktwo\r\x1b[2K"

    def test_patience(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        now = [100.0]
        monkeypatch.setattr("loadmaster.cli.progress.time.monotonic", lambda: now[0])
        with Progress(enabled=True) as progress:
            progress.tell("early")
            now[0] += 10
            progress.tell("late")
        assert capsys.readouterr().err == "\r\x1b[2Klate\r\x1b[2K"
