"""A manifest as a text: immutable, and all else derived from it when first asked.

A document holds the tables of its text. An edit makes a new document that shares every table it did not touch, with
all that was read of it, so an edit costs the size of what it changes and not of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal

from loadmaster.document import conflicts as _conflicts
from loadmaster.document.conflicts import Conflict
from loadmaster.document.merge import Merged, merge
from loadmaster.document.places import KeyPath, Place
from loadmaster.document.tables import Table, cut_tables

if TYPE_CHECKING:
    from loadmaster.document.layout import Layout

_ROOT = ""
_MISSING = object()


@dataclass(frozen=True, slots=True)
class TextFault:
    """A fault of the text itself: `kind` is syntax, limit, encoding, byte-order-mark, defined-twice, unquoted-id or
    merge-conflict. Offsets are into the document's text, the end exclusive; `first` is where it was defined before."""

    kind: str
    message: str
    start: int
    end: int
    model_id: str | None = None
    path: KeyPath = ()
    first: int | None = None


def _holds(value: Any, name: str | int) -> bool:
    if isinstance(name, str):
        return isinstance(value, Mapping) and name in value
    return isinstance(value, list) and -len(value) <= name < len(value)


class Document:
    """A manifest's text with what it says and where. Built by `from_text` or `from_bytes`; never changed.

    Every mutator gives a new document or raises :class:`loadmaster.errors.EditRefused`, and leaves each byte that it
    was not asked to change as it was.
    """

    __slots__ = (
        "_data",
        "_encoding_fault",
        "_groups",
        "_line_counts",
        "_merged",
        "_starts",
        "_text",
        "conflicts",
        "tables",
    )

    def __init__(self, tables: Sequence[Table], conflicts: tuple[Conflict, ...] = ()) -> None:
        self.tables: tuple[Table, ...] = tuple(tables)
        self.conflicts = conflicts
        self._text: str | None = None
        self._starts: list[int] | None = None
        self._line_counts: list[int] | None = None
        self._groups: dict[str, list[int]] | None = None
        self._merged: dict[str, Merged] = {}
        self._data: dict[str, Any] | None = None
        self._encoding_fault: TextFault | None = None

    @classmethod
    def from_text(cls, text: str) -> Document:
        """The document of `text`. Never raises: what is wrong with the text stands in `faults`."""
        conflicts = _conflicts.find_conflicts(text)
        document = cls(cut_tables(text, _conflicts.reading_text(text, conflicts)), conflicts)
        document._text = text
        return document

    @classmethod
    def from_bytes(cls, raw: bytes) -> Document:
        """The document of a file's bytes. Where they are no UTF-8 it shows U+FFFD and is read-only."""
        try:
            return cls.from_text(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            at = len(raw[: error.start].decode("utf-8"))
            document = cls.from_text(raw.decode("utf-8", errors="replace"))
            message = f"byte 0x{raw[error.start]:02x} at offset {error.start:,} is not UTF-8"
            document._encoding_fault = TextFault("encoding", message, at, at + 1)
            return document

    # What it says

    @property
    def text(self) -> str:
        """The whole text, a byte-order mark included."""
        if self._text is None:
            self._text = "".join([table.text for table in self.tables])
        return self._text

    @property
    def is_readable(self) -> bool:
        """False where the file's bytes were no UTF-8: then it can be looked at, not edited."""
        return self._encoding_fault is None

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
            if self._is_whole:
                self._data = self._group(_ROOT).data
            else:
                data = dict(self._group(_ROOT).data)
                names = [name for name in self._index if name != _ROOT]
                if names or "models" in data:
                    data["models"] = {
                        name: self._group(name).data["models"][name] for name in names if self._says(name)
                    }
                self._data = data
        return self._data

    @property
    def root_data(self) -> dict[str, Any]:
        """The top-level keys besides `models`. Not to be changed."""
        return {key: value for key, value in self._group(_ROOT).data.items() if key != "models"}

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The keys of `models`, in the order in which they first stand in the file."""
        if self._is_whole:
            models = self._group(_ROOT).data.get("models")
            return tuple(models) if isinstance(models, dict) else ()
        return tuple(name for name in self._index if name != _ROOT)

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
            value, rest = self._group(_ROOT).data, path
        for name in rest:
            if _holds(value, name):
                value = value[name]
            else:
                return default
        return value

    def has(self, path: KeyPath) -> bool:
        """Whether a value stands at `path`."""
        return self.get(path, _MISSING) is not _MISSING

    # What is wrong with the text

    @property
    def faults(self) -> tuple[TextFault, ...]:
        """All faults of the text, by where they stand. Reads every table."""
        own = list(self.text_faults)
        for name in self._groups_in_use:
            own += self._faults_of(name)
        return tuple(sorted(own, key=lambda fault: (fault.start, fault.end)))

    @property
    def text_faults(self) -> tuple[TextFault, ...]:
        """The faults that belong to no table: encoding, byte-order mark, merge conflicts."""
        found = [self._encoding_fault] if self._encoding_fault else []
        if self.tables[0].text[:1] == "\ufeff":
            found.append(TextFault("byte-order-mark", "the file starts with a byte-order mark", 0, 1))
        found += [
            TextFault("merge-conflict", "an unresolved merge conflict", conflict.start, conflict.end)
            for conflict in self.conflicts
        ]
        return tuple(found)

    @property
    def root_faults(self) -> tuple[TextFault, ...]:
        """The faults of the tables that belong to no model."""
        return self._faults_of(_ROOT)

    def model_faults(self, model_id: str) -> tuple[TextFault, ...]:
        """The faults of the tables of one model."""
        return self._faults_of(model_id) if not self._is_whole and model_id in self._index else ()

    def _faults_of(self, name: str) -> tuple[TextFault, ...]:
        faults = self._group(name).faults
        if not faults:
            return ()
        indices = self._indices(name)
        starts = self.starts
        model_id = name or None
        return tuple(
            TextFault(
                fault.kind,
                fault.message,
                starts[indices[fault.table]] + fault.start,
                starts[indices[fault.table]] + fault.end,
                model_id,
                fault.path,
                None if fault.first is None else self._header_offset(indices[fault.first]),
            )
            for fault in faults
        )

    def _header_offset(self, index: int) -> int:
        return self.starts[index] + self.tables[index].lead

    # Where it stands

    @property
    def starts(self) -> list[int]:
        """The offset of each table, and the length of the text behind them."""
        if self._starts is None:
            self._starts = list(accumulate((len(table.text) for table in self.tables), initial=0))
        return self._starts

    def place_at(self, start: int, end: int | None = None) -> Place:
        """The place of the characters from `start` to `end` (exclusive; `start` where it is not given)."""
        line, column = self._line_and_column(start)
        end_line, end_column = self._line_and_column(start if end is None else max(start, end))
        return Place(line, column, end_line, end_column)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        if self._line_counts is None:
            self._line_counts = list(accumulate((table.text.count("\n") for table in self.tables), initial=0))
        index = self.table_at(offset)
        text, inside = self.tables[index].text, offset - self.starts[index]
        line_start = text.rfind("\n", 0, inside) + 1
        line = self._line_counts[index] + text.count("\n", 0, inside) + 1
        # A table begins at the start of a line; the first character of a file with a mark is the mark.
        return line, inside - line_start + 1

    def offset_of(self, line: int, column: int = 1) -> int:
        """The offset of a line and column (from 1); the nearest that exists where they lie outside."""
        self._line_and_column(0)
        assert self._line_counts is not None
        wanted = max(line, 1) - 1
        index = min(max(bisect_right(self._line_counts, wanted) - 1, 0), len(self.tables) - 1)
        text = self.tables[index].text
        at = 0
        for _ in range(wanted - self._line_counts[index]):
            following = text.find("\n", at) + 1
            if not following:
                return self.starts[index] + len(text)
            at = following
        line_end = text.find("\n", at)
        return self.starts[index] + min(at + max(column, 1) - 1, len(text) if line_end < 0 else line_end)

    def table_at(self, offset: int) -> int:
        """The index of the table in which `offset` lies."""
        return min(max(bisect_right(self.starts, offset) - 1, 0), len(self.tables) - 1)

    def span(self, path: KeyPath, what: Literal["value", "key", "table"] = "value") -> tuple[int, int]:
        """The offsets of what stands at `path`: its value, its key, or the header of its table.

        Where nothing stands there, those of the nearest parent that exists.
        """
        from loadmaster.document.lookup import span_of  # the look-ups know documents

        return span_of(self, path, what)

    def place(self, path: KeyPath, what: Literal["value", "key", "table"] = "value") -> Place:
        """The place of what stands at `path`; see `span`."""
        return self.place_at(*self.span(path, what))

    def path_at(self, offset: int) -> KeyPath:
        """The path of the innermost value whose line or span holds `offset`; `()` where none does."""
        from loadmaster.document.lookup import path_at

        return path_at(self, offset)

    def model_spans(self, model_id: str) -> list[tuple[int, int]]:
        """The stretches of the text that are one model's tables, in order, joined where they touch."""
        spans: list[tuple[int, int]] = []
        for index in self.model_tables(model_id):
            start, end = self.starts[index], self.starts[index + 1]
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    def model_tables(self, model_id: str) -> list[int]:
        """The indices of the tables whose headers name the model."""
        return self._header_index.get(model_id, [])

    # Groups: the tables of one model, or of all that is no model

    @property
    def _header_index(self) -> dict[str, list[int]]:
        """The tables of each model by its headers; under the empty name those of none."""
        if self._groups is None:
            groups: dict[str, list[int]] = {_ROOT: []}
            for index, table in enumerate(self.tables):
                key = table.key
                name = key[1] if len(key) > 1 and key[0] == "models" else _ROOT
                if len(key) == 2 and table.header and table.header.is_array:
                    name = _ROOT
                groups.setdefault(name, []).append(index)
            self._groups = groups
        return self._groups

    @property
    def _index(self) -> dict[str, list[int]]:
        return self._header_index

    @property
    def _is_whole(self) -> bool:
        """Whether models are spelled outside of tables of their own, so that all tables must be read together."""
        return bool(self._root_alone.data.get("models")) or "models" in self.tables[0].data

    @property
    def _root_alone(self) -> Merged:
        merged = self._merged.get("\0root")
        if merged is None:
            merged = self._merged["\0root"] = merge([self.tables[index] for index in self._index[_ROOT]])
        return merged

    @property
    def _groups_in_use(self) -> list[str]:
        return [_ROOT] if self._is_whole else list(self._index)

    def _indices(self, name: str) -> Sequence[int]:
        return range(len(self.tables)) if name == _ROOT and self._is_whole else self._index[name]

    def _group(self, name: str) -> Merged:
        if name == _ROOT and not self._is_whole:
            return self._root_alone
        merged = self._merged.get(name)
        if merged is None:
            merged = self._merged[name] = merge([self.tables[index] for index in self._indices(name)])
        return merged

    def _model_group(self, model_id: str) -> Merged:
        if self._is_whole:
            return self._group(_ROOT)
        return self._group(model_id) if model_id != _ROOT and model_id in self._index else Merged()

    def _says(self, name: str) -> bool:
        return name in self._group(name).data.get("models", {})

    def layout(self, path: KeyPath) -> Layout:
        """The tables that can hold `path`, each with the path of its own keys."""
        from loadmaster.document.layout import Layout

        name = str(path[1]) if len(path) > 1 and path[0] == "models" and not self._is_whole else _ROOT
        if name != _ROOT and name not in self._index:
            return Layout((), ())
        if name == _ROOT and path == ("models",) and not self._is_whole:
            name = _ROOT
        return Layout(tuple(self._indices(name)), tuple(self._group(name).paths))
