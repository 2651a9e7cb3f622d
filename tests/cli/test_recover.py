"""`loadmaster recover`: unsaved work of the app, from the command line."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from loadmaster.document import recovery, store

from .conftest import Invoke, Run

SAVED = 'schema_version = 1\n\n[models."a@1.0.0"]\nversion = "1.0.0"\n'
MINE = SAVED.replace('version = "1.0.0"\n', 'version = "1.0.0"\ndescription = "mine"\n')


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setattr(recovery, "state_folder", lambda: folder)
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(SAVED)
    return path


def leave(state: Path, file: Path, text: str = MINE, ago: float = 0, run: str = "one") -> Path:
    return recovery.keep(state, file, text, store.load(file).stamp, time.time() - ago, run)


def test_nothing_left_behind_is_told(state: Path, file: Path, invoke: Invoke) -> None:
    done = invoke("recover", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no unsaved work was left of" in done.stderr
    assert invoke("recover").exit_code == 1


def test_what_was_left_is_listed_the_latest_first(state: Path, file: Path, tmp_path: Path, invoke: Invoke) -> None:
    leave(state, file, ago=7200, run="old")
    leave(state, file, SAVED, ago=120, run="new")
    done = invoke("recover", file)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["1  2 minutes ago, the same as the file", "2  2 hours ago, 1 line changed"]
    other = tmp_path / "other.toml"
    other.write_text(SAVED)
    leave(state, other)
    assert invoke("recover").stdout.splitlines() == [
        f"{other}: just now",
        f"{file}: 2 minutes ago",
        f"{file}: 2 hours ago",
    ]


def test_it_is_printed_to_the_byte(state: Path, file: Path, invoke: Invoke) -> None:
    leave(state, file, MINE.replace("\n", "\r\n"))
    done = invoke("recover", file, "--print")
    assert done.stdout_bytes == MINE.replace("\n", "\r\n").encode()
    assert file.read_text() == SAVED


def test_it_is_restored_and_then_gone(state: Path, file: Path, invoke: Invoke) -> None:
    place = leave(state, file)
    shown = invoke("recover", file, "--diff")
    assert '+description = "mine"' in shown.stdout
    assert file.read_text() == SAVED
    done = invoke("recover", file, "--restore")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "restored, as it was just now" in done.stderr
    assert file.read_text() == MINE
    assert not place.exists()


def test_a_file_that_is_gone_is_written_anew(state: Path, file: Path, invoke: Invoke) -> None:
    leave(state, file)
    file.unlink()
    assert invoke("recover", file).stdout == "1  just now\n"
    assert invoke("recover", file, "--restore").exit_code == 0
    assert file.read_text() == MINE


def test_what_someone_else_did_since_is_not_taken_back_unasked(state: Path, file: Path, invoke: Invoke) -> None:
    leave(state, file)
    file.write_text(SAVED + "# theirs\n")
    assert "the file was changed since" in invoke("recover", file).stdout
    refused = invoke("recover", file, "--restore")
    assert refused.exit_code == 1
    assert file.read_text() == SAVED + "# theirs\n"
    assert invoke("recover", file, "--restore", "--force").exit_code == 0
    assert file.read_text() == MINE


def test_another_copy_is_chosen_and_discarded(state: Path, file: Path, invoke: Invoke) -> None:
    old, new = leave(state, file, ago=60, run="old"), leave(state, file, run="new")
    assert invoke("recover", file, "--copy", "3", "--discard").exit_code == 2
    assert invoke("recover", file, "--copy", "2", "--discard").exit_code == 0
    assert (old.exists(), new.exists()) == (False, True)


def test_what_another_process_holds_is_left_to_it(state: Path, file: Path, invoke: Invoke) -> None:
    code = (
        "import sys; from pathlib import Path; from loadmaster.document import recovery;"
        f"recovery.keep(Path({str(state)!r}), Path({str(file)!r}), {MINE!r}, None, 0); print(flush=True); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert f"process {writer.pid} still runs and has it" in invoke("recover", file).stdout
        for option in ("--restore", "--discard"):
            assert invoke("recover", file, option).exit_code == 1
        assert file.read_text() == SAVED
        writer.communicate(b"\n")
    assert invoke("recover", file, "--restore").exit_code == 0


@pytest.mark.parametrize("arguments", [["--restore"], ["FILE", "--restore", "--discard"]])
def test_what_cannot_be_meant_is_told(state: Path, file: Path, invoke: Invoke, arguments: list[str]) -> None:
    leave(state, file)
    assert invoke("recover", *[str(file) if one == "FILE" else one for one in arguments]).exit_code == 2
    assert file.read_text() == SAVED


def test_it_looks_in_the_folder_of_the_platform(file: Path, tmp_path: Path, run: Run) -> None:
    leave(tmp_path / "home" / "loadmaster", file)
    if sys.platform == "linux":
        assert "1 line changed" in run("recover", file, XDG_STATE_HOME=str(tmp_path / "home")).stdout
