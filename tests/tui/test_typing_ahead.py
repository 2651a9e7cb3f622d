"""Keys that come faster than they are dealt with act in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.widget import Widget
from textual.widgets import Input

from loadmaster.tui import key_gate
from loadmaster.tui.screens.help import HelpScreen
from loadmaster.tui.screens.palette import PaletteScreen
from loadmaster.tui.widgets.field_editor import EditorInput

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


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


def send(driver: Driver, text: str, *more: str) -> None:
    """Send keys at once, as a paste over a slow line does."""
    assert driver.app._driver is not None
    for key in (*text, *more):
        name = _character_to_key(key) if len(key) == 1 else key
        driver.app._driver.send_message(events.Key(name, key if len(key) == 1 else None))


async def test_what_follows_the_filter_key_is_typed_into_the_filter(opened: Opener) -> None:
    async with opened() as driver:
        send(driver, "/wdq")
        await driver.until(lambda: driver.bench.models.filter_text == "wdq")
        assert driver.bench.query_one("#filter").has_focus


async def test_what_follows_a_key_goes_to_the_sheet_that_it_opens(opened: Opener) -> None:
    async with opened() as driver:
        send(driver, "gv")
        await driver.until(lambda: driver.bench.fault_list.has_focus)
        send(driver, ":", "t", "h", "e", "m", "e")
        await driver.until(lambda: isinstance(driver.app.screen, PaletteScreen))
        await driver.until(lambda: driver.app.screen.query_one(Input).value == "theme")


async def test_a_whole_edit_at_once(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        send(driver, "jj3", "enter", "ctrl+u", "3", "0", "enter", "w", "enter")
        await driver.until(lambda: "fps = 30 # as trained" in driver.path.read_text())
        assert driver.path.read_text() == manifest.replace("fps = 24", "fps = 30")


async def test_a_new_model_in_one_breath(opened: Opener) -> None:
    async with opened() as driver:
        send(driver, "r", "ctrl+u")
        send(driver, "i2v-next@2.0.0", "enter")
        await driver.until(lambda: "i2v-next@2.0.0" in driver.text)


async def test_the_gate_opens_again_after_a_sheet_and_at_the_end_of_patience(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_gate, "PATIENCE", 0.0)
    async with opened() as driver:
        send(driver, "?", "escape", "j", "j")
        await driver.until(lambda: driver.app.key_gate.is_open and not isinstance(driver.app.screen, HelpScreen))
        assert driver.app.is_running


async def test_keys_behind_the_one_that_ends_the_app_are_nobodys(opened: Opener) -> None:
    async with opened() as driver:
        send(driver, "qjwq/")
        await driver.until(lambda: driver.answer() is not None)
        assert driver.answer() == 0


async def test_what_follows_the_key_that_adds_an_item_is_typed_into_its_line(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press(*"jj1", "down")
        while driver.bench.detail.path != ("models", "t2v-small@1.0.0", "variants"):
            await driver.press("down")
        send(driver, "", "enter", "a", "f", "p", "8", "enter", "escape")
        await driver.until(lambda: 'variants = ["fp16", "fp8", "bf16"]' in driver.text)


class Vanishing(Widget, can_focus=True):
    """It goes away when a key comes, with all that was to come back from it."""

    def call_later(self, callback: Any, *args: Any, **kwargs: Any) -> bool:
        if getattr(callback, "__func__", None) is not key_gate.KeyGate._hop:
            return super().call_later(callback, *args, **kwargs)
        self.remove()
        return True


async def test_a_widget_that_goes_away_does_not_hold_the_next_key_back(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_gate, "PATIENCE", 10**6)
    async with opened() as driver:
        await driver.bench.mount(Vanishing(id="vanishing"))
        driver.bench.query_one("#vanishing").focus()
        await driver.settle()
        send(driver, "x", "question_mark")
        await driver.until(lambda: isinstance(driver.app.screen, HelpScreen))
