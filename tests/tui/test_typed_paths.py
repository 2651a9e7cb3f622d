"""Paths that no system takes, typed where a path is asked for: said in its place, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

ODD = {
    "too long": "x" * 5000,
    "too long in a folder": "/tmp/" + "y" * 300 + "/models.toml",
    "nobody's home": "~nobody-of-this-name/models.toml",
    "in a file": "models.toml/x.toml",
}


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
@pytest.mark.parametrize("keys", [("W",), ("6", "R"), ("v",), ("o",)], ids=["save-as", "root", "review", "open"])
async def test_a_path_that_cannot_be_is_told(opened: Opener, keys: tuple[str, ...], path: str) -> None:
    async with opened() as driver:
        await driver.press(*keys)
        await driver.press("end", "ctrl+u")
        await driver.hand.paste(path)
        await driver.press("enter", "enter")
        assert driver.hand.is_alive
        await driver.press("escape", "escape")
        assert driver.text == driver.path.read_text(encoding="utf-8")
