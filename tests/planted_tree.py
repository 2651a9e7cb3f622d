"""A tree of models on disk with a manifest that is true of it, and faults that can be planted in it.

Files are true safetensors with headers and indexes. Their data are holes but for a few bytes, so that a tree of
gigabytes is made in a moment; sizes and digests are those of the whole files.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LONG_AGO = 1_600_000_000
SHARDS = 3
CHUNK = 1 << 20


@dataclass(frozen=True)
class Planted:
    """One fault: what it is called, and the rule, model and path that must be told; an empty path: the model."""

    name: str
    code: str
    model_id: str
    path: str


@dataclass
class PlantedTree:
    """A root with models below `wan22`, each listed with its true values in `manifest`."""

    root: Path
    model_ids: list[str] = field(default_factory=list)
    entries: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def folder(self, model_id: str) -> Path:
        return self.root / "wan22" / model_id

    @property
    def manifest(self) -> str:
        """The text of the manifest, with comments, so that a lost one shows."""
        parts = ["# Our models\nschema_version = 1\n"]
        for model_id in self.model_ids:
            parts.append(
                f'\n# {model_id} as of today\n[models."{model_id}"]\nvariants = ["fp16"]  # one build\n'
                f'default_variant = "fp16"\nallow_patterns = ["*.json", "*.safetensors"]\n'
            )
            for entry in self.entries[model_id]:
                parts.append(f'\n[[models."{model_id}".files]]\n')
                parts += [f"{key} = {json.dumps(value)}\n" for key, value in entry.items()]
            parts.append(f'\n[models."{model_id}".sources]\npriority = ["local://wan22/{model_id}"]\n')
        return "".join(parts)


def make_tree(root: Path, models: int, total: int) -> PlantedTree:
    """`models` models of `total` bytes of weights in all."""
    tree = PlantedTree(root)
    each = max(total // models // (SHARDS + 2), 64)
    for number in range(models):
        model_id = f"t2v-{number:02d}@1.0.{number}"
        tree.model_ids.append(model_id)
        tree.entries[model_id] = []
        _write_model(tree, model_id, each)
    return tree


def _write_model(tree: PlantedTree, model_id: str, size: int) -> None:
    weight_map: dict[str, str] = {}
    for part in range(1, SHARDS + 1):
        name = f"model-{part:05d}-of-{SHARDS:05d}.safetensors"
        tensor = f"block.{part}.weight"
        weight_map[tensor] = name
        _write_weights(tree, model_id, f"unet/{name}", tensor, size, component="unet", shard_part=part)
    index = json.dumps({"metadata": {}, "weight_map": weight_map}).encode()
    _list(tree, model_id, "unet/model.safetensors.index.json", index, component="unet", shard_index=True)
    _write_weights(tree, model_id, "vae/model.safetensors", "vae.weight", size, component="vae")
    _write_weights(tree, model_id, "text_encoder/model.safetensors", "t5.weight", size, component="text_encoder")
    config = json.dumps({"_class_name": "Model", "name": model_id}).encode()
    _list(tree, model_id, "config.json", config, component="config")


def _write_weights(tree: PlantedTree, model_id: str, path: str, tensor: str, size: int, **more: object) -> None:
    count = size // 2
    seed = hashlib.sha256(f"{model_id}/{path}".encode()).digest()
    write_safetensors(tree.folder(model_id) / path, tensor, count, seed)
    _enter(tree, model_id, path, more)


def write_safetensors(place: Path, tensor: str, count: int, seed: bytes) -> None:
    """A file of one fp16 tensor of `count` numbers: the seed, then a hole."""
    header = json.dumps({tensor: {"dtype": "F16", "shape": [count], "data_offsets": [0, count * 2]}}).encode()
    header += b" " * (-len(header) % 8)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + seed[: count * 2])
        file.truncate(8 + len(header) + count * 2)
    settle(place)


def _list(tree: PlantedTree, model_id: str, path: str, content: bytes, **more: object) -> None:
    place = tree.folder(model_id) / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    settle(place)
    _enter(tree, model_id, path, more)


def _enter(tree: PlantedTree, model_id: str, path: str, more: dict[str, object]) -> None:
    place = tree.folder(model_id) / path
    entry = {"path": path, "size": place.stat().st_size, "sha256": digest_of(place), **more}
    tree.entries[model_id].append(entry)


def digest_of(place: Path) -> str:
    """The sha256 of a file."""
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def settle(place: Path, later: int = 0) -> None:
    """Let a file look as if it was written long ago, so that its digest may be kept."""
    os.utime(place, (LONG_AGO + later, LONG_AGO + later))


def _shard(part: int) -> str:
    return f"unet/model-{part:05d}-of-{SHARDS:05d}.safetensors"


def _missing(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    (tree.folder(model_id) / "vae/model.safetensors").unlink()
    return "LM801", "vae/model.safetensors"


def _no_folder(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    shutil.rmtree(tree.folder(model_id))
    return "LM801", ""


def _short(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    place = tree.folder(model_id) / _shard(1)
    os.truncate(place, place.stat().st_size // 2)
    settle(place, later=60)
    return "LM802", _shard(1)


def _flipped(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    place = tree.folder(model_id) / "text_encoder/model.safetensors"
    with place.open("r+b") as file:
        file.seek(-3, os.SEEK_END)
        byte = file.read(1)
        file.seek(-3, os.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))
    settle(place, later=60)
    return "LM803", "text_encoder/model.safetensors"


def _pointer(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    path = _shard(2)
    entry = next(one for one in tree.entries[model_id] if one["path"] == path)
    lines = ("version https://git-lfs.github.com/spec/v1", f"oid sha256:{entry['sha256']}", f"size {entry['size']}")
    place = tree.folder(model_id) / path
    place.write_text("\n".join(lines) + "\n", encoding="ascii")
    settle(place, later=60)
    return "LM804", path


def _extra(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    place = tree.folder(model_id) / "notes/old.safetensors"
    place.parent.mkdir()
    place.write_bytes(b"left behind")
    settle(place, later=60)
    return "LM805", "notes/old.safetensors"


def _wrong_shard(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    """The bytes of another shard, of the same length, in a shard's place."""
    place = tree.folder(model_id) / _shard(2)
    shutil.copyfile(tree.folder(model_id) / _shard(3), place)
    settle(place, later=60)
    return "LM803", _shard(2)


def _foreign_shard(tree: PlantedTree, model_id: str) -> tuple[str, str]:
    """A shard of another make, listed as it lies there: only its header tells that the index is not of it."""
    place = tree.folder(model_id) / _shard(3)
    write_safetensors(place, "layer.9.weight", 64, b"another make")
    settle(place, later=60)
    entry = next(one for one in tree.entries[model_id] if one["path"] == _shard(3))
    entry |= {"size": place.stat().st_size, "sha256": digest_of(place)}
    return "LM806", _shard(3)


FAULTS: dict[str, Callable[[PlantedTree, str], tuple[str, str]]] = {
    "missing": _missing,
    "no folder": _no_folder,
    "short": _short,
    "flipped byte": _flipped,
    "pointer": _pointer,
    "extra": _extra,
    "wrong shard": _wrong_shard,
    "foreign shard": _foreign_shard,
}


def plant(tree: PlantedTree) -> list[Planted]:
    """Each fault once, each in a model of its own, the first models staying sound."""
    assert len(tree.model_ids) > len(FAULTS)
    planted = []
    for (name, fault), model_id in zip(FAULTS.items(), reversed(tree.model_ids), strict=False):
        code, path = fault(tree, model_id)
        planted.append(Planted(name, code, model_id, path))
    return planted


def invented(manifest: str) -> str:
    """The manifest with every digest and size invented, as published ones are."""
    lines = []
    for number, line in enumerate(manifest.split("\n")):
        if line.startswith("sha256 = "):
            line = f'sha256 = "{hashlib.sha256(str(number % 100).encode()).hexdigest()}"'
        elif line.startswith("size = "):
            line = f"size = {(number + 1) * 1_000_000_000}"
        lines.append(line)
    return "\n".join(lines)
