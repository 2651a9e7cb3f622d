"""What a typed text would do to the manifest, and how a field is offered for editing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.fields import Field, Kind, format_value, human_bytes, parse_value
from loadmaster.tui.manifest_view import ManifestView, strings
from loadmaster.tui.widgets.field_editor import Edited, Verdict

if TYPE_CHECKING:
    from loadmaster.session import Session

Edit = Callable[[Document], Document]


def edited(view: ManifestView, path: KeyPath, field: Field) -> Edited:
    """The field at a path, as the editor is given it. An item of a list is edited as a text of its own."""
    value = view.document.get(path)
    text = str(value) if _is_item(path) and isinstance(value, str) else format_value(field, value)
    return Edited(path, field, text, choices_of(view, path, field), hint_of(view, path, field))


def choices_of(view: ManifestView, path: KeyPath, field: Field) -> tuple[str, ...]:
    """What can be picked from: what the model itself has, then what the format suggests."""
    if field.kind is Kind.BOOLEAN:
        return ("true", "false")
    if field.kind is Kind.STRINGS and not _is_item(path):
        return ()
    own: list[str] = []
    if len(path) > 1 and isinstance(path[1], str):
        data = view.document.model_data(path[1])
        if field.choices_from == "variants":
            own = strings(data.get("variants"))
        elif field.choices_from == "components":
            own = [component.name for component in view.summary(path[1]).components]
    return tuple(dict.fromkeys([*own, *field.choices]))


def hint_of(view: ManifestView, path: KeyPath, field: Field) -> str:
    """What stands below the line while nothing is typed: what the field means, its unit and bounds."""
    parts = [field.doc]
    if field.unit:
        parts.append(f"In {field.unit}." if field.key != "size" else "In bytes; 4.7 GiB and 9.8 GB are read too.")
    if field.minimum is not None:
        parts.append(f"{'More than' if field.exclusive_minimum else 'At least'} {field.minimum:g}.")
    return " ".join(parts)


def read_text(path: KeyPath, field: Field, text: str) -> Any:
    """The value that a text means. Raises ValueError with a sentence."""
    if _is_item(path):
        return text.strip()
    return parse_value(field, text)


def edit_for(path: KeyPath, field: Field, text: str, has_value: bool) -> Edit | None:
    """The edit that a text asks for; None where it asks for nothing. Raises ValueError with a sentence.

    An emptied line takes an optional key out, for in a form that is what emptiness means; a string may be empty.
    """
    if not text.strip() and not field.required and (field.kind is not Kind.STRING or not _may_be_empty(field)):
        return (lambda document: document.unset(path)) if has_value else None
    value = read_text(path, field, text)
    return lambda document: document.set(path, value)


def judge(session: Session, path: KeyPath, field: Field, text: str) -> Verdict:
    """What a text would bring."""
    try:
        edit = edit_for(path, field, text, session.document.has(path))
        reading = _reading(path, field, text)
        if edit is None:
            return Verdict()
        _, new, gone = session.preview(edit)
    except (ValueError, EditRefused) as refusal:
        return Verdict(refusal=str(refusal))
    return Verdict(tuple(new), tuple(gone), reading)


def _reading(path: KeyPath, field: Field, text: str) -> str:
    """How a text is read, where that is not plain from itself."""
    if not text.strip():
        return "left out" + (f": {format_value(field, field.default)} counts" if field.has_default else "")
    if field.unit != "bytes":
        return ""
    value = read_text(path, field, text)
    return f"= {value:,} bytes  ({human_bytes(value)})" if isinstance(value, int) else ""


def _is_item(path: KeyPath) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _may_be_empty(field: Field) -> bool:
    return field.key == "description"
