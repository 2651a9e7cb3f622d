"""Headers of weight files: what they say, and that no claim of theirs is followed beyond the file."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.errors import HeaderRefused
from loadmaster.weights.gguf_header import read_gguf
from loadmaster.weights.headers import has_header, read_header, read_index
from loadmaster.weights.lfs_pointer import LfsPointer, parse_pointer
from loadmaster.weights.safetensors_header import read_safetensors
from loadmaster.weights.weight_header import MAX_HEADER_BYTES, WeightHeader

NOTHING = b'{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
SHA = "0123456789abcdef" * 4


class CountedFile(io.BytesIO):
    """A file that knows how far it was read."""

    furthest = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        return content


def raw_safetensors(header: object, data: int = 0) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)


def safe(content: bytes) -> WeightHeader:
    return read_safetensors(io.BytesIO(content), len(content))


def entry(dtype: str, shape: list[Any], begin: int, end: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


class TestSafetensors:
    def test_types_shapes_counts_and_metadata_are_read(self) -> None:
        header = safe(
            raw_safetensors(
                {
                    "__metadata__": {"format": "pt"},
                    "a": entry("BF16", [3, 4], 0, 24),
                    "b": entry("F32", [], 24, 28),
                    "c": entry("F32", [0, 9], 28, 28),
                },
                28,
            )
        )
        assert [(tensor.name, tensor.dtype, tensor.shape, tensor.parameters) for tensor in header.tensors] == [
            ("a", "BF16", (3, 4), 12),
            ("b", "F32", (), 1),
            ("c", "F32", (0, 9), 0),
        ]
        assert header.parameters == 13
        assert header.parameters_by_dtype == {"BF16": 12, "F32": 1}
        assert header.metadata == {"format": "pt"}
        assert header.problem == ""

    def test_the_data_are_not_read(self) -> None:
        content = raw_safetensors({"a": entry("U8", [5000], 0, 5000)}, 5000)
        file = CountedFile(content)
        read_safetensors(file, len(content))
        assert file.furthest == len(content) - 5000

    @pytest.mark.parametrize("length", [MAX_HEADER_BYTES + 1, 2**63, 2**64 - 1])
    def test_a_header_over_100_mb_is_refused_before_it_is_read(self, length: int) -> None:
        file = CountedFile(struct.pack("<Q", length) + b"{}")
        with pytest.raises(HeaderRefused, match="100 MB"):
            read_safetensors(file, 2**70)  # the size of the file must not be what refuses it
        assert file.furthest == 8

    def test_a_header_longer_than_the_file_is_refused(self) -> None:
        with pytest.raises(HeaderRefused, match="claims a header of 3 bytes in a file of 10"):
            safe(struct.pack("<Q", 3) + b"{}")

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\0" * 7,
            raw_safetensors(b"[]"),
            raw_safetensors(b"{"),
            raw_safetensors(b'{"a": \xff}'),
            raw_safetensors(b'{"a":' + b"[" * 100_000),
            raw_safetensors(b'{"a": 1' + b"0" * 5000 + b"}"),
            raw_safetensors({"a": 1}),
            raw_safetensors({"__metadata__": 1}),
            raw_safetensors({"a": {"dtype": "F32"}}),
            raw_safetensors({"a": entry("F32", [True], 0, 4)}, 4),
            raw_safetensors({"a": entry("F32", [-1], 0, 4)}, 4),
            raw_safetensors({"a": entry("F32", [2**63] * 2, 0, 4)}, 4),
            raw_safetensors({"a": entry("F32", [2] * 65, 0, 4)}, 4),
            raw_safetensors({"a": entry("F32", [1], 4, 0)}, 4),
            raw_safetensors({"a": {**entry("F32", [1], 0, 4), "data_offsets": [0]}}, 4),
            raw_safetensors(b'{"a":%s,"a":%s}' % (NOTHING, NOTHING)),
        ],
    )
    def test_what_is_no_such_header_is_refused(self, content: bytes) -> None:
        with pytest.raises(HeaderRefused):
            safe(content)

    @pytest.mark.parametrize(
        ("tensors", "data", "says"),
        [
            ({"a": entry("F32", [2], 0, 8)}, 4, "ends at byte 8 of the data, which has 4"),
            ({"a": entry("F32", [2], 0, 8)}, 9, "1 bytes at the end belong to no tensor"),
            ({"a": entry("F32", [1], 0, 4), "b": entry("F32", [1], 2, 6)}, 6, "'b' overlaps"),
            ({"a": entry("F32", [1], 0, 4), "b": entry("F32", [1], 8, 12)}, 12, "4 bytes before tensor 'b'"),
            ({"a": entry("F16", [3], 0, 8)}, 8, "'a' of 3 F16 needs 6 bytes and has 8"),
        ],
    )
    def test_what_does_not_fit_the_file_is_told(self, tensors: dict[str, Any], data: int, says: str) -> None:
        assert says in safe(raw_safetensors(tensors, data)).problem

    def test_a_type_that_is_not_known_is_passed_on(self) -> None:
        header = safe(raw_safetensors({"a": entry("F3_NEW", [16], 0, 6)}, 6))
        assert (header.parameters_by_dtype, header.problem) == ({"F3_NEW": 16}, "")

    @given(st.binary(max_size=200), st.integers(0, 300))
    def test_any_bytes_are_read_or_refused(self, body: bytes, length: int) -> None:
        try:
            safe(struct.pack("<Q", length) + body)
        except HeaderRefused:
            return

    @given(st.dictionaries(st.text(max_size=4), st.recursive(st.integers() | st.text(max_size=3), st.lists)))
    def test_any_json_is_read_or_refused(self, header: dict[str, Any]) -> None:
        try:
            safe(raw_safetensors(header))
        except HeaderRefused:
            return


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf(tensors: list[tuple[str, list[int], int, int]], entries: list[bytes] = [], data: int = 0) -> bytes:  # noqa: B006
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries)) + b"".join(entries)
    for name, shape, kind, offset in tensors:
        head += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)
    return head + bytes(-len(head) % 32 + data)


def read(content: bytes) -> WeightHeader:
    return read_gguf(io.BytesIO(content), len(content))


ENTRIES = [
    text("general.architecture") + struct.pack("<I", 8) + text("wan"),
    text("general.file_type") + struct.pack("<II", 4, 7),
    text("names") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("bc"),
    text("numbers") + struct.pack("<IIQ3f", 9, 6, 3, 1, 2, 3),
    text("nested") + struct.pack("<IIQIQB", 9, 9, 1, 0, 1, 5),
]


class TestGguf:
    def test_types_shapes_counts_and_scalars_are_read(self) -> None:
        header = read(gguf([("a", [256, 2], 12, 0), ("b", [4], 0, 288)], ENTRIES, 288 + 16))
        assert [(tensor.name, tensor.dtype, tensor.shape, tensor.end) for tensor in header.tensors] == [
            ("a", "Q4_K", (256, 2), 288),
            ("b", "F32", (4,), 304),
        ]
        assert header.parameters_by_dtype == {"Q4_K": 512, "F32": 4}
        assert header.metadata == {"general.architecture": "wan", "general.file_type": 7}
        assert header.problem == ""

    def test_the_other_byte_order_is_read(self) -> None:
        head = b"GGUF" + struct.pack(">IQQ", 3, 1, 0) + struct.pack(">Q", 1) + b"a"
        content = head + struct.pack(">IQIQ", 1, 2, 0, 0) + bytes(100)
        assert read(content).tensors[0].shape == (2,)

    def test_data_cut_short_are_told(self) -> None:
        content = gguf([("a", [100], 0, 0)], data=399)
        assert "ends at byte 400 of the data, which has 399" in read(content).problem

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"GGUF",
            b"GGML" + bytes(40),
            b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
            b"GGUF" + struct.pack("<IQQ", 9, 0, 0),
            b"GGUF" + struct.pack("<IQQ", 3, 2**60, 0),
            b"GGUF" + struct.pack("<IQQ", 3, 0, 2**60),
            b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**63),
            gguf([], [text("k") + struct.pack("<I", 99)]),
            gguf([], [text("k") + struct.pack("<IIQ", 9, 10, 2**62)]),
            gguf([], [text("k") + struct.pack("<IIQ", 9, 8, 2**40)]),
            gguf([], [text("k") + struct.pack("<IIQ", 9, 9, 1) * 20]),
            gguf([], [text("general.alignment") + struct.pack("<II", 4, 0)]),
            gguf([("a", [1] * 9, 0, 0)], data=99),
            gguf([("a", [1], 0, 0), ("a", [1], 0, 32)], data=99),
        ],
    )
    def test_what_cannot_be_is_refused(self, content: bytes) -> None:
        with pytest.raises(HeaderRefused):
            read(content)

    def test_every_cut_is_refused_or_told(self) -> None:
        whole = gguf([("a", [256, 2], 12, 0)], ENTRIES, 288)
        for size in range(len(whole)):
            try:
                assert read(whole[:size]).problem
            except HeaderRefused:
                continue

    @given(st.binary(max_size=120))
    def test_any_bytes_are_read_or_refused(self, body: bytes) -> None:
        try:
            read(b"GGUF\3\0\0\0" + body)
        except HeaderRefused:
            return

    def test_it_agrees_with_the_gguf_package(self, tmp_path: Path) -> None:
        package = pytest.importorskip("gguf", reason="the gguf package is not installed")
        numpy = pytest.importorskip("numpy")
        path = tmp_path / "x.gguf"
        writer = package.GGUFWriter(path, "wan")
        writer.add_uint32("some.number", 5)
        writer.add_array("some.words", ["a", "b"])
        writer.add_tensor("w", numpy.ones((3, 4), dtype=numpy.float32))
        writer.add_tensor("h", numpy.ones((5,), dtype=numpy.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        header = read_header(path)
        assert header is not None
        theirs = {
            tensor.name: (tensor.n_elements, tensor.tensor_type.name) for tensor in package.GGUFReader(path).tensors
        }
        assert {tensor.name: (tensor.parameters, tensor.dtype) for tensor in header.tensors} == theirs
        assert header.metadata["some.number"] == 5
        assert header.problem == ""


class TestBySuffix:
    def test_other_suffixes_have_no_header(self, tmp_path: Path) -> None:
        path = tmp_path / "a.pth"
        path.write_bytes(b"x")
        assert read_header(path) is None
        assert not has_header("a.pth")
        assert has_header("b/A.SafeTensors")

    def test_the_listed_name_tells_the_format_of_a_blob(self, tmp_path: Path) -> None:
        path = tmp_path / "blob"
        path.write_bytes(raw_safetensors({"a": entry("U8", [1], 0, 1)}, 1))
        header = read_header(path, named="x.safetensors")
        assert header is not None
        assert header.parameters == 1


class TestIndex:
    def test_shards_and_total_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "i.json"
        path.write_text('{"metadata": {"total_size": 5}, "weight_map": {"b": "2", "a": "1", "c": "2"}}')
        index = read_index(path)
        assert (index.shards, index.total_size) == (("1", "2"), 5)

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"weight_map": []}', '{"weight_map": {"a": 1}}', "[" * 99999])
    def test_what_is_no_index_is_refused(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "i.json"
        path.write_text(content)
        with pytest.raises(HeaderRefused):
            read_index(path)

    def test_one_over_100_mb_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "i.json"
        with path.open("wb") as file:
            file.truncate(MAX_HEADER_BYTES + 1)
        with pytest.raises(HeaderRefused, match="100 MB"):
            read_index(path)


class TestPointer:
    TEXT = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 12345\n"

    @pytest.mark.parametrize("content", [TEXT, TEXT.encode(), TEXT.replace("\n", "\r\n"), TEXT.rstrip(), TEXT + "\n"])
    def test_a_pointer_is_known(self, content: str | bytes) -> None:
        assert parse_pointer(content) == LfsPointer(SHA, 12345)

    def test_extensions_are_passed_over(self) -> None:
        content = self.TEXT.replace("oid", f"ext-0-foo sha256:{'f' * 64}\noid", 1)
        assert parse_pointer(content) == LfsPointer(SHA, 12345)

    @pytest.mark.parametrize(
        "content",
        [
            "",
            TEXT[1:],
            TEXT.replace("sha256:", "md5:"),
            TEXT.replace("12345", "-1"),
            TEXT.replace("12345", "1_0"),
            TEXT.replace("size 12345\n", ""),
            TEXT.replace("v1", "v9"),
            TEXT + "and more text\0\nWhat is this?",
            TEXT + " " * 2000,
            b"\xff" + TEXT.encode(),
            "oid sha256:" + SHA + "\nversion https://git-lfs.github.com/spec/v1\nsize 1\n",
        ],
    )
    def test_other_text_is_none(self, content: str | bytes) -> None:
        assert parse_pointer(content) is None

    @given(st.binary(max_size=300))
    def test_no_bytes_raise(self, content: bytes) -> None:
        assert parse_pointer(content) is None
