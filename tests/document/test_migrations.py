"""Migrations, tried with steps that are made up: there is no second schema version yet."""

from __future__ import annotations

import pytest

from loadmaster.checks.examples import GOOD, but
from loadmaster.document.document import Document
from loadmaster.document.migrations import MIGRATIONS, Migration, MigrationRefused, migrate
from loadmaster.errors import EditRefused

COMMENTED = GOOD.replace("schema_version = 1", "schema_version = 1   # of the format").replace(
    'description = "Demo model"', "# for people\ndescription = 'Demo model' # kept"
)


def _titles(document: Document) -> Document:
    """`description` becomes `title`, in its place."""
    for model_id in document.model_ids:
        start, end = document.span(("models", model_id, "description"), "key")
        document = document.replace(start, end, "title")
    return document.set(("schema_version",), 2)


def _flat(document: Document) -> Document:
    for model_id in document.model_ids:
        document = document.unset(("models", model_id, "optional_components"))
    return document.set(("schema_version",), 3)


STEPS = (
    Migration("2", "3", "optional_components is gone", _flat),
    Migration("1", "2", "description is title", _titles),
)


def test_steps_follow_each_other_and_keep_the_text() -> None:
    document, taken = migrate(Document.from_text(COMMENTED), STEPS, "3")
    assert [step.target for step in taken] == ["2", "3"]
    expected = COMMENTED.replace("schema_version = 1 ", "schema_version = 3 ").replace("description =", "title =")
    assert document.text == expected.replace("optional_components = []\n", "")


def test_a_manifest_of_the_current_version_stays() -> None:
    document = Document.from_text(COMMENTED)
    assert migrate(document) == (document, ())
    assert MIGRATIONS == ()


def test_a_version_written_as_text_is_one() -> None:
    document, taken = migrate(Document.from_text(but("schema_version = 1", 'schema_version = "1"')), STEPS, "3")
    assert len(taken) == 2
    assert document.get(("schema_version",)) == 3


@pytest.mark.parametrize("version", ["4", '"10"', "99999999999999999999", "true", "1.0", "[1]", "-1", "0", '"²"'])
def test_a_later_version_or_none_is_never_relabelled(version: str) -> None:
    document = Document.from_text(but("schema_version = 1", f"schema_version = {version}"))
    with pytest.raises(MigrationRefused):
        migrate(document, STEPS, "3")


def test_a_step_that_does_not_arrive_is_refused() -> None:
    lost = (Migration("1", "2", "nothing", lambda document: document),)
    with pytest.raises(MigrationRefused, match="did not arrive"):
        migrate(Document.from_text(GOOD), lost, "2")


def test_a_step_that_is_refused_leaves_the_document() -> None:
    document = Document.from_text(but('description = "Demo model"\n', ""))
    with pytest.raises(EditRefused):
        migrate(document, (Migration("1", "2", "x", lambda one: one.unset(("owner",))),), "2")
    assert document.get(("schema_version",)) == 1
