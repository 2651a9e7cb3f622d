"""Which manifests the words on a command line mean: files, folders, and `-` for standard input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from loadmaster.cli.common import STANDARD_INPUT, CannotRun
from loadmaster.document.store import reason_of

MANIFEST_NAME = "models.toml"

_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})


def manifests(paths: Iterable[Path]) -> list[Path]:
    """Each file as it was named, and each folder's `**/models.toml`, sorted; each file once.

    Hidden folders and those of packages are passed over. Raises CannotRun for a folder that holds none or is
    closed to us.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path == STANDARD_INPUT or not os.path.isdir(path):
            found[path] = None
            continue
        inside = sorted(_below(path))
        if not inside:
            raise CannotRun(f"{path}: there is no {MANIFEST_NAME} in this folder or below it")
        found.update(dict.fromkeys(inside))
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        if error.filename == str(folder):
            raise CannotRun(f"{folder}: {reason_of(error)[1]}")

    for place, folders, files in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _SKIPPED]
        if MANIFEST_NAME in files:
            yield Path(place, MANIFEST_NAME)
