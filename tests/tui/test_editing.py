"""Editing values where they stand, and taking the edits back."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from tests.tui.conftest import DIGEST_1, DIGEST_2

from loadmaster.tui.widgets.field_editor import VerdictLines

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = ("models", "t2v-small@1.0.0")


def value(driver: Driver, *path: Any) -> Any:
    view = driver.bench.view
    assert view is not None
    return view.document.get((*SMALL, *path))


def below(driver: Driver) -> str:
    """What the open editor says below its line."""
    widget = driver.bench.query_one(VerdictLines)
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


async def on_defaults(driver: Driver) -> None:
    await driver.press("j", "j", "3")


async def test_a_fault_appears_while_typing_and_goes_again(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("0")
        assert "LM103" in driver.line_with("LM103 ")
        assert value(driver, "defaults", "fps") == 24
        await driver.type("30")
        assert "LM103" not in driver.screen
        await driver.press("enter")
        assert value(driver, "defaults", "fps") == 30
        assert "unsaved" in driver.lines[0]


async def test_escape_leaves_all_as_it_was(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("99")
        await driver.press("escape")
        assert value(driver, "defaults", "fps") == 24
        assert "unsaved" not in driver.lines[0]
        assert driver.bench.detail.body.has_focus


async def test_a_text_that_is_no_value_is_refused_and_can_be_mended(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("many")
        await driver.press("enter")
        assert driver.bench.editing.is_open
        assert "fps is a whole number" in driver.screen
        await driver.type("25")
        await driver.press("enter")
        assert value(driver, "defaults", "fps") == 25


async def test_tab_keeps_and_goes_on_to_the_next_field(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("25")
        await driver.press("tab")
        await driver.type("81")
        await driver.press("enter")
        assert value(driver, "defaults") == {"fps": 25, "frames": 81, "precision": "fp16"}


async def test_a_boolean_turns_over_at_once(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter", *"jjjjjjj")
        assert driver.bench.detail.path == (*SMALL, "lora_required")
        await driver.press("enter")
        assert value(driver, "lora_required") is True
        await driver.press("enter")
        assert value(driver, "lora_required") is False


async def test_a_choice_is_picked_with_the_arrows(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("j", "j", "j", "enter")
        assert "bf16" in driver.screen
        await driver.press("down", "enter")
        assert value(driver, "defaults", "precision") == "bf16"


async def test_a_size_takes_units_and_says_what_it_reads(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "2", "l", "enter")
        await driver.type("4.7 GiB")
        assert "5,046,586,573 bytes" in driver.screen
        await driver.press("enter")
        assert value(driver, "files", 0, "size") == 5046586573


async def test_a_default_that_is_edited_enters_the_file(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("j", "j", "enter")
        await driver.type("euler")
        await driver.press("enter")
        assert value(driver, "defaults", "scheduler") == "euler"


async def test_x_takes_a_key_out_and_its_default_counts_again(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("x")
        assert value(driver, "defaults", "fps") is None
        assert "default" in driver.line_with("fps")


async def test_a_required_key_is_not_taken_out(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "2", "x")
        assert "required" in driver.said
        assert value(driver, "files", 0, "path") == "unet.safetensors"


async def test_the_first_default_of_a_model_without_any_makes_the_table(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("3")
        assert "No table defaults" in driver.screen
        await driver.press("enter")
        await driver.type("12")
        await driver.press("enter")
        view = driver.bench.view
        assert view is not None
        assert view.document.get(("models", "i2v-other@2.0.0", "defaults")) == {"fps": 12}


async def test_a_source_is_edited_as_a_text_of_its_own(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("enter", "end")
        while driver.bench.detail.path != ("models", "i2v-other@2.0.0", "sources", "priority", 0):
            await driver.press("k")
        await driver.press("enter")
        await driver.type("s3://a, b")
        await driver.press("enter")
        view = driver.bench.view
        assert view is not None
        assert view.document.get(("models", "i2v-other@2.0.0", "sources", "priority")) == ["s3://a, b"]


async def test_undo_and_redo_bring_the_cursor_back(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("j", "enter")
        await driver.type("81")
        await driver.press("enter", "escape", "k", "k", "1")
        await driver.press("u")
        assert value(driver, "defaults", "frames") == 16
        assert driver.bench.detail.path == (*SMALL, "defaults", "frames")
        assert "unsaved" not in driver.lines[0]
        await driver.press("U")
        assert value(driver, "defaults", "frames") == 81
        await driver.press("ctrl+z")
        assert value(driver, "defaults", "frames") == 16
        await driver.press("u")
        assert driver.said == "nothing to undo"


async def test_only_control_keys_act_while_a_value_is_typed(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter", "enter")
        await driver.type("q?n:/u1s")
        assert driver.bench.editing.is_open
        await driver.press("enter")
        assert value(driver, "description") == "q?n:/u1s"


async def test_an_emptied_description_stays_a_string(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter", "enter")
        await driver.type("")
        await driver.press("enter")
        assert value(driver, "description") == ""


async def test_a_file_that_is_not_utf8_can_only_be_looked_at(opened: Opener, manifest: str) -> None:

    async with opened(manifest.replace("video", "vidéo").encode("latin-1")) as driver:
        assert "read-only" in driver.lines[0]
        await on_defaults(driver)
        await driver.press("enter")
        assert not driver.bench.editing.is_open
        assert "not UTF-8" in driver.said


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40)])
async def test_the_editor_lies_inside_the_pane_at_any_size(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as driver:
        await driver.press("j", "j", "2", "end", "l", "l", "l", "l", "enter")
        editor = driver.bench.query_one("FieldEditor")
        area = driver.bench.detail.area.region
        assert area.contains_region(editor.region.intersection(area))
        assert editor.region.x >= area.x
        assert editor.region.right <= area.right


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_digest_is_seen_whole_while_it_is_edited(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as driver:
        await driver.press("j", "j", "enter", "2", "l", "l", "l", "l", "enter")
        assert driver.bench.editing.is_open
        assert any(DIGEST_1 in line and "sha256" not in line for line in driver.lines)


async def test_a_fault_that_is_there_stands_in_its_editor(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace("fps = 24", "fps = 0")) as driver:
        await on_defaults(driver)
        await driver.press("enter")
        assert "E LM103" in below(driver)
        await driver.type("-1")
        assert "LM103 stays" in driver.screen
        await driver.type("30")
        assert "mends LM103" in driver.screen


async def test_a_new_path_does_not_bring_what_the_old_one_had(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace(DIGEST_2, sha256(b"123").hexdigest())) as driver:
        await driver.press("j", "j", "2", "j", "home", "j")
        assert "LM403" in driver.screen
        await driver.press("h", "h", "h", "h", "e")
        await driver.type("other.json")
        assert below(driver)
        assert "LM403" not in below(driver)


async def test_a_step_names_the_file_and_what_was_read(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "2", "j", "h", "h", "h", "h", "l", "l", "l", "l", "e")
        await driver.type("sha256:" + "9F86" * 16)
        await driver.press("enter")
        assert driver.steps == ["config.json sha256 = " + ("9F86" * 16)[:39] + "…"]


async def test_a_key_that_is_left_out_names_what_counts_then(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("")
        await driver.press("enter")
        assert driver.steps[0].startswith("t2v-small defaults.fps left out, ")
        assert driver.steps[0].endswith(" counts")


async def test_a_unit_is_not_told_twice(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("j", "enter")
        assert "At least 1." in below(driver)
        assert "In frames." not in below(driver)


async def test_what_is_typed_into_an_open_field_is_saved_too(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("30")
        await driver.press("ctrl+s")
        assert "fps = 30" in driver.screen
        await driver.press("enter")
        assert driver.path.read_text(encoding="utf-8") == manifest.replace("fps = 24", "fps = 30")


async def test_quitting_asks_about_what_is_typed_into_an_open_field(opened: Opener) -> None:
    async with opened() as driver:
        await on_defaults(driver)
        await driver.press("enter")
        await driver.type("30")
        await driver.press("ctrl+q")
        assert driver.answer() is None
        assert "fps = 30" in driver.screen
        await driver.press("escape")
        assert value(driver, "defaults", "fps") == 30


async def test_what_cannot_be_kept_is_neither_saved_nor_left(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace("size = 251", "size = 250")) as driver:
        before = driver.text
        await driver.press("j", "j", "2", "j", "l", "enter")
        await driver.type("4.7 XiB")
        for key in ("ctrl+s", "ctrl+q"):
            await driver.press(key)
            assert driver.answer() is None
            assert driver.bench.editing.is_open
            assert "✕" in driver.screen
        assert driver.path.read_text(encoding="utf-8") == driver.text == before
