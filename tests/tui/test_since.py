"""After a review the models of the workbench are marked against its base, and the marks follow every edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.tui.test_hostile import look

from loadmaster.checks.config import DEFAULT
from loadmaster.checks.engine import findings
from loadmaster.document.document import Document
from loadmaster.document.plain import same
from loadmaster.session import Session
from loadmaster.tui.reviewing import Base, review
from loadmaster.tui.screens.review import ReviewScreen
from loadmaster.tui.screens.review_base import BaseScreen
from loadmaster.tui.since import Since, followed, since

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = "t2v-small@1.0.0"
OTHER = "i2v-other@2.0.0"
FPS = ("models", SMALL, "defaults", "fps")
NEW = '\n[models."v2v-new@1.0.0"]\nvariants = ["fp16"]\ndefault_variant = "fp16"\n'


async def reviewed(driver: Driver, text: str, name: str = "other.toml") -> None:
    """Review against another manifest, and leave the review again."""
    (driver.path.parent / name).write_text(text, encoding="utf-8")
    await driver.press("v")
    await driver.until(lambda: isinstance(driver.app.screen, BaseScreen))
    await driver.type(name)
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.screen, ReviewScreen))
    await driver.press("escape")


def rows(driver: Driver) -> list[str]:
    """The models of the tree: sign, name, what is told of their faults."""
    lines = (line[1:32].rstrip("│ ") for line in driver.lines[1:12])
    return [line.split("▸ ")[1] for line in lines if "▸ " in line]


def sign_of(driver: Driver, name: str) -> str:
    """The sign before a model."""
    return next(row for row in rows(driver) if name in row)[0]


async def test_models_are_marked_and_the_title_names_the_base(opened: Opener, manifest: str) -> None:
    base = manifest.replace("i2v-other@2.0.0", "i2v-gone@1.0.0").replace("size = 1234567896", "size = 5")
    async with opened(manifest + NEW) as driver:
        assert "since" not in driver.lines[0]
        await reviewed(driver, base)
        assert "V ends the review" in driver.said
        assert "since other.toml +2 ~1 −1" in driver.lines[0]
        assert sign_of(driver, "i2v-other") == "+"
        assert sign_of(driver, "t2v-small") == "~"
        assert sign_of(driver, "v2v-new") == "+"
        assert "new" in next(row for row in rows(driver) if "v2v-" in row)


async def test_the_marks_follow_edits_and_end(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        before = rows(driver)
        await reviewed(driver, manifest)
        assert "since other.toml nothing differs" in driver.lines[0]
        assert sign_of(driver, "t2v-small") == " "
        driver.bench.reveal(FPS)
        await driver.press("3", "enter")
        await driver.type("-5")
        await driver.press("enter")
        assert "since other.toml ~1" in driver.lines[0]
        assert sign_of(driver, "t2v-small") == "~"
        assert sign_of(driver, "i2v-other") == " "
        assert "1 new" in next(row for row in rows(driver) if row.startswith("~"))
        await driver.press("u")
        assert "nothing differs" in driver.lines[0]
        assert sign_of(driver, "t2v-small") == " "
        await driver.press("V")
        assert "ended" in driver.said
        assert "since" not in driver.lines[0]
        assert rows(driver) == before
        await driver.press("V")
        assert "v makes one" in driver.said


async def test_a_review_that_stands_is_made_again_against_the_same(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await reviewed(driver, manifest.replace("fps = 24", "fps = 25"))
        await driver.press("v")
        await driver.until(lambda: isinstance(driver.app.screen, ReviewScreen))
        assert "25 → 24" in driver.screen


async def test_what_is_compared_with_the_saved_file_ends_with_a_save(opened: Opener) -> None:
    async with opened() as driver:
        driver.bench.reveal(FPS)
        await driver.press("3", "enter")
        await driver.type("30")
        await driver.press("enter", "v")
        await driver.until(lambda: isinstance(driver.app.screen, ReviewScreen))
        await driver.press("escape")
        assert "since the save ~1" in driver.lines[0]
        assert sign_of(driver, "t2v-small") == "~"
        await driver.press("w", "enter")
        await driver.until(lambda: "since" not in driver.lines[0])


async def test_another_manifest_has_no_marks(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await reviewed(driver, manifest + NEW)
        driver.bench.open(Session.from_text(manifest))
        await driver.settle()
        assert "since" not in driver.lines[0]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 10)])
async def test_the_name_of_the_base_is_inert(opened: Opener, manifest: str, size: tuple[int, int]) -> None:
    async with opened(manifest, size) as driver:
        await reviewed(driver, NEW, "[@click=app.quit]b日本[b].toml")
        look(driver)
        await driver.press("escape", "j", "l")
        look(driver)


# Without the app.


def standing(base: str, text: str) -> Since:
    """What stands after a review of a text against a base."""
    return since(review(Base("x", Document.from_text(base)), Document.from_text(text), None, DEFAULT))


def test_a_renamed_model_has_changed_and_its_faults_are_not_new(manifest: str) -> None:
    renamed = Document.from_text(manifest).rename_model(OTHER, "i2v-other@3.0.0")
    found = standing(manifest, renamed.text)
    assert found.sign("i2v-other@3.0.0") == "~"
    assert found.numbers == (0, 1, 0)
    assert found.new_faults(findings(renamed, DEFAULT).all) == 0
    assert found.new_faults(findings(renamed.set(FPS, 0), DEFAULT).all) > 0


def test_a_model_that_goes_and_one_that_comes_back(manifest: str) -> None:
    first = standing(manifest, manifest)
    without = followed(first, first.document.remove_model(OTHER))
    assert without.numbers == (0, 0, 1)
    assert followed(without, first.document).numbers == (0, 0, 0)


def test_the_top_level_is_told(manifest: str) -> None:
    assert standing(manifest, manifest.replace("schema_version = 1", "schema_version = 2")).top_differs


@pytest.mark.parametrize("text", ["", "models = { 'a@1.0.0' = { x = 1 } }\n", "[models\n", "models = 3\n"])
def test_any_text_can_be_followed(manifest: str, text: str) -> None:
    found = standing(manifest, text)
    assert followed(found, Document.from_text(manifest)).numbers == (0, 0, 0)
    assert standing(text, text).numbers == (0, 0, 0)


def test_after_an_edit_only_the_models_that_it_touched_are_compared(
    manifest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []

    def counted(old: object, new: object) -> bool:
        compared.append(new)
        return same(old, new)

    first = standing(manifest, manifest + NEW)
    monkeypatch.setattr("loadmaster.tui.since.same", counted)
    edited = first.document.set(FPS, 30)
    assert followed(first, edited).changed == {SMALL}
    assert [one for one in compared if isinstance(one, dict) and "variants" in one] == [edited.raw_model(SMALL)]
