"""Two people's changes of plain data, put together field by field. A list of files is told apart by their paths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loadmaster.document.plain import same


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT: Any = _Absent()
"""What a field says that is not there."""


class ByPath(dict[str, Any]):
    """A list of tables by the `path` that each has; their order says nothing here."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field, or a whole table, that both changed and not to the same; `path` names a file by its path.

    Values are as `keyed` gives them, ABSENT where there is none.
    """

    path: tuple[str, ...]
    ours: Any
    theirs: Any


def keyed(value: Any) -> Any:
    """`value` with every list of tables that have paths of their own, all different, as a ByPath."""
    if isinstance(value, dict):
        return {key: keyed(item) for key, item in value.items()}
    if has_paths(value):
        return ByPath((item["path"], keyed(item)) for item in value)
    return value


def plain_data(value: Any) -> Any:
    """The inverse of `keyed`."""
    if isinstance(value, ByPath):
        return [plain_data(item) for item in value.values()]
    if isinstance(value, dict):
        return {key: plain_data(item) for key, item in value.items()}
    return value


def has_paths(value: Any) -> bool:
    """Whether a value is a list of tables that their paths tell apart."""
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return False
    paths = [item.get("path") for item in value]
    return all(isinstance(path, str) for path in paths) and len(set(paths)) == len(paths)


def merge_data(base: Any, ours: Any, theirs: Any) -> tuple[Any, tuple[Clash, ...]]:
    """What both say together, of data that `keyed` gave; ours where they clash, and all clashes.

    Each side's change of a field counts where the other left it alone. A table that one side removed and the other
    changed is one clash.
    """
    clashes: list[Clash] = []
    return _merged(base, ours, theirs, (), clashes), tuple(clashes)


def _merged(base: Any, ours: Any, theirs: Any, path: tuple[str, ...], clashes: list[Clash]) -> Any:
    if ours is theirs or base is theirs or same(ours, theirs) or same(base, theirs):
        return ours
    if base is ours or same(base, ours):
        return theirs
    if isinstance(base, ByPath):
        # A list whose last table went is not written any more: it is empty, and not taken away as a whole.
        if ours is ABSENT and isinstance(theirs, ByPath):
            ours = ByPath()
        elif theirs is ABSENT and isinstance(ours, ByPath):
            theirs = ByPath()
    if isinstance(ours, dict) and type(ours) is type(theirs):
        before = base if type(base) is type(ours) else {}
        merged = type(ours)()
        for key in [*ours, *(key for key in theirs if key not in ours)]:
            value = _merged(
                before.get(key, ABSENT), ours.get(key, ABSENT), theirs.get(key, ABSENT), (*path, key), clashes
            )
            if value is not ABSENT:
                merged[key] = value
        # TOML has no header for a list of no tables.
        return ABSENT if isinstance(merged, ByPath) and not merged else merged
    clashes.append(Clash(path, ours, theirs))
    return ours
