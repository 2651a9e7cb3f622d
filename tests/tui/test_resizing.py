"""The terminal is made larger and smaller while something is open over the panes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.screens.sheet import LinesView
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.field_editor import ChoiceList, FieldEditor, VerdictLines
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.list_editor import ItemRows, ListEditor

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener
    from textual.geometry import Region
    from textual.widget import Widget

SMALL = ("models", "t2v-small@1.0.0")
SIZES = [(120, 34), (100, 30), (80, 24), (60, 20), (40, 10)]
FAULTY = Path(__file__).parents[2] / "sample_manifests" / "faulty.toml"
MANY_FILES = "".join(
    f'\n[[models."t2v-small@1.0.0".files]]\npath = "high/part-{number:05}.safetensors"\nsize = {1000 + number}\n'
    f'sha256 = "{number:064x}"\ncomponent = "unet"\nshard_part = {number}\n'
    for number in range(1, 31)
)


async def resize(driver: Driver, size: tuple[int, int]) -> None:
    await driver.pilot.resize_terminal(*size)
    for _ in range(4):
        await driver.settle()


async def on_field(driver: Driver, *path: str | int) -> None:
    driver.bench.reveal(path)
    driver.bench.focus_pane("detail")
    await driver.settle()


def lies_over(driver: Driver, editor: Widget, rows: LineList, line: int) -> None:
    """Hold that an editor is in view and covers its row; further up only where it would not fit below."""
    area: Region = driver.bench.detail.area.region
    place = editor.region
    assert place.height > 0
    assert area.x <= place.x, driver.screen
    assert place.right <= area.right, driver.screen
    assert rows.region.y <= line < rows.region.bottom, driver.screen
    assert place.y == max(min(line, area.bottom - place.height), area.y), driver.screen


def value_line(driver: Driver) -> int:
    """The line of the screen on which the value under the cursor of the form stands."""
    body = driver.bench.detail.body
    assert not isinstance(body, Source)
    return body.value_anchor().y


@pytest.mark.parametrize("begin", SIZES)
async def test_the_editor_of_a_value_follows_it(opened: Opener, begin: tuple[int, int]) -> None:
    async with opened(FAULTY.read_bytes(), begin) as driver:
        await on_field(driver, "models", "components-1b@1.0.0", "defaults", "fps")
        await driver.press("enter")
        for size in [*SIZES[::-1], *SIZES]:
            await resize(driver, size)
            lies_over(driver, driver.bench.query_one(FieldEditor), driver.bench.detail.body, value_line(driver))
        await driver.type("31")
        await driver.press("enter")
        assert "fps = 31" in driver.text


async def test_the_editor_of_a_cell_follows_it(opened: Opener, manifest: str) -> None:
    text = manifest.replace('\n[models."t2v-small@1.0.0".sources]', MANY_FILES + '\n[models."t2v-small@1.0.0".sources]')
    async with opened(text, (100, 30)) as driver:
        await on_field(driver, *SMALL, "files", 26, "shard_part")
        await driver.press("enter")
        for size in [(60, 20), (40, 10), (100, 30), (40, 10), (120, 34)]:
            await resize(driver, size)
            lies_over(driver, driver.bench.query_one(FieldEditor), driver.bench.detail.body, value_line(driver))


async def test_an_open_list_and_the_item_that_is_typed_follow_their_value(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await on_field(driver, *SMALL, "variants")
        await driver.press("enter")
        for size in [(40, 12), (120, 34)]:
            await resize(driver, size)
            lies_over(driver, driver.bench.query_one(ListEditor), driver.bench.detail.body, value_line(driver))
        await driver.press("j", "enter")
        for size in [(40, 12), (120, 34), (60, 20)]:
            await resize(driver, size)
            editor, rows = driver.bench.query_one(FieldEditor), driver.bench.query_one(ItemRows)
            lies_over(driver, driver.bench.query_one(ListEditor), driver.bench.detail.body, value_line(driver))
            lies_over(driver, editor, rows, rows.anchor_of(1).y)
        await driver.type("fp8")
        await driver.press("enter")
        assert '"fp16", "fp8"' in driver.text


async def test_an_editor_follows_the_row_that_the_wheel_moves(opened: Opener) -> None:
    async with opened(FAULTY.read_bytes(), (80, 16)) as driver:
        await on_field(driver, "models", "components-1b@1.0.0", "version")
        await driver.press("enter")
        body = driver.bench.detail.body
        began = value_line(driver)
        for down in (True, False, False):
            await driver.hand.wheel(body.region.x + 4, body.region.bottom - 1, down)
            await driver.settle()
            editor, area = driver.bench.query_one(FieldEditor), driver.bench.detail.area.region
            assert editor.region.y == max(min(value_line(driver), area.bottom - editor.region.height), area.y)
            assert (value_line(driver) == began) is (not down), driver.screen
        await driver.type("3.1.4")
        await driver.press("enter")
        assert 'version = "3.1.4"' in driver.text


@pytest.mark.parametrize("height", [9, 11, 24])
async def test_of_many_choices_as_many_are_seen_as_there_is_room_for(opened: Opener, height: int) -> None:
    async with opened(size=(80, height)) as driver:
        await on_field(driver, *SMALL, "defaults", "precision")
        await driver.press("enter")
        area, editor = driver.bench.detail.area.region, driver.bench.query_one(FieldEditor)
        choices = editor.query_one(ChoiceList)
        assert len(choices.choices) > 5
        for _ in choices.choices:
            await driver.press("down")
            assert area.contains_region(editor.region), driver.screen
            marked = choices.region.y + choices.cursor - int(choices.scroll_offset.y)
            assert choices.region.y <= marked < choices.region.bottom, driver.screen
            assert editor.text in driver.lines[marked]


async def test_who_reads_the_help_reads_on_where_one_was(opened: Opener) -> None:
    async with opened(size=(100, 30)) as driver:
        await driver.press("question_mark", *["j"] * 20)
        lines = driver.app.screen.query_one(LinesView)
        assert lines.scroll_offset.y == 20
        await resize(driver, (100, 24))
        assert lines.scroll_offset.y == 20
        await driver.press("home")
        assert lines.scroll_offset.y == 0


SHEETS = [("c",), ("r",), ("o",), ("colon",), ("a", "m"), ("a",), ("g",), ("question_mark",)]


def is_whole(driver: Driver) -> None:
    """Hold that a sheet is seen with its border all around and its keys, and that nothing scrolls but what is in it."""
    sheet = driver.app.screen.query_one("#sheet")
    assert driver.app.screen.region.contains_region(sheet.region), driver.screen
    assert driver.app.screen.max_scroll_y == 0
    bottom = driver.lines[sheet.region.bottom - 1]
    assert "╰" in bottom, driver.screen
    assert "╯" in bottom, driver.screen
    assert "esc" in driver.lines[sheet.region.bottom - 2] or "↵" in driver.lines[sheet.region.bottom - 2], driver.screen


@pytest.mark.parametrize("keys", SHEETS, ids="".join)
async def test_the_keys_and_the_border_of_a_sheet_are_always_seen(opened: Opener, keys: tuple[str, ...]) -> None:
    async with opened(size=(40, 10)) as driver:
        await driver.press(*keys)
        heights = []
        for size in [(40, 10), (60, 16), (80, 24), (40, 10)]:
            await resize(driver, size)
            is_whole(driver)
            heights.append(driver.app.screen.query_one("#sheet").region.height)
        assert heights[-1] == heights[0]


async def test_what_a_low_sheet_has_no_room_for_is_paged_to(opened: Opener) -> None:
    async with opened(size=(60, 12)) as driver:
        await driver.press("c")
        assert "digest" not in driver.screen
        await driver.press("pagedown")
        assert "digest" in driver.screen
        await driver.press("pageup")
        assert "new id or version" in driver.screen


async def test_the_cursor_of_the_palette_is_in_view_where_it_is_low(opened: Opener) -> None:
    async with opened(size=(40, 10)) as driver:
        await driver.press("colon", *["down"] * 12)
        assert sum("▌" in line[2:] for line in driver.lines) == 1


def told(driver: Driver) -> list[str]:
    """What an open sheet says below its lines, line by line, whether it is in view or not."""
    widgets = driver.app.screen.query(VerdictLines)
    return [widget.render_line(y).text.rstrip() for widget in widgets for y in range(widget.size.height)]


@pytest.mark.parametrize(
    ("keys", "typed"),
    [(("c",), ""), (("r",), ""), (("a", "m"), ""), (("a", "m"), "no id"), (("a", "f"), "")],
    ids=["copy", "rename", "new model", "refused", "new file"],
)
async def test_the_sentences_of_an_open_sheet_fold_to_its_width(
    opened: Opener, keys: tuple[str, ...], typed: str
) -> None:
    sizes = [(40, 20), (100, 30), (60, 16), (80, 24)]

    async def open_sheet(driver: Driver) -> None:
        await driver.press(*keys)
        if typed:
            await driver.type(typed)

    wanted = {}
    for size in sizes:
        async with opened(size=size) as driver:
            await open_sheet(driver)
            # Typing keeps the sheet as high as it was: there may be blank lines.
            wanted[size] = [line for line in told(driver) if line]
    async with opened(size=(80, 24)) as driver:
        await open_sheet(driver)
        for size in sizes:
            await resize(driver, size)
            assert [line for line in told(driver) if line] == wanted[size], driver.screen
