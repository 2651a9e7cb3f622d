"""What a header that cannot be read leaves behind: models that are none, and models that may lack a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from loadmaster.document.document import Document


class Wreckage(NamedTuple):
    """`wrecks` are names that only broken headers spell: nothing is said of them but that their headers are broken.

    `hurt` are models beside such a header, or below a broken line where theirs should be: it may hold what they lack.
    """

    wrecks: frozenset[str] = frozenset()
    hurt: frozenset[str] = frozenset()


def find_wreckage(document: Document) -> Wreckage:
    """Look for it. Costs next to nothing where there is none."""
    broken: list[int] = []
    wrecks: set[str] = set()
    hurt: set[str] = set()
    tables = document.tables
    odd: Iterable[str] = document.grouping.oddly_begun
    for model_id in odd if not document.is_whole else set(document.model_ids).intersection(odd):
        indices = document.model_tables(model_id)
        header = tables[indices[0]].header
        if header is None:
            continue
        if header.fault and all((one := tables[index].header) and one.fault for index in indices):
            wrecks.add(model_id)
            broken += indices
        elif len(header.parts) > 2 and tables[indices[0] - 1].fault is not None:
            hurt.add(model_id)
    for fault in document.root_faults:
        index = document.table_at(fault.start)
        header = tables[index].header
        if header is not None and header.fault:
            broken.append(index)
        if len(fault.path) > 1 and fault.path[0] == "models":
            # Such a header can take all models into the reading of the top level, with their faults.
            name = str(fault.path[1])
            (hurt if name and document.model_tables(name) else wrecks).add(name)
    return Wreckage(frozenset(wrecks), frozenset(hurt | _beside(document, broken)))


def _beside(document: Document, broken: Iterable[int]) -> set[str]:
    """The models above and below some broken headers."""
    return {name for index in broken for step in (-1, 1) if (name := _next_model(document, index, step)) is not None}


def _next_model(document: Document, index: int, step: int) -> str | None:
    """The model of the nearest table above or below that has a header which can be read."""
    index += step
    while 0 < index < len(document.tables):
        table = document.tables[index]
        if table.header is not None and not table.header.fault:
            return table.key[1] if len(table.key) > 1 and table.key[0] == "models" else None
        index += step
    return None
