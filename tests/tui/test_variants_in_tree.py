"""The variants of a model in the tree: what each needs, where it leads, and what can be done with it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.tui.hand import Hand
from tests.tui.test_hostile import look

from loadmaster.vram.estimate import estimate_vram

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = "t2v-small@1.0.0"
VARIANTS = ("models", SMALL, "variants")


async def on_variant(driver: Driver, index: int = 0) -> None:
    """Unfold the model and go to one of its variants."""
    await driver.press("j", "j", "l", *"j" * (index + 1))
    assert driver.node() == ("variant", SMALL, index)


def variants(driver: Driver) -> object:
    assert driver.bench.view is not None
    return driver.bench.view.document.get(VARIANTS)


def row_of(driver: Driver, name: str) -> str:
    """The line of the tree that begins with a name."""
    return next((line[:32] for line in driver.lines if line[1:32].strip(" EWI▌").startswith(name)), "")


def need_of(driver: Driver, name: str) -> float:
    """What the tree says that a variant needs, in GiB."""
    found = re.search(r"([\d.]+) GiB", row_of(driver, name))
    assert found is not None
    return float(found[1])


async def test_an_unfolded_model_tells_its_variants_and_what_they_need(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l")
        lines = [line[1:32].rstrip("│ ") for line in driver.lines[5:10]]
        assert lines == [
            "  ▾ t2v-small@1.0.0",
            "      fp16 ★           3.1 GiB",
            "      bf16             3.1 GiB",
            "    ▸ unet           1 1.23 GB",
            "    ▸ config         1   251 B",
        ]


async def test_where_no_figure_is_known_none_is_told(opened: Opener, manifest: str) -> None:
    unknown = manifest.replace('["fp16", "bf16"]', '["fp16", "q9_odd"]')
    async with opened(unknown) as driver:
        await driver.press("l", "j")
        assert driver.node() == ("variant", "i2v-other@2.0.0", 0)
        assert "GiB" not in row_of(driver, "bf16")
        await driver.press("i")
        assert "No estimate: no vram_estimation" in driver.screen
        await driver.press("escape", "h", "h", "j", "j", "l")
        assert "GiB" in row_of(driver, "fp16 ★")
        assert "GiB" not in row_of(driver, "q9_odd")
        await driver.press("j", "j", "i")
        assert "No estimate: unknown precision" in driver.screen


async def test_the_figures_follow_the_setting_and_the_edits(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver)
        before = need_of(driver, "fp16")
        await driver.press("4", "=")
        assert need_of(driver, "fp16") > before
        await driver.press("0")
        assert need_of(driver, "fp16") == before
        driver.bench.reveal(("models", SMALL, "vram_estimation", "base_vram_gb"))
        await driver.press("enter")
        await driver.type("9.5")
        await driver.press("enter")
        assert need_of(driver, "fp16") > before + 6


async def test_a_fault_of_a_variant_shows_its_letter_and_is_explained(opened: Opener, manifest: str) -> None:
    twice = manifest.replace('["fp16", "bf16"]', '["fp16", "bf16", "bf16"]')
    async with opened(twice, (120, 70)) as driver:
        await on_variant(driver, 2)
        assert "W bf16" in driver.line_with("W bf16")[:32]
        await driver.press("i")
        assert "Why it matters" in driver.screen
        assert "The estimate" in driver.screen


async def test_enter_goes_to_the_list_or_to_the_bar(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver, 1)
        await driver.press("enter")
        assert driver.bench.pane == "detail"
        assert driver.bench.detail.tab_id == "overview"
        assert driver.bench.detail.path == VARIANTS
        await driver.press("4", "escape", "l")
        assert driver.bench.detail.tab_id == "vram"
        await driver.press("i")
        assert "bf16  16 frames at 832×480" in driver.screen
        await driver.press("escape", "escape", "3", "escape", "enter")
        assert driver.bench.detail.tab_id == "overview"


async def test_the_bar_and_the_text_follow_the_cursor(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver)
        await driver.press("4", "escape", "j")
        assert driver.node() == ("variant", SMALL, 1)
        assert driver.bench.detail.body.row.mark == ("bar", "bf16")  # type: ignore[union-attr]
        await driver.press("5", "escape", "k")
        assert driver.bench.detail.path == (*VARIANTS, 0)


async def test_a_variant_is_explained(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver)
        await driver.press("i")
        assert "runtime + weights + activations" in driver.screen


async def test_a_variant_moves_and_the_cursor_with_it(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_variant(driver)
        await driver.press("J")
        assert variants(driver) == ["bf16", "fp16"]
        assert driver.node() == ("variant", SMALL, 1)
        await driver.press("J")
        assert "last already" in driver.said
        await driver.press("K")
        assert driver.node() == ("variant", SMALL, 0)
        await driver.press("u", "u")
        assert driver.node() == ("variant", SMALL, 0)
        assert driver.text == manifest


async def test_a_variant_goes_and_comes_back_under_the_cursor(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await on_variant(driver, 1)
        await driver.press("d")
        assert variants(driver) == ["fp16"]
        assert driver.node() == ("variant", SMALL, 0)
        await driver.press("u")
        assert driver.node() == ("variant", SMALL, 1)
        assert driver.text == manifest


async def test_what_fits_beside_a_variant_is_another(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver)
        await driver.press("a", "enter")
        await driver.type("fp8")
        await driver.press("enter")
        assert variants(driver) == ["fp16", "fp8", "bf16"]


async def test_out_of_a_variant_is_its_model(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver, 1)
        await driver.press("h")
        assert driver.node() == ("model", SMALL)
        await driver.press("h")
        assert not driver.bench.models.nodes.is_open(("model", SMALL))


async def test_where_one_was_comes_back(opened: Opener) -> None:
    async with opened() as driver:
        await on_variant(driver, 1)
        await driver.press("q")
    async with opened() as driver:
        assert driver.node() == ("variant", SMALL, 1)


@pytest.mark.parametrize("value", ['["fp16", 1]', '"fp16"', "[]", "{ a = 1 }", "[[]]"])
async def test_what_is_no_list_of_names_has_no_rows(opened: Opener, manifest: str, value: str) -> None:
    async with opened(manifest.replace('["fp16", "bf16"]', value)) as driver:
        await driver.press("j", "j", "l", "l")
        assert driver.node() == ("component", SMALL, "unet")


NAMES = {
    "markup": "[bold red]x[/] [@click=app.quit]y[/]",
    "escapes": "\\u001b[31m\\u0000",
    "bidirectional": "\u202eabc\u2066",
    "wide": "日本語" * 20,
    "long": "x" * 100_000,
    "empty": "",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (20, 6)])
async def test_names_are_inert(opened: Opener, manifest: str, name: str, size: tuple[int, int]) -> None:
    hostile = manifest.replace('["fp16", "bf16"]', f'["{NAMES[name]}", "fp16", "{NAMES[name]}"]')
    hostile = hostile.replace('default_variant = "fp16"', f'default_variant = "{NAMES[name]}"')
    async with opened(hostile, size) as driver:
        hand = Hand(driver.pilot)
        for key in ("j", "j", "l", "j", "j", "i", "escape", "J", "d", "escape", "enter", "4", "escape", "u"):
            await hand.key(key)
            await hand.workers()
            look(driver)


async def test_ten_thousand_variants_cost_what_is_drawn(
    opened: Opener, manifest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def counted(*arguments: object) -> object:
        asked.append(arguments)
        return estimate_vram(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("loadmaster.tui.manifest_view.estimate_vram", counted)
    names = ", ".join(f'"fp16-{number}"' for number in range(10_000))
    async with opened(manifest.replace('["fp16", "bf16"]', f"[{names}]")) as driver:
        await driver.press("2", "escape", "j", "j")
        assert not asked
        rows = driver.bench.models.row_count()
        assert rows == 4
        await driver.press("l", "j", "j", "end", "home")
        assert driver.bench.models.row_count() == rows + 10_002
        assert 0 < len(asked) < 100


async def test_figures_that_contradict_each_other_give_no_number(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace("params_billion = 1.0", "params_billion = 14.0")) as driver:
        await driver.press("j", "j", "l")
        assert "W LM601" in row_of(driver, "fp16 ★")
        assert "GiB" not in row_of(driver, "fp16 ★")
