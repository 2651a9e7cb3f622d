"""Random edits by the thousand, judged, and the same value edits handed to tomlkit.

    python -m tests.benchmarks.random_edits [COUNT] [SEED]

Prints what went wrong, of our edits and of tomlkit's, and what an edit costs. A manifest is odd where its spelling is:
commas before items, headers with escapes and the like; nothing ordinary may be refused.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections import Counter
from random import Random
from typing import Any

import tomlkit
from tests.document.judge import judge
from tests.document.page import read_page
from tests.document.random_edits import Edit, random_edit
from tests.document.random_manifests import random_manifest

from loadmaster.document.document import Document
from loadmaster.errors import EditRefused


def main(count: int = 3000, seed: int = 1) -> int:
    """Run, print, and answer 1 where anything was wrong."""
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    our_seconds = their_seconds = 0.0
    for number in range(count):
        rng = Random(seed * 1_000_003 + number)
        manifest = random_manifest(rng)
        document = Document.from_text(manifest.text)
        edit = random_edit(rng, manifest.data, read_page(manifest.text))
        started = time.perf_counter()
        try:
            new = edit.apply(document)
        except EditRefused:
            new = None
            ours["refused, ordinary" if manifest.is_ordinary else "refused, odd"] += 1
        our_seconds += time.perf_counter() - started
        if new is not None:
            count_faults(ours, document, new, edit)
        if edit.label.startswith("set a scalar"):
            started = time.perf_counter()
            text = by_tomlkit(manifest.text, edit)
            their_seconds += time.perf_counter() - started
            if text is None:
                theirs["refused"] += 1
            else:
                count_faults(theirs, document, Document.from_text(text), edit)
    print(f"{count} random documents, one random edit each, seed {seed}")
    kinds = ("data", "invalid", "comment", "bytes", "newline", "stale", "refused, ordinary", "refused, odd")
    for kind in kinds:
        print(f"  {kind:<18} {ours[kind]}")
    print(f"  {'exact':<18} {ours['exact']}   {our_seconds / count * 1000:.2f} ms an edit")
    tried = sum(theirs.values())
    print(f"the {tried} edits of one scalar among them, handed to tomlkit whole: {dict(theirs)}")
    print(f"  {their_seconds / max(tried, 1) * 1000:.2f} ms an edit")
    return int(any(ours[kind] for kind in kinds[:-1]))


def count_faults(counter: Counter[str], old: Document, new: Document, edit: Edit) -> None:
    """Count a document under each kind of fault that it has, or as exact."""
    kinds = {fault.kind for fault in judge(old, new, edit)}
    counter.update(kinds or {"exact"})


def by_tomlkit(text: str, edit: Edit) -> str | None:
    """The same edit done by tomlkit on the whole document; None where it cannot."""
    try:
        whole: Any = tomlkit.parse(text.removeprefix("\ufeff"))
        value: Any = edit.expected
        target = whole
        for name in edit.path[:-1]:
            target = target[name]
        for name in edit.path:
            value = value[name]
        target[edit.path[-1]] = value
        written = tomlkit.dumps(whole)
        tomllib.loads(written)
        return ("\ufeff" if text.startswith("\ufeff") else "") + written
    except Exception:
        return None


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in sys.argv[1:3])))
