"""What the tables of a text say: the data of the whole, of one model, of the top level, each read when first asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Self

from loadmaster.document.layout import Layout
from loadmaster.document.merge import Merged, merge
from loadmaster.document.places import KeyPath
from loadmaster.document.tables import Table

_ROOT = ""  # the group of the tables that belong to no model
# The group of all tables, where models are spelled outside of tables of their own; no key can be a lone surrogate.
_WHOLE = "\ud800"
_MISSING = object()


def group_of(table: Table) -> str:
    """The id of the model that a table's header names; empty for all others."""
    key = table.key
    if len(key) < 2 or key[0] != "models" or (len(key) == 2 and table.header and table.header.is_array):
        return _ROOT
    return key[1]


def _holds(value: Any, name: str | int) -> bool:
    if isinstance(name, str):
        return isinstance(value, Mapping) and name in value
    return isinstance(value, list) and -len(value) <= name < len(value)


class Reading:
    """The tables of a text, and what they say. Models are read one by one, so that a change of one costs only that."""

    __slots__ = ("_data", "_groups", "_merged", "_starts", "_text", "tables")

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables: tuple[Table, ...] = tuple(tables)
        self._text: str | None = None
        self._starts: list[int] | None = None
        self._groups: dict[str, list[int]] | None = None
        self._merged: dict[str, Merged] = {}
        self._data: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The whole text, a byte-order mark included."""
        if self._text is None:
            self._text = "".join([table.text for table in self.tables])
        return self._text

    @property
    def newline(self) -> str:
        """The newline that new lines get: the one that its first line ends with."""
        for table in self.tables:
            at = table.text.find("\n")
            if at >= 0:
                return "\r\n" if table.text[at - 1 : at] == "\r" else "\n"
        return "\n"

    @property
    def data(self) -> dict[str, Any]:
        """All that can be read of it as plain data; what `tomllib` gives where nothing is wrong. Not to be changed."""
        if self._data is None:
            if self.is_whole:
                self._data = self.group(_ROOT).data
            else:
                data = dict(self.group(_ROOT).data)
                names = [name for name in self.groups if name != _ROOT]
                if names or "models" in data:
                    data["models"] = {name: self.group(name).data["models"][name] for name in names if self._says(name)}
                self._data = data
        return self._data

    @property
    def root_data(self) -> dict[str, Any]:
        """The top-level keys besides `models`. Not to be changed."""
        return {key: value for key, value in self.group(_ROOT).data.items() if key != "models"}

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The keys of `models`, in the order in which they first stand in the file."""
        if self.is_whole:
            models = self.group(_ROOT).data.get("models")
            return tuple(models) if isinstance(models, dict) else ()
        return tuple(self.groups)[1:]  # the group of the top level is always the first

    def model_data(self, model_id: str) -> dict[str, Any]:
        """What the file says of one model; empty where that is no table. Not to be changed."""
        data = self.raw_model(model_id)
        return data if isinstance(data, dict) else {}

    def raw_model(self, model_id: str) -> Any:
        """The value of `models."model_id"`, whatever its type; None where there is none."""
        models = self._model_group(model_id).data.get("models")
        return models.get(model_id) if isinstance(models, dict) else None

    def get(self, path: KeyPath, default: Any = None) -> Any:
        """The value at `path`, or `default`."""
        value: Any
        if len(path) >= 2 and path[0] == "models" and isinstance(path[1], str):
            value, rest = self.raw_model(path[1]), path[2:]
            if value is None:
                return default
        elif path[:1] == ("models",) or not path:
            value, rest = self.data, path
        else:
            value, rest = self.group(_ROOT).data, path
        for name in rest:
            if _holds(value, name):
                value = value[name]
            else:
                return default
        return value

    def has(self, path: KeyPath) -> bool:
        """Whether a value stands at `path`."""
        return self.get(path, _MISSING) is not _MISSING

    @property
    def starts(self) -> list[int]:
        """The offset of each table, and the length of the text behind them."""
        if self._starts is None:
            self._starts = list(accumulate([len(table.text) for table in self.tables], initial=0))
        return self._starts

    def model_tables(self, model_id: str) -> list[int]:
        """The indices of the tables whose headers name the model."""
        return self.groups.get(model_id, [])

    @property
    def groups(self) -> dict[str, list[int]]:
        """The indices of the tables of each model, by its id; under the empty name those of none."""
        if self._groups is None:
            groups: dict[str, list[int]] = {_ROOT: []}
            # Header lines that are alike share one header, so few are looked at.
            by_header: dict[int, list[int]] = {}
            for index, table in enumerate(self.tables):
                indices = by_header.get(id(table.header))
                if indices is None:
                    indices = by_header[id(table.header)] = groups.setdefault(group_of(table), [])
                indices.append(index)
            self._groups = groups
        return self._groups

    @property
    def is_whole(self) -> bool:
        """Whether models are spelled outside of tables of their own, so that all tables must be read together."""
        own = self.tables[0].data.get("models", _MISSING)
        if own is _MISSING:
            return bool(self._merge(_ROOT).data.get("models"))
        return not self.has_stray_models

    @property
    def has_stray_models(self) -> bool:
        """Whether `models` is a value that is no table (`models = 3`) though headers name models.

        That key is then the fault, not all the headers that it would shut out.
        """
        own = self.tables[0].data.get("models", _MISSING)
        return own is not _MISSING and not isinstance(own, dict) and len(self.groups) > 1

    def _merge(self, name: str) -> Merged:
        merged = self._merged.get(name)
        if merged is None:
            tables = self.tables if name == _WHOLE else [self.tables[index] for index in self.groups[name]]
            merged = self._merged[name] = merge(tables)
        return merged

    def group(self, name: str) -> Merged:
        """What the tables of a group say together: of one model by its id, of no model by the empty name."""
        return self._merge(_WHOLE if self.is_whole else name)

    def group_tables(self, name: str) -> Sequence[int]:
        """The indices of the tables that `group` reads."""
        return range(len(self.tables)) if self.is_whole else self.groups[name]

    def carry_from(self, other: Self, touched: set[str], same_headers: bool) -> None:
        """Take over what `other`, whose tables this document mostly shares, has read of all groups but `touched`."""
        touched = touched | {_WHOLE}
        self._merged.update({name: merged for name, merged in other._merged.items() if name not in touched})
        if same_headers:
            self._groups = other._groups

    def _model_group(self, model_id: str) -> Merged:
        if self.is_whole:
            return self.group(_ROOT)
        return self.group(model_id) if model_id != _ROOT and model_id in self.groups else Merged()

    def _says(self, name: str) -> bool:
        return name in self.group(name).data.get("models", {})

    def layout(self, path: KeyPath) -> Layout:
        """The tables that can hold `path`, each with the path of its own keys."""
        name = str(path[1]) if len(path) > 1 and path[0] == "models" and not self.is_whole else _ROOT
        if name != _ROOT and name not in self.groups:
            return Layout((), ())
        return Layout(tuple(self.group_tables(name)), tuple(self.group(name).paths))
