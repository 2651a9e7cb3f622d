"""The fields of the format, to be asked for. They feed the reader, the forms, the schema and the help."""

from __future__ import annotations

from loadmaster.manifest.field_kinds import Field, Kind
from loadmaster.manifest.format import FIELDS, SUPPORTED_SCHEMA_VERSIONS, TABLES
from loadmaster.manifest.values import format_value, human_bytes, parse_value

__all__ = [
    "FIELDS",
    "SUPPORTED_SCHEMA_VERSIONS",
    "TABLES",
    "Field",
    "Kind",
    "field_at",
    "field_of",
    "fields_of",
    "format_value",
    "human_bytes",
    "parse_value",
    "table_at",
    "table_of_key",
]

_BY_TABLE: dict[str, dict[str, Field]] = {
    table: {field.key: field for field in FIELDS if field.table == table} for table in TABLES
}
# No key stands in two tables, so a key in the wrong one tells where it belongs.
_TABLE_OF_KEY: dict[str, str] = {field.key: field.table for field in FIELDS}


def fields_of(table: str) -> tuple[Field, ...]:
    """The fields of a table in the order of the format; none for a table that it does not know."""
    return tuple(_BY_TABLE.get(table, {}).values())


def field_of(table: str, key: str) -> Field | None:
    """The field of a key in a table."""
    return _BY_TABLE.get(table, {}).get(key)


def table_of_key(key: str) -> str | None:
    """The one table that a key belongs to."""
    return _TABLE_OF_KEY.get(key)


def table_at(path: tuple[str | int, ...]) -> str | None:
    """Which table of the format stands at a key path: `()` is the root, `("models", id)` a model.

    None for values, for `("models",)`, for the list `("models", id, "files")`, and for unknown tables.
    """
    match path:
        case ():
            return "root"
        case ("models", str()):
            return "model"
        case ("models", str(), "files", int()):
            return "files"
        case ("models", str(), "defaults" | "vram_estimation" | "sources" as table):
            return str(table)
        case _:
            return None


def field_at(path: tuple[str | int, ...]) -> Field | None:
    """The field at a key path, for an item of a list of strings the list's field; None where there is none."""
    if len(path) > 1 and isinstance(path[-1], int):
        whole = field_at(path[:-1])
        return whole if whole and whole.kind is Kind.STRINGS else None
    table = table_at(path[:-1]) if path else None
    return field_of(table, str(path[-1])) if table else None
