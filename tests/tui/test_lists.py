"""Lists edited item by item, where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import DescendantFocus

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = ("models", "t2v-small@1.0.0")
COMMENTED = """\
schema_version = 1

[models."t2v-small@1.0.0"]
version = "1.0.0"
# by size, the largest first
variants = [
    "fp16",  # the one we run
    # smaller
    "bf16",
]
default_variant = "fp16"

[models."t2v-small@1.0.0".sources]
priority = [
    # ours
    "local://small",
    "hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e",  # theirs
]
"""


async def on_field(driver: Driver, *path: str | int) -> None:
    """Put the cursor of the detail on a field."""
    driver.bench.reveal((*SMALL, *path))
    driver.bench.focus_pane("detail")
    await driver.settle()


def items(driver: Driver, *path: str) -> list[str]:
    assert driver.bench.view is not None
    found = driver.bench.view.document.get((*SMALL, *path))
    assert isinstance(found, list)
    return found


def is_open(driver: Driver) -> bool:
    return driver.bench.lists.is_open


async def test_enter_opens_the_list_with_a_row_for_each_item(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter")
        assert is_open(driver)
        assert "1  fp16  ★ default" in driver.screen
        assert "2  bf16" in driver.screen
        assert "add an item" in driver.screen
        assert "a add" in driver.lines[-1]
        assert "J move down" in driver.lines[-1]
        await driver.press("escape")
        assert not is_open(driver)
        assert driver.bench.detail.body.has_focus


async def test_an_item_is_added_behind_the_cursor(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "a", *"fp8", "enter")
        assert items(driver, "variants") == ["fp16", "fp8", "bf16"]
        assert driver.steps == ["t2v-small variants: add fp8"]
        await driver.press("escape")
        assert await driver.saved_lines(manifest) == [
            '-variants = ["fp16", "bf16"]',
            '+variants = ["fp16", "fp8", "bf16"]',
        ]
        await driver.press("u")
        assert driver.text == manifest


async def test_tab_adds_one_after_the_other(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "j", "a", *"fp8", "tab", *"int8", "enter")
        assert items(driver, "variants") == ["fp16", "bf16", "fp8", "int8"]
        assert driver.bench.lists.is_open


async def test_an_item_that_is_not_typed_is_not_added(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "a", "escape")
        await driver.press("a", "enter")
        await driver.press("escape")
        assert driver.text == manifest
        assert driver.steps == []


async def test_the_choices_leave_out_what_is_there(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "a", "down")
        assert driver.line_with("fp32")
        await driver.press("enter")
        assert items(driver, "variants") == ["fp16", "fp32", "bf16"]


async def test_a_fault_is_told_while_an_item_is_typed_and_below_it_then(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "j", "e")
        await driver.type("f p")
        assert "LM108" in driver.screen
        await driver.press("enter")
        row = next(number for number, line in enumerate(driver.lines) if "2  f p" in line)
        assert "LM108" in driver.lines[row + 1]


async def test_comments_go_with_their_items(opened: Opener) -> None:
    async with opened(COMMENTED) as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "j", "K", "j")
        assert driver.changed_lines(COMMENTED, driver.text) == [
            '-    "fp16",  # the one we run',
            '+    "fp16",  # the one we run',
        ]
        moved = driver.text
        assert '    # smaller\n    "bf16",\n    "fp16",  # the one we run\n]' in moved
        await driver.press("x", "enter")
        assert items(driver, "variants") == ["bf16"]
        assert "# the one we run" not in driver.text
        await driver.press("escape", "u", "u")
        assert driver.text == COMMENTED


async def test_a_move_keeps_the_cursor_on_the_item_and_undo_brings_it_back(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "J")
        assert items(driver, "variants") == ["bf16", "fp16"]
        target = driver.bench.target
        assert target.path == (*SMALL, "variants", 1)
        await driver.press("alt+up")
        assert items(driver, "variants") == ["fp16", "bf16"]
        await driver.press("u")
        assert driver.bench.target.path == (*SMALL, "variants", 1)
        await driver.press("u")
        assert driver.bench.target.path == (*SMALL, "variants", 0)
        assert driver.text == manifest


async def test_the_ends_of_a_list_are_said(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "K")
        assert "first already" in driver.said
        await driver.press("j", "J")
        assert "last already" in driver.said
        assert driver.text == manifest


async def test_what_would_bring_an_error_is_asked_about(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "d")
        assert "LM201" in driver.screen
        await driver.press("escape")
        assert driver.text == manifest
        await driver.press("d", "enter")
        assert items(driver, "variants") == ["bf16"]


async def test_a_list_that_is_not_in_the_file_is_written_with_its_first_item(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "resolution_caps")
        await driver.press("enter")
        assert "none  default" in driver.screen
        await driver.press("enter", *"720p24", "enter", "escape")
        assert await driver.saved_lines(manifest) == ['+resolution_caps = ["720p24"]']


async def test_sources_stand_as_rows_and_are_edited_there(opened: Opener) -> None:
    async with opened(COMMENTED) as driver:
        await on_field(driver, "sources", "priority", 0)
        await driver.press("J")
        assert [url[:5] for url in items(driver, "sources", "priority")] == ["hf://", "local"]
        assert driver.bench.detail.path == (*SMALL, "sources", "priority", 1)
        await driver.press("enter")
        await driver.type("local://smaller")
        await driver.press("enter")
        theirs = '    "hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e",  # theirs'
        assert await driver.saved_lines(COMMENTED) == [
            f"+{theirs}",
            '-    "local://small",',
            f"-{theirs}",
            '+    "local://smaller",',
        ]


async def test_a_source_is_added_in_the_list_that_opens_at_its_place(opened: Opener) -> None:
    async with opened(COMMENTED) as driver:
        await on_field(driver, "sources", "priority", 0)
        await driver.press("a", "enter")
        assert driver.bench.lists.is_open
        await driver.press(*"s3:", "slash", "slash", *"b/small", "enter")
        assert items(driver, "sources", "priority")[1] == "s3://b/small"
        await driver.press("escape", "u")
        assert driver.text == COMMENTED


async def test_tab_leaves_an_open_list_for_the_next_field(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", "tab")
        assert not is_open(driver)
        assert driver.bench.editing.is_open
        assert driver.bench.detail.path == (*SMALL, "default_variant")
        await driver.press("shift+tab")
        assert is_open(driver)
        assert driver.bench.detail.path == (*SMALL, "variants")


@pytest.mark.parametrize("key", ["2", "n", "shift+tab"])
async def test_a_list_does_not_stay_open_over_another_form(opened: Opener, key: str) -> None:
    async with opened() as driver:
        await on_field(driver, "variants")
        await driver.press("enter", key)
        assert not driver.bench.lists.is_open
        assert driver.app.focused is not None


async def test_a_list_of_other_things_can_be_looked_at(opened: Opener, manifest: str) -> None:
    odd = manifest.replace('variants = ["fp16", "bf16"]', 'variants = ["fp16", 16, { a = 1 }]')
    async with opened(odd) as driver:
        await on_field(driver, "variants")
        await driver.press("enter")
        assert "2  16" in driver.screen
        assert "a table of a" in driver.screen
        await driver.press("j", "e")
        await driver.type("bf16")
        await driver.press("enter")
        assert items(driver, "variants")[:2] == ["fp16", "bf16"]


@pytest.mark.parametrize("key", ["x", "d"])
async def test_a_source_is_taken_out_of_its_row(opened: Opener, key: str) -> None:
    async with opened(COMMENTED) as driver:
        await on_field(driver, "sources", "priority", 1)
        await driver.press(key)
        assert await driver.saved_lines(COMMENTED) == [
            '-    "hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e",  # theirs',
        ]
        await driver.press("u")
        assert driver.text == COMMENTED
        assert driver.bench.detail.path == (*SMALL, "sources", "priority", 1)


async def test_a_list_that_is_added_to_from_the_text_opens_in_its_form(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "s")
        driver.bench.reveal(("models", "t2v-small@1.0.0", "variants"))
        driver.bench.open_list(("models", "t2v-small@1.0.0", "variants"), 0)
        await driver.settle()
        assert driver.bench.detail.tab_id == "overview"
        assert driver.bench.lists.is_open


async def test_a_focus_that_is_told_late_closes_no_list(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter")
        body = driver.bench.detail.body
        driver.bench.lists.open(("models", "t2v-small@1.0.0", "variants"), body.region.offset, add_at=0)
        driver.bench.post_message(DescendantFocus(body))
        await driver.settle()
        assert driver.bench.lists.is_open
        await driver.press("escape", "tab")
        assert not driver.bench.lists.is_open
