"""Values and key paths in messages."""

from __future__ import annotations

import datetime
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.words import age, described, nearest, path_text, quoted, shown, visible


@given(st.text())
def test_nothing_invisible_and_no_line_break_gets_through(text: str) -> None:
    assert visible(text).isprintable()
    assert quoted(text).isprintable()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_quoted_whole_is_toml(text: str) -> None:
    assert tomllib.loads(f"x = {quoted(text, longest=len(text))}") == {"x": text}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_a_path_of_keys_is_a_dotted_key(path: list[str]) -> None:
    value: object = tomllib.loads(f"{path_text(path)} = 1")
    for key in path:
        assert isinstance(value, dict)
        value = value[key]
    assert value == 1


def test_a_path_with_items() -> None:
    assert path_text(("models", "a@1.0.0", "files", 2, "size")) == 'models."a@1.0.0".files[2].size'
    assert path_text(()) == "(file)"


def test_a_long_text_gives_up_its_middle() -> None:
    assert quoted("a" * 50 + "b" * 50, 10) == '"aaaaa…bbbbb"'


@pytest.mark.parametrize(
    ("value", "in_short", "with_type"),
    [
        (None, "nothing", "nothing"),
        (True, "true", "the boolean true"),
        (7, "7", "the integer 7"),
        (7.5, "7.5", "the number 7.5"),
        ("7", '"7"', 'the string "7"'),
        ("\u202ex", '"\\u202ex"', 'the string "\\u202ex"'),
        ([], "an empty list", "an empty list"),
        ([1, 2], "a list of 2", "a list of 2"),
        ({}, "an empty table", "an empty table"),
        ({"a": 1}, "a table", "a table"),
        (datetime.date(2024, 1, 2), "2024-01-02", "the date 2024-01-02"),
        (datetime.time(1, 2), "01:02:00", "the time 01:02:00"),
        (datetime.datetime(2024, 1, 2), "2024-01-02T00:00:00", "the date and time 2024-01-02T00:00:00"),
        (1 << 2000, "an integer of 2001 bits", "an integer of 2001 bits"),
    ],
)
def test_values_in_words(value: object, in_short: str, with_type: str) -> None:
    assert shown(value) == in_short
    assert described(value) == with_type


@pytest.mark.parametrize(
    ("word", "found"),
    [("fp61", "fp16"), ("FP16", "fp16"), ("b-f16", "bf16"), ("nf4", None), ("", None), ("x" * 1000, None)],
)
def test_the_nearest_name(word: str, found: str | None) -> None:
    assert nearest(word, ["fp16", "bf16"]) == found


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(-5, "just now"), (0, "just now"), (59, "just now"), (60, "1 minute ago"), (7_199, "1 hour ago"),
     (7_200, "2 hours ago"), (200_000, "2 days ago")],
)  # fmt: skip
def test_ages(seconds: float, told: str) -> None:
    assert age(seconds) == told


def test_two_letters_that_changed_places_are_near_in_a_short_name_too() -> None:
    assert nearest("fsp", ["frames", "fps"]) == "fps"
    assert nearest("psf", ["frames", "fps"]) is None
