"""Models that one side of a merge gave another id: brought under one id in all texts, so that their changes meet."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from loadmaster.document.comparison import renamed_models
from loadmaster.document.document import Document
from loadmaster.errors import EditRefused


@dataclass(frozen=True, slots=True)
class IdClash:
    """A model that both gave an id, not the same, or that one side took away: None there.

    In the texts that go with it, the model of theirs stands under the id of ours where both have one.
    """

    ours: str | None
    theirs: str | None

    @property
    def model_id(self) -> str:
        """The id under which the model stands in the texts."""
        return self.ours or self.theirs or ""


@dataclass(frozen=True, slots=True)
class UnderOneId:
    """The texts of a merge, a renamed model under its new id in each, and where the ids clash."""

    base: Document
    ours: Document
    theirs: Document
    clashes: tuple[IdClash, ...] = ()


def under_one_id(base: Document, ours: Document, theirs: Document) -> UnderOneId:
    """The three texts with each model that a side renamed under one id.

    Raises EditRefused where a model with two new ids cannot be brought under one.
    """
    mine, others = _new_ids(base, ours), _new_ids(base, theirs)
    clashes: list[IdClash] = []
    for old_id in [name for name in base.model_ids if name in mine or name in others]:
        my_id, their_id = mine.get(old_id), others.get(old_id)
        if my_id and their_id:
            base = base.rename_model(old_id, my_id)
            if my_id != their_id:
                theirs = theirs.rename_model(their_id, my_id)
                clashes.append(IdClash(my_id, their_id))
        elif my_id and my_id not in theirs.model_ids:
            if old_id not in theirs.model_ids:
                clashes.append(IdClash(my_id, None))
                continue
            with suppress(EditRefused):
                base, theirs = base.rename_model(old_id, my_id), theirs.rename_model(old_id, my_id)
        elif their_id and their_id not in ours.model_ids:
            if old_id not in ours.model_ids:
                clashes.append(IdClash(None, their_id))
                continue
            with suppress(EditRefused):
                base, ours = base.rename_model(old_id, their_id), ours.rename_model(old_id, their_id)
    return UnderOneId(base, ours, theirs, tuple(clashes))


def _new_ids(base: Document, side: Document) -> dict[str, str]:
    """The new id of each model of `base` that has another in `side`, by the old one."""
    before, after = set(base.model_ids), set(side.model_ids)
    if before <= after or after <= before:
        return {}
    gone = {model_id: base.raw_model(model_id) for model_id in base.model_ids if model_id not in after}
    come = {model_id: side.raw_model(model_id) for model_id in side.model_ids if model_id not in before}
    found = {old_id: new_id for new_id, old_id in renamed_models(gone, come).items()}
    for new_id, data in come.items():
        if new_id not in found.values():
            alike = [old_id for old_id, old in gone.items() if old_id not in found and _has_files_of(old, data)]
            if len(alike) == 1:
                found[alike[0]] = new_id
    return found


def _has_files_of(old: Any, new: Any) -> bool:
    """Whether most files of either model are the other's too, by path and digest: a rename with changes besides."""
    before, after = _files(old), _files(new)
    return 2 * len(before & after) > max(len(before), len(after))


def _files(model: Any) -> set[tuple[str, str]]:
    files = model.get("files") if isinstance(model, dict) else None
    found = [one for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    return {(str(one.get("path")), str(one.get("sha256"))) for one in found}
