"""What is wrong with the line under the cursor of the Source pane, below the text: there it is never out of sight."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from loadmaster.checks.diagnostic import Finding
from loadmaster.tui.paint import BLANK, Inked, Line, Piece
from loadmaster.tui.widgets.field_list import faults_within

MOST_LINES = 3


class SourceRemark(Inked):
    """As many lines as are said, none where nothing is."""

    DEFAULT_CSS = "SourceRemark { height: 0; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def show(self, findings: Sequence[Finding], width: int) -> None:
        """Tell these faults, the worst first, in lines of `width` cells."""
        lines = faults_within(findings, width - 2, MOST_LINES)
        if lines != self._lines:
            self._lines = lines
            self.styles.height = len(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        line = [Piece(" "), *self._lines[y]] if y < len(self._lines) else BLANK
        return self.draw(line, self.size.width)
