"""Review: what differs from a revision or from another manifest, by model and field, with the faults that are new."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.screen import Screen
from textual.widgets import Input

from loadmaster.checks.config import DEFAULT
from loadmaster.checks.engine import check
from loadmaster.document.document import Document
from loadmaster.tui.reviewing import Base, Row, base_of, path_in, review, rows_of
from loadmaster.tui.screens.review import ReviewScreen
from loadmaster.tui.screens.review_base import BaseScreen

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = "t2v-small@1.0.0"
OTHER = "i2v-other@2.0.0"

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def changed(manifest: str) -> str:
    """The manifest with two fields changed, a file gone, and a model renamed."""
    document = Document.from_text(manifest)
    base = ("models", SMALL)
    document = document.set((*base, "defaults", "fps"), 0).set((*base, "files", 0, "size"), 99)
    document = document.remove_item((*base, "files"), 1).rename_model(OTHER, "i2v-other@2.1.0")
    return document.text


@pytest.fixture
def committed(tmp_path: Path, manifest: str) -> Callable[[str], None]:
    """Make the folder of the app's manifest a repository in which another text was committed."""

    def commit(text: str = manifest) -> None:
        (tmp_path / "models.toml").write_text(text, encoding="utf-8")
        name = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        for arguments in (("init", "-q", "-b", "main"), ("add", "models.toml"), (*name, "commit", "-qm", "first")):
            subprocess.run(["git", "-C", str(tmp_path), *arguments], check=True, capture_output=True)

    return commit


async def until(driver: Driver, screen: type[Screen[Any]], text: str = "") -> None:
    """Let git and the comparison end: the screen is there, with a text on it."""
    for _ in range(500):
        await driver.settle()
        if isinstance(driver.app.screen, screen) and text in driver.screen:
            return
    raise AssertionError(f"{screen.__name__} with {text!r} never came:\n{driver.screen}")


@needs_git
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_changed_since_the_branch_is_shown_by_model_and_field(
    opened: Opener, committed: Callable[[], None], changed: str, size: tuple[int, int]
) -> None:
    committed()
    async with opened(changed, size) as driver:
        await driver.press("v")
        await until(driver, ReviewScreen)
        assert "since main" in driver.screen
        assert "1 model renamed, 1 model changed, 3 fields" in driver.screen
        assert driver.line_with(SMALL).count("~") == 1
        assert "24 → 0" in driver.line_with("defaults.fps")
        assert "1,234,567,896 (1.23 GB) → 99" in driver.line_with("files[")
        assert '− files["config.json"]' in driver.screen
        assert "renamed from i2v-other@2.0.0" in driver.screen
        assert "LM103" in driver.line_with("new E")


@needs_git
async def test_enter_goes_to_the_field_and_to_the_fault(
    opened: Opener, committed: Callable[[], None], changed: str
) -> None:
    committed()
    async with opened(changed) as driver:
        await driver.press("v")
        await until(driver, ReviewScreen)
        await driver.press("j", "enter")
        assert driver.bench.detail.path == ("models", SMALL, "defaults", "fps")
        await driver.press("v")
        await until(driver, ReviewScreen)
        await driver.press("n", "enter")
        assert driver.bench.detail.path == ("models", SMALL, "defaults", "fps")
        assert driver.bench.pane == "detail"


@needs_git
async def test_unsaved_changes_are_among_what_changed(opened: Opener, committed: Callable[[], None]) -> None:
    committed()
    async with opened() as driver:
        await driver.press("j", "j", "3", "enter")
        await driver.type("30")
        await driver.press("enter", "v")
        await until(driver, ReviewScreen)
        assert "24 → 30" in driver.screen
        await driver.press("space")
        assert "24 → 30" not in driver.screen
        await driver.press("y")
        assert "| `defaults.fps` | `24` | `30` |" in driver.app.clipboard


@needs_git
async def test_another_version_can_be_asked_for(
    opened: Opener, committed: Callable[[], None], tmp_path: Path, changed: str
) -> None:
    committed()
    (tmp_path / "other.toml").write_text(changed, encoding="utf-8")
    async with opened() as driver:
        await driver.press("v")
        await until(driver, ReviewScreen)
        assert "nothing differs" in driver.screen
        await driver.press("b")
        await until(driver, BaseScreen)
        assert "HEAD" in driver.screen
        await driver.type("other.toml")
        await driver.press("enter")
        await until(driver, ReviewScreen, "since other.toml")
        assert "0 → 24" in driver.screen
        assert " mended" in driver.screen
        await driver.press("b")
        await until(driver, BaseScreen)
        await driver.press("down", "enter")
        await until(driver, ReviewScreen, "since main")
        assert "nothing differs" in driver.screen


@needs_git
async def test_at_80_columns_the_key_and_both_values_are_whole(
    opened: Opener, committed: Callable[[str], None], manifest: str
) -> None:
    text = manifest.replace("config.json", "tokenizers/a-long-way-down/config.json").replace("= 251", "= 335544320")
    committed(text)
    async with opened(text.replace("= 335544320", "= 507609880"), (80, 24)) as driver:
        await driver.press("v")
        await until(driver, ReviewScreen, "files[")
        number = next(n for n, line in enumerate(driver.lines) if "files[" in line)
        assert '.json"].size  335,544,320 (336 MB) →' in driver.lines[number]
        assert "507,609,880 (508 MB)" in driver.lines[number + 1]


@needs_git
async def test_an_unknown_revision_is_told(opened: Opener, committed: Callable[[], None]) -> None:
    committed()
    async with opened() as driver:
        await driver.press("v")
        await until(driver, ReviewScreen)
        await driver.press("b")
        await until(driver, BaseScreen)
        await driver.type("nowhere")
        await driver.press("enter")
        await until(driver, BaseScreen, "git knows no revision 'nowhere'")
        assert driver.app.screen.query_one(Input).value == "nowhere"
        await driver.type("HEAD")
        await driver.press("enter")
        await until(driver, ReviewScreen)


async def test_without_git_it_asks_and_takes_what_is_unsaved(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    async with opened() as driver:
        await driver.press("v")
        await until(driver, BaseScreen, "Compare with")
        await driver.press("escape", "j", "j", "3", "enter")
        await driver.type("30")
        await driver.press("enter", "v")
        await until(driver, ReviewScreen)
        assert "since the file as it was saved last" in driver.screen
        assert "24 → 30" in driver.screen


async def test_hostile_text_is_inert(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[models."a@1.0.0"]\nx = 1\n', encoding="utf-8")
    text = (
        '[models."a@1.0.0"]\n"[@click=app.quit]k[/]" = "\\u001b[31m \\u202e [red]r[/]"\nx = "' + "y" * 1_000_000 + '"\n'
    )
    async with opened(text) as driver:
        await driver.press("v")
        await until(driver, BaseScreen)
        await driver.type("base.toml")
        await driver.press("enter")
        await until(driver, ReviewScreen)
        screen = driver.screen
        assert "[@click=app.quit]k[/]" in screen
        assert "[red]r[/]" in screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen


# The rows.


def test_faults_of_a_renamed_model_are_not_new(manifest: str) -> None:
    document = Document.from_text(manifest)
    renamed = document.rename_model(OTHER, "i2v-other@3.0.0")
    found = review(Base("x", document), renamed, None, DEFAULT)
    assert "LM202" in {finding.code for finding in check(renamed)}
    assert not found.new
    assert not found.gone


def test_a_new_fault_of_an_unchanged_model_has_a_row_too() -> None:
    one = '[models."a@1.0.0"]\nversion = "1.0.0"\nvariants = ["fp16"]\ndefault_variant = "fp16"\n'
    base = Document.from_text(one)
    both = Document.from_text(one + one.replace("a@1.0.0", "A@1.0.0"))
    found = review(Base("x", base), both, None, DEFAULT)
    rows = rows_of(found, ())
    told = {finding.model_id for finding in found.new}
    assert {row.model_id for row in rows if row.is_head} >= {model_id or "" for model_id in told}
    assert sum(row.finding is not None for row in rows) == len(found.new)


def test_what_cannot_be_read_is_told(manifest: str) -> None:
    broken = manifest.replace("frames = 16", "frames = ")
    found = review(Base("x", Document.from_text(manifest)), Document.from_text(broken), None, DEFAULT)
    assert "what cannot be read is not compared" in found.words


def test_below_a_folded_model_there_are_no_rows(manifest: str, changed: str) -> None:
    found = review(Base("x", Document.from_text(manifest)), Document.from_text(changed), None, DEFAULT)
    heads = [row for row in rows_of(found, ()) if row.is_head]
    assert rows_of(found, {row.model_id for row in heads}) == heads


def test_a_file_is_found_by_its_path(manifest: str, changed: str) -> None:
    document = Document.from_text(changed)
    found = review(Base("x", Document.from_text(manifest)), document, None, DEFAULT)
    rows: list[Row] = [row for row in rows_of(found, ()) if row.change is not None]
    paths = [path_in(document, row.model_id, row.change) for row in rows if row.change]
    assert ("models", SMALL, "files", 0, "size") in paths
    assert ("models", SMALL, "files") in paths


def test_a_path_is_looked_for_beside_the_manifest(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "b.toml").write_text(manifest, encoding="utf-8")
    assert base_of("b.toml", tmp_path / "models.toml").document.text == manifest
