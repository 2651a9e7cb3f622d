"""The same edits on plain data, and how two readings are compared: what an edit of the text is checked against."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

from loadmaster.document.limits import MAX_DIGITS, MAX_NESTING
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused

_SCALARS = (str, int, float, bool, datetime.datetime, datetime.date, datetime.time)
_GONE = object()
_TOO_LARGE = 10**MAX_DIGITS


def same(left: Any, right: Any) -> bool:
    """Whether two values say the same, by type too: `true` is not `1`, `1` is not `1.0`, `nan` is `nan`."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, float):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    if isinstance(left, (datetime.datetime, datetime.time)):
        return bool(left == right) and left.isoformat() == right.isoformat()
    return bool(left == right)


def check_value(value: Any) -> Any:
    """`value` as plain TOML data: lists for tuples, dicts for mappings. Raises EditRefused for what TOML cannot say."""
    return _checked(value, 0)


def _checked(value: Any, depth: int) -> Any:
    if isinstance(value, _SCALARS):
        if isinstance(value, str):
            require_text(value)
        elif isinstance(value, int) and abs(value) >= _TOO_LARGE:
            raise EditRefused(f"A number of more than {MAX_DIGITS:,} digits cannot be read again.")
        return value
    if depth >= MAX_NESTING:
        raise EditRefused(f"Values nested more than {MAX_NESTING} deep cannot be read again.")
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise EditRefused(f"A key must be text, not {key!r}.")
            require_text(key)
        return {key: _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_checked(item, depth + 1) for item in value]
    raise EditRefused(f"TOML has no value for {type(value).__name__}.")


def require_text(text: str) -> None:
    """Raise EditRefused for a string that UTF-8 cannot write, such as an argument whose bytes were none."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise EditRefused("TOML cannot hold a lone surrogate.")


def _changed(value: Any, path: KeyPath, change: Any) -> Any:
    """`value` with `change` applied to what stands at `path`; only the containers on the way are new."""
    if not path:
        return change(value)
    name = path[0]
    if isinstance(name, str):
        table = dict(value) if isinstance(value, dict) else {}
        inner = _changed(table.get(name, _GONE), path[1:], change)
        if inner is _GONE:
            table.pop(name, None)
        else:
            table[name] = inner
        return table
    if not isinstance(value, list) or not 0 <= name < len(value):
        raise EditRefused(f"There is no item {name} here.")
    items = list(value)
    inner = _changed(items[name], path[1:], change)
    if inner is _GONE:
        del items[name]
    else:
        items[name] = inner
    return items


def with_value(data: dict[str, Any], path: KeyPath, value: Any) -> Any:
    """`data` with `value` at `path`."""
    return _changed(data, path, lambda _: value)


def without(data: dict[str, Any], path: KeyPath) -> Any:
    """`data` with nothing at `path`."""
    return _changed(data, path, lambda _: _GONE)


def with_item(data: dict[str, Any], path: KeyPath, index: int, value: Any) -> Any:
    """`data` with `value` put into the list at `path`, before the item at `index`."""

    def insert(items: Any) -> Any:
        items = [] if items is _GONE else items
        return [*items[:index], value, *items[index:]]

    return _changed(data, path, insert)


def moved(items: list[Any], index: int, to: int) -> list[Any]:
    """`items` with the one at `index` at `to` instead."""
    rest = items[:index] + items[index + 1 :]
    return [*rest[:to], items[index], *rest[to:]]
