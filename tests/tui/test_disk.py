"""The Disk pane: states in words, progress while files are read, filling one file, one model, all marked."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.planted_tree import FAULTS, PlantedTree, invented, make_tree, settle

from loadmaster.tui import disk_reading
from loadmaster.tui.widgets.detail.disk import Disk
from loadmaster.tui.widgets.detail.disk_table import DiskTable
from loadmaster.weights import hashing

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

STALE = "2" * 64


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MODELS_ROOT", raising=False)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantedTree:
    """Two models, below the root that the environment names."""
    tree = make_tree(tmp_path / "models", 2, 20_000)
    monkeypatch.setenv("MODELS_ROOT", str(tree.root))
    return tree


def disk_of(driver: Driver) -> Disk:
    return driver.bench.query_one(Disk)


def table_of(driver: Driver) -> DiskTable:
    return driver.bench.query_one(DiskTable)


def words(driver: Driver) -> dict[str, str]:
    return {row.path: row.words for row in table_of(driver).rows}


def codes(driver: Driver) -> dict[str, list[str]]:
    return {row.path: [one.code for one in row.findings] for row in table_of(driver).rows if row.findings}


def files_of(driver: Driver, model_id: str) -> list[dict[str, Any]]:
    assert driver.bench.view is not None
    files: list[dict[str, Any]] = driver.bench.view.document.get(("models", model_id, "files"))
    return files


async def open_disk(driver: Driver, model_id: str) -> None:
    """Show a model's disk, and wait until its sizes were looked at."""
    driver.bench.reveal(("models", model_id))
    await driver.press("6")
    await driver.until(lambda: disk_of(driver)._order is None)


async def read(driver: Driver) -> None:
    """Read the files, and wait for the end."""
    await driver.press("enter")
    await driver.until(lambda: disk_of(driver)._order is None)


async def test_sizes_are_looked_at_at_once_and_bytes_when_asked(tree: PlantedTree, opened: Opener) -> None:
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert set(words(driver).values()) == {"size agrees"}
        assert f"wan22/{tree.model_ids[0]}" in driver.screen
        assert "stop" not in driver.lines[-1]
        await read(driver)
        assert set(words(driver).values()) == {"sound"}
        assert driver.said == "7 files, all as listed."
        assert "sound" in driver.line_with("vae/model.safetensors")


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("missing", "missing"),
        ("short", "another size"),
        ("flipped byte", "another digest"),
        ("pointer", "a Git LFS pointer"),
        ("wrong shard", "another digest"),
        ("foreign shard", "header disagrees"),
    ],
)
async def test_what_is_planted_is_told_at_its_file(tree: PlantedTree, opened: Opener, fault: str, shown: str) -> None:
    model_id = tree.model_ids[0]
    code, path = FAULTS[fault](tree, model_id)
    async with opened(tree.manifest) as driver:
        await open_disk(driver, model_id)
        await read(driver)
        assert codes(driver) == {path: [code]}
        assert words(driver)[path] == shown
        assert f"E {code}" in driver.screen
        told = f"7 files: 6 as listed, 1 {'missing' if shown == 'missing' else 'not as listed'}."
        assert driver.said == told


async def test_a_model_without_its_folder(tree: PlantedTree, opened: Opener) -> None:
    FAULTS["no folder"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert set(words(driver).values()) == {"missing"}
        assert list(codes(driver).values()) == [["LM801"]]
        assert "not there" in driver.screen


async def test_unlisted_files_stand_below(tree: PlantedTree, opened: Opener) -> None:
    _, path = FAULTS["extra"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert list(words(driver).items())[-1] == (path, "not listed")


async def test_what_was_found_is_told_in_one_voice(tree: PlantedTree, opened: Opener) -> None:
    FAULTS["extra"](tree, tree.model_ids[0])
    FAULTS["flipped byte"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert "Enter reads the files" in driver.screen
        assert "on disk" not in driver.lines[0]
        await read(driver)
        told = "8 files: 6 as listed, 1 not as listed, 1 not listed"
        assert driver.said == f"{told}."
        assert told in "\n".join(driver.lines[:-1])
        assert "Enter reads the files" not in driver.screen
        assert "on disk: 1" in driver.lines[0]


async def test_the_cursor_stays_on_an_unlisted_file_that_is_added(tree: PlantedTree, opened: Opener) -> None:
    _, path = FAULTS["extra"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("end", "F")
        await driver.shows("Add 1 file")
        await driver.press("enter")
        row = table_of(driver).row
        assert row is not None
        assert (row.path, row.index is not None) == (path, True)


async def test_without_a_root_one_is_asked_for(
    tree: PlantedTree, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MODELS_ROOT")
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert "MODELS_ROOT is not set" in driver.screen
        assert set(words(driver).values()) == {"not looked at"}
        await driver.press("enter")
        assert "Where the models lie" in driver.screen
        await driver.type("/nowhere/at/all")
        await driver.press("enter")
        assert "There is no folder /nowhere/at/all" in driver.screen
        await driver.type(str(tree.root))
        await driver.press("enter")
        await driver.until(lambda: set(words(driver).values()) == {"size agrees"})
        await driver.press("R", "escape")
        assert disk_of(driver).root == tree.root


async def test_a_manifest_without_faults_needs_nothing_filled_in(tree: PlantedTree, opened: Opener) -> None:
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("F")
        await driver.until(lambda: "Nothing to fill in: 7 files true already." in driver.said)
        assert driver.steps == []


async def test_the_difference_comes_first_and_escape_leaves_all_as_it_was(tree: PlantedTree, opened: Opener) -> None:
    text = invented(tree.manifest)
    async with opened(text) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("F")
        await driver.shows("Fill 7 files from disk")
        await driver.press("escape")
        assert driver.text == text


async def test_a_model_is_filled_as_one_step(tree: PlantedTree, opened: Opener) -> None:
    text = invented(tree.manifest)
    async with opened(text) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("F")
        await driver.shows("Fill 7 files from disk")
        await driver.press("enter")
        assert driver.steps == [f"fill 7 files from disk in {tree.model_ids[0]}"]
        assert set(words(driver).values()) == {"sound"}
        changed = driver.changed_lines(text, driver.text)
        assert {line[1:].split(" = ")[0] for line in changed} == {"size", "sha256"}
        second = tree.manifest.index(f"# {tree.model_ids[1]}")
        assert driver.text[:second] == tree.manifest[:second]
        await driver.press("u")
        assert driver.text == text
        assert "another size" in words(driver).values()


async def test_all_marked_models_are_filled_as_one_step(tree: PlantedTree, opened: Opener) -> None:
    async with opened(invented(tree.manifest)) as driver:
        driver.bench.marks.toggle(tree.model_ids)
        await open_disk(driver, tree.model_ids[0])
        await driver.press("F")
        await driver.shows("Fill 14 files from disk")
        await driver.press("enter")
        assert driver.steps == ["fill 14 files from disk in 2 models"]
        assert driver.text == tree.manifest


async def test_one_file_takes_the_disks_values_by_its_fix(tree: PlantedTree, opened: Opener) -> None:
    model_id = tree.model_ids[0]
    _, path = FAULTS["short"](tree, model_id)
    place = tree.folder(model_id) / path
    async with opened(tree.manifest) as driver:
        await open_disk(driver, model_id)
        await read(driver)
        assert driver.bench.detail.body.findings[0].code == "LM802"
        await driver.press("f")
        assert "take the disk's size and sha256" in driver.screen
        await driver.press("enter")
        sha256 = hashlib.sha256(place.read_bytes()).hexdigest()
        entry = next(one for one in files_of(driver, model_id) if one["path"] == path)
        assert (entry["size"], entry["sha256"]) == (place.stat().st_size, sha256)
        assert words(driver)[path] == "sound"


async def test_an_unlisted_file_is_added(tree: PlantedTree, opened: Opener) -> None:
    model_id = tree.model_ids[0]
    _, path = FAULTS["extra"](tree, model_id)
    async with opened(tree.manifest) as driver:
        await open_disk(driver, model_id)
        await driver.press("end", "F")
        await driver.shows("Add 1 file")
        await driver.press("enter")
        assert files_of(driver, model_id)[-1] == {
            "path": path,
            "size": 11,
            "sha256": hashlib.sha256(b"left behind").hexdigest(),
        }
        assert words(driver)[path] == "sound"


async def test_an_unlisted_file_under_the_cursor_is_no_model_to_remove(tree: PlantedTree, opened: Opener) -> None:
    FAULTS["extra"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("end", "d")
        assert driver.text == tree.manifest
        assert driver.bench.is_current


async def test_an_edit_changes_the_state_at_once(tree: PlantedTree, opened: Opener) -> None:
    model_id = tree.model_ids[0]
    async with opened(tree.manifest) as driver:
        await open_disk(driver, model_id)
        await read(driver)
        driver.bench.editing.apply(
            lambda document: document.set(("models", model_id, "files", 0, "sha256"), STALE), "edit", None
        )
        await driver.settle()
        first = table_of(driver).rows[0]
        assert first.words == "another digest"
        await driver.press("u")
        assert table_of(driver).rows[0].words == "sound"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Files are read only once this is set; it is set at the end, whatever comes."""
    gate = threading.Event()
    real = hashing.hash_file

    def waiting(stamp: Any, **more: Any) -> Any:
        stopped = more.get("stopped", lambda: False)
        while not gate.wait(0.01):
            if stopped():
                return None
        return real(stamp, **more)

    monkeypatch.setattr(hashing, "hash_file", waiting)
    yield gate
    gate.set()


async def test_keys_are_answered_while_files_are_read(tree: PlantedTree, opened: Opener, gate: threading.Event) -> None:
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("enter")
        assert disk_of(driver).is_reading
        assert "looking…" in driver.screen
        await driver.press("down", "down")
        assert table_of(driver).cursor == 2
        await driver.press("2", "6")
        driver.bench.reveal(("models", tree.model_ids[1]))
        await driver.settle()
        assert driver.bench.detail.model_id == tree.model_ids[1]
        gate.set()
        await driver.until(lambda: not disk_of(driver).is_reading)
        driver.bench.reveal(("models", tree.model_ids[0]))
        await driver.press("6")
        assert set(words(driver).values()) == {"sound"}


async def test_reading_can_be_stopped(tree: PlantedTree, opened: Opener, gate: threading.Event) -> None:
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("enter")
        assert "x stop" in driver.lines[-1]
        await driver.press("x")
        await driver.until(lambda: not disk_of(driver).is_reading)
        assert driver.said == "Stopped; what was read is kept."
        assert set(words(driver).values()) == {"size agrees"}


async def test_quitting_ends_what_reads(tree: PlantedTree, opened: Opener, gate: threading.Event) -> None:
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("enter")
        await driver.press("q")
        assert driver.answer() == 0
    reading = [thread for thread in threading.enumerate() if thread.name.startswith("hash-")]
    for thread in reading:
        thread.join(10)
    assert not any(thread.is_alive() for thread in reading)


async def test_progress_is_shown_at_the_file_and_above(
    tree: PlantedTree, opened: Opener, monkeypatch: pytest.MonkeyPatch, gate: threading.Event
) -> None:
    monkeypatch.setattr(disk_reading, "PORTION_SECONDS", 0.0)
    monkeypatch.setattr(hashing, "REPORT_BYTES", 1)
    halfway = threading.Event()
    real = hashing.hash_file

    def slow(stamp: Any, **more: Any) -> Any:
        more["on_bytes"](stamp.size // 2)
        halfway.set()
        return real(stamp, **more)

    monkeypatch.setattr(hashing, "hash_file", slow)
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        await driver.press("enter")
        await driver.until(lambda: halfway.is_set() and " 50 %" in driver.screen)
        assert "of 7 files" in driver.screen
        assert "━━━━━─────" in driver.screen
        gate.set()
        await driver.until(lambda: not disk_of(driver).is_reading)
        assert "%" not in driver.screen


async def test_hashed_digests_are_confirmed(tree: PlantedTree, opened: Opener) -> None:
    model_id = tree.model_ids[0]
    async with opened(tree.manifest) as driver:
        assert driver.bench.view is not None
        session = driver.bench.view.session
        session.unconfirmed.mark(session.document, model_id)
        assert session.unconfirmed.count(session.document, model_id) == 7
        await open_disk(driver, model_id)
        await read(driver)
        assert session.unconfirmed.count(session.document, model_id) == 0


async def test_at_eighty_columns_all_is_there(tree: PlantedTree, opened: Opener) -> None:
    FAULTS["missing"](tree, tree.model_ids[0])
    async with opened(tree.manifest, (80, 24)) as driver:
        await open_disk(driver, tree.model_ids[0])
        assert "missing" in driver.line_with("vae/model.safetensors")
        assert "LM801" in driver.screen


async def test_names_are_no_markup_and_show_what_cannot_be_seen(
    tmp_path: Path, tree: PlantedTree, opened: Opener
) -> None:
    model_id = tree.model_ids[0]
    odd = tree.folder(model_id) / "[red]odd\u202e.json"
    odd.write_text("{}", encoding="utf-8")
    settle(odd)
    async with opened(tree.manifest) as driver:
        await open_disk(driver, model_id)
        assert "[red]odd\\u202e.json" in driver.screen


async def test_i_explains_the_rule(tree: PlantedTree, opened: Opener) -> None:
    _, path = FAULTS["missing"](tree, tree.model_ids[0])
    async with opened(tree.manifest) as driver:
        await open_disk(driver, tree.model_ids[0])
        table_of(driver).set_cursor(next(i for i, row in enumerate(table_of(driver).rows) if row.path == path))
        await driver.press("i")
        assert "LM801" in driver.screen
        assert "What to do" in driver.screen
