"""The quick way to read a table gives what `tomllib` gives, or nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.document.plain import same
from loadmaster.document.plain_lines import read_plain


def assert_agrees(text: str) -> dict[str, Any] | None:
    """`read_plain` and `tomllib` on one text; gives what the first says."""
    data = read_plain(text)
    if data is not None:
        assert same(tomllib.loads(text), data)
        assert list(tomllib.loads(text)) == list(data)
    return data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}),
        ("# only a comment", {}),
        ('path = "vae/a b.safetensors"\nsize = 12\n', {"path": "vae/a b.safetensors", "size": 12}),
        ("\n# above\n  fps=24 # behind\r\n\t\r\nscale = 7.50\nlora = false", {"fps": 24, "scale": 7.5, "lora": False}),
        ('a = [ "x", "y#,]" , ]\nb = []', {"a": ["x", "y#,]"], "b": []}),
        ('c = [\n  "hf://x",\r\n\n  "y"\n]\n', {"c": ["hf://x", "y"]}),
        ('a = ""\n1 = "\té漢"', {"a": "", "1": "\té漢"}),
    ],
)  # fmt: skip
def test_what_is_plain(text: str, data: dict[str, Any]) -> None:
    assert assert_agrees(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\na = 1", "a.b = 1", '"a" = 1', 'a = "\\n"', "a = 'x'", 'a = """x"""', 'a = """"', "a = 01", "a = 1_0",
        "a = +1", "a = 1e3", "a = 1.", "a = 2026-01-02", "a = 1 b = 2", 'a = "x" "y"', "a = [1]", 'a = ["x" "y"]',
        'a = ["x",,]', 'a = [,"x"]', 'a = ["x", # c\n]', "a = {}", "a = truer", "a =", "a",
        "[b]",
        "a = 9223372036854775808", "a = 1 # \x00", "# \x7f", 'a = "\x01"', "a = 1\rb = 2", "a = 1\r",
        "\u00a0a = 1", "a\n= 1", "a = \n1",
        'a = "x',
        "a = inf", "é = 1", "a = 1\x0b", "a = 1\x85b = 2",
    ],
)  # fmt: skip
def test_what_is_left_to_tomllib(text: str) -> None:
    assert read_plain(text) is None


_PIECES = st.lists(
    st.sampled_from(
        ["a", "b-1", "\"k\"", ".", " = ", "=", '"', '"x"', '""', '"""', "'", "\\", "\\u0041", "#", "# c", "\n", "\r\n",
         "\r", "\t", " ", "[", "]", ",", "{", "}", "0", "1", "007", "1_0", ".5", "e3", "-", "true", "false", "inf", "é",
         "\x00", "\x7f", "\u2028", "\ufeff", "a = 1\n", 'b = "x" # y\n', 'c = ["x", "y"]\n', "d = 1.5\n", "e = true\n"]
    ),
    max_size=12,
)  # fmt: skip


@given(_PIECES)
def test_it_agrees_with_tomllib(pieces: list[str]) -> None:
    assert_agrees("".join(pieces))


@given(
    st.dictionaries(
        st.text("abcXYZ019_-", min_size=1, max_size=5),
        st.one_of(
            st.integers(0, 10**17),
            st.floats(0, 10**6).map(lambda value: round(value, 3)),
            st.booleans(),
            st.text(st.characters(exclude_characters='"\\\x7f', exclude_categories=["Cc", "Cs"])),
            st.lists(st.text("ab, ]#", max_size=4), max_size=3),
        ),
    )
)
def test_plain_data_is_read_the_quick_way(data: dict[str, Any]) -> None:
    def told(value: Any) -> str:
        if isinstance(value, list):
            return "[" + ", ".join(map(told, value)) + "]"
        if isinstance(value, str):
            return f'"{value}"'
        return str(value).lower()

    text = "".join(f"{key} = {told(value)}\n" for key, value in data.items())
    if "e" not in "".join(told(value) for value in data.values() if isinstance(value, float)):
        assert assert_agrees(text) == data


def test_all_of_toml_test(shared: Path) -> None:
    quick = seen = 0
    for file in sorted((shared / "toml-test").rglob("*.toml")):
        try:
            text = file.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        seen += 1
        data = read_plain(text)
        if data is not None:
            quick += 1
            assert same(tomllib.loads(text), data), file
    assert seen > 500
    assert quick > 5


def test_nothing_takes_long() -> None:
    # Possessive throughout: what does not match is given up at once, so these end.
    for text in (
        "a = [" + '"x", ' * 50_000,
        "a = " + " " * 200_000 + "x",
        "\n" * 200_000 + "[",
        '"' * 200_000,
        "a" * 200_000,
    ):
        assert read_plain(text) is None
