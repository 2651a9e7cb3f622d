"""`i` on a figure: its formula, the same with the figures in it, and the lines of the file behind it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.vram_setting import find_deck
from loadmaster.tui.widgets.detail.vram import VramList

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

MODEL = (Path(__file__).parent / "vram.toml").read_text(encoding="utf-8")
TALL = (120, 70)


@pytest.fixture(autouse=True)
def _no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loadmaster.tui.widgets.detail.vram.find_deck", partial(find_deck, machine=tuple))


def line_of(text: str) -> str:
    """`line 17:16` of the first place of a text in the manifest."""
    start = MODEL.index(text)
    value = start + text.index("= ") + 2
    row = MODEL.count("\n", 0, value) + 1
    return f"line {row}:{value - MODEL.rfind(chr(10), 0, value)}"


async def show(driver: Driver, tab: str = "4") -> None:
    """Open a tab of the model, the cursor on its first row."""
    driver.bench.reveal(("models", "t2v-A14B@2.2.0"))
    await driver.press(tab)


async def go_to(driver: Driver, *mark: str | int) -> None:
    """Put the cursor on a row of figures."""
    listing = driver.bench.query_one(VramList)
    for index in range(listing.row_count()):
        listing.set_cursor(index)
        if listing.mark[: len(mark)] == mark:
            await driver.settle()
            return
    raise AssertionError(f"no row {mark}")


async def test_a_bar_tells_every_figure_that_it_is_made_of(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        await show(driver)
        await go_to(driver, "bar", "fp8")
        await driver.press("i")
        for words in (
            "doubtful: 20.9–32.2 GiB against 23.5 usable",
            "runtime + weights + activations",
            "0.50 + 13.30 + 14.16 = 27.96 GiB",
            "0.50 + 13.30 + 0.5 · 14.16 = 20.88 GiB",
            "1.15 · 27.96 = 32.15 GiB",
            "(base_vram_gb − runtime) · b(fp8) / b(bf16)",
            "(27.1 − 0.5) · 1 / 2 = 13.30 GiB",
            "81 · 832 · 480 / 2^20 · 470 / 1024 = 14.16 GiB",
            "14.29 · 10^9 · 1 / 2^30 = 13.31",
            "(24564 − 512) / 1024 = 23.49 GiB usable",
            "defaults.frames",
            "the smallest published size",
        ):
            assert words in driver.screen, words
        for key in ("base_vram_gb = 27.1", "per_frame_vram_mb = 470", "params_billion = 14.29", "frames = 81"):
            assert any(line_of(key) in line and key in line for line in driver.lines), key


async def test_what_is_not_in_the_file_is_told_as_the_formats(opened: Opener) -> None:
    text = MODEL.replace("\nper_frame_vram_mb = 470", "")
    async with opened(text, TALL) as driver:
        await show(driver)
        await driver.press("i")
        assert "not in the file  vram_estimation.per_frame_vram_mb: the format's" in driver.screen


async def test_a_cell_of_the_ladder_is_explained_for_its_frames_and_size(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        await show(driver)
        await go_to(driver, "rung", 33)
        await driver.press("l", "l", "i")
        assert "33 frames at 1920×1080, RTX 4090" in driver.screen
        assert "33 · 1920 · 1080 / 2^20 · 470 / 1024 = 29.95 GiB" in driver.screen


async def test_the_largest_that_fits_is_explained(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        await show(driver)
        await go_to(driver, "bar", "fp8")
        await driver.press("enter")
        await go_to(driver, "largest")
        await driver.press("i")
        assert "16 frames at 1280×720: high end 23.29 ≤ 23.49 GiB usable" in driver.screen


async def test_the_floor_and_the_weight_files_are_explained(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        await show(driver)
        await go_to(driver, "floor")
        await driver.press("i")
        assert "14.29 · 10^9 · 2 / 2^30 = 26.62 GiB" in driver.screen
        assert line_of("params_billion = 14.29") in driver.screen
        await driver.press("escape")
        await go_to(driver, "files")
        await driver.press("i")
        assert "29,087,609,888 bytes = 29.1 GB = 27.09 GiB" in driver.screen
        assert f"{line_of('size = 28_580')}" in driver.screen
        assert "28,580,000,008  unet/model.safetensors" in driver.screen


async def test_the_lines_of_the_overview_are_explained(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        await show(driver, tab="1")
        await driver.press("end", "i")
        assert "0.50 + 26.60 + 14.16 = 41.26 GiB" in driver.screen
        await driver.press("escape", "k", "k", "i")
        assert "fp8  81 frames at 832×480" in driver.screen


async def test_totals_are_explained_in_the_tree_the_overview_and_the_files(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        driver.bench.reveal(("models", "t2v-A14B@2.2.0"))
        driver.bench.focus_pane("models")
        await driver.press("i")
        assert "29,087,609,888 bytes = 29.1 GB = 27.09 GiB" in driver.screen
        assert "507,609,880  vae.safetensors" in driver.screen
        await driver.press("escape", "right", *["down"] * 4)
        assert driver.node() == ("component", "t2v-A14B@2.2.0", "unet")
        await driver.press("i")
        assert "28,580,000,008 bytes = 28.6 GB" in driver.screen
        await driver.press("escape", "2", "right", "i")
        assert "98.3% of the model, 29.1 GB" in driver.screen
        assert line_of("size = 28_580") in driver.screen


async def test_a_group_tells_its_models_and_the_whole_manifest(opened: Opener) -> None:
    async with opened(MODEL, TALL) as driver:
        driver.bench.focus_pane("models")
        await driver.press("home", "i")
        assert "The whole manifest" in driver.screen
        assert "2 models, 3 files, 29,087,610,139 bytes" in driver.screen


async def test_a_fault_of_the_figure_itself_comes_first_and_the_figure_after_it(opened: Opener) -> None:
    async with opened(MODEL.replace("507_609_880", "508_000_000"), TALL) as driver:
        await show(driver, tab="2")
        await driver.press("down", "right", "i")
        assert "LM406" in driver.screen
        assert "1.7% of the model" in driver.screen
