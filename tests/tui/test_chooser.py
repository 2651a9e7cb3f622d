"""Without a file one chooses: those of before, those below the folder, a path, a new one; also from inside the app."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.tui.conftest import MANIFEST, Driver

from loadmaster.tui import finding
from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.finding import completions, manifests_below
from loadmaster.tui.screens.chooser import ChooserScreen
from loadmaster.tui.state import AppState, Whereabouts, read_state, write_state
from loadmaster.tui.widgets.path_input import PathInput

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

Choosing = Callable[[], AbstractAsyncContextManager[Driver]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with manifests in it, from which the app is started."""
    folder = tmp_path / "project"
    for place in ("models.toml", "a/models.toml", "a/b/wan-models.toml", ".git/models.toml", "venv/models.toml"):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(MANIFEST)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def choosing(folder: Path, tmp_path: Path) -> Choosing:
    """The app, started without a file."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Driver]:
        app = LoadmasterApp(keymap=tmp_path / "keymap.toml", state=tmp_path / "state")
        async with app.run_test(size=(100, 30)) as pilot:
            driver = Driver(pilot, app, folder / "models.toml")
            await driver.until(lambda: isinstance(app.screen, ChooserScreen) and not app.screen._is_looking)
            yield driver

    return run


def shown(driver: Driver) -> Path | None:
    view = driver.bench.view
    return view.session.path.resolve() if view is not None and view.session.path is not None else None


# Finding.


def test_manifests_below_a_folder_are_found_shallow_first_and_not_among_what_others_made(folder: Path) -> None:
    found = [str(path.relative_to(folder)) for path in manifests_below(folder)]
    assert found == ["models.toml", os.path.join("a", "models.toml"), os.path.join("a", "b", "wan-models.toml")]


def test_a_toml_file_of_another_name_is_found_in_the_folder_itself_where_it_has_models(folder: Path) -> None:
    (folder / "weights.toml").write_text('# x\n[models."a@1.0.0"]\n')
    (folder / "pyproject.toml").write_text("[project]\n")
    (folder / "a" / "weights.toml").write_text('[models."a@1.0.0"]\n')
    assert [path.name for path in manifests_below(folder)].count("weights.toml") == 1
    assert "pyproject.toml" not in [path.name for path in manifests_below(folder)]


def test_the_search_has_bounds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = folder
    for number in range(finding.DEEPEST + 2):
        deep = deep / str(number)
    deep.mkdir(parents=True)
    (deep / "models.toml").write_text("")
    assert deep / "models.toml" not in list(manifests_below(folder))
    ticks = iter([0.0, 0.5, finding.LONGEST + 1])
    assert len(list(manifests_below(folder, lambda: next(ticks)))) == 1
    monkeypatch.setattr(finding, "MOST_FOUND", 2)
    assert len(list(manifests_below(folder))) == 2


def test_a_link_to_a_folder_is_not_followed(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    assert len(list(manifests_below(folder))) == 3
    assert list(manifests_below(folder / "none")) == []


def test_what_a_text_may_become(folder: Path) -> None:
    assert completions("", folder) == ["models.toml", "a/", "venv/"]
    assert completions("a/", folder) == ["a/models.toml", "a/b/"]
    assert completions("a/m", folder) == ["a/models.toml"]
    assert completions(str(folder / "mo"), Path("/")) == [str(folder / "models.toml")]
    assert completions("none/x", folder) == []
    assert completions("\0", folder) == []


# Choosing.


async def test_one_that_was_found_is_opened(choosing: Choosing, folder: Path) -> None:
    async with choosing() as driver:
        assert "a/b/wan-models.toml" in driver.screen
        assert ".git" not in driver.screen
        await driver.press("down", "enter")
        await driver.until(lambda: shown(driver) == (folder / "a" / "models.toml").resolve())
        await driver.shows("t2v-small")


async def test_typing_filters_and_a_path_is_opened(choosing: Choosing, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(MANIFEST)
    async with choosing() as driver:
        await driver.press(*"wan")
        assert "a/models.toml" not in driver.screen
        assert "wan-models.toml" in driver.screen
        driver.app.screen.query_one(PathInput).value = str(other)
        await driver.press("enter")
        await driver.until(lambda: shown(driver) == other.resolve())


async def test_tab_completes_and_shows_what_is_meant(choosing: Choosing, folder: Path) -> None:
    async with choosing() as driver:
        line = driver.app.screen.query_one(PathInput)
        await driver.press("a", "tab")
        assert line.value == "a/"
        await driver.press("tab")
        assert "a/models.toml" in driver.screen
        assert driver.line_with("a/b/").split()[-2:] == ["folder", "│"]
        await driver.press("m", "tab", "enter")
        await driver.until(lambda: shown(driver) == (folder / "a" / "models.toml").resolve())


async def test_those_of_before_come_first(choosing: Choosing, tmp_path: Path) -> None:
    before = tmp_path / "before.toml"
    before.write_text(MANIFEST)
    state = AppState().with_manifest(before, Whereabouts()).with_manifest(tmp_path / "gone.toml", Whereabouts())
    write_state(tmp_path / "state", state)
    async with choosing() as driver:
        assert "Opened before" in driver.screen
        assert "gone.toml" not in driver.screen
        await driver.press("enter")
        await driver.until(lambda: shown(driver) == before.resolve())
    assert next(iter(read_state(tmp_path / "state").manifests)) == str(before)


async def test_a_new_one_is_written_after_a_second_enter_and_opened(
    choosing: Choosing, folder: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.toml"
    async with choosing() as driver:
        driver.app.screen.query_one(PathInput).value = str(new)
        await driver.press("enter")
        assert "Enter once more writes" in driver.screen
        assert not new.exists()
        await driver.press("enter")
        await driver.shows("example-1b")
        assert new.exists()


async def test_what_cannot_be_opened_is_told_and_another_can_be_chosen(choosing: Choosing, folder: Path) -> None:
    (folder / "a" / "models.toml").unlink()
    (folder / "a" / "models.toml").write_bytes(b"")
    async with choosing() as driver:
        (folder / "models.toml").unlink()
        await driver.press("enter")
        await driver.shows("there is no such file")
        await driver.until(lambda: "looking" not in driver.screen)
        assert shown(driver) is None
        await driver.press("escape")
        assert driver.answer() == 0


async def test_escape_at_the_start_quits(choosing: Choosing) -> None:
    async with choosing() as driver:
        assert "esc quit" in driver.screen
        await driver.press("escape")
        assert driver.answer() == 0


async def test_the_mouse_takes_one(choosing: Choosing, folder: Path) -> None:
    async with choosing() as driver:
        row = next(y for y, line in enumerate(driver.lines) if "a/models.toml" in line)
        await driver.pilot.click(offset=(30, row))
        await driver.until(lambda: shown(driver) == (folder / "a" / "models.toml").resolve())


# From inside.


async def test_another_manifest_is_opened_from_inside(opened: Opener, folder: Path, manifest: str, clean: str) -> None:
    (folder / "a" / "models.toml").write_text(clean)
    async with opened() as driver:
        await driver.press("o")
        driver.app.screen.query_one(PathInput).value = str(folder / "a" / "models.toml")
        await driver.press("enter")
        await driver.until(lambda: shown(driver) == (folder / "a" / "models.toml").resolve())
        assert driver.bench.view is not None
        assert driver.bench.view.document.model_ids == ("t2v-small@1.0.0",)
        assert driver.bench.detail.model_id == "t2v-small@1.0.0"
        await driver.press("3", "enter")
        await driver.type("31")
        await driver.press("enter", "w", "enter")
        assert "fps = 31" in (folder / "a" / "models.toml").read_text()
        assert driver.path.read_text() == manifest


@pytest.mark.parametrize(("answer", "saved"), [("enter", True), ("d", False)])
async def test_what_is_unsaved_is_asked_for_before(
    opened: Opener, folder: Path, manifest: str, answer: str, saved: bool
) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3", "enter")
        await driver.type("30")
        await driver.press("enter", "ctrl+o")
        assert "Open another with unsaved changes?" in driver.screen
        await driver.press("escape")
        assert shown(driver) == driver.path.resolve()
        await driver.press("o", answer)
        await driver.shows("Open a manifest")
        assert ("fps = 30" in driver.path.read_text()) is saved


async def test_one_that_cannot_be_opened_from_inside_leaves_what_is_open(opened: Opener, folder: Path) -> None:
    broken = folder / "a" / "models.toml"
    async with opened() as driver:
        await driver.press("o")
        driver.app.screen.query_one(PathInput).value = str(broken)
        await driver.settle()
        broken.unlink()
        broken.mkdir()
        await driver.press("enter")
        await driver.until(lambda: "is a folder" in driver.said)
        assert shown(driver) == driver.path.resolve()
