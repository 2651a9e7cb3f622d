"""A manifest as a text: immutable, and all else derived from it when first asked.

A document holds the tables of its text. An edit makes a new document that shares every table it did not touch, with
all that was read of it, so an edit costs the size of what it changes and not of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal, cast

from loadmaster.document import conflicts as _conflicts
from loadmaster.document.conflicts import Conflict, Side
from loadmaster.document.places import KeyPath, Place
from loadmaster.document.reading import Reading
from loadmaster.document.tables import Table, cut_tables


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


class Document(Reading):
    """A manifest's text with what it says and where. Built by `from_text` or `from_bytes`; never changed.

    Every mutator gives a new document or raises :class:`loadmaster.errors.EditRefused`, and leaves each byte that it
    was not asked to change as it was.
    """

    __slots__ = ("_encoding_fault", "conflicts")

    def __init__(self, tables: Sequence[Table], conflicts: tuple[Conflict, ...] = ()) -> None:
        super().__init__(tables)
        self.conflicts = conflicts
        """The merge conflicts in the text, in order."""
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

    @property
    def is_readable(self) -> bool:
        """False where the file's bytes were no UTF-8: then it can be looked at, not edited."""
        return self._encoding_fault is None

    def side(self, side: Side) -> Document:
        """The document that remains once every merge conflict is decided for `side`: ours, theirs or both."""
        return Document.from_text(_conflicts.resolve(self.text, self.conflicts, side))

    # What is wrong with the text

    @property
    def faults(self) -> tuple[TextFault, ...]:
        """All faults of the text, by where they stand. Reads every table."""
        own = list(self.text_faults)
        for name in [""] if self.is_whole else self.groups:
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
        return self._faults_of("")

    def model_faults(self, model_id: str) -> tuple[TextFault, ...]:
        """The faults of the tables of one model."""
        return self._faults_of(model_id) if not self.is_whole and model_id in self.groups else ()

    def _faults_of(self, name: str) -> tuple[TextFault, ...]:
        faults = self.group(name).faults
        stray = (self._stray_models(),) if name == "" and self.has_stray_models else ()
        if not faults:
            return stray
        indices = self.group_tables(name)
        starts = self.starts
        model_id = name or None
        return stray + tuple(
            TextFault(
                fault.kind,
                fault.message,
                starts[indices[fault.table]] + fault.start,
                starts[indices[fault.table]] + fault.end,
                model_id,
                fault.path,
                None if fault.first is None else starts[indices[fault.first[0]]] + fault.first[1],
            )
            for fault in faults
        )

    def _stray_models(self) -> TextFault:
        start, end = self.span(("models",), "key")
        first = min(index for name, indices in self.groups.items() if name for index in indices)
        before = self.starts[first] + self.tables[first].lead
        return TextFault("defined-twice", "defined twice", start, end, None, ("models",), before)

    # Where it stands

    def place_at(self, start: int, end: int | None = None) -> Place:
        """The place of the characters from `start` to `end` (exclusive; `start` where it is not given)."""
        line, column = self._line_and_column(start)
        end_line, end_column = self._line_and_column(start if end is None else max(start, end))
        return Place(line, column, end_line, end_column)

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        index = self.table_at(offset)
        text, inside = self.tables[index].text, offset - self.starts[index]
        line_start = text.rfind("\n", 0, inside) + 1
        line = self.tables.lines[index] + text.count("\n", 0, inside) + 1
        # A table begins at the start of a line, but for a header right behind a byte-order mark.
        return line, inside - line_start + 1 + (len(self._lone_mark) if line == 1 and index else 0)

    @property
    def _lone_mark(self) -> str:
        """The byte-order mark, which is a character of the first line, where a header stands right behind it."""
        return "\ufeff" if self.tables[0].text == "\ufeff" else ""

    def offset_of(self, line: int, column: int = 1) -> int:
        """The offset of a line and column (from 1); the nearest that exists where they lie outside."""
        wanted = max(line, 1) - 1
        if wanted == 0 and self._lone_mark:
            column -= 1
            if column < 1:
                return 0
        index = self.tables.lines.table_at(wanted)
        text = self.tables[index].text
        at = 0
        for _ in range(wanted - self.tables.lines[index]):
            following = text.find("\n", at) + 1
            if not following:
                return self.starts[index] + len(text)
            at = following
        line_end = text.find("\n", at)
        return self.starts[index] + min(at + max(column, 1) - 1, len(text) if line_end < 0 else line_end)

    def table_at(self, offset: int) -> int:
        """The index of the table in which `offset` lies."""
        return self.starts.table_at(offset)

    def span(self, path: KeyPath, what: Literal["value", "key", "table"] = "value") -> tuple[int, int]:
        """The offsets of what stands at `path`: its value, its key, or the header of its table.

        A table without a header is where its braces are, or its first dotted key. Where nothing stands there, the
        offsets are those of the nearest parent that exists.
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

    # Edits: each gives a new document, or raises EditRefused and leaves this one as it is

    def set(self, path: KeyPath, value: Any) -> Document:
        """With `value` at `path`; what does not exist yet is put where the format has it, in the neighbours' style."""
        return cast(Document, _edits().set_value(self, path, value))

    def unset(self, path: KeyPath) -> Document:
        """With nothing at `path`; the comment directly above a key goes with it."""
        return cast(Document, _edits().unset(self, path))

    def insert_item(self, path: KeyPath, index: int, value: Any) -> Document:
        """With `value` in the list at `path` before the item at `index`."""
        return cast(Document, _edits().insert_item(self, path, index, value))

    def remove_item(self, path: KeyPath, index: int) -> Document:
        """Without the item at `index` of the list at `path`."""
        return cast(Document, _edits().remove_item(self, path, index))

    def move_item(self, path: KeyPath, index: int, to: int) -> Document:
        """With the item at `index` of the list at `path` moved to `to`, its index afterwards."""
        return cast(Document, _edits().move_item(self, path, index, to))

    def copy_item(self, path: KeyPath, index: int) -> Document:
        """With a copy of the item at `index` of the list at `path` directly behind it."""
        return cast(Document, _edits().copy_item(self, path, index))

    def add_model(self, model_id: str, data: dict[str, Any]) -> Document:
        """With a new model behind the last one."""
        return cast(Document, _edits().add_model(self, model_id, data))

    def copy_model(self, model_id: str, new_id: str) -> Document:
        """With a copy of a model directly behind it."""
        return cast(Document, _edits().copy_model(self, model_id, new_id))

    def rename_model(self, model_id: str, new_id: str) -> Document:
        """With every header of a model naming `new_id`."""
        return cast(Document, _edits().rename_model(self, model_id, new_id))

    def remove_model(self, model_id: str) -> Document:
        """Without a model and the comments that belong to its tables."""
        return cast(Document, _edits().remove_model(self, model_id))

    def replace(self, start: int, end: int, text: str) -> Document:
        """With `text` in place of the characters from `start` to `end`."""
        return cast(Document, _edits().replace(self, start, end, text))


def _edits() -> ModuleType:
    # Edits make documents, so they know this module; it reaches them only when asked, which also spares
    # a reader the import of tomlkit.
    from loadmaster.document import edits

    return edits
