"""A comparison of two manifests as text, as Markdown for a pull request, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from loadmaster.checks.secret_text import without_secrets
from loadmaster.document.comparison import Comparison, FieldChange, ModelChange
from loadmaster.document.places import KeyPath
from loadmaster.manifest.values import human_bytes
from loadmaster.manifest.words import path_text, plural, quoted, shown
from loadmaster.reports.report import said
from loadmaster.reports.text import PLAIN, Look

VERSION = 1
"""The version of the JSON's form."""

_SIGNS = {"added": "+", "removed": "-", "changed": "~", "renamed": "~", "moved": "~"}
_COLOURS = {"+": "32", "-": "31", "~": "33"}


def text(comparison: Comparison, look: Look = PLAIN) -> Iterator[str]:
    """For a person: a line for each model, below it one for each field."""
    for change in comparison.root:
        yield _coloured(look, _SIGNS[change.kind], f"{where_of(change)}: {told_of(change)}")
    for model in comparison.models:
        yield _coloured(look, _SIGNS[model.kind], _model(model))
        for change in model.changes:
            yield "    " + _coloured(look, _SIGNS[change.kind], f"{where_of(change)}: {told_of(change)}")


def markdown(comparison: Comparison, old: str, new: str) -> Iterator[str]:
    """For a pull request: a section for each model, a table of its fields."""
    yield f"### {_code(old)} → {_code(new)}"
    yield ""
    if not comparison:
        yield "No model or field differs."
        return
    yield summary(comparison)
    if comparison.root:
        yield from _markdown_table("The manifest", comparison.root)
    for model in comparison.models:
        yield from _markdown_table(f"{_code(_name(model))} {_markdown_kind(model)}", model.changes)


def summary(comparison: Comparison) -> str:
    """How many models came, went and changed, and how many fields."""
    kinds = ("added", "removed", "renamed", "changed")
    numbers = {kind: sum(model.kind == kind for model in comparison.models) for kind in kinds}
    told = [f"{plural(number, 'model')} {kind}" for kind, number in numbers.items() if number]
    fields = len(comparison.root) + sum(len(model.changes) for model in comparison.models)
    if fields:
        told.append(plural(fields, "field"))
    return ", ".join(told)


def as_json(comparison: Comparison, old: str, new: str) -> str:
    """For programs: every change with its key path and both values."""
    data = {
        "version": VERSION,
        "old": old,
        "new": new,
        "root": [_plain(change) for change in comparison.root],
        "models": [
            {
                "model": model.model_id,
                "change": model.kind,
                "old_model": model.old_id,
                "changes": [_plain(change) for change in model.changes],
            }
            for model in comparison.models
        ],
    }
    return json.dumps(_without_secrets(data), indent=2, default=str)


def _plain(change: FieldChange) -> dict[str, Any]:
    return {"change": change.kind, "path": list(change.path), "old": change.old, "new": change.new}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, list):
        return [_without_secrets(item) for item in value]
    if isinstance(value, dict):
        return {without_secrets(str(key)): _without_secrets(item) for key, item in value.items()}
    if isinstance(value, float) and value - value != 0:
        return str(value)  # JSON has no inf and no nan
    return value


def _coloured(look: Look, sign: str, line: str) -> str:
    return look.paint(f"{sign} {line}", _COLOURS[sign])


def _name(model: ModelChange) -> str:
    return said(model.model_id)


def _model(model: ModelChange) -> str:
    if model.kind == "renamed":
        return f"{said(model.old_id or '')} → {_name(model)}"
    return f"{_name(model)}{files_of(model.data)}"


def files_of(data: Any) -> str:
    """The files of a model and their size, in brackets behind its id; nothing where it has none."""
    files = data.get("files") if isinstance(data, dict) else None
    if not isinstance(files, list):
        return ""
    sizes = [one["size"] for one in files if isinstance(one, dict) and type(one.get("size")) is int]
    return f" ({plural(len(files), 'file')}, {human_bytes(sum(sizes))})"


def where_of(change: FieldChange) -> str:
    """The field that a change speaks of, a file by its path: `files["vae.pth"].size`; `(model)` for a model that is
    no table, and so has no fields."""
    path = change.path
    if not path:
        return "(model)"
    if len(path) > 1 and path[0] == "files":
        rest: KeyPath = path[2:]
        return said(f"files[{quoted(str(path[1]), 200)}]" + (f".{path_text(rest)}" if rest else ""))
    return said(path_text(path))


def told_of(change: FieldChange) -> str:
    """What became of a field, in a few words: `24 → 30`. What cannot be seen is an escape, secrets are left out."""
    key = change.path[-1] if change.path else ""
    if change.kind == "moved":
        return "in another order"
    if change.kind == "added":
        return _value(change.new, key)
    if change.kind == "removed":
        return _value(change.old, key)
    if isinstance(change.old, list) and isinstance(change.new, list):
        return _items(change.old, change.new)
    return f"{_value(change.old, key)} → {_value(change.new, key)}"


def _items(old: list[Any], new: list[Any]) -> str:
    """What came into a list and what left it."""
    come = [f"+{_value(item)}" for item in new if item not in old]
    gone = [f"-{_value(item)}" for item in old if item not in new]
    return ", ".join(gone + come) or f"{_value(old)} → {_value(new)}"


def _value(value: Any, key: str | int = "") -> str:
    if isinstance(value, str):
        return quoted(without_secrets(value))
    if isinstance(value, dict) and "path" in value:
        size = value.get("size")
        return human_bytes(size) if type(size) is int else "a file"
    if isinstance(value, list) and len(value) < 8 and all(isinstance(item, str) for item in value):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if key == "size" and type(value) is int:
        return f"{value:,} ({human_bytes(value)})" if value >= 1000 else shown(value)
    return said(shown(value))


def _code(text: str) -> str:
    """`text` as code in Markdown, whatever backticks it holds."""
    plain = said(text)
    fence = "`" * (max((len(run) for run in _runs(plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def _runs(text: str) -> Iterator[str]:
    run = ""
    for character in [*text, " "]:
        if character == "`":
            run += character
        elif run:
            yield run
            run = ""


def _markdown_kind(model: ModelChange) -> str:
    if model.kind == "renamed":
        return f"renamed from {_code(model.old_id or '')}"
    return f"{model.kind}{files_of(model.data)}"


def _markdown_table(title: str, changes: tuple[FieldChange, ...]) -> Iterator[str]:
    yield ""
    yield f"**{title}**"
    if not changes:
        return
    yield ""
    yield "| field | old | new |"
    yield "|---|---|---|"
    for change in changes:
        old = "" if change.kind == "added" else _cell(change.old, change)
        new = "" if change.kind == "removed" else _cell(change.new, change)
        if change.kind == "moved":
            old, new = "", "in another order"
        yield f"| {_escaped(_code(where_of(change)))} | {old} | {new} |"


def _cell(value: Any, change: FieldChange) -> str:
    return _escaped(_code(_value(value, change.path[-1] if change.path else "")))


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
