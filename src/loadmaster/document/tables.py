"""One table of a document: its text, what it says, and where its keys stand. Read once, when first asked."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from loadmaster.document.entries import Node, read_entries
from loadmaster.document.limits import MAX_KEY_PARTS, excess
from loadmaster.document.plain_lines import read_plain
from loadmaster.document.scan import CONTROL, Header, KeyPart, scan

_AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")
_AT_END = re.compile(r"\s*\(at end of document\)$")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class TableFault:
    """Why a table cannot be read, with the offsets in its text (end exclusive)."""

    kind: str
    message: str
    start: int
    end: int


class Table:
    """A header with what follows it. `text` holds all of it, the comment block above the header too.

    `reading` is what is read of it: the same text, or one of the same length in which what cannot be read in place
    (a byte-order mark, the other side of a merge conflict) is blank.
    """

    __slots__ = ("_data", "_fault", "_newlines", "_nodes", "_read", "_tail", "header", "lead", "reading", "text")

    def __init__(self, text: str, lead: int, header: Header | None, reading: str | None = None) -> None:
        self.text = text
        self.lead = lead
        """The length of the comment block above the header line."""
        self.header = header
        self.reading = text if reading is None else reading
        self._read = False
        self._data: dict[str, Any] = {}
        self._fault: TableFault | None = None
        self._nodes: list[Node] | None = None
        self._tail: int | None = None
        self._newlines = -1

    @property
    def newlines(self) -> int:
        """How many lines end in it."""
        if self._newlines < 0:
            self._newlines = self.text.count("\n")
        return self._newlines

    @property
    def key(self) -> tuple[str, ...]:
        """The names in its header; empty for the root and for a header that cannot be read at all."""
        return self.header.key if self.header else ()

    @property
    def body(self) -> int:
        """The offset behind the header line."""
        return self.lead + (self.header.end if self.header else 0)

    @property
    def is_conflicted(self) -> bool:
        """Whether a merge conflict lies in it."""
        return self.reading is not self.text and self.text.replace("\ufeff", " ", 1) != self.reading

    @property
    def parts(self) -> tuple[KeyPart, ...]:
        """The parts of the header's key, offsets in `text`."""
        return tuple(part.shifted(self.lead) for part in self.header.parts) if self.header else ()

    @property
    def data(self) -> dict[str, Any]:
        """What it says itself, without its sub-tables; empty where it cannot be read. Not to be changed."""
        if not self._read:
            self._parse()
        return self._data

    @property
    def fault(self) -> TableFault | None:
        """Why it cannot be read, or None."""
        if not self._read:
            self._parse()
        return self._fault

    @property
    def nodes(self) -> list[Node]:
        """Its keys and values with their places in `text`; empty where it cannot be read."""
        if self._nodes is None:
            broken = self.fault is not None and self.fault.kind != "unquoted-id"
            self._nodes = [] if broken else read_entries(self.reading, self.body)
        return self._nodes

    @property
    def tail(self) -> int:
        """Where its tail begins: blank lines, and comments behind a blank line, after its last key.

        The tail keeps its position when the table goes or moves, since it parts it from what follows.
        """
        if self._tail is None:
            self._tail = self._find_tail()
        return self._tail

    def _find_tail(self) -> int:
        nodes = self.nodes
        after = self.body
        if nodes:
            after = self.text.find("\n", nodes[-1].end) + 1 or len(self.text)
        for line in _LINE.finditer(self.text, after):
            if not line.group().strip():
                break
            after = line.end()
        return after

    def _parse(self) -> None:
        self._data, self._fault = self._parsed()
        self._read = True

    def _parsed(self) -> tuple[dict[str, Any], TableFault | None]:
        header_fault = self._header_fault()
        if header_fault and header_fault.kind != "unquoted-id":
            return {}, header_fault
        # The comments above the header are read too: TOML allows no control characters in them.
        text = self.reading[: self.lead] + self.reading[self.body :]
        plain = read_plain(text)
        if plain is not None:
            return plain, header_fault
        too_much = excess(text)
        try:
            if too_much:
                return {}, self._moved(TableFault("limit", *too_much))
            return tomllib.loads(text), header_fault
        except (ValueError, RecursionError, OverflowError) as error:
            return {}, self._moved(_fault_of(error, text))

    def _moved(self, fault: TableFault) -> TableFault:
        """A fault of the text without its header line, as one of the whole."""
        by = self.body - self.lead
        start = fault.start + (by if fault.start >= self.lead else 0)
        end = fault.end + (by if fault.end >= self.lead else 0)
        return TableFault(fault.kind, fault.message, start, max(start, end))

    def _header_fault(self) -> TableFault | None:
        header = self.header
        if header is None:
            return None
        start, end = self.lead, self.lead + len(self.text[self.lead : self.body].rstrip())
        if header.unquoted:
            part = self.parts[1]
            return TableFault("unquoted-id", f"the id {part.name} needs quotes", part.start, part.end)
        if header.fault:
            return TableFault("syntax", header.fault, start, end)
        if len(header.parts) > MAX_KEY_PARTS:
            return TableFault("limit", f"a key of more than {MAX_KEY_PARTS} parts", start, end)
        bad = CONTROL.search(self.text, self.lead + header.parts[-1].end, end)
        if bad is not None:
            return TableFault("syntax", "a control character in a comment", bad.start(), bad.end())
        return None


def _fault_of(error: Exception, text: str) -> TableFault:
    """The fault that a reader's exception tells of, its line and column turned into offsets."""
    message = str(error)
    at = _AT.search(message)
    if at:
        line, column = int(at.group(1)), int(at.group(2))
        start = 0
        for _ in range(line - 1):
            start = text.index("\n", start) + 1
        start = min(start + column - 1, len(text))
        sentence = message[: at.start()]
    else:
        sentence = _AT_END.sub("", message)
        start = len(text.rstrip())
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    return TableFault("syntax", _calm(sentence), start, max(end, start))


def _calm(sentence: str) -> str:
    sentence = sentence or "cannot be read"
    return sentence[0].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def cut_tables(text: str, reading: str | None = None) -> list[Table]:
    """The tables of `text`, read as `reading` (of the same length) where that differs."""
    if text[:1] == "\ufeff":
        # A mark belongs to the top level, also where a header stands right behind it.
        tables = cut_tables(text[1:], None if reading is None else reading[1:])
        root = tables[0]
        tables[0] = Table(text[0] + root.text, 0, None, " " + root.reading)
        return tables
    reading = text if reading is None else reading
    cuts = scan(reading).cuts
    ends = [cut.start for cut in cuts[1:]]
    ends.append(len(text))
    tables = []
    for cut, end in zip(cuts, ends, strict=True):
        own = text[cut.start : end]
        read = own if reading is text else reading[cut.start : end]
        tables.append(Table(own, cut.header_start - cut.start, cut.header, own if read == own else read))
    return tables
