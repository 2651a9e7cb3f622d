"""Random keys and mouse events: the app never ends in a crash, and only a save changes the file.

LOADMASTER_MONKEY=full pytest tests/tui/test_monkey.py -n 2      2,000 events on each sample, five seeds
"""

from __future__ import annotations

import os
import random
import shutil
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tui.hand import Hand

from loadmaster.document import store
from loadmaster.document.document import Document
from loadmaster.tui.actions import ACTIONS

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

FULL = os.environ.get("LOADMASTER_MONKEY") == "full"
EVENTS = int(os.environ.get("LOADMASTER_MONKEY_EVENTS", 2_000 if FULL else 100))
SEEDS = range(5 if FULL else 1)
MANIFEST = "models.toml"
SAMPLES = sorted((Path(__file__).parents[2] / "sample_manifests").rglob("*.toml"))

LEAVING = {"q", "ctrl+q"}
"""Keys that end the app: rare, since it is then started anew."""

TABLE_KEYS = sorted({key for action in ACTIONS for key in action.keys} - LEAVING)
OTHER_KEYS = (
    "backspace", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+x", "ctrl+v", "ctrl+left", "ctrl+right",
    "shift+left", "shift+right", "shift+up", "shift+down", "shift+home", "shift+end", "ctrl+home", "ctrl+end", "insert",
    "f2", "f12", "ctrl+c", "ctrl+space", "ctrl+d", "ctrl+l", "o", "b", "z",
)  # fmt: skip
TYPED = "abz09 ._-@#=\"'[]{}(),\\\té日e\u0301\u202e🙂"
PASTES = (
    "x", "4.7 GiB", "sha256:" + "ab" * 32, "[models.\"a@1.0.0\"]\nfps = 1\n", "<<<<<<< a\n=======\n>>>>>>> b\n", "\r\n",
    '"""', "[bold]x[/] [@click=app.quit]y[/]", "\x1b[31m\x07\u202e", "2.0.0",
)  # fmt: skip
MOST_SIZES = ((80, 24), (120, 40), (200, 60), (96, 20), (40, 10), (20, 6))


@dataclass
class Log:
    """What was done, for whoever reads of a failure, and what was saved."""

    done: list[str] = field(default_factory=list)
    saved: Document | None = None


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Log:
    """Keeps the last document that was written to the file; other files that are written stay in the test's folder."""
    monkeypatch.chdir(tmp_path)
    log, save = Log(), store.save

    def keep(path: Path, document: Document, *args: object, **kwargs: object) -> object:
        stamp = save(path, document, *args, **kwargs)  # type: ignore[arg-type]
        if path.name == MANIFEST:
            log.saved = document
        return stamp

    monkeypatch.setattr(store, "save", keep)
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setenv("EDITOR", "true")
    return log


async def _one_event(chance: random.Random, hand: Hand, log: Log) -> None:
    width, height = hand.app.size
    x, y = chance.randrange(max(width, 1)), chance.randrange(max(height, 1))
    roll = chance.random()
    if roll < 0.55:
        _say(log, key := chance.choice(TABLE_KEYS))
        await hand.key(key)
    elif roll < 0.72:
        key = chance.choice(("enter", "escape", "down", "up", "tab", "j", "right", "l", "e", "n", "f", "space"))
        _say(log, key)
        await hand.key(key)
    elif roll < 0.80:
        _say(log, key := chance.choice((*OTHER_KEYS, *TYPED)))
        await hand.key(key)
    elif roll < 0.82:
        _say(log, f"paste {(text := chance.choice(PASTES))!r}")
        await hand.paste(text)
    elif roll < 0.91:
        times = chance.choice((1, 1, 2, 3))
        _say(log, f"click {x},{y} x{times}")
        await hand.click(x, y, times)
    elif roll < 0.94:
        to_x, to_y = chance.randrange(max(width, 1)), chance.randrange(max(height, 1))
        _say(log, f"drag {x},{y} {to_x},{to_y}")
        await hand.drag(x, y, to_x, to_y)
    elif roll < 0.97:
        _say(log, f"wheel {x},{y}")
        await hand.wheel(x, y, chance.random() < 0.5)
    elif roll < 0.985:
        _say(log, f"move {x},{y}")
        await hand.move(x, y)
    elif roll < 0.995:
        size = chance.choice(MOST_SIZES)
        _say(log, f"resize {size}")
        await hand.resize(*size)
    else:
        _say(log, key := chance.choice(sorted(LEAVING)))
        await hand.key(key)


def _say(log: Log, what: str) -> None:
    log.done.append(what)


async def _play(chance: random.Random, driver: Driver, log: Log, rounds: int) -> int:
    """Play until the app was left or all is played; how many events are left."""
    hand = Hand(driver.pilot)
    assert driver.bench.view is not None
    session, opened = driver.bench.view.session, driver.text
    while rounds and hand.is_alive:
        await _one_event(chance, hand, log)
        rounds -= 1
    fault = driver.app._exception
    if fault is not None:
        traceback.print_exception(getattr(fault, "error", fault))  # of a worker the framework keeps but the name
    assert fault is None, f"{fault!r} after {log.done[-40:]}"
    view = driver.bench.view
    if view is not None and view.session is session:
        while session.undo() is not None:
            pass
        assert session.document.text == opened, f"undo does not lead back after {log.done}"
    return rounds


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
async def test_random_keys_and_mouse_never_end_in_a_crash(
    opened: Opener, log: Log, tmp_path: Path, sample: Path, seed: int
) -> None:
    chance = random.Random(f"{sample.name} {seed}")
    content = sample.read_bytes()
    rounds = EVENTS
    file = tmp_path / MANIFEST
    while rounds:
        # Else the unsaved work of the run before would be offered, which the fixture waits for.
        shutil.rmtree(tmp_path / "state", ignore_errors=True)
        async with opened(content, chance.choice(MOST_SIZES[:3])) as driver:
            rounds = await _play(chance, driver, log, rounds)
        on_disk = file.read_bytes()
        if log.saved is None:
            assert on_disk == content, f"the file changed, unsaved, after {log.done}"
        else:
            assert Document.from_bytes(on_disk).text == log.saved.text
        log.done.append("--- left")
        content, log.saved = on_disk, None
