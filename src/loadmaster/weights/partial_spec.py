"""What of a model can be looked for on disk or at a source, also where its manifest has other faults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadmaster.manifest.spec import FileSpec, ModelSpec


def partial_spec(model_id: str, data: Mapping[str, Any]) -> ModelSpec:
    """A spec of all that can be read of plain data, however much is missing around it.

    Files without a path are left out; a size or sha256 that is no size or text is 0 or empty. What is missing in the
    model itself is empty too, `allow_patterns` takes everything then.
    """
    variants = _strings(data, "variants")
    default = data.get("default_variant")
    sources = data.get("sources")
    return ModelSpec(
        model_id=model_id,
        version=model_id.rpartition("@")[2],
        variants=variants,
        default_variant=default if isinstance(default, str) else (variants[0] if variants else ""),
        files=[file for file in map(_file, _items(data, "files")) if file is not None],
        sources=_strings(sources, "priority") if isinstance(sources, dict) else [],
        required_components=_strings(data, "required_components"),
        optional_components=_strings(data, "optional_components"),
        allow_patterns=_strings(data, "allow_patterns") or ["*"],
    )


def comparable_spec(model_id: str, data: Mapping[str, Any]) -> tuple[ModelSpec, int]:
    """The same with those files only that a file can be compared with, and how many entries were left out."""
    entries = _items(data, "files")
    whole = [entry for entry in entries if has_values(entry)]
    return partial_spec(model_id, {**data, "files": whole}), len(entries) - len(whole)


def has_values(entry: object) -> bool:
    """Whether an entry of `files` has a path, a size and a sha256 that a file can be compared with."""
    if not isinstance(entry, dict):
        return False
    return (
        bool(_text(entry, "path"))
        and bool(_text(entry, "sha256"))
        and type(size := entry.get("size")) is int
        and size >= 0
    )


def _file(entry: object) -> FileSpec | None:
    if not isinstance(entry, dict) or not (path := _text(entry, "path")):
        return None
    size, part = entry.get("size"), entry.get("shard_part")
    return FileSpec(
        path,
        size if type(size) is int and size >= 0 else 0,
        _text(entry, "sha256"),
        entry.get("optional") is True,
        _text(entry, "component") or None,
        entry.get("shard_index") is True,
        part if type(part) is int else None,
    )


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _items(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _strings(data: Mapping[str, Any], key: str) -> list[str]:
    return [item for item in _items(data, key) if isinstance(item, str)]
