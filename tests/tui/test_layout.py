"""Panes are made larger and smaller, with keys and with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener
    from textual.widget import Widget

NARROW = (80, 24)


async def drag(driver: Driver, start: Widget, to: tuple[int, int]) -> None:
    """Take hold of a widget at its first cell, pull it to a place of the screen, let go."""
    at = start.region.offset
    await driver.pilot.mouse_down(start, offset=(0, 0))
    for place in ((at.x, at.y), to):
        driver.app.screen._forward_event(
            events.MouseMove(start, place[0], place[1], 1, 1, 1, False, False, False, place[0], place[1])
        )
        await driver.settle()
    await driver.pilot.mouse_up(None, offset=to)
    await driver.settle()


def sizes(driver: Driver) -> tuple[int, int]:
    bench = driver.bench
    return bench.query_one("#models").region.width, bench.query_one("#faults").region.height


async def test_keys_move_the_lines_between_the_panes(opened: Opener) -> None:
    async with opened() as driver:
        width, height = sizes(driver)
        await driver.press(")", "}")
        assert sizes(driver) == (width + 4, height + 2)
        await driver.press("(", "(", "{")
        assert sizes(driver) == (width - 4, height)


async def test_no_pane_can_be_made_to_vanish(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press(*["("] * 20, *["{"] * 20)
        width, height = sizes(driver)
        assert width >= 16
        assert height >= 3
        await driver.press(*[")"] * 40, *["}"] * 40)
        assert driver.bench.detail.region.width >= 40
        assert driver.bench.models.region.height >= 4
        await driver.press("(")
        assert sizes(driver)[0] < 80


async def test_the_mouse_pulls_the_line_beside_the_models(opened: Opener) -> None:
    async with opened() as driver:
        await drag(driver, driver.bench.query_one("Divider"), (50, 5))
        assert sizes(driver)[0] == 50
        await drag(driver, driver.bench.query_one("Divider"), (24, 5))
        assert sizes(driver)[0] == 24


async def test_the_mouse_pulls_the_rule_above_the_faults(opened: Opener) -> None:
    async with opened() as driver:
        bottom = driver.bench.query_one("#faults").region.bottom
        await drag(driver, driver.bench.query_one("#faults-rule"), (60, 15))
        assert driver.bench.query_one("#faults-rule").region.y == 15
        assert driver.bench.query_one("#faults").region.bottom == bottom


async def test_where_one_pane_is_shown_it_has_all_the_room(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press(")", ")", "}")
        wide = sizes(driver)
        await driver.pilot.resize_terminal(*NARROW)
        await driver.settle()
        assert driver.bench.query_one("#models").region.width == 80
        await driver.press(")")
        assert "One pane at a time" in driver.said
        await driver.pilot.resize_terminal(120, 40)
        await driver.settle()
        assert sizes(driver) == wide


async def test_a_manifest_without_faults_gives_their_room_back(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("}", "}")
        assert sizes(driver)[1] > 10
        driver.bench.editing.apply(lambda d: d.set(("models", "i2v-other@2.0.0", "version"), "2.0.0"), "mend", None)
        await driver.settle()
        assert sizes(driver)[1] == 1
        await driver.press("u")
        assert sizes(driver)[1] > 10
