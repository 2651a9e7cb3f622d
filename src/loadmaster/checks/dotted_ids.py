"""Ids that fell into nested tables for want of quotes: one judgement, for the check and for the registry."""

from __future__ import annotations

from typing import Any

from loadmaster.manifest.fields import fields_of

_FIELDS = frozenset(field.key for field in fields_of("model"))
_SUB_TABLES = frozenset({"files", "sources", "defaults", "vram_estimation"})
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_DEEPEST = 20


def dotted_ids(model_id: str, data: Any, deepest: int = _DEEPEST) -> list[tuple[str, ...]]:
    """The names that each unquoted id fell into that begins with `model_id`: `("qwen2", "5-72b")`.

    A dot was meant as part of the id where nothing but tables stands below the name, as deep as that goes, and what
    comes then has a key of a model, or its name goes on with a digit after a digit.
    """
    if not isinstance(data, dict) or not data or not model_id or not _BARE.issuperset(model_id) or deepest == 0:
        return []
    if any(not isinstance(item, dict) or key in _SUB_TABLES for key, item in data.items()):
        return []
    found: list[tuple[str, ...]] = []
    for key, item in data.items():
        if not key or not _BARE.issuperset(key):
            continue
        deeper = dotted_ids(key, item, deepest - 1)
        if deeper:
            found += [(model_id, *names) for names in deeper]
        elif not _FIELDS.isdisjoint(item) or (model_id[-1].isdigit() and key[0].isdigit()):
            found.append((model_id, key))
    return found
