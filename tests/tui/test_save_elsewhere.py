"""What cannot be saved is told apart by what stands in the way, loses nothing, and can be saved elsewhere."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.document import store
from loadmaster.tui.widgets.path_input import PathInput

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


async def set_fps(driver: Driver, text: str = "30") -> None:
    await driver.press("j", "j", "3", "enter")
    await driver.type(text)
    await driver.press("enter")


def stands_in_the_way(monkeypatch: pytest.MonkeyPatch, *codes: int) -> None:
    """The next saves fail with these errors, those after succeed."""
    left = list(codes)
    write = store._write

    def fails(target: Path, raw: bytes) -> None:
        if left:
            code = left.pop(0)
            raise OSError(code, os.strerror(code))
        write(target, raw)

    monkeypatch.setattr(store, "_write", fails)


@pytest.fixture
def mine(manifest: str) -> str:
    return manifest.replace("fps = 24", "fps = 30")


@pytest.mark.parametrize(
    ("code", "told", "way_out"),
    [
        (errno.ENOSPC, "the disk is full", "Free some space and try again"),
        (errno.EROFS, "the disk is mounted read-only", "Save it on another disk"),
        (errno.EACCES, "you have no permission", "Save it elsewhere"),
    ],
)
async def test_each_reason_is_told_with_its_way_out_and_tried_again(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, manifest: str, mine: str, code: int, told: str, way_out: str
) -> None:
    stands_in_the_way(monkeypatch, code)
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("w", "enter")
        screen = " ".join(driver.screen.split())
        assert "It cannot be saved" in screen
        assert told in screen
        assert way_out in screen
        assert driver.path.read_text() == manifest
        assert driver.text == mine
        await driver.press("a")
        assert driver.said == "Saved."
        assert driver.path.read_text() == mine


async def test_it_is_saved_elsewhere_and_lives_there_from_then_on(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, manifest: str, mine: str
) -> None:
    stands_in_the_way(monkeypatch, errno.EROFS)
    async with opened() as driver:
        elsewhere = driver.path.with_name("elsewhere.toml")
        await set_fps(driver)
        await driver.press("w", "enter", "e")
        driver.app.screen.query_one(PathInput).value = str(elsewhere)
        await driver.press("enter")
        assert driver.said == f"Saved as {elsewhere}."
        assert (driver.path.read_text(), elsewhere.read_text()) == (manifest, mine)
        assert "elsewhere.toml" in driver.lines[0]
        assert "unsaved" not in driver.lines[0]
        elsewhere.write_text(manifest)
        await driver.until(lambda: driver.text == manifest)


async def test_leaving_what_is_offered_changes_nothing_and_quitting_asks_again(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, manifest: str, mine: str
) -> None:
    stands_in_the_way(monkeypatch, errno.ENOSPC, errno.ENOSPC)
    async with opened() as driver:
        await set_fps(driver)
        await driver.press("w", "enter", "escape")
        assert driver.said.startswith("Not saved. ")
        await driver.press("q", "enter", "escape")
        assert driver.answer() is None
        assert driver.text == mine
        await driver.press("q", "enter")
        assert driver.answer() == 0
        assert driver.path.read_text() == mine


async def test_a_file_that_is_there_is_written_over_only_after_a_second_enter(
    opened: Opener, manifest: str, mine: str
) -> None:
    async with opened() as driver:
        other = driver.path.with_name("other.toml")
        other.write_text("# of someone\n")
        await set_fps(driver)
        await driver.press("W")
        line = driver.app.screen.query_one(PathInput)
        assert line.value == str(driver.path)
        line.value = str(other)
        await driver.press("enter")
        assert "Enter once more" in driver.screen
        assert other.read_text() == "# of someone\n"
        await driver.press("enter")
        assert other.read_text() == mine
        assert driver.path.read_text() == manifest


async def test_a_folder_takes_the_file_by_its_name_and_one_that_is_not_there_is_told(opened: Opener, mine: str) -> None:
    async with opened() as driver:
        folder = driver.path.with_name("folder")
        await set_fps(driver)
        await driver.press("W")
        line = driver.app.screen.query_one(PathInput)
        line.value = str(folder / "models.toml")
        await driver.press("enter")
        assert "There is no folder" in driver.screen
        folder.mkdir()
        line.value = str(folder)
        await driver.press("enter")
        assert (folder / "models.toml").read_text() == mine


async def test_tab_completes_a_path(opened: Opener) -> None:
    async with opened() as driver:
        for name in ("alpha-one", "alpha-two"):
            driver.path.with_name(name).mkdir()
        await driver.press("W")
        line = driver.app.screen.query_one(PathInput)
        line.value = str(driver.path.with_name("al"))
        await driver.press("tab")
        assert line.value == str(driver.path.with_name("alpha-"))
        assert "alpha-one/" in driver.screen
        assert "alpha-two/" in driver.screen


async def test_what_cannot_be_written_is_told_when_it_is_opened(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, mine: str
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    async with opened() as driver:
        assert "read-only" in driver.lines[0]
        assert "saved elsewhere (W)" in driver.said
        await set_fps(driver)
        assert driver.text == mine
        await driver.press("w", "enter")
        assert "you have no permission" in " ".join(driver.screen.split())
