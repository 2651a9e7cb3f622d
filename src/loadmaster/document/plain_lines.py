"""The quick way to read a table: lines of `key = value` with plain strings, numbers, booleans, and lists of strings.

Nearly every table of a manifest is of this kind, and reading it so takes a fifth of `tomllib`'s time. Whatever is not
plain to see here (escapes, dotted keys, dates, a key that comes twice, a fault) is left to `tomllib`.
"""

from __future__ import annotations

import re
from typing import Any

_STRING = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]*+)"(?!")'
_COMMENT = r"[ \t]*+(?:\#[^\x00-\x08\x0a-\x1f\x7f]*+)?"
_SPACE = r"(?:[ \t\n]|\r\n)*+"
_EMPTY_LINES = rf"(?:{_COMMENT}\r?\n)*+"
_PAIR = re.compile(
    rf"{_EMPTY_LINES}[ \t]*+([A-Za-z0-9_-]++)[ \t]*+=[ \t]*+"
    rf"(?:({_STRING})|((?:0|[1-9][0-9]{{0,17}})(?:\.[0-9]{{1,18}})?)|(true|false)"
    rf"|\[({_SPACE}(?:{_STRING}{_SPACE}(?:,{_SPACE}{_STRING}{_SPACE})*+(?:,{_SPACE})?)?)\])"
    rf"{_COMMENT}(?:\r?\n|\Z)"
)
_REST = re.compile(rf"{_EMPTY_LINES}{_COMMENT}\Z")
_ITEM = re.compile(r'"([^"]*)"')


def read_plain(text: str) -> dict[str, Any] | None:
    """What a table's text without its header says, as `tomllib` would; None where it is not plain."""
    data: dict[str, Any] = {}
    at = 0
    while match := _PAIR.match(text, at):
        key, string, number, truth, items = match.groups()
        if key in data:
            return None
        if string is not None:
            data[key] = string[1:-1]
        elif number is not None:
            data[key] = float(number) if "." in number else int(number)
        elif truth is not None:
            data[key] = truth == "true"
        else:
            data[key] = _ITEM.findall(items)
        at = match.end()
    return data if _REST.match(text, at) else None
