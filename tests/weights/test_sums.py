"""Sizes and digests told in text: every line is an entry or a fault, and what `sha256sum` writes is read exactly."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.weights.hub_listing import ListedFile
from loadmaster.weights.sums import Sums, align, parse_sums

A, B, C = ("a1" * 32, "b2" * 32, "c3" * 32)
GIT = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def pairs(sums: Sums) -> list[tuple[str | None, int | None, str | None]]:
    assert sums.faults == ()
    return [(entry.path, entry.size, entry.sha256) for entry in sums.entries]


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (f"{A}  model.safetensors", "model.safetensors"),
        (f"{A} *model.safetensors", "model.safetensors"),
        (f"{A.upper()}  ./high noise/model (1).bin", "high noise/model (1).bin"),
        (f"\\{A}  odd\\nname\\\\x", "odd\nname\\x"),
        (f"\\{A} *odd\\rname", "odd\rname"),
        (f"{A}  back\\slash", "back\\slash"),
        (f"SHA256 (dir/a (b).bin) = {A}", "dir/a (b).bin"),
        (f"\\SHA256 (a\\nb) = {A}", "a\nb"),
        (f"SHA256(a.bin)= {A}", "a.bin"),
        (f"SHA2-256(a.bin)= {A}", "a.bin"),
        (f"{A} * a/b.bin", "a/b.bin"),
        (f"{A} - a/b.bin (4.3 GB)", "a/b.bin"),
        (f"{A}   leading space", " leading space"),
        (A, None),
        (f"sha256:{A}", None),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_one_line_of_each_form(line: str, path: str | None, end: str) -> None:
    assert pairs(parse_sums(line + end)) == [(path, None, A)]


def test_blank_lines_remarks_and_a_byte_order_mark_are_passed_over() -> None:
    assert pairs(parse_sums(f"\ufeff# sums\r\n\r\n{A}  a\r\n   \n{B}  b")) == [("a", None, A), ("b", None, B)]


def pointer(sha256: str, size: int) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n"


def test_a_lone_pointer_has_no_path() -> None:
    assert pairs(parse_sums(pointer(A, 17))) == [(None, 17, A)]


def test_pointers_shown_by_head_have_their_paths() -> None:
    text = f"==> x/a.bin <==\n{pointer(A, 1)}\n==> ./b.bin <==\n{pointer(B, 2)}"
    assert pairs(parse_sums(text)) == [("x/a.bin", 1, A), ("b.bin", 2, B)]


def test_lines_and_pointers_may_be_mixed_and_tell_of_one_file_together() -> None:
    text = f"{A}  a.bin\n==> a.bin <==\n{pointer(A, 5)}{B}  b.bin\n"
    assert pairs(parse_sums(text)) == [("a.bin", 5, A), ("b.bin", None, B)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "is no line of"),
        (f"MD5 (a) = {'0' * 32}", "is MD5"),
        (f"{'0' * 32}  a", "is MD5 by its length"),
        (f"{'0' * 128}  a", "is SHA-512 by its length"),
        (f"{'0' * 63}  a", "is no SHA-256"),
        (f"{A} a", "is no line of"),
        (f"\\{A}  a\\tb", "unknown escape"),
        (f"\\{A}  a\\", "unknown escape"),
        ("version https://git-lfs.github.com/spec/v1\nsize 4\n", "is none"),
        ("{", "is none"),
        ("{}", "no list of files"),
        ('[{"size": 1}]', "has no path"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_used_is_told(text: str, says: str) -> None:
    sums = parse_sums(text)
    assert sums.entries == ()
    assert says in sums.faults[0].reason
    assert sums.faults[0].reason.startswith("this ")


def test_a_fault_knows_its_line_and_the_others_are_kept() -> None:
    sums = parse_sums(f"{A}  a\n\noops\n{B}  b\n")
    assert [entry.path for entry in sums.entries] == ["a", "b"]
    assert [(fault.line, fault.text) for fault in sums.faults] == [(3, "oops")]


def test_one_path_twice_is_a_fault_only_where_the_two_differ() -> None:
    assert pairs(parse_sums(f"{A}  a\n{A} *./a\n")) == [("a", None, A)]
    sums = parse_sums(f"{A}  a\n{B}  a\n")
    assert [entry.sha256 for entry in sums.entries] == [A]
    assert [fault.line for fault in sums.faults] == [2]


def test_two_sizes_of_one_digest_differ() -> None:
    sums = parse_sums(f"==> a <==\n{pointer(A, 5)}==> a <==\n{pointer(A, 6)}")
    assert len(sums.faults) == 1


TREE = [
    {"type": "directory", "path": "x", "oid": "00"},
    {"type": "file", "path": "x/a.bin", "size": 9, "oid": GIT, "lfs": {"oid": A, "size": 9, "pointerSize": 130}},
    {"type": "file", "path": "b.json", "size": 3, "oid": GIT},
]
INFO = {
    "id": "o/n",
    "siblings": [
        {"rfilename": "x/a.bin", "size": 9, "blobId": GIT, "lfs": {"sha256": A, "size": 9, "pointerSize": 130}},
        {"rfilename": "b.json", "size": 3, "blobId": GIT},
    ],
}
CACHED = {
    "format_version": 1,
    "files": {
        "x/a.bin": {"size": 9, "blob_id": GIT, "lfs_sha256": A, "lfs_size": 9},
        "b.json": {"size": 3, "blob_id": GIT},
    },
}


@pytest.mark.parametrize("value", [TREE, INFO, CACHED])
def test_the_hubs_listings_give_sizes_digests_and_git_ids(value: Any) -> None:
    assert parse_sums(json.dumps(value)).entries == (
        ListedFile("x/a.bin", 9, A, GIT),
        ListedFile("b.json", 3, None, GIT),
    )


def test_pages_of_a_tree_one_after_another_are_one_list() -> None:
    text = json.dumps(TREE[:2]) + "\n" + json.dumps(TREE[2:])
    assert [entry.path for entry in parse_sums(text).entries] == ["x/a.bin", "b.json"]


def test_git_lfs_ls_files_as_json() -> None:
    value = {"files": [{"name": "a.bin", "size": 4, "oid_type": "sha256", "oid": A}]}
    assert pairs(parse_sums(json.dumps(value))) == [("a.bin", 4, A)]


@given(st.text(max_size=200))
def test_any_text_is_parsed_without_raising(text: str) -> None:
    parse_sums(text)


HEXES = st.text("0123456789abcdef", min_size=64, max_size=64)
NAMES = st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES.filter(lambda name: not name.startswith("./")), HEXES, max_size=6), st.booleans())
def test_what_sha256sum_would_write_is_read_back(files: dict[str, str], tagged: bool) -> None:
    lines = []
    for name, digest in files.items():
        escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        mark = "\\" if escaped != name else ""
        lines.append(f"{mark}SHA256 ({escaped}) = {digest}\n" if tagged else f"{mark}{digest}  {escaped}\n")
    assert {entry.path: entry.sha256 for entry in parse_sums("".join(lines)).entries} == files


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
@pytest.mark.parametrize("options", [[], ["--binary"], ["--tag"]])
def test_the_real_sha256sum_is_read(tmp_path: Path, options: list[str]) -> None:
    names = ["plain.bin", "with space", "back\\slash", "new\nline", "(round) = x"]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    run = subprocess.run(["sha256sum", *options, *names], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [entry.path for entry in parse_sums(run.stdout).entries] == names


class TestAlign:
    LISTED = ("config.json", "x/a.bin", "x/b.bin")

    def entries(self, *paths: str) -> list[ListedFile]:
        return [ListedFile(path, None, A) for path in paths]

    def paths(self, *paths: str, model_id: str = "") -> list[str | None]:
        return [entry.path for entry in align(self.entries(*paths), self.LISTED, model_id).entries]

    def test_paths_that_fit_stay(self) -> None:
        assert self.paths("x/a.bin", "new.bin") == ["x/a.bin", "new.bin"]

    def test_the_folder_of_another_machine_is_taken_off(self) -> None:
        assert self.paths("/data/m/x/a.bin", "/data/m/config.json", "/data/m/n.bin") == [
            "x/a.bin",
            "config.json",
            "n.bin",
        ]

    def test_files_of_other_models_are_set_apart(self) -> None:
        aligned = align(self.entries("r/one/x/a.bin", "r/one/x/b.bin", "r/two/x/a.bin"), self.LISTED)
        assert [entry.path for entry in aligned.entries] == ["x/a.bin", "x/b.bin"]
        assert [entry.path for entry in aligned.elsewhere] == ["r/two/x/a.bin"]
        assert aligned.rivals == ()

    def test_of_two_that_fit_alike_the_id_decides(self) -> None:
        entries = self.entries("r/one@1.0.0/x/a.bin", "r/two@1.0.0/x/a.bin")
        assert align(entries, self.LISTED, "two@1.0.0").prefix == "r/two@1.0.0/"
        assert align(entries, self.LISTED, "two@1.0.0").rivals == ()

    def test_without_that_the_choice_is_told_as_a_guess(self) -> None:
        aligned = align(self.entries("r/one/x/a.bin", "r/two/x/a.bin"), self.LISTED)
        assert (aligned.prefix, aligned.rivals) == ("r/one/", ("r/two/",))

    def test_where_nothing_is_listed_all_stays(self) -> None:
        assert self.paths("/q/new.bin") == ["/q/new.bin"]

    def test_entries_without_a_path_stay(self) -> None:
        assert align([ListedFile(None, 1, A)], self.LISTED).entries == (ListedFile(None, 1, A),)
