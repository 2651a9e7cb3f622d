"""LM007: characters that nobody sees, in keys and strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import Path
from loadmaster.checks.wording import plain

INVISIBLE = define(
    Rule(
        "LM007",
        "invisible-characters",
        Severity.WARNING,
        "A key or string holds bidirectional, zero-width or control characters.",
        "What is read is not what is seen: a path looks right and names another file, a line is shown in another"
        " order.",
        "Type the value anew. Line breaks, tabs, and the joiners of scripts and emoji that need them are left alone.",
        bad=but('"Demo model"', '"Demo\\u200bmodel"'),
        good=GOOD,
    )
)

_NAMES = {
    "\u00ad": "a soft hyphen",
    "\u200b": "a zero-width space",
    "\u200c": "a zero-width non-joiner",
    "\u200d": "a zero-width joiner",
    "\u2060": "a word joiner",
    "\ufeff": "a byte-order mark",
}
_CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BIDIRECTIONAL = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Joiners between two characters of a script that needs them, or in an emoji, are seen for what they do.
_JOINER = r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
_SEEN_BY_NOBODY = re.compile(rf"[{_CONTROL}{_BIDIRECTIONAL}\u00ad\u180e\u200b\u2060-\u2064\ufeff]|{_JOINER}")


def first_invisible(text: str) -> str | None:
    """What the first such character of `text` is, in words; None where there is none."""
    if text.isprintable():
        return None
    match = _SEEN_BY_NOBODY.search(text)
    if match is None:
        return None
    character = match.group()
    code = f"U+{ord(character):04X}"
    if character in _NAMES:
        return f"{_NAMES[character]} ({code})"
    kind = "a control character" if character < "\u00ad" else "a character that turns the direction of writing"
    return f"{kind} ({code})"


def walk_invisible(value: Any, path: Path = ()) -> Iterator[tuple[Path, bool, str]]:
    """The path of each key or string below `value` that holds one, whether it is a key, and a sentence."""
    if isinstance(value, str):
        what = first_invisible(value)
        if what:
            name = path[-1] if path and isinstance(path[-1], str) else "the text"
            yield path, False, f"{plain(str(name))} holds {what}: {plain(value, 60)}"
    elif isinstance(value, dict):
        for key, item in value.items():
            if not key.isprintable():
                what = first_invisible(key)
                if what:
                    yield (*path, key), True, f"the key {plain(key, 60)} holds {what}"
            if type(item) is not int and type(item) is not bool and (type(item) is not str or not item.isprintable()):
                yield from walk_invisible(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if not isinstance(item, str) or not item.isprintable():
                yield from walk_invisible(item, (*path, index))
