"""Themes: our own two, Textual's, and one for terminals of 16 colours; what they show is told by shape as well."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.style import Style
from tests.tui.terminal import in_terminal
from textual.color import Color

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.themes import SIXTEEN, has_few_colours
from loadmaster.tui.widgets.field_editor import EditorInput

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

posix = pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals")
COLOURS = re.compile(rb"\x1b\[([0-9;]*)m")


def test_each_colour_of_the_16_colour_theme_is_one_of_the_16() -> None:
    sixteen = {f"#{r}{g}{b}" for r in ("00", "aa") for g in ("00", "aa") for b in ("00", "aa")}
    sixteen |= {f"#{r}{g}{b}" for r in ("55", "ff") for g in ("55", "ff") for b in ("55", "ff")}
    assert {SIXTEEN.primary, SIXTEEN.foreground, SIXTEEN.background, *SIXTEEN.variables.values()} <= sixteen


@pytest.mark.parametrize(
    ("system", "few"), [("standard", True), (None, True), ("windows", True), ("256", False), ("truecolor", False)]
)
def test_few_colours_are_told_by_the_terminal(system: str | None, few: bool) -> None:
    assert has_few_colours(system) is few


async def test_themes_of_textual_are_in_the_palette_and_are_remembered(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("colon", *"theme", "space", *"nord", "enter")
        assert driver.app.theme == "nord"
        await driver.press("q")
    async with opened() as driver:
        assert driver.app.theme == "nord"
        await driver.press("t")
        assert driver.app.theme == "loadmaster-light"
        await driver.press("t")
        assert driver.app.theme == "loadmaster-dark"


LEAST_CONTRAST = {
    "loadmaster-dark": {"value": 10, "label": 5, "faint": 3, "default": 3.9, "comment": 3.9, "rule": 1.9},
    "loadmaster-light": {"value": 10, "label": 5, "faint": 4, "default": 4, "comment": 4, "rule": 1.9},
}
"""The least contrast of each ink on the paper, after WCAG."""

LEAST_UNDER_CURSOR = {"loadmaster-dark": 3.3, "loadmaster-light": 4}
"""The same of labels on the line of the cursor."""


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours after WCAG 2."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ground_of(style: Style) -> Color:
    assert style.bgcolor is not None
    return Color.from_rich_color(style.bgcolor)


def contrast_of(style: Style, ground: Color) -> float:
    assert style.color is not None
    return contrast(Color.from_rich_color(style.color), ground)


async def test_the_inks_stand_out_on_the_paper_under_both_themes(opened: Opener) -> None:
    async with opened() as driver:
        for theme in ("loadmaster-dark", "loadmaster-light", "loadmaster-dark"):
            assert driver.app.theme == theme
            colours = driver.app.current_theme
            for paper in (colours.background, colours.surface):
                assert paper is not None
                brushes = driver.app.brushes(Color.parse(paper))
                found = {ink: contrast_of(brushes[ink], Color.parse(paper)) for ink in LEAST_CONTRAST[theme]}
                assert {ink for ink, least in LEAST_CONTRAST[theme].items() if found[ink] < least} == set(), found
            assert colours.background is not None
            brushes = driver.app.brushes(Color.parse(colours.background))
            assert contrast_of(brushes["label"], ground_of(brushes["cursor"])) >= LEAST_UNDER_CURSOR[theme]
            await driver.press("t")


def codes(home: Path, file: Path, term: str) -> set[bytes]:
    """The codes for colours and styles that the app writes in a terminal until the manifest is shown."""
    with in_terminal(["-m", "loadmaster", str(file)], home, TERM=term) as terminal:
        terminal.shows("t2v-small")
        terminal.shows("LM202")
        return {code for codes in COLOURS.findall(terminal.raw) for code in codes.split(b";")}


@posix
@pytest.mark.parametrize("term", ["screen", "xterm", "linux"])
def test_a_terminal_of_16_colours_gets_no_others(tmp_path: Path, manifest: str, term: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(manifest)
    found = codes(tmp_path, file, term)
    assert {b"38", b"48"} & found == set()
    assert {b"91", b"96", b"44"} <= found  # errors, the accent, the row of the cursor


@posix
def test_a_terminal_of_256_colours_gets_them(tmp_path: Path, manifest: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(manifest)
    assert {b"38", b"5"} <= codes(tmp_path, file, "xterm-256color")


@posix
def test_without_colour_there_are_only_shades_of_grey(tmp_path: Path, manifest: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(manifest)
    with in_terminal(
        ["-m", "loadmaster", str(file)], tmp_path, TERM="xterm-256color", COLORTERM="truecolor", NO_COLOR="1"
    ) as terminal:
        terminal.shows("t2v-small")
        terminal.shows("LM202")
        shades = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.raw)
    assert shades
    assert all(red == green == blue for red, green, blue in shades)


@posix
def test_a_terminal_that_cannot_show_the_app_is_told_so(tmp_path: Path, manifest: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(manifest)
    with in_terminal(["-m", "loadmaster", str(file)], tmp_path, TERM="dumb") as terminal:
        assert terminal.wait() == 2
        assert "a terminal of the kind dumb cannot show the app" in terminal.text


async def test_what_is_selected_is_seen_without_any_colour(opened: Opener) -> None:
    async with opened() as driver:
        driver.app.add_class("-few-colours")
        await driver.press("j", "j", "3", "enter")
        line = driver.bench.query_one(EditorInput)
        assert line.get_component_rich_style("input--selection").reverse


@pytest.mark.parametrize(("value", "is_plain"), [("1", True), ("", False)])
def test_an_empty_no_color_asks_for_nothing(
    value: str, is_plain: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    assert LoadmasterApp(state=tmp_path).no_color is is_plain
