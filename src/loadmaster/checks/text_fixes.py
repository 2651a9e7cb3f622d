"""Fixes of the text itself: what stands outside of values and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.fixes import splice
from loadmaster.errors import EditRefused

if TYPE_CHECKING:
    from loadmaster.document.conflicts import Side
    from loadmaster.document.document import Document


@dataclass(frozen=True, slots=True)
class StripMark:
    """Take away the byte-order mark."""

    title: str = "strip the byte-order mark"
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document without its mark."""
        return document.replace(0, 1, "") if document.text[:1] == "\ufeff" else document


@dataclass(frozen=True, slots=True)
class OneNewline:
    """End every line as most lines end: `newline` is LF or CRLF."""

    title: str
    newline: str
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with one kind of newline."""
        text = document.text
        mended = text.replace("\r\n", "\n")
        if self.newline == "\r\n":
            mended = mended.replace("\n", "\r\n")
        if mended == text:
            return document
        if not document.is_readable:
            raise EditRefused("The file is not UTF-8, so it is shown read-only. Convert it first.")
        # Not by `replace`: that ends new lines as the first one ends, which may be the one that is odd.
        return type(document).from_text(mended)


@dataclass(frozen=True, slots=True)
class FinalNewline:
    """End the last line."""

    title: str = "end the last line"
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with a newline at its end."""
        text = document.text
        return document if not text or text.endswith("\n") else document.replace(len(text), len(text), document.newline)


@dataclass(frozen=True, slots=True)
class QuoteId:
    """Put quotes around `model_id` in every header that spells it bare: `spelled` are the names that it fell into."""

    title: str
    model_id: str
    spelled: tuple[str, ...]
    safe: bool = True

    def apply(self, document: Document) -> Document:
        """The document with the id quoted."""
        depth = 1 + len(self.spelled)
        pieces: list[tuple[int, int, str]] = []
        for index in document.model_tables(self.spelled[0]):
            table = document.tables[index]
            if table.key[:depth] != ("models", *self.spelled):
                continue
            at, parts = document.starts[index], table.parts
            start, end = parts[1].start, parts[depth - 1].end
            if table.text[start:end] == self.model_id:
                pieces.append((at + start, at + end, f'"{self.model_id}"'))
        return splice(document, pieces)


@dataclass(frozen=True, slots=True)
class TakeSide:
    """Decide a merge conflict, known by its whole `text`, for one side or for both, ours first.

    Without a `side` it only says that one must be chosen.
    """

    text: str
    side: Side | None = None
    safe: bool = False

    @property
    def title(self) -> str:
        """What it does."""
        return f"take {self.side}" if self.side else "take ours, theirs or both"

    def with_side(self, side: Side) -> TakeSide:
        """The same conflict decided."""
        return TakeSide(self.text, side)

    def apply(self, document: Document) -> Document:
        """The document without the conflict. Raises EditRefused where no side was chosen."""
        if self.side is None:
            raise EditRefused(
                "a merge conflict needs a side: take ours, theirs or both", {"sides": ["ours", "theirs", "both"]}
            )
        for conflict in document.conflicts:
            if document.text[conflict.start : conflict.end] == self.text:
                return document.replace(conflict.start, conflict.end, conflict.taken(document.text, self.side))
        return document
