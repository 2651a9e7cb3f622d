"""A value is copied by what carries it here; where nothing does, it is shown so that the mouse can take it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tui.conftest import DIGEST_1

from loadmaster.tui import clipboard
from loadmaster.tui.clipboard import Way, give_to_tmux, way_of
from loadmaster.tui.guarded import GuardedApp

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-256color"}, Way.TERMINAL),
        ({"TERM": "xterm-kitty"}, Way.TERMINAL),
        ({"TERM": "tmux-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, Way.TMUX),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, Way.NONE),
        ({"TERM": "linux"}, Way.NONE),
        ({"TERM": "vt220"}, Way.NONE),
        ({"TERM": "screen.xterm-256color"}, Way.NONE),
        ({}, Way.NONE),
    ],
)
def test_what_carries_a_text_is_told_by_the_environment(environment: Mapping[str, str], way: Way) -> None:
    assert way_of(environment, lambda _: "/usr/bin/tmux") is way


def test_without_its_command_tmux_is_a_terminal_like_others() -> None:
    assert way_of({"TERM": "screen", "TMUX": "x"}, lambda _: None) is Way.NONE
    assert way_of({"TERM": "tmux-256color", "TMUX": "x"}, lambda _: None) is Way.TERMINAL


def test_tmux_is_handed_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "tmux"
    command.write_text(f"#!/bin/sh\n(echo $*; cat) > {tmp_path}/got\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    give_to_tmux("wan–2.2")
    assert (tmp_path / "got").read_text() == "load-buffer -w -\nwan–2.2"
    command.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    give_to_tmux("nobody takes it")


async def on_digest(driver: Driver) -> None:
    await driver.press("j", "j", "2")
    driver.bench.detail.go_to(("models", "t2v-small@1.0.0", "files", 0, "sha256"))
    driver.bench.focus_pane("detail")
    await driver.settle()


def use(driver: Driver, way: Way) -> None:
    assert isinstance(driver.app, GuardedApp)
    driver.app.clipboard_way = way


async def test_a_digest_is_copied_whole(opened: Opener) -> None:
    async with opened() as driver:
        use(driver, Way.TERMINAL)
        await on_digest(driver)
        await driver.press("y")
        assert driver.app.clipboard == DIGEST_1
        assert driver.said.startswith(f"Copied: {DIGEST_1}")


async def test_where_there_is_no_clipboard_it_is_shown_with_nothing_around_it(opened: Opener) -> None:
    async with opened() as driver:
        use(driver, Way.NONE)
        await on_digest(driver)
        await driver.press("y")
        assert driver.lines[0].rstrip() == DIGEST_1
        assert "mouse while shift is held" in driver.lines[2]
        await driver.press("escape")
        assert "Files" in driver.lines[1]


async def test_a_long_text_is_folded_and_what_cannot_be_seen_is_escaped(opened: Opener, manifest: str) -> None:
    text = manifest.replace("Text to video, small", "x" * 250 + "\\u202e[b]")
    async with opened(text) as driver:
        driver.bench.reveal(("models", "t2v-small@1.0.0", "description"))
        driver.bench.focus_pane("detail")
        await driver.settle()
        await driver.press("Y")
        shown = "".join(line.rstrip() for line in driver.lines[:3])
        assert shown == "x" * 250 + "\\u202e[b]"


async def test_inside_tmux_it_goes_to_tmux(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    monkeypatch.setattr(clipboard, "give_to_tmux", given.append)
    async with opened() as driver:
        use(driver, Way.TMUX)
        await on_digest(driver)
        await driver.press("y")
        await driver.until(lambda: given)
        assert given == [DIGEST_1]


async def test_where_there_is_nothing_to_copy_it_is_said(opened: Opener) -> None:
    async with opened() as driver:
        driver.bench.models.cursor = 0
        await driver.settle()
        assert driver.node() == ("group", "i2v")
        for key in ("y", "Y"):
            await driver.press(key)
            assert driver.said.startswith("Nothing to ")
