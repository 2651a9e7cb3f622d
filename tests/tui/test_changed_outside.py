"""Someone else changes the file while it is open: nothing of theirs or mine is lost, whatever is chosen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.widgets.field_editor import FieldEditor

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


async def set_fps(driver: Driver, text: str = "30") -> None:
    await driver.press("j", "j", "3", "enter")
    await driver.type(text)
    await driver.press("enter")


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def rename(path: Path, text: str) -> None:
    """As editors save: a new file in the place of the old."""
    other = path.with_name(".models.toml.swp")
    other.write_bytes(text.encode())
    other.replace(path)


@pytest.mark.parametrize("save", [write, rename])
async def test_with_nothing_unsaved_it_is_read_again_and_the_cursor_stays(
    opened: Opener, manifest: str, save: Callable[[Path, str], None]
) -> None:
    theirs = manifest.replace("frames = 16", "frames = 33").replace("# Kept by hand.\n", "# Kept\n# by hand.\n")
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "3", "j")
        node, path = driver.bench.models.node, driver.bench.detail.path
        save(driver.path, theirs)
        await driver.until(lambda: driver.text == theirs)
        assert driver.said == "Someone else changed the file: read again, 3 lines in 1 model."
        assert (driver.bench.models.node, driver.bench.detail.path) == (node, path)
        assert "frames" in driver.line_with(" 33 ")
        assert "● unsaved" not in driver.lines[0]
        await driver.press("u")
        assert driver.text == manifest
        assert "● unsaved" in driver.lines[0]


async def test_a_value_that_is_being_typed_is_not_disturbed(opened: Opener, manifest: str) -> None:
    theirs = manifest.replace("frames = 16", "frames = 33")
    async with opened() as driver:
        await driver.press("j", "j", "3", "enter")
        await driver.type("30")
        write(driver.path, theirs)
        await driver.shows("changed outside")
        assert driver.text == manifest
        assert driver.bench.query(FieldEditor)
        await driver.press("enter")
        await driver.shows("Someone else changed the file")
        assert "They changed 1 line in 1 model." in driver.screen
        assert driver.text == manifest.replace("fps = 24", "fps = 30")


async def both_changed(driver: Driver, theirs: str) -> None:
    await set_fps(driver)
    write(driver.path, theirs)
    await driver.shows("Someone else changed the file")
    assert "Not saved of mine: 1 line in 1 model" in driver.screen


async def test_theirs_can_be_taken_and_mine_brought_back(opened: Opener, manifest: str) -> None:
    theirs, mine = manifest.replace("frames = 16", "frames = 33"), manifest.replace("fps = 24", "fps = 30")
    async with opened() as driver:
        await both_changed(driver, theirs)
        await driver.press("t")
        await driver.until(lambda: driver.text == theirs)
        assert "● unsaved" not in driver.lines[0]
        await driver.press("u")
        assert driver.text == mine
        assert "● unsaved" in driver.lines[0]


async def test_mine_can_be_kept_and_saving_shows_what_it_writes_over(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await both_changed(driver, manifest.replace("frames = 16", "frames = 33"))
        await driver.press("m")
        await driver.until(lambda: driver.said.startswith("Mine is kept"))
        await driver.press("w")
        assert "− frames = 33" in driver.screen
        await driver.press("enter")
        assert driver.path.read_text() == manifest.replace("fps = 24", "fps = 30")


async def test_both_are_put_together_where_different_fields_were_changed(opened: Opener, manifest: str) -> None:
    both = manifest.replace("frames = 16", "frames = 33").replace("fps = 24", "fps = 30")
    async with opened() as driver:
        await both_changed(driver, manifest.replace("frames = 16", "frames = 33"))
        await driver.press("c")
        await driver.shows("Mine and theirs")
        assert "none in each other's way" in driver.screen
        assert driver.line_with("defaults fps").split()[2:7] == ["fps", "•", "30", "24", "24"]
        await driver.press("enter")
        await driver.until(lambda: driver.text == both)
        assert "● unsaved" in driver.lines[0]
        await driver.press("w", "enter")
        assert driver.path.read_text() == both


async def test_a_field_that_both_changed_has_to_be_chosen(opened: Opener, manifest: str) -> None:
    theirs = manifest.replace("fps = 24 ", "fps = 12 ").replace("frames = 16", "frames = 33")
    async with opened() as driver:
        await both_changed(driver, theirs)
        await driver.press("enter")
        await driver.shows("1 changed by both")
        await driver.press("enter")
        assert "1 field to choose first" in driver.screen
        await driver.press("right", "enter")
        await driver.until(lambda: driver.text == theirs)
        assert "● unsaved" not in driver.lines[0]


async def test_the_mouse_chooses_as_well(opened: Opener, manifest: str) -> None:
    theirs = manifest.replace("fps = 24 ", "fps = 12 ").replace("frames = 16", "frames = 33")

    async def click(text: str) -> None:
        y = next(y for y, line in enumerate(driver.lines) if text in line)
        await driver.pilot.click(offset=(driver.lines[y].index(text) + 1, y))
        await driver.settle()

    async with opened() as driver:
        await both_changed(driver, theirs)
        await click("Compare")
        await driver.shows("1 changed by both")
        await click("• 12")
        await click("put both together")
        await driver.until(lambda: driver.text == theirs)


async def test_what_one_removed_and_the_other_changed_is_theirs_or_mine(opened: Opener, manifest: str) -> None:
    theirs = manifest[: manifest.index('[models."i2v-other')]
    async with opened() as driver:
        driver.bench.reveal(("models", "i2v-other@2.0.0", "version"))
        driver.bench.focus_pane("detail")
        await driver.press("enter")
        await driver.type("2.0.2")
        await driver.press("enter")
        write(driver.path, theirs)
        await driver.shows("Someone else changed the file")
        await driver.press("c")
        await driver.shows("one has to give way")
        await driver.press("enter")
        assert "take theirs (t) or keep mine (m)" in driver.screen
        await driver.press("escape")
        await driver.shows("Someone else changed the file")
        await driver.press("escape")
        assert driver.said.startswith("Both stay as they are")
        await driver.press("O")
        await driver.press("t")
        await driver.until(lambda: driver.text == theirs)


async def test_a_save_never_writes_over_what_someone_else_wrote_unasked(opened: Opener, manifest: str) -> None:
    theirs = manifest.replace("frames = 16", "frames = 33")
    async with opened() as driver:
        await both_changed(driver, theirs)
        await driver.press("escape", "w")
        await driver.shows("Someone else changed the file")
        assert driver.path.read_text() == theirs
        await driver.press("escape")
        assert driver.said == "Not saved."
        await driver.press("w")
        await driver.shows("Someone else changed the file")
        await driver.press("m")
        await driver.shows("Nothing else in the file changes.")
        assert "− frames = 33" in driver.screen
        await driver.press("enter")
        await driver.until(lambda: driver.said == "Saved.")
        assert driver.path.read_text() == manifest.replace("fps = 24", "fps = 30")
        assert "changed outside" not in driver.lines[0]


async def test_the_same_change_made_outside_is_no_change(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await set_fps(driver)
        write(driver.path, manifest.replace("fps = 24", "fps = 30"))
        await driver.until(lambda: "● unsaved" not in driver.lines[0])
        assert "changed outside" not in driver.lines[0]


async def test_a_file_that_is_gone_is_told_and_written_anew_on_request(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        driver.path.unlink()
        await driver.until(lambda: driver.said.startswith("The file is gone."))
        assert "● gone" in driver.lines[0]
        await driver.press("q")
        assert "Quit with unsaved changes?" in driver.screen
        await driver.press("escape", "w")
        await driver.until(lambda: driver.said == "Saved.")
        assert driver.path.read_text() == manifest
        assert "● gone" not in driver.lines[0]


async def test_a_file_that_comes_back_is_told(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        away = driver.path.with_name("away")
        driver.path.rename(away)
        await driver.until(lambda: driver.said.startswith("The file is gone."))
        away.rename(driver.path)
        await driver.until(lambda: driver.said == "The file is there again, as it was.")
        assert "● gone" not in driver.lines[0]


@pytest.mark.skipif(os.name != "posix", reason="a folder cannot be put in the place of a file")
async def test_a_file_that_cannot_be_read_any_more_is_told(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        driver.path.unlink()
        driver.path.mkdir()
        await driver.until(lambda: "cannot be read any more" in driver.said)
        assert driver.text == manifest


async def test_damage_done_outside_is_shown_and_the_rest_goes_on_working(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        write(driver.path, manifest.replace('version = "2.0.1"', "version = ["))
        await driver.until(lambda: "read again" in driver.said)
        assert "LM001" in driver.screen
        await set_fps(driver)
        assert "fps = 30" in driver.text


async def test_a_comment_that_theirs_changed_is_told_beside_the_fields(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await both_changed(driver, manifest.replace("# Kept by hand.", "# Kept by two hands."))
        await driver.press("c")
        await driver.shows("theirs: 1 line of comment")
        assert "mine:" not in driver.screen
        await driver.press("enter")
        await driver.until(lambda: "# Kept by two hands." in driver.text)
        assert "fps = 30" in driver.text
