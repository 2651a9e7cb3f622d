"""How values of a manifest stand in a message: short, visible, with secrets cut."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from loadmaster.checks.secret_text import without_secrets
from loadmaster.manifest import words

LONGEST_VALUE = 100
"""Characters of a value that a message shows."""


@lru_cache(maxsize=4096)  # many models have files of the same names
def plain(text: str, limit: int = LONGEST_VALUE) -> str:
    """`text` as it stands in a message: the unseen as escapes, secrets cut, a long text without its middle."""
    text = without_secrets(text)
    if len(text) > limit:
        tail = limit // 2
        text = f"{text[: limit - tail - 1]}…{text[-tail:]}"
    return words.visible(text)


def quoted(text: str, limit: int = LONGEST_VALUE) -> str:
    """`text` between quotes."""
    return words.quoted(without_secrets(text), limit)


def shown(value: object) -> str:
    """Any value of a manifest, as short as it can be told."""
    return quoted(value, 40) if isinstance(value, str) else words.shown(value)


def described(value: object) -> str:
    """A value with its type before it: `the string "24"`, `a list of 3`."""
    return f"the string {quoted(value, 40)}" if isinstance(value, str) else words.described(value)


def listed(items: Sequence[str], limit: int = 6) -> str:
    """`a, b, c`, and how many more there are beyond `limit`."""
    if len(items) <= limit + 1:
        return ", ".join(items)
    return f"{', '.join(items[:limit])} and {len(items) - limit} more"
