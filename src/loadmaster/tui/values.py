"""Values of the manifest as rows of a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, Kind, fields_of, format_value
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.visible import visible

if TYPE_CHECKING:
    from loadmaster.tui.explaining import Explanation


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A row of a form: a label, a value of one or more items, a note, and the faults of the value.

    `path` is what the row shows, and where `field` is given it can be edited. A row without a path is a heading.
    `draw` gives a row's own lines for a width in place of label and items, each time anew where the row `is_lively`;
    `explain` tells how its figures came about.
    `opens` is the tab that shows more of what a row sums up.
    """

    label: str = ""
    items: tuple[Line, ...] = ()
    path: KeyPath = ()
    field: Field | None = None
    note: Line = ()
    faults: tuple[Finding, ...] = ()
    heading: bool = False
    draw: Callable[[int], list[Line]] | None = None
    is_lively: bool = False
    explain: Callable[[], Explanation | None] | None = None
    opens: str = ""

    @property
    def stands(self) -> bool:
        """Whether the cursor may stand on it."""
        return bool(self.path) or bool(self.faults) or self.explain is not None


_UNITS = {"10^9": "billion"}

BLANK_ROW = FieldRow()


def unit_of(field: Field) -> str:
    """The unit of a field as a form writes it behind the value."""
    return _UNITS.get(field.unit, field.unit)


def is_form_field(field: Field) -> bool:
    """Whether a field is a value that a form can edit, and not a table of its own."""
    return field.kind not in (Kind.TABLE, Kind.TABLES)


def value_items(field: Field | None, value: object) -> tuple[Line, ...]:
    """A value that stands in the file, as the items that are shown of it."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple([Piece(visible(item))] for item in value)
    if isinstance(value, list) and not value:
        return ([Piece("none", "faint")],)
    if value == "":
        return ([Piece("empty", "faint")],)
    if isinstance(value, str) and (field is None or field.kind is Kind.STRING):
        return ([Piece(visible(value))],)
    if isinstance(value, (dict, list)):
        return ([Piece(visible(summary_of(value)), "label")],)
    return ([Piece(visible(format_value(field, value) if field else str(value)))],)


def summary_of(value: object) -> str:
    """What a table or list is, in a few words: its content is edited elsewhere."""
    if isinstance(value, dict):
        return "a table of " + (", ".join(str(key) for key in list(value)[:6]) or "nothing")
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return str(value)


def absent_items(field: Field) -> tuple[Line, ...]:
    """What counts where a key is not in the file."""
    if field.has_default:
        text = format_value(field, field.default)
        return ([Piece(text or ("empty" if field.kind is Kind.STRING else "none"), "default")],)
    return ([Piece("missing" if field.required else "—", "default")],)


def field_row(view: ManifestView, model_id: str, field: Field, base: KeyPath, table: Mapping[str, Any]) -> FieldRow:
    """The row of a field of the format, in the file or not."""
    path = (*base, field.key)
    present = field.key in table
    note: list[Piece] = [Piece(unit_of(field), "label")] if field.unit else []
    if not present and field.has_default:
        note = [*note, Piece("  " if note else ""), Piece("default", "default")]
    items = value_items(field, table[field.key]) if present else absent_items(field)
    return FieldRow(field.key, items, path, field, tuple(note), tuple(view.faults.under(model_id, path)))


def unknown_row(view: ManifestView, model_id: str, key: str, base: KeyPath, value: object) -> FieldRow:
    """The row of a key that the format does not know."""
    path = (*base, key)
    return FieldRow(visible(key), value_items(None, value), path, None, (), tuple(view.faults.under(model_id, path)))


def table_rows(
    view: ManifestView, model_id: str, name: str, base: KeyPath, table: Mapping[str, Any], skip: Sequence[str] = ()
) -> list[FieldRow]:
    """The rows of a table: its fields in the order of the format, then the keys that are not in the format."""
    fields = [field for field in fields_of(name) if is_form_field(field) and field.key not in skip]
    rows = [field_row(view, model_id, field, base, table) for field in fields]
    known = {field.key for field in fields_of(name)} | set(skip)
    rows += [unknown_row(view, model_id, key, base, value) for key, value in table.items() if key not in known]
    return rows
