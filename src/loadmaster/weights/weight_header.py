"""What a weight file's header says, as values, and the bounds within which any header is read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from loadmaster.errors import HeaderRefused

MAX_HEADER_BYTES = 100_000_000
"""100 MB; the safetensors format itself sets this bound."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: its type as its format names it (`BF16`, `Q4_K`), its shape, and its bytes within the data.

    `end` equals `begin` where the size of the type is not known.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def parameters(self) -> int:
        """How many numbers it holds; a scalar holds one."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class WeightHeader:
    """The header of one file: `format` is `safetensors` or `gguf`; `metadata` holds its scalar entries.

    `problem` is a sentence on what in the header contradicts itself or the size of the file, or empty.
    """

    format: str
    tensors: tuple[Tensor, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    problem: str = ""

    @property
    def parameters(self) -> int:
        """How many numbers all tensors hold."""
        return sum(tensor.parameters for tensor in self.tensors)

    @property
    def parameters_by_dtype(self) -> dict[str, int]:
        """How many numbers are held in each type, the most first."""
        counts: dict[str, int] = {}
        for tensor in self.tensors:
            counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.parameters
        return dict(sorted(counts.items(), key=lambda item: -item[1]))


def read_exactly(file: BinaryIO, count: int) -> bytes:
    """`count` bytes from here on. Raises HeaderRefused where the file ends before."""
    content = file.read(count)
    if len(content) != count:
        raise HeaderRefused("the file ends inside its header")
    return content


def first_gap(tensors: Iterable[Tensor], data_bytes: int) -> str:
    """A sentence on the first tensor that leaves the data, overlaps another or leaves a hole; else empty."""
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: (tensor.begin, tensor.end)):
        if tensor.end > data_bytes:
            return f"tensor {tensor.name!r} ends at byte {tensor.end:,} of the data, which has {data_bytes:,}"
        if tensor.begin < end:
            return f"tensor {tensor.name!r} overlaps the one before it"
        if tensor.begin > end:
            return f"{tensor.begin - end:,} bytes before tensor {tensor.name!r} belong to none"
        end = tensor.end
    return f"{data_bytes - end:,} bytes at the end belong to no tensor" if end < data_bytes else ""
