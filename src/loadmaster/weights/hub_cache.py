"""What the Hub's local cache tells of a model without asking anyone: `models--owner--name/{refs,trees,snapshots}`.

Plain reading of files, without the library. `trees/<commit>.json` lists size and digest of every file of the commit,
also of those that were never downloaded; without it a snapshot tells of the files that it holds.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from loadmaster.errors import SourceError
from loadmaster.weights.hub import HubModel, HubTrouble, below
from loadmaster.weights.hub_listing import ListedFile, files_in
from loadmaster.weights.hub_source import HubSource, is_commit
from loadmaster.weights.locate import relative_parts

MAX_TREE_BYTES = 100_000_000

_SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")
_GIT_ID = re.compile(r"\A[0-9a-f]{40}\Z")


def default_cache() -> Path:
    """The Hub's cache as its own variables place it."""
    if folder := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(os.path.expanduser(folder))
    if home := os.environ.get("HF_HOME"):
        return Path(os.path.expanduser(home)) / "hub"
    caches = os.environ.get("XDG_CACHE_HOME")
    return (Path(caches) if caches else Path.home() / ".cache") / "huggingface" / "hub"


def read_cached(source: HubSource, cache: Path | None = None) -> HubModel:
    """The model as the cache knows it. Raises SourceError of kind `not-cached` where it does not."""
    folder = (cache or default_cache()) / ("models--" + source.repository.replace("/", "--"))
    commit = cached_commit(source, cache)
    if commit is None:
        raise _not_cached(source)
    listed = _tree(folder / "trees" / f"{commit}.json")
    complete = listed is not None
    if listed is None:
        listed = tuple(_snapshot(folder / "snapshots" / commit))
    if not listed:
        raise _not_cached(source)
    return HubModel(source, commit, below(listed, source.folder), offline=True, complete=complete)


def cached_commit(source: HubSource, cache: Path | None = None) -> str | None:
    """The commit that the source's revision had when the cache last saw it, or None."""
    if source.revision is not None and source.pinned:
        return source.revision
    folder = (cache or default_cache()) / ("models--" + source.repository.replace("/", "--"))
    try:
        reference = folder.joinpath("refs", *relative_parts(source.revision or "main"))
        commit = reference.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return commit if is_commit(commit) else None


def _tree(path: Path) -> tuple[ListedFile, ...] | None:
    try:
        if path.stat().st_size > MAX_TREE_BYTES:
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content.get("format_version") != 1:
            return None  # a newer library's: the snapshot still speaks
        return tuple(files_in(content))
    except (OSError, ValueError, RecursionError):
        return None


def _snapshot(folder: Path) -> Iterator[ListedFile]:
    """The files of a snapshot: links to blobs that are named by sha256 in LFS, by git id outside."""
    for place in sorted(folder.rglob("*")):
        try:
            if not place.is_file():
                continue
            blob = Path(os.path.realpath(place)).name
            size = place.stat().st_size
        except OSError:
            continue
        yield ListedFile(
            place.relative_to(folder).as_posix(),
            size,
            blob if _SHA256.match(blob) else None,
            blob if _GIT_ID.match(blob) else None,
        )


def _not_cached(source: HubSource) -> SourceError:
    revision = f" at {source.revision}" if source.revision else ""
    message = f"the local cache of the Hub does not know {source.repository}{revision}"
    return SourceError(message, {"kind": HubTrouble.NOT_CACHED, "source": source.text})
