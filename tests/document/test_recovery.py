"""Recovery copies: unsaved work outlives the process that did it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.document import recovery
from loadmaster.document.recovery import RecoveryCopy
from loadmaster.document.store import Stamp

STAMP = Stamp(3, 4, 5, "ab")


def test_a_copy_is_found_again_with_all_that_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    recovery.keep(tmp_path / "state", file, "a = 1\r\n\ufeff", STAMP, 12.5)
    found = recovery.find(tmp_path / "state", file)
    assert found is not None
    assert (found.text, found.stamp, found.written, found.process) == ("a = 1\r\n\ufeff", STAMP, 12.5, os.getpid())
    assert not found.is_held
    recovery.discard(tmp_path / "state", file)
    recovery.discard(tmp_path / "state", file)
    assert recovery.find(tmp_path / "state", file) is None


@given(st.text())
def test_any_text_comes_back_as_it_was(text: str) -> None:
    with TemporaryDirectory() as name:
        recovery.keep(Path(name), Path("m.toml"), text, None, 0)
        found = recovery.find(Path(name), Path("m.toml"))
        assert found is not None
        assert found.text == text


def test_two_runs_keep_a_copy_each_and_the_latest_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    recovery.keep(tmp_path, file, "one", STAMP, 1, "a1")
    recovery.keep(tmp_path, file, "two", None, 2, "b2")
    recovery.keep(tmp_path, tmp_path / "other.toml", "three", None, 3, "a1")
    assert [copy.text for copy in recovery.find_all(tmp_path, file)] == ["two", "one"]
    assert [copy.text for copy in recovery.find_all(tmp_path)] == ["three", "two", "one"]
    recovery.find_all(tmp_path, file)[0].remove()
    assert [copy.text for copy in recovery.find_all(tmp_path, file)] == ["one"]
    recovery.discard(tmp_path, file, "a1")
    assert recovery.find_all(tmp_path, file) == ()


def test_a_copy_is_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    recovery.keep(tmp_path, file, "one", None, 1)
    place = recovery.keep(tmp_path, file, "two", None, 2)
    assert list(place.parent.iterdir()) == [place]


def test_what_a_killed_writer_left_goes_after_a_day(tmp_path: Path) -> None:
    place = recovery.keep(tmp_path, tmp_path / "m.toml", "one", None, 1)
    left = place.with_name(".abc.tmp")
    left.write_bytes(b"half")
    written = left.stat().st_mtime
    recovery.tidy(tmp_path, written + 3600)
    assert left.exists()
    recovery.tidy(tmp_path, written + 90_000)
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.skipif(os.name != "posix", reason="modes are told as POSIX has them")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    recovery.keep(tmp_path / "state", tmp_path / "m.toml", "secret", None, 0)
    path = recovery.copy_path(tmp_path / "state", tmp_path / "m.toml")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="a process is asked for by signal 0")
def test_it_tells_whether_its_writer_still_runs(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    code = (
        "import sys; from pathlib import Path; from loadmaster.document import recovery;"
        f"recovery.keep(Path({str(tmp_path)!r}), Path({str(file)!r}), 'x', None, 0);"
        "print('kept', flush=True); sys.stdin.read()"
    )
    writer = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdout.readline()
    held = recovery.find(tmp_path, file)
    assert held is not None
    assert held.is_held
    writer.stdin.close()
    writer.stdout.close()
    writer.wait()
    assert not held.is_held


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux says when a process started")
def test_another_process_of_the_same_number_does_not_hold_it(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        held = RecoveryCopy("m.toml", 0, other.pid, None, "", started="")
        assert held.is_held
        assert not replace(held, started="1").is_held
        other.communicate(b"\n")
    assert not held.is_held


def test_a_damaged_copy_is_no_copy(tmp_path: Path) -> None:
    whole = recovery.keep(tmp_path, tmp_path / "m.toml", "a = 1\n", None, 0)
    raw = whole.read_bytes()
    for content in (b"", b"{", b'{"file": 1}\n', b"[]\n", raw[:-1], raw + b"x", raw[:-2] + b"\xff\n"):
        whole.write_bytes(content)
        assert recovery.find(tmp_path, tmp_path / "m.toml") is None
    whole.unlink()
    whole.mkdir()
    assert recovery.find(tmp_path, tmp_path / "m.toml") is None
