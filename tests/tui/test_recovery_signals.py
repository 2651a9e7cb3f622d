"""Unsaved work outlives a signal, a kill, a closed terminal and a fault of our own; the next start offers it."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tui.terminal import Terminal, in_terminal

from loadmaster.document import recovery

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals")

FAULTY = """
import sys
from pathlib import Path
from loadmaster.tui.app import LoadmasterApp, run

def fails(self):
    secret = "hunter2"
    raise RuntimeError("a fault of our own")

LoadmasterApp.action_theme = fails
sys.exit(run(Path(sys.argv[1])))
"""


@pytest.fixture
def file(tmp_path: Path, manifest: str) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(manifest)
    return path


def app(file: Path) -> AbstractContextManager[Terminal]:
    return in_terminal(["-m", "loadmaster", str(file)], file.parent)


def copies(file: Path) -> list[recovery.RecoveryCopy]:
    return list(recovery.find_all(file.parent / "state" / "loadmaster", file))


def edit(terminal: Terminal, file: Path, fps: str = "30") -> None:
    """Set fps of the first model of the tree that has it, and wait until that is kept aside."""
    terminal.shows("t2v-small")
    terminal.type("jj3")
    terminal.shows("frames/s")
    terminal.type("\r")
    terminal.shows("Frames per second of the output")
    terminal.type("\x15" + fps + "\r")
    terminal.until(lambda: any(f"fps = {fps} " in copy.text for copy in copies(file)))


ENDS: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "SIGTERM": (lambda terminal: terminal.signal(signal.SIGTERM), 143),
    "SIGHUP": (lambda terminal: terminal.signal(signal.SIGHUP), 129),
    "SIGKILL": (lambda terminal: terminal.signal(signal.SIGKILL), -9),
    "closed": (lambda terminal: terminal.close(), 129),
}


@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_the_app_unsaved_work_is_offered_at_the_next_start(file: Path, manifest: str, end: str) -> None:
    how, code = ENDS[end]
    with app(file) as terminal:
        edit(terminal, file)
        how(terminal)
        assert terminal.wait() == code
        if end in ("SIGTERM", "SIGHUP"):
            assert "Unsaved work was kept aside; the next start offers it." in terminal.text
            assert b"\x1b[?1049l" in terminal.raw  # the screen is as it was
    (copy,) = copies(file)
    assert stat.S_IMODE(copy.place.stat().st_mode) == 0o600
    assert file.read_text() == manifest
    with app(file) as terminal:
        terminal.shows("Unsaved work was found")
        terminal.type("r")
        terminal.shows("Restored: 1 line in 1 model")
        terminal.type("w")
        terminal.shows("fps = 30")
        terminal.type("\r")
        terminal.shows("Saved.")
        terminal.type("q")
        assert terminal.wait() == 0
    assert file.read_text() == manifest.replace("fps = 24", "fps = 30")
    assert copies(file) == []


def test_with_nothing_unsaved_a_signal_leaves_no_copy(file: Path) -> None:
    with app(file) as terminal:
        terminal.shows("t2v-small")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait() == 143
        assert "Unsaved" not in terminal.text
    assert copies(file) == []


def test_a_fault_of_our_own_ends_in_one_sentence_and_a_log(file: Path) -> None:
    with in_terminal(["-c", FAULTY, str(file)], file.parent) as terminal:
        edit(terminal, file)
        terminal.type("t")
        assert terminal.wait() == 70
        said = terminal.text[terminal.text.rindex("loadmaster stopped") :].split("\r\n")[0]
        assert b"\x1b[?1049l" in terminal.raw
        assert "Traceback" not in terminal.text
        assert "hunter2" not in terminal.text
    log = file.parent / "state" / "loadmaster" / "loadmaster.log"
    assert said == (
        "loadmaster stopped because of a fault of its own; unsaved work was kept aside, and the next start offers it. "
        f"The details are in {log}"
    )
    assert "RuntimeError: a fault of our own" in log.read_text()
    assert "hunter2" not in log.read_text().replace('secret = "hunter2"', "")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    (copy,) = copies(file)
    assert "fps = 30" in copy.text


def test_what_another_process_holds_is_told_and_not_discarded(file: Path) -> None:
    with app(file) as first:
        edit(first, file)
        with app(file) as second:
            second.shows("Unsaved work was found")
            second.shows(f"process {first.pid}, still runs")
            assert "Discard" not in second.text
            second.signal(signal.SIGTERM)
            assert second.wait() == 143
        (copy,) = copies(file)
        assert copy.process == first.pid
