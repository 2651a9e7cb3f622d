"""Unsaved work of an earlier run: told, compared, restored as one step, discarded; and kept while one edits."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.document import recovery, store

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


def state(file: Path) -> Path:
    return file.parent / "state"


def texts(file: Path) -> list[str]:
    return [copy.text for copy in recovery.find_all(state(file), file)]


def leave(tmp_path: Path, text: str, saved: str, ago: float = 0, run: str = "other") -> Path:
    """What a run that was killed left of `models.toml`, which said `saved` when it was read."""
    file = tmp_path / "models.toml"
    file.write_text(saved)
    return recovery.keep(state(file), file, text, store.load(file).stamp, time.time() - ago, run)


async def set_fps(driver: Driver, text: str = "30") -> None:
    await driver.press("j", "j", "3", "enter")
    await driver.type(text)
    await driver.press("enter")


@pytest.fixture
def mine(manifest: str) -> str:
    return manifest.replace("fps = 24", "fps = 31")


async def test_each_edit_is_kept_and_what_is_saved_is_not(opened: Opener, manifest: str, mine: str) -> None:
    async with opened() as driver:
        await set_fps(driver, "30")
        await driver.until(lambda: texts(driver.path) == [manifest.replace("fps = 24", "fps = 30")])
        await driver.press("enter")
        await driver.type("31")
        await driver.press("enter")
        await driver.until(lambda: texts(driver.path) == [mine])
        await driver.press("w", "enter")
        await driver.until(lambda: texts(driver.path) == [])
        await driver.press("u")
        await driver.until(lambda: texts(driver.path) == [manifest.replace("fps = 24", "fps = 30")])
        await driver.press("U")
        await driver.until(lambda: texts(driver.path) == [])


async def test_what_is_discarded_on_quitting_is_not_offered_again(opened: Opener) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.until(lambda: texts(driver.path))
        await driver.press("q", "d")
        assert texts(driver.path) == []


async def test_it_is_restored_as_one_step_and_saves_nothing(
    opened: Opener, tmp_path: Path, manifest: str, mine: str
) -> None:
    left = leave(tmp_path, mine, manifest, ago=200)
    async with opened() as driver:
        await driver.shows("Unsaved work was found")
        assert "the last change was made 3 minutes ago" in driver.screen.replace("\n", "")
        assert "1 line in 1 model" in driver.screen
        assert "was changed since" not in driver.screen
        await driver.press("r")
        assert driver.said.startswith("Restored: 1 line in 1 model")
        assert driver.text == mine
        assert driver.path.read_text() == manifest
        assert texts(driver.path) == [mine]
        assert not left.exists()
        await driver.press("u")
        assert driver.text == manifest


async def test_it_can_be_compared_before(opened: Opener, tmp_path: Path, manifest: str, mine: str) -> None:
    leave(tmp_path, mine, manifest)
    async with opened() as driver:
        await driver.shows("Unsaved work was found")
        await driver.press("c")
        assert "− fps = 24 # as trained" in driver.screen
        assert "+ fps = 31 # as trained" in driver.screen
        await driver.press("escape")
        assert "Unsaved work was found" in driver.screen
        assert driver.text == manifest
        await driver.press("c", "enter")
        assert driver.text == mine


async def test_it_can_be_discarded_or_left_for_later(opened: Opener, tmp_path: Path, manifest: str, mine: str) -> None:
    left = leave(tmp_path, mine, manifest)
    async with opened() as driver:
        await driver.shows("Unsaved work was found")
        await driver.press("escape")
        assert left.exists()
    async with opened() as driver:
        await driver.shows("Unsaved work was found")
        await driver.press("d")
        await driver.until(lambda: not left.exists())
        assert driver.text == manifest


async def test_a_file_that_was_changed_since_is_told(opened: Opener, tmp_path: Path, manifest: str, mine: str) -> None:
    leave(tmp_path, mine, manifest)
    async with opened(manifest.replace("frames = 16", "frames = 33")) as driver:
        await driver.shows("Unsaved work was found")
        assert "The file was changed since then" in driver.screen


async def test_of_several_the_latest_comes_first_and_a_copy_of_the_file_itself_is_no_news(
    opened: Opener, tmp_path: Path, manifest: str, mine: str
) -> None:
    leave(tmp_path, manifest, manifest, 1, "same")
    leave(tmp_path, manifest.replace("fps = 24", "fps = 1"), manifest, 300, "old")
    leave(tmp_path, mine, manifest, 60, "new")
    async with opened() as driver:
        await driver.shows("1 minute ago")
        await driver.press("d")
        await driver.shows("5 minutes ago")
        await driver.press("r")
        assert "fps = 1 " in driver.text


async def test_text_that_is_no_toml_is_restored_as_it_was(opened: Opener, tmp_path: Path, manifest: str) -> None:
    broken = manifest.replace("fps = 24", "fps = [")
    leave(tmp_path, broken, manifest)
    async with opened() as driver:
        await driver.shows("Unsaved work was found")
        await driver.press("r")
        assert driver.text == broken
        assert "LM001" in driver.screen


async def test_where_nothing_can_be_kept_aside_it_is_told(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "recovery").write_text("in the way")
    async with opened() as driver:
        await set_fps(driver)
        await driver.until(lambda: driver.said.startswith("Unsaved work cannot be kept aside"))
        assert "Save it soon (w)" in driver.said
