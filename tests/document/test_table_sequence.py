"""A row of tables in chunks is what a tuple of them would be, and the grouping that goes with it what is made anew."""

from __future__ import annotations

import random
from bisect import bisect_right
from itertools import accumulate

import pytest

from loadmaster.document import table_sequence
from loadmaster.document.document import Document
from loadmaster.document.grouping import Grouping
from loadmaster.document.history import step_between
from loadmaster.document.table_sequence import TableSequence
from loadmaster.document.tables import Table, cut_tables

_HEADERS = [
    '[models."a"]',
    '[models."b"]',
    "[models.b.defaults]",
    "[[models.c.files]]",
    "[other]",
    "[models.a",
    "[[models]]",
]


def _tables(rng: random.Random, number: int) -> list[Table]:
    texts = [f"{rng.choice(_HEADERS)}\n" + "x = 1\n" * rng.randrange(3) for _ in range(number)]
    return [cut_tables(text)[-1] for text in texts]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_sequence, "_CHUNK", 3)


@pytest.mark.parametrize("seed", range(40))
def test_a_row_is_what_a_tuple_would_be(seed: int) -> None:
    rng = random.Random(seed)
    plain = (cut_tables("")[0], *_tables(rng, rng.randrange(40)))
    row, grouping = TableSequence(plain), Grouping.of(plain)
    for _ in range(12):
        first = rng.randrange(1, len(plain) + 1)
        last = min(first + rng.choice([0, 0, 1, 1, 2, 9]), len(plain))
        fresh = _tables(rng, rng.choice([0, 1, 1, 2, 20]))
        old, before = row[first:last], row
        plain = (*plain[:first], *fresh, *plain[last:])
        row = row.spliced(first, last, fresh)
        grouping = grouping.spliced(row, first, old, fresh)

        assert tuple(row) == plain
        assert len(row) == len(plain)
        assert [row[i] for i in range(-len(plain), len(plain))] == [*plain, *plain]
        start, stop = sorted(rng.randrange(len(plain) + 1) for _ in range(2))
        assert row[start:stop] == plain[start:stop]
        assert row[-5:] == plain[-5:]
        with pytest.raises(IndexError):
            row[len(plain)]

        offsets = list(accumulate([len(table.text) for table in plain], initial=0))
        assert list(row.starts) == offsets
        assert row.starts[-1] == offsets[-1]
        assert list(row.lines) == list(accumulate([table.newlines for table in plain], initial=0))
        for offset in range(offsets[-1] + 2):
            assert row.starts.table_at(offset) == min(bisect_right(offsets, offset) - 1, len(plain) - 1)

        assert {name: list(some) for name, some in grouping.indices.items()} == {
            name: list(some) for name, some in Grouping.of(row).indices.items()
        }
        assert grouping.model_ids == Grouping.of(row).model_ids
        assert grouping.oddly_begun == Grouping.of(row).oddly_begun
        assert grouping.split == Grouping.of(row).split

        begin, end = before.alike(row, lambda one, other: False)
        most = min(len(before), len(row))
        assert begin == next((i for i in range(most) if before[i] is not row[i]), most)
        most -= begin
        assert end == next((i for i in range(most) if before[-1 - i] is not row[-1 - i]), most)


def test_an_edit_of_many_tables_changes_one() -> None:
    text = "schema_version = 1\n" + "".join(f'[models."m{i}@1.0.0"]\nx = {i}\n' for i in range(50))
    document = Document.from_text(text)
    path = ("models", "m30@1.0.0", "x")
    edited = document.set(path, 77)
    step = step_between(document, edited, "")
    assert (step.first, len(step.old), len(step.new)) == (31, 1, 1)
    assert edited.place(path) == document.place(path)
    assert edited.groups is document.groups
