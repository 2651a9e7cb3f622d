"""LM008: TOML of another kind, and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.dotted_ids import dotted_ids
from loadmaster.checks.examples import GOOD
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import Path
from loadmaster.checks.wording import listed, plain

NOT_A_MANIFEST = define(
    Rule(
        "LM008",
        "not-a-manifest",
        Severity.ERROR,
        "Valid TOML of another kind: nothing in it is a model of this format.",
        "Every other rule would only repeat that this is not what it expects.",
        'Open the file that was meant, or write its models as tables `[models."name@1.0.0"]` with `variants`,'
        " `default_variant`, `files` and `sources`.",
        bad='schema_version = 1\n\n[[model]]\nid = "demo-1b"\nrepo = "acme/demo-1b"\nsize_bytes = 2147511568\n',
        good=GOOD,
        refuses=True,
    )
)

MODEL_KEYS = frozenset({"files", "variants", "default_variant", "sources"})
"""A table with one of these is meant as a model."""

# Files that people keep beside a manifest, known by a table of theirs.
_KNOWN = (
    ({"build-system"}, "a pyproject.toml"),
    ({"project", "tool"}, "a pyproject.toml"),
    ({"package", "dependencies"}, "a Cargo.toml"),
    ({"workspace", "dependencies"}, "a Cargo.toml"),
    ({"tool"}, "a file of tool settings"),
)


def is_model(data: Any) -> bool:
    """Whether a table below `models` is meant as a model of this format."""
    return isinstance(data, dict) and not MODEL_KEYS.isdisjoint(data)


def below(data: Any, names: tuple[str, ...]) -> Any:
    """What stands below `data` at these names; None where nothing does."""
    for name in names:
        if not isinstance(data, dict) or name not in data:
            return None
        data = data[name]
    return data


def not_a_manifest(root: Mapping[str, Any], models: object) -> Finding:
    """The one finding for a file of another kind: `root` are its top-level keys, `models` the value of that one."""
    rule = NOT_A_MANIFEST
    message = f"this is not a manifest: {_looks(root, models)}"
    path = _where(root, models)
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        message,
        path,
        (rule.code,),
        what="table" if path else "value",
        span=None if path else (0, 0),
        refuses=True,
    )


def _where(root: Mapping[str, Any], models: object) -> Path:
    """What shows the other kind first: a model that is none, or a list or table at the top."""
    if isinstance(models, dict) and models:
        return ("models", next(iter(models)))
    if isinstance(models, list) and models and isinstance(models[0], dict):
        return ("models", 0)
    if models is not None:
        return ("models",)
    for key, value in root.items():
        if isinstance(value, dict | list):
            return (key, 0) if isinstance(value, list) and value and isinstance(value[0], dict) else (key,)
    return ()


def _looks(root: Mapping[str, Any], models: object) -> str:
    if not root and models is None:
        return "it is empty; a manifest has schema_version and a table for each model"
    for keys, what in _KNOWN:
        if models is None and keys <= root.keys():
            return f"it looks like {what}"
    if isinstance(models, dict):
        for name, data in models.items():
            inner = below(data, next(iter(dotted_ids(name, data)), (name,))[1:])
            if isinstance(inner, dict) and inner:
                return (
                    f"it looks like a table of models with {_keys(inner)},"
                    " and none has files, variants, default_variant or sources"
                )
    if models is not None:
        what = (
            f"it looks like a list of [[models]]{_with(models)}"
            if isinstance(models, list)
            else "models holds no tables"
        )
        return f"{what}; {_WANTED}"
    return f"{_other(root)}; {_WANTED}"


_WANTED = 'a manifest has a table [models."name@1.0.0"] for each model'


def _keys(table: Mapping[str, Any]) -> str:
    return listed([plain(key, 30) for key in table], 4)


def _with(items: list[Any]) -> str:
    return f" with {_keys(items[0])}" if items and isinstance(items[0], dict) else ""


def _other(root: Mapping[str, Any]) -> str:
    for key, value in root.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return f"it looks like a list of [[{plain(key, 30)}]]{_with(value)}"
    tables = [plain(key, 30) for key, value in root.items() if isinstance(value, dict)]
    if tables:
        return f"it looks like settings in the tables {listed(tables, 4)}"
    return f"it has only {_keys(root)}"
