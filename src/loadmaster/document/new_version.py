"""A model under another id: copied as a new version, or renamed, with what names the old id rewritten where wanted.

What names the id is offered, never rewritten unasked: a source may well go on holding the files of the old version.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from loadmaster.document.comments import comment_spans
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.model_id import split_model_id

Held = Literal["id", "version", "name"]
"""What of an id is named: all of it, or its version or name alone."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A source, another string or a comment of a model that names its id, or only its name or version.

    `path` counts from the model and is empty for a comment. `comment` then tells which: the table of the model, and
    the comment in that table. `spans` are the names in `text`.
    """

    kind: Literal["source", "value", "comment"]
    holds: Held
    text: str
    spans: tuple[tuple[int, int], ...]
    path: KeyPath = ()
    comment: tuple[int, int] = (0, 0)

    @property
    def is_likely(self) -> bool:
        """Whether it is plainly about this id: sources, texts and comments are, a file's path names what is stored."""
        return self.holds == "id" and self.path[:1] != ("files",)

    def rewritten(self, new_id: str) -> str:
        """The text with the new id, or that part of it, in place of what was named."""
        parts = split_model_id(new_id)
        if self.holds == "id":
            new = new_id
        elif parts is not None:
            new = parts[0] if self.holds == "name" else parts[1]
        else:
            return self.text
        text = self.text
        for start, end in reversed(self.spans):
            text = text[:start] + new + text[end:]
        return text


def mentions(document: Document, model_id: str) -> tuple[Mention, ...]:
    """All that names a model within its own tables, values first, each in the order of the file.

    A string that holds the id is not told again for a part of it. The key `version` is none of them.
    """
    patterns = _patterns(model_id)
    found: list[Mention] = []
    for path, text in _strings(document.model_data(model_id), ()):
        if path == ("version",):
            continue
        kind: Literal["source", "value"] = "source" if path[:2] == ("sources", "priority") else "value"
        held = _held(text, patterns)
        if held is not None:
            found.append(Mention(kind, held[0], text, held[1], path))
    for table, number, text in _comments(document, model_id):
        held = _held(text, patterns)
        if held is not None:
            found.append(Mention("comment", held[0], text, held[1], (), (table, number)))
    return tuple(found)


def likely(found: Collection[Mention]) -> tuple[Mention, ...]:
    """Those that are rewritten unless someone says otherwise."""
    return tuple(mention for mention in found if mention.is_likely)


def new_version(
    document: Document, model_id: str, new_id: str, chosen: Collection[Mention] = (), *, write_version: bool = True
) -> Document:
    """`document` with a copy of a model behind it under `new_id`, its `version` written, the `chosen` mentions
    (of `mentions(document, model_id)`) rewritten. Raises EditRefused."""
    return _finished(document.copy_model(model_id, new_id), new_id, chosen, write_version)


def renamed(
    document: Document, model_id: str, new_id: str, chosen: Collection[Mention] = (), *, write_version: bool = True
) -> Document:
    """`document` with a model named `new_id` and the `chosen` mentions rewritten; `version` is written where the
    model has it. Raises EditRefused."""
    write = write_version and document.has(("models", model_id, "version"))
    return _finished(document.rename_model(model_id, new_id), new_id, chosen, write)


def _finished(document: Document, new_id: str, chosen: Collection[Mention], write_version: bool) -> Document:
    # Comments first and from the end: their offsets count on the text as it was copied.
    for mention in sorted((one for one in chosen if one.kind == "comment"), key=lambda one: one.comment, reverse=True):
        document = _with_comment(document, new_id, mention)
    for mention in chosen:
        if mention.kind != "comment":
            path: KeyPath = ("models", new_id, *mention.path)
            if document.get(path) != mention.text:
                raise EditRefused(f"{'.'.join(str(part) for part in path)} says something else by now.")
            document = document.set(path, mention.rewritten(new_id))
    parts = split_model_id(new_id)
    if write_version and parts is not None:
        document = document.set(("models", new_id, "version"), parts[1])
    return document


def _with_comment(document: Document, model_id: str, mention: Mention) -> Document:
    number, which = mention.comment
    tables = document.model_tables(model_id)
    if number >= len(tables):
        return document
    table = document.tables[tables[number]]
    spans = comment_spans(table)
    if which >= len(spans) or table.text[slice(*spans[which])] != mention.text:
        return document
    start, end = (document.starts[tables[number]] + at for at in spans[which])
    changed = document.replace(start, end, mention.rewritten(model_id))
    if changed.model_data(model_id) != document.model_data(model_id):
        raise EditRefused("The comment cannot be rewritten without touching more. Open the source (s).")
    return changed


def _comments(document: Document, model_id: str) -> Iterator[tuple[int, int, str]]:
    """The comments of a model's tables. One that stands between it and another model belongs to neither."""
    if document.is_whole:
        return
    tables = document.model_tables(model_id)
    for position, index in enumerate(tables):
        table = document.tables[index]
        goes_on = position + 1 < len(tables) and tables[position + 1] == index + 1
        for number, (start, end) in enumerate(comment_spans(table)):
            if goes_on or start < table.tail:
                yield position, number, table.text[start:end]


def _strings(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, index))


_Patterns = tuple[tuple[Held, re.Pattern[str]], ...]


def _patterns(model_id: str) -> _Patterns:
    """The id as a whole word, `t2v@1.0.0` not in `ti2v@1.0.0` nor in `t2v@1.0.01`; then its version, then its name."""
    whole = re.compile(rf"(?<![\w-]){re.escape(model_id)}(?![\w-]|\.\d)")
    parts = split_model_id(model_id)
    if parts is None:
        return (("id", whole),)
    version = re.compile(rf"(?:(?<![\w.])|(?<=\bv)){re.escape(parts[1])}(?![\w-]|\.\d)")
    name = re.compile(rf"(?<![\w-]){re.escape(parts[0])}(?![\w-])")
    return (("id", whole), ("version", version), ("name", name))


def _held(text: str, patterns: _Patterns) -> tuple[Held, tuple[tuple[int, int], ...]] | None:
    for holds, pattern in patterns:
        spans = tuple(match.span() for match in pattern.finditer(text))
        if spans:
            return holds, spans
    return None
