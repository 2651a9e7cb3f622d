"""What a save would change: only the lines that do, under the names of model and table; side by side where it fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.document.document import Document
from loadmaster.session import difference
from loadmaster.tui.difference import BESIDE_FROM, difference_lines
from loadmaster.tui.paint import Line, span

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = ("models", "t2v-small@1.0.0")


def said(line: Line) -> str:
    return "".join(piece.text for piece in line).rstrip()


def edited(manifest: str) -> list[Line]:
    old = Document.from_text(manifest)
    new = old.set((*SMALL, "defaults", "frames"), 81).set((*SMALL, "defaults", "added"), True)
    new = new.unset((*SMALL, "lora_required"))
    return difference_lines(difference(old, new), BESIDE_FROM)


def test_both_sides_stand_beside_each_other_with_their_own_numbers(manifest: str) -> None:
    lines = [said(line) for line in edited(manifest)]
    halves = [tuple(half.strip() for half in line.split("│")) for line in lines if "│" in line]
    old, new = manifest.split("\n"), manifest.split("\n")
    number = old.index("frames = 16") + 1
    assert (f"{number} − frames = 16", f"{number - 1} + frames = 81") in halves
    assert new[number] == 'precision = "fp16"'
    assert (f'{number + 1}   precision = "fp16"', f'{number}   precision = "fp16"') in halves
    assert ("", f"{number + 1} + added = true") in halves
    assert "  t2v-small@1.0.0 · defaults" in lines
    assert all(span(line) <= BESIDE_FROM for line in edited(manifest))


def test_a_change_is_under_the_table_that_it_is_in(manifest: str) -> None:
    old = Document.from_text(manifest)
    hunks = difference(old, old.remove_item((*SMALL, "files"), 0))
    assert {(hunk.model_id, hunk.table) for hunk in hunks} == {(SMALL[1], "files")}


async def change(driver: Driver) -> None:
    await driver.press("j", "j", "3", "enter")
    await driver.type("0")
    await driver.press("enter", "w")


@pytest.mark.parametrize("size", [(150, 40), (80, 24)])
async def test_a_save_shows_what_changes_and_the_faults_before_and_after(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as driver:
        view = driver.bench.view
        assert view is not None
        before = view.faults.totals().errors
        await change(driver)
        assert ("+ fps = 0" in driver.line_with("− fps = 24")) == (size[0] == 150)
        assert f"Faults: {before + 1} errors ({before} before)" in driver.screen
        assert "brings LM103" in driver.screen
