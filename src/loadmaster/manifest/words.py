"""How values and key paths of a manifest are put into messages: short, in one line, with nothing invisible."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from functools import lru_cache

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
# Below this likeness a suggestion misleads: `revision` is at 0.67 to `version` and means something else.
_LIKENESS = 0.75


def visible(text: str) -> str:
    """A text with every control, bidirectional and other invisible character as an escape."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def quoted(text: str, longest: int = 80) -> str:
    """A text in double quotes, with escapes; what is longer than `longest` characters gives up its middle."""
    if len(text) > longest:
        kept = longest // 2
        text = f"{text[:kept]}…{text[-kept:]}"
    return '"' + visible(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def path_text(path: Iterable[str | int]) -> str:
    """A key path as it is written: `models."t2v-A14B@2.2.0".files[2].size`; the whole file is `(file)`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE.match(part) else quoted(part, 200))
    return text or "(file)"


def shown(value: object) -> str:
    """A value in a few words: `"fp16"`, `12`, `true`, `a list of 3`, `a table`; None is `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int):
        # Python writes no integer of more than 4,300 digits, and nobody reads one of 60.
        return str(value) if value.bit_length() < 200 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "a table" if value else "an empty table"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


def described(value: object) -> str:
    """A value with its type before it: `the string "7"`, `the boolean true`, `a table`."""
    for kind, word in _TYPE_WORDS:
        if isinstance(value, kind):
            return (
                f"the {word} {shown(value)}" if not isinstance(value, int) or value.bit_length() < 200 else shown(value)
            )
    return shown(value)


# A boolean is an integer and a date-time a date in Python: the narrower stands first.
_TYPE_WORDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (str, "string"),
    (int, "integer"),
    (float, "number"),
    (datetime.datetime, "date and time"),
    (datetime.date, "date"),
    (datetime.time, "time"),
)


def plural(number: int, word: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is most like `word`, or None where none is like it."""
    return _nearest(word, tuple(names))


@lru_cache(maxsize=1024)
def _nearest(word: str, names: tuple[str, ...]) -> str | None:
    plain = _plain(word)
    for name in names:
        if _plain(name) == plain:
            return name
    for name in names:
        if _is_swapped(_plain(name), plain):
            return name
    # Loaded only where something is amiss: a healthy file does not pay for it.
    from difflib import get_close_matches

    # Likeness is quadratic in length; a name of the format is never that long.
    matches = get_close_matches(word[:200], names, n=1, cutoff=_LIKENESS)
    return matches[0] if matches else None


def _is_swapped(name: str, other: str) -> bool:
    """Whether two neighbouring letters changed places: in a short name that looks less alike than it is."""
    if len(name) != len(other):
        return False
    unlike = [at for at in range(len(name)) if name[at] != other[at]]
    first, last = (unlike[0], unlike[-1]) if unlike else (0, 0)
    return len(unlike) == 2 and last == first + 1 and name[first] == other[last] and name[last] == other[first]


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _escape(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def age(seconds: float) -> str:
    """`3 minutes ago`; `just now` for less than a minute, or for what a clock put into the future."""
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number:,} {word}{'s' if number > 1 else ''} ago"
    return "just now"
