"""What differs between two manifests: models and fields, not lines.

Files are told by their path and not by their place in the list, and a model that only changed its id is a renamed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from loadmaster.document.data_merge import has_paths
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import same

Kind = Literal["added", "removed", "changed", "moved"]
ModelKind = Literal["added", "removed", "changed", "renamed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, or one file, that differs. `path` counts from the model (or the top level), and names a file by its
    path; `old` and `new` are values, None where there is none. A list that only changed its order was moved."""

    kind: Kind
    path: KeyPath
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class ModelChange:
    """One model that differs: its id in the new manifest, or in the old one where it was removed.

    `old_id` is given for a renamed one. `data` is what an added or removed model says.
    """

    kind: ModelKind
    model_id: str
    changes: tuple[FieldChange, ...] = ()
    old_id: str | None = None
    data: Any = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between two manifests; it is true where anything does."""

    root: tuple[FieldChange, ...]
    models: tuple[ModelChange, ...]

    def __bool__(self) -> bool:
        return bool(self.root or self.models)


def compare(old: Document, new: Document) -> Comparison:
    """What differs from `old` to `new`. What cannot be read of either is not compared."""
    root = tuple(_fields(old.root_data, new.root_data, ()))
    before = {model_id: old.raw_model(model_id) for model_id in old.model_ids}
    after = {model_id: new.raw_model(model_id) for model_id in new.model_ids}
    removed = [model_id for model_id in before if model_id not in after]
    old_ids = renamed_models(
        {model_id: before[model_id] for model_id in removed},
        {model_id: data for model_id, data in after.items() if model_id not in before},
    )
    removed = [model_id for model_id in removed if model_id not in old_ids.values()]
    models: list[ModelChange] = []
    for model_id, data in after.items():
        if model_id in before:
            changes = tuple(_fields(before[model_id], data, ()))
            if changes:
                models.append(ModelChange("changed", model_id, changes))
            continue
        source = old_ids.get(model_id)
        if source is None:
            models.append(ModelChange("added", model_id, data=data))
        else:
            models.append(ModelChange("renamed", model_id, tuple(_fields(before[source], data, ())), source))
    models += (ModelChange("removed", model_id, data=before[model_id]) for model_id in removed)
    return Comparison(root, tuple(models))


def renamed_models(removed: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, str]:
    """Which of the added models are removed ones under another id: the old ids by the new ones."""
    left, found = dict(removed), dict[str, str]()
    for new_id, data in added.items():
        old_id = next((one for one, old in left.items() if _is_renamed(old, data)), None)
        if old_id is not None:
            found[new_id] = old_id
            del left[old_id]
    return found


def _is_renamed(old: Any, new: Any) -> bool:
    """Whether two models say the same but for what goes with a new id."""
    if not isinstance(old, dict) or not isinstance(new, dict) or not old:
        return same(old, new)
    own = ("version", "description", "sources")
    return all(same(old.get(key), new.get(key)) for key in {*old, *new} - set(own)) and "files" in new


def _fields(old: Any, new: Any, path: KeyPath) -> Iterator[FieldChange]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield from _values(old, new, path)
        return
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            yield FieldChange("removed", (*path, key), old=old[key])
        elif key not in old:
            yield FieldChange("added", (*path, key), new=new[key])
        else:
            yield from _fields(old[key], new[key], (*path, key))


def _values(old: Any, new: Any, path: KeyPath) -> Iterator[FieldChange]:
    if same(old, new):
        return
    if all(items == [] or has_paths(items) for items in (old, new)):
        yield from _files(old, new, path)
    elif isinstance(old, list) and isinstance(new, list) and _is_reordered(old, new):
        yield FieldChange("moved", path, old, new)
    else:
        yield FieldChange("changed", path, old, new)


def _files(old: Sequence[Any], new: Sequence[Any], path: KeyPath) -> Iterator[FieldChange]:
    before = {item["path"]: item for item in old}
    after = {item["path"]: item for item in new}
    for name, item in after.items():
        if name in before:
            yield from _fields(before[name], item, (*path, name))
        else:
            yield FieldChange("added", (*path, name), new=item)
    for name, item in before.items():
        if name not in after:
            yield FieldChange("removed", (*path, name), old=item)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        yield FieldChange("moved", path, kept_before, kept_after)


def _is_reordered(old: list[Any], new: list[Any]) -> bool:
    rest = list(old)
    for item in new:
        at = next((index for index, other in enumerate(rest) if same(item, other)), None)
        if at is None:
            return False
        del rest[at]
    return not rest
