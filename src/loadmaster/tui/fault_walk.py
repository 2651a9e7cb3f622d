"""Which fault comes next from a place, in the order in which the list of faults shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loadmaster.checks.diagnostic import Finding


@dataclass(frozen=True, slots=True)
class Here:
    """Where one stands: a model (None for the file), and a line of the text; None where the model as a whole is meant.

    `models` are the ids of all models in the order of the list.
    """

    model_id: str | None
    line: int | None
    models: Sequence[str]

    def rank(self, model_id: str | None) -> int:
        """The place of a model in that order; the file comes before all."""
        return -1 if model_id is None or model_id not in self.models else self.models.index(model_id)


def fault_from(order: Sequence[Finding], here: Here, line_of: Callable[[Finding], int], step: int) -> Finding | None:
    """The first fault at or behind a place, or for a step back the last before it; around the end; None without any.

    `line_of` is asked only of the faults of the model where one stands. A model as a whole begins with its worst.
    """
    if not order:
        return None
    own = [finding for finding in order if finding.model_id == here.model_id]
    line = here.line
    if step > 0:
        reached = own[:1] if line is None else sorted((f for f in own if line_of(f) >= line), key=line_of)[:1]
        return reached[0] if reached else _of_neighbour(order, here, 1)
    reached = [] if line is None else sorted((f for f in own if line_of(f) < line), key=line_of)[-1:]
    return reached[0] if reached else _of_neighbour(order, here, -1)


def _of_neighbour(order: Sequence[Finding], here: Here, step: int) -> Finding:
    """The first fault of the next model that has any, or the last of the one before."""
    ranks = {model_id: here.rank(model_id) for model_id in dict.fromkeys(finding.model_id for finding in order)}
    own = here.rank(here.model_id)
    nearest = min(ranks.values(), key=lambda rank: ((rank - own) * step <= 0, rank * step))
    members = [finding for finding in order if ranks[finding.model_id] == nearest]
    return members[0 if step > 0 else -1]
