"""Models that are marked, so that one edit or one fix goes to all of them as one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused

if TYPE_CHECKING:
    from loadmaster.checks.diagnostic import Finding
    from loadmaster.document.document import Document

Edit = Callable[["Document"], "Document"]


class Marks:
    """The ids of the marked models."""

    def __init__(self) -> None:
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, model_id: object) -> bool:
        return model_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._ids))

    def toggle(self, model_ids: Iterable[str]) -> None:
        """Mark these models, or unmark them where all of them are marked."""
        wanted = set(model_ids)
        if wanted and wanted <= self._ids:
            self._ids -= wanted
        else:
            self._ids |= wanted

    def clear(self) -> None:
        """Mark none."""
        self._ids.clear()

    def follow(self, old_id: str, new_id: str) -> None:
        """A model has another id from now on."""
        if old_id in self._ids:
            self._ids = (self._ids - {old_id}) | {new_id}

    def keep(self, model_ids: Iterable[str]) -> None:
        """Forget models that are no longer there."""
        self._ids &= set(model_ids)

    def reach(self, model_id: object) -> int:
        """How many models an edit of this one goes to: all that are marked if it is one of them, else itself."""
        return len(self._ids) if model_id in self._ids else 1


def same_places(document: Document, marks: Marks, path: KeyPath) -> list[KeyPath]:
    """The place `path` in each marked model, its own first; only `path` itself where its model is not marked.

    A file is found by its `path`, and models that have no such file are passed over. An item of a list stands for
    itself alone: another model's list need not hold the same at that position.
    """
    own = path[1] if len(path) > 1 else None
    if own not in marks:
        return [path]
    places = [path]
    for model_id in document.model_ids:
        if model_id in marks and model_id != own:
            place = _in_model(document, path, model_id)
            if place is not None:
                places.append(place)
    return places


def _in_model(document: Document, path: KeyPath, model_id: str) -> KeyPath | None:
    if len(path) > 3 and path[2] == "files" and isinstance(path[3], int):
        wanted = document.get((*path[:4], "path"))
        files = document.get(("models", model_id, "files"))
        found = (i for i, file in enumerate(files or ()) if isinstance(file, dict) and file.get("path") == wanted)
        index = next(found, None) if isinstance(files, list) and wanted is not None else None
        return None if index is None else ("models", model_id, "files", index, *path[4:])
    if any(isinstance(part, int) for part in path):
        return None
    return ("models", model_id, *path[2:])


def at_all(places: Sequence[KeyPath], edit_at: Callable[[Document, KeyPath], Document]) -> Edit:
    """The edit that does `edit_at` at each place."""

    def edit(document: Document) -> Document:
        for place in places:
            document = edit_at(document, place)
        return document

    return edit


def fixes_of(findings: Sequence[Finding]) -> Edit:
    """The edit that applies the fixes of these findings, the last in the file first, since places move.

    A fix that cannot be applied exactly is passed over; raises EditRefused where none could be.
    """

    def edit(document: Document) -> Document:
        refusals: list[EditRefused] = []
        fixes = [finding.fix for finding in findings if finding.fix is not None]
        for fix in reversed(fixes):
            try:
                document = fix.apply(document)
            except EditRefused as refusal:
                refusals.append(refusal)
        if refusals and len(refusals) == len(fixes):
            raise refusals[0]
        return document

    return edit
