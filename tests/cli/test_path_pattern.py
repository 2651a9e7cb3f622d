"""Key paths as people write them on the command line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.checks.examples import TWO_MODELS
from loadmaster.cli.path_pattern import Item, Pattern, expand, parse_pattern
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.manifest.words import path_text

ONE, TWO = "demo-1b@1.0.0", "demo-2b@1.0.0"


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ('models."t2v-*".defaults.fps', ("models", "t2v-*", "defaults", "fps")),
        ("models.'a.b'.version", ("models", "a.b", "version")),
        ("models.t2v-A14B@2.2.0.version", ("models", "t2v-A14B@2.2.0", "version")),
        ('models.x.files["vae.pth"].sha256', ("models", "x", "files", Item("vae.pth"), "sha256")),
        ("models.x.files[vae*].size", ("models", "x", "files", Item("vae*"), "size")),
        ("models.x.files[-1].size", ("models", "x", "files", -1, "size")),
        ("schema_version", ("schema_version",)),
        ("defaults.fps", ("models", "*", "defaults", "fps")),
        ("files[0].size", ("models", "*", "files", 0, "size")),
        (r'models."a\"b\u00e9"', ("models", 'a"bé')),
    ],
)
def test_what_is_written(text: str, pattern: Pattern) -> None:
    assert parse_pattern(text) == pattern


@pytest.mark.parametrize(
    "text", ["", ".", "a.", ".a", "a..b", "a b", '"a', "a[", "a[]", "a]", "[0]x", 'a."\\q"', 'models"x"', "a.[0]"]
)
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError):
        parse_pattern(text)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('models."demo-1b@1.0.0".version', [("models", ONE, "version")]),
        ("models.demo-2b.version", [("models", TWO, "version")]),
        ("version", [("models", ONE, "version"), ("models", TWO, "version")]),
        ('models.demo-1b.files["*.json"].size', [("models", ONE, "files", 0, "size")]),
        ("models.demo-1b.files[-1].size", [("models", ONE, "files", 1, "size")]),
        ('models.demo-1b.variants["bf16"]', [("models", ONE, "variants", 1)]),
        ("new_key", [("new_key",)]),
    ],
)
def test_what_it_means(text: str, paths: list[KeyPath]) -> None:
    assert expand(Document.from_text(TWO_MODELS), parse_pattern(text)) == paths


@pytest.mark.parametrize("text", ["models.demo-3b.version", "models.demo-1b.files[9].size", 'files["no"].size', "a[0]"])
def test_what_means_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="there is no"):
        expand(Document.from_text(TWO_MODELS), parse_pattern(text))


_NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(_NAMES, min_size=1, max_size=4), st.integers(0, 20))
def test_a_path_as_a_report_shows_it_can_be_written_back(names: list[str], index: int) -> None:
    path: KeyPath = ("models", *names, index)
    assert parse_pattern(path_text(path)) == path
