"""Manifests below a folder, and paths that are being typed: looked for with bounds, lest a disk hold the app up."""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

MANIFEST_NAME = "models.toml"

DEEPEST = 6
"""Folders below the first in which a manifest is looked for."""

LONGEST = 2.0
"""Seconds after which the search ends, wherever it is."""

MOST_FOUND = 200
MOST_COMPLETIONS = 200

SKIPPED = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "env", "target", "dist", "build", "vendor", "snapshots"}
)
"""Folders that hold what others made. Hidden ones are passed over as well."""


_MODEL_HEADER = re.compile(rb"""^[ \t]*\[+[ \t]*["']?models["']?[ \t]*\.""", re.MULTILINE)
_LOOKED_AT = 65_536  # Bytes of a file in which a model is looked for.


def manifests_below(folder: Path, clock: Callable[[], float] = time.monotonic) -> Iterator[Path]:
    """Each file named `models.toml`, or like `wan-models.toml`, in the folder or below, the shallow ones first.

    In the folder itself also a TOML file of another name that has models. Links to folders are not followed.
    """
    end = clock() + LONGEST
    found = 0
    waiting: deque[tuple[str, int]] = deque([(str(folder), 0)])
    while waiting and found < MOST_FOUND and clock() < end:
        place, depth = waiting.popleft()
        below: list[str] = []
        for entry in sorted(_entries(place), key=lambda one: one.name):
            if _is_folder(entry):
                if depth < DEEPEST and not entry.name.startswith(".") and entry.name not in SKIPPED:
                    below.append(entry.path)
            elif entry.name.endswith(MANIFEST_NAME) or (not depth and _has_models(entry)):
                found += 1
                yield Path(entry.path)
        waiting.extend((path, depth + 1) for path in sorted(below))


def _has_models(entry: os.DirEntry[str]) -> bool:
    if not entry.name.endswith(".toml") or entry.name.startswith("."):
        return False
    try:
        if not entry.is_file():
            return False
        with open(entry.path, "rb") as file:
            return _MODEL_HEADER.search(file.read(_LOOKED_AT)) is not None
    except OSError:
        return False


def completions(text: str, folder: Path) -> list[str]:
    """The paths that a text may become: folders, with a slash at their end, and TOML files. `~` is understood.

    What is relative counts from `folder`.
    """
    head, slash, start = text.rpartition("/")
    place = Path(os.path.expanduser(head + slash)) if head + slash else folder
    found: list[str] = []
    for entry in _entries(str(folder / place)):
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start.startswith(".")):
            continue
        if _is_folder(entry, follow=True):
            found.append(f"{head}{slash}{entry.name}/")
        elif entry.name.endswith(".toml"):
            found.append(f"{head}{slash}{entry.name}")
        if len(found) == MOST_COMPLETIONS:
            break
    return sorted(found, key=lambda path: (path.endswith("/"), path))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (OSError, ValueError):
        return []


def _is_folder(entry: os.DirEntry[str], follow: bool = False) -> bool:
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:
        return False
