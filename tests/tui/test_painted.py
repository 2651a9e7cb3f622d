"""Only what changed is painted: the screen is at all times what it would be if all of it were painted anew."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.strip import Strip

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

MODEL = (Path(__file__).parent / "vram.toml").read_text(encoding="utf-8")
SETTING = ("equals_sign", "minus", "greater_than_sign", "less_than_sign", "right_square_bracket", "left_square_bracket")
MOVING = ("j", "k", "j", "j", "enter", "h", "l", "g", "G", "pagedown", "ctrl+u", "tab", "shift+tab", "1", "3", "4", "n")
CHANGING = ("x", "u", "ctrl+r", "d", "f", "escape")


def painted(driver: Driver) -> list[Strip]:
    """What is on the screen, with its colours."""
    return [strip.simplify() for strip in driver.app.screen._compositor.render_strips()]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("seed", range(2))
async def test_what_is_not_painted_again_is_what_it_would_be(opened: Opener, size: tuple[int, int], seed: int) -> None:
    chance = random.Random(seed)
    async with opened(MODEL, size) as driver:
        driver.bench.reveal(("models", "t2v-A14B@2.2.0", "vram_estimation"))
        await driver.press("tab", "4")
        done: list[str] = []
        for _ in range(30):
            keys = chance.choices((SETTING, MOVING, CHANGING), (3, 5, 1))[0]
            done.append(chance.choice(keys))
            await driver.press(done[-1])
            seen = painted(driver)
            for screen in driver.app.screen_stack:
                screen.query("*").refresh()
            await driver.settle()
            differing = [
                (number, was.text, now.text)
                for number, (was, now) in enumerate(zip(seen, painted(driver), strict=True))
                if was != now
            ]
            assert not differing, (done, differing)
