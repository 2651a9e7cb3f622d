"""LM1xx: keys, types and ranges, as the reader finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.examples import GOOD, WITH_DEFAULTS, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.shape_fixes import missing_fix, move_fix, rename_fix, type_fix
from loadmaster.checks.view import ModelView, Path
from loadmaster.checks.wording import described, plain, quoted, shown
from loadmaster.manifest.fields import SUPPORTED_SCHEMA_VERSIONS, table_at
from loadmaster.manifest.reader import FaultKind, ShapeFault, read_root

MISSING_KEY = define(
    Rule(
        "LM101",
        "missing-key",
        Severity.ERROR,
        "A required key is absent or empty.",
        "Without it the model cannot be loaded: nothing stands in for it.",
        "Write the key. `variants`, `default_variant`, `files` and `sources.priority` are required of a model,"
        " `path`, `size`"
        " and `sha256` of a file.",
        bad=but('["fp16", "bf16"]\ndefault_variant = "fp16"\n', '["fp16"]\n'),
        good=GOOD,
        refuses=True,
        fix="insert it where it has a known value",
    )
)
WRONG_TYPE = define(
    Rule(
        "LM102",
        "wrong-type",
        Severity.ERROR,
        "A value is of another type than the format asks for.",
        "A string is no number and a boolean is no integer; what reads the manifest fails on it, or worse, takes it.",
        "Write the value in the type that the message names.",
        bad=but("size = 612", 'size = "612"'),
        good=GOOD,
        refuses=True,
        fix="where unambiguous",
    )
)
OUT_OF_RANGE = define(
    Rule(
        "LM103",
        "out-of-range",
        Severity.ERROR,
        "A number is outside of what it can be.",
        "No file has a negative size, shards count from 1, and no video has zero frames.",
        "Write a number in the range that the message names.",
        bad=but("frames = 16", "frames = 0", WITH_DEFAULTS),
        good=WITH_DEFAULTS,
        refuses=True,
    )
)
UNKNOWN_KEY = define(
    Rule(
        "LM104",
        "unknown-key",
        Severity.WARNING,
        "A key is not in the format.",
        "Nothing reads it. It may be a slip of the keyboard for a key that is read.",
        "Correct its name. A key of your own may stay: it is kept in every edit; silence the rule on its line.",
        bad=but("optional_components = []", "optional_componets = []"),
        good=GOOD,
        fix="rename (unsafe)",
    )
)
MISPLACED_KEY = define(
    Rule(
        "LM105",
        "misplaced-key",
        Severity.ERROR,
        "A key stands in a table that it does not belong to.",
        "What is written below a header belongs to that header: a key of the model that is put at its end falls into"
        " `sources`, and nothing reads it there.",
        "Move the key to the table that the message names.",
        bad=GOOD + "lora_required = true\n",
        good=but("optional_components = []\n", "optional_components = []\nlora_required = true\n"),
        fix="move it",
    )
)
SCHEMA_VERSION = define(
    Rule(
        "LM106",
        "schema-version",
        Severity.ERROR,
        "`schema_version` is missing or not supported.",
        "What the keys mean depends on it. A manifest of a later version may mean something else by the same words.",
        "Where it is absent, write `schema_version = 1`. For a later version upgrade loadmaster, for an earlier one run"
        " `loadmaster migrate`. Never relabel a manifest.",
        bad=but("schema_version = 1\n\n", ""),
        good=GOOD,
        refuses=True,
        fix="only where it is absent",
    )
)
MODEL_ID = define(
    Rule(
        "LM107",
        "model-id",
        Severity.ERROR,
        "A model id is not of the form `name@MAJOR.MINOR.PATCH`.",
        "Models are asked for by name and version, and stored in a folder of that name.",
        "Rename the model: letters, digits, `_` and `-`, then `@` and three numbers.",
        bad=GOOD.replace("demo-1b@1.0.0", "demo-1b@1.0").replace('version = "1.0.0"\n', ""),
        good=GOOD,
        refuses=True,
    )
)
VARIANT_NAME = define(
    Rule(
        "LM108",
        "variant-name",
        Severity.ERROR,
        "A variant is not of the form of a name.",
        "A variant is asked for as `model#variant` and kept in a folder of its name.",
        "Use letters, digits, `_` and `-`, beginning with a letter or a digit.",
        bad=but('["fp16", "bf16"]', '["fp16", "fp16 pruned"]').replace("demo-1b@1.0.0", "demo-1b@1.0.0"),
        good=GOOD,
        refuses=True,
    )
)


def root_shape(data: Mapping[str, Any], damaged: bool, marked: bool = False) -> list[Finding]:
    """What is wrong with the top-level keys beside `models`. Of a damaged top level nothing is said to be missing.

    `marked` tells of a byte-order mark: nothing can stand before it, so it goes before a first key is added.
    """
    found: list[Finding] = []
    for fault in read_root(data):
        if damaged and fault.found in _WRECKS:
            continue
        if fault.kind is FaultKind.SCHEMA_VERSION:
            if not (damaged and fault.found is None):
                found.append(_schema_version(fault, marked))
        elif fault.kind is FaultKind.MISPLACED_KEY:
            belongs = fault.wanted
            message = f"{plain(str(fault.path[-1]))} stands at the top and is {belongs}"
            found.append(_of_root(MISPLACED_KEY, fault.path, message))
        elif fault.kind is FaultKind.UNKNOWN_KEY:
            found.append(_of_root(UNKNOWN_KEY, fault.path, _unknown(fault)))
    return found


# What a header leaves behind that breaks off: LM001 tells of it.
_WRECKS: tuple[object, ...] = ({}, [{}])


def _of_root(rule: Rule, path: Path, message: str, fix: Fix | None = None) -> Finding:
    key = (rule.code, *map(str, path))
    return Finding(rule.code, rule.name, rule.severity, message, path, key, what="key", fix=fix, refuses=rule.refuses)


def _schema_version(fault: ShapeFault, marked: bool) -> Finding:
    rule = SCHEMA_VERSION
    supported = " or ".join(SUPPORTED_SCHEMA_VERSIONS)
    fix: Fix | None = None
    if fault.found is None:
        message = f"schema_version is missing; this loadmaster reads {supported}"
        fix = None if marked else SetValue("add schema_version = 1", fault.path, 1)
    else:
        todo = "upgrade loadmaster, or migrate the manifest"
        if isinstance(fault.found, int) and not isinstance(fault.found, bool) and fault.found < 1:
            todo = "migrate the manifest"
        message = f"schema_version is {shown(fault.found)}; this loadmaster reads {supported}: {todo}"
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        message,
        fault.path,
        (rule.code, "schema_version"),
        fix=fix,
        refuses=True,
    )


def shape(view: ModelView) -> Iterator[Finding]:
    """The findings for the faults of a model's shape. Of a damaged model nothing is said to be missing."""
    if view.faults:
        faults = _without_echoes(view)
        for fault in faults:
            yield from _TELL[fault.kind](view, fault)


def _without_echoes(view: ModelView) -> Iterable[ShapeFault]:
    """The faults but for what is missing only because it stands elsewhere, or because the text is damaged."""
    moved = {(fault.path[-1], fault.suggestion) for fault in view.faults if fault.kind is FaultKind.MISPLACED_KEY}
    lacking: dict[str | int, int] = {}
    for fault in view.faults:
        if fault.kind is FaultKind.MISSING and table_at(fault.path[:-1]) == "files":
            lacking[fault.path[-1]] = lacking.get(fault.path[-1], 0) + 1
    for fault in view.faults:
        if view.damaged and fault.kind in _STRAYS and fault.found in _WRECKS:
            continue
        if fault.kind is FaultKind.MISSING:
            table = table_at(fault.path[:-1])
            elsewhere = (fault.path[-1], table) in moved and (table != "files" or lacking[fault.path[-1]] == 1)
            if elsewhere or (view.damaged and fault.found is None):
                continue
            # `sources` is missing where its `priority` stands in the model: one fault.
            if fault.path[2:] == ("sources",) and ("priority", "sources") in moved:
                continue
        yield fault


_STRAYS = frozenset({FaultKind.UNKNOWN_KEY, FaultKind.MISPLACED_KEY, FaultKind.WRONG_TYPE})


def _name(view: ModelView, path: Path) -> str:
    """What a message calls the value at `path`, counted from the model: `size`, `vae.pth: size`, `defaults.fps`."""
    names = path[2:]
    if names[:1] == ("files",) and len(names) > 1 and isinstance(names[1], int):
        label = view.label(names[1])
        return f"{label}: {plain('.'.join(map(str, names[2:])))}" if len(names) > 2 else label
    text = ".".join(str(name) if isinstance(name, str) else str(name + 1) for name in names)
    return plain(text) if text else plain(view.model_id)


def _missing(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    absent = fault.found is None
    message = f"{_name(view, fault.path)} is {'missing' if absent else 'empty'}: {fault.wanted} is wanted"
    fix = missing_fix(view, fault.path)
    yield view.finding(MISSING_KEY, fault.path[2:], message, what="table" if absent else "value", fix=fix)


def _wrong_type(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    message = f"{_name(view, fault.path)} is {described(fault.found)}, where {fault.wanted} is wanted"
    yield view.finding(WRONG_TYPE, fault.path[2:], message, fix=type_fix(view, fault.path, fault.found))


def _out_of_range(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    message = f"{_name(view, fault.path)} is {shown(fault.found)}, where {fault.wanted} is wanted"
    refuses = table_at(fault.path[:-1]) == "files" and fault.path[-1] == "size"
    yield view.finding(OUT_OF_RANGE, fault.path[2:], message, refuses=refuses)


def _unknown(fault: ShapeFault) -> str:
    hint = f"; {fault.suggestion} is the nearest" if fault.suggestion else ""
    return f"{quoted(str(fault.path[-1]), 40)} is no key of the format{hint}"


def _unknown_key(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    fix = rename_fix(view, fault.path, fault.suggestion)
    yield view.finding(UNKNOWN_KEY, fault.path[2:], _unknown(fault), what="key", fix=fix)


def _misplaced(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    key = str(fault.path[-1])
    table = _name(view, fault.path[:-1]) if len(fault.path) > 3 else "the model"
    yield view.finding(
        MISPLACED_KEY,
        fault.path[2:],
        f"{key} stands in {table} and is {fault.wanted}",
        what="key",
        fix=move_fix(view, fault.path, fault.suggestion),
    )


def _model_id(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    hint = f"; {quoted(fault.suggestion)} may be meant" if fault.suggestion else ""
    yield view.finding(MODEL_ID, (), f"{quoted(view.model_id)} is not of the form {fault.wanted}{hint}", what="key")


def _variant_name(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    yield view.finding(VARIANT_NAME, fault.path[2:], f"{quoted(str(fault.found))} is no name: {fault.wanted}")


def _nothing(view: ModelView, fault: ShapeFault) -> Iterator[Finding]:
    return iter(())


_TELL: dict[FaultKind, Callable[[ModelView, ShapeFault], Iterator[Finding]]] = {
    FaultKind.MISSING: _missing,
    FaultKind.WRONG_TYPE: _wrong_type,
    FaultKind.OUT_OF_RANGE: _out_of_range,
    FaultKind.UNKNOWN_KEY: _unknown_key,
    FaultKind.MISPLACED_KEY: _misplaced,
    FaultKind.SCHEMA_VERSION: _nothing,
    FaultKind.MODEL_ID: _model_id,
    FaultKind.VARIANT_NAME: _variant_name,
}
