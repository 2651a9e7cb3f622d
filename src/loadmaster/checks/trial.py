"""Whether a fix would bring another error: the change is tried on plain data before the fix is offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.view import ModelView, Path
from loadmaster.manifest.paths import path_key

Change = Callable[[dict[str, Any]], None]
_CROSS_FILE = ("required_components", "optional_components")


def changed_at(data: Mapping[str, Any], path: Path, change: Change) -> dict[str, Any]:
    """A copy of `data` in which `change` was made to the table at `path`. What is not on the way is shared."""
    copy: dict[str, Any] = dict(data)
    table: Any = copy
    for name in path:
        item = table[name]
        table[name] = list(item) if isinstance(item, list) else dict(item)
        table = table[name]
    change(table)
    return copy


def brings_error(view: ModelView, path: Path, change: Change) -> bool:
    """Whether `change`, made to the model's table at `path`, would bring an error that is not there now.

    A change of one file is tried on a model of that file alone, so that it costs the same in a model of a thousand.
    """
    before: Mapping[str, Any] = view.data
    if len(path) == 2 and path[0] == "files" and isinstance(path[1], int):
        index = path[1]
        before = {key: value for key, value in view.data.items() if key not in _CROSS_FILE}
        before["files"] = [view.data["files"][index]]
        after = changed_at(before, ("files", 0), change)
        if _meets_another(view, index, after["files"][0].get("path")):
            return True
        # The file's path may be what changes, so its errors are compared by their rules.
        return not {key[0] for key in _errors(view, after)} <= {key[0] for key in _errors(view, before)}
    return not _errors(view, changed_at(before, path, change)) <= _errors(view, before)


def _meets_another(view: ModelView, index: int, path: object) -> bool:
    """Whether another file of the model has this path, or one that some systems cannot tell from it."""
    if not isinstance(path, str):
        return False
    places = view.places
    key = path_key(path)
    end = key.find("/")
    while end != -1:
        if places.files.get(key[:end], set()) - {index}:
            return True
        end = key.find("/", end + 1)
    return bool((places.files.get(key, set()) | places.folders.get(key, set())) - {index})


def _errors(view: ModelView, data: Mapping[str, Any]) -> set[tuple[str, ...]]:
    from loadmaster.checks.families import model_findings  # the families ask for trials themselves

    trial = ModelView(view.model_id, data, view.damaged, trial=True)
    return {finding.key for finding in model_findings(trial) if finding.severity is Severity.ERROR}
