"""What the weight files of a model add up to: a second opinion that comes from other data."""

from __future__ import annotations

from collections.abc import Iterable

from loadmaster.manifest.spec import FileSpec

WEIGHT_SUFFIXES = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt", ".onnx", ".npz", ".msgpack", ".h5")
"""Suffixes of files that hold weights."""


def is_weight_file(path: str) -> bool:
    """Whether a path has the suffix of a weight file, in any case."""
    return path.lower().endswith(WEIGHT_SUFFIXES)


def weight_files_by_component(files: Iterable[FileSpec]) -> dict[str, int]:
    """Bytes of the weight files of each component, in the order of the manifest; "" stands for no component."""
    sums: dict[str, int] = {}
    for file in files:
        if is_weight_file(file.path):
            component = file.component or ""
            sums[component] = sums.get(component, 0) + file.size
    return sums
