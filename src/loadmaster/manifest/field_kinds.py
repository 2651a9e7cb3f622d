"""What is known of one key of the format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of value that the format asks for."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    STRINGS = "strings"
    TABLE = "table"
    TABLES = "tables"

    @property
    def phrase(self) -> str:
        """The kind as a message names it: "an integer", "a list of strings"."""
        return _PHRASES[self]


_PHRASES = {
    Kind.STRING: "a string",
    Kind.INTEGER: "an integer",
    Kind.FLOAT: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.STRINGS: "a list of strings",
    Kind.TABLE: "a table",
    Kind.TABLES: "a list of tables",
}


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One key of one table of the format.

    `default` counts only where `has_default`; a key that is neither required nor has a default reads as None.
    `minimum` and `maximum` are inclusive, the minimum exclusive where `exclusive_minimum`; a float is finite.
    `choices` are suggestions, never all that is allowed; `choices_from` names where a model has its own:
    "variants", "components" or "". `unit` is what a form writes behind the value.
    """

    table: str
    key: str
    kind: Kind
    title: str
    doc: str
    required: bool = False
    default: object | None = None
    has_default: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    choices_from: str = ""
    example: object = None
