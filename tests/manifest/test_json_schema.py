"""The JSON Schema: it says of the shape of a manifest what the reader says, and editors take it."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from jsonschema.validators import extend

from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, WITH_MEMORY
from loadmaster.manifest.fields import FIELDS, TABLES, Field, Kind, fields_of
from loadmaster.manifest.json_schema import manifest_schema
from loadmaster.manifest.reader import FaultKind, ShapeFault, read_model, read_root

# In JSON 1.0 is an integer; in TOML it is not, and TOML's linters keep the two apart as well.
_TYPES = Draft7Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
_TomlValidator: Any = extend(Draft7Validator, type_checker=_TYPES)  # type: ignore[no-untyped-call]

CLEAN = (TWO_MODELS, SHARDED, WITH_DEFAULTS, WITH_MEMORY)


@cache
def validator(strict: bool) -> Any:
    """The validator of the schema, for TOML's data."""
    return _TomlValidator(manifest_schema(strict=strict), format_checker=FormatChecker())


def shape_faults(data: dict[str, Any]) -> list[ShapeFault]:
    """All that the reader finds in a whole manifest."""
    faults = list(read_root(data, whole=True))
    models = data.get("models")
    if isinstance(models, dict):
        faults += (fault for model_id, model in models.items() for fault in read_model(model_id, model).faults)
    return faults


def counts(fault: ShapeFault) -> bool:
    """Whether the schema means to refuse for it: not for an unknown key, nor for a key of the model in one of its
    files, which is misplaced only where the model lacks it."""
    if fault.kind is FaultKind.MISPLACED_KEY:
        return not (fault.suggestion == "model" and "files" in fault.path[:-1])
    return fault.kind is not FaultKind.UNKNOWN_KEY


def assert_same_verdict(data: dict[str, Any]) -> None:
    """The schema and the reader agree on `data`, in both strengths."""
    faults = shape_faults(data)
    lenient = [error.message for error in validator(False).iter_errors(data)]
    strict = [error.message for error in validator(True).iter_errors(data)]
    assert bool(lenient) == any(map(counts, faults)), (lenient, faults)
    assert bool(strict) == bool(faults), (strict, faults)


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(manifest_schema())
    Draft7Validator.check_schema(manifest_schema(strict=True))


def test_every_field_is_told_with_what_is_known_of_it() -> None:
    schema = manifest_schema()
    for table in TABLES:
        properties = (schema if table == "root" else schema["definitions"][table])["properties"]
        for field in fields_of(table):
            told = properties[field.key]
            assert told["title"] == field.title
            assert told["description"].startswith(field.doc)
            assert field.unit in told["description"]
            assert ("default" in told) == field.has_default
            if field.example is not None:
                assert field.example in told["examples"]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.table}.{field.key}")
def test_defaults_and_examples_are_of_the_shape_that_is_asked_for(field: Field) -> None:
    schema = manifest_schema()
    table = schema if field.table == "root" else schema["definitions"][field.table]
    own = _TomlValidator({**table["properties"][field.key], "definitions": schema["definitions"]})
    values = [field.default] if field.has_default else []
    values += [] if field.example is None else [field.example]
    for value in values:
        assert list(own.iter_errors(value)) == []


@pytest.mark.parametrize("text", CLEAN)
def test_clean_manifests(text: str) -> None:
    data = tomllib.loads(text)
    assert list(validator(True).iter_errors(data)) == []
    assert_same_verdict(data)


def test_samples(samples: Path) -> None:
    files = sorted(samples.glob("*.toml"))
    assert files
    for file in files:
        assert_same_verdict(tomllib.loads(file.read_text(encoding="utf-8")))


def test_published_cases_and_foreign_files(shared: Path) -> None:
    seen = 0
    for file in sorted(shared.glob("*/*.toml")):
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError:
            continue
        assert_same_verdict(data)
        seen += 1
    assert seen > 20


def test_toml_of_every_other_kind(shared: Path) -> None:
    seen = 0
    for file in sorted((shared / "toml-test").rglob("valid/**/*.toml")):
        try:
            data = tomllib.loads(file.read_bytes().decode())
        except (ValueError, RecursionError):
            continue
        assert_same_verdict(data)
        assert_same_verdict({"schema_version": 1, "models": {"a@1.0.0": data}})
        seen += 1
    assert seen > 100


_KEYS = st.one_of(st.sampled_from([field.key for field in FIELDS]), st.sampled_from(["note", "versoin", "x"]))
_SCALARS = st.one_of(
    st.none().map(lambda _: "x"),
    st.text(max_size=4),
    st.integers(-2, 3),
    st.floats(-2, 3, allow_nan=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["1", 1, "fp16", "a b", ""]),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=4,
)
_CHOICES = {
    Kind.STRING: st.sampled_from(["fp16", "a", ""]),
    Kind.INTEGER: st.integers(-1, 3),
    Kind.FLOAT: st.one_of(st.integers(-1, 3), st.floats(-1, 3)),
    Kind.BOOLEAN: st.booleans(),
    Kind.STRINGS: st.lists(st.sampled_from(["fp16", "a b", ""]), max_size=2),
}


def _table(table: str) -> st.SearchStrategy[dict[str, Any]]:
    """Tables that are nearly what the format asks for, so that both verdicts come up."""
    simple = {field.key: _CHOICES[field.kind] for field in fields_of(table) if field.kind in _CHOICES}
    if table == "model":
        simple |= {"defaults": _table("defaults"), "vram_estimation": _table("vram_estimation")}
        simple |= {"files": st.lists(_table("files"), max_size=2), "sources": _table("sources")}
    required = {field.key for field in fields_of(table) if field.required}
    keys = {key: strategy for key, strategy in simple.items() if key in required}
    optional = {key: strategy for key, strategy in simple.items() if key not in required}
    nearly = st.fixed_dictionaries(keys, optional=optional)
    return st.one_of(nearly, nearly, _with_a_key(nearly))


def _with_a_key(tables: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(tables, _KEYS, _VALUES).map(lambda parts: {**parts[0], parts[1]: parts[2]})


_MODEL_IDS = st.sampled_from(["a@1.0.0", "t2v-A14B@2.2.0", "a", "a@1.0", "é@1.0.0", "a@1.0.0\n", "a b@1.0.0"])
_MANIFESTS = st.fixed_dictionaries(
    {"schema_version": st.one_of(st.just(1), st.just("1"), _SCALARS)},
    optional={"models": st.one_of(st.dictionaries(_MODEL_IDS, _table("model"), max_size=2), _VALUES), "note": _VALUES},
)


@given(st.one_of(_MANIFESTS, _with_a_key(_MANIFESTS)))
def test_random_manifests(data: dict[str, Any]) -> None:
    assert_same_verdict(data)


@given(st.sampled_from(CLEAN), st.data())
def test_clean_manifests_with_one_thing_changed(text: str, draw: st.DataObject) -> None:
    data = tomllib.loads(text)
    spot: Any = data
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = draw.draw(st.sampled_from(keys))
        if not isinstance(spot[key], (dict, list)) or not spot[key] or draw.draw(st.booleans()):
            break
        spot = spot[key]
    if draw.draw(st.booleans()):
        spot[key] = draw.draw(_VALUES)
    elif isinstance(spot, dict) and draw.draw(st.booleans()):
        spot[draw.draw(_KEYS)] = spot.pop(key)
    else:
        del spot[key]
    assert_same_verdict(data)


_WHOLE = WITH_DEFAULTS + WITH_MEMORY.removeprefix(GOOD)
_HOMES: dict[str, tuple[str | int, ...]] = {
    "root": (),
    "model": ("models", "demo-1b@1.0.0"),
    "defaults": ("models", "demo-1b@1.0.0", "defaults"),
    "vram_estimation": ("models", "demo-1b@1.0.0", "vram_estimation"),
    "files": ("models", "demo-1b@1.0.0", "files", 1),
    "sources": ("models", "demo-1b@1.0.0", "sources"),
}
_TRIED: tuple[Any, ...] = (
    -1, 0, 1, 2, 2**70, -0.5, 0.0, 1.0, 1.5, True, False, "", "x", "1", "2", "a b", "fp16\n",
    [], [""], ["x"], ["a b"], [1], ["x", 1], {}, {"x": 1}, [{}], [{"path": "x"}], datetime.date(2026, 1, 2),
)  # fmt: skip


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.table}.{field.key}")
@pytest.mark.parametrize("table", TABLES)
def test_each_field_in_each_table_with_each_kind_of_value(field: Field, table: str) -> None:
    data = tomllib.loads(_WHOLE)
    spot: Any = data
    for name in _HOMES[table]:
        spot = spot[name]
    for value in _TRIED:
        spot[field.key] = value
        assert_same_verdict(data)
    del spot[field.key]
    assert_same_verdict(data)


def test_what_json_schema_cannot_say() -> None:
    data = tomllib.loads(WITH_MEMORY)
    data["models"]["demo-1b@1.0.0"]["vram_estimation"]["params_billion"] = float("nan")
    assert [fault.kind for fault in shape_faults(data)] == [FaultKind.OUT_OF_RANGE]
    assert list(validator(True).iter_errors(data)) == []


@pytest.mark.parametrize("tool", ["tombi", "taplo"])
def test_the_linters_of_toml_take_it(tool: str, tmp_path: Path) -> None:
    found = shutil.which(tool, path=str(Path(sys.executable).parent)) or shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed (pip install {tool})")
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(manifest_schema()), encoding="utf-8")
    (tmp_path / "tombi.toml").write_text('[[schemas]]\npath = "schema.json"\ninclude = ["*models.toml"]\n')
    command = [found, "lint", "--offline"] if tool == "tombi" else [found, "lint", "--schema", schema.as_uri()]

    def answer(text: str) -> int:
        (tmp_path / "models.toml").write_text(text, encoding="utf-8")
        return subprocess.run(
            [*command, "models.toml"], cwd=tmp_path, capture_output=True, check=False, stdin=subprocess.DEVNULL
        ).returncode

    for text in CLEAN:
        assert answer(text) == 0
    for wrong in ("schema_version = 2", "schema_version = 1\nfps = 24"):
        assert answer(CLEAN[0].replace("schema_version = 1", wrong)) != 0
    assert answer(CLEAN[0].replace("size = 612", "size = -1")) != 0
    assert answer(CLEAN[0].replace('"demo-1b@1.0.0"]', '"demo 1b"]')) != 0
