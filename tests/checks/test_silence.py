"""Comments that silence a rule, and those that silence nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.checks.config import CheckConfig
from loadmaster.checks.engine import check, findings
from loadmaster.checks.examples import GOOD, TWO_MODELS, but
from loadmaster.document.document import Document

if TYPE_CHECKING:
    from .conftest import Said, Told

ROUND = "size = 2147000000"
SIZE = "size = 2147511568"


def test_a_line_is_silenced_by_its_comment(said: Said) -> None:
    assert said(but(SIZE, ROUND)) == ["LM406"]
    assert said(but(SIZE, f"{ROUND}  # loadmaster: ignore[LM406]")) == []
    assert said(but(SIZE, f"{ROUND}  # estimated # loadmaster:ignore[LM406] for now")) == []


def test_several_codes_on_one_line(said: Said) -> None:
    line = "path = './config.bin'"
    assert sorted(said(but('path = "config.json"', line))) == ["LM310", "LM701"]
    assert said(but('path = "config.json"', f"{line} # loadmaster: ignore[LM701, LM310]")) == []


def test_another_code_or_line_silences_nothing(said: Said) -> None:
    assert said(but(SIZE, f"{ROUND}  # loadmaster: ignore[LM403]")) == ["LM406", "LM010"]
    assert said(but(SIZE, f"# loadmaster: ignore[LM406]\n{ROUND}")) == ["LM010", "LM406"]


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("# loadmaster: ignore[LM406]", "LM406 finds nothing on this line"),
        ("# loadmaster: ignore[LM999]", "there is no rule LM999"),
        ("# loadmaster: ignore", "names no rule"),
        ("# loadmaster: ignore[]", "names no rule"),
    ],
)
def test_a_silence_without_use_is_told_where_it_stands(told: Told, comment: str, words: str) -> None:
    text = but("size = 612", f"size = 612 {comment}")
    diagnostic = told(text, "LM010")
    assert words in diagnostic.message
    assert (diagnostic.place.line, diagnostic.place.column) == (13, 12)
    assert diagnostic.place.end_column == 12 + len(comment)


def test_rules_that_are_asked_elsewhere_are_not_called_unused(said: Said) -> None:
    assert said(but("size = 612", "size = 612 # loadmaster: ignore[LM802,LM903]")) == []


def test_what_looks_like_a_comment_in_a_string_is_none(said: Said) -> None:
    assert said(but('"Demo model"', '"see # loadmaster: ignore[LM406]"')) == []
    assert said(but('"Demo model"', '"""\nsee # loadmaster: ignore[LM406]\n"""')) == []
    lines = 'variants = [\n  "fp16", # loadmaster: ignore[LM604]\n  "bf16",\n  "turbo", # loadmaster: ignore[LM604]\n]'
    assert said(but('variants = ["fp16", "bf16"]', lines)) == ["LM010"]


def test_a_value_of_many_lines_is_silenced_at_its_first_and_last(said: Said) -> None:
    bad = "optional_components = 3"
    assert said(but("optional_components = []", f"{bad} # loadmaster: ignore[LM102]")) == []
    many = '"""\nDemo\\u200bmodel\n"""'
    assert said(but('"Demo model"', many)) == ["LM007"]
    assert said(but('"Demo model"', f"{many} # loadmaster: ignore[LM007]")) == []
    patterns = 'resolution_caps = [\n  "x",\n  "y", # loadmaster: ignore[LM214]\n]'
    assert said(but("optional_components = []", patterns)) == ["LM214"]


def test_a_whole_file_is_silenced_on_its_first_lines(said: Said) -> None:
    text = GOOD.replace("@0123456789abcdef0123456789abcdef01234567", "")
    assert said(text) == ["LM503"]
    assert said(f"# ours\n# loadmaster: ignore-file[LM503]\n\n{text}") == []
    assert said(f"# loadmaster: ignore-file[LM503]\n{GOOD}") == ["LM010"]


def test_a_file_silence_that_touches_the_first_header_counts(said: Said) -> None:
    text = but("schema_version = 1\n\n", "# loadmaster: ignore-file[LM106]\n")
    assert said(text) == []


def test_faults_of_the_text_and_across_models_can_be_silenced(said: Said) -> None:
    shared = TWO_MODELS.replace('"hf://acme/demo-1b@', '"local://x", "hf://acme/demo-1b@')
    shared = shared.replace('"hf://acme/demo-2b@', '"local://x", "hf://acme/demo-2b@')
    assert said(shared) == ["LM505"]
    assert said(shared.replace('4567"]\n', '4567"] # loadmaster: ignore[LM505]\n')) == ["LM010"]
    assert said(f"# loadmaster: ignore-file[LM505]\n{shared}") == []
    again = GOOD + '\n[models."demo-1b@1.0.0"] # loadmaster: ignore[LM003]\nlora_required = false\n'
    assert said(again) == []


def test_a_secret_in_a_comment_can_be_silenced(said: Said) -> None:
    token = "hf_" + "aB3" * 12
    assert said(f"# {token}\n{GOOD}") == ["LM504"]
    assert said(f"# {token} # loadmaster: ignore[LM504]\n{GOOD}") == []


def test_models_written_inline_can_be_silenced(said: Said) -> None:
    line = (
        'models = { "a@1.0.0" = { variants = ["fp16"], default_variant = "fp16", files = [{ path = "a.json", size = 5,'
        ' sha256 = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a" }],'
        ' sources = { priority = ["hf://a/b"] } } }'
    )
    assert said(f"schema_version = 1\n{line}\n") == ["LM503"]
    assert said(f"schema_version = 1\n{line} # loadmaster: ignore[LM503]\n") == []


def test_a_rule_that_is_not_asked_makes_no_silence_unused() -> None:
    text = but("size = 612", "size = 612 # loadmaster: ignore[LM406]")
    assert list(findings(Document.from_text(text), CheckConfig(select=("LM010", "LM5")))) == []
    assert [one.code for one in check(Document.from_text(text), CheckConfig(ignore=("LM3",)))] == ["LM010"]
    assert list(findings(Document.from_text(text), CheckConfig(models=("other-*",)))) == []


def test_the_silence_of_silences() -> None:
    text = "# loadmaster: ignore-file[LM010]\n" + but("size = 612", "size = 612 # loadmaster: ignore[LM406]")
    assert [one.code for one in check(Document.from_text(text))] == []


INLINE = """\
schema_version = 1
[models."a@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"
sources = { priority = ["local://a"] }
files = [{ path = "y.json", size = 3 }]
"""


def test_what_is_missing_in_braces_is_told_and_silenced_on_their_line() -> None:
    [missing] = check(Document.from_text(INLINE))
    assert (missing.code, missing.place.line, missing.place.column) == ("LM101", 6, 10)
    silenced = INLINE.replace("3 }]", "3 }]  # loadmaster: ignore[LM101]")
    assert check(Document.from_text(silenced)) == []


@pytest.mark.parametrize("end", ["]", "] # loadmaster: ignore[LM006]", "] # loadmaster: ignore[LM006,LM503]"])
def test_the_last_line_without_a_newline_can_be_silenced(said: Said, end: str) -> None:
    """LM006 is a finding of the file, and stands on a line of a model."""
    expected = {0: ["LM006"], 1: [], 2: ["LM010"]}[end.count("LM")]
    assert said(GOOD.removesuffix("]\n") + end) == expected


def test_the_line_that_ends_otherwise_can_be_silenced(said: Said) -> None:
    assert said(but("size = 612\n", "size = 612\r\n")) == ["LM005"]
    assert said(but("size = 612\n", "size = 612 # loadmaster: ignore[LM005]\r\n")) == []
    assert said(but("size = 612\n", "size = 612 # loadmaster: ignore[LM005]\n")) == ["LM010"]
    lone = GOOD.replace("\n", "\r\n").replace("size = 612\r\n", "size = 612 # loadmaster: ignore[LM005]\n")
    assert said(lone) == []


@pytest.mark.parametrize(
    ("codes", "expected"),
    [("LM406, LM010", []), ("LM010, LM406", []), ("LM010", ["LM010"]), ("LM406] # loadmaster: ignore[LM010", [])],
)
def test_a_silence_that_is_kept_on_purpose(said: Said, codes: str, expected: list[str]) -> None:
    assert said(but("size = 612", f"size = 612 # loadmaster: ignore[{codes}]")) == expected
    assert said(but("schema_version = 1", f"schema_version = 1 # loadmaster: ignore[{codes}]")) == expected


@pytest.mark.parametrize("above", ["schema_version = 1", 'version = "1.0.0"'])
def test_a_silence_of_the_file_below_its_top_is_told(said: Said, told: Told, above: str) -> None:
    unpinned = GOOD.replace("@0123456789abcdef0123456789abcdef01234567", "")
    for code in ("LM503", "LM801", "LM999"):
        text = unpinned.replace(above, f"{above}\n# loadmaster: ignore-file[{code}]")
        assert sorted(said(text)) == ["LM010", "LM503"]
        assert "only above the first key" in told(text, "LM010").message
        assert said(f"# loadmaster: ignore-file[LM010]\n{text}") == ["LM503"]


def test_a_silence_of_the_file_without_a_rule_is_told_as_such(told: Told) -> None:
    assert "# loadmaster: ignore-file[LM403]" in told(f"# loadmaster: ignore-file\n{GOOD}", "LM010").message
