"""Shards by their names: `stem-00001-of-00006.safetensors`, and the index that stands beside a set of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from loadmaster.weights.headers import INDEX_SUFFIX

_SHARD = re.compile(
    r"\A(?P<stem>.*?)[-_.]?(?P<part>[0-9]{1,6})-of-(?P<total>[0-9]{1,6})(?P<suffix>(?:\.[^/]*)?)\Z", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class ShardSet:
    """What the shards of one set share: folder (empty for the top), stem and suffix, as RULES asks it."""

    folder: str
    stem: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ShardName:
    """A shard's set, its part (counted from 1) and the total that its name claims."""

    set: ShardSet
    part: int
    total: int


def shard_name(path: str) -> ShardName | None:
    """What the name of a path tells of its shard, or None where it is no shard's."""
    folder, _, name = path.rpartition("/")
    match = _SHARD.match(name)
    if match is None:
        return None
    return ShardName(ShardSet(folder, match["stem"], match["suffix"]), int(match["part"]), int(match["total"]))


def is_index(path: str) -> bool:
    """Whether a path is named as the index of a sharded component is."""
    return path.endswith(INDEX_SUFFIX)


def beside(path: str, name: str) -> str:
    """The path of `name`, which is given relative to the folder of `path`."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}"
