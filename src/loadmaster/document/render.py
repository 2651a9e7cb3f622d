"""Values and keys as TOML, written as their neighbours are."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

import tomlkit

_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")
_NO_LITERAL = re.compile(r"['\x00-\x08\x0a-\x1f\x7f]")
_NO_LONG = re.compile(r'[\x00-\x08\x0b-\x1f\x7f\\]|"""|"\Z')
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:_\d{3})+\Z")
_PREFIXED = re.compile(r"0([xob])")


@dataclass(frozen=True, slots=True)
class Style:
    """How the neighbours are written.

    `pad` stands inside the braces of an inline table, `separator` between its pairs and between the items of an
    array, `equals` around the equals sign of a pair inside braces; `literal` asks for '…' where that can be.
    """

    pad: str = " "
    separator: str = ", "
    equals: str = " = "
    literal: bool = False
    newline: str = "\n"


def scalar(value: Any, like: str = "", style: Style = Style()) -> str:
    """A string, number, boolean or date as TOML, in the manner of `like`, the text that stood there before."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return _integer(value, like)
    if isinstance(value, str):
        return _string(value, like, style)
    if isinstance(value, (datetime.datetime, datetime.time)):
        return value.isoformat().replace("+00:00", "Z" if like.endswith(("Z", "z")) or not like else "+00:00")
    return str(tomlkit.item(value).as_string())


def _integer(value: int, like: str) -> str:
    base = _PREFIXED.match(like)
    if base and value >= 0:
        return f"{value:#{'X' if base.group(1) == 'x' and like.upper() == like else base.group(1)}}".replace("0X", "0x")
    if _GROUPED.match(like):
        return f"{value:_}"
    return str(value)


def _string(value: str, like: str, style: Style) -> str:
    if like.startswith(('"""', "'''")) and "\n" in value and not _NO_LONG.search(value.replace("\n", "")):
        return f'"""{style.newline}{value}"""'.replace("\r\n", "\n").replace("\n", style.newline)
    literal = like.startswith("'") if like[:1] in {"'", '"'} else style.literal
    if literal and not _NO_LITERAL.search(value):
        return f"'{value}'"
    return str(tomlkit.string(value).as_string())


def key(name: str, like: str = '"') -> str:
    """A key as TOML: bare where it can be, else quoted in the manner of `like`."""
    return name if _BARE.match(name) else quoted(name, like)


def quoted(name: str, like: str = '"') -> str:
    """A key in quotes, '…' where `like` is so and the name allows it."""
    if like.startswith("'") and not _NO_LITERAL.search(name):
        return f"'{name}'"
    return str(tomlkit.string(name).as_string())


def part(name: str, like: str) -> str:
    """A key that takes the place of `like`: quoted as that one was, quoted too where a bare one cannot hold it."""
    return quoted(name, like) if like[:1] in {"'", '"'} else key(name)


def value(data: Any, style: Style = Style(), like: str = "") -> str:
    """Any value on one line: arrays and inline tables in `style`."""
    if isinstance(data, dict):
        if not data:
            return "{}"
        pairs = style.separator.join(f"{key(name)}{style.equals}{value(item, style)}" for name, item in data.items())
        return f"{{{style.pad}{pairs}{style.pad}}}"
    if isinstance(data, list):
        return f"[{style.separator.join(value(item, style) for item in data)}]"
    return scalar(data, like, style)
