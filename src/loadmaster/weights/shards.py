"""Shards by their names: `stem-00001-of-00006.safetensors`, and the index that stands beside a set of them."""

from __future__ import annotations

from dataclasses import dataclass

from loadmaster.manifest.shard_names import shard_name
from loadmaster.weights.headers import INDEX_SUFFIX


@dataclass(frozen=True, slots=True)
class ShardSet:
    """What the shards of one set share: folder (empty for the top), stem and suffix, as RULES asks it."""

    folder: str
    stem: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard's set, its part (counted from 1) and the total that its name claims."""

    set: ShardSet
    part: int
    total: int


def shard_of(path: str) -> Shard | None:
    """What the name of a path tells of its shard, or None where it is no shard's."""
    name = shard_name(path)
    if name is None:
        return None
    folder, _, stem = name.stem.rpartition("/")
    return Shard(ShardSet(folder, stem, name.suffix), int(name.number), int(name.total))


def is_index(path: str) -> bool:
    """Whether a path is named as the index of a sharded component is."""
    return path.endswith(INDEX_SUFFIX)


def beside(path: str, name: str) -> str:
    """The path of `name`, which is given relative to the folder of `path`."""
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{name}"
