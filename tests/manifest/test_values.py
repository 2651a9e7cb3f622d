"""Texts that people type, and the values that they mean."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.fields import FIELDS, Field, Kind, field_of, format_value, human_bytes, parse_value

# What a TOML string can hold: all but surrogates.
TOML_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def field(table: str, key: str) -> Field:
    found = field_of(table, key)
    assert found is not None
    return found


SIZE = field("files", "size")
SHA256 = field("files", "sha256")
FPS = field("defaults", "fps")
SCALE = field("defaults", "guidance_scale")
BASE = field("vram_estimation", "base_vram_gb")
PER_FRAME = field("vram_estimation", "per_frame_vram_mb")
PARAMETERS = field("vram_estimation", "params_billion")
VARIANTS = field("model", "variants")
OPTIONAL = field("files", "optional")
PATH = field("files", "path")


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_come_back(value: int) -> None:
    assert parse_value(SIZE, format_value(SIZE, value)) == value
    assert parse_value(FPS, format_value(FPS, value)) == value


@given(st.floats())
def test_floats_come_back_to_the_last_bit(value: float) -> None:
    back = parse_value(SCALE, format_value(SCALE, value))
    assert isinstance(back, float)
    assert math.isnan(value) if math.isnan(back) else back == value


@given(st.lists(TOML_TEXT))
def test_lists_come_back(value: list[str]) -> None:
    assert parse_value(VARIANTS, format_value(VARIANTS, value)) == value


@given(st.text())
def test_strings_come_back(value: str) -> None:
    assert parse_value(PATH, format_value(PATH, value)) == value


@given(st.booleans())
def test_booleans_come_back(value: bool) -> None:
    assert parse_value(OPTIONAL, format_value(OPTIONAL, value)) is value


@pytest.mark.parametrize("each", FIELDS, ids=lambda each: f"{each.table}.{each.key}")
@given(text=st.text() | st.text("0123456789.,_-+eExXbBGMiI[]\"' "))
def test_any_text_is_a_value_of_the_kind_or_a_sentence(each: Field, text: str) -> None:
    kinds = {Kind.STRING: str, Kind.INTEGER: int, Kind.FLOAT: float, Kind.BOOLEAN: bool, Kind.STRINGS: list}
    value, sentence = None, "none"
    try:
        value = parse_value(each, text)
    except ValueError as error:
        sentence = str(error)
    assert type(value) is kinds[each.kind] if sentence == "none" else sentence.isprintable() and " " in sentence


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4.7 GiB", 5046586573),
        ("9.8 GB", 9_800_000_000),
        ("9.8gb", 9_800_000_000),
        (" 47 B ", 47),
        ("1 byte", 1),
        ("1_000", 1000),
        ("0x10", 16),
        ("0o17", 15),
        ("0b11", 3),
        ("+5", 5),
        ("-5", -5),
        ("1.5 kB", 1500),
        ("2 MiB", 2097152),
        # 2^53 + 1 bytes: a float would lose the last one.
        ("9007199254740.993 kB", 9007199254740993),
        ("8388608 TiB", None),
        ("1.5", None),
        ("1e9", None),
        ("", None),
        (".", None),
        ("GB", None),
        ("5 parsecs", None),
        ("1,000", None),
        ("1 000", None),
        ("007", None),
        ("1__0", None),
        ("0x", None),
        ("٣", None),
        ("9" * 30, None),
        ("9" * 5000, None),
        ("1e999 GB", None),
        ("nan", None),
        ("true", None),
    ],
)
def test_sizes_are_read_with_their_units(text: str, size: int | None) -> None:
    if size is None:
        with pytest.raises(ValueError, match=r"size|bytes|unit"):
            parse_value(SIZE, text)
    else:
        assert parse_value(SIZE, text) == size


def test_a_count_takes_no_unit_and_no_fraction() -> None:
    assert parse_value(FPS, "0x18") == 24
    for text in ("24 GB", "24.0", "a"):
        with pytest.raises(ValueError, match="fps is a whole number, in frames/s"):
            parse_value(FPS, text)


@pytest.mark.parametrize(
    ("each", "text", "value"),
    [
        (SCALE, "7", 7.0),
        (SCALE, "1e-3", 0.001),
        (SCALE, ".5", 0.5),
        (SCALE, "1_000.5", 1000.5),
        (SCALE, "-inf", -math.inf),
        (BASE, "26.5 GiB", 26.5),
        (BASE, "512 MiB", 0.5),
        (PER_FRAME, "470 MiB", 470.0),
        (PER_FRAME, "0.5 gib", 512.0),
        (PARAMETERS, "14B", 14.0),
        (PARAMETERS, "1300 M", 1.3),
    ],
)
def test_numbers_stay_floats(each: Field, text: str, value: float) -> None:
    found = parse_value(each, text)
    assert type(found) is float
    assert found == value


@pytest.mark.parametrize(
    ("each", "text"), [(SCALE, "7 GiB"), (BASE, "24 GB"), (BASE, "x"), (SCALE, ""), (SCALE, "0x10")]
)
def test_other_numbers_are_told(each: Field, text: str) -> None:
    with pytest.raises(ValueError, match="is a number"):
        parse_value(each, text)


@pytest.mark.parametrize(
    ("text", "digest"),
    [("sha256:AbC1", "AbC1"), ("SHA256: ab ", "ab"), (" ab\n", "ab"), ("md5:ab", "md5:ab")],
)
def test_a_digest_may_be_pasted_with_its_algorithm(text: str, digest: str) -> None:
    assert parse_value(SHA256, text) == digest


@pytest.mark.parametrize(("text", "value"), [("true", True), (" Yes ", True), ("FALSE", False), ("no", False)])
def test_truth(text: str, value: bool) -> None:
    assert parse_value(OPTIONAL, text) is value


@pytest.mark.parametrize("text", ["1", "", "maybe", "on"])
def test_no_truth(text: str) -> None:
    with pytest.raises(ValueError, match="optional is true or false"):
        parse_value(OPTIONAL, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fp16, bf16", ["fp16", "bf16"]),
        (" fp16 ,, bf16, ", ["fp16", "bf16"]),
        ("fp16\nbf16", ["fp16", "bf16"]),
        ("", []),
        ('["fp16", "bf16"]', ["fp16", "bf16"]),
        ('"a, b", "c"', ["a, b", "c"]),
        ("[]", []),
        ("[ # comment\n 'x' ]", ["x"]),
    ],
)
def test_lists(text: str, value: list[str]) -> None:
    assert parse_value(VARIANTS, text) == value


@pytest.mark.parametrize("text", ["[1]", "[", '["a"', '["a"]\nx = 1', "[" * 5000, "'a"])
def test_no_lists(text: str) -> None:
    with pytest.raises(ValueError, match="variants is a list of strings"):
        parse_value(VARIANTS, text)


@pytest.mark.parametrize("key", ["files", "sources", "defaults"])
def test_a_table_is_not_typed(key: str) -> None:
    with pytest.raises(ValueError, match="edit its keys"):
        parse_value(field("model", key), "{}")


@pytest.mark.parametrize(
    ("each", "value", "text"),
    [
        (SIZE, None, ""),
        (SIZE, "12", '"12"'),
        (SIZE, True, "true"),
        (PATH, "a/b", "a/b"),
        (VARIANTS, ["fp16", "bf16"], "fp16, bf16"),
        (VARIANTS, ["a, b"], '["a, b"]'),
        (SCALE, 7, "7"),
        (SCALE, 7.0, "7.0"),
    ],
)
def test_what_a_form_shows(each: Field, value: object, text: str) -> None:
    assert format_value(each, value) == text


def test_an_integer_beyond_what_python_writes_is_shown_all_the_same() -> None:
    assert format_value(SIZE, 10**5000).startswith("0x")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (47, "47 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (335544320, "336 MB"),
        (4294967296, "4.29 GB"),
        (8_590_000_000, "8.59 GB"),
        (94_500_000_000, "94.5 GB"),
        (999_499_999, "999 MB"),
        (999_500_000, "1.00 GB"),
        (-1500, "-1.50 kB"),
        (10**400, "over 999 EB"),
    ],
)
def test_sizes_for_people(size: int, text: str) -> None:
    assert human_bytes(size) == text


@given(st.integers(0, 10**20))
def test_sizes_for_people_are_within_half_a_digit(size: int) -> None:
    number, unit = human_bytes(size).split()
    factor = 1000 ** ("B", "kB", "MB", "GB", "TB", "PB", "EB").index(unit)
    assert float(number) * factor == pytest.approx(size, rel=0.005001)
    assert len(number.replace(".", "")) <= 3
