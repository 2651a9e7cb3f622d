"""What a new file of a model probably is, from the one that it is put behind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_SHARD = re.compile(r"(?P<head>.*-)(?P<part>[0-9]{1,6})(?P<of>-of-)(?P<total>[0-9]{1,6})(?P<suffix>\..+)\Z", re.S)


def next_to(files: Sequence[object], index: int) -> dict[str, Any]:
    """The keys that a new file at `index` likely shares with the one before it: the component, a shard's path.

    Size and digest are never guessed.
    """
    before = files[index - 1] if 0 < index <= len(files) else None
    if not isinstance(before, dict):
        return {}
    guess: dict[str, Any] = {}
    shard = next_shard(files, before)
    if shard is not None:
        guess.update(shard)
    elif isinstance(before.get("path"), str) and "/" in before["path"]:
        guess["path"] = before["path"].rpartition("/")[0] + "/"
    if isinstance(before.get("component"), str):
        guess["component"] = before["component"]
    return guess


def next_shard(files: Sequence[object], file: Mapping[str, Any]) -> dict[str, Any] | None:
    """Path and part of the shard behind `file`; None where it is no shard, the last, or the next is listed."""
    path = file.get("path")
    match = _SHARD.match(path) if isinstance(path, str) else None
    if match is None:
        return None
    part, digits = int(match["part"]) + 1, len(match["part"])
    following = f"{match['head']}{part:0{digits}}{match['of']}{match['total']}{match['suffix']}"
    listed = {other.get("path") for other in files if isinstance(other, dict)}
    if part > int(match["total"]) or following in listed:
        return None
    return {"path": following, "shard_part": part} if "shard_part" in file else {"path": following}
