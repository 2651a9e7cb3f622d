"""Lines of text in named inks, fitted to a width in cells. Nothing here is ever read as markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from loadmaster.checks.diagnostic import Severity
from loadmaster.tui.inks import InkedApp
from loadmaster.tui.visible import ELLIPSIS, head

SEVERITY_INK = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


class Piece(NamedTuple):
    """Some text in one ink."""

    text: str
    ink: str = "value"


Line = Sequence[Piece]
"""One line of the screen."""

BLANK: Line = ()


class Inks:
    """Drawing with the inks, for a widget of an `InkedApp`."""

    def draw(self, line: Line, width: int, under: str | None = None) -> Strip:
        """`line` as cells, exactly `width` wide; `under` names an ink whose background goes below all of it."""
        assert isinstance(self, Widget)
        assert isinstance(self.app, InkedApp)
        background = self.visual_style.background
        assert background is not None
        brushes = self.app.brushes(background)
        back = Style(bgcolor=brushes[under].bgcolor) if under else None
        segments: list[Segment] = []
        left = width
        for text, ink in line:
            if left <= 0:
                if not text.strip():
                    continue
                # What ends where the line does must not look as if it were all.
                if segments:
                    last = segments.pop()
                    size = cell_len(last.text)
                    segments.append(Segment(set_cell_size(head(last.text + " ", size), size), last.style))
                break
            size = cell_len(text)
            if size > left:
                text = head(text, left)
                size = cell_len(text)
            style = brushes[ink]
            segments.append(Segment(text, style + back if back else style))
            left -= size
        if left > 0:
            style = brushes["value"]
            segments.append(Segment(" " * left, style + back if back else style))
        return Strip(segments, width)


class Inked(Inks, Widget):
    """A widget that draws its own lines with the inks."""


def span(line: Line) -> int:
    """The width of a line in cells."""
    return sum(cell_len(piece.text) for piece in line)


def fit(line: Line, width: int) -> list[Piece]:
    """`line` cut, with an ellipsis, or filled to exactly `width` cells."""
    taken: list[Piece] = []
    left = max(width, 0)
    for index, piece in enumerate(line):
        size = cell_len(piece.text)
        if size > left or (size == left and any(later.text for later in line[index + 1 :])):
            text = head(piece.text + " ", left) if size == left and size else head(piece.text, left)
            taken.append(Piece(text, piece.ink))
            left -= cell_len(text)
            break
        taken.append(piece)
        left -= size
    if left > 0:
        taken.append(Piece(" " * left))
    return taken


def spread(left: Line, right: Line, width: int) -> list[Piece]:
    """`left` from the left, `right` whole at the right; the left one gives way."""
    room = width - span(right)
    return [*fit(left, room), *right]


def cell(text: str, width: int, ink: str = "value", *, right: bool = False) -> Piece:
    """`text` in a column of `width` cells."""
    shown = head(text, width)
    gap = " " * max(width - cell_len(shown), 0)
    return Piece(gap + shown if right else shown + gap, ink)


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells, broken at spaces, or inside a word that is too long for one."""
    if len(text) <= width and cell_len(text) <= width:
        return [text]
    if width < 4:
        return [head(text, width)]
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        while cell_len(word) > width:
            lines.extend([current] if current else [])
            current, part = "", word[: max(width // 2, 1)]
            while cell_len(part) < width and len(part) < len(word) and cell_len(word[: len(part) + 1]) <= width:
                part = word[: len(part) + 1]
            lines.append(part)
            word = word[len(part) :]
        candidate = f"{current} {word}" if current else word
        if cell_len(candidate) > width:
            lines.append(current)
            current = word
        else:
            current = candidate
    lines.append(current)
    return lines


def folded(text: str, width: int, most: int) -> list[str]:
    """`text` wrapped into at most `most` lines, the last of which ends in an ellipsis where something is left out."""
    lines = wrap(text, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    marked = f"{last} {ELLIPSIS}"
    return [*lines[: most - 1], marked if cell_len(marked) <= width else head(last + " " * width, width)]


def join(parts: Iterable[Line], gap: str = "  ") -> list[Piece]:
    """Lines one after the other with a gap between."""
    joined: list[Piece] = []
    for part in parts:
        if not part:
            continue
        if joined:
            joined.append(Piece(gap))
        joined.extend(part)
    return joined


def counts(errors: int, warnings: int, infos: int = 0) -> list[Piece]:
    """`E1 W3`: letters first, colour second. Empty where there is nothing to say."""
    shown = (("E", errors, "error"), ("W", warnings, "warning"), ("I", infos, "info"))
    return join([[Piece(f"{letter}{number}", ink)] for letter, number, ink in shown if number], " ")
