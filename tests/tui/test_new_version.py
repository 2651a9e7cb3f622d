"""A new version of a model, and another id for one: what is rewritten is chosen, what else changes is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadmaster.document.document import Document
from loadmaster.document.new_version import mentions
from loadmaster.tui.new_models import next_id, rewritings

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

NAMED = """\
schema_version = 1

# t2v-small@1.0.0: the first one
[models."t2v-small@1.0.0"]
version = "1.0.0"
variants = ["fp16"]
default_variant = "fp16"

[[models."t2v-small@1.0.0".files]]
path = "small.safetensors"
size = 1001
sha256 = "9b3a8f0d1c5e7264a9d8c3b1f0e6d5a47c2b9e8f1a3d6c5b4e7f8091a2b3c4d5"

[[models."t2v-small@1.0.0".files]]
path = "small.json"
size = 43
sha256 = "a6b66993e9da0feaba8d42d06b21ad9cfaf7d8b591f32fd639ae35b7f5d2d859"

[models."t2v-small@1.0.0".sources]
priority = ["local://t2v-small@1.0.0", "hf://org/small@v1.0.0"]
"""
OLD, NEW = "t2v-small@1.0.0", "t2v-small@1.1.0"


def value(driver: Driver, *path: str | int) -> object:
    assert driver.bench.view is not None
    return driver.bench.view.document.get(("models", *path))


async def test_the_next_version_is_offered_with_all_that_names_the_old(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c")
        assert "= t2v-small@1.1.0" in driver.screen
        assert "[x] version" in driver.line_with("1.0.0 → 1.1.0")
        assert "[x] source 1" in driver.line_with("local://t2v-small@1.1.0")
        assert "[ ] source 2" in driver.line_with("hf://org/small@v1.0.0")
        assert "[x] comment" in driver.line_with("# t2v-small@1.1.0: the first one")
        assert "2 digests are copied" in driver.screen
        assert "got 1.0.0; with 2 versions there" in driver.screen


async def test_a_copy_is_written_as_chosen_and_taken_back_to_the_byte(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c", "enter")
        assert driver.bench.models.model_id == NEW
        assert driver.steps == [f"copy {OLD} to {NEW}"]
        assert value(driver, NEW, "version") == "1.1.0"
        assert value(driver, NEW, "sources", "priority") == ["local://t2v-small@1.1.0", "hf://org/small@v1.0.0"]
        lines = await driver.saved_lines(NAMED)
        assert all(line.startswith("+") for line in lines)
        assert "+# t2v-small@1.1.0: the first one" in lines
        await driver.press("u")
        assert driver.text == NAMED
        assert driver.bench.models.model_id == OLD


async def test_what_is_not_chosen_stays(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c", "tab", "space", "j", "space", "j", "space", "enter")
        assert value(driver, NEW, "version") == "1.0.0"
        assert value(driver, NEW, "sources", "priority") == ["local://t2v-small@1.0.0", "hf://org/small@v1.1.0"]


async def test_a_version_alone_is_enough_and_an_id_that_is_there_is_refused(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c")
        await driver.type("1.0.0")
        assert "There is a model t2v-small@1.0.0 already" in driver.screen
        await driver.press("enter")
        assert not driver.bench.is_active
        await driver.type("2.0.0")
        assert "= t2v-small@2.0.0" in driver.screen
        await driver.press("enter")
        assert driver.bench.models.model_id == "t2v-small@2.0.0"


async def test_a_fault_of_the_new_id_is_told_while_it_is_typed(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c")
        await driver.type("t2v small")
        assert "LM107" in driver.screen
        await driver.press("escape")
        assert driver.text == NAMED


async def test_copied_digests_are_not_confirmed_until_they_are_kept_or_changed(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c", "enter")
        await driver.press("2")
        assert "2 not confirmed" in driver.screen
        assert "the digest was copied with the model" in driver.screen
        await driver.press("l", "l", "l", "l", "enter", "enter")
        assert "1 not confirmed" in driver.screen
        await driver.press("j", "enter")
        await driver.type("sha256:9b3a8f0d1c5e7264a9d8c3b1f0e6d5a47c2b9e8f1a3d6c5b4e7f8091a2b3c4d6")
        await driver.press("enter")
        assert "not confirmed" not in driver.screen
        await driver.press("u")
        assert "1 not confirmed" in driver.screen


async def test_the_digests_of_the_old_model_are_not_doubted(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("c", "enter", "k")
        assert driver.bench.models.model_id == OLD
        await driver.press("2")
        assert "not confirmed" not in driver.screen


async def test_a_rename_changes_headers_version_and_what_was_chosen(opened: Opener) -> None:
    async with opened(NAMED) as driver:
        await driver.press("r")
        assert "Type another version" in driver.screen
        await driver.type("1.0.1")
        assert "got 1.0.0 and now get 1.0.1" in driver.screen
        await driver.press("enter")
        assert driver.bench.models.model_id == "t2v-small@1.0.1"
        await driver.press("w", "enter")
        wanted = NAMED.replace(OLD, "t2v-small@1.0.1").replace('version = "1.0.0"', 'version = "1.0.1"')
        assert driver.path.read_text() == wanted
        await driver.press("u")
        assert driver.text == NAMED
        assert driver.bench.models.model_id == OLD
        await driver.press("U")
        assert driver.bench.models.model_id == "t2v-small@1.0.1"


async def test_another_name_offers_what_holds_the_name_alone(opened: Opener) -> None:
    named = NAMED.replace('variants = ["fp16"]', 'variants = ["fp16"]  # as t2v-small was trained')
    async with opened(named) as driver:
        await driver.press("r")
        await driver.type("i2v-small@1.0.0")
        assert "[ ] comment" in driver.line_with("# as t2v-small was trained")
        assert "Its type becomes i2v" in driver.screen
        await driver.press("tab", "a", "enter")
        assert driver.changed_lines(named, driver.text).count('+variants = ["fp16"]  # as i2v-small was trained') == 1


def test_the_next_id_is_the_next_minor_version_that_is_free() -> None:
    assert next_id("a@1.2.3", ["a@1.2.3"]) == "a@1.3.0"
    assert next_id("a@1.2.3", ["a@1.2.3", "a@1.3.0"]) == "a@1.4.0"
    assert next_id("odd", []) == "odd"


def test_a_version_that_is_written_is_told_before_and_after() -> None:
    document = Document.from_text(NAMED)
    found = mentions(document, OLD)
    rows = {row.where: row for row in rewritings(document, OLD, NEW, found, is_copy=True)}
    assert rows["version"].after == "1.0.0 → 1.1.0"
    start, end = rows["source 1"].spans[0]
    assert rows["source 1"].after[start:end] == NEW
    same = rewritings(document, OLD, OLD, found, is_copy=False)
    assert [row.where for row in same] == ["source 1", "comment"]
