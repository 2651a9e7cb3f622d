"""Undo and redo: each step keeps the tables that it replaced, not the text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from loadmaster.document.conflicts import Conflict
from loadmaster.document.document import Document
from loadmaster.document.grouping import alike_headers, group_of
from loadmaster.document.places import KeyPath
from loadmaster.document.tables import Table

MOST_STEPS = 1000
"""Steps that are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One edit: what it is called, where the cursor was, and the tables before and after from the index `first` on."""

    label: str
    cursor: KeyPath | None
    first: int
    old: tuple[Table, ...]
    new: tuple[Table, ...]
    old_conflicts: tuple[Conflict, ...] = ()
    new_conflicts: tuple[Conflict, ...] = ()
    back: KeyPath | None = None
    """Where the cursor belongs once the step is undone, where that is not `cursor`."""

    @property
    def models(self) -> frozenset[str]:
        """The ids of the models whose tables it touches; the empty name stands for all that is no model."""
        return frozenset(group_of(table) for table in (*self.old, *self.new))

    @property
    def keeps_headers(self) -> bool:
        """Whether only values changed: no table came, went or was renamed."""
        return alike_headers(self.old, self.new)


def step_between(
    old: Document, new: Document, label: str, cursor: KeyPath | None = None, back: KeyPath | None = None
) -> Step:
    """The step that leads from `old` to `new`: all that lies between what both begin and end with."""
    first, behind = old.tables.alike(new.tables, _alike)
    return Step(
        label,
        cursor,
        first,
        old.tables[first : len(old.tables) - behind],
        new.tables[first : len(new.tables) - behind],
        old.conflicts,
        new.conflicts,
        back,
    )


def _alike(left: Table, right: Table) -> bool:
    return left.text == right.text and left.reading == right.reading


def backward(document: Document, step: Step) -> Document:
    """The document as it was before `step`, which led to `document`."""
    return _exchange(document, step, step.new, step.old, step.old_conflicts)


def forward(document: Document, step: Step) -> Document:
    """The document as it is after `step`, which starts from `document`."""
    return _exchange(document, step, step.old, step.new, step.new_conflicts)


def _exchange(
    document: Document, step: Step, gone: tuple[Table, ...], back: tuple[Table, ...], conflicts: tuple[Conflict, ...]
) -> Document:
    new = Document(document.tables.spliced(step.first, step.first + len(gone), back), conflicts)
    new.carry_from(document, step.first, gone, back)
    return new


@dataclass(frozen=True, slots=True)
class History:
    """The steps done and the steps undone, both with the latest last; immutable."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def did(self, step: Step) -> History:
        """With a new step, which ends what could be redone."""
        return History((*self.done, step)[-MOST_STEPS:], ())

    def undid(self) -> History:
        """With the latest step undone."""
        return replace(self, done=self.done[:-1], undone=(*self.undone, self.done[-1]))

    def redid(self) -> History:
        """With the latest undone step done again."""
        return replace(self, done=(*self.done, self.undone[-1]), undone=self.undone[:-1])
