"""Lines being edited: a cursor, a selection, and what keys do to them. It knows nothing of documents or widgets.

The lines are those of a `Region`: only a line feed parts them, a carriage return before it stays at the end of its
line, where the cursor does not go. So what is not edited stays as it is, whatever it holds.
"""

from __future__ import annotations

import re

Position = tuple[int, int]
"""A line and a column in it, both from 0."""

_WORD_RIGHT = re.compile(r"\s*(?:\w+|[^\w\s]+|\Z)")
_WORD_LEFT = re.compile(r"(?:\w+|[^\w\s]+|\A)\s*\Z")
_INDENT = re.compile(r"[ \t]*")
TAB = "    "


class SourceBuffer:
    """Lines with a cursor at `row` and `column`; `anchor` is where a selection began, or None. It edits the list of
    lines that it was given in place."""

    def __init__(self, lines: list[str], newline: str, goes_on: bool = False) -> None:
        """`newline` is what new lines end with; `goes_on` tells that a line feed follows the last line."""
        self.lines = lines
        self.newline = newline
        self.row = self.column = 0
        self.anchor: Position | None = None
        self._goes_on = goes_on
        self._wanted: int | None = None
        self._changed_from: int | None = None

    def taken_change(self) -> int | None:
        """The first line that changed since the last call; None where none did."""
        changed, self._changed_from = self._changed_from, None
        return changed

    def length(self, row: int) -> int:
        """How many columns of a line the cursor can go to: not behind the carriage return of its end."""
        line = self.lines[row]
        return len(line) - ((self._goes_on or row < len(self.lines) - 1) and line.endswith("\r"))

    # Selection.

    @property
    def selection(self) -> tuple[Position, Position] | None:
        """From and to, in order; None where nothing is selected."""
        here = (self.row, self.column)
        if self.anchor is None or self.anchor == here:
            return None
        return (self.anchor, here) if self.anchor < here else (here, self.anchor)

    @property
    def selected_text(self) -> str:
        """What is selected, newlines as LF."""
        if self.selection is None:
            return ""
        (row, column), (end_row, end_column) = self.selection
        if row == end_row:
            return self.lines[row][column:end_column]
        middle = self.lines[row + 1 : end_row]
        lines = [self.lines[row][column:], *middle, self.lines[end_row][:end_column]]
        return "\n".join(line.removesuffix("\r") for line in lines)

    def select_all(self) -> None:
        """All of it."""
        self.anchor = (0, 0)
        self.row = len(self.lines) - 1
        self.column = self.length(self.row)

    # Moving.

    def move_to(self, row: int, column: int, select: bool = False) -> None:
        """Put the cursor somewhere, or as near as there is text."""
        self._begin_move(select)
        self.row = min(max(row, 0), len(self.lines) - 1)
        self.column = min(max(column, 0), self.length(self.row))
        self._wanted = None

    def _begin_move(self, select: bool) -> None:
        if not select:
            self.anchor = None
        elif self.anchor is None:
            self.anchor = (self.row, self.column)

    def move_lines(self, step: int, select: bool = False) -> bool:
        """Up or down, in the column where the run of such moves began; false where there is no such line."""
        if not 0 <= self.row + step < len(self.lines) and abs(step) == 1:
            return False
        wanted = self.column if self._wanted is None else self._wanted
        self.move_to(self.row + step, wanted, select)
        self._wanted = wanted
        return True

    def move_columns(self, step: int, select: bool = False) -> None:
        """One character to the left or right, over the ends of lines."""
        row, column = self.row, self.column + step
        if column < 0 and row > 0:
            row, column = row - 1, len(self.lines[row - 1])
        elif column > self.length(row) and row < len(self.lines) - 1:
            row, column = row + 1, 0
        self.move_to(row, column, select)

    def move_words(self, step: int, select: bool = False) -> None:
        """To the end of this word or the beginning of it; over the end of a line where the cursor stands there."""
        line, column = self.lines[self.row][: self.length(self.row)], self.column
        if (step < 0 and column == 0) or (step > 0 and column == len(line)):
            self.move_columns(step, select)
            return
        if step > 0:
            found = _WORD_RIGHT.match(line, column)
            self.move_to(self.row, found.end() if found else len(line), select)
        else:
            # Only what stands near is looked at: a line may be a megabyte.
            near = max(column - 256, 0)
            found = _WORD_LEFT.search(line[near:column])
            self.move_to(self.row, near + found.start() if found else near, select)

    def move_home(self, select: bool = False) -> None:
        """To the first character that is no space; from there to the beginning of the line."""
        indent = _INDENT.match(self.lines[self.row])
        first = min(indent.end() if indent else 0, self.length(self.row))
        self.move_to(self.row, 0 if self.column == first else first, select)

    def move_end(self, select: bool = False) -> None:
        """To the end of the line."""
        self.move_to(self.row, self.length(self.row), select)

    # Changing.

    def insert(self, text: str) -> None:
        """Put a text in place of the selection, or at the cursor. Its newlines become those of the file."""
        if self.selection is not None:
            self.replace(*self.selection, text)
        else:
            here = (self.row, self.column)
            self.replace(here, here, text)

    def break_line(self) -> None:
        """A new line, indented as this one is up to the cursor."""
        indent = _INDENT.match(self.lines[self.row][: self.column])
        self.insert("\n" + (indent.group() if indent else ""))

    def delete_left(self) -> None:
        """Take away the selection, or the character before the cursor."""
        if self.selection is None:
            self.move_columns(-1, select=True)
        self.cut()

    def delete_right(self) -> None:
        """Take away the selection, or the character under the cursor."""
        if self.selection is None:
            self.move_columns(1, select=True)
        self.cut()

    def delete_word_left(self) -> None:
        """Take away the selection, or what is before the cursor up to the beginning of its word."""
        if self.selection is None:
            self.move_words(-1, select=True)
        self.cut()

    def delete_to_end(self) -> None:
        """Take away the rest of the line; at its end, the end."""
        if self.column == self.length(self.row):
            self.delete_right()
            return
        self.replace((self.row, self.column), (self.row, self.length(self.row)), "")

    def delete_to_start(self) -> None:
        """Take away the line up to the cursor."""
        self.replace((self.row, 0), (self.row, self.column), "")

    def cut(self) -> str:
        """Take away what is selected, and give it."""
        text = self.selected_text
        if self.selection is not None:
            self.replace(*self.selection, "")
        self.anchor = None
        return text

    def replace(self, start: Position, end: Position, text: str) -> None:
        """Put `text` in place of what stands between two positions; the cursor goes behind it."""
        (row, column), (end_row, end_column) = start, end
        text = text.replace("\r\n", "\n")
        if self.newline == "\r\n":
            text = text.replace("\n", "\r\n")
        lines = text.split("\n")
        last_row, last_column = row + len(lines) - 1, len(lines[-1]) + (column if len(lines) == 1 else 0)
        lines[0] = self.lines[row][:column] + lines[0]
        lines[-1] += self.lines[end_row][end_column:]
        self.lines[row : end_row + 1] = lines
        self._changed_from = row if self._changed_from is None else min(self._changed_from, row)
        self.move_to(last_row, last_column)

    def indent(self, step: int) -> None:
        """Move the selected lines four columns to the right or left; without a selection, put spaces at the cursor."""
        selection = self.selection
        if selection is None and step > 0:
            self.insert(" " * (len(TAB) - self.column % len(TAB)))
            return
        first, last = (selection[0][0], selection[1][0]) if selection else (self.row, self.row)
        here, anchor = (self.row, self.column), self.anchor
        for row in range(first, last + 1):
            line = self.lines[row]
            if step > 0 and line.strip():
                self.replace((row, 0), (row, 0), TAB)
            elif step < 0:
                gone = min(len(line) - len(line.lstrip(" ")), len(TAB)) or int(line.startswith("\t"))
                self.replace((row, 0), (row, gone), "")
        if anchor is not None:
            self.move_to(*anchor)
            self.move_to(*here, select=True)
        else:
            self.move_to(here[0], here[1] - len(TAB))
