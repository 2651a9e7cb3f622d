"""True sizes and digests of the files in a folder: what `fill --from DIR` writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass, replace
from pathlib import Path

from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.cache import DigestCache, kept, known
from loadmaster.weights.hashing import hash_files
from loadmaster.weights.progress import Progress
from loadmaster.weights.scan_folder import ProposedFile, propose_folder, scan_folder


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A file that could not be read, and why: the reason goes on after the path."""

    path: str
    reason: str


def measure_folder(
    folder: Path,
    spec: ModelSpec | None = None,
    *,
    only: Collection[str] | None = None,
    root: Path | None = None,
    cache: DigestCache | None = None,
    workers: int | None = None,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Generator[ProposedFile | NotMeasured, None, None]:
    """The files of a folder as entries with size and sha256, each as soon as it is read.

    `only` limits it to these paths; else it reads those that `spec` lists or that its `allow_patterns` take. A Git LFS
    pointer is not read as a file: its entry has what it promises.
    """
    scan = scan_folder(folder, root)
    listed = {file.path for file in spec.files} if spec else set()
    entries = {
        entry.path: entry
        for entry in propose_folder(scan, spec)
        if (entry.path in only if only is not None else entry.wanted or entry.path in listed)
    }
    yield from (entry for entry in entries.values() if entry.pointer)
    by_stamp: dict[object, list[ProposedFile]] = {}
    for found in scan.files:
        if (entry := entries.get(found.path)) is not None and not entry.pointer:
            by_stamp.setdefault(found.stamp, []).append(entry)
    hits, rest = known((found.stamp for found in scan.files if found.stamp in by_stamp), cache)
    read = hash_files(dict.fromkeys(rest), workers=workers, stop=stop, on_progress=on_progress)
    for results in (hits, kept(read, cache)):
        for result in results:
            for entry in by_stamp.pop(result.stamp, ()):
                if result.sha256 is None:
                    yield NotMeasured(entry.path, result.trouble)
                else:
                    yield replace(entry, size=result.stamp.size, sha256=result.sha256)
