"""Source: the model's own part of the text, with line numbers and the faults marked in the margin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import SEVERITY_INK, Line, Piece, cell
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.line_list import LineList

_STRING = r'"(?:\\.|[^"\\])*"?|\'[^\']*\'?'
_TOKENS = re.compile(
    rf"(?P<comment>#.*)|(?P<string>{_STRING})|(?P<number>(?<![\w-])[+-]?\d[\w.+:-]*|\btrue\b|\bfalse\b)"
)
_KEY = re.compile(r"\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*\s*(?==)")
LONGEST_LINE = 2000


class Source(LineList):
    """Lines of the text. Without a model it shows the whole file."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.model_id: str | None = None
        self._lines: list[tuple[int, str]] = []
        self._numbers: list[int] = []
        self._marks: dict[int, list[Finding]] = {}

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show the text of a model; the cursor stays on its line."""
        line = self.line if model_id == self.model_id else None
        self.view, self.model_id = view, model_id
        self._lines = _lines_of(view, model_id)
        self._numbers = [number for number, _ in self._lines]
        self._marks = {}
        for finding in view.faults.of_model(model_id):
            self._marks.setdefault(view.place(finding).line, []).append(finding)
        for findings in self._marks.values():
            findings.sort(key=lambda finding: finding.severity.rank)
        self.rows_changed(0)
        if line is not None:
            self.go_to_line(line)
        else:
            self.scroll_to(y=0, animate=False)

    @property
    def line(self) -> int | None:
        """The line of the file under the cursor."""
        return self._numbers[self.cursor] if 0 <= self.cursor < len(self._numbers) else None

    @property
    def path(self) -> KeyPath | None:
        """The key path of what stands on the line."""
        if self.view is None or self.line is None:
            return None
        text = self._lines[self.cursor][1]
        column = len(text) - len(text.lstrip()) + 1
        return self.view.document.path_at(self.view.document.offset_of(self.line, column)) or None

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults on the line."""
        return self._marks.get(self.line or 0, ())

    def go_to_line(self, line: int) -> None:
        """Put the cursor on a line of the file, or the nearest that is shown."""
        nearest = min(range(len(self._numbers)), key=lambda index: abs(self._numbers[index] - line), default=0)
        self.set_cursor(nearest)

    def go_to(self, path: KeyPath) -> bool:
        """Put the cursor on the line of a value."""
        if self.view is None:
            return False
        self.go_to_line(self.view.document.place(path).line)
        return True

    def row_count(self) -> int:
        """One for each line."""
        return len(self._lines)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Mark, number, text."""
        number, text = self._lines[index]
        findings = self._marks.get(number)
        digits = len(str(self._numbers[-1])) if self._numbers else 1
        if number == 0:
            return [[Piece(" " * (digits + 1) + "  ⋯", "faint")]]
        mark = Piece(f"{findings[0].severity.letter} ", SEVERITY_INK[findings[0].severity]) if findings else Piece("  ")
        return [[mark, cell(str(number), digits, "faint", right=True), Piece("  "), *highlight(text)]]

    def can_stand_on(self, index: int) -> bool:
        """Not on a gap between two parts of the text."""
        return self._numbers[index] != 0


def _lines_of(view: ManifestView, model_id: str | None) -> list[tuple[int, str]]:
    document = view.document
    if model_id is None:
        return list(enumerate(_split(document.text), start=1))
    lines: list[tuple[int, str]] = []
    for start, end in document.model_spans(model_id):
        text = document.text[start:end].rstrip("\r\n")
        first = document.place_at(start).line
        if lines:
            lines.append((0, ""))
        lines += enumerate(_split(text), start=first)
    return lines


def _split(text: str) -> list[str]:
    # Only LF ends a line of TOML; splitlines would also break at U+2028 and form feeds.
    return [line.removesuffix("\r") for line in text.split("\n")]


def highlight(text: str) -> Line:
    """One line of TOML in inks. Line by line: what opens a string over several lines is only told on its own line."""
    shown = visible(text.replace("\t", "    "), LONGEST_LINE)
    stripped = shown.lstrip()
    if stripped.startswith("#"):
        return [Piece(shown, "comment")]
    if stripped.startswith("["):
        end = shown.rfind("]") + 1
        return [Piece(shown[:end] or shown, "header"), Piece(shown[end:] if end else "", "comment")]
    pieces: list[Piece] = []
    at = 0
    key = _KEY.match(shown)
    if key:
        pieces.append(Piece(key.group(), "label"))
        at = key.end()
    for token in _TOKENS.finditer(shown, at):
        pieces += [Piece(shown[at : token.start()], "faint"), Piece(token.group(), token.lastgroup or "value")]
        at = token.end()
    return [*pieces, Piece(shown[at:], "faint" if at else "value")]
