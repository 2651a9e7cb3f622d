"""The heads of weight files and the indexes of shards, read by suffix and never further than the header."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from loadmaster.errors import HeaderRefused
from loadmaster.weights.gguf_header import read_gguf
from loadmaster.weights.safetensors_header import read_safetensors
from loadmaster.weights.weight_header import MAX_HEADER_BYTES, Tensor, WeightHeader

__all__ = ["INDEX_SUFFIX", "ShardIndex", "Tensor", "WeightHeader", "has_header", "read_header", "read_index"]

INDEX_SUFFIX = ".index.json"

_READERS: dict[str, Callable[[BinaryIO, int], WeightHeader]] = {
    ".safetensors": read_safetensors,
    ".gguf": read_gguf,
}


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """The index of a sharded component: in which file, named relative to the index, each tensor lies.

    `total_size` is what the index's own metadata claims in bytes. Real indexes are often wrong there.
    """

    weight_map: Mapping[str, str]
    total_size: int | None = None

    @property
    def shards(self) -> tuple[str, ...]:
        """The files that it names, each once, sorted."""
        return tuple(sorted(set(self.weight_map.values())))


def has_header(path: str) -> bool:
    """Whether the suffix is one that :func:`read_header` knows."""
    return Path(path).suffix.lower() in _READERS


def read_header(path: str | os.PathLike[str], *, named: str | None = None) -> WeightHeader | None:
    """The header of a `.safetensors` or `.gguf` file; None for any other suffix.

    `named` is the name whose suffix counts where the file's own is another, as in a cache of blobs. Raises
    HeaderRefused for a header that cannot be, OSError where the file cannot be read.
    """
    reader = _READERS.get(Path(named or path).suffix.lower())
    if reader is None:
        return None
    with open(path, "rb") as file:
        return reader(file, os.fstat(file.fileno()).st_size)


def read_index(path: str | os.PathLike[str]) -> ShardIndex:
    """The shard index at `path`. Raises HeaderRefused where it is none or over 100 MB, OSError as it comes."""
    with open(path, "rb") as file:
        raw = file.read(MAX_HEADER_BYTES + 1)
    if len(raw) > MAX_HEADER_BYTES:
        raise HeaderRefused("is over 100 MB, too long for an index")
    try:
        content = json.loads(raw)
    except RecursionError:
        raise HeaderRefused("is nested too deeply") from None
    except ValueError as problem:
        raise HeaderRefused(f"is not JSON: {problem}") from None
    weight_map = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(weight_map, dict) or not all(isinstance(shard, str) for shard in weight_map.values()):
        raise HeaderRefused("has no weight_map that names a file for each tensor")
    metadata = content.get("metadata")
    total = metadata.get("total_size") if isinstance(metadata, dict) else None
    return ShardIndex(weight_map, total if type(total) is int else None)
