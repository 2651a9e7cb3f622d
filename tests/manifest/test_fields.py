"""The format as data."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from loadmaster.manifest.fields import (
    FIELDS,
    TABLES,
    Field,
    Kind,
    field_at,
    field_of,
    fields_of,
    table_at,
    table_of_key,
)
from loadmaster.manifest.spec import FileSpec, ModelDefaults, ModelSpec, VramEstimation

MODEL = "t2v-A14B@2.2.0"
PYTHON = {Kind.STRING: str, Kind.INTEGER: int, Kind.FLOAT: float, Kind.BOOLEAN: bool, Kind.STRINGS: list}


def test_every_table_has_its_fields_and_no_key_stands_in_two() -> None:
    assert {field.table for field in FIELDS} == set(TABLES)
    keys = [field.key for field in FIELDS]
    assert len(keys) == len(set(keys))
    assert all(table_of_key(field.key) == field.table for field in FIELDS)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.table}.{field.key}")
def test_a_field_is_told_of_whole(field: Field) -> None:
    assert field.title
    assert field.doc.endswith(".")
    assert not (field.required and field.has_default)
    if field.kind in PYTHON:
        assert type(field.example) is PYTHON[field.kind]
        assert not field.has_default or type(field.default) is PYTHON[field.kind]


@pytest.mark.parametrize(
    ("table", "spec"),
    [("defaults", ModelDefaults), ("vram_estimation", VramEstimation), ("files", FileSpec)],
)
def test_fields_and_specs_name_the_same_keys_and_defaults(table: str, spec: type[Any]) -> None:
    wanted = {field.name: field.default for field in dataclasses.fields(spec)}
    assert list(wanted) == [field.key for field in fields_of(table)]
    for field in fields_of(table):
        assert wanted[field.key] is dataclasses.MISSING if field.required else wanted[field.key] == field.default


def test_the_model_s_keys_are_those_of_its_spec() -> None:
    of_spec = {field.name for field in dataclasses.fields(ModelSpec)}
    assert {field.key for field in fields_of("model")} <= of_spec
    assert of_spec - {field.key for field in fields_of("model")} == {"model_id", "model_type"}


@pytest.mark.parametrize(
    ("path", "table", "key"),
    [
        (("schema_version",), "root", "schema_version"),
        (("models",), "root", "models"),
        (("models", MODEL, "variants"), "model", "variants"),
        (("models", MODEL, "variants", 1), "model", "variants"),
        (("models", MODEL, "defaults", "fps"), "defaults", "fps"),
        (("models", MODEL, "files", 2, "size"), "files", "size"),
        (("models", MODEL, "sources", "priority", 0), "sources", "priority"),
    ],
)
def test_a_path_leads_to_its_field(path: tuple[str | int, ...], table: str, key: str) -> None:
    field = field_at(path)
    assert field is not None
    assert (field.table, field.key) == (table, key)
    assert field is field_of(table, key)


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("models", MODEL),
        ("models", MODEL, "files", 2),
        ("models", MODEL, "fps"),
        ("models", MODEL, "defaults", "frames", 0),
        ("colour",),
        (0,),
        ("models", MODEL, "files", 2, "size", 0),
        ("a", "b", "c", "d"),
    ],
)
def test_other_paths_lead_to_none(path: tuple[str | int, ...]) -> None:
    assert field_at(path) is None


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ((), "root"),
        (("models",), None),
        (("models", MODEL), "model"),
        (("models", MODEL, "files"), None),
        (("models", MODEL, "files", 0), "files"),
        (("models", MODEL, "sources"), "sources"),
        (("models", MODEL, "vram_estimation"), "vram_estimation"),
        (("models", MODEL, "notes"), None),
    ],
)
def test_a_path_leads_to_its_table(path: tuple[str | int, ...], table: str | None) -> None:
    assert table_at(path) == table


def test_an_unknown_table_has_no_fields() -> None:
    assert fields_of("notes") == ()
    assert field_of("notes", "path") is None
