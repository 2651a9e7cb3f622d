"""Every key of the table of actions on every kind of target.

A key never ends the app, changes the manifest only where its action is a change, does something that can be seen (or
says why not), and what it changed is undone to the letter.

    LOADMASTER_MATRIX=full pytest tests/tui/test_matrix.py -n 2      all keys on all targets: ten minutes
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tui.hand import Hand

from loadmaster.document.places import KeyPath
from loadmaster.tui.actions import ACTIONS, BY_ID, Action, Group
from loadmaster.tui.widgets.fault_list import FaultRow
from loadmaster.tui.widgets.field_list import FieldList

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

A = "t2v-small@1.0.0"
KEYS = sorted({key for action in ACTIONS for key in action.keys})
FULL = os.environ.get("LOADMASTER_MATRIX") == "full"
SIZE = (100, 30)
SOON = 40
PART = 1 if FULL else 24
"""Each key is tried on each 24th target, and where it has a meaning of its own; everywhere in a full run."""

EXTRA = """
[models."i2v-folded@1.0.0"]
variants = ["bf16"]
default_variant = "bf17"
odd_key = [1, 2]
lora_required = "no"

[[models."i2v-folded@1.0.0".files]]
path = "one.bin"
size = 0

[[models."i2v-folded@1.0.0".files]]
path = "two.bin"
size = 0

[[models."i2v-folded@1.0.0".files]]
path = "three.bin"
size = 0

[[models."i2v-folded@1.0.0".files]]
path = "four.bin"
size = true
sha256 = 12

[models."i2v-folded@1.0.0".sources]
priority = ["s3://bucket/x", "hf://org/small@main"]
"""
F = "i2v-folded@1.0.0"

CONFLICT = """schema_version = 1

[models."a@1.0.0"]
variants = ["fp16"]
<<<<<<< ours
default_variant = "fp16"
=======
default_variant = "bf16"
>>>>>>> theirs
"""


@dataclass
class Bench:
    """The app under trial, and what it was before."""

    driver: Driver
    hand: Hand
    left: list[object] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The manifest."""
        return self.driver.text

    @property
    def over(self) -> int:
        """How much lies over the panes: screens, an editor, an open list, a text being typed."""
        bench = self.driver.bench
        return len(self.driver.app.screen_stack) + bench.editing.is_open + bench.lists.is_open + bench.detail.holds

    @property
    def steps(self) -> int:
        """How many steps can be undone."""
        view = self.driver.bench.view
        return len(view.session.history.done) if view is not None else 0

    @property
    def picture(self) -> object:
        """All that a person could notice."""
        app = self.driver.app
        strips = [list(strip) for strip in app.screen._compositor.render_strips()]
        return strips, app.clipboard, len(self.left), self.driver.said

    async def keys(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            await self.hand.key(key)

    async def focus(self, pane: str) -> None:
        """Give the keys to a pane that has not got them."""
        await self.hand.rest()
        workbench = self.driver.bench
        targets = {"models": workbench.models, "detail": workbench.detail.body, "faults": workbench.fault_list}
        if workbench.pane != pane or workbench.focused is not targets[pane]:
            workbench.focus_pane(pane)
            await self.hand.rest()

    async def come_back(self) -> None:
        """Out of all that lies over the panes, and back to how it began."""
        for _ in range(12):
            await self.hand.workers()
            await self.hand.painted()
            if self.over <= 2:
                break
            await self.hand.key("escape")
        assert self.over <= 2, "escape leads out of everything"
        bench = self.driver.bench
        if bench.marks:
            bench.clear_marks()
        if bench.models.filter_text or bench.query_one("#filter").display:
            bench._leave_filter()
        bench.models.nodes.folded_groups.clear()
        if bench.fault_list.scope is not None:
            bench.fault_list.action_scope()
        await self.hand.rest()


Stand = Callable[[Bench], Awaitable[None]]


def on_field(*path: str | int, model: str = A, tab: str = "") -> Stand:
    """The cursor on a field of a model."""

    async def stand(bench: Bench) -> None:
        workbench, wanted = bench.driver.bench, ("models", model, *path)
        if workbench.detail.path != wanted or (tab and workbench.detail.tab_id != tab):
            workbench.reveal(("models", model))
            workbench.detail.open_tab(tab or "overview")
            workbench.detail.go_to(wanted)
        await bench.focus("detail")

    return stand


def on_row(tab: str, number: int, model: str = A) -> Stand:
    """The cursor on a row of a tab, by its number among those on which it can stand."""

    async def stand(bench: Bench) -> None:
        workbench = bench.driver.bench
        workbench.reveal(("models", model))
        workbench.detail.open_tab(tab)
        body = workbench.detail.body
        assert isinstance(body, FieldList)
        places = [index for index in range(body.row_count()) if body.can_stand_on(index)]
        body.set_cursor(places[number])
        await bench.focus("detail")

    return stand


def in_tree(*node: str | int) -> Stand:
    """The cursor on a node of the tree."""

    async def stand(bench: Bench) -> None:
        tree = bench.driver.bench.models
        tree.restore((("model", A), ("component", A, "unet"), ("model", F)), (), node)
        bench.driver.bench.detail.open_tab("overview")
        await bench.focus("models")

    return stand


def _kind(row: FaultRow) -> str:
    return "fold" if row.fold else "inside" if row.inside else "plain"


def on_fault(code: str, kind: str = "plain") -> Stand:
    """The cursor on a fault: alone, the head of a fold, or inside one."""

    async def stand(bench: Bench) -> None:
        faults = bench.driver.bench.fault_list
        faults._unfolded = {row.fold for row in faults.rows if row.fold} if kind == "inside" else set()
        faults.rows = faults._make_rows()
        alike = [i for i, row in enumerate(faults.rows) if row.finding.code == code and _kind(row) == kind]
        faults.rows_changed(alike[0])
        await bench.focus("faults")

    return stand


def then(stand: Stand, *keys: str) -> Stand:
    """Keys pressed from another target: into an input, a sheet, a screen."""

    async def stand_there(bench: Bench) -> None:
        await stand(bench)
        before = bench.over
        for key in keys:
            await bench.hand.key(key)
            await bench.hand.workers()
        opens = await bench.hand.until(lambda: bench.over > before or keys[0] == "slash", SOON)
        _hold(opens, f"{keys} opens nothing: {bench.driver.said}")

    return stand_there


MODEL, FILE = in_tree("model", A), in_tree("file", A, "unet", 0)
TARGETS: dict[str, Stand] = {
    "tree-type": in_tree("group", "t2v"),
    "tree-model": MODEL,
    "tree-faulty-model": in_tree("model", F),
    "tree-variant": in_tree("variant", A, 0),
    "tree-faulty-variant": in_tree("variant", F, 0),
    "tree-component": in_tree("component", A, "unet"),
    "tree-no-component": in_tree("component", F, "no component"),
    "tree-file": FILE,
    "string": on_field("description"),
    "version": on_field("version"),
    "list": on_field("variants"),
    "choice": on_field("default_variant"),
    "switch": on_field("lora_required"),
    "absent-list": on_field("optional_components"),
    "sources": on_field("sources", "priority"),
    "unknown-key": on_field("odd_key", model=F),
    "wrong-type": on_field("lora_required", model=F),
    "number": on_field("defaults", "fps"),
    "absent-number": on_field("defaults", "guidance_scale"),
    "absent-choice": on_field("defaults", "scheduler"),
    "precision": on_field("defaults", "precision"),
    "no-defaults": on_field("defaults", "fps", model=F),
    "vram-float": on_field("vram_estimation", "base_vram_gb"),
    "vram-absent": on_field("vram_estimation", "per_frame_vram_mb", model=F),
    "vram-bar": on_row("vram", 0),
    "vram-verdict": on_row("vram", 2),
    "vram-rung": on_row("vram", 3),
    "vram-words": on_row("vram", -1),
    "file-path": on_field("files", 0, "path"),
    "file-size": on_field("files", 1, "size"),
    "file-digest": on_field("files", 0, "sha256"),
    "file-component": on_field("files", 0, "component"),
    "file-part": on_field("files", 0, "shard_part"),
    "file-wrong": on_field("files", 3, "sha256", model=F),
    "source": on_field("defaults", "fps", tab="source"),
    "fault-fixable": on_fault("LM202"),
    "fault-plain": on_fault("LM201"),
    "fault-fold": on_fault("LM101", "fold"),
    "fault-in-fold": on_fault("LM101", "inside"),
    "in-filter": then(MODEL, "slash", "t"),
    "in-field": then(on_field("description"), "e"),
    "in-number": then(on_field("defaults", "fps"), "e"),
    "in-choice": then(on_field("defaults", "precision"), "e"),
    "in-digest": then(on_field("files", 0, "sha256"), "e"),
    "in-list": then(on_field("sources", "priority", model=F), "e"),
    "in-list-end": then(on_field("sources", "priority", model=F), "e", "end"),
    "in-item": then(on_field("sources", "priority", model=F), "e", "e"),
    "in-source": then(on_field("defaults", "fps", tab="source"), "e"),
    "help": then(MODEL, "question_mark"),
    "palette": then(MODEL, "colon"),
    "jump": then(MODEL, "g"),
    "save": then(MODEL, "w"),
    "quit": then(MODEL, "q"),
    "explain-fault": then(on_fault("LM202"), "i"),
    "explain-field": then(on_field("description"), "i"),
    "explain-figure": then(on_row("vram", 0), "i"),
    "fix": then(on_fault("LM202"), "f"),
    "add-from-type": then(in_tree("group", "t2v"), "a"),
    "add-from-model": then(MODEL, "a"),
    "add-from-file": then(FILE, "a"),
    "clone-model": then(MODEL, "c"),
    "clone-file": then(FILE, "c"),
    "rename-model": then(MODEL, "r"),
    "rename-component": then(in_tree("component", A, "unet"), "r"),
    "remove-model": then(MODEL, "d"),
    "remove-file": then(FILE, "d"),
    "file-form": then(on_field("files", 0, "path"), "F"),
    "vram-pick": then(on_row("vram", 0), "p"),
    "review": then(MODEL, "v"),
}

MAY_DO_NOTHING = {
    "tab.overview",
    "tab.files",
    "tab.defaults",
    "tab.vram",
    "tab.source",
    "pane.back",
    "vram.own",
    "vram.choose",
}
"""Looking at what is looked at already."""


AS_TOLD = {"tree.open", "tree.mark"}
"""Changes and moves that are no change of the text."""


def _active(bench: Bench, key: str) -> Action | None:
    """The action that a key has where the keys go now, if it is one of the table."""
    active = bench.driver.app.screen.active_bindings.get(key)
    return BY_ID.get(active.binding.id or "") if active is not None and active.enabled else None


def _hold(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


async def _undo(bench: Bench, steps: int, before: str) -> None:
    """Take all back by key, and again after doing it again."""
    after, number = bench.text, bench.steps - steps
    await bench.come_back()
    for keys in (("u",) * number, ("U",) * number, ("u",) * number):
        await bench.keys(*keys)
        await bench.come_back()
        _hold(bench.text == (after if keys[0] == "U" else before), "undo and redo lead to the same texts")


async def _try(bench: Bench, stand: Stand, key: str, answer: str) -> bool:
    """Press a key on a target, then answer what it opened; true if it opened something."""
    await stand(bench)
    bench.driver.bench.status.hush()
    before, steps, over = bench.text, bench.steps, bench.over
    action = _active(bench, key)
    picture = bench.picture if action is not None and action.group is not Group.MOVE else None
    of_use = action is not None and bench.driver.bench.is_of_use(action.id) and over <= 2
    await bench.hand.key(key)
    await bench.hand.workers()
    opens = bench.over > over
    if action is not None and action.group is not Group.MOVE:
        if action.group is not Group.CHANGE:
            _hold(bench.text == before, "only a change changes the manifest")
        elif of_use and action.footer:
            does = lambda: bench.text != before or bench.over > over or action.id in AS_TOLD  # noqa: E731
            _hold(await bench.hand.until(does, SOON), "what the foot offers is done")
            opens = bench.over > over
        if action.id not in MAY_DO_NOTHING:
            _hold(await bench.hand.until(lambda: bench.picture != picture, SOON), "a key that does nothing says why")
    if opens:
        _hold(bench.text == before, "what is asked first is not done yet")
        await bench.hand.key(answer)
        await bench.hand.workers()
        _hold(answer != "escape" or bench.text == before, "escape leaves all as it was")
    if bench.text != before:
        _hold(bench.steps > steps or key in ("u", "U", "ctrl+z", "ctrl+y"), "every change can be undone")
        if bench.steps > steps:
            await _undo(bench, steps, before)
    await bench.come_back()
    return opens


async def _trials(bench: Bench, stand: Stand, turn: int) -> list[tuple[str, str]]:
    """The keys that a target is tried with: a part of all, and those that the widget there has for itself."""
    await stand(bench)
    actions = {key: _active(bench, key) for key in KEYS}
    own = {key for key, action in actions.items() if action and action.where not in ("workbench", "app", "list")}
    await bench.come_back()
    return [(key, "escape") for number, key in enumerate(KEYS) if (number + turn) % PART == 0 or key in own]


async def _try_all(opened: Opener, text: str, stand: Stand, turn: int, state: Path) -> None:
    """Try a target. `state` is the app's own folder: what it holds would offer the unsaved work of the run before."""
    trials: list[tuple[str, str]] = []
    failures: list[str] = []
    while True:
        shutil.rmtree(state, ignore_errors=True)
        failures += await _open_and_try(opened, text, stand, turn, trials)
        if not trials:
            break
    assert not failures, "\n".join(failures)


async def make_unsaved(bench: Bench) -> None:
    """One change, so that undo, save and quit have something to do."""
    assert bench.driver.bench.view is not None
    path: KeyPath = ("models", bench.driver.bench.view.document.model_ids[-1], "description")
    bench.driver.bench.editing.apply(lambda document: document.set(path, "unsaved"), "unsaved", path)
    await bench.hand.rest()


async def _open_and_try(opened: Opener, text: str, stand: Stand, turn: int, trials: list[tuple[str, str]]) -> list[str]:
    """Try as long as the file is as it was; those tried are taken from the list, which is filled where it is empty."""
    failures = []
    async with opened(text, SIZE) as driver:
        bench = Bench(driver, Hand(driver.pilot))
        driver.app.exit = lambda *arguments, **_: bench.left.append(arguments)  # type: ignore[method-assign]
        await make_unsaved(bench)
        trials += await _trials(bench, stand, turn) if not trials else []
        content, start = driver.path.read_bytes(), driver.text
        while trials and driver.path.read_bytes() == content and driver.text == start:
            key, answer = trials.pop(0)
            try:
                opens = await _try(bench, stand, key, answer)
            except AssertionError as wrong:
                failures.append(f"{key}, {answer}: {wrong}")
                await bench.come_back()
                opens = True
            assert driver.app._exception is None, f"{key}, {answer}: {driver.app._exception!r}"
            if opens and answer == "escape":
                trials.insert(0, (key, "enter"))
    return failures


@pytest.fixture(autouse=True)
def _no_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")


@pytest.mark.parametrize("name", TARGETS)
async def test_each_key_on_each_target(opened: Opener, manifest: str, name: str, tmp_path: Path) -> None:
    await _try_all(opened, manifest + EXTRA, TARGETS[name], list(TARGETS).index(name), tmp_path / "state")


CONFLICT_TARGETS = {
    "fault": on_fault("LM009"),
    "sides": then(on_fault("LM009"), "f"),
    "sides-from-key": then(in_tree("model", "a@1.0.0"), "C"),
}


@pytest.mark.parametrize("name", CONFLICT_TARGETS)
async def test_each_key_where_two_sides_clash(opened: Opener, name: str, tmp_path: Path) -> None:
    await _try_all(opened, CONFLICT, CONFLICT_TARGETS[name], list(CONFLICT_TARGETS).index(name), tmp_path / "state")
