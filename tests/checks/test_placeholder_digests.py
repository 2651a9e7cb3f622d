"""LM403: what is taken for invented, and what never is."""

from __future__ import annotations

import hashlib
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.checks import placeholder_digests
from loadmaster.checks.placeholder_digests import (
    TABLE_FILE,
    any_counting,
    make_table,
    placeholder_sign,
    trivial_texts,
)

GENUINE = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def test_table_in_the_package_is_the_one_that_is_made() -> None:
    assert Path(placeholder_digests.__file__).with_name(TABLE_FILE).read_bytes() == make_table()


def test_every_trivial_text_is_known_with_its_length() -> None:
    for text in trivial_texts():
        sign = placeholder_sign(_digest(text))
        assert sign is not None
        assert sign.length == len(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"1", 'is that of the text "1"'),
        (b"9999\n", 'is that of the text "9999" and a newline'),
        (b"~", 'is that of the text "~"'),
        (b"foobar", 'is that of the text "foobar"'),
        (b"TEST", 'is that of the text "TEST"'),
        (b"Placeholder\n", 'is that of the text "Placeholder" and a newline'),
        (b"{}", 'is that of the text "{}"'),
        (bytes(1), "is that of 1 zero byte"),
        (bytes(2**20), "is that of 1048576 zero bytes"),
    ],
)
def test_the_text_is_named(text: bytes, words: str) -> None:
    sign = placeholder_sign(_digest(text))
    assert sign is not None
    assert sign.words == words


def test_a_digest_that_begins_like_a_trivial_one_is_known() -> None:
    for text in (b"2", b"foo"):
        sign = placeholder_sign(_digest(text)[:16] + GENUINE[16:])
        assert sign is not None
        assert sign.length is None
    assert placeholder_sign(_digest(b"2")[:15] + GENUINE[15:]) is None


@pytest.mark.parametrize("digits", ["0", "01", "abcdef", "0123ab"])
def test_few_different_digits_are_told(digits: str) -> None:
    assert placeholder_sign((digits * 64)[:64]) is not None


def test_seven_different_digits_are_not() -> None:
    shuffled = random.Random(7)
    assert placeholder_sign("".join(shuffled.choice("0123456") for _ in range(64))) is None


@pytest.mark.parametrize(
    "digest",
    [
        "0123456789abcdef" * 4,
        "fedcba9876543210" * 4,
        "0123456789" * 6 + "0123",
        "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b",
        "9f8e7d6c5b4a3f2e1d0c9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e3d2c1b0a9f8e",
        "bd4f21a52ad4f9f04f4b6bf4d19c4a2c6a9c2b7c8e1f3d4e5f6a7b8c9d0e1f2a",
        "0159126a237b348c459d56ae67bf78c0" + "7f3e9c1b5d8240697f3e9c1b5d824069",
    ],
)
def test_counting_is_told(digest: str) -> None:
    assert any_counting(digest)
    assert placeholder_sign(digest) is not None


def _counts_slowly(digest: str) -> bool:
    """The sign as it is written down, step by step."""
    values = [int(digit, 16) for digit in digest]

    def in_cycle(first: int, second: int) -> int | None:
        if (first < 10) != (second < 10):
            return None
        size = 10 if first < 10 else 6
        step = (second - first) % size
        return step - size if step > size // 2 else step

    for distance in (1, 2, 4):
        pairs = list(zip(values, values[distance:], strict=False))
        for steps in ([(b - a) % 16 for a, b in pairs], [in_cycle(a, b) for a, b in pairs]):
            run = 1
            for before, step in pairwise(steps):
                run = run + 1 if step is not None and step == before else 1
                if run >= 12:
                    return True
    return False


@given(st.integers(0, 2**256 - 1), st.data())
def test_counting_is_what_is_written_down(number: int, data: st.DataObject) -> None:
    digits = list(f"{number:064x}")
    distance = data.draw(st.sampled_from([1, 2, 4]))
    start = data.draw(st.integers(0, 20))
    step = data.draw(st.integers(-3, 3))
    value = data.draw(st.integers(0, 15))
    for at in range(start, min(64, start + distance * data.draw(st.integers(8, 16))), distance):
        digits[at] = f"{value:x}"
        low, size = (0, 10) if value < 10 else (10, 6)
        value = low + (value - low + step) % size if data.draw(st.booleans()) else (value + step) % 16
    digest = "".join(digits)
    assert any_counting(digest) == _counts_slowly(digest)


def test_a_pattern_is_found_in_any_of_many_digests() -> None:
    source = random.Random(5)
    genuine = [f"{source.getrandbits(256):064x}" for _ in range(40)]
    assert not any_counting("".join(genuine))
    assert any_counting("".join([*genuine[:20], "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d" * 2, *genuine[20:]]))


def test_what_is_no_digest_is_no_trouble() -> None:
    assert not any_counting("")
    assert not any_counting("TBD – später")
    assert not any_counting("0123456789a")


def test_none_of_a_hundred_thousand_random_digests_is_flagged() -> None:
    source = random.Random(20)
    flagged = [d for d in (f"{source.getrandbits(256):064x}" for _ in range(100_000)) if placeholder_sign(d)]
    assert flagged == []


def test_genuine_digests_are_not_flagged(shared: Path) -> None:
    import tomllib

    data = tomllib.loads((shared / "manifests" / "wan-real-values.toml").read_text(encoding="utf-8"))
    digests = [file["sha256"] for model in data["models"].values() for file in model["files"]]
    assert len(digests) > 15
    assert [digest for digest in digests if placeholder_sign(digest)] == []
