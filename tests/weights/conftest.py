"""Real files for the tests of the weights layer: trees of models with true sizes and digests, faults to be planted."""

from __future__ import annotations

import hashlib
import json
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from loadmaster.manifest.spec import FileSpec, ModelSpec

BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I64": 8, "U8": 1}
LONG_AGO = 1_600_000_000


def safetensors(tensors: Mapping[str, tuple[str, Sequence[int]]], seed: int = 0) -> bytes:
    """A true safetensors file: name to type and shape, the data made from the seed."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (dtype, shape) in tensors.items():
        begin = end
        count = 1
        for side in shape:
            count *= side
        end += count * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}
    raw = json.dumps(header).encode()
    raw += b" " * (-len(raw) % 8)
    return struct.pack("<Q", len(raw)) + raw + hashlib.shake_128(str(seed).encode()).digest(end)


def shards(tensors_each: int = 2, total: int = 3, dtype: str = "F32") -> dict[str, bytes]:
    """A shard set with its index, by name."""
    files: dict[str, bytes] = {}
    weight_map: dict[str, str] = {}
    for part in range(1, total + 1):
        name = f"model-{part:05d}-of-{total:05d}.safetensors"
        tensors = {f"block.{part}.{number}": (dtype, (4, 8)) for number in range(tensors_each)}
        files[name] = safetensors(tensors, seed=part)
        weight_map |= dict.fromkeys(tensors, name)
    files["model.safetensors.index.json"] = json.dumps({"metadata": {}, "weight_map": weight_map}).encode()
    return files


class Tree:
    """A root of models in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder_of: dict[str, Path] = {}

    def model(self, model_id: str, files: Mapping[str, bytes], *, below: str = "wan22", **more: Any) -> ModelSpec:
        """Writes the files, long ago, and gives the manifest's true word of them."""
        folder = self.root / below / model_id
        self.folder_of[model_id] = folder
        for path, content in files.items():
            self.write(folder / path, content)
        listed = [
            FileSpec(
                path,
                len(content),
                hashlib.sha256(content).hexdigest(),
                component="unet" if "model" in path else None,
                shard_index=path.endswith(".index.json"),
            )
            for path, content in files.items()
        ]
        given: dict[str, Any] = {"variants": ["fp32"], "default_variant": "fp32", "sources": [], **more}
        return ModelSpec(model_id, model_id.rpartition("@")[2], files=listed, **given)

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))


def with_file(spec: ModelSpec, path: str, **changes: Any) -> ModelSpec:
    """The model with other words about one of its files."""
    return replace(spec, files=[replace(file, **changes) if file.path == path else file for file in spec.files])


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "models"
    root.mkdir()
    return Tree(root)


@pytest.fixture
def shard_files() -> dict[str, bytes]:
    """Three shards of 64 fp32 parameters each, and their index."""
    return shards()
