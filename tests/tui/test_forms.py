"""Fields by their kind: what each takes, and what is left as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.manifest.fields import FIELDS, Field, Kind

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = ("models", "t2v-small@1.0.0")


async def on_field(driver: Driver, *path: str | int) -> None:
    driver.bench.reveal((*SMALL, *path))
    driver.bench.focus_pane("detail")
    await driver.settle()


def value(driver: Driver, *path: str | int) -> object:
    assert driver.bench.view is not None
    return driver.bench.view.document.get((*SMALL, *path))


def place_of(field: Field) -> tuple[str | int, ...]:
    bases: dict[str, tuple[str | int, ...]] = {"model": (), "files": ("files", 0)}
    return (*bases.get(field.table, (field.table,)), field.key)


SCALARS = [
    field
    for field in FIELDS
    if field.table in ("model", "defaults", "vram_estimation", "files")
    and field.kind in (Kind.STRING, Kind.INTEGER, Kind.FLOAT)
]


@pytest.mark.parametrize("field", SCALARS, ids=lambda field: f"{field.table}.{field.key}")
async def test_each_field_opens_with_its_unit_and_escape_changes_nothing(
    opened: Opener, manifest: str, field: Field
) -> None:
    async with opened() as driver:
        await on_field(driver, *place_of(field))
        assert driver.bench.detail.path == (*SMALL, *place_of(field))
        await driver.press("enter")
        assert driver.bench.editing.is_open
        if field.unit == "bytes":
            assert "bytes" in driver.screen
        await driver.press("7", "escape")
        assert driver.text == manifest
        assert driver.bench.detail.body.has_focus


@pytest.mark.parametrize(
    ("path", "typed", "wanted"),
    [
        (("files", 0, "size"), "4.7 GiB", 5_046_586_573),
        (("files", 0, "size"), "1_000", 1000),
        (("files", 0, "size"), "0x10", 16),
        (("files", 0, "sha256"), "sha256:" + "ab" * 32, "ab" * 32),
        (("vram_estimation", "params_billion"), "14B", 14.0),
        (("vram_estimation", "base_vram_gb"), "512 MiB", 0.5),
        (("defaults", "guidance_scale"), "5", 5.0),
    ],
)
async def test_what_people_write_is_read(
    opened: Opener, path: tuple[str | int, ...], typed: str, wanted: object
) -> None:
    async with opened() as driver:
        await on_field(driver, *path)
        await driver.press("enter")
        await driver.type(typed)
        await driver.press("enter")
        assert value(driver, *path) == wanted
        assert type(value(driver, *path)) is type(wanted)


async def test_tab_onto_a_truth_value_offers_it_and_does_not_turn_it_over(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_field(driver, "optional_components")
        await driver.press("enter", "tab")
        assert driver.bench.detail.path == (*SMALL, "lora_required")
        assert driver.bench.editing.is_open
        assert driver.text == manifest
        await driver.press("up", "enter")
        assert value(driver, "lora_required") is True


async def test_a_choice_is_picked_by_an_arrow(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "default_variant")
        await driver.press("enter", "down", "enter")
        assert value(driver, "default_variant") == "bf16"


async def test_bounds_are_told_before_and_while_typing(opened: Opener) -> None:
    async with opened() as driver:
        await on_field(driver, "defaults", "frames")
        await driver.press("enter")
        assert "At least 1" in driver.screen
        await driver.type("0")
        assert "LM103" in driver.screen


async def test_a_text_of_several_lines_is_left_as_it_is(opened: Opener, manifest: str) -> None:
    long = manifest.replace('description = "Text to video, small"', 'description = """\none\ntwo"""')
    async with opened(long) as driver:
        await on_field(driver, "description")
        await driver.press("enter")
        assert driver.bench.editing.is_open
        await driver.press("enter")
        assert driver.text == long
        await driver.press("enter", "end", "7", "enter")
        assert value(driver, "description") == "one\ntwo7"
        assert 'description = """\none\ntwo7"""' in driver.text


async def test_the_choices_are_components_that_have_a_name(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace('component = "config"\n', "")) as driver:
        await on_field(driver, "files", 1, "component")
        await driver.press("enter")
        totals = driver.line_with("no component")
        assert "·" in totals
        assert driver.screen.count("no component") == 1
        assert "text_encoder" in driver.screen
