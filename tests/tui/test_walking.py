"""Opening a manifest and walking through it with the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


async def test_opening_shows_the_models_by_type_and_how_much_there_is(opened: Opener) -> None:
    async with opened() as driver:
        assert "2 models · 3 files" in driver.lines[0]
        assert "models.toml" in driver.lines[0]
        tree = [line[:31].rstrip(" EWI0123456789") for line in driver.lines[2:6]]
        assert tree == [" ▾ i2v", "▌  ▸ i2v-other@2.0.", " ▾ t2v", "   ▸ t2v-small@1.0."]
        assert driver.bench.models.model_id == "i2v-other@2.0.0"


async def test_the_detail_follows_the_cursor_of_the_tree(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("down", "down")
        assert driver.bench.detail.model_id == "t2v-small@1.0.0"
        assert "Text to video, small" in driver.screen


async def test_hjkl_walk_like_the_arrows(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "l")
        assert driver.node() == ("variant", "t2v-small@1.0.0", 0)
        await driver.press("j", "j")
        assert driver.node() == ("component", "t2v-small@1.0.0", "unet")
        await driver.press("l", "j")
        assert driver.node() == ("file", "t2v-small@1.0.0", "unet", 0)
        await driver.press("h", "h", "h")
        assert driver.node() == ("model", "t2v-small@1.0.0")


async def test_a_model_is_filled_only_when_it_is_unfolded(opened: Opener) -> None:
    async with opened() as driver:
        rows = driver.bench.models.row_count()
        await driver.press("right")
        assert driver.bench.models.row_count() == rows + 2
        await driver.press("left")
        assert driver.bench.models.row_count() == rows


async def test_a_file_of_the_tree_opens_in_the_table(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "j", "l", "j", "enter")
        assert driver.bench.detail.tab_id == "files"
        assert driver.bench.detail.path == ("models", "t2v-small@1.0.0", "files", 1, "path")
        assert "251 bytes" in driver.screen


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("1", "required_components"),
        ("2", "1,234,567,896 bytes"),
        ("3", "num_inference_steps"),
        ("4", "params_billion"),
        ("5", '[models."t2v-small@1.0.0"]'),
        ("s", "# as trained"),
    ],
)
async def test_each_tab_has_its_key(opened: Opener, key: str, shown: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", key)
        assert shown in driver.screen


async def test_a_value_that_is_not_in_the_file_says_that_it_is_a_default(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3")
        assert "default" in driver.line_with("scheduler")
        assert "default" not in driver.line_with("fps")


async def test_tab_goes_round_the_panes(opened: Opener) -> None:
    async with opened() as driver:
        seen = []
        for _ in range(3):
            await driver.press("tab")
            seen.append(driver.bench.pane)
        assert seen == ["detail", "faults", "models"]
        await driver.press("shift+tab")
        assert driver.bench.pane == "faults"


async def test_the_rule_of_the_focused_pane_is_heavy(opened: Opener) -> None:
    async with opened() as driver:
        assert driver.line_with(" Models ").startswith("━")
        await driver.press("tab")
        assert driver.line_with(" Models ").startswith("─")


@pytest.mark.parametrize(("key", "pane"), [("m", "models"), ("d", "detail"), ("v", "faults")])
async def test_jumping_to_a_pane(opened: Opener, key: str, pane: str) -> None:
    async with opened() as driver:
        await driver.press("g", key)
        assert driver.bench.pane == pane


async def test_jumping_to_a_line(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("g", "1", "3", "enter")
        assert driver.bench.detail.model_id == "t2v-small@1.0.0"
        assert driver.bench.detail.path == ("models", "t2v-small@1.0.0", "defaults", "fps")


@pytest.mark.parametrize("text", ["small", "t2vsm", "unet", "t2v-small unet", "d1fea368"])
async def test_the_filter_finds_by_id_component_and_digest(opened: Opener, text: str) -> None:
    async with opened() as driver:
        await driver.press("slash")
        await driver.type(text)
        await driver.press("enter")
        assert driver.bench.models.shown_models == ["t2v-small@1.0.0"]
        await driver.press("escape")
        assert driver.bench.models.row_count() == 4


async def test_the_filter_finds_by_rule(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("slash")
        await driver.type("lm202")
        assert driver.bench.models.model_id == "i2v-other@2.0.0"
        assert driver.bench.models.shown_models == ["i2v-other@2.0.0"]


async def test_at_80_by_24_one_pane_is_shown_at_a_time(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        assert "Models" in driver.lines[1]
        assert "t2v-small@1.0.0" in driver.screen
        assert "required_components" not in driver.screen
        await driver.press("j", "j", "enter")
        assert "required_components" in driver.screen
        await driver.press("tab")
        assert "LM202" in driver.screen
        assert "required_components" not in driver.screen
        await driver.press("escape")
        assert driver.bench.pane == "models"


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (80, 24), (96, 20), (120, 40), (200, 60)])
async def test_it_draws_at_any_size(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as driver:
        for key in ("1", "2", "3", "4", "5", "tab", "question_mark", "escape", "colon", "escape"):
            await driver.press(key)
            assert {len(driver.lines)} == {size[1]}


async def test_resizing_changes_the_layout_and_keeps_the_place(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3", "j")
        await driver.pilot.resize_terminal(80, 24)
        await driver.settle()
        assert driver.bench.has_class("-narrow")
        assert driver.bench.detail.path == ("models", "t2v-small@1.0.0", "defaults", "frames")
        await driver.pilot.resize_terminal(120, 40)
        await driver.settle()
        assert not driver.bench.has_class("-narrow")
        assert driver.bench.detail.path == ("models", "t2v-small@1.0.0", "defaults", "frames")


async def test_the_mouse_moves_the_cursor_and_opens_tabs(opened: Opener) -> None:
    async with opened() as driver:
        row = next(number for number, line in enumerate(driver.lines) if "t2v-small@1.0.0" in line[:30])
        await driver.pilot.click(offset=(8, row))
        await driver.settle()
        assert driver.bench.detail.model_id == "t2v-small@1.0.0"
        column = driver.lines[1].index("Defaults")
        await driver.pilot.click(offset=(column, 1))
        await driver.settle()
        assert driver.bench.detail.tab_id == "defaults"


async def test_a_file_that_is_no_manifest_is_shown_as_text(opened: Opener) -> None:
    async with opened("title = 'something else'\n") as driver:
        assert "something else" in driver.screen
        assert "LM008" in driver.screen


async def test_a_broken_table_leaves_the_other_models_in_sight(opened: Opener) -> None:
    text = '[models."a@1.0.0"]\nvariants = [\n\n[models."b@1.0.0"]\ndescription = "sound"\n'
    async with opened("schema_version = 1\n" + text) as driver:
        assert "LM001" in driver.screen
        await driver.press("j")
        assert "sound" in driver.screen


async def test_a_click_on_what_is_just_going_away_is_nothing(opened: Opener) -> None:
    async with opened() as driver:
        label = Static("going")
        await driver.bench.mount(label, before=0)
        await driver.settle()
        x, y = label.region.offset
        label.remove()
        await driver.hand.click(x, y)
        assert driver.hand.is_alive


async def to_row(driver: Driver, text: str) -> None:
    """Put the cursor of the detail on the first row whose line holds a text."""
    for _ in range(40):
        line = next((line for line in driver.lines if "▌" in line), "")
        if text in line:
            return
        await driver.press("j")
    pytest.fail(driver.screen)


async def test_enter_on_a_component_of_the_overview_shows_its_files(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter")
        await to_row(driver, "251 B")
        assert "↵ open" in driver.lines[-1]
        await driver.press("x")
        assert driver.said.startswith("There is no key on this row")
        await driver.press("enter")
        assert driver.bench.detail.tab_id == "files"
        assert driver.bench.detail.path == ("models", "t2v-small@1.0.0", "files", 1, "path")


async def test_enter_on_the_memory_of_the_overview_opens_its_tab(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "enter")
        await to_row(driver, "VRAM")
        await driver.press("e")
        assert driver.bench.detail.tab_id == "vram"
        assert driver.bench.detail.body.has_focus


async def test_a_row_of_figures_says_that_nothing_is_edited_there(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "4")
        await to_row(driver, "weight files")
        assert "edit" not in driver.lines[-1]
        await driver.press("enter")
        assert driver.said == "Nothing can be edited on this row: i explains it."


async def test_the_filter_tells_its_keys_and_that_nothing_matches(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("slash")
        assert "↵ to the models  esc all again" in driver.lines[-1]
        await driver.press(*"zzzz")
        assert "no model matches zzzz" in driver.screen
        assert "0 of 2 models  ↵ to the models  esc all again" in driver.lines[-1]
        await driver.press("escape")
        assert "↵ open" in driver.lines[-1]
