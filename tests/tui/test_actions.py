"""One table of actions: bindings, footer, help, palette and keymap are made from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.actions import ACTIONS, BY_ID, Action, key_label
from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.keymap import read_keymap
from loadmaster.tui.screens.palette import Entry, matching
from loadmaster.tui.screens.workbench import Workbench
from loadmaster.tui.widgets.detail.disk_table import DiskTable
from loadmaster.tui.widgets.detail.files import FilesTable
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.detail.vram import VramList
from loadmaster.tui.widgets.fault_list import FaultList
from loadmaster.tui.widgets.field_list import FieldList
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.list_editor import ItemRows
from loadmaster.tui.widgets.model_tree import ModelTree

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

CARRIERS: dict[str, type] = {
    "app": LoadmasterApp,
    "workbench": Workbench,
    "list": LineList,
    "tree": ModelTree,
    "fields": FieldList,
    "files": FilesTable,
    "source": Source,
    "faults": FaultList,
    "items": ItemRows,
    "vram": VramList,
    "disk": DiskTable,
}


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_each_action_is_carried_out_by_the_class_that_binds_it(action: Action) -> None:
    carrier = CARRIERS[action.where]
    assert hasattr(carrier, f"action_{action.run.partition('(')[0]}")
    assert action.help
    assert action.label


def test_a_key_means_one_thing_in_a_place() -> None:
    everywhere = [action for action in ACTIONS if action.where in ("app", "workbench")]
    for where in ("tree", "faults", "fields", "files", "source", "items", "disk"):
        lists = ("list", "files", "fields") if where == "files" else ("list", where)
        here = [action for action in ACTIONS if action.where in lists]
        keys = [key for action in (*everywhere, *here) for key in action.keys]
        assert len(keys) == len(set(keys)), where


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("enter", "↵"),
        ("ctrl+s", "^s"),
        ("f1", "F1"),
        ("f", "f"),
        ("question_mark", "?"),
        ("n", "n"),
        ("left_parenthesis", "("),
        ("right_curly_bracket", "}"),
        ("alt+down", "alt+↓"),
        ("space", "space"),
        ("home", "home"),
        ("plus", "+"),
        ("equals_sign", "="),
        ("less_than_sign", "<"),
        ("backspace", "backspace"),
        ("delete", "del"),
    ],
)
def test_how_a_key_is_written(key: str, label: str) -> None:
    assert key_label(key) == label


async def test_help_names_every_action(opened: Opener) -> None:
    async with opened(size=(120, 180)) as driver:
        await driver.press("question_mark")
        for action in ACTIONS:
            assert action.id in driver.screen
        await driver.press("escape")
        assert driver.bench.is_current


async def test_the_palette_finds_an_action_and_does_it(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("colon")
        await driver.type("defaults")
        await driver.press("enter")
        assert driver.bench.detail.tab_id == "defaults"


async def test_the_palette_finds_a_model_and_goes_there(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("ctrl+p")
        await driver.type("t2v-small")
        await driver.press("enter")
        assert driver.bench.detail.model_id == "t2v-small@1.0.0"
        assert driver.bench.pane == "detail"


async def test_the_palette_acts_on_what_had_the_focus(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3", "colon")
        await driver.type("edit")
        await driver.press("enter")
        assert driver.bench.editing.is_open


def test_the_palette_puts_the_better_match_first() -> None:
    entries = [Entry("a", "copy", "copy the value"), Entry("b", "save", "show the difference, then save")]
    assert matching(entries, "save")[0].choice == "b"
    assert matching(entries, "zzz") == []
    assert matching(entries, " ") == entries


async def test_the_last_line_tells_only_what_can_be_done(opened: Opener) -> None:
    async with opened() as driver:
        assert "undo" not in driver.lines[-1]
        assert "save" not in driver.lines[-1]
        await driver.press("j", "j", "3", "enter")
        assert "leave as it was" in driver.lines[-1]
        await driver.type("30")
        await driver.press("enter", "j")
        assert "u undo" in driver.lines[-1]
        assert "w save" in driver.lines[-1]


async def test_help_is_offered_at_80_columns(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        assert "? help" in driver.lines[-1]


async def test_a_keymap_file_gives_other_keys(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "keymap.toml").write_text('[keys]\n"history.undo" = "f9"\n"app.help" = "f2,H"\n')
    async with opened() as driver:
        await driver.press("j", "j", "3", "enter")
        await driver.type("30")
        await driver.press("enter", "u")
        assert "unsaved" in driver.lines[0]
        assert "f9 undo" in driver.lines[-1].replace("F9", "f9")
        await driver.press("f9")
        assert "unsaved" not in driver.lines[0]
        await driver.press("H")
        assert "Keys" in driver.screen


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[keys]\n'no.such' = 'x'\n", "no.such"),
        ("[keys]\n'app.help' = 3\n", "app.help"),
        ("keys = 1\n", "[keys]"),
        ("= broken", "keymap.toml"),
    ],
)
def test_a_wrong_keymap_is_told_and_does_no_harm(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "keymap.toml"
    file.write_text(text)
    keymap = read_keymap(file)
    assert keymap.keys == {}
    assert problem in keymap.problems[0]


def test_no_keymap_file_is_no_problem(tmp_path: Path) -> None:
    assert read_keymap(tmp_path / "keymap.toml").problems == ()


@pytest.mark.parametrize(("keys", "heading", "first"), [("", "Models", "show what"), ("2", "Files", "one column")])
async def test_help_begins_with_the_keys_of_the_pane(opened: Opener, keys: str, heading: str, first: str) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press(*keys, "question_mark")
        at = next(number for number, line in enumerate(driver.lines) if "bright: at work" in line)
        assert heading in driver.lines[at + 2]
        assert first in driver.lines[at + 3]


async def test_help_cuts_no_sentence(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("question_mark")
        seen = ""
        for _ in range(12):
            seen += driver.screen
            await driver.press("pagedown")
        assert "…" not in seen
        assert "_bracket" not in seen
        assert "parenthe" not in seen
