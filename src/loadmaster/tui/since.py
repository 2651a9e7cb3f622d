"""What a manifest that is being edited differs in from the base of a review, model by model, with the new faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.comparison import renamed_models
from loadmaster.document.document import Document
from loadmaster.document.plain import same
from loadmaster.tui.reviewing import Base, Reviewed

MOST_PAIRS = 10_000
"""So many pairs of a model that came and one that went are looked at for a rename; where there are more, none is."""


@dataclass(frozen=True, slots=True)
class Since:
    """The standing of a document against a base: its models that `came` or `changed`, in the order of the file, and
    those of the base that `went`. `old_ids` gives the former id of those that were only renamed, which have changed;
    `top_differs` speaks of the keys beside the models. `known` are the keys of the faults that the base had."""

    base: Base
    known: frozenset[tuple[str, ...]]
    document: Document
    came: tuple[str, ...]
    changed: frozenset[str]
    went: tuple[str, ...]
    old_ids: Mapping[str, str]
    top_differs: bool

    def sign(self, model_id: str) -> str:
        """`+` for a model that came, `~` for one that changed, else nothing."""
        if model_id in self.changed or model_id in self.old_ids:
            return "~"
        return "+" if model_id in self.came else ""

    @property
    def numbers(self) -> tuple[int, int, int]:
        """How many models came, changed and went; a renamed one has changed."""
        renamed = len(self.old_ids)
        return len(self.came) - renamed, len(self.changed) + renamed, len(self.went) - renamed

    def new_faults(self, findings: Iterable[Finding]) -> int:
        """How many of these faults of the document the base had not."""
        if not self.old_ids:
            return sum(finding.key not in self.known for finding in findings)
        old = self.old_ids
        return sum(tuple(old.get(part, part) for part in finding.key) not in self.known for finding in findings)


def since(reviewed: Reviewed) -> Since:
    """The standing of what was reviewed. Compares every model, in any thread."""
    return _standing(reviewed.base, frozenset(finding.key for finding in reviewed.then), reviewed.document, None)


def followed(before: Since, document: Document) -> Since:
    """The standing of a later document. Only the models that were read anew are compared."""
    return before if document is before.document else _standing(before.base, before.known, document, before)


def _standing(base: Base, known: frozenset[tuple[str, ...]], document: Document, before: Since | None) -> Since:
    was, ids = base.document, document.model_ids
    there, here = set(was.model_ids), set(ids)
    came = tuple(model_id for model_id in ids if model_id not in there)
    went = tuple(model_id for model_id in was.model_ids if model_id not in here)
    changed = frozenset(model_id for model_id in ids if model_id in there and _differs(was, document, model_id, before))
    if before is not None and (came, went) == (before.came, before.went) and _are_untouched(came, document, before):
        old_ids = before.old_ids
    else:
        old_ids = _old_ids(was, document, came, went)
    return Since(base, known, document, came, changed, went, old_ids, not same(was.root_data, document.root_data))


def _differs(was: Document, document: Document, model_id: str, before: Since | None) -> bool:
    # What an edit leaves alone is shared by the documents before and after it.
    if before is not None and _are_untouched((model_id,), document, before):
        return model_id in before.changed
    old, new = was.raw_model(model_id), document.raw_model(model_id)
    return old is not new and not same(old, new)


def _are_untouched(model_ids: Iterable[str], document: Document, before: Since) -> bool:
    pairs = ((document.raw_model(one), before.document.raw_model(one)) for one in model_ids)
    return all(new is old and new is not None for new, old in pairs)


def _old_ids(was: Document, document: Document, came: tuple[str, ...], went: tuple[str, ...]) -> Mapping[str, str]:
    if len(came) * len(went) > MOST_PAIRS:
        return {}
    return renamed_models(
        {model_id: was.raw_model(model_id) for model_id in went},
        {model_id: document.raw_model(model_id) for model_id in came},
    )
