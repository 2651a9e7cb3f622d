"""Models, files and tables added, copied, renamed, removed and moved: each exactly, each one step, each taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = ("models", "t2v-small@1.0.0")
OTHER = ("models", "i2v-other@2.0.0")
DIGEST_2 = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
DIGEST_3 = "9b3a8f0d1c5e7264a9d8c3b1f0e6d5a47c2b9e8f1a3d6c5b4e7f8091a2b3c4d5"


async def on_model(driver: Driver, model_id: str) -> None:
    driver.bench.models.reveal(model_id)
    driver.bench.focus_pane("models")
    await driver.settle()


async def on_field(driver: Driver, *path: str | int) -> None:
    driver.bench.reveal(path)
    driver.bench.focus_pane("detail")
    await driver.settle()


def value(driver: Driver, *path: str | int) -> object:
    assert driver.bench.view is not None
    return driver.bench.view.document.get(path)


# Adding.


async def test_a_file_is_added_behind_the_one_under_the_cursor(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "files", 0, "path")
        await driver.press("a")
        assert "behind unet.safetensors" in driver.screen
        await driver.press("f")
        await driver.type("vae/model.safetensors")
        await driver.press("tab")
        await driver.type("1_000")
        assert "= 1,000 bytes" in driver.screen
        await driver.press("tab")
        await driver.type(f"sha256:{DIGEST_3}")
        await driver.press("enter")
        assert driver.bench.is_active
        assert driver.bench.detail.path == (*SMALL, "files", 1, "path")
        await driver.press("w", "enter")
        head = '[[models."t2v-small@1.0.0".files]]\npath = '
        new = f'{head}"vae/model.safetensors"\nsize = 1000\nsha256 = "{DIGEST_3}"\ncomponent = "unet"\n\n'
        assert driver.path.read_text() == manifest.replace(f'{head}"config.json"', f'{new}{head}"config.json"')
        assert len(driver.steps) == 1
        await driver.press("u")
        assert driver.text == manifest


async def test_a_form_tells_faults_at_their_line_and_cannot_be_kept_unreadable(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "files", 0, "path")
        await driver.press("a", "f")
        await driver.type("../up.bin")
        assert "LM301" in driver.screen
        assert "▌E path " in driver.line_with("../up.bin")
        await driver.press("tab")
        await driver.type("4.7 parsecs")
        await driver.press("enter")
        assert not driver.bench.is_active
        assert "parsecs is no unit of size" in driver.screen
        await driver.press("escape")
        assert driver.text == manifest


async def test_a_switch_is_turned_by_space_and_a_choice_by_an_arrow(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, *OTHER, "files", 0, "path")
        await driver.press("a", "f")
        await driver.type("x.json")
        await driver.press("tab", "tab", "tab", "space", "tab", "down", "enter")
        file = value(driver, *OTHER, "files", 1)
        assert file == {"path": "x.json", "optional": True, "component": "config"}


async def test_the_next_shard_is_guessed(opened: Opener, manifest: str) -> None:
    shard = manifest.replace('path = "unet.safetensors"', 'path = "u/m-00001-of-00003.safetensors"\nshard_part = 1')
    async with opened(shard) as driver:
        await on_field(driver, *SMALL, "files", 0, "path")
        await driver.press("a", "f", "enter")
        assert value(driver, *SMALL, "files", 1) == {
            "path": "u/m-00002-of-00003.safetensors",
            "component": "unet",
            "shard_part": 2,
        }


async def test_a_table_is_added_from_a_form_of_its_fields(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_model(driver, OTHER[1])
        await driver.press("3", "a", "enter", "enter")
        assert "an empty table says nothing" in driver.screen
        await driver.type("30")
        await driver.press("enter")
        assert driver.bench.detail.path == (*OTHER, "defaults", "fps")
        assert await driver.saved_lines(manifest) == ["+", '+[models."i2v-other@2.0.0".defaults]', "+fps = 30"]
        await driver.press("u")
        assert driver.text == manifest


async def test_a_table_that_is_there_is_not_offered(opened: Opener) -> None:
    async with opened() as driver:
        await on_model(driver, SMALL[1])
        await driver.press("a")
        assert "source" in driver.screen
        assert "table defaults" not in driver.screen


async def test_a_model_is_added_behind_the_last(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("a", "m")
        await driver.type("ti2v-new@0.1.0")
        await driver.press("tab", "tab")
        await driver.type("fp16, bf16")
        await driver.press("enter")
        assert driver.bench.models.model_id == "ti2v-new@0.1.0"
        assert await driver.saved_lines(manifest) == [
            "+",
            '+[models."ti2v-new@0.1.0"]',
            '+version = "0.1.0"',
            '+variants = ["fp16", "bf16"]',
            '+default_variant = "fp16"',
        ]
        await driver.press("u")
        assert driver.text == manifest


async def test_a_model_needs_an_id_that_is_free(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("a", "m", "enter")
        assert "A model needs an id" in driver.screen
        await driver.type(str(OTHER[1]))
        await driver.press("enter")
        assert "already" in driver.screen
        await driver.press("escape")
        assert driver.text == manifest


# Copying a file.


async def test_a_copy_of_a_file_has_no_digest_until_one_is_given(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "files", 1, "path")
        await driver.press("c")
        await driver.type("other.json")
        await driver.press("enter")
        assert await driver.saved_lines(manifest) == [
            '+[[models."t2v-small@1.0.0".files]]',
            '+path = "other.json"',
            "+size = 251",
            '+component = "config"',
            "+",
        ]
        await driver.press("u")
        assert driver.text == manifest


async def test_all_fields_of_a_file_in_one_form(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "files", 1, "path")
        await driver.press("F", "tab")
        await driver.type("0x10")
        await driver.press("tab", "tab", "space", "enter")
        assert await driver.saved_lines(manifest) == ["-size = 251", "+size = 16", "+optional = true"]
        assert len(driver.steps) == 1
        await driver.press("u")
        assert driver.text == manifest


# Renaming.


async def test_renaming_a_file_edits_its_path(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "j", "l", "j", "r")
        await driver.type("settings.json")
        await driver.press("enter")
        assert await driver.saved_lines(manifest) == ['-path = "config.json"', '+path = "settings.json"']


async def test_renaming_a_component_goes_through_files_and_lists(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j")
        assert driver.node() == ("component", SMALL[1], "unet")
        await driver.press("r")
        await driver.type("transformer")
        await driver.press("enter")
        assert await driver.saved_lines(manifest) == [
            '-required_components = ["unet", "config"]',
            '+required_components = ["transformer", "config"]',
            '-component = "unet"',
            '+component = "transformer"',
        ]
        await driver.press("u")
        assert driver.text == manifest


# Removing.


async def test_a_model_goes_with_its_tables_after_it_was_asked_about(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_model(driver, OTHER[1])
        await driver.press("d")
        assert "Callers that ask for i2v-other@2.0.0" in driver.screen
        await driver.press("escape")
        assert driver.text == manifest
        await driver.press("d", "enter")
        assert driver.bench.models.model_id == SMALL[1]
        start = manifest.index('[models."i2v-other@2.0.0"]')
        gone = manifest[start:].splitlines()
        assert await driver.saved_lines(manifest) == ["-", *(f"-{line}" for line in gone)]
        await driver.press("u")
        assert driver.text == manifest
        assert driver.bench.models.model_id == OTHER[1]


async def test_a_file_goes_and_comes_back_under_the_cursor(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "j", "l", "j")
        file = driver.node()
        await driver.press("d", "enter")
        assert driver.node() != file
        assert await driver.saved_lines(manifest) == [
            '-[[models."t2v-small@1.0.0".files]]',
            '-path = "config.json"',
            "-size = 251",
            f'-sha256 = "{DIGEST_2}"',
            '-component = "config"',
            "-",
        ]
        await driver.press("u")
        assert driver.text == manifest


async def test_a_single_line_goes_unasked(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "defaults", "frames")
        await driver.press("d")
        assert driver.bench.is_active
        assert await driver.saved_lines(manifest) == ["-frames = 16"]


async def test_the_table_around_the_cursor_goes_whole(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "defaults", "frames")
        await driver.press("D")
        assert "table defaults" in driver.screen
        await driver.press("enter")
        await driver.press("w", "enter")
        start, end = (
            manifest.index('[models."t2v-small@1.0.0".defaults]'),
            manifest.index('[models."t2v-small@1.0.0".vram'),
        )
        assert driver.path.read_text() == manifest[:start] + manifest[end:]
        await driver.press("u")
        assert driver.text == manifest
        assert driver.bench.detail.tab_id == "defaults"


async def test_a_component_goes_with_its_files_and_its_names(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "j")
        assert driver.node() == ("component", SMALL[1], "config")
        await driver.press("d", "enter")
        assert value(driver, *SMALL, "required_components") == ["unet"]
        assert value(driver, *SMALL, "files", 1) is None
        await driver.press("u")
        assert driver.text == manifest


# Moving.


async def test_a_file_is_moved_and_the_cursor_goes_with_it(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, *SMALL, "files", 0, "size")
        await driver.press("J")
        assert driver.bench.detail.path == (*SMALL, "files", 1, "size")
        assert value(driver, *SMALL, "files", 0, "path") == "config.json"
        await driver.press("J")
        assert "last already" in driver.said
        await driver.press("u")
        assert driver.bench.detail.path == (*SMALL, "files", 0, "size")
        assert driver.text == manifest


async def test_in_the_tree_a_file_moves_among_its_component(opened: Opener, manifest: str) -> None:
    more = manifest.replace('component = "config"', 'component = "unet"')
    async with opened(more) as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "l", "j")
        assert driver.node() == ("file", SMALL[1], "unet", 0)
        await driver.press("alt+down")
        assert driver.node() == ("file", SMALL[1], "unet", 1)
        assert value(driver, *SMALL, "files", 1, "path") == "unet.safetensors"
        await driver.press("u")
        assert driver.node() == ("file", SMALL[1], "unet", 0)
        assert driver.text == more


# What cannot be done.


@pytest.mark.parametrize("key", ["c", "r", "d", "J", "K", "D"])
async def test_what_has_no_meaning_at_a_place_says_so(opened: Opener, manifest: str, key: str) -> None:
    async with opened() as driver:
        await driver.press("home", key)
        assert driver.said
        assert driver.bench.is_active
        assert driver.text == manifest


@pytest.mark.parametrize("key", ["a", "c", "r", "d", "J", "F"])
async def test_what_is_no_utf_8_is_only_looked_at(opened: Opener, manifest: str, key: str) -> None:
    raw = manifest.encode().replace(b"Text to video", b"Text \xff video")
    async with opened(raw) as driver:
        await on_field(driver, *SMALL, "files", 0, "path")
        await driver.press(key)
        assert "not UTF-8" in driver.said
        assert driver.bench.is_active


async def test_an_edit_that_cannot_be_exact_is_refused_with_a_reason(opened: Opener, manifest: str) -> None:
    broken = manifest.replace("size = 251", "size = ")
    async with opened(broken) as driver:
        await on_model(driver, SMALL[1])
        await driver.press("c")
        assert "cannot be read whole" in driver.screen
        await driver.press("enter", "escape")
        assert driver.text == broken


async def test_a_row_of_components_stands_for_the_component(opened: Opener, manifest: str) -> None:
    more = manifest.replace('component = "config"', 'component = "unet"')
    async with opened(more) as driver:
        await on_field(driver, *SMALL, "files", 0)
        await driver.press("1", "home", *"jjjjjjjjj")
        assert driver.bench.detail.path == (*SMALL, "files", 0)
        await driver.press("d")
        assert "component unet" in driver.screen
        assert "2 files" in driver.screen
        await driver.press("escape")
        assert driver.text == more


async def test_what_would_go_can_be_looked_through_to_its_end(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await on_model(driver, str(SMALL[1]))
        await driver.press("d")
        assert "sources]" not in driver.screen
        await driver.press("end")
        assert 't2v-small@1.0.0".sources]' in driver.screen
        await driver.press("pageup", "home")
        assert "Callers that ask for" in driver.screen


async def test_a_model_stays_unfolded_under_its_new_id_and_its_old(opened: Opener) -> None:
    async with opened() as driver:
        await on_model(driver, str(SMALL[1]))
        await driver.press("l", "r")
        await driver.type("1.0.1")
        await driver.press("enter")
        assert ("component", "t2v-small@1.0.1", "unet") in driver.bench.models.nodes.rows
        await driver.press("u")
        assert ("component", SMALL[1], "unet") in driver.bench.models.nodes.rows


async def test_a_table_that_is_not_in_the_file_is_not_taken_for_the_model(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("enter", "3", "D")
        assert driver.said == "There is no table defaults of this model in the file."
        assert driver.text == manifest


@pytest.mark.parametrize("key", ["c", "F"])
async def test_a_file_that_went_before_it_was_noticed_is_neither_copied_nor_edited(opened: Opener, key: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "2", "j")
        assert driver.bench.view is not None
        driver.bench.view.session.apply(lambda document: document.remove_model("t2v-small@1.0.0"), "remove")
        await driver.press(key)
        assert driver.hand.is_alive
        assert "cannot be read in the text of the moment" in driver.said
        for other in ("right", "i", "escape", "J", "x", "D", "escape"):
            await driver.press(other)
        assert driver.hand.is_alive
