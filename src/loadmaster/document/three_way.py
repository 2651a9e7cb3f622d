"""Two people changed one manifest: what each of them changed since the text that both began with, and both together.

What clashes is told by model and field, not by lines, so that a person can choose. What does not is put together as
text, line by line where that goes and else as `merging` does it, so that comments and layout of both stay. The result
is checked: it must differ from either side by what the other changed, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from loadmaster.document.bringing import place_of
from loadmaster.document.comparison import FieldChange, compare
from loadmaster.document.data_merge import ABSENT
from loadmaster.document.document import Document
from loadmaster.document.line_merge import merged_text
from loadmaster.document.merging import merge
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import same
from loadmaster.document.table_merge import Scope, touched
from loadmaster.errors import EditRefused


class Side(StrEnum):
    """Who changed something."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a side says something else than the text that both began with.

    `path` counts from the top of the manifest, and names a file by its path. The three values are `ABSENT` where there
    is none; of a whole model they are its data. A clash was changed by both, and not to the same.
    """

    path: KeyPath
    by: Side
    clash: bool
    base: Any
    mine: Any
    theirs: Any

    @property
    def can_choose(self) -> bool:
        """Whether a clash is about one value, so that either can be taken."""
        return self.clash and all(_is_value(value) for value in (self.base, self.mine, self.theirs))


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of one side, its path from the top of the manifest."""

    kind: str
    path: KeyPath
    old: Any
    new: Any


def differences(base: Document, mine: Document, theirs: Document) -> tuple[Difference, ...]:
    """What both sides changed, in the order of the paths of mine, then of theirs; what both did alike once."""
    base, mine, theirs = _narrowed((base, mine, theirs), touched(base, mine, theirs))
    ours, others = _changes(base, mine), _changes(base, theirs)
    told: list[Difference] = []
    met: set[int] = set()
    for change in ours:
        touching = [index for index, other in enumerate(others) if _touches(change.path, other.path)]
        met.update(touching)
        alike = len(touching) == 1 and _alike(change, others[touching[0]])
        if not touching:
            told.append(Difference(change.path, Side.MINE, False, change.old, change.new, change.old))
        elif alike:
            told.append(Difference(change.path, Side.BOTH, False, change.old, change.new, change.new))
        else:
            told += (_clash(change, others[index]) for index in touching)
    told += (
        Difference(other.path, Side.THEIRS, False, other.old, other.old, other.new)
        for index, other in enumerate(others)
        if index not in met
    )
    return tuple(told)


def put_together(
    base: Document, mine: Document, theirs: Document, choices: Mapping[KeyPath, Side] | None = None
) -> Document:
    """The manifest with what both changed. `choices` says whose value counts where they clash.

    Raises EditRefused where a clash is left open, or where the two cannot be put together and proven.
    """
    for clash in [one for one in differences(base, mine, theirs) if one.clash]:
        chosen = (choices or {}).get(clash.path)
        if chosen is None or not clash.can_choose:
            raise EditRefused(f"{told_path(clash.path)} was changed by both.", {"path": list(clash.path)})
        if chosen is Side.MINE:
            theirs = _with(theirs, clash.path, clash.mine)
        else:
            mine = _with(mine, clash.path, clash.theirs)
    text = merged_text(base, mine, theirs)
    if text is not None:
        together = Document.from_text(text)
        if _holds_both(base, mine, theirs, together):
            return together
    merged = merge(base.text, mine.text, theirs.text)
    if not merged.conflicts and not merged.whole:
        together = Document.from_text(merged.text)
        if _holds_both(base, mine, theirs, together):
            return together
    raise EditRefused("What both changed lies too close together to be joined. Take one of the two.")


def told_path(path: KeyPath) -> str:
    """A path as it is told: `a@1.0.0 files vae.pth size`."""
    parts = path[1:] if path[:1] == ("models",) and len(path) > 1 else path
    return " ".join(str(part) for part in parts)


# What a side changed


def _changes(old: Document, new: Document) -> list[_Change]:
    comparison = compare(old, new)
    changes = [_of_field(old, change, ()) for change in comparison.root]
    for model in comparison.models:
        path: KeyPath = ("models", model.model_id)
        if model.kind == "added":
            changes.append(_Change("added", path, ABSENT, model.data))
        elif model.kind == "removed":
            changes.append(_Change("removed", path, model.data, ABSENT))
        elif model.kind == "renamed":
            # A clash with any change of the model under its old id: the two are compared by id.
            changes.append(_Change("renamed", ("models", str(model.old_id)), model.old_id, model.model_id))
            changes += (_of_field(old, change, path) for change in model.changes)
        else:
            changes += (_of_field(old, change, path) for change in model.changes)
    return changes


def _of_field(document: Document, change: FieldChange, above: KeyPath) -> _Change:
    path = (*above, *change.path)
    old = ABSENT if change.kind == "added" else change.old
    new = ABSENT if change.kind == "removed" else change.new
    # A list of values in another order is another value; that of files is told by their paths, and is none.
    is_value = change.kind == "moved" and same(document.get(path), old)
    return _Change("changed" if is_value else change.kind, path, old, new)


def _touches(path: KeyPath, other: KeyPath) -> bool:
    """Whether one of the two is the other, or lies inside it."""
    shorter = min(len(path), len(other))
    return path[:shorter] == other[:shorter]


def _alike(change: _Change, other: _Change) -> bool:
    return change.path == other.path and change.kind == other.kind and same(change.new, other.new)


def _clash(mine: _Change, theirs: _Change) -> Difference:
    path = max(mine.path, theirs.path, key=len)
    if mine.path == theirs.path and "moved" not in (mine.kind, theirs.kind):
        return Difference(path, Side.BOTH, True, mine.old, mine.new, theirs.new)
    # One lies inside the other, or an order was changed: nothing that a choice between two values could settle.
    return Difference(path, Side.BOTH, True, {}, mine.new, theirs.new)


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(item, dict) for item in value)
    return not isinstance(value, dict)


# Both together


def _with(document: Document, path: KeyPath, value: Any) -> Document:
    """`document` with `value` at a path that names files by their path."""
    place = place_of(document, path)
    if value is ABSENT:
        return document.unset(place) if document.has(place) else document
    return document if document.has(place) and same(document.get(place), value) else document.set(place, value)


def _holds_both(base: Document, mine: Document, theirs: Document, together: Document) -> bool:
    """Whether `together` differs from theirs by what I changed, and from mine by what they changed, and not more."""
    scope = touched(base, mine, theirs)
    if not touched(base, together) <= scope:
        return False
    base, mine, theirs, together = _narrowed((base, mine, theirs, together), scope)
    if len(together.faults) > len(mine.faults) + len(theirs.faults):
        return False
    ours, others = _changes(base, mine), _changes(base, theirs)
    return _agree(_changes(theirs, together), _without(ours, others)) and _agree(
        _changes(mine, together), _without(others, ours)
    )


def _narrowed(documents: Sequence[Document], scope: Scope) -> list[Document]:
    """The documents with only the tables of some models: reading all of a large one would take long."""
    if any(one.is_whole or one.conflicts for one in documents):
        return list(documents)
    kept = [sorted(index for name in scope for index in one.groups.get(name, ())) for one in documents]
    return [Document([one.tables[i] for i in indices]) for one, indices in zip(documents, kept, strict=True)]


def _without(changes: Iterable[_Change], others: Sequence[_Change]) -> list[_Change]:
    return [change for change in changes if not any(_alike(change, other) for other in others)]


def _agree(found: Sequence[_Change], wanted: Sequence[_Change]) -> bool:
    """Whether two lists tell the same changes. What a list moved from and to depends on what else is in it."""
    left = list(wanted)
    for change in found:
        at = next(
            (
                index
                for index, other in enumerate(left)
                if change.path == other.path
                and change.kind == other.kind
                and (change.kind == "moved" or same(change.new, other.new))
            ),
            None,
        )
        if at is None:
            return False
        del left[at]
    return not left
