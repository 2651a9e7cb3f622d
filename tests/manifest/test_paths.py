"""Paths as Windows, macOS and Linux see them."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loadmaster.manifest.paths import (
    PathFaultKind,
    case_collisions,
    files_as_folders,
    normalised,
    path_faults,
    path_key,
)

HEALTHY = [
    "config.json",
    "unet/diffusion_pytorch_model-00001-of-00006.safetensors",
    "a..b/c",
    "v1..2.bin",
    "connect/aux1.json",
    "con-fig/nully",
    "100%.bin",
    "%20/a",
    "日本/é.bin",
    "a b/c d.bin",
    "com10",
    "~",
    "x~/y",
]


def kinds(path: str) -> list[str]:
    return [str(fault.kind) for fault in path_faults(path)]


@pytest.mark.parametrize("path", [path for path in HEALTHY if path != "~"])
def test_healthy(path: str) -> None:
    assert kinds(path) == []


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../x",
        "a/../b",
        "a/..",
        "..\\x",
        "a\\..\\b",
        "a/..\\b",
        "%2e%2e/x",
        "%2E%2E%2Fx",
        "..%2fx",
        "..%5Cx",
        "%252e%252e/x",
        ".. /x",
        "../a:b",
        "./../a",
    ],
)
def test_traversal_and_nothing_else_of_the_spelling(path: str) -> None:
    assert kinds(path) == ["traversal"]


@pytest.mark.parametrize(
    "path", ["/x", "\\x", "C:\\x", "C:x", "c:/x", "\\\\host\\share", "//host/share", "~/x", "~\\x", "~"]
)
def test_absolute_and_nothing_else_of_the_spelling(path: str) -> None:
    assert kinds(path) == ["absolute"]


@pytest.mark.parametrize(
    "path",
    [
        "CON",
        "prn",
        "a/Aux.json",
        "nul.tar.gz/x",
        "com0",
        "COM9.bin",
        "lpt¹",
        "LPT³.x",
        "com².txt",
        "con .txt",
        "a\\nul",
    ],
)
def test_names_that_windows_keeps(path: str) -> None:
    assert "reserved" in kinds(path)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("a\\b", ["backslash"]),
        ("a./b", ["trailing"]),
        ("a /b", ["trailing"]),
        (" a", ["trailing"]),
        ("a.", ["trailing"]),
        ("a/b:c", ["illegal"]),
        ("a?b", ["illegal"]),
        ("a\x00b", ["illegal"]),
        ("a\x85b", ["illegal"]),
        ("a\nb", ["illegal"]),
        ("ab:c", ["illegal"]),
        ("é" * 128, ["long"]),
        ("x" * 201, ["long"]),
        ("x" * 200, []),
        ("a/" * 100 + "b", ["long"]),
        ("./a", ["unnormalised"]),
        ("a//b", ["unnormalised"]),
        ("a/./b", ["unnormalised"]),
        ("a/", ["unnormalised"]),
        ("run.SH", ["odd"]),
        ("a/b.exe", ["odd"]),
        (".gitattributes", ["odd"]),
        (".cache/x.sh", ["odd"]),
        ("a.sh/b", []),
        ("./a\\b:c ", ["backslash", "trailing", "illegal", "unnormalised"]),
    ],
)
def test_other_faults(path: str, wanted: list[str]) -> None:
    assert kinds(path) == wanted


@given(st.text("ab./\\:~%2eE5c \x00*éCONconul1") | st.text())
def test_any_path_is_judged_alike_by_ours_and_by_each_system(path: str) -> None:
    found = kinds(path)
    assert len(found) == len(set(found))
    assert found == [str(kind) for kind in PathFaultKind if kind in found]
    windows, posix = PureWindowsPath(path), PurePosixPath(path)
    if posix.is_absolute() or windows.drive or windows.root:
        # A drive of Windows is one letter of the alphabet; others are not told as absolute.
        assert "absolute" in found or not path[:1].isascii() or not path[:1].isalpha()
    if ".." in posix.parts or ".." in windows.parts:
        assert "traversal" in found
    if not found:
        assert str(posix) == (path or ".")


@given(st.text("ab./"))
def test_a_normalised_path_says_the_same_and_is_normalised(path: str) -> None:
    once = normalised(path)
    assert normalised(once) == once
    assume(not path.startswith("/"))
    assert PurePosixPath(once) == PurePosixPath(path)


@given(st.text())
def test_the_key_of_a_path_ignores_case_and_form(path: str) -> None:
    key = path_key(path)
    assert key == unicodedata.normalize("NFC", key)
    assert path_key(unicodedata.normalize("NFD", path)) == path_key(unicodedata.normalize("NFC", path))
    assert path_key(path.swapcase()) == path_key(path.swapcase().casefold())


@pytest.mark.parametrize(
    ("paths", "pairs"),
    [
        (["a", "b"], ()),
        (["a", "a"], ()),
        (["vae/A.bin", "VAE/a.bin"], ((0, 1),)),
        (["é", "e\u0301"], ((0, 1),)),
        (["É", "e\u0301"], ((0, 1),)),
        (["straße", "STRASSE"], ((0, 1),)),
        (["a", "A", "a", "x", "A"], ((0, 1), (0, 4))),
        ([], ()),
    ],
)
def test_collisions(paths: list[str], pairs: tuple[tuple[int, int], ...]) -> None:
    assert case_collisions(paths) == pairs


def test_a_file_that_is_a_folder_too() -> None:
    assert files_as_folders(["a/b", "a", "c/d", "a/c", "c"]) == ((1, 0), (4, 2))
    assert files_as_folders(["a/b", "a/bc", "ab"]) == ()
