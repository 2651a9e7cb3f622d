"""The lines of the components in the Overview: where there is little room, words go before figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from loadmaster.manifest.fields import human_bytes
from loadmaster.tui.paint import Line, Piece, cell, fit, span
from loadmaster.tui.widgets.field_list import INDENT, label_width_for

NAME_WIDTH = 15
WIDEST_NAME = 24
NEED_WIDTH = 9
NUMBER_WIDTH = 4
SIZE_WIDTH = 8
GAP = 2
COUNTS_WIDTH = 7
NARROW_LABEL = 12
"""The label column where the usual one leaves too little for the figures."""


@dataclass(frozen=True, slots=True)
class ShownComponent:
    """What a line says: a name, whether it is needed, files, bytes, faults (`told`), and what it is made of."""

    name: str
    need: str
    files: int
    size: int
    told: tuple[Piece, ...] = ()
    made_of: str = ""
    ink: str = "value"
    size_ink: str = "value"


@dataclass(frozen=True, slots=True)
class Columns:
    """The cells of each column; 0 for one that has to go. Number, size and fault counts never do."""

    label: int
    name: int
    need: int
    word: int

    @property
    def width(self) -> int:
        """The cells up to the end of the size."""
        return self.label + self.name + self.need + NUMBER_WIDTH + self.word + 1 + SIZE_WIDTH


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide the names and the fault counts of all components are."""

    name: int
    told: int

    def columns(self, width: int) -> Columns:
        """The columns for a row of `width` cells: first the spare room goes, then what is needed, then labels."""
        label, word = label_width_for(width), len(" files")
        name = min(self.name + 1, WIDEST_NAME)
        room = width - INDENT - 1 - (GAP + self.told if self.told else 0)
        ways = (
            Columns(label, max(name, NAME_WIDTH), NEED_WIDTH, word),
            Columns(label, name, NEED_WIDTH, word),
            Columns(label, name, 0, word),
            Columns(NARROW_LABEL, name, 0, word),
            Columns(NARROW_LABEL, name, 0, 0),
            Columns(0, name, 0, 0),
        )
        last = ways[-1]
        fitting = next((columns for columns in ways if columns.width <= room), None)
        return fitting or Columns(0, max(last.name - (last.width - room), 2), 0, 0)

    def drawing(self, label: str, shown: ShownComponent) -> Callable[[int], list[Line]]:
        """The lines of a component for a width."""
        return lambda width: self._lines(label, shown, width)

    def _lines(self, label: str, shown: ShownComponent, width: int) -> list[Line]:
        columns = self.columns(width)
        above: list[Line] = []
        line = [Piece(" " * INDENT)]
        if columns.label:
            line += [cell(label, columns.label - 1, "label"), Piece(" ")]
        elif label:
            above.append([*line, Piece(label, "label")])
        word = "" if not columns.word else " file " if shown.files == 1 else " files"
        line += [
            cell(shown.name, columns.name - 1),
            Piece(" "),
            cell(shown.need, columns.need, "label"),
            cell(str(shown.files), NUMBER_WIDTH, shown.ink, right=True),
            Piece(f"{word} ", "label"),
            cell(human_bytes(shown.size), SIZE_WIDTH, shown.size_ink, right=True),
        ]
        if shown.told or shown.made_of:
            told = shown.told if span(shown.told) > COUNTS_WIDTH else fit(shown.told, COUNTS_WIDTH)
            noted: Line = [*line, Piece(" " * GAP), *told, Piece(" " * GAP), Piece(shown.made_of, "label")]
            fits = shown.made_of and span(noted) < width
            line = [*noted] if fits else [*line, Piece(" " * GAP), *shown.told]
        return [*above, line]
