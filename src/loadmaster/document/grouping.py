"""Which tables are those of which model, by their headers alone: documents whose headers are alike share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from loadmaster.document.tables import Table

ROOT = ""
"""The group of the tables that belong to no model."""


def group_of(table: Table) -> str:
    """The id of the model that a table's header names; empty for all others."""
    key = table.key
    if len(key) < 2 or key[0] != "models" or (len(key) == 2 and table.header and table.header.is_array):
        return ROOT
    return key[1]


class Grouping:
    """The indices of the tables of each model, by its id; under the empty name those of none. Never changed.

    A `range` where the tables of a model stand together, as they nearly always do.
    """

    def __init__(self, indices: Mapping[str, Sequence[int]], tables: Sequence[Table]) -> None:
        """`indices` by the models in the order in which they first stand in the file, the empty name before them.

        Of `tables`, all that it takes is what their headers say.
        """
        self.indices = indices
        self._tables = tables

    @classmethod
    def of(cls, tables: Sequence[Table]) -> Grouping:
        """That of these tables."""
        found: dict[str, list[int]] = {ROOT: []}
        header, indices = None, found[ROOT]
        for index, table in enumerate(tables):
            # Header lines that are alike share one header, so few are looked at.
            if table.header is not header:
                header = table.header
                indices = found.setdefault(group_of(table), [])
            indices.append(index)
        return cls({name: _run(indices) for name, indices in found.items()}, tables)

    @cached_property
    def model_ids(self) -> tuple[str, ...]:
        """The models in the order in which they first stand in the file."""
        return tuple(self.indices)[1:]

    @cached_property
    def split(self) -> tuple[str, ...]:
        """The models whose tables do not all stand together."""
        return tuple(name for name in self.model_ids if not isinstance(self.indices[name], range))

    @cached_property
    def oddly_begun(self) -> tuple[str, ...]:
        """The models whose first header cannot be read, or is that of a table below theirs."""
        first = ((name, self._tables[self.indices[name][0]].header) for name in self.model_ids)
        return tuple(name for name, header in first if header is not None and (header.fault or len(header.key) > 2))

    def spliced(self, tables: Sequence[Table], first: int, old: Sequence[Table], fresh: Sequence[Table]) -> Grouping:
        """That of `tables`, which are the same but for `fresh` in place of `old` from the index `first` on.

        It is the same grouping where their headers are alike.
        """
        if alike_headers(old, fresh):
            return self
        last, by = first + len(old), len(fresh) - len(old)
        come: dict[str, list[int]] = {}
        for index, table in enumerate(fresh, first):
            come.setdefault(group_of(table), []).append(index)
        found: dict[str, Sequence[int]] = dict.fromkeys(self.indices, ())
        for name, indices in self.indices.items():
            if isinstance(indices, range) and name not in come and indices.start >= last:
                found[name] = range(indices.start + by, indices.stop + by)
            elif isinstance(indices, range) and name not in come and indices.stop <= first:
                found[name] = indices
            else:
                before, behind = [i for i in indices if i < first], [i + by for i in indices if i >= last]
                found[name] = _run([*before, *come.pop(name, ()), *behind])
        found |= {name: _run(indices) for name, indices in come.items()}
        root = found.pop(ROOT, ())
        rest = sorted((item for item in found.items() if item[1]), key=lambda item: item[1][0])
        return Grouping({ROOT: root, **dict(rest)}, tables)


def _run(indices: list[int]) -> Sequence[int]:
    return range(indices[0], indices[-1] + 1) if indices and indices[-1] - indices[0] < len(indices) else indices


def _signature(table: Table) -> tuple[tuple[str, ...], bool, bool, str] | None:
    """All of a header but where it stands."""
    header = table.header
    return (header.key, header.is_array, header.unquoted, header.fault) if header is not None else None


def alike_headers(old: Sequence[Table], fresh: Sequence[Table]) -> bool:
    """Whether these tables have the same headers, up to their spelling."""
    return [_signature(table) for table in old] == [_signature(table) for table in fresh]
