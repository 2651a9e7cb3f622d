"""Random edits, each with what it must make of the data and where it takes the comments: our own reckoning of both.

`moved` tells where a thing's path is afterwards: a path, None where it goes with what is removed, or FREE where the
thing is written anew, so that nothing is asked of the comments inside.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from loadmaster.document.document import Document

from .page import Page, Path, at_path
from .random_values import random_scalar, random_table, random_value

FREE: Path = ("\0free",)
Moved = Callable[[Path], Path | None]
NEW_IDS = ("new@1.0.0", "t2v-A14B@2.3.0", "x_y-z@0.0.1")


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: how it is done, the data that it must give, and the models that it may touch ("" is the top level)."""

    label: str
    apply: Callable[[Document], Document]
    expected: Any
    models: frozenset[str]
    moved: Moved
    kind: str = ""
    path: Path = ()
    index: int = -1
    to: int = -1
    undo: Callable[[Document], Document] | None = None
    """The edit that leads back, where that is exact."""


def unmoved(path: Path) -> Path:
    return path


def below(prefix: Path, path: Path) -> bool:
    return path[: len(prefix)] == prefix


def typed(value: Any) -> Any:
    """A value that is equal only to the same of the same type; `nan` is `nan`, `-0.0` is not `0.0`."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value).__name__, repr(value)


def owner(path: Path) -> frozenset[str]:
    return frozenset({str(path[1])} if path[:1] == ("models",) and len(path) > 1 else {""})


# Where things are afterwards


def _without(prefix: Path) -> Moved:
    return lambda path: None if below(prefix, path) else path


def _reindexed(prefix: Path, renumber: Callable[[int], int | None]) -> Moved:
    size = len(prefix)

    def moved(path: Path) -> Path | None:
        if not below(prefix, path) or len(path) == size:
            return path
        number = renumber(int(path[size]))
        return None if number is None else (*prefix, number, *path[size + 1 :])

    return moved


def without_item(prefix: Path, index: int) -> Moved:
    return _reindexed(prefix, lambda n: None if n == index else n - (n > index))


def with_item(prefix: Path, index: int) -> Moved:
    return _reindexed(prefix, lambda n: n + (n >= index))


def item_moved(prefix: Path, index: int, to: int, size: int) -> Moved:
    order = list(range(size))
    order.insert(to, order.pop(index))
    return _reindexed(prefix, order.index)


def _set(page: Page, path: Path, old: Any, new: Any) -> Moved:
    """How `set` is to treat what stood there: only what differs is written anew."""
    if typed(old) == typed(new):
        return unmoved
    is_spelled = page.thing("pair", path) or page.thing("item", path)
    both_tables = isinstance(old, dict) and isinstance(new, dict)
    if is_spelled:
        if both_tables and old and new:
            return _set_table(page, path, old, new)
        return lambda q: FREE if below(path, q) and q != path else q
    if both_tables:
        return _set_table(page, path, old, new)
    if isinstance(old, list) and isinstance(new, list) and new and all(isinstance(item, dict) for item in new):
        inner = [_set(page, (*path, n), a, b) for n, (a, b) in enumerate(zip(old, new, strict=False))]

        def moved(q: Path) -> Path | None:
            if not below(path, q) or q == path:
                return q
            number = int(q[len(path)])
            return inner[number](q) if number < len(inner) else None

        return moved
    return lambda q: FREE if below(path, q) else q


def _set_table(page: Page, path: Path, old: dict[str, Any], new: dict[str, Any]) -> Moved:
    inner = {name: _set(page, (*path, name), item, new[name]) for name, item in old.items() if name in new}

    def moved(q: Path) -> Path | None:
        if not below(path, q) or q == path:
            return q
        name = str(q[len(path)])
        return inner[name](q) if name in inner else None

    return moved


# What there is to edit


def _walk(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    found = [(path, value)] if path else []
    if isinstance(value, dict):
        for key, item in value.items():
            found += _walk(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            found += _walk(item, (*path, number))
    return found


def _changed(data: Any, path: Path, change: Callable[[Any, str | int], None]) -> Any:
    """A copy of `data` on which `change` was called with the container of `path` and the last name."""
    data = copy.deepcopy(data)
    change(at_path(data, path[:-1]) if len(path) > 1 else data, path[-1])
    return data


class Editor:
    """Chooses edits of one manifest."""

    def __init__(self, rng: Random, data: dict[str, Any], page: Page) -> None:
        self.rng, self.data, self.page = rng, data, page
        self.all = [(path, value) for path, value in _walk(data) if path != ("models",)]
        self.lists = [(path, value) for path, value in self.all if isinstance(value, list)]
        self.tables = [(path, value) for path, value in self.all if isinstance(value, dict)]
        self.models = list(data.get("models", {}))
        self.headers = set(page.headers)

    def edit(self) -> Edit:
        """An edit that this manifest allows."""
        kinds = (
            (self.set_scalar, 4),
            (self.set_new, 4),
            (self.set_any, 2),
            (self.set_list, 2),
            (self.set_table, 2),
            (self.unset, 4),
            (self.insert, 4),
            (self.remove, 3),
            (self.move, 4),
            (self.add_model, 1),
            (self.copy_model, 2),
            (self.rename_model, 2),
            (self.remove_model, 2),
        )
        makers = [make for make, weight in kinds for _ in range(weight)]
        while True:
            made: Edit | None = self.rng.choice(makers)()
            if made is not None:
                return made

    def _put(self, path: Path, value: Any, label: str, moved: Moved | None = None) -> Edit:
        def put(container: Any, name: str | int) -> None:
            container[name] = copy.deepcopy(value)

        old = at_path(self.data, path)
        return Edit(
            label,
            lambda document: document.set(path, value),
            _changed(self.data, path, put),
            owner(path),
            moved or _set(self.page, path, old, value),
            "set",
            path,
        )

    def set_scalar(self) -> Edit | None:
        scalars = [(path, value) for path, value in self.all if not isinstance(value, (dict, list))]
        if not scalars:
            return None
        path, value = self.rng.choice(scalars)
        return self._put(path, random_scalar(self.rng, value), "set a scalar")

    def set_new(self) -> Edit | None:
        """A key that is not there, sometimes in a table that is not there either."""
        path, table = self.rng.choice([*self.tables, ((), self.data)])
        name = self.rng.choice(("fps", "new_key", "a new key", "x@1.0.0", "shard_part", "meta"))
        if name in table or path == ("models",):
            return None
        new: Path = (*path, name)
        value = random_value(self.rng) if self.rng.random() < 0.6 else random_scalar(self.rng)
        if self.rng.random() < 0.15:
            inner: Path = (*new, "deep")
            expected = _changed(self.data, new, lambda at, key: at.__setitem__(key, {"deep": value}))
            return Edit(
                "set in a new table", lambda d: d.set(inner, value), expected, owner(new), unmoved, "new", inner
            )
        expected = _changed(self.data, new, lambda at, key: at.__setitem__(key, copy.deepcopy(value)))
        return Edit("set a new key", lambda d: d.set(new, value), expected, owner(new), unmoved, "new", new)

    def set_any(self) -> Edit | None:
        choices = [(path, value) for path, value in self.all if len(path) != 2 or path[0] != "models"]
        if not choices:
            return None
        path, _ = self.rng.choice(choices)
        value = random_value(self.rng)
        if path in self.headers and isinstance(path[-1], int) and not isinstance(value, dict):
            return None  # an item that is a table of its own can be nothing else
        return self._put(path, value, "set to anything")

    def set_list(self) -> Edit | None:
        """A whole list that differs in one item, so that it is plain which comments stay."""
        found = [(path, value) for path, value in self.lists if value and not any(isinstance(x, dict) for x in value)]
        found = [(path, value) for path, value in found if len({repr(typed(item)) for item in value}) == len(value)]
        if not found:
            return None
        path, old = self.rng.choice(found)
        index = self.rng.randrange(len(old))
        fresh = "quite new"
        kind = self.rng.randrange(3)
        if kind == 0 and len(old) > 1:
            return self._put(path, old[:index] + old[index + 1 :], "set a list, one less", without_item(path, index))
        if kind == 1:
            moved: Moved = lambda q: FREE if below((*path, index), q) and len(q) > len(path) + 1 else q  # noqa: E731
            return self._put(path, [*old[:index], fresh, *old[index + 1 :]], "set a list, one other", moved)
        return self._put(path, [*old[:index], fresh, *old[index:]], "set a list, one more", with_item(path, index))

    def set_table(self) -> Edit | None:
        """A whole table that differs in one key."""
        found = [(path, value) for path, value in self.tables if value and len(path) > 1]
        if not found:
            return None
        path, old = self.rng.choice(found)
        new = copy.deepcopy(old)
        name = self.rng.choice(list(old))
        kind = self.rng.randrange(3)
        if kind == 0 and len(old) > 1:
            del new[name]
        elif kind == 1:
            new[name] = random_value(self.rng)
        else:
            new["added"] = random_value(self.rng)
        return self._put(path, new, "set a table")

    def unset(self) -> Edit | None:
        choices = [(path, value) for path, value in self.all if isinstance(path[-1], str)]
        choices = [(path, value) for path, value in choices if path[:1] != ("models",) or len(path) > 2]
        if not choices:
            return None
        path, _ = self.rng.choice(choices)
        expected = _changed(self.data, path, lambda at, key: at.__delitem__(key))
        return Edit("unset", lambda d: d.unset(path), expected, owner(path), _without(path), "unset", path)

    # Items

    def _item(self, path: Path, old: list[Any]) -> Any:
        if any(isinstance(item, dict) for item in old):
            table = random_table(self.rng)
            if self.rng.random() < 0.5:
                table = {"path": "vae/new.pth", "size": 1, "component": self.rng.choice(("unet", "vae"))}
            return table
        return random_scalar(self.rng, "") if self.rng.random() < 0.8 else random_value(self.rng)

    def insert(self) -> Edit | None:
        if not self.lists:
            return None
        path, old = self.rng.choice(self.lists)
        index = self.rng.randrange(len(old) + 1)
        value = self._item(path, old)
        expected = _changed(self.data, path, lambda at, key: at[key].insert(index, copy.deepcopy(value)))
        moved = with_item(path, index)
        if not old and isinstance(value, dict) and value:
            moved = lambda q: FREE if below(path, q) else q  # noqa: E731  (an empty array becomes tables)
        return Edit(
            "insert", lambda d: d.insert_item(path, index, value), expected, owner(path), moved, "insert", path, index
        )

    def remove(self) -> Edit | None:
        found = [(path, value) for path, value in self.lists if value]
        if not found:
            return None
        path, old = self.rng.choice(found)
        index = self.rng.randrange(len(old))
        if len(old) == 1 and (*path, 0) in self.headers:
            expected = _changed(self.data, path, lambda at, key: at.__delitem__(key))
        else:
            expected = _changed(self.data, path, lambda at, key: at[key].pop(index))
        moved = without_item(path, index)
        return Edit("remove", lambda d: d.remove_item(path, index), expected, owner(path), moved, "remove", path, index)

    def move(self) -> Edit | None:
        found = [(path, value) for path, value in self.lists if len(value) > 1]
        if not found:
            return None
        path, old = self.rng.choice(found)
        index, to = self.rng.randrange(len(old)), self.rng.randrange(len(old))
        expected = _changed(self.data, path, lambda at, key: at[key].insert(to, at[key].pop(index)))
        moved = item_moved(path, index, to, len(old))
        return Edit(
            "move",
            lambda d: d.move_item(path, index, to),
            expected,
            owner(path),
            moved,
            "move",
            path,
            index,
            to,
            lambda d: d.move_item(path, to, index),
        )

    # Models

    def _new_id(self) -> str | None:
        fresh = [name for name in NEW_IDS if name not in self.models]
        return self.rng.choice(fresh) if fresh else None

    def add_model(self) -> Edit | None:
        name = self._new_id()
        if name is None:
            return None
        value = {"version": "1.0.0", **random_table(self.rng)}
        if self.rng.random() < 0.5:
            value |= {"defaults": {"fps": 24}, "files": [{"path": "a", "size": 1}, {"path": "b", "size": 2}]}
        expected = copy.deepcopy(self.data)
        expected.setdefault("models", {})[name] = copy.deepcopy(value)
        return Edit("add a model", lambda d: d.add_model(name, value), expected, frozenset({name}), unmoved, "add")

    def copy_model(self) -> Edit | None:
        new = self._new_id()
        if new is None or not self.models:
            return None
        old = self.rng.choice(self.models)
        expected = copy.deepcopy(self.data)
        expected["models"][new] = copy.deepcopy(expected["models"][old])
        return Edit(
            "copy a model",
            lambda d: d.copy_model(old, new),
            expected,
            frozenset({new}),
            renamed(old, new),
            "copy",
            ("models", old),
        )

    def rename_model(self) -> Edit | None:
        new = self._new_id()
        if new is None or not self.models:
            return None
        old = self.rng.choice(self.models)
        expected = copy.deepcopy(self.data)
        expected["models"][new] = expected["models"].pop(old)
        return Edit(
            "rename a model",
            lambda d: d.rename_model(old, new),
            expected,
            frozenset({old, new}),
            renamed(old, new),
            "rename",
            ("models", old),
            undo=lambda d: d.rename_model(new, old),
        )

    def remove_model(self) -> Edit | None:
        if not self.models:
            return None
        old = self.rng.choice(self.models)
        path: Path = ("models", old)
        expected = _changed(self.data, path, lambda at, key: at.__delitem__(key))
        return Edit(
            "remove a model",
            lambda d: d.remove_model(old),
            expected,
            frozenset({old}),
            _without(path),
            "remove model",
            path,
        )


def renamed(old: str, new: str) -> Moved:
    return lambda path: ("models", new, *path[2:]) if below(("models", old), path) else path


def random_edit(rng: Random, data: dict[str, Any], page: Page) -> Edit:
    """An edit that can be made of a manifest that says `data` and reads as `page`."""
    return Editor(rng, data, page).edit()
