"""No edit loses or moves anything else: random manifests, random edits, and an oracle that shares no code with them.

`random_manifests` writes the manifests, `random_edits` reckons what each edit must give, `judge` compares: data by
type, every comment, bytes outside, newlines, and that a document made by an edit equals one read afresh.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loadmaster.document.document import Document
from loadmaster.document.history import backward, forward, step_between
from loadmaster.errors import EditRefused

from .judge import judge, stale
from .page import read_page
from .random_edits import Edit, random_edit
from .random_manifests import Manifest, random_manifest

seeds = st.integers(min_value=0, max_value=2**48)


def drawn(seed: int) -> tuple[Manifest, Document, Edit]:
    rng = Random(seed)
    manifest = random_manifest(rng)
    edit = random_edit(rng, manifest.data, read_page(manifest.text))
    return manifest, Document.from_text(manifest.text), edit


@settings(max_examples=400)
@given(seeds)
@example(629171)  # an element of a list gets a sub-table, and loses the key above its free comments
def test_an_edit_changes_what_it_says_and_nothing_else(seed: int) -> None:
    manifest, document, edit = drawn(seed)
    refused = ""
    try:
        new = edit.apply(document)
    except EditRefused as refusal:
        refused = str(refusal)
    assert document.text == manifest.text
    assert not (refused and manifest.is_ordinary), f"{edit.label} {edit.path}: {refused}"
    assert refused or judge(document, new, edit) == []


@settings(max_examples=150)
@given(seeds)
def test_undo_and_redo_bring_back_every_byte(seed: int) -> None:
    manifest, document, edit = drawn(seed)
    try:
        new = edit.apply(document)
    except EditRefused:
        return
    step = step_between(document, new, edit.label)
    back = backward(new, step)
    assert back.text == manifest.text
    assert stale(back) == []
    again = forward(back, step)
    assert again.text == new.text
    assert stale(again) == []


@settings(max_examples=100)
@given(seeds)
def test_an_edit_that_has_an_exact_way_back_leads_back(seed: int) -> None:
    manifest, document, edit = drawn(seed)
    if edit.undo is None or "\\u" in manifest.text:  # an escape in a key is spelled plainly on the way back
        return
    try:
        new = edit.apply(document)
    except EditRefused:
        return
    assert edit.undo(new).text == manifest.text


@settings(max_examples=60)
@given(seeds, st.integers(min_value=2, max_value=6))
def test_several_edits_in_a_row_leave_what_a_fresh_reading_would(seed: int, count: int) -> None:
    _, document, _ = drawn(seed)
    rng = Random(seed)
    for _ in range(count):
        edit = random_edit(rng, document.data, read_page(document.text))
        try:
            document = edit.apply(document)
        except EditRefused:
            continue
        assert stale(document) == []


@pytest.mark.parametrize(
    ("seed", "what"),
    [
        (1_000_003 + 327, "a comment in an empty list stays above its bracket"),
        (1_000_003 + 859, "an item behind its comma takes its trailing comment along"),
        (1_000_003 + 1111, "a mark before an indented key is no merge conflict"),
        (1_000_003 + 1649, "the only item takes along the comment above it"),
        (1_000_003 + 2370, "an item is put above the comment of the next"),
        (2_000_006 + 695, "a last line without a newline stays so"),
        (2_000_006 + 2282, "a table that only its sub-table spelled stays when that goes"),
    ],
)
def test_what_was_wrong_once(seed: int, what: str) -> None:
    _, document, edit = drawn(seed)
    assert judge(document, edit.apply(document), edit) == [], what


def test_a_bracket_left_open_above_can_be_closed_below() -> None:
    document = Document.from_text("y={\n[]\n[[]]]")
    assert stale(document.replace(11, 11, "}")) == []


@settings(max_examples=150)
@given(seeds, st.text(alphabet="[]{}=\"'#\n a.1", max_size=6), st.integers(0, 10**6), st.integers(0, 12))
def test_free_edits_of_damaged_text_read_as_if_fresh(seed: int, text: str, at: int, size: int) -> None:
    _, document, _ = drawn(seed)
    for shift in (0, 7):
        start = (at + shift) % (len(document.text) + 1)
        document = document.replace(start, min(start + size, len(document.text)), text)
        assert stale(document) == []
