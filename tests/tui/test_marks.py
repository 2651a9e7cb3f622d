"""Several models at once: one edit or one fix for all that are marked, as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.document.document import Document
from loadmaster.tui.marks import Marks, same_places

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

MODEL = """
[models."{id}"]
version = "0.0.1"
variants = ["fp16"]
default_variant = "fp16"

[models."{id}".defaults]
fps = {fps}

[[models."{id}".files]]
path = "model.safetensors"
size = {size}
sha256 = "9b3a8f0d1c5e7264a9d8c3b1f0e6d5a47c2b9e8f1a3d6c5b4e7f8091a2b3c4{tail}"

[models."{id}".sources]
priority = ["local://{id}"]
"""
THREE = "schema_version = 1\n" + "".join(
    MODEL.format(id=f"t2v-{name}@1.0.0", fps=fps, size=1000 + fps, tail=tail)
    for name, fps, tail in (("a", 24, "d1"), ("b", 16, "d2"), ("c", 8, "d3"))
)
A, B, C = (("models", f"t2v-{name}@1.0.0") for name in "abc")


def value(driver: Driver, *path: str | int) -> object:
    assert driver.bench.view is not None
    return driver.bench.view.document.get(path)


async def test_space_marks_and_the_title_says_how_many(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space")
        assert "1 marked" in driver.lines[0]
        assert "◆ ▸ t2v-a@1.0.0" in driver.screen
        await driver.press("j", "space")
        assert "2 marked" in driver.lines[0]
        await driver.press("space")
        assert "1 marked" in driver.lines[0]
        await driver.press("escape")
        assert "marked" not in driver.lines[0]
        assert "◆" not in driver.screen


async def test_space_on_a_group_marks_all_of_it_that_is_shown(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("home", "space")
        assert list(driver.bench.marks) == [A[1], B[1], C[1]]
        await driver.press("space")
        assert not driver.bench.marks
        await driver.press("slash", *"t2v-b", "enter", "home", "space")
        assert list(driver.bench.marks) == [B[1]]


async def test_one_field_is_set_for_all_as_one_step(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "3", "enter")
        assert "for 2 marked models" in driver.screen
        await driver.type("30")
        await driver.press("enter")
        assert driver.steps == ["fps = 30 in 2 models"]
        assert await driver.saved_lines(THREE) == ["-fps = 24", "+fps = 30", "-fps = 16", "+fps = 30"]
        await driver.press("u")
        assert driver.text == THREE


async def test_a_text_that_stays_is_written_to_the_others(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "3", "enter", "enter")
        assert value(driver, *A, "defaults", "fps") == 16


async def test_a_fault_of_any_of_them_is_told_while_typing(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "1", "j", "enter")
        await driver.type("1.0.0")
        assert "mends LM202" in driver.screen
        await driver.press("enter")
        assert value(driver, *A, "version") == value(driver, *B, "version") == "1.0.0"
        assert value(driver, *C, "version") == "0.0.1"


async def test_a_model_that_is_not_marked_is_edited_alone_and_says_so(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "3", "enter")
        assert "for this model only: it is not marked" in driver.screen
        await driver.type("30")
        await driver.press("enter")
        assert await driver.saved_lines(THREE) == ["-fps = 16", "+fps = 30"]


async def test_a_key_is_left_out_and_a_switch_turned_in_all(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "3", "x")
        assert await driver.saved_lines(THREE) == ["-fps = 24", "-fps = 16"]
        driver.bench.reveal((*B, "lora_required"))
        await driver.settle()
        await driver.press("enter")
        assert value(driver, *A, "lora_required") is True
        assert value(driver, *B, "lora_required") is True
        assert value(driver, *C, "lora_required") is None


async def test_an_item_is_added_to_all_that_lack_it(opened: Opener) -> None:
    more = THREE.replace('variants = ["fp16"]', 'variants = ["fp16", "fp8"]', 1)
    async with opened(more) as driver:
        await driver.press("space", "j", "space", "1", "j", "j", "enter")
        assert "for 2 marked models" in driver.screen
        await driver.press("a", *"fp8", "enter")
        assert value(driver, *A, "variants") == ["fp16", "fp8"]
        assert value(driver, *B, "variants") == ["fp16", "fp8"]
        await driver.press("x")
        assert value(driver, *A, "variants") == value(driver, *B, "variants") == ["fp16"]
        assert len(driver.steps) == 2


async def test_one_fix_is_applied_to_all_as_one_step(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "1", "j", "f")
        assert "Fix LM202" in driver.screen
        assert "× 2 in 2 models" in driver.screen
        await driver.press("enter")
        assert await driver.saved_lines(THREE) == [
            '-version = "0.0.1"',
            '+version = "1.0.0"',
            '-version = "0.0.1"',
            '+version = "1.0.0"',
        ]
        assert len(driver.steps) == 1
        await driver.press("u")
        assert driver.text == THREE


async def test_all_marked_models_are_removed_together(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "j", "space", "d")
        assert "2 marked models" in driver.screen
        await driver.press("enter")
        assert driver.bench.view is not None
        assert driver.bench.view.document.model_ids == (C[1],)
        assert not driver.bench.marks
        await driver.press("u")
        assert driver.text == THREE


async def test_a_mark_follows_a_new_id(opened: Opener) -> None:
    async with opened(THREE) as driver:
        await driver.press("space", "r")
        await driver.type("t2v-z@1.0.0")
        await driver.press("enter")
        assert list(driver.bench.marks) == ["t2v-z@1.0.0"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((*A, "defaults", "fps"), [(*A, "defaults", "fps"), (*B, "defaults", "fps")]),
        ((*A, "files", 0, "size"), [(*A, "files", 0, "size"), (*B, "files", 0, "size")]),
        ((*A, "sources", "priority", 0), [(*A, "sources", "priority", 0)]),
        ((*C, "defaults", "fps"), [(*C, "defaults", "fps")]),
    ],
)
def test_where_an_edit_goes(path: tuple[str | int, ...], expected: list[tuple[str | int, ...]]) -> None:
    marks = Marks()
    marks.toggle([str(A[1]), str(B[1])])
    assert same_places(Document.from_text(THREE), marks, path) == expected


async def test_a_mark_says_what_it_is_for_and_a_copy_that_it_is_of_one(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("home", "j", "space")
        assert "1 model marked: edits, fixes and d go to all; esc unmarks." in driver.lines[-1]
        await driver.press("G", "2", "space")
        assert "2 models marked" in driver.said
        await driver.press("g", "m", "c")
        assert driver.said.startswith("One model is copied: ")
