"""The Hub's ways of listing files as JSON, read as plain data: no library, no network.

Known are the tree (`/api/models/…/tree/…`), the model's info (`siblings`, with `blobs=true`), the local cache's
`trees/<commit>.json`, and `git lfs ls-files --json`, which has the same facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SHA256 = re.compile(r"\A(?:sha256:)?([0-9A-Fa-f]{64})\Z")
_GIT_ID = re.compile(r"\A[0-9a-f]{40}\Z")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that someone else told of: size in bytes, sha256, and git blob id, as far as they were told.

    `path` is None where only one file's values were given, as in a lone Git LFS pointer.
    """

    path: str | None
    size: int | None = None
    sha256: str | None = None
    git_id: str | None = None

    @property
    def needs_bytes(self) -> bool:
        """Whether its sha256 can be had only from its bytes."""
        return self.sha256 is None


def files_in_json(text: str) -> Iterator[ListedFile]:
    """The files of a listing; several JSON values one after another are read as its pages.

    Raises ValueError (or RecursionError) where the text is no listing of files.
    """
    decoder = json.JSONDecoder()
    position, end = 0, len(text)
    while (position := _skip_space(text, position)) < end:
        value, position = decoder.raw_decode(text, position)
        yield from files_in(value)


def files_in(value: object) -> Iterator[ListedFile]:
    """The files of one decoded listing; folders are left out. Raises ValueError where it is none."""
    if isinstance(value, list):
        yield from (_file(item, "path") for item in value if not _is_folder(item))
        return
    if isinstance(value, dict):
        if isinstance(siblings := value.get("siblings"), list):
            yield from (_file(item, "rfilename") for item in siblings)
            return
        files = value.get("files")
        if isinstance(files, dict):
            yield from (_cached(path, facts) for path, facts in files.items())
            return
        if isinstance(files, list):
            yield from (_file(item, "name") for item in files)
            return
        if "path" in value or "rfilename" in value:
            yield _file(value, "path" if "path" in value else "rfilename")
            return
    raise ValueError("this is JSON, but no list of files as the Hub or Git LFS gives it")


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n,":
        position += 1
    return position


def _is_folder(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") not in (None, "file")


def _file(item: object, key: str) -> ListedFile:
    if not isinstance(item, dict) or not isinstance(path := item.get(key), str) or not path:
        raise ValueError(f"this is JSON, but an entry has no {key}")
    lfs = item.get("lfs")
    lfs = lfs if isinstance(lfs, dict) else {}
    sha256 = _sha256(lfs.get("sha256")) or _sha256(lfs.get("oid")) or _sha256(item.get("sha256"))
    if item.get("oid_type", "sha256") == "sha256":
        sha256 = sha256 or _sha256(item.get("oid"))
    size = _size(lfs.get("size")) if _size(lfs.get("size")) is not None else _size(item.get("size"))
    return ListedFile(path, size, sha256, _git_id(item.get("oid")) or _git_id(item.get("blobId")))


def _cached(path: str, facts: object) -> ListedFile:
    if not isinstance(facts, Mapping):
        raise ValueError("this is JSON, but an entry of its files is no table")
    size = _size(facts.get("lfs_size"))
    size = size if size is not None else _size(facts.get("size"))
    return ListedFile(path, size, _sha256(facts.get("lfs_sha256")), _git_id(facts.get("blob_id")))


def _sha256(value: object) -> str | None:
    match = _SHA256.match(value) if isinstance(value, str) else None
    return match[1].lower() if match else None


def _git_id(value: object) -> str | None:
    return value if isinstance(value, str) and _GIT_ID.match(value) else None


def _size(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None
