"""Saving, with the difference first, and leaving with something unsaved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


async def set_fps(driver: Driver, text: str = "30") -> None:
    await driver.press("j", "j", "3", "enter")
    await driver.type(text)
    await driver.press("enter")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_a_save_changes_one_line_of_the_file(opened: Opener, newline: str, manifest: str) -> None:
    raw = manifest.replace("\n", newline).encode()
    async with opened(raw) as driver:
        await set_fps(driver)
        await driver.press("w")
        assert "Save 1 line in 1 model" in driver.screen
        assert "− fps = 24 # as trained" in driver.screen
        assert "+ fps = 30 # as trained" in driver.screen
        assert driver.path.read_bytes() == raw
        await driver.press("enter")
        assert driver.said == "Saved."
        assert driver.path.read_bytes() == raw.replace(b"fps = 24", b"fps = 30")
        assert "unsaved" not in driver.lines[0]


async def test_leaving_the_difference_saves_nothing(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("ctrl+s", "escape")
        assert driver.path.read_text() == manifest
        assert "unsaved" in driver.lines[0]


async def test_the_difference_tells_what_becomes_of_the_faults(opened: Opener) -> None:
    async with opened() as driver:
        await set_fps(driver, "0")
        await driver.press("w")
        assert "brings LM103" in driver.screen


async def test_nothing_unsaved_is_said_and_not_written(opened: Opener) -> None:
    async with opened() as driver:
        before = driver.path.stat().st_mtime_ns
        await driver.press("w")
        assert driver.said == "Nothing is unsaved."
        assert driver.path.stat().st_mtime_ns == before


async def test_undo_after_a_save_is_unsaved_again(opened: Opener) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("w", "enter", "u")
        assert "unsaved" in driver.lines[0]


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_with_nothing_unsaved_leaves_at_once(opened: Opener, key: str) -> None:
    async with opened() as driver:
        await driver.press(key)
        assert driver.app.return_code == 0
        assert driver.answer() == 0


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_quitting_with_something_unsaved_asks(opened: Opener, key: str, manifest: str) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.press(key)
        assert "Quit with unsaved changes?" in driver.screen
        assert "t2v-small defaults.fps = 30" in driver.screen
        await driver.press("escape")
        assert driver.answer() is None
        assert "unsaved" in driver.lines[0]
        await driver.press(key, "d")
        assert driver.answer() == 0
        assert driver.path.read_text() == manifest


async def test_quitting_can_save(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("q", "enter")
        assert driver.answer() == 0
        assert driver.path.read_text() == manifest.replace("fps = 24", "fps = 30")


async def test_ctrl_q_asks_also_from_within_a_field(opened: Opener) -> None:
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("enter", "ctrl+q")
        assert "Quit with unsaved changes?" in driver.screen
