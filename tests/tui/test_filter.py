"""The filter: what was meant is shown below its model, marked, and is where Enter goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.session import Session
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.matching import Match, match_model

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = "t2v-small@1.0.0"


async def filtered(driver: Driver, text: str) -> None:
    await driver.press("slash")
    await driver.type(text)
    await driver.press("enter")


def found(manifest: str, text: str, model_id: str = SMALL) -> Match | None:
    return match_model(ManifestView(Session.from_text(manifest)), model_id, text)


async def test_a_file_found_by_its_path_is_gone_to(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "config.js")
        await driver.press("j")
        assert driver.node() == ("file", SMALL, "config", 1)
        await driver.press("enter")
        assert driver.bench.detail.path == ("models", SMALL, "files", 1, "path")


async def test_a_file_found_by_its_digest_shows_it(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "d1fea")
        assert "d1fea368…" in driver.line_with("config.json")


async def test_a_fault_found_by_its_rule_is_gone_to(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "version-mis")
        assert "LM202 version-mismatch" in driver.screen
        await driver.press("j", "enter")
        assert driver.bench.detail.path == ("models", "i2v-other@2.0.0", "version")


async def test_a_fault_found_is_explained_where_it_stands(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "version-mis")
        await driver.press("j", "i")
        assert "Why it matters" in driver.screen


async def test_a_component_found_unfolds_to_its_files(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "unet")
        await driver.press("j", "l", "j")
        assert driver.node() == ("file", SMALL, "unet", 0)
        await driver.press("h")
        assert driver.node() == ("component", SMALL, "unet")


async def test_what_is_not_listed_is_counted_and_comes_when_asked_for(opened: Opener, manifest: str) -> None:
    files = "".join(
        f'[[models."{SMALL}".files]]\npath = "part-{n}.bin"\nsize = {n + 1}\nsha256 = "{n:064x}"\n\n' for n in range(9)
    )
    async with opened(
        manifest.replace(f'[[models."{SMALL}".files]]', files + f'[[models."{SMALL}".files]]', 1)
    ) as driver:
        await filtered(driver, "part-")
        assert "and 5 more" in driver.screen
        await driver.press("j", "j", "j", "j", "j", "enter")
        assert "more" not in driver.screen.replace("more frames", "")
        assert "part-8.bin" in driver.screen


async def test_a_found_file_can_be_removed_where_it_stands(opened: Opener) -> None:
    async with opened() as driver:
        await filtered(driver, "config.js")
        await driver.press("j", "d", "enter")
        assert driver.steps == ["remove config.json"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [("small", ["small"]), ("t2vsml", ["t2v", "sm", "l"]), ("T2V 1.0", ["t2v", "1.0"]), ("t2v", ["t2v"])],
)
def test_the_letters_of_an_id(manifest: str, text: str, marked: list[str]) -> None:
    match = found(manifest, text)
    assert match is not None
    assert [SMALL[start:end] for start, end in match.spans] == marked


def test_every_word_has_to_be_found(manifest: str) -> None:
    assert found(manifest, "small unet") is not None
    assert found(manifest, "small vae") is None
    assert found(manifest, "zzz") is None


def test_letters_with_gaps_are_found_in_a_path_at_last(manifest: str) -> None:
    match = found(manifest, "cfgjs")
    assert match is not None
    assert [hit.name for hit in match.hits] == ["config.json"]
    assert "".join("config.json"[start:end] for start, end in match.hits[0].spans) == "cfgjs"


def test_the_beginning_of_a_digest_is_wanted_not_its_middle(manifest: str) -> None:
    assert found(manifest, "d1fe") is not None
    assert found(manifest, "fea36") is None


@pytest.mark.parametrize("text", ["", "config.js"])
async def test_escape_in_the_filter_leaves_it(opened: Opener, text: str) -> None:
    async with opened() as driver:
        await driver.press("slash")
        await driver.type(text)
        await driver.press("escape")
        assert not driver.bench.query_one("#filter").display
        assert driver.bench.models.has_focus
        assert driver.bench.models.filter_text == ""
        assert "i2v-other@2.0.0" in driver.screen


async def test_an_empty_filter_that_is_left_takes_no_line(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("slash", "tab")
        assert not driver.bench.query_one("#filter").display


async def test_a_filter_without_a_match_leaves_the_cursor_where_it_was(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j")
        node = driver.node()
        await driver.press("slash", *"zzzz", "escape")
        assert driver.node() == node == ("model", "t2v-small@1.0.0")
