"""What can be added at a place, the most fitting first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.tui.target import SUB_TABLES, Spot, Target


class Part(StrEnum):
    """The kinds of thing that can be added."""

    MODEL = "model"
    FILE = "file"
    TABLE = "table"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing that can be added: the key that picks it, what it is, where it goes.

    `path` is the model, the list or the table that it is or joins; `index` the position in a list.
    """

    key: str
    part: Part
    label: str
    note: str
    path: KeyPath = ()
    index: int = 0


_LISTS: tuple[tuple[str, str, KeyPath], ...] = (
    ("s", "source", ("sources", "priority")),
    ("v", "variant", ("variants",)),
    ("r", "resolution cap", ("resolution_caps",)),
    ("p", "allow pattern", ("allow_patterns",)),
    ("c", "required component", ("required_components",)),
    ("o", "optional component", ("optional_components",)),
)
_TABLE_KEYS = {"defaults": "d", "vram_estimation": "e"}
_NEW_MODEL = Addition("m", Part.MODEL, "model", "a new one, at the end of the manifest")


def additions(document: Document, target: Target, *, on_files: bool = False) -> list[Addition]:
    """What can be added at `target`. With `on_files` the files are looked at, so a file comes first."""
    if target.model_id is None or target.model_id not in document.model_ids:
        return [_NEW_MODEL]
    base: KeyPath = ("models", target.model_id)
    data = document.model_data(target.model_id)
    found = [_file(target, base, data)]
    found += (_item(key, name, (*base, *path), document, target) for key, name, path in _LISTS)
    found = [addition for addition in found if _is_list(document, addition.path)]
    found += (
        Addition(_TABLE_KEYS[name], Part.TABLE, f"table {name}", "its fields in a form", (*base, name))
        for name in SUB_TABLES
        if name in _TABLE_KEYS and name not in data
    )
    found.append(_NEW_MODEL)
    fitting = next((one for one in found if _fits(one, target, on_files)), None)
    return [fitting, *(one for one in found if one is not fitting)] if fitting else found


def _fits(addition: Addition, target: Target, on_files: bool) -> bool:
    if target.spot in (Spot.LIST, Spot.ITEM):
        wanted = target.path[:-1] if target.spot is Spot.ITEM else target.path
        return addition.path == wanted
    if target.table is not None:
        return addition.path[: len(target.table)] == target.table
    return addition.part is Part.FILE and (on_files or target.spot in (Spot.FILE, Spot.COMPONENT))


def _is_list(document: Document, path: KeyPath) -> bool:
    """Whether the place of a list is free, or holds one."""
    for size in range(3, len(path)):
        if not isinstance(document.get(path[:size], {}), dict):
            return False
    return isinstance(document.get(path, []), list)


def _file(target: Target, base: KeyPath, data: Mapping[str, Any]) -> Addition:
    files = data.get("files")
    files = files if isinstance(files, list) else []
    index = len(files)
    if target.spot is Spot.FILE:
        index = int(target.path[3]) + 1
    elif target.spot is Spot.COMPONENT:
        members = [i for i, file in enumerate(files) if _component(file) == target.component]
        index = members[-1] + 1 if members else index
    behind = _path_of(files, index - 1)
    note = f"behind {behind}" if behind else "the first one"
    return Addition("f", Part.FILE, "file", note, (*base, "files"), index)


def _item(key: str, name: str, path: KeyPath, document: Document, target: Target) -> Addition:
    items = document.get(path, [])
    size = len(items) if isinstance(items, list) else 0
    index = int(target.path[-1]) + 1 if target.spot is Spot.ITEM and target.path[:-1] == path else size
    shown = [str(item) for item in items[:3]] if isinstance(items, list) else []
    joined = ", ".join(shown) + (" …" if size > 3 else "")
    note = f"beside {joined}" if joined else f"{name}s: none yet"
    return Addition(key, Part.ITEM, name, note, path, index)


def _component(file: object) -> str:
    component = file.get("component") if isinstance(file, dict) else None
    return component if isinstance(component, str) else ""


def _path_of(files: Sequence[object], index: int) -> str:
    file = files[index] if 0 <= index < len(files) else None
    path = file.get("path") if isinstance(file, dict) else None
    return path if isinstance(path, str) else ""
