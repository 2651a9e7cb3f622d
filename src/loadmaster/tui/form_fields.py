"""The fields of a table of the format as the lines of a form, and what is typed in them as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, Kind, fields_of, format_value, parse_value
from loadmaster.tui.judging import choices_of, hint_of
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.values import is_form_field


@dataclass(frozen=True, slots=True)
class FormField:
    """A line of a form: what is asked, what stands there at first, what can be picked, what it means.

    `placeholder` is told while nothing is typed: what counts then.
    """

    key: str
    label: str
    field: Field
    text: str = ""
    choices: tuple[str, ...] = ()
    hint: str = ""
    placeholder: str = ""

    @property
    def is_switch(self) -> bool:
        """Whether it is a yes or no."""
        return self.field.kind is Kind.BOOLEAN


def form_fields(
    view: ManifestView, table: str, base: KeyPath, values: Mapping[str, Any], keys: Sequence[str] = ()
) -> list[FormField]:
    """The fields of a table at `base`, filled with `values`; only `keys` of them, in that order, where given."""
    fields = {field.key: field for field in fields_of(table) if is_form_field(field)}
    return [_form_field(view, (*base, key), fields[key], values.get(key)) for key in keys or fields]


def _form_field(view: ManifestView, path: KeyPath, field: Field, value: object) -> FormField:
    if field.has_default:
        placeholder = format_value(field, field.default)
    else:
        placeholder = "" if field.required else "none"
    choices = tuple(choices_of(view, path, field)) if field.kind is not Kind.STRINGS else ()
    hint = hint_of(view, path, field)
    return FormField(field.key, field.key, field, format_value(field, value), choices, hint, placeholder)


def read_form(fields: Sequence[FormField], texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the texts say as data in the order of the fields, and for those that say nothing readable a sentence.

    A line that is empty says nothing; a switch that is off neither, where that is the default.
    """
    data: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for one in fields:
        text = texts.get(one.key, "")
        if not text.strip():
            continue
        try:
            data[one.key] = parse_value(one.field, text)
        except ValueError as error:
            faults[one.key] = str(error)
    return data, faults
