"""The same edits on plain data, and how two readings are compared: what an edit of the text is checked against."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any

from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused

_SCALARS = (str, int, float, bool, datetime.datetime, datetime.date, datetime.time)
_GONE = object()


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
    if isinstance(value, _SCALARS):
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            raise EditRefused("TOML cannot hold a lone surrogate.")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise EditRefused(f"A key must be text, not {key!r}.")
        return {key: check_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [check_value(item) for item in value]
    raise EditRefused(f"TOML has no value for {type(value).__name__}.")


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
