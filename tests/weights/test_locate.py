"""Where a model's files lie, and that nothing leads out of the root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.errors import PathRefused
from loadmaster.weights.locate import (
    DEFAULT_LAYOUT,
    Layout,
    candidate_folders,
    find_file,
    find_folder,
    parse_layout,
    relative_parts,
)

MODEL = "t2v-A14B@2.2.0"


def folders(**more: object) -> list[str]:
    return ["/".join(candidate.parts) for candidate in candidate_folders(MODEL, **more)]  # type: ignore[arg-type]


def test_a_models_own_folder_comes_before_that_of_its_default_variant() -> None:
    assert folders(default_variant="fp16") == [f"wan22/{MODEL}", f"wan22/{MODEL}@fp16"]


def test_a_variant_that_was_asked_for_comes_first() -> None:
    assert folders(variant="fp8", default_variant="fp16") == [f"wan22/{MODEL}@fp8", f"wan22/{MODEL}"]


def test_local_sources_follow_in_their_order_and_other_schemes_are_no_folders() -> None:
    sources = ["hf://Wan-AI/x", "local://b/two", f"local://wan22/{MODEL}", "local://a"]
    assert folders(sources=sources) == [f"wan22/{MODEL}", "b/two", "a"]


def test_a_source_that_leads_out_is_no_candidate() -> None:
    assert folders(sources=["local://../x", "local:///etc", "local://a/../../b", "local://"]) == [f"wan22/{MODEL}"]


@pytest.mark.parametrize("text", ["models/{name}/{version}", "{root}/models/{name}/{version}"])
def test_a_layout_names_folders_for_another_tree(text: str) -> None:
    assert folders(layout=parse_layout(text)) == ["models/t2v-A14B/2.2.0"]


def test_a_layout_may_hold_several_templates() -> None:
    layout = parse_layout("{name}/{variant}, {id}")
    assert folders(layout=layout, variant="fp8") == ["t2v-A14B/fp8", MODEL]


@pytest.mark.parametrize(
    "text", ["", "{nope}", "{id.__class__}", "{id!r}", "{id:>9}", "../{id}", "/srv/{id}", "{", "{root}x/../{id}", "{}"]
)
def test_a_layout_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(PathRefused):
        parse_layout(text)


@pytest.mark.parametrize("text", ["", ".", "/a", "a\\b", "C:/x", "c:x", "..", "a/../b", "a/..", "a\0b", "//x"])
def test_paths_that_may_lead_elsewhere_are_refused(text: str) -> None:
    with pytest.raises(PathRefused) as refusal:
        relative_parts(text)
    assert refusal.value.details["reason"]


@given(st.text(alphabet="ab./\\:~ \0", max_size=12))
def test_what_is_accepted_stays_below_its_folder(text: str) -> None:
    try:
        parts = relative_parts(text)
    except PathRefused:
        return
    joined = os.path.normpath(os.path.join("/base", *parts))
    assert joined.startswith("/base/")


def test_the_first_folder_that_is_there_is_taken(tmp_path: Path) -> None:
    (tmp_path / "wan22" / f"{MODEL}@fp16").mkdir(parents=True)
    found = find_folder(tmp_path, candidate_folders(MODEL, default_variant="fp16"))
    assert found.exists
    assert found.path.name == f"{MODEL}@fp16"


def test_without_any_folder_the_first_candidate_is_named(tmp_path: Path) -> None:
    found = find_folder(tmp_path, candidate_folders(MODEL, default_variant="fp16"))
    assert not found.exists
    assert found.path == tmp_path / "wan22" / MODEL
    assert len(found.tried) == 2


def test_a_folder_that_is_a_link_out_of_the_root_is_not_taken(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "wan22").mkdir(parents=True)
    outside.mkdir()
    (root / "wan22" / MODEL).symlink_to(outside)
    found = find_folder(root, candidate_folders(MODEL))
    assert not found.exists
    assert "leaves the root" in found.trouble


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "wan22" / MODEL).mkdir(parents=True)
    (tmp_path / "real" / "wan22" / MODEL / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    found = find_folder(tmp_path / "link", candidate_folders(MODEL))
    assert found.exists
    assert find_file(tmp_path / "link", found.path, "a").size == 1


def test_links_inside_the_root_are_followed_and_others_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    folder, blobs = root / "m", root / "blobs"
    folder.mkdir(parents=True)
    blobs.mkdir()
    (blobs / "x").write_bytes(b"abc")
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "root2").mkdir()
    (tmp_path / "root2" / "y").write_bytes(b"y")
    (folder / "in").symlink_to("../blobs/x")
    (folder / "out").symlink_to("../../secret")
    (folder / "near").symlink_to("../../root2/y")
    (folder / "up").symlink_to("../..")
    (folder / "loop").symlink_to("loop")
    assert find_file(root, folder, "in").path == str(blobs / "x")
    for path in ("out", "near", "up/secret"):
        with pytest.raises(PathRefused, match="leaves the root"):
            find_file(root, folder, path)
    with pytest.raises(OSError):
        find_file(root, folder, "loop")


def test_what_is_no_regular_file_is_refused_without_being_opened(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in ("folder", "pipe"):
        with pytest.raises(PathRefused, match="is"):
            find_file(tmp_path, tmp_path, path)


@pytest.mark.parametrize("path", ["absent", "file/below", "\ud800", "a" * 5])
def test_what_is_not_there_is_told_as_such(tmp_path: Path, path: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FileNotFoundError):
        find_file(tmp_path, tmp_path, path)


def test_the_default_layout_is_that_of_the_format() -> None:
    assert Layout() == DEFAULT_LAYOUT
