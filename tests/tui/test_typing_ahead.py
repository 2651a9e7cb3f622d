"""Keys that come faster than they are dealt with act in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from loadmaster.tui.widgets.field_editor import EditorInput

if TYPE_CHECKING:
    from tests.tui.conftest import Opener


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["ctrl+u", "3", "0"], "30"),
        (["end", "5", "backspace", "6"], "246"),
        (["home", "1", "left", "2"], "2124"),
        (["ctrl+u", "1", "end", "2", "home", "delete", "7"], "72"),
    ],
)
async def test_keys_typed_ahead_keep_their_order(opened: Opener, keys: list[str], text: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3", "enter")
        line = driver.bench.query_one(EditorInput)
        for key in keys:
            driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await driver.until(lambda: line.value == text)
