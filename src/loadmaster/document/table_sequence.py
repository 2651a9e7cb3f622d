"""The tables of a document in a row, kept in chunks: a row with a few other tables shares all chunks but theirs.

So an edit, where its tables begin, and what it changed cost the number of chunks, not of tables.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, chain
from typing import TypeVar, overload

from loadmaster.document.tables import Table

_Any = TypeVar("_Any")

_CHUNK = 512


class _Chunk:
    """Some tables, and the sums of their lengths and lines up to each of them and behind the last."""

    def __init__(self, tables: tuple[Table, ...]) -> None:
        self.tables = tables

    @cached_property
    def starts(self) -> list[int]:
        return list(accumulate([len(table.text) for table in self.tables], initial=0))

    @cached_property
    def lines(self) -> list[int]:
        return list(accumulate([table.newlines for table in self.tables], initial=0))


class Sums(Sequence[int]):
    """What the tables of a row add up to before each of them, and behind the last."""

    def __init__(self, firsts: list[int], inside: list[list[int]]) -> None:
        """The index of the first table of each chunk, with their number behind it, and the sums in each chunk."""
        self._firsts = firsts
        self._inside = inside
        self._bases = list(accumulate([sums[-1] for sums in inside], initial=0))

    def __len__(self) -> int:
        return self._firsts[-1] + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        last = self._firsts[-1]
        if index < 0:
            index += last + 1
        if not 0 <= index <= last:
            raise IndexError(index)
        if index == last:
            return self._bases[-1]
        chunk = bisect_right(self._firsts, index) - 1
        return self._bases[chunk] + self._inside[chunk][index - self._firsts[chunk]]

    def table_at(self, wanted: int) -> int:
        """The last table before which the sum is no more than `wanted`; the nearest where there is none."""
        chunk = bisect_right(self._bases, wanted) - 1
        if chunk < 0:
            return 0
        if chunk >= len(self._inside):
            return max(self._firsts[-1] - 1, 0)
        return self._firsts[chunk] + bisect_right(self._inside[chunk], wanted - self._bases[chunk]) - 1


class TableSequence(Sequence[Table]):
    """Tables in a row; never changed."""

    def __init__(self, tables: Iterable[Table] = ()) -> None:
        self._take(_chunks(tuple(tables)))

    def _take(self, chunks: tuple[_Chunk, ...]) -> None:
        self._chunks = chunks
        self._firsts = list(accumulate([len(chunk.tables) for chunk in chunks], initial=0))

    def __len__(self) -> int:
        return self._firsts[-1]

    def __iter__(self) -> Iterator[Table]:
        return chain.from_iterable([chunk.tables for chunk in self._chunks])

    @overload
    def __getitem__(self, index: int) -> Table: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Table, ...]: ...
    def __getitem__(self, index: int | slice) -> Table | tuple[Table, ...]:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            return self._between(start, stop)[::step] if step > 0 else tuple(self)[index]
        firsts = self._firsts
        if index < 0:
            index += firsts[-1]
        chunk = bisect_right(firsts, index) - 1
        if not 0 <= chunk < len(self._chunks):
            raise IndexError(index)
        return self._chunks[chunk].tables[index - firsts[chunk]]

    def _between(self, start: int, stop: int) -> tuple[Table, ...]:
        if start >= stop:
            return ()
        first, last = bisect_right(self._firsts, start) - 1, bisect_right(self._firsts, stop - 1) - 1
        some = chain.from_iterable([chunk.tables for chunk in self._chunks[first : last + 1]])
        return tuple(some)[start - self._firsts[first] : stop - self._firsts[first]]

    def spliced(self, first: int, last: int, fresh: Iterable[Table]) -> TableSequence:
        """The row with `fresh` in place of the tables from `first` to before `last`."""
        begin = max(bisect_right(self._firsts, first) - 1, 0)
        end = bisect_right(self._firsts, last - 1) if last > first else min(begin + 1, len(self._chunks))
        floor, ceiling = self._firsts[min(begin, len(self._chunks))], self._firsts[end]
        middle = (*self._between(floor, first), *fresh, *self._between(last, ceiling))
        row = TableSequence.__new__(TableSequence)
        row._take((*self._chunks[:begin], *_chunks(middle), *self._chunks[end:]))
        return row

    def texts(self) -> Iterator[str]:
        """The texts of the tables one after the other, some in a piece."""
        return ("".join([table.text for table in chunk.tables]) for chunk in self._chunks)

    @cached_property
    def starts(self) -> Sums:
        """The offset of each table, and the length of the text behind them."""
        return Sums(self._firsts, [chunk.starts for chunk in self._chunks])

    @cached_property
    def lines(self) -> Sums:
        """How many lines end before each table, and in all."""
        return Sums(self._firsts, [chunk.lines for chunk in self._chunks])

    def alike(self, other: TableSequence, same: Callable[[Table, Table], bool]) -> tuple[int, int]:
        """How many tables both begin with, and how many of what is left both end with.

        Tables are alike that are the same object, or of which `same` says so.
        """
        mine, others = self._chunks, other._chunks
        begin = _count(zip(mine, others, strict=False), _are_other)
        first = self._firsts[begin]
        most = min(len(self), len(other)) - first
        first += min(_count(zip(_flat(mine[begin:]), _flat(others[begin:]), strict=False), same), most)
        most = min(len(self), len(other)) - first
        end = _count(zip(reversed(mine), reversed(others), strict=False), _are_other)
        behind = len(self) - self._firsts[len(mine) - end]
        if behind < most:
            rest = zip(_flat_back(mine[: len(mine) - end]), _flat_back(others[: len(others) - end]), strict=False)
            behind += _count(rest, same)
        return first, min(behind, most)


def _chunks(tables: tuple[Table, ...]) -> tuple[_Chunk, ...]:
    """Tables in chunks; as one chunk where they are not many more than belong in one."""
    if len(tables) <= 2 * _CHUNK:
        return (_Chunk(tables),) if tables else ()
    return tuple(_Chunk(tables[at : at + _CHUNK]) for at in range(0, len(tables), _CHUNK))


def _flat(chunks: Sequence[_Chunk]) -> Iterator[Table]:
    return chain.from_iterable(chunk.tables for chunk in chunks)


def _flat_back(chunks: Sequence[_Chunk]) -> Iterator[Table]:
    return chain.from_iterable(reversed(chunk.tables) for chunk in reversed(chunks))


def _are_other(one: _Chunk, two: _Chunk) -> bool:
    return False


def _count(pairs: Iterable[tuple[_Any, _Any]], same: Callable[[_Any, _Any], bool]) -> int:
    """How many pairs are alike before the first that is not."""
    number = 0
    for one, two in pairs:
        if one is not two and not same(one, two):
            break
        number += 1
    return number
