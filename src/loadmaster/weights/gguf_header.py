"""The header of a GGUF file (versions 2 and 3, either byte order).

Written here rather than taken from the `gguf` package: that one needs numpy, maps the whole file, and follows whatever
counts a file claims. This one reads no byte behind the header and no more than the file has. A test holds it against
the package where that is installed.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from loadmaster.errors import HeaderRefused
from loadmaster.weights.weight_header import MAX_HEADER_BYTES, Tensor, WeightHeader

MAGIC = b"GGUF"
DEFAULT_ALIGNMENT = 32

# Value types of the metadata: struct code by number. 8 is a string, 9 an array.
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MAX_DIMENSIONS = 8
_MAX_ARRAY_DEPTH = 4

# Type number: name, numbers in a block, bytes of a block (ggml's own table).
_TENSOR_TYPES = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 40),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
    41: ("Q1_0", 128, 18),
}


def read_gguf(file: BinaryIO, size: int) -> WeightHeader:
    """The header at the start of `file`, which has `size` bytes; arrays of the metadata are skipped.

    Raises HeaderRefused for what is no GGUF, and for counts and lengths beyond the file or beyond 100 MB of header.
    Tensors that reach beyond the file are told in `problem`.
    """
    cursor = _Cursor(file, size)
    tensor_count, entry_count = _counts(cursor)
    metadata: dict[str, object] = {}
    for _ in range(entry_count):
        key = cursor.text()
        metadata[key] = _value(cursor, cursor.number("I"), 0)
    tensors = tuple(_tensor(cursor) for _ in range(tensor_count))
    names = {tensor.name for tensor in tensors}
    if len(names) != len(tensors):
        raise HeaderRefused("a tensor occurs twice")
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if type(alignment) is not int or alignment <= 0:
        raise HeaderRefused(f"its alignment is {alignment!r}")
    start = -(-cursor.position // alignment) * alignment
    scalars = {key: value for key, value in metadata.items() if value is not None}
    return WeightHeader("gguf", tensors, scalars, _beyond(tensors, size - start))


def _counts(cursor: _Cursor) -> tuple[int, int]:
    if cursor.take(4) != MAGIC:
        raise HeaderRefused("does not start with GGUF")
    version = cursor.number("I")
    if version > 0xFFFF:  # a small number read from the wrong end
        version = int.from_bytes(version.to_bytes(4, "little"), "big")
        cursor.order = ">"
    if version not in (2, 3):
        raise HeaderRefused(f"is GGUF of version {version}; 2 and 3 are known", {"version": version})
    return cursor.number("Q"), cursor.number("Q")


def _value(cursor: _Cursor, kind: int, depth: int) -> object:
    """The value of an entry; None for an array, which is stepped over."""
    if kind in _SCALARS:
        return cursor.number(_SCALARS[kind])
    if kind == _STRING:
        return cursor.text()
    if kind != _ARRAY or depth >= _MAX_ARRAY_DEPTH:
        raise HeaderRefused(f"an entry of its metadata has the unknown type {kind}")
    inner, count = cursor.number("I"), cursor.number("Q")
    if inner in _SCALARS:
        cursor.skip(count * struct.calcsize("<" + _SCALARS[inner]))
        return None
    for _ in range(count):
        if inner == _STRING:
            cursor.skip(cursor.number("Q"))
        else:
            _value(cursor, inner, depth + 1)
    return None


def _tensor(cursor: _Cursor) -> Tensor:
    name = cursor.text()
    dimensions = cursor.number("I")
    if dimensions > _MAX_DIMENSIONS:
        raise HeaderRefused(f"tensor {name!r} has {dimensions} dimensions")
    shape = tuple(cursor.number("Q") for _ in range(dimensions))
    kind, begin = cursor.number("I"), cursor.number("Q")
    dtype, block, block_bytes = _TENSOR_TYPES.get(kind, (f"type {kind}", 1, 0))
    tensor = Tensor(name, dtype, shape, begin, begin)
    return Tensor(name, dtype, shape, begin, begin + -(-tensor.parameters // block) * block_bytes)


def _beyond(tensors: tuple[Tensor, ...], data_bytes: int) -> str:
    last = max(tensors, key=lambda tensor: tensor.end, default=None)
    if last is None or last.end <= data_bytes:
        return ""
    return f"tensor {last.name!r} ends at byte {last.end:,} of the data, which has {max(data_bytes, 0):,}"


class _Cursor:
    """Reads numbers and strings in order and refuses to go beyond the file or the bound on headers.

    Everything counted takes bytes, so that no claimed count is followed for longer than the file lasts.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._limit = min(size, MAX_HEADER_BYTES)
        self.position = 0
        self.order = "<"

    def take(self, count: int) -> bytes:
        self._advance(count)
        content = self._file.read(count)
        if len(content) != count:
            raise HeaderRefused("the file ends inside its header")
        return content

    def skip(self, count: int) -> None:
        self._advance(count)
        self._file.seek(count, os.SEEK_CUR)

    def number(self, code: str) -> int:
        layout = self.order + code
        (number,) = struct.unpack(layout, self.take(struct.calcsize(layout)))
        return number  # type: ignore[no-any-return]

    def text(self) -> str:
        return self.take(self.number("Q")).decode("utf-8", errors="replace")

    def _advance(self, count: int) -> None:
        if count > self._limit - self.position:
            raise HeaderRefused("its header reaches beyond the file or beyond 100 MB")
        self.position += count
