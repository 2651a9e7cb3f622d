"""What the tables of a text say: the data of the whole, of one model, of the top level, each read when first asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from loadmaster.document.grouping import ROOT, Grouping, group_of
from loadmaster.document.layout import Layout
from loadmaster.document.places import KeyPath
from loadmaster.document.table_data import TableData, read_together
from loadmaster.document.table_sequence import Sums, TableSequence
from loadmaster.document.tables import Table

# The group of all tables, where models are spelled outside of tables of their own; no key can be a lone surrogate.
_WHOLE = "\ud800"
_MISSING = object()


def _holds(value: Any, name: str | int) -> bool:
    if isinstance(name, str):
        return isinstance(value, Mapping) and name in value
    return isinstance(value, list) and -len(value) <= name < len(value)


class Reading:
    """The tables of a text, and what they say. Models are read one by one, so that a change of one costs only that."""

    __slots__ = ("_data", "_grouping", "_is_whole", "_text", "_together", "tables")

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables if isinstance(tables, TableSequence) else TableSequence(tables)
        self._text: str | None = None
        self._grouping: Grouping | None = None
        self._is_whole: bool | None = None
        self._together: dict[str, TableData] = {}
        self._data: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """The whole text, a byte-order mark included."""
        if self._text is None:
            self._text = "".join(self.tables.texts())
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
                self._data = self.group(ROOT).data
            else:
                data = dict(self.group(ROOT).data)
                names = [name for name in self.groups if name != ROOT]
                if names or "models" in data:
                    data["models"] = {name: self.group(name).data["models"][name] for name in names if self._says(name)}
                self._data = data
        return self._data

    @property
    def root_data(self) -> dict[str, Any]:
        """The top-level keys besides `models`. Not to be changed."""
        return {key: value for key, value in self.group(ROOT).data.items() if key != "models"}

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The keys of `models`, in the order in which they first stand in the file."""
        if self.is_whole:
            models = self.group(ROOT).data.get("models")
            return tuple(models) if isinstance(models, dict) else ()
        return self.grouping.model_ids

    def model_data(self, model_id: str) -> dict[str, Any]:
        """What the file says of one model; empty where that is no table. Not to be changed."""
        data = self.raw_model(model_id)
        return data if isinstance(data, dict) else {}

    def raw_model(self, model_id: str) -> Any:
        """The value of `models."model_id"`, whatever its type; None where there is none."""
        if self.is_whole:
            models = self.group(ROOT).data.get("models")
        elif model_id == ROOT or model_id not in self.groups:
            return None
        else:
            models = self._read(model_id).data.get("models")
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
            value, rest = self.group(ROOT).data, path
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
    def starts(self) -> Sums:
        """The offset of each table, and the length of the text behind them."""
        return self.tables.starts

    def model_tables(self, model_id: str) -> Sequence[int]:
        """The indices of the tables whose headers name the model."""
        return self.groups.get(model_id, ())

    @property
    def grouping(self) -> Grouping:
        """Which tables are those of which model."""
        if self._grouping is None:
            self._grouping = Grouping.of(self.tables)
        return self._grouping

    @property
    def groups(self) -> Mapping[str, Sequence[int]]:
        """The indices of the tables of each model, by its id; under the empty name those of none."""
        return self.grouping.indices

    @property
    def is_whole(self) -> bool:
        """Whether models are spelled outside of tables of their own, so that all tables must be read together."""
        if self._is_whole is None:
            own = self.tables[0].data.get("models", _MISSING)
            if own is _MISSING:
                self._is_whole = bool(self._read(ROOT).data.get("models"))
            else:
                self._is_whole = not self.has_stray_models
        return self._is_whole

    @property
    def has_stray_models(self) -> bool:
        """Whether `models` is a value that is no table (`models = 3`) though headers name models.

        That key is then the fault, not all the headers that it would shut out.
        """
        own = self.tables[0].data.get("models", _MISSING)
        return own is not _MISSING and not isinstance(own, dict) and len(self.groups) > 1

    def _read(self, name: str) -> TableData:
        data = self._together.get(name)
        if data is None:
            tables = self.tables if name == _WHOLE else [self.tables[index] for index in self.groups[name]]
            data = self._together[name] = read_together(tables)
        return data

    def group(self, name: str) -> TableData:
        """What the tables of a group say together: of one model by its id, of no model by the empty name."""
        return self._read(_WHOLE if self.is_whole else name)

    def group_tables(self, name: str) -> Sequence[int]:
        """The indices of the tables that `group` reads."""
        return range(len(self.tables)) if self.is_whole else self.groups[name]

    def carry_from(self, other: Self, first: int, old: Sequence[Table], fresh: Sequence[Table]) -> None:
        """Take over what `other` has read of all groups but those of `old`, its tables from the index `first` on, and
        of `fresh`, which are here in their place."""
        self._together = dict(other._together)
        for name in {_WHOLE, *map(group_of, old), *map(group_of, fresh)}:
            self._together.pop(name, None)
        if other._grouping is not None:
            self._grouping = other._grouping.spliced(self.tables, first, old, fresh)

    def _says(self, name: str) -> bool:
        return name in self.group(name).data.get("models", {})

    def layout(self, path: KeyPath) -> Layout:
        """The tables that can hold `path`, each with the path of its own keys."""
        name = str(path[1]) if len(path) > 1 and path[0] == "models" and not self.is_whole else ROOT
        if name != ROOT and name not in self.groups:
            return Layout((), ())
        return Layout(tuple(self.group_tables(name)), tuple(self.group(name).paths))
