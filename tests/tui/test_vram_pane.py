"""The VRAM pane: bars against a card, the ladder, and keys that change what they are for."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.vram_setting import find_deck
from loadmaster.tui.widgets.detail.vram import VramList
from loadmaster.vram.cards import Card

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

MODEL = (Path(__file__).parent / "vram.toml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """On any machine as on one without a driver."""
    machine(monkeypatch)


def machine(monkeypatch: pytest.MonkeyPatch, *cards: Card) -> None:
    """Let the driver answer with these cards."""
    monkeypatch.setattr("loadmaster.tui.widgets.detail.vram.find_deck", partial(find_deck, machine=lambda: cards))


async def show(driver: Driver, model_id: str = "t2v-A14B@2.2.0", tab: str = "4") -> None:
    """Open the pane of a model, the cursor on its first row."""
    driver.bench.reveal(("models", model_id))
    await driver.press(tab)


def table(driver: Driver) -> VramList:
    """The pane's list."""
    return driver.bench.query_one(VramList)


def bar(driver: Driver, variant: str) -> str:
    """The line of a variant's bar, from its name on, without the scroll bar."""
    found = next(line for line in driver.lines if re.search(rf"[▸ ]{variant}( ★)? +[├·]", line))
    return found[found.index(variant) :].rstrip(" ▁▂▃▄▅▆▇")


def rung(driver: Driver, frames: int) -> str:
    """The line of the ladder for some frames, with one space where there are more."""
    found = next((line for line in driver.lines if re.search(rf"│?[▌▏ ]+{frames} +‹?[0-9.]+ [ftx?–]", line)), "")
    return " ".join(found[found.rindex(f" {frames} ") :].split()) if found else ""


async def go_to(driver: Driver, *mark: str | int) -> None:
    """Put the cursor on a row of figures."""
    listing = table(driver)
    for index in range(listing.row_count()):
        listing.set_cursor(index)
        if listing.mark[: len(mark)] == mark:
            await driver.settle()
            return
    raise AssertionError(f"no row {mark}")


async def test_each_variant_stands_against_the_card_with_its_figures(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        assert "card [ RTX 4090 ]  23.5 GiB usable" in driver.screen
        assert re.search(r"├.*┊.*▒+█▒+─* +34\.2 –  41\.3 –  47\.4  x too big$", bar(driver, "bf16"))
        assert re.search(r"├.*▓+┊▒+█▒+.* 20\.9 –  28\.0 –  32\.2  \? doubtful$", bar(driver, "fp8"))
        assert re.search(r"·+┊·+ +unknown precision$", bar(driver, "turbo"))
        assert "too big even so: 34.2–47.4 GiB against 23.5 usable; needs block offload" in driver.screen


async def test_the_line_of_the_card_is_straight(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        columns = {line.index("┊") for line in driver.lines if "┊" in line}
        assert len(columns) == 1


async def test_frames_change_by_keys_and_the_bars_follow(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        before = bar(driver, "bf16")
        await driver.press("-")
        assert "frames 49" in driver.screen
        assert bar(driver, "bf16") != before
        await driver.press("-", "-")
        assert "frames 16" in driver.screen
        assert "29.9" in bar(driver, "bf16")
        await driver.press("=", "+")
        assert "frames 49" in driver.screen
        await driver.press("0")
        assert bar(driver, "bf16") == before


async def test_sizes_change_by_keys_up_to_the_largest_cap(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("<")
        assert "size 832×480" in driver.screen
        await driver.press(">")
        assert "size 1280×720" in driver.screen
        assert "59.8" in bar(driver, "bf16")
        await driver.press(">", ">")
        assert "size 1920×1080" in driver.screen
        await driver.press("<")
        assert "size 1280×720" in driver.screen


async def test_cards_change_by_keys_and_so_does_the_verdict(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("]")
        assert "card [ RTX 5090 ]  31.3 GiB usable" in driver.screen
        assert "t tight" in bar(driver, "fp8")
        await driver.press("[", "[")
        assert "card [ RTX 3090 ]" in driver.screen


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("57", "frames 57"),
        ("1024x576", "size 1024×576"),
        ("1080P", "size 1920×1080"),
        ("L40S", "card [ L40S ]  44.5 GiB usable"),
        ("48GiB", "card [ 48 GiB ]  47.5 GiB usable"),
    ],
)
async def test_anything_can_be_picked_by_typing_it(opened: Opener, typed: str, shown: str) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("p", *typed, "enter")
        assert shown in driver.screen


async def test_picking_begins_at_the_present_card_and_escape_leaves_all_as_it_was(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("p")
        assert "▌RTX 4090" in driver.screen
        await driver.press("escape")
        await driver.press("p", "down", "enter")
        assert "card [ RTX 5090 ]" in driver.screen
        await driver.press("p", *"4090", "escape")
        assert "card [ RTX 5090 ]" in driver.screen


async def test_the_ladder_tells_each_cell_by_a_mark(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("j", "enter")
        head = driver.line_with("frames    480p")
        assert "GiB at fp8" in driver.screen
        assert re.search(r"480p +720p +1080p", head)
        assert rung(driver, 16).startswith("16 16.6 f 20.3 f 28.3 ?")
        assert rung(driver, 81).startswith("81 ‹28.0 ?› 46.5 x 87.3 x")
        assert re.search(r"f fits +t tight +\? doubtful +x too big", driver.screen)
        assert "largest that fits RTX 4090: 16 frames at 1280×720, fp8" in driver.screen


async def test_verdict_and_ladder_are_those_of_the_chosen_variant(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        assert "▸bf16 ★" in driver.screen
        assert "largest that fits RTX 4090: none at bf16; fp8: 16 frames at 1280×720" in driver.screen
        await driver.press("j")
        assert "GiB at bf16" in driver.screen
        await driver.press("space")
        assert "▸fp8" in driver.screen
        assert "GiB at fp8" in driver.screen
        assert "doubtful: 20.9–32.2 GiB against 23.5 usable" in driver.screen
        await driver.press("j", "enter")
        assert "no verdict: unknown precision" in driver.screen
        assert "largest that fits" not in driver.screen


async def test_a_cell_of_the_ladder_can_be_taken(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await go_to(driver, "rung", 33)
        await driver.press("l", "enter")
        assert "frames 33" in driver.screen
        assert "size 1280×720" in driver.screen
        assert rung(driver, 33).startswith("33 32.9 x ‹40.4 x› 57.1 x")
        assert table(driver).mark == ("rung", 33)


async def test_no_verdict_while_the_figures_contradict(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver, "i2v-A14B@2.2.0")
        assert "– LM601" in bar(driver, "fp16")
        assert "no verdict (LM601): base_vram_gb 12 is below 14 B × 2 bytes (fp16) = 26.1" in driver.screen
        assert "no verdict while LM601 stands" in driver.screen
        assert "largest that fits RTX 4090: no verdict" in driver.screen
        assert rung(driver, 16).startswith("16 ‹13.5 –› 15.5 –")


async def test_an_edit_of_a_declared_figure_moves_the_bars(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver, "i2v-A14B@2.2.0")
        driver.bench.reveal(("models", "i2v-A14B@2.2.0", "vram_estimation", "base_vram_gb"))
        await driver.press("e")
        await driver.type("26.6")
        await driver.press("enter")
        await driver.press("home")
        assert "x too big" in bar(driver, "fp16")
        await driver.press("u", "home")
        assert "– LM601" in bar(driver, "fp16")


async def test_the_assumptions_are_in_view_on_a_small_terminal(opened: Opener) -> None:
    async with opened(MODEL, (80, 24)) as driver:
        await show(driver)
        assert "batch 1 · params_billion weights on the card and no more" in driver.screen
        assert "x too big" in bar(driver, "bf16")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (97, 30), (120, 34), (200, 50)])
async def test_no_line_is_cut_at_any_size(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(MODEL, size) as driver:
        await show(driver)
        told = bar(driver, "bf16")
        assert told.endswith(("x too big", "x")), told
        assert "▒" in told


async def test_the_machines_cards_come_first(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, Card("T4", (), 15360, 9216), Card("RTX 4090", (), 24564, 20000))
    async with opened(MODEL) as driver:
        await show(driver)
        assert "card [ RTX 4090 ]  23.5 GiB usable, 19.5 free  in this machine" in driver.screen
        await driver.press("[")
        assert "card [ T4 ]  14.5 GiB usable, 9.0 free  in this machine" in driver.screen


async def test_cards_of_the_configuration(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "loadmaster.toml").write_text('[cards]\n"lab A" = "40GiB"\n', encoding="utf-8")
    async with opened(MODEL) as driver:
        await show(driver)
        assert "card [ lab A ]  39.5 GiB usable  from the configuration" in driver.screen
        await driver.press("p", *"lab", "enter")
        assert "card [ lab A ]" in driver.screen


async def test_a_configuration_that_cannot_be_read_is_told_in_the_pane(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "loadmaster.toml").write_text('[cards]\nlab = "much"\n', encoding="utf-8")
    async with opened(MODEL) as driver:
        await show(driver)
        assert "'much' is no size" in driver.screen
        assert "card [ RTX 4090 ]" in driver.screen


async def test_the_setting_goes_along_to_other_models_and_to_the_overview(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        await driver.press("]", "-", ">")
        await show(driver, "i2v-A14B@2.2.0")
        assert "frames 49" in driver.screen
        assert "size 1280×720" in driver.screen
        await show(driver, "t2v-A14B@2.2.0", "1")
        assert "at 1280×720, 49 frames · RTX 5090, 31.3 GiB usable" in driver.screen


async def test_the_overview_says_what_fits_and_why_not(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver, "t2v-A14B@2.2.0", "1")
        assert "x too big" in bar(driver, "bf16")
        await show(driver, "i2v-A14B@2.2.0", "1")
        assert "W LM601  declared below its weights (26.1 GiB): no verdict" in driver.screen


async def test_a_model_that_declares_nothing_shows_its_files(opened: Opener) -> None:
    start = MODEL.index('[models."t2v-A14B@2.2.0".vram_estimation]')
    text = MODEL[:start] + MODEL[MODEL.index('[[models."t2v', start) :]
    async with opened(text) as driver:
        await show(driver)
        assert "no vram_estimation in the manifest" in bar(driver, "bf16")
        await driver.press("end")
        assert "unet 28.6 GB  vae 508 MB" in driver.screen
        await show(driver, "t2v-A14B@2.2.0", "1")
        assert "no vram_estimation" in driver.screen


async def test_a_model_that_cannot_be_read_keeps_its_fields(opened: Opener) -> None:
    async with opened(MODEL.replace('variants = ["bf16", "fp8", "turbo"]', "variants = 3")) as driver:
        await show(driver)
        assert "No figures" in driver.screen
        assert "base_vram_gb" in driver.screen
        await driver.press("-", ">", "]", "0")
        assert "No figures" in driver.screen


async def test_hostile_names_are_shown_inert(opened: Opener) -> None:
    text = MODEL.replace('"turbo"', '"[red]x\\u001b[31m\\u202e"')
    async with opened(text) as driver:
        await show(driver)
        assert "[red]x" in driver.screen
        assert "\x1b" not in driver.screen
        assert "\u202e" not in driver.screen


async def test_the_keys_are_shown_only_while_they_act(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await show(driver)
        assert "card [ RTX 4090 ]" in driver.screen
        await driver.press("tab")
        assert "[ RTX 4090 ]" not in driver.screen
        assert "card RTX 4090  23.5" in driver.screen


async def test_what_means_nothing_is_said_and_keeps_the_list_open(opened: Opener) -> None:
    async with opened(MODEL) as driver:
        await driver.press("4", "p", *"4090,zzzz", "enter")
        assert "this is no card, no number of frames and no size" in driver.screen
        await driver.press("escape")


async def test_a_bar_without_a_verdict_tells_what_mends_its_fault(opened: Opener) -> None:
    async with opened(MODEL.replace("base_vram_gb = 27.1", "base_vram_gb = 12.0")) as driver:
        await show(driver)
        assert "– LM601" in driver.screen
        await driver.press("f")
        assert driver.said.startswith("LM601 has no fix")
