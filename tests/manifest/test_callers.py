from __future__ import annotations

from pathlib import Path

import pytest

from loadmaster.errors import ModelNotFoundError
from loadmaster.manifest.callers import callers_notes
from loadmaster.model_registry import ModelRegistry

MODEL = """
[models."{id}"]
variants = ["fp16"]
default_variant = "fp16"
[[models."{id}".files]]
path = "a.json"
size = 3
sha256 = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
[models."{id}".sources]
priority = ["hf://a/b@v1"]
"""


def test_a_second_version_makes_the_bare_name_ambiguous_and_the_registry_agrees(tmp_path: Path) -> None:
    notes = callers_notes(["a@1.0.0", "b@1.0.0"], ["a@1.0.0", "a@1.1.0", "b@1.0.0"])
    assert notes == ("Callers that ask for a without a version got 1.0.0; with 2 versions there they must name one.",)
    manifest = tmp_path / "models.toml"
    manifest.write_text("schema_version = 1\n" + MODEL.format(id="a@1.0.0") + MODEL.format(id="a@1.1.0"))
    with pytest.raises(ModelNotFoundError, match="one must be named"):
        ModelRegistry(manifest).spec("a")


def test_a_rename_is_told_for_the_id_and_for_the_name() -> None:
    assert callers_notes(["a@1.0.0"], ["a@2.0.0"]) == (
        "Callers that ask for a@1.0.0 no longer find it.",
        "Callers that ask for a without a version got 1.0.0 and now get 2.0.0.",
    )


def test_a_name_that_goes_is_told_once() -> None:
    assert callers_notes(["a@1.0.0", "b@1.0.0"], ["b@1.0.0"]) == (
        "Callers that ask for a@1.0.0, or for a without a version, no longer find it.",
    )


def test_one_version_left_answers_the_bare_name_again() -> None:
    assert callers_notes(["a@1.0.0", "a@2.0.0"], ["a@2.0.0"]) == (
        "Callers that ask for a@1.0.0 no longer find it.",
        "Callers that ask for a without a version now get 2.0.0.",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a@1.0.0"], ["a@1.0.0"]),
        (["a@1.0.0"], ["a@1.0.0", "b@1.0.0"]),
        (["a@1.0.0", "a@2.0.0"], ["a@1.0.0", "a@2.0.0", "a@3.0.0"]),
        ([], ["a@1.0.0"]),
        (["no id"], ["no id", "a@1.0.0"]),
    ],
)
def test_nothing_is_said_where_nobody_notices(before: list[str], after: list[str]) -> None:
    assert callers_notes(before, after) == ()
