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

    def ranks(self) -> dict[str | None, int]:
        """The places of the models in that order; the file comes before all."""
        return {None: -1, **{model_id: rank for rank, model_id in enumerate(self.models)}}


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
    ranks = here.ranks()
    own = ranks.get(here.model_id, -1)
    faulty = {ranks.get(finding.model_id, -1) for finding in order}
    nearest = min(faulty, key=lambda rank: ((rank - own) * step <= 0, rank * step))
    members = [finding for finding in order if ranks.get(finding.model_id, -1) == nearest]
    return members[0 if step > 0 else -1]
