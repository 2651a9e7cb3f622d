"""The format as a JSON Schema, for editors and linters of TOML: made from `fields`, so it says what the reader says.

Draft 7, because taplo knows no later one. What JSON Schema cannot tell: that a float is finite, that `1.0` is no
integer, and that a key of the model in one of its files is misplaced only where the model lacks it.
"""

from __future__ import annotations

import re
from typing import Any

from loadmaster.manifest.fields import FIELDS, SUPPORTED_SCHEMA_VERSIONS, TABLES, Field, Kind, fields_of
from loadmaster.manifest.model_id import MODEL_ID_PATTERN, VARIANT_PATTERN

_TITLES = {
    "root": "Manifest of model weights",
    "model": "Model",
    "defaults": "Defaults of inference",
    "vram_estimation": "VRAM estimation",
    "files": "File",
    "sources": "Sources",
}
_TYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "integer",
    Kind.FLOAT: "number",
    Kind.BOOLEAN: "boolean",
    Kind.STRINGS: "array",
    Kind.TABLE: "object",
    Kind.TABLES: "array",
}


def manifest_schema(*, strict: bool = False) -> dict[str, Any]:
    """The JSON Schema of a manifest, as plain data.

    It refuses what the reader calls a fault of shape. A key that the format does not know is allowed, as the
    registry allows it, unless `strict`.
    """
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", **_table("root", strict)}
    # Only TOML 1.0 counts, and keys stand in the format's order: tombi reads both here.
    schema["x-tombi-toml-version"] = "v1.0.0"
    schema["definitions"] = {table: _table(table, strict) for table in TABLES if table != "root"}
    return schema


def _table(table: str, strict: bool) -> dict[str, Any]:
    fields = fields_of(table)
    properties: dict[str, Any] = {field.key: _field(field) for field in fields}
    if not strict:
        # A pattern of names would be shorter, and makes tombi ten times slower.
        properties |= dict.fromkeys(_strays(table), False)
    schema: dict[str, Any] = {"title": _TITLES[table], "type": "object", "properties": properties}
    required = [field.key for field in fields if field.required]
    if required:
        schema["required"] = required
    schema["additionalProperties"] = not strict
    return schema


def _strays(table: str) -> list[str]:
    """The keys of other tables. A key of the model in a file may be the file's own where the model has it as well."""
    own = {field.key for field in fields_of(table)}
    homes = set(TABLES) - ({"model"} if table == "files" else set())
    return sorted({field.key for field in FIELDS if field.table in homes} - own)


def _field(field: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.title, "description": _description(field)}
    if field.key == "schema_version":
        return {**schema, "type": ["integer", "string"], "enum": _versions(), "examples": [field.example]}
    schema["type"] = _TYPES[field.kind]
    schema |= _bounds(field)
    schema |= _items(field)
    if field.required and field.kind in (Kind.STRING, Kind.STRINGS, Kind.TABLES):
        schema["minLength" if field.kind is Kind.STRING else "minItems"] = 1
    if field.kind is Kind.TABLE and field.key != "models":
        # In draft 7 nothing beside a $ref counts, so it stands in a list of one.
        del schema["type"]
        schema["allOf"] = [{"$ref": f"#/definitions/{field.key}"}]
    if field.has_default:
        schema["default"] = field.default
    schema |= _examples(field)
    return schema


def _description(field: Field) -> str:
    unit = f" In {field.unit}." if field.unit else ""
    default = f" Default: {field.default}." if field.has_default and field.default != "" else ""
    return f"{field.doc}{unit}{default}"


def _versions() -> list[int | str]:
    return [value for version in SUPPORTED_SCHEMA_VERSIONS for value in (int(version), version)]


def _bounds(field: Field) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if field.minimum is not None:
        bounds["exclusiveMinimum" if field.exclusive_minimum else "minimum"] = field.minimum
    if field.maximum is not None:
        bounds["maximum"] = field.maximum
    return bounds


def _items(field: Field) -> dict[str, Any]:
    if field.key == "models":
        return {
            "minProperties": 1,
            "patternProperties": {_pattern(MODEL_ID_PATTERN.pattern): {"$ref": "#/definitions/model"}},
            "additionalProperties": False,
        }
    if field.kind is Kind.TABLES:
        return {"items": {"$ref": f"#/definitions/{field.key}"}}
    if field.kind is not Kind.STRINGS:
        return {}
    items: dict[str, Any] = {"type": "string"}
    if field.key == "variants":
        items["pattern"] = _pattern(VARIANT_PATTERN.pattern)
    if field.choices:
        items["examples"] = list(field.choices)
    return {"items": items}


def _pattern(python: str) -> str:
    """A whole-string pattern of `re` as ECMA 262 writes it."""
    return re.sub(r"\(\?P<[a-z]+>", "(", python).replace(r"\A", "^").replace(r"\Z", "$")


def _examples(field: Field) -> dict[str, Any]:
    examples = [] if field.example is None else [field.example]
    if field.kind is Kind.STRING:
        examples += [choice for choice in field.choices if choice != field.example]
    return {"examples": examples} if examples else {}
