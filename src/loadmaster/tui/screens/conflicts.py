"""Merge conflicts: both sides of each by model and field, and a key for each way to decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.document.conflicts import Side
from loadmaster.tui.conflict_view import Contested, Verdicts, conflict_lines, title_of
from loadmaster.tui.paint import BLANK, Line, Piece
from loadmaster.tui.screens.sheet import WIDE_CSS, Hint, LinesView, Sheet, SheetHead


class Desk(Protocol):
    """Where conflicts are decided: the workbench."""

    def count(self) -> int:
        """How many conflicts are left."""
        ...

    def contested(self, index: int) -> Contested:
        """A conflict."""
        ...

    def verdicts(self, index: int) -> Verdicts:
        """What each way to decide it would bring."""
        ...

    def decide(self, index: int, side: Side) -> str:
        """Decide it, as one step of undo; says what was done, or why not."""
        ...

    def undo(self) -> str:
        """Take the last decision back; says so."""
        ...


class ConflictsScreen(Sheet[None]):
    """One conflict after the other. What is decided counts at once and can be undone."""

    CSS_PATH = WIDE_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o,1", "decide('ours')", "ours", show=False),
        Binding("t,2", "decide('theirs')", "theirs", show=False),
        Binding("b,3", "decide('both')", "both", show=False),
        Binding("n,right,l", "step(1)", "next", show=False),
        Binding("N,p,left,h", "step(-1)", "previous", show=False),
        Binding("u,ctrl+z", "undo", "undo", show=False),
        Binding("q,C", "leave", "back", show=False),
    ]
    HINTS: ClassVar[Sequence[Hint]] = (
        ("o", "ours"),
        ("t", "theirs"),
        ("b", "both"),
        ("n N", "next, previous"),
        ("u", "undo"),
        ("esc", "back"),
    )

    def __init__(self, desk: Desk, index: int) -> None:
        """Begin with the conflict at an index."""
        super().__init__()
        self.add_class("wide")
        self._desk = desk
        self._index = index
        self._decided: list[int] = []
        self._said: Line = BLANK
        self._contested: Contested | None = None
        self._verdicts: Verdicts = {}

    def title_line(self) -> Line:
        """Which conflict it is."""
        self._look()
        return title_of(self._contested) if self._contested else [Piece("No conflict is left", "bright")]

    def body(self) -> Sequence[Widget]:
        """The conflict."""
        return [LinesView(self._lines, id="conflict")]

    def _look(self) -> None:
        count = self._desk.count()
        self._index = min(self._index, count - 1)
        self._contested = self._desk.contested(self._index) if count else None
        self._verdicts = self._desk.verdicts(self._index) if count else {}

    def _lines(self, width: int) -> list[Line]:
        lines = conflict_lines(self._contested, self._verdicts, width) if self._contested else []
        said: list[Line] = [[Piece("  "), *self._said], BLANK] if self._said else []
        return [*said, *lines, BLANK]

    def _show(self) -> None:
        self.query_one(SheetHead).show(self.title_line())
        self.query_one(LinesView).make_again()

    def action_decide(self, side: Side) -> None:
        """Take a side; then the next conflict."""
        if self._contested is None:
            return
        before = self._desk.count()
        self._said = [Piece(self._desk.decide(self._index, side), "label")]
        if self._desk.count() < before:
            self._decided.append(self._index)
        if not self._desk.count():
            self.dismiss(None)
            return
        self._show()

    def action_undo(self) -> None:
        """Take the last decision back."""
        if not self._decided:
            self._said = [Piece("Nothing was decided yet.", "label")]
        else:
            self._said = [Piece(self._desk.undo(), "label")]
            self._index = self._decided.pop()
        self._show()

    def action_step(self, step: int) -> None:
        """Another conflict."""
        count = self._desk.count()
        if count:
            self._index = (self._index + step) % count
            self._said = BLANK
            self._show()
