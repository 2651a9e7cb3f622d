"""A file that someone else changes is noticed, however they write it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from loadmaster.document import store
from loadmaster.tui.file_watch import FileWatch, Look, State

TEXT = "schema_version = 1\n"
NEW = "schema_version = 1\n# theirs\n"


class Watched:
    """A watched file and what was seen of it."""

    def __init__(self, path: Path, look_every: float = 0.05) -> None:
        self.path = path
        self.stamp = store.load(path).stamp
        self.seen: Queue[Look] = Queue()
        self.watch = FileWatch(path, lambda: self.stamp, self.seen.put, look_every=look_every)
        self.watch.start()

    def wait_for(self, state: State) -> Look:
        while True:
            look = self.seen.get(timeout=20)
            if look.state is state:
                return look


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "models.toml"
    path.write_text(TEXT)
    watched = Watched(path)
    watched.wait_for(State.SAME)
    yield watched
    watched.watch.stop()


def write_over(path: Path) -> None:
    path.write_text(NEW)


def rename_over(path: Path) -> None:
    other = path.with_name("new")
    other.write_text(NEW)
    other.replace(path)


def move_away_and_write(path: Path) -> None:
    path.rename(path.with_name("models.toml~"))
    path.write_text(NEW)


def empty_then_write(path: Path) -> None:
    with path.open("w") as file:
        file.flush()
        os.fsync(file.fileno())
        file.write(NEW)


@pytest.mark.parametrize("way", [write_over, rename_over, move_away_and_write, empty_then_write])
def test_each_way_to_save_is_one_change(watched: Watched, way: Callable[[Path], None]) -> None:
    way(watched.path)
    look = watched.seen.get(timeout=20)
    assert look.state is State.CHANGED
    assert look.loaded is not None
    assert look.loaded.document.text == NEW
    assert look.stamp is watched.stamp


def test_what_was_told_is_not_told_again_until_it_is_asked_for(watched: Watched) -> None:
    write_over(watched.path)
    watched.wait_for(State.CHANGED)
    watched.path.unlink()
    assert watched.seen.get(timeout=20).state is State.GONE
    watched.watch.look_again()
    assert watched.seen.get(timeout=20).state is State.GONE


def test_a_file_that_was_only_touched_is_the_same(watched: Watched) -> None:
    os.utime(watched.path, ns=(1, 1))
    assert watched.seen.get(timeout=20).state is State.SAME


def test_a_file_that_is_gone_and_comes_back_is_told(watched: Watched) -> None:
    watched.path.unlink()
    watched.wait_for(State.GONE)
    watched.path.write_text(TEXT)
    watched.wait_for(State.SAME)


def test_a_file_that_is_a_folder_by_now_cannot_be_read(watched: Watched) -> None:
    watched.path.unlink()
    watched.path.mkdir()
    assert "is a folder" in watched.wait_for(State.UNREADABLE).reason


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no links")
def test_a_link_that_points_elsewhere_is_a_change(tmp_path: Path) -> None:
    for name, text in (("one", TEXT), ("two", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "models.toml").write_text(text)
    (tmp_path / "current").symlink_to("one")
    watched = Watched(tmp_path / "current" / "models.toml")
    watched.wait_for(State.SAME)
    (tmp_path / "next").symlink_to("two")
    (tmp_path / "next").replace(tmp_path / "current")
    look = watched.wait_for(State.CHANGED)
    watched.watch.stop()
    assert look.loaded is not None
    assert look.loaded.document.text == NEW


def test_without_the_systems_help_it_looks_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import watchfiles

    def none_left(*_arguments: object, **_options: object) -> None:
        raise OSError("no watch left")

    monkeypatch.setattr(watchfiles, "watch", none_left)
    path = tmp_path / "models.toml"
    path.write_text(TEXT)
    watched = Watched(path)
    watched.wait_for(State.SAME)
    write_over(path)
    watched.wait_for(State.CHANGED)
    watched.watch.stop()


def test_a_change_is_told_by_the_system_long_before_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text(TEXT)
    watched = Watched(path, look_every=1000)
    # Whether the watch stands already is not told: so write until it is noticed.
    for number in range(1000):
        path.write_text(f"# {number}\n")
        try:
            look = watched.seen.get(timeout=0.2)
        except Empty:
            continue
        assert look.state is State.CHANGED
        break
    else:
        pytest.fail("no change was told")
    watched.watch.stop()
