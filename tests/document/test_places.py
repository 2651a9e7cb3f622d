"""Paths and places lead to each other: the span of a value is its spelling, and what stands there is its path."""

from __future__ import annotations

import tomllib
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath, Place

from .page import Path, read_page
from .random_edits import below, typed
from .random_manifests import Manifest, random_manifest

seeds = st.integers(min_value=0, max_value=2**48)

TEXT = """\
schema_version = 1

# about it
[models."a@1.0.0"]
version = "1.0.0"   # as the id says
variants = ["fp16",
    "bf16"]
defaults.fps = 24
vram_estimation = { params_billion = 1.3 }

[[models."a@1.0.0".files]]
path = "é.bin"
size = 3
"""


def paths(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    found = [(path, value)] if path else []
    if isinstance(value, dict):
        return found + [one for key, item in value.items() for one in paths(item, (*path, key))]
    if isinstance(value, list):
        return found + [one for number, item in enumerate(value) for one in paths(item, (*path, number))]
    return found


def drawn(seed: int) -> tuple[Manifest, Document]:
    manifest = random_manifest(Random(seed))
    return manifest, Document.from_text(manifest.text)


@settings(max_examples=60)
@given(seeds)
def test_the_span_of_a_value_is_its_spelling(seed: int) -> None:
    manifest, document = drawn(seed)
    page = read_page(manifest.text)
    mark = int(manifest.text.startswith("\ufeff"))
    spelled = {thing.path: thing for thing in page.things if thing.kind in {"pair", "item"}}
    headers = {thing.path: thing for thing in page.things if thing.kind == "header"}
    for path, value in paths(manifest.data):
        start, end = document.span(path)
        if path in spelled:
            said = tomllib.loads(f"x = {document.text[start:end]}")["x"]
            assert typed(said) == typed(value), path
        elif path in headers:
            assert (start - mark, end - mark) == (headers[path].start, headers[path].end), path
        if path in spelled and spelled[path].kind == "pair":
            assert document.span(path, "key")[0] - mark == spelled[path].start, path


@settings(max_examples=60)
@given(seeds)
def test_what_stands_at_a_value_is_its_path(seed: int) -> None:
    manifest, document = drawn(seed)
    page = read_page(manifest.text)
    things = {thing.path for thing in page.things if thing.kind != "close"}
    for path, value in paths(manifest.data):
        if path not in things:
            continue
        found = document.path_at(document.span(path)[0])
        is_leaf = not isinstance(value, (dict, list))
        assert found == path if is_leaf or path in page.headers else below(path, found)


@settings(max_examples=60)
@given(seeds, st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_offsets_and_places_lead_to_each_other(seed: int, picks: list[int]) -> None:
    manifest, document = drawn(seed)
    text = manifest.text
    lines = text.split("\n")
    for pick in picks:
        offset = pick % (len(text) + 1)
        place = document.place_at(offset)
        assert place.line == text.count("\n", 0, offset) + 1
        assert place.column == offset - text.rfind("\n", 0, offset)
        assert document.offset_of(place.line, place.column) == offset
        assert document.path_at(offset) is not None
    assert document.offset_of(len(lines) + 5, 1) == len(text)
    assert document.offset_of(1, 10**6) == len(lines[0]) or len(lines) == 1
    assert document.offset_of(0, 0) == 0


@settings(max_examples=40)
@given(seeds)
def test_a_path_that_is_not_there_falls_back_on_what_holds_it(seed: int) -> None:
    manifest, document = drawn(seed)
    for path, _ in paths(manifest.data):
        assert document.span((*path, "nothing of the kind")) == document.span(path)
        assert document.span((*path, 999)) == document.span(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("path", "what", "place"),
    [
        (("schema_version",), "key", Place(1, 1, 1, 15)),
        (("schema_version",), "value", Place(1, 18, 1, 19)),
        (("models", "a@1.0.0"), "value", Place(4, 1, 4, 19)),
        (("models", "a@1.0.0", "version"), "value", Place(5, 11, 5, 18)),
        (("models", "a@1.0.0", "version"), "table", Place(4, 1, 4, 19)),
        (("models", "a@1.0.0", "vram_estimation", "nothing"), "table", Place(9, 19, 9, 43)),
        (("models", "a@1.0.0", "vram_estimation"), "table", Place(9, 19, 9, 43)),
        (("models", "a@1.0.0", "defaults", "nothing"), "table", Place(8, 1, 8, 13)),
        (("models", "a@1.0.0", "files", 0, "sha256"), "table", Place(11, 1, 11, 27)),
        (("models", "a@1.0.0", "variants"), "value", Place(6, 12, 7, 12)),
        (("models", "a@1.0.0", "variants", 1), "value", Place(7, 5, 7, 11)),
        (("models", "a@1.0.0", "defaults", "fps"), "key", Place(8, 1, 8, 13)),
        (("models", "a@1.0.0", "defaults"), "value", Place(8, 1, 8, 13)),
        (("models", "a@1.0.0", "vram_estimation", "params_billion"), "value", Place(9, 38, 9, 41)),
        (("models", "a@1.0.0", "files", 0), "value", Place(11, 1, 11, 27)),
        (("models", "a@1.0.0", "files", 0, "path"), "value", Place(12, 8, 12, 15)),
        (("models", "a@1.0.0", "files", 0, "sha256"), "value", Place(11, 1, 11, 27)),
        (("models", "a@1.0.0", "sources"), "value", Place(4, 1, 4, 19)),
        (("models",), "value", Place(4, 1, 4, 19)),
        (("nothing",), "value", Place(1, 1, 1, 1)),
    ],
)
def test_places_count_from_one_and_end_behind(path: KeyPath, what: Any, place: Place, newline: str, mark: str) -> None:
    document = Document.from_text(mark + TEXT.replace("\n", newline))
    if mark and place.line == 1 and path != ("nothing",):  # a mark is a character of the first line
        place = Place(1, place.column + 1, 1, place.end_column + 1)
    assert document.place(path, what) == place


def test_a_header_right_behind_a_mark_is_in_its_place() -> None:
    document = Document.from_text('\ufeff[models."a@1.0.0"]\nversion = "1"\n')
    assert document.place(("models", "a@1.0.0")) == Place(1, 2, 1, 20)
    assert document.offset_of(1, 2) == 1
    assert document.place(("models", "a@1.0.0", "version")) == Place(2, 11, 2, 14)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# about it", ("models", "a@1.0.0")),
        ('[models."a@1.0.0"]', ("models", "a@1.0.0")),
        ("# as the id says", ("models", "a@1.0.0", "version")),
        ('"bf16"', ("models", "a@1.0.0", "variants", 1)),
        ("fps", ("models", "a@1.0.0", "defaults", "fps")),
        ("1.3", ("models", "a@1.0.0", "vram_estimation", "params_billion")),
        ("size", ("models", "a@1.0.0", "files", 0, "size")),
    ],
)
def test_a_comment_behind_a_value_or_above_a_header_leads_to_it(text: str, path: KeyPath) -> None:
    document = Document.from_text(TEXT)
    assert document.path_at(TEXT.index(text)) == path
