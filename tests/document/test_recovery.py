"""Recovery copies: unsaved work outlives the process that did it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from loadmaster.document import recovery
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


def test_a_damaged_copy_is_no_copy(tmp_path: Path) -> None:
    path = recovery.copy_path(tmp_path, tmp_path / "m.toml")
    path.parent.mkdir(parents=True)
    for content in ("", "{", '{"file": 1}', "[]"):
        path.write_text(content)
        assert recovery.find(tmp_path, tmp_path / "m.toml") is None
