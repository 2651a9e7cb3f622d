"""Review: what differs from another version of the manifest, by model and field, with the faults that are new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.reports.comparison import markdown
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.paint import BLANK, Line, Piece, counts, span
from loadmaster.tui.reviewing import Reviewed, path_in
from loadmaster.tui.screens.sheet import WIDE_CSS, Hint, LinesView, Sheet, SheetHead
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.widgets.review_list import ReviewList


@dataclass(frozen=True, slots=True)
class Answer:
    """Where to go, or that another version shall be compared."""

    path: KeyPath | None = None
    finding: Finding | None = None
    other_base: bool = False


class ReviewScreen(Sheet[Answer]):
    """The tree of what differs. Enter goes to the field in the workbench."""

    CSS_PATH = WIDE_CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "go", "go there", show=False),
        Binding("space,right,left,l,h", "fold", "unfold", show=False),
        Binding("n", "step(1)", "next new fault", show=False),
        Binding("N", "step(-1)", "new fault before", show=False),
        Binding("b,v", "other", "another version", show=False),
        Binding("y", "copy", "copy as Markdown", show=False),
        Binding("q", "leave", "back", show=False),
    ]
    HINTS: ClassVar[Sequence[Hint]] = (
        ("↵", "go there"),
        ("n", "new fault"),
        ("b", "another version"),
        ("y", "copy as Markdown"),
        ("esc", "back"),
    )

    def __init__(self, reviewed: Reviewed, title: str) -> None:
        """`title` names the manifest."""
        super().__init__()
        self.add_class("wide")
        self._reviewed = reviewed
        self._title = title

    def title_line(self) -> Line:
        """What is compared."""
        return [
            Piece("Review ", "bright"),
            Piece(middle(visible(self._title), 36)),
            Piece("   since ", "label"),
            Piece(middle(visible(self._reviewed.base.name), 48), "header"),
        ]

    def body(self) -> Sequence[Widget]:
        """How much differs, then the tree."""
        parts: list[Widget] = [LinesView(self._words, id="review-words")]
        tree = ReviewList(self._reviewed, id="review")
        return [*parts, tree] if tree.rows else parts

    def _words(self, width: int) -> list[Line]:
        """How much differs, and what became of the faults: in a line, or in two where it is narrow."""
        come, went = Counts.of(self._reviewed.new), len(self._reviewed.gone)
        faults: list[Piece] = [Piece("new faults ", "label"), *counts(come.errors, come.warnings, come.infos)]
        faults = faults if come else [Piece("no new fault", "label")]
        faults += [Piece(f"   {went:,} mended", "added")] if went else []
        words = [Piece("  "), Piece(self._reviewed.words, "bright")]
        if span(words) + 3 + span(faults) <= width:
            return [[*words, Piece("   "), *faults], BLANK]
        return [words, [Piece("  "), *faults], BLANK]

    def on_mount(self) -> None:
        """The keys go to the tree; it takes the lines that are left."""
        for tree in self.query(ReviewList):
            tree.focus()

    def on_resize(self) -> None:
        """As high as what it shows, but not higher than the terminal bears."""
        for tree in self.query(ReviewList):
            tree.styles.height = max(self.size.height - 11, 3)

    def on_review_list_chosen(self) -> None:
        """A row was clicked twice."""
        self.action_go()

    def action_go(self) -> None:
        """Go to what is under the cursor."""
        row = next((tree.row for tree in self.query(ReviewList)), None)
        if row is None:
            return
        if row.finding is not None:
            self.dismiss(Answer(finding=row.finding))
        elif row.change is not None:
            self.dismiss(Answer(path_in(self._reviewed.document, row.model_id, row.change)))
        else:
            self.dismiss(Answer(("models", row.model_id) if row.model_id else ()))

    def action_fold(self) -> None:
        """Fold or unfold a model."""
        for tree in self.query(ReviewList):
            tree.fold_or_unfold()

    def action_step(self, step: int) -> None:
        """To the next new fault."""
        for tree in self.query(ReviewList):
            tree.step_fault(step)

    def action_other(self) -> None:
        """Compare with another version."""
        self.dismiss(Answer(other_base=True))

    def action_copy(self) -> None:
        """Copy it as Markdown, for a pull request."""
        text = "\n".join(markdown(self._reviewed.comparison, self._reviewed.base.name, self._title))
        self.app.copy_to_clipboard(text + "\n")
        self.query_one(SheetHead).show([*self.title_line(), Piece("   copied as Markdown", "added")])
