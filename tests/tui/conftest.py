"""The app without a terminal, on a small manifest."""

from __future__ import annotations

import difflib
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from tests.tui.hand import Hand
from textual.pilot import Pilot

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.screens.workbench import Workbench

DIGEST_1 = "20eb789667fa5e60e7516bf509512f6cb61f01b0aa0695eadaea930c13892b36"
DIGEST_2 = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"

MANIFEST = f'''# Kept by hand.
schema_version = 1

[models."t2v-small@1.0.0"]
description = "Text to video, small"
version = "1.0.0"
variants = ["fp16", "bf16"]
default_variant = "fp16"
lora_required = false
required_components = ["unet", "config"]

[models."t2v-small@1.0.0".defaults]
fps = 24 # as trained
frames = 16
precision = "fp16"

[models."t2v-small@1.0.0".vram_estimation]
params_billion = 1.0
family_size = "small"
base_vram_gb = 2.5
per_frame_vram_mb = 100

[[models."t2v-small@1.0.0".files]]
path = "unet.safetensors"
size = 1234567896
sha256 = "{DIGEST_1}"
component = "unet"

[[models."t2v-small@1.0.0".files]]
path = "config.json"
size = 251
sha256 = "{DIGEST_2}"
component = "config"

[models."t2v-small@1.0.0".sources]
priority = ["hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e"]

[models."i2v-other@2.0.0"]
version = "2.0.1"
variants = ["bf16"]
default_variant = "bf16"

[[models."i2v-other@2.0.0".files]]
path = "other.safetensors"
size = 1234567896
sha256 = "{DIGEST_1}"

[models."i2v-other@2.0.0".sources]
priority = ["local://other"]
'''

WIDE = (120, 40)
NARROW = (80, 24)


@pytest.fixture(autouse=True)
def _nothing_is_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app freezes what it has read, for it is the only one of its process. Here hundreds follow one another."""
    monkeypatch.setattr(gc, "freeze", lambda: None)


class Driver:
    """A running app with a few questions that tests ask."""

    def __init__(self, pilot: Pilot[int], app: LoadmasterApp, path: Path) -> None:
        self.pilot = pilot
        self.app = app
        self.path = path
        self.hand = Hand(pilot)

    @property
    def bench(self) -> Workbench:
        """The workbench."""
        return self.app.workbench

    @property
    def lines(self) -> list[str]:
        """What is on the screen, line by line."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def screen(self) -> str:
        """What is on the screen."""
        return "\n".join(self.lines)

    @property
    def said(self) -> str:
        """What the status line says."""
        return self.bench.status.said

    def answer(self) -> int | None:
        """What the app ended with; None while it runs."""
        return self.app.return_value

    def node(self) -> object:
        """The node under the cursor of the tree."""
        return self.bench.models.node

    async def press(self, *keys: str) -> None:
        """Press keys, and let the app come to rest."""
        for key in keys:
            await self.hand.key(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Replace what stands in the open field by a text."""
        await self.press("home", "shift+end", *([_key(character) for character in text] or ["backspace"]))

    async def settle(self) -> None:
        """Let workers and messages end."""
        await self.pilot.pause()
        await self.hand.keys_dealt_with()
        await self.pilot.pause()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds that a thread, or another process, brings about."""
        for _ in range(2000):
            if condition():
                break
            await self.pilot.pause(0.01)
        else:
            pytest.fail(f"it never came:\n{self.screen}")
        await self.settle()

    async def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: text in self.screen)

    @property
    def text(self) -> str:
        """The manifest as it is in the app."""
        assert self.bench.view is not None
        return self.bench.view.document.text

    @property
    def steps(self) -> list[str]:
        """The names of the steps that can be undone."""
        assert self.bench.view is not None
        return [step.label for step in self.bench.view.session.history.done]

    async def saved_lines(self, before: str) -> list[str]:
        """Save, and give the lines in which the file then differs from what it was."""
        await self.press("w", "enter")
        assert "unsaved" not in self.lines[0]
        return self.changed_lines(before, self.path.read_bytes().decode())

    @staticmethod
    def changed_lines(before: str, after: str) -> list[str]:
        """The lines that went and those that came, in order."""
        lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
        return [line.rstrip("\n") for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]

    def line_with(self, text: str) -> str:
        """The first line of the screen that holds a text."""
        return next((line for line in self.lines if text in line), "")


def _key(character: str) -> str:
    from textual.keys import _character_to_key

    return _character_to_key(character)


Opener = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(autouse=True)
def _no_traces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written to, or read from, the folders of the person who runs the tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    """Open a manifest in the app: `async with opened(text, size) as driver`."""

    @asynccontextmanager
    async def run(text: str | bytes = MANIFEST, size: tuple[int, int] = WIDE) -> AsyncIterator[Driver]:
        path = tmp_path / "models.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        app = LoadmasterApp(path, keymap=tmp_path / "keymap.toml", state=tmp_path / "state")
        async with app.run_test(size=size) as pilot:
            # What an earlier run left is offered by a worker that waits for the answer.
            await app.workers.wait_for_complete([one for one in app.workers if one.group != "recovery"])
            driver = Driver(pilot, app, path)
            await driver.settle()
            yield driver

    return run


@pytest.fixture
def manifest() -> str:
    """The text that `opened` opens."""
    return MANIFEST


@pytest.fixture
def clean() -> str:
    """A manifest without any fault."""
    return MANIFEST[: MANIFEST.index('[models."i2v-other')].rstrip("\n") + "\n"
