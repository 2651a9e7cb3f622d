"""Merge conflicts: both sides shown by model and field, decided one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.tui import deciding
from loadmaster.tui.screens.conflicts import ConflictsScreen
from loadmaster.tui.side_by_side import TextLine, beside, compared, paired, with_marks
from loadmaster.tui.widgets.detail.source import Source

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

FPS = "<<<<<<< HEAD\nfps = 24 # as trained\n=======\nfps = 30 # as trained\n>>>>>>> feature\n"
SIZE = "<<<<<<< HEAD\nsize = 251\n=======\nsize = 252\nextra = 1\n>>>>>>> feature\n"


@pytest.fixture
def conflicted(manifest: str) -> str:
    """The manifest with a conflict in the defaults and one in the second file."""
    return manifest.replace("fps = 24 # as trained\n", FPS).replace("size = 251\n", SIZE)


def text_of(driver: Driver) -> str:
    view = driver.bench.view
    assert view is not None
    return view.document.text


@pytest.mark.parametrize("size", [(140, 40), (80, 24)])
async def test_both_sides_are_shown_by_field_and_as_text(
    opened: Opener, conflicted: str, size: tuple[int, int]
) -> None:
    async with opened(conflicted, size) as driver:
        await driver.press("C")
        assert "Conflict 1 of 2   t2v-small@1.0.0 · defaults" in driver.screen
        assert driver.line_with("ours  HEAD").split()[-3:-1] == ["theirs", "feature"]
        assert driver.line_with("defaults.fps").split()[-4:-1] == ["defaults.fps", "24", "30"]
        ours, theirs = driver.line_with("− fps = 24"), driver.line_with("+ fps = 30")
        assert (ours == theirs) == (size[0] == 140)
        assert "take both     mends LM009   brings LM003" in driver.screen


async def test_sizes_and_digests_are_told_apart_and_a_side_is_named_once(opened: Opener, manifest: str) -> None:
    own, other = f"8{'c' * 55}2d9af9aa", f"7{'c' * 55}2d9af9ab"
    lines = [f'size = {size}\nsha256 = "{digest}"\n' for size, digest in ((335544320, own), (507609880, other))]
    sides = f"<<<<<<< ours\n{lines[0]}=======\n{lines[1]}>>>>>>> theirs\n"
    start = manifest.index("size = 251\n")
    end = manifest.index("component", start)
    async with opened(manifest[:start] + sides + manifest[end:], (80, 24)) as driver:
        await driver.press("C")
        assert "ours  ours" not in driver.screen
        assert "theirs  theirs" not in driver.screen
        assert driver.line_with("config.json: size").split()[-3:-1] == ["335,544,320", "507,609,880"]
        told = driver.line_with("config.json: sha256").split()[-3:-1]
        assert told == ['"8ccccccc…2d9af9aa"', '"7ccccccc…2d9af9ab"']


@pytest.mark.parametrize(("key", "side"), [("o", "ours"), ("t", "theirs"), ("b", "both"), ("2", "theirs")])
async def test_a_side_is_taken_as_one_step(opened: Opener, conflicted: str, key: str, side: str) -> None:
    taken = {
        "ours": "fps = 24 # as trained\n",
        "theirs": "fps = 30 # as trained\n",
        "both": "fps = 24 # as trained\nfps = 30 # as trained\n",
    }[side]
    async with opened(conflicted) as driver:
        await driver.press("C", key)
        assert text_of(driver) == conflicted.replace(FPS, taken)
        assert "Conflict 1 of 1" in driver.screen
        assert f"take {side} in t2v-small@1.0.0 · defaults" in driver.screen
        await driver.press("escape")
        assert "1 conflict left" in driver.said
        await driver.press("u")
        assert text_of(driver) == conflicted


async def test_decisions_are_taken_back_in_turn(opened: Opener, conflicted: str) -> None:
    async with opened(conflicted) as driver:
        await driver.press("C", "n")
        assert "Conflict 2 of 2" in driver.screen
        assert "config.json: size" in driver.screen
        await driver.press("t")
        assert "Conflict 1 of 1" in driver.screen
        await driver.press("u")
        assert "Conflict 2 of 2" in driver.screen
        assert text_of(driver) == conflicted
        await driver.press("u")
        assert "Nothing was decided yet" in driver.screen


async def test_the_screen_closes_when_all_are_decided(opened: Opener, conflicted: str, manifest: str) -> None:
    async with opened(conflicted) as driver:
        await driver.press("C", "o", "o")
        assert not isinstance(driver.app.screen, ConflictsScreen)
        assert text_of(driver) == manifest
        assert "All conflicts are decided" in driver.said


async def test_a_fix_of_a_conflict_is_a_choice(opened: Opener, conflicted: str) -> None:
    async with opened(conflicted) as driver:
        await driver.press("shift+tab", "j", "f")
        assert "Conflict 2 of 2" in driver.screen


async def test_it_begins_with_the_conflict_under_the_cursor(opened: Opener, conflicted: str) -> None:
    async with opened(conflicted) as driver:
        await driver.press("j", "j", "s")
        driver.bench.query_one(Source).go_to_line(conflicted.split("\n").index("size = 252") + 1)
        await driver.press("C")
        assert "Conflict 2 of 2" in driver.screen


async def test_without_a_conflict_it_says_so(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("C")
        assert "no merge conflict" in driver.said
        assert "conflicts" not in driver.lines[-1]


async def test_in_a_large_text_nothing_is_tried_beforehand(
    opened: Opener, conflicted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "JUDGED_UP_TO", 0)
    async with opened(conflicted) as driver:
        await driver.press("C")
        assert "mends" not in driver.screen
        await driver.press("t", "t")
        assert "All conflicts are decided" in driver.said


async def test_hostile_sides_are_inert(opened: Opener) -> None:
    text = (
        '[models."a@1.0.0"]\n<<<<<<< [red]x[/] \x1b[31m\n"[@click=app.quit]k[/]" = "\x1b]0;t\x07\u202e"\n=======\n'
        f'k = "{"y" * 1_000_000}"\n>>>>>>> \u202e\n'
    )
    async with opened(text, (140, 40)) as driver:
        await driver.press("C")
        screen = driver.screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen
        assert "[red]x[/] \\x1b[31m" in screen
        assert "[@click=app.quit]k[/]" in screen
        await driver.press("t")
        assert text_of(driver) == f'[models."a@1.0.0"]\nk = "{"y" * 1_000_000}"\n'


# Two texts beside each other.


def test_what_was_taken_away_stands_beside_what_came() -> None:
    lines = [TextLine(1, " ", "a"), TextLine(2, "-", "b"), TextLine(3, "-", "c"), TextLine(2, "+", "d")]
    pairs = paired([*lines, TextLine(3, " ", "e")])
    assert [(left and left.text, right and right.text) for left, right in pairs] == [
        ("a", "a"),
        ("b", "d"),
        ("c", None),
        ("e", "e"),
    ]


def test_only_what_differs_within_a_line_is_marked() -> None:
    left, right = with_marks(TextLine(1, "-", "fps = 24 # x"), TextLine(1, "+", "fps = 304 # x"))
    assert left.marked == (6, 7)
    assert right.marked == (6, 8)


def test_lines_beside_each_other_fill_the_width() -> None:
    pairs = compared(["日本語 = 1", "same"], ["x", "same", "more"], 1, 9)
    for line in beside(pairs, 61):
        assert "".join(piece.text for piece in line).count("│") == 1
    assert [(left and left.sign, right and right.sign) for left, right in pairs] == [
        ("-", "+"),
        (" ", " "),
        (None, "+"),
    ]
