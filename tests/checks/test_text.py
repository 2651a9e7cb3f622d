"""LM001 to LM009: the text itself, and where each fault of it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.checks.examples import GOOD, TWO_MODELS, but

if TYPE_CHECKING:
    from .conftest import Said, Told


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "words"),
    [
        ("size = 612", "size = ", 13, 8, "a value was expected"),
        ("size = 612", "size 612", 13, 6, "= was expected after the key"),
        ("size = 612", "size = 612 613", 13, 12, "the end of the line was expected"),
        ('"config.json"', '"config.json', 12, 20, "not closed on its line"),
        ("size = 612", "= 612", 13, 1, "a key, a [table] or a # comment was expected"),
        ('["fp16", "bf16"]', '["fp16", "bf16"', 7, 1, "not closed"),
        ('"Demo model"', '"Demo \\q model"', 4, 22, "backslash"),
    ],
)
def test_syntax_is_told_where_it_breaks(told: Told, old: str, new: str, line: int, column: int, words: str) -> None:
    diagnostic = told(but(old, new), "LM001")
    assert words in diagnostic.message
    assert diagnostic.place.line == line
    assert diagnostic.place.column <= column + 1


@pytest.mark.parametrize(
    ("value", "words"),
    [("[" * 3000, "nested"), ("9" * 6000, "digits"), (".".join("a" * 3000) + " = 1", "parts")],
)
def test_what_no_reader_can_bear_is_told_as_such(told: Told, value: str, words: str) -> None:
    line = value if " = " in value else f"depth = {value}"
    assert words in told(but("size = 612", f"size = 612\n{line}"), "LM001").message


def test_a_key_that_stands_twice_names_both_lines(told: Told) -> None:
    diagnostic = told(but("size = 612\n", "size = 612\n\nsize = 613\n"), "LM003")
    assert diagnostic.message == "size is defined twice: on line 13 and on line 15"
    assert (diagnostic.place.line, diagnostic.place.column, diagnostic.place.end_column) == (15, 1, 5)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (but("size = 612", 'size = 612\n"size" = 613'), 14),
        (but("optional_components = []", "defaults.fps = 24\ndefaults.fps = 25"), 10),
        (but("optional_components = []", "defaults = { fps = 24, fps = 25 }"), 9),
        (GOOD + '\n[models."demo-1b@1.0.0".sources]\npriority = []\n', 26),
    ],
)
def test_other_ways_to_define_twice(told: Told, text: str, line: int) -> None:
    assert told(text, "LM003").place.line == line


@pytest.mark.parametrize(
    ("key", "header"),
    [
        ("sources.x = 1", "sources"),
        ("sources = 3", "sources"),
        ("sources = { x = 1 }", "sources"),
        ("files = 3", "files"),
        ("defaults.fps = 24", "defaults"),
        ("defaults = { fps = 24 }", "defaults.x"),
    ],
)
def test_a_header_for_what_a_key_defined_names_the_line_of_the_key(told: Told, key: str, header: str) -> None:
    text = but("optional_components = []", key)
    text += "" if header in ("sources", "files") else f'\n[models."demo-1b@1.0.0".{header}]\nx = 1\n'
    line = text[: text.index(key)].count("\n") + 1
    diagnostic = told(text, "LM003")
    assert f"defined twice: on line {line} and on line {diagnostic.place.line}" in diagnostic.message
    assert diagnostic.place.line > line


def test_a_table_in_place_of_a_list_is_told(said: Said) -> None:
    assert "LM003" in said(GOOD + '\n[models."demo-1b@1.0.0".files]\npath = "x"\n')


def test_a_mark_is_told_at_the_start_and_the_rest_is_read(said: Said, told: Told) -> None:
    for text in ("\ufeff" + GOOD, "\ufeff" + GOOD.replace("schema_version = 1\n\n", "")):
        assert (told(text, "LM002").place.line, told(text, "LM002").place.column) == (1, 1)
    assert said("\ufeff" + but("size = 612", "size = 0")) == ["LM002", "LM402"]


def test_an_id_without_quotes_is_told_once_and_its_model_is_read(told: Told, said: Said) -> None:
    text = TWO_MODELS.replace('"demo-2b@1.0.0"', "demo-2b@1.0.0").replace("size = 4295022904", "size = 0")
    assert said(text) == ["LM004", "LM402"]
    diagnostic = told(text, "LM004")
    assert '[models."demo-2b@1.0.0"]' in diagnostic.message
    assert text.split("\n")[diagnostic.place.line - 1][diagnostic.place.column - 1 :].startswith("demo-2b@1.0.0")
    assert diagnostic.place.end_column - diagnostic.place.column == len("demo-2b@1.0.0")


def test_a_sub_table_of_our_own_is_no_dotted_id(said: Said) -> None:
    assert said(GOOD + '\n[models."demo-1b@1.0.0".notes]\nx = 1\n') == ["LM104"]
    assert said(GOOD + '\n[models."demo-2@1.0.0".sources]\npriority = ["local://x"]\n').count("LM004") == 0


@pytest.mark.parametrize(
    ("text", "crlf", "lf"),
    [
        (GOOD.replace("\n", "\r\n", 1), 1, 23),
        (GOOD.replace("\n", "\r\n").replace("\r\n", "\n", 1), 23, 1),
        (GOOD.removesuffix("\n") + "\r\n", 1, 23),
    ],
)
def test_mixed_newlines_count_both(told: Told, text: str, crlf: int, lf: int) -> None:
    assert told(text, "LM005").message == f"{crlf} lines end with CRLF, {lf} with LF"


def test_one_kind_of_newline_is_quiet(said: Said) -> None:
    assert said(GOOD.replace("\n", "\r\n")) == []


def test_a_last_line_without_end_is_told_at_its_end(told: Told) -> None:
    place = told(GOOD.removesuffix("\n"), "LM006").place
    assert (place.line, place.column) == (24, 74)


def test_a_text_that_breaks_off_is_told_once(said: Said) -> None:
    assert said(GOOD[:-10]) == ["LM001"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("a\\u202eb", "turns the direction of writing (U+202E)"),
        ("a\\u200bb", "a zero-width space (U+200B)"),
        ("a\\u0007b", "a control character (U+0007)"),
        ("a\\u007fb", "a control character (U+007F)"),
        ("a\ufeffb", "a byte-order mark (U+FEFF)"),
        ("a\\u200db", "a zero-width joiner"),
        ("\\u00ad", "a soft hyphen"),
    ],
)
def test_what_nobody_sees_is_told_and_shown_as_an_escape(told: Told, written: str, words: str) -> None:
    diagnostic = told(but('"Demo model"', f'"{written}"'), "LM007")
    assert words in diagnostic.message
    assert diagnostic.message.isprintable()
    assert diagnostic.path == ("models", "demo-1b@1.0.0", "description")


@pytest.mark.parametrize(
    "text", ["a\\nb\\tc\\r\\n", "héllo – „x“", "👩\u200d💻 x", "می\u200cخواهم", "日本語\u3000です"]
)
def test_what_is_seen_is_quiet(said: Said, text: str) -> None:
    assert said(but('"Demo model"', f'"{text}"')) == []


def test_invisible_characters_in_keys_and_at_the_top(told: Told) -> None:
    key = told(but("optional_components = []", '"no\\u200bte" = 1'), "LM007")
    assert key.place.column == 1
    assert key.message == "the key no\\u200bte holds a zero-width space (U+200B)"
    top = told(but("schema_version = 1", 'schema_version = 1\nnote = "\\u202e"'), "LM007")
    assert top.path == ("note",)


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("", "it is empty"),
        ("# only a comment\n", "it is empty"),
        ("schema_version = 1\n", "it has only schema_version"),
        ("[project]\nname = 'x'\n[tool.x]\n[build-system]\nrequires = []\n", "a pyproject.toml"),
        ("[package]\nname = 'x'\n[dependencies]\n", "a Cargo.toml"),
        ("models = 3\n", "models holds no tables"),
        ("[models]\n", "models holds no tables"),
        ("[[models]]\nname = 'x'\n", "a list of [[models]] with name"),
        ("schema_version = 1\n[models.x]\nurl = 'y'\n", "a table of models with url"),
        ("[server]\nport = 1\n", "settings in the tables server"),
    ],
)
def test_another_kind_of_file_is_one_fault(said: Said, told: Told, text: str, looks: str) -> None:
    assert said(text) == ["LM008"]
    assert looks in told(text, "LM008").message


def test_one_key_of_a_model_is_enough_for_a_manifest(said: Said) -> None:
    assert "LM008" not in said('[models."x@1.0.0"]\nfiles = []\n')
    assert "LM101" in said('[models."x@1.0.0"]\nfiles = []\n')


def test_a_broken_file_of_another_kind_is_told_of_its_syntax_only(said: Said) -> None:
    assert said("hello world\n") == ["LM001"]
