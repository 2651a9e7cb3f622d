"""Other keys: what is wrong with the file is told, two actions with one key as well, and help says where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.actions import ACTIONS
from loadmaster.tui.keymap import _is_key, read_keymap

if TYPE_CHECKING:
    from tests.tui.conftest import Opener


def problems(tmp_path: Path, *lines: str) -> list[str]:
    file = tmp_path / "keymap.toml"
    file.write_text("[keys]\n" + "\n".join(lines))
    return [problem.removeprefix(f"{file}: ") for problem in read_keymap(file).problems]


def test_every_key_of_the_table_is_a_key() -> None:
    assert [key for action in ACTIONS for key in action.keys if not _is_key(key)] == []


@pytest.mark.parametrize(
    "key", ["f2", "ctrl+alt+x", "?", "question_mark", "space", "é", "alt+pagedown", "percent_sign"]
)
def test_keys_are_known_by_their_names(tmp_path: Path, key: str) -> None:
    assert problems(tmp_path, f'"app.help" = "{key}"') == []


@pytest.mark.parametrize("key", ["crtl+s", "f99", "Ctrl+s", "escpe"])
def test_a_key_that_there_is_not_is_told(tmp_path: Path, key: str) -> None:
    assert problems(tmp_path, f'"file.save" = "{key}"') == [f"no key is called {key} (file.save)"]


def test_spaces_between_keys_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "keymap.toml").write_text('[keys]\n"file.save" = " f2 , ctrl+s "\n')
    assert read_keymap(tmp_path / "keymap.toml").keys == {"file.save": "f2,ctrl+s"}


def test_a_key_that_two_actions_have_is_told_once(tmp_path: Path) -> None:
    assert problems(tmp_path, '"file.save" = "n"') == [
        "n is given to file.save and to fault.next; only one of them has it"
    ]
    told = problems(tmp_path, '"file.save" = "f2"', '"history.undo" = "f3,f2"')
    assert told == ["F2 is given to file.save and to history.undo; only one of them has it"]


def test_a_key_has_one_name_and_a_sign(tmp_path: Path) -> None:
    assert problems(tmp_path, '"file.save" = ":"')[0].startswith(": is given to file.save and to app.palette")


def test_actions_of_different_panes_may_have_the_same_key(tmp_path: Path) -> None:
    assert problems(tmp_path, '"tree.open" = "f2"', '"faults.go" = "f2"') == []


def test_keys_that_change_places_are_no_clash(tmp_path: Path) -> None:
    assert problems(tmp_path, '"file.save" = "u"', '"history.undo" = "w"') == []


async def test_help_says_where_other_keys_are_given_and_what_is_wrong_with_them(opened: Opener, tmp_path: Path) -> None:
    file = tmp_path / "keymap.toml"
    file.write_text('[keys]\n"file.save" = "n"\n"no.such" = "x"\n')
    async with opened() as driver:
        assert "and 1 more: ?" in driver.said
        await driver.press("?", "end")
        told = " ".join("".join(line.strip(" │▆") + " " for line in driver.lines).split())
        assert "keymap.toml" in told
        assert "no action is called no.such" in told
        assert "n is given to file.save and to fault.next" in told
