"""The edits of a document, each checked before it counts.

Every function gives a new document or raises EditRefused. What counts as done: the tables that were touched say what
the same edit makes of plain data, by type too; all other models and the top level say what they said; what was
touched can be written by `tomlkit` as it stands; new lines end as the file's lines do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from loadmaster.document import list_edits, model_edits, plain, value_edits
from loadmaster.document.document import Document
from loadmaster.document.edit_checks import require_decided, require_decided_model, require_only
from loadmaster.document.limits import MAX_KEY_PARTS
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import check_value, require_text, same
from loadmaster.document.splice import rescanned, spliced
from loadmaster.errors import EditRefused

_ABSENT = object()
_CHEAP = 2**20  # characters that are scanned anew in some 30 ms
_NEAR = 8  # tables around an edit whose damage could change what the edit means


def set_value(document: Document, path: KeyPath, value: Any) -> Document:
    """`document` with `value` at `path`; the same document where it says so already."""
    value = check_value(value)
    _require_path(document, path)
    current = document.get(path, _ABSENT)
    if current is not _ABSENT and same(current, value):
        return document
    if path == ("models",):
        raise EditRefused("Set one model at a time.")
    return _checked(
        document,
        path,
        lambda: value_edits.put(document, path, value),
        lambda data: plain.with_value(data, path, value),
    )


def unset(document: Document, path: KeyPath) -> Document:
    """`document` with nothing at `path`, the comment directly above gone with it."""
    _require_path(document, path)
    if not document.has(path):
        raise EditRefused(f"{_told(path)} is not there.", {"path": list(path)})
    if len(path) == 2 and path[0] == "models":
        return remove_model(document, str(path[1]))
    if isinstance(path[-1], int):
        return remove_item(document, path[:-1], path[-1])
    return _checked(document, path, lambda: value_edits.drop(document, path), lambda data: plain.without(data, path))


def insert_item(document: Document, path: KeyPath, index: int, value: Any) -> Document:
    """`document` with `value` in the list at `path`, before the item at `index`, or at the end."""
    value = check_value(value)
    _require_path(document, path)
    items = _items(document, path, [])
    if not 0 <= index <= len(items):
        raise EditRefused(f"{_told(path)} has {len(items)} items; there is no position {index}.")
    return _checked(
        document,
        path,
        lambda: value_edits.put_item(document, path, index, value),
        lambda data: plain.with_item(data, path, index, value),
    )


def remove_item(document: Document, path: KeyPath, index: int) -> Document:
    """`document` without the item at `index` of the list at `path`.

    The last table of a list of tables takes the key with it: TOML has no header for an empty list.
    """
    _require_path(document, path)
    items = _items(document, path)
    _require_index(path, items, index)
    gone = len(items) == 1 and value_edits.is_list_of_tables(document, path)
    return _checked(
        document,
        path,
        lambda: value_edits.drop_item(document, path, index),
        lambda data: plain.without(data, path if gone else (*path, index)),
    )


def move_item(document: Document, path: KeyPath, index: int, to: int) -> Document:
    """`document` with the item at `index` of the list at `path` moved, so that it then stands at `to`."""
    _require_path(document, path)
    items = _items(document, path)
    _require_index(path, items, index)
    _require_index(path, items, to)
    if index == to:
        return document
    return _checked(
        document,
        path,
        lambda: value_edits.move_item(document, path, index, to),
        lambda data: plain.with_value(data, path, plain.moved(items, index, to)),
    )


def copy_item(document: Document, path: KeyPath, index: int) -> Document:
    """`document` with a copy of the item at `index` of the list at `path` behind it, the comments of a table too."""
    _require_path(document, path)
    items = _items(document, path)
    _require_index(path, items, index)
    if not value_edits.is_list_of_tables(document, path):
        return insert_item(document, path, index + 1, items[index])
    return _checked(
        document,
        path,
        lambda: list_edits.copy_element(document, path, index),
        lambda data: plain.with_item(data, path, index + 1, items[index]),
    )


def add_model(document: Document, model_id: str, data: dict[str, Any]) -> Document:
    """`document` with a new model behind the last one, written as its neighbours are."""
    data = check_value(data)
    _require_new(document, model_id)
    path: KeyPath = ("models", model_id)
    return _checked(
        document,
        path,
        lambda: model_edits.add(document, model_id, data),
        lambda all_: plain.with_value(all_, path, data),
    )


def copy_model(document: Document, model_id: str, new_id: str) -> Document:
    """`document` with a copy of a model directly behind it, its comments included."""
    model_edits.require(document, model_id)
    _require_new(document, new_id)
    _require_whole_model(document, model_id)
    data = document.raw_model(model_id)
    path: KeyPath = ("models", new_id)
    return _checked(
        document,
        path,
        lambda: model_edits.copy_model(document, model_id, new_id),
        lambda all_: plain.with_value(all_, path, data),
    )


def rename_model(document: Document, model_id: str, new_id: str) -> Document:
    """`document` with every header of a model naming `new_id`, nested ones and those out of order too."""
    model_edits.require(document, model_id)
    if model_id == new_id:
        return document
    _require_new(document, new_id)
    _require_whole_model(document, model_id)
    data = document.raw_model(model_id)

    def expected(all_: dict[str, Any]) -> Any:
        return plain.with_value(plain.without(all_, ("models", model_id)), ("models", new_id), data)

    return _checked(
        document,
        ("models", new_id),
        lambda: model_edits.rename(document, model_id, new_id),
        expected,
        also=(model_id,),
    )


def remove_model(document: Document, model_id: str) -> Document:
    """`document` without a model and the comments that belong to its tables."""
    model_edits.require(document, model_id)
    require_decided_model(document, model_id)
    path: KeyPath = ("models", model_id)
    return _checked(
        document, path, lambda: model_edits.remove(document, model_id), lambda data: plain.without(data, path)
    )


def replace(document: Document, start: int, end: int, text: str) -> Document:
    """`document` with `text` in place of the characters from `start` to `end`; what is wrong then stands in `faults`.

    New lines end as the file's lines do. Nothing is asked of what the text says: this is the source pane's edit.
    """
    _require_readable(document)
    size = document.starts[-1]
    if not 0 <= start <= end <= size:
        raise EditRefused(f"There are no characters {start} to {end} in this text of {size}.")
    if document.starts[-1] and "\n" in text:
        text = text.replace("\r\n", "\n").replace("\n", document.newline)
    require_text(text)
    first, last = document.table_at(start), document.table_at(end)
    before = document.tables[first].text[: start - document.starts[first]]
    behind = document.tables[last].text[end - document.starts[last] :]
    piece = before + text + behind
    if size < _CHEAP and any(table.fault for table in document.tables[max(0, first - _NEAR) : last + 1 + _NEAR]):
        return rescanned(document, first, last + 1, piece)  # a bracket left open above may be closed now
    return spliced(document, first, last + 1, piece)


def _checked(
    document: Document,
    path: KeyPath,
    change: Callable[[], Document],
    expect: Callable[[dict[str, Any]], Any],
    also: tuple[str, ...] = (),
) -> Document:
    """The document that `change` gives, once it says what `expect` makes of the data; else EditRefused."""
    _require_readable(document)
    names = {*also, *([str(path[1])] if len(path) > 1 and path[0] == "models" else [])}
    try:
        new = change()
    except (AssertionError, IndexError, KeyError, ValueError, StopIteration) as error:
        raise EditRefused(
            f"{_told(path)} cannot be edited here without touching more. Open the source (s).", {"path": list(path)}
        ) from error
    require_decided(document, new)
    is_whole = document.is_whole or new.is_whole
    if not same(_pruned(_scope(new, names, is_whole)), _pruned(expect(_scope(document, names, is_whole)))):
        raise EditRefused(
            f"{_told(path)} is written in a way that cannot be edited exactly. Open the source (s).",
            {"path": list(path)},
        )
    require_only(document, new, names)
    return new


def _scope(document: Document, names: set[str], is_whole: bool) -> dict[str, Any]:
    """The data that an edit of these models, or of the top level, may change; all of it where tables cannot tell."""
    if is_whole or not names:
        return dict(document.data) if is_whole else dict(document.root_data)
    models = {name: document.raw_model(name) for name in names}
    return {"models": {name: value for name, value in models.items() if value is not None}}


def _pruned(data: Any) -> Any:
    """Without an empty `models`: a manifest that has lost its last model has none, however that is written."""
    if isinstance(data, dict) and data.get("models") == {}:
        return {key: value for key, value in data.items() if key != "models"}
    return data


def _require_readable(document: Document) -> None:
    if not document.is_readable:
        raise EditRefused("The file is not UTF-8, so it is shown read-only. Convert it first.")


def _require_path(document: Document, path: KeyPath) -> None:
    if not path:
        raise EditRefused("An edit needs a key.")
    if any(not isinstance(part, (str, int)) or isinstance(part, bool) for part in path):
        raise EditRefused("A key path holds names and positions only.")
    if len(path) > MAX_KEY_PARTS:
        raise EditRefused(f"A key path of more than {MAX_KEY_PARTS} parts cannot be read again.")
    for part in path:
        if isinstance(part, str):
            require_text(part)


def _require_new(document: Document, model_id: str) -> None:
    if not model_id:
        raise EditRefused("A model needs an id.")
    require_text(model_id)
    if document.raw_model(model_id) is not None or model_id in document.groups:
        raise EditRefused(f"There is a model {model_id} already.", {"model_id": model_id})
    require_decided_model(document, model_id)


def _require_whole_model(document: Document, model_id: str) -> None:
    """A model that cannot be read whole is not copied or renamed: what is unread would be lost from view."""
    require_decided_model(document, model_id)
    for fault in document.model_faults(model_id):
        if fault.kind != "unquoted-id":
            line = document.place_at(fault.start).line
            raise EditRefused(f"{model_id} cannot be read whole (line {line}: {fault.message}). Mend it first (s).")


def _require_index(path: KeyPath, items: list[Any], index: int) -> None:
    if not 0 <= index < len(items):
        raise EditRefused(f"{_told(path)} has {len(items)} items; there is no item {index}.")


def _items(document: Document, path: KeyPath, default: list[Any] | None = None) -> list[Any]:
    items = document.get(path, default)
    if not isinstance(items, list):
        raise EditRefused(f"{_told(path)} is not a list.")
    return items


def _told(path: KeyPath) -> str:
    return ".".join(str(part) for part in path)
