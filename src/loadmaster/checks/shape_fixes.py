"""Fixes for keys that are missing, misspelled, misplaced or of a wrong type, each only where its value is known."""

from __future__ import annotations

from typing import Any

from loadmaster.checks.diagnostic import Fix
from loadmaster.checks.fixes import RenameKey, SetValue
from loadmaster.checks.move_key import MoveKey
from loadmaster.checks.trial import brings_error
from loadmaster.checks.view import ModelView, Path
from loadmaster.checks.wording import plain, shown
from loadmaster.manifest.fields import Kind, field_at
from loadmaster.manifest.model_id import split_model_id

_TRUTH = {"true": True, "false": False}


def missing_fix(view: ModelView, path: Path) -> Fix | None:
    """A required key whose value the model tells otherwise: the default where there is one variant, and the reverse."""
    key = path[-1]
    variants = list(dict.fromkeys(name for _, name in view.strings("variants")))
    default = view.string("default_variant")
    value: object = None
    safe = True
    if key == "default_variant" and len(variants) == 1:
        value = variants[0]
    elif key == "variants" and default is not None:
        value, safe = (default,), False
    if value is None or not _is_good(view, path, value):
        return None
    words = value if isinstance(value, str) else f"the list of {default}"
    return SetValue(f"set {key} to {plain(str(words))}", path, value, safe)


def type_fix(view: ModelView, path: Path, found: object) -> Fix | None:
    """The same value in the type that is wanted, where one alone can be meant: `"24"` is 24, `"fp16"` is `["fp16"]`."""
    field = field_at(path)
    if field is None or (isinstance(path[-1], int) and field.kind is not Kind.STRINGS):
        return None
    kind = Kind.STRING if isinstance(path[-1], int) else field.kind
    if path[2:] == ("version",):
        parts = split_model_id(view.model_id)
        value: object = parts[1] if parts else None
    else:
        value = _converted(kind, found)
    if value is None or not _is_good(view, path, value):
        return None
    words = shown(value) if not isinstance(value, tuple) else f"[{shown(value[0])}]"
    return SetValue(f"write {words}", path, value)


def _converted(kind: Kind, found: object) -> object:
    if kind is Kind.INTEGER and isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
        return int(found)
    if kind is Kind.INTEGER and isinstance(found, str):
        text = found.strip().replace("_", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 and str(int(text)) == text else None
    if kind is Kind.FLOAT and isinstance(found, str):
        return _float(found.strip())
    if kind is Kind.BOOLEAN and isinstance(found, str):
        return _TRUTH.get(found.strip().lower())
    if kind is Kind.STRING and isinstance(found, int) and not isinstance(found, bool):
        return str(found) if found.bit_length() < 64 else None
    if kind is Kind.STRINGS and isinstance(found, str) and found:
        return (found,)
    return None


def _float(text: str) -> float | None:
    if not text.isascii() or not text[:1].isdigit() or not set(text) <= set("0123456789."):
        return None
    try:
        return float(text)
    except ValueError:
        return None


def rename_fix(view: ModelView, path: Path, new: str | None) -> Fix | None:
    """An unknown key under its likely name, where that is free and its value good there."""
    if new is None or view.trial or not isinstance(path[-1], str):
        return None
    old = path[-1]

    def rename(table: dict[str, Any]) -> None:
        table[new] = table.pop(old)

    table: Any = view.data
    for name in path[2:-1]:
        table = table[name]
    if new in table or brings_error(view, path[2:-1], rename):
        return None
    return RenameKey(f"rename {plain(old, 40)} to {new}", path, new)


def move_fix(view: ModelView, path: Path, home: str | None) -> Fix | None:
    """A misplaced key in its own table, where that is there and has no such key."""
    if view.trial or home not in {"model", "defaults", "vram_estimation", "sources"}:
        return None
    key, below = str(path[-1]), () if home == "model" else (home,)
    table: Any = view.table(home) if below else view.data
    if (below and not view.table(home)) or key in table:
        return None

    def move(model: dict[str, Any]) -> None:
        model_table = model
        for name in path[2:-1]:
            inner: Any = model_table[name]  # type: ignore[index]
            model_table[name] = list(inner) if isinstance(inner, list) else dict(inner)  # type: ignore[index]
            model_table = model_table[name]  # type: ignore[index]
        value = model_table.pop(key)
        target = model
        if below:
            target = model[home] = dict(model[home])
        target[key] = value

    if brings_error(view, (), move):
        return None
    where = "the model" if home == "model" else home
    return MoveKey(f"move {key} to {where}", path, ("models", view.model_id, *below, key))


def _is_good(view: ModelView, path: Path, value: object) -> bool:
    if view.trial:
        return False

    def write(table: Any) -> None:
        table[path[-1]] = list(value) if isinstance(value, tuple) else value

    return not brings_error(view, path[2:-1], write)
