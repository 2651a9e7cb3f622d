"""What a typed text would do to the manifest, and how a field is offered for editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.fields import Field, Kind, format_value, human_bytes, parse_value
from loadmaster.tui.manifest_view import NO_COMPONENT, ManifestView, strings
from loadmaster.tui.widgets.field_editor import Edited, Verdict

if TYPE_CHECKING:
    from loadmaster.session import Session

Edit = Callable[[Document], Document]


def edited(view: ManifestView, path: KeyPath, field: Field) -> Edited:
    """The field at a path, as the editor is given it. An item of a list is edited as a text of its own."""
    value = view.document.get(path)
    text = str(value) if _is_item(path) and isinstance(value, str) else format_value(field, value)
    model_id = str(path[1]) if len(path) > 1 and path[0] == "models" else None
    faults = tuple(view.faults.at(model_id, path))
    return Edited(path, field, text, choices_of(view, path, field), hint_of(view, path, field), faults=faults)


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
            own = [one.name for one in view.summary(path[1]).components if one.name != NO_COMPONENT]
    return tuple(dict.fromkeys([*own, *field.choices]))


def hint_of(view: ManifestView, path: KeyPath, field: Field) -> str:
    """What stands below the line while nothing is typed: what the field means, its unit and bounds."""
    parts = [field.doc]
    if field.unit and field.unit not in field.doc.lower().split():
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
    if leaves_out(field, text):
        return (lambda document: document.unset(path)) if has_value else None
    value = read_text(path, field, text)
    return lambda document: document.set(path, value)


def leaves_out(field: Field, text: str) -> bool:
    """Whether a text takes the key out: an emptied line of what may be absent."""
    return not text.strip() and not field.required and (field.kind is not Kind.STRING or not _may_be_empty(field))


def edit_for_all(document: Document, places: Sequence[KeyPath], field: Field, text: str) -> Edit | None:
    """The edit that a text asks for at several places; None where it asks for nothing. Raises ValueError."""
    edits = [edit_for(place, field, text, document.has(place)) for place in places]
    wanted = [edit for edit in edits if edit is not None]
    if not wanted:
        return None

    def all_of_them(document: Document) -> Document:
        for edit in wanted:
            document = edit(document)
        return document

    return all_of_them


def judge_edit(
    session: Session, edit_of: Callable[[str], Edit | None], reading: Callable[[str], str], text: str
) -> Verdict:
    """What a text would bring, where `edit_of` gives the edit that it asks for and `reading` how it is read."""
    try:
        edit = edit_of(text)
        read = reading(text)
        if edit is None:
            return Verdict(reading=read)
        _, come, went = session.preview(edit)
        new, gone = by_new_names(come, went)
    except (ValueError, EditRefused) as refusal:
        return Verdict(refusal=str(refusal))
    return Verdict(tuple(new), tuple(gone), read)


def by_new_names(come: Sequence[Finding], went: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Those that came and those that went, without such as only have another name: of a renamed file or model."""
    before, after = ({(one.code, one.path[2:]) for one in some} for some in (went, come))
    return (
        [one for one in come if (one.code, one.path[2:]) not in before],
        [one for one in went if (one.code, one.path[2:]) not in after],
    )


def reading_of(path: KeyPath, field: Field, text: str) -> str:
    """How a text is read, where that is not plain from itself. Raises ValueError."""
    if not text.strip():
        if field.required or _is_item(path) or (field.kind is Kind.STRING and _may_be_empty(field)):
            return ""
        return "left out" + (f": {format_value(field, field.default)} counts" if field.has_default else "")
    if field.unit != "bytes":
        return ""
    value = read_text(path, field, text)
    return f"= {value:,} bytes  ({human_bytes(value)})" if isinstance(value, int) else ""


def is_list(document: Document, path: KeyPath, field: Field) -> bool:
    """Whether what stands at a path is a list that is edited item by item: one of the format's, or none yet."""
    return field.kind is Kind.STRINGS and not _is_item(path) and isinstance(document.get(path, []), list)


def _is_item(path: KeyPath) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _may_be_empty(field: Field) -> bool:
    return field.key == "description"
