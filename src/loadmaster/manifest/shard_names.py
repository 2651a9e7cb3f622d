"""The names of shards: `stem-00001-of-00006.suffix`."""

from __future__ import annotations

from typing import NamedTuple

_MOST_DIGITS = 9


class ShardName(NamedTuple):
    """What the path of a shard says: stem with the folder, number and total as they are written, suffix."""

    stem: str
    number: str
    total: str
    suffix: str


def shard_name(path: str) -> ShardName | None:
    """What a path says as that of a shard, or None where it is no shard's. The number may be any, also 0."""
    # Taken apart by hand: a pattern costs ten times as much, on each file of each check.
    at = path.rfind("-of-")
    dash = path.rfind("-", 0, at)
    dot = path.find(".", at)
    end = len(path) if dot < 0 else dot
    number, total = path[dash + 1 : at], path[at + 4 : end]
    if at < 0 or dash < 0 or not (number.isdecimal() and total.isdecimal() and number.isascii() and total.isascii()):
        return None
    if len(number) > _MOST_DIGITS or len(total) > _MOST_DIGITS or "/" in path[end:]:
        return None
    return ShardName(path[:dash], number, total, path[end:])
