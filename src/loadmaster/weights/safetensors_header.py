"""The header of a safetensors file: eight bytes of length, then that much JSON, then the tensors' bytes."""

from __future__ import annotations

import json
from typing import BinaryIO, TypeGuard

from loadmaster.errors import HeaderRefused
from loadmaster.weights.weight_header import MAX_HEADER_BYTES, Tensor, WeightHeader, first_gap, read_exactly

# Bits a number takes. The list of types grows; one that is not here is passed on without a check of its bytes.
_BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("I8", "U8", "BOOL", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}
_MAX_DIMENSIONS = 64
_MAX_COUNT = 2**63 - 1


def read_safetensors(file: BinaryIO, size: int) -> WeightHeader:
    """The header at the start of `file`, which has `size` bytes.

    Raises HeaderRefused where the length is over 100 MB or over the file, or where it is not such a header. Offsets
    that do not fit the file, or a shape that does not fit its bytes, are told in `problem`.
    """
    if size < 8:
        raise HeaderRefused(f"has {size} bytes, too few for a safetensors header", {"size": size})
    length = int.from_bytes(read_exactly(file, 8), "little")
    if length > MAX_HEADER_BYTES:
        raise HeaderRefused(f"claims a header of {length:,} bytes; the limit is 100 MB", {"length": length})
    if length > size - 8:
        raise HeaderRefused(f"claims a header of {length:,} bytes in a file of {size:,}", {"length": length})
    entries = _object_of(read_exactly(file, length))
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise HeaderRefused("its __metadata__ is no table")
    tensors = tuple(_tensor(name, entry) for name, entry in entries.items())
    problem = next(filter(None, map(_misfit, tensors)), "") or first_gap(tensors, size - 8 - length)
    return WeightHeader("safetensors", tensors, metadata, problem)


def _object_of(raw: bytes) -> dict[str, object]:
    if not raw.startswith(b"{"):
        raise HeaderRefused("its header is not JSON: it does not start with {")
    try:
        entries = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_twins)
    except RecursionError:
        raise HeaderRefused("its header is nested too deeply") from None
    except ValueError as problem:
        raise HeaderRefused(f"its header is not JSON: {problem}") from None
    return dict(entries)


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name occurs twice")
    return entries


def _tensor(name: str, entry: object) -> Tensor:
    if not isinstance(entry, dict):
        raise HeaderRefused(f"tensor {name!r} is no table")
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not isinstance(dtype, str) or not _are_counts(shape) or not _are_counts(offsets) or len(offsets) != 2:
        raise HeaderRefused(f"tensor {name!r} lacks a type, a shape or offsets")
    if offsets[0] > offsets[1]:
        raise HeaderRefused(f"tensor {name!r} ends before it begins")
    return Tensor(name, dtype, tuple(shape), offsets[0], offsets[1])


def _are_counts(value: object) -> TypeGuard[list[int]]:
    # The bounds keep the product of a hostile shape from taking all day.
    if not isinstance(value, list) or len(value) > _MAX_DIMENSIONS:
        return False
    return all(type(item) is int and 0 <= item <= _MAX_COUNT for item in value)


def _misfit(tensor: Tensor) -> str:
    bits = _BITS.get(tensor.dtype)
    if bits is None or tensor.parameters * bits == 8 * (tensor.end - tensor.begin):
        return ""
    return (
        f"tensor {tensor.name!r} of {tensor.parameters:,} {tensor.dtype} needs "
        f"{-(-tensor.parameters * bits // 8):,} bytes and has {tensor.end - tensor.begin:,}"
    )
