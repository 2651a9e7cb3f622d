"""LM403: is a digest invented? Four signs, told from the digest alone.

1. It is the digest of a trivial text: a small number, one character, a common word, a run of zero bytes.
2. Its first sixteen digits are those of such a digest, the rest is not.
3. It has at most six different digits.
4. It counts: at a distance of 1, 2 or 4 digits, twelve equal steps in a row.

The digests of the trivial texts are looked up in `placeholder_digests.bin`, which `make_table` writes: hashing some
twenty thousand texts at each start would cost more than the rest of a check of a small manifest.
"""

from __future__ import annotations

import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

TABLE_FILE = "placeholder_digests.bin"
# fmt: off
WORDS = (
    "test", "foo", "bar", "baz", "qux", "foobar", "hello", "world", "password", "admin", "root", "user", "guest",
    "abc", "abcd", "abcdef", "abc123", "qwerty", "letmein", "secret", "changeme", "placeholder", "dummy", "sample",
    "example", "demo", "data", "model", "models", "config", "weights", "checksum", "hash", "sha256", "digest", "file",
    "todo", "tbd", "fixme", "xxx", "null", "none", "nil", "undefined", "unknown", "default", "empty", "string",
    "value", "true", "false", "12345", "123456", "1234567", "12345678", "123456789", "1234567890", "0123456789",
)
# fmt: on
"""Words that people hash in place of a file."""
PHRASES = ("hello world", "Hello, World!", "hello, world", "lorem ipsum", "{}", "[]")
ZERO_RUNS = (1, 16, 32, 64, 512, 1024, 4096, 2**20)
"""Lengths in bytes."""
_NUMBERS = 10_000
_FEWEST_DIGITS = 6
_RUN = 12
_PREFIX = 16


class Sign(NamedTuple):
    """Why a digest is taken for invented; `length` is that of the text, in bytes, where the text is known."""

    words: str
    length: int | None = None


@lru_cache(maxsize=1)
def _short_texts() -> tuple[str, ...]:
    texts = [chr(code) for code in range(0x20, 0x7F)]
    for word in (*WORDS, *PHRASES):
        texts += (word.lower(), word.upper(), word.capitalize(), word)
    return tuple(dict.fromkeys(texts))


def trivial_texts() -> Iterator[bytes]:
    """The trivial texts in a fixed order, each one with a final newline after itself; runs of zero bytes last."""
    for number in range(_NUMBERS):
        yield b"%d" % number
        yield b"%d\n" % number
    for text in _short_texts():
        yield text.encode()
        yield text.encode() + b"\n"
    for length in ZERO_RUNS:
        yield bytes(length)


def _text_at(index: int) -> bytes:
    """The trivial text of an index, without making the others."""
    if index < 2 * _NUMBERS:
        return b"%d\n" % (index // 2) if index % 2 else b"%d" % (index // 2)
    index -= 2 * _NUMBERS
    short = _short_texts()
    if index < 2 * len(short):
        return short[index // 2].encode() + (b"\n" if index % 2 else b"")
    return bytes(ZERO_RUNS[index - 2 * len(short)])


def _digest(text: bytes) -> str:
    # Its library takes some milliseconds to load, and a manifest without such digests never needs it.
    from hashlib import sha256

    return sha256(text).hexdigest()


def make_table() -> bytes:
    """The table: the first four bytes of each digest, sorted, then the index of the text of each (both little-endian).

    Four bytes tell nearly all digests from the trivial ones; where they agree, the text is hashed and compared.
    """
    entries = sorted((int(_digest(text)[:8], 16), index) for index, text in enumerate(trivial_texts()))
    starts = array("I", (start for start, _ in entries))
    indices = array("H", (index for _, index in entries))
    if sys.byteorder == "big":
        starts.byteswap()
        indices.byteswap()
    return starts.tobytes() + indices.tobytes()


@lru_cache(maxsize=1)
def _table() -> tuple[array[int], array[int]]:
    # The loader reads the file also where the package is in an archive; `pkgutil` would, and costs 2 ms to load.
    loader: Any = globals()["__loader__"]
    raw: bytes = loader.get_data(os.path.join(os.path.dirname(__file__), TABLE_FILE))
    size = len(raw) // 6
    starts, indices = array("I"), array("H")
    starts.frombytes(raw[: 4 * size])
    indices.frombytes(raw[4 * size :])
    if sys.byteorder == "big":
        starts.byteswap()
        indices.byteswap()
    return starts, indices


def _trivial(digest: str) -> tuple[str, bytes] | None:
    """The trivial text whose digest has the same first sixteen digits, and that digest."""
    starts, indices = _table()
    start = int(digest[:8], 16)
    at = bisect_left(starts, start)
    while at < len(starts) and starts[at] == start:
        text = _text_at(indices[at])
        known = _digest(text)
        if known[:_PREFIX] == digest[:_PREFIX]:
            return known, text
        at += 1
    return None


def _told(text: bytes) -> str:
    if not text.strip(b"\0"):
        return f"{len(text)} zero byte{'' if len(text) == 1 else 's'}"
    words = text.decode()
    return f'the text "{words}"' if not words.endswith("\n") else f'the text "{words[:-1]}" and a newline'


# Steps between two digits, by their pair (high half: the first). Equal steps get equal codes: modulo 16 by the step,
# and in the cycles 0-9 and a-f by the signed step. A pair across the cycles is no step: `_NO_STEP`.
_NO_STEP = 64
_DIGITS = bytes(range(16))
_VALUES = bytes.maketrans(b"0123456789abcdef", _DIGITS)
_MODULO = bytes((second - first) % 16 for first in range(16) for second in range(16))


def _cycle_step(first: int, second: int) -> int:
    if (first < 10) != (second < 10):
        return _NO_STEP
    size = 10 if first < 10 else 6
    step = (second - first) % size
    # One down is one down in both cycles, though it is nine up in one and five up in the other.
    return 16 + (step - size if step > size // 2 else step)


_CYCLES = bytes(_cycle_step(first, second) for first in range(16) for second in range(16))
_NO_STEP_BYTE = bytes((_NO_STEP,))
_EQUAL_RUN = bytes(_RUN - 1)


def any_counting(digits: str) -> bool:
    """Whether a counting pattern lies anywhere in a text of hexadecimal digits, as long as it may be."""
    values = digits.lower().encode("ascii", "replace").translate(_VALUES)
    if values.translate(None, _DIGITS):
        # Not digits alone: such a text is told by LM401, and counts as zeros here.
        values = bytes(value if value < 16 else 0 for value in values)
    # All pairs at a distance are made at once, in one large number with a byte for each.
    whole = int.from_bytes(values, "big")
    for distance in (1, 2, 4):
        size = len(values) - distance
        if size < _RUN:
            return False
        following = whole & ((1 << 8 * size) - 1)
        pairs = (int.from_bytes(values[:size], "big") << 4 | following).to_bytes(size, "big")
        if _has_run(pairs.translate(_MODULO)) or _has_run(pairs.translate(_CYCLES)):
            return True
    return False


def _has_run(steps: bytes) -> bool:
    """Whether twelve equal steps stand in a row: eleven zeros where each is compared with the next."""
    size = len(steps) - 1
    number = int.from_bytes(steps, "big")
    differences = number ^ (number >> 8)
    no_steps = number & int.from_bytes(_NO_STEP_BYTE * size, "big")
    low = (1 << 8 * size) - 1
    return _EQUAL_RUN in ((differences & low) | no_steps).to_bytes(size, "big")


def placeholder_sign(digest: str, *, counting: bool = True) -> Sign | None:
    """Why `digest` (64 digits in lower case) is taken for invented; None for one that may be true.

    `counting=False` where `any_counting` was asked of a longer text around it and found nothing.
    """
    known = _trivial(digest)
    if known is not None:
        same, text = known
        if same == digest:
            return Sign(f"is that of {_told(text)}", len(text))
        return Sign(f"begins like that of {_told(text)} and goes on differently")
    # The first quarter of a digest nearly always has more different digits than six; the whole is looked at where not.
    different = len(set(digest)) if len(set(digest[:16])) <= _FEWEST_DIGITS else _FEWEST_DIGITS + 1
    if different <= _FEWEST_DIGITS:
        return Sign(f"has only {different} different digit{'' if different == 1 else 's'}")
    if counting and any_counting(digest):
        return Sign("counts: it was typed by hand")
    return None


if __name__ == "__main__":
    from pathlib import Path

    Path(__file__).with_name(TABLE_FILE).write_bytes(make_table())
