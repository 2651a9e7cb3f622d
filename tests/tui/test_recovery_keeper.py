"""Unsaved work is written aside by a thread, the latest text only, and removed when nothing is unsaved."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from loadmaster.document import recovery
from loadmaster.document.document import Document
from loadmaster.document.store import Stamp
from loadmaster.tui.recovery_keeper import RecoveryKeeper

FILE = Path("models.toml")


def kept(folder: Path) -> list[str]:
    return [copy.text for copy in recovery.find_all(folder, FILE)]


def text(number: int) -> Document:
    return Document.from_text(f"x = {number}\n")


def test_what_is_kept_is_there_once_flushed_and_gone_once_forgotten(tmp_path: Path) -> None:
    keeper = RecoveryKeeper(tmp_path, clock=lambda: 7.0)
    keeper.keep(FILE, text(1), Stamp(1, 2, 3, "ab"))
    keeper.flush()
    (copy,) = recovery.find_all(tmp_path, FILE)
    assert (copy.text, copy.written, copy.stamp) == ("x = 1\n", 7.0, Stamp(1, 2, 3, "ab"))
    assert keeper.others(FILE) == []
    assert RecoveryKeeper(tmp_path).others(FILE) == [copy]
    keeper.forget(FILE)
    keeper.flush()
    assert kept(tmp_path) == []


def test_wishes_that_come_while_one_is_written_replace_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, go_on = threading.Event(), threading.Event()
    written: list[str] = []
    keep = recovery.keep

    def slow(folder: Path, file: Path, text: Iterable[str], stamp: Stamp | None, now: float, run: str = "") -> Path:
        written.append("".join(text))
        started.set()
        assert go_on.wait(10)
        return keep(folder, file, written[-1], stamp, now, run)

    monkeypatch.setattr(recovery, "keep", slow)
    keeper = RecoveryKeeper(tmp_path)
    keeper.keep(FILE, text(0), None)
    assert started.wait(10)
    for number in range(1, 50):
        keeper.keep(FILE, text(number), None)  # none of them waits
    go_on.set()
    keeper.flush()
    assert written == ["x = 0\n", "x = 49\n"]
    assert kept(tmp_path) == ["x = 49\n"]


def test_what_was_forgotten_while_it_was_written_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, go_on = threading.Event(), threading.Event()
    keep = recovery.keep

    def slow(*arguments: object) -> Path:
        started.set()
        assert go_on.wait(10)
        return keep(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(recovery, "keep", slow)
    keeper = RecoveryKeeper(tmp_path)
    keeper.keep(FILE, text(0), None)
    assert started.wait(10)
    keeper.forget(FILE)
    go_on.set()
    keeper.flush()
    assert kept(tmp_path) == []


def test_the_same_document_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = RecoveryKeeper(tmp_path)
    document = text(1)
    keeper.keep(FILE, document, None)
    keeper.flush()
    monkeypatch.setattr(recovery, "keep", None)
    keeper.keep(FILE, document, None)
    keeper.flush()
    assert kept(tmp_path) == ["x = 1\n"]


def test_a_folder_that_takes_nothing_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "recovery").write_text("in the way")
    told: list[str] = []
    keeper = RecoveryKeeper(tmp_path, failed=told.append)
    for number in range(3):
        keeper.keep(FILE, text(number), None)
        keeper.flush()
    assert len(told) == 1
    (tmp_path / "recovery").unlink()
    keeper.keep(FILE, text(9), None)
    keeper.flush()
    assert kept(tmp_path) == ["x = 9\n"]
