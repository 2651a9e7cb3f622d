"""Models against the disk: every planted fault is found, once, and nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from loadmaster.manifest.spec import FileSpec, ModelSpec, VramEstimation
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult, hash_files
from loadmaster.weights.locate import DEFAULT_LAYOUT, Layout, parse_layout
from loadmaster.weights.observation import (
    DigestDiffers,
    HeaderDisagrees,
    HeaderReason,
    Missing,
    MissingReason,
    Observation,
    ParametersDiffer,
    PointerLies,
    PrecisionDiffers,
    SizeDiffers,
    Sound,
    Unlisted,
    Unreadable,
    is_sound,
)
from loadmaster.weights.observe import Where, verify_models

if TYPE_CHECKING:
    from .conftest import Tree

M = "t2v-A14B@2.2.0"
FILES = {"a.bin": b"first", "b.bin": b"secon", "x/c.bin": b"third!"}


def faults(
    spec: ModelSpec, tree: Tree, variant: str | None = None, layout: Layout = DEFAULT_LAYOUT, **how: Any
) -> list[Observation]:
    return [seen for seen in verify_models([spec], Where(tree.root, variant, layout), **how) if not is_sound(seen)]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_true_tree_gives_one_sound_for_each_file(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    assert sorted(seen.path for seen in verify_models([spec], Where(tree.root)) if isinstance(seen, Sound)) == sorted(
        FILES
    )
    assert faults(spec, tree) == []


def test_digests_may_be_listed_in_capitals(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    spec = replace(spec, files=[replace(file, sha256=file.sha256.upper()) for file in spec.files])
    assert faults(spec, tree) == []


def test_a_missing_file(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    (tree.folder_of[M] / "x/c.bin").unlink()
    assert faults(spec, tree) == [Missing(M, "x/c.bin", str(tree.folder_of[M]), MissingReason.FILE)]


def test_an_optional_file_may_be_absent(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    spec = replace(spec, files=[*spec.files, FileSpec("more.bin", 1, "0" * 64, optional=True)])
    assert faults(spec, tree) == []


def test_a_missing_folder_is_told_for_each_file(tree: Tree) -> None:
    spec = tree.model(M, FILES, below="elsewhere")
    assert {type(seen) for seen in faults(spec, tree)} == {Missing}
    assert [seen.reason for seen in faults(spec, tree) if isinstance(seen, Missing)] == [MissingReason.FOLDER] * 3


def test_another_size_is_told_without_reading(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    (tree.folder_of[M] / "x/c.bin").write_bytes(b"short")

    def no_reading(stamps: Sequence[FileStamp]) -> list[HashResult]:
        assert all(not stamp.path.endswith("c.bin") for stamp in stamps)
        return list(hash_files(stamps))

    seen = [one for one in verify_models([spec], Where(tree.root), hasher=no_reading) if not is_sound(one)]
    assert seen == [SizeDiffers(M, "x/c.bin", 6, 5, size_of="a.bin")]


def test_a_flipped_byte(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    flip(tree.folder_of[M] / "b.bin")
    (seen,) = faults(spec, tree)
    assert isinstance(seen, DigestDiffers)
    assert (seen.path, seen.listed, seen.bytes_of) == ("b.bin", spec.files[1].sha256, None)
    assert seen.found != seen.listed


def test_the_bytes_of_another_file_are_told_as_such(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    (tree.folder_of[M] / "b.bin").write_bytes(b"first")
    (seen,) = faults(spec, tree)
    assert isinstance(seen, DigestDiffers)
    assert seen.bytes_of == "a.bin"


@pytest.mark.parametrize("agrees", [True, False])
def test_a_pointer_in_a_files_place(tree: Tree, agrees: bool) -> None:
    spec = tree.model(M, FILES)
    sha256 = spec.files[0].sha256 if agrees else "9" * 64
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize 5\n"
    (tree.folder_of[M] / "a.bin").write_text(text)
    assert faults(spec, tree) == [PointerLies(M, "a.bin", sha256, 5, agrees)]


def test_files_that_no_entry_names(tree: Tree) -> None:
    spec = tree.model(M, FILES, allow_patterns=["*.bin"])
    (tree.folder_of[M] / "extra.bin").write_bytes(b"123")
    (tree.folder_of[M] / "README.md").write_bytes(b"")
    (tree.folder_of[M] / ".cache").mkdir()
    (tree.folder_of[M] / ".cache" / "x.bin").write_bytes(b"")
    assert faults(spec, tree) == [Unlisted(M, "README.md", 0, False), Unlisted(M, "extra.bin", 3, True)]


def test_a_file_system_that_does_not_tell_capitals_apart_has_no_extra_file(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    (tree.folder_of[M] / "A.BIN").hardlink_to(tree.folder_of[M] / "a.bin")  # one file by two spellings
    assert faults(spec, tree) == []
    (tree.folder_of[M] / "B.BIN").write_bytes(b"another file")
    assert faults(spec, tree) == [Unlisted(M, "B.BIN", 12, True)]


def test_odd_spellings_of_a_path_name_the_same_file(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    spec = replace(spec, files=[replace(file, path="./" + file.path.replace("/", "//")) for file in spec.files])
    assert faults(spec, tree) == []


def test_a_path_listed_twice_gives_one_observation_for_each_entry(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    spec = replace(spec, files=[*spec.files, replace(spec.files[0], sha256="0" * 64)])
    kinds = sorted(type(seen).__name__ for seen in verify_models([spec], Where(tree.root)))
    assert kinds == ["DigestDiffers", "Sound", "Sound", "Sound"]


@pytest.mark.parametrize("path", ["../outside.bin", "/etc/passwd", "C:\\x", "a\0b", ""])
def test_paths_that_lead_out_are_told_and_not_opened(tree: Tree, path: str) -> None:
    (tree.root / "wan22" / "outside.bin").parent.mkdir(parents=True, exist_ok=True)
    (tree.root / "wan22" / "outside.bin").write_bytes(b"secret")
    spec = tree.model(M, FILES)
    spec = replace(spec, files=[*spec.files, FileSpec(path, 6, "0" * 64)])
    (seen,) = faults(spec, tree)
    assert isinstance(seen, Unreadable)
    assert seen.path == path


def test_a_link_that_leaves_the_root_is_told_and_not_read(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    outside = tree.root.parent / "outside"
    outside.write_bytes(b"first")
    (tree.folder_of[M] / "a.bin").unlink()
    (tree.folder_of[M] / "a.bin").symlink_to(outside)
    assert faults(spec, tree) == [Unreadable(M, "a.bin", "is a link that leaves the root")]


def test_a_folder_in_a_files_place(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    (tree.folder_of[M] / "a.bin").unlink()
    (tree.folder_of[M] / "a.bin").mkdir()
    assert faults(spec, tree) == [Unreadable(M, "a.bin", "is a folder")]


def test_a_hub_cache_of_links_into_blobs_is_sound(tree: Tree) -> None:
    spec = tree.model(M, FILES)
    blobs = tree.root / "blobs"
    blobs.mkdir()
    for number, path in enumerate(FILES):
        place = tree.folder_of[M] / path
        place.rename(blobs / str(number))
        place.symlink_to(os.path.relpath(blobs / str(number), place.parent))
    assert faults(spec, tree) == []


def test_a_variants_own_folder_and_another_layout(tree: Tree) -> None:
    spec = tree.model(f"{M}@fp8", FILES)
    assert faults(replace(spec, model_id=M), tree, variant="fp8") == []
    other = tree.model(M, FILES, below="other")
    assert faults(other, tree, layout=parse_layout("other/{id}")) == []


def test_two_models_in_one_folder_list_each_others_files(tree: Tree) -> None:
    both = tree.model("both@1.0.0", FILES)
    one = replace(both, model_id="one@1.0.0", files=both.files[:1], sources=["local://wan22/both@1.0.0"])
    two = replace(both, model_id="two@1.0.0", files=both.files[1:2], sources=["local://wan22/both@1.0.0"])
    seen = [seen for seen in verify_models([one, two], Where(tree.root)) if not is_sound(seen)]
    assert seen == [Unlisted("one@1.0.0", "x/c.bin", 6, True)]
    seen = [seen for seen in verify_models([one], Where(tree.root), others=[two]) if not is_sound(seen)]
    assert seen == [Unlisted("one@1.0.0", "x/c.bin", 6, True)]


class TestHeaders:
    def test_a_true_set_with_its_index_is_sound(self, tree: Tree, shard_files: dict[str, bytes]) -> None:
        assert faults(tree.model(M, shard_files), tree) == []

    def test_a_shard_that_holds_another_shards_tensors(self, tree: Tree, shard_files: dict[str, bytes]) -> None:
        first, second = sorted(shard_files)[:2]
        spec = tree.model(M, {**shard_files, first: shard_files[second]})
        index = "model.safetensors.index.json"
        assert faults(spec, tree) == [
            HeaderDisagrees(M, first, HeaderReason.TENSORS_NOT_IN_SHARD, "block.1.0", index, 2),
            HeaderDisagrees(M, first, HeaderReason.TENSORS_NOT_IN_INDEX, "block.2.0", index, 2),
        ]

    def test_an_index_that_names_an_unlisted_shard(self, tree: Tree, shard_files: dict[str, bytes]) -> None:
        spec = tree.model(M, shard_files)
        last = sorted(shard_files)[2]
        spec = replace(spec, files=[file for file in spec.files if file.path != last])
        (tree.folder_of[M] / last).unlink()
        assert faults(spec, tree) == [
            HeaderDisagrees(M, "model.safetensors.index.json", HeaderReason.SHARD_NOT_LISTED, last)
        ]

    def test_headers_and_indexes_that_cannot_be_read(self, tree: Tree) -> None:
        files = {"a.safetensors": b"\xff" * 20, "b.safetensors.index.json": b"[]", "c.gguf": b"GGUF"}
        seen = faults(tree.model(M, files), tree)
        told = [(one.path, one.reason) for one in seen if isinstance(one, HeaderDisagrees)]
        assert told == [(path, HeaderReason.UNREADABLE) for path in files]
        assert len(seen) == 3

    def test_a_file_cut_short_whose_short_size_is_listed(self, tree: Tree, shard_files: dict[str, bytes]) -> None:
        name = sorted(shard_files)[0]
        (seen,) = faults(tree.model(M, {**shard_files, name: shard_files[name][:-8]}), tree)
        assert isinstance(seen, HeaderDisagrees)
        assert seen.reason is HeaderReason.CONTRADICTS_FILE

    def test_of_a_file_that_differs_only_the_difference_is_told(
        self, tree: Tree, shard_files: dict[str, bytes]
    ) -> None:
        spec = tree.model(M, shard_files)
        path = tree.folder_of[M] / sorted(shard_files)[0]
        content = path.read_bytes()
        path.write_bytes(b"\xff" * 8 + content[8:])
        assert [type(seen) for seen in faults(spec, tree)] == [DigestDiffers]

    def test_parameters_and_precision_are_hints(self, tree: Tree, shard_files: dict[str, bytes]) -> None:
        spec = tree.model(M, shard_files, variants=["bf16"], vram_estimation=VramEstimation(params_billion=14.0))
        assert faults(spec, tree) == [
            ParametersDiffer(M, 14.0, 192 / 1e9, "unet"),
            PrecisionDiffers(M, "fp32", ("bf16",), "unet"),
        ]

    @pytest.mark.parametrize("parameters", [192, 64, 70])
    def test_the_count_of_the_whole_or_of_one_set_may_be_meant(
        self, tree: Tree, shard_files: dict[str, bytes], parameters: int
    ) -> None:
        files = {f"low_noise_model/{path}": content for path, content in shard_files.items()}
        files["high_noise_model/m.safetensors"] = shard_files[sorted(shard_files)[0]]
        estimation = VramEstimation(params_billion=parameters / 1e9)
        assert faults(tree.model(M, files, vram_estimation=estimation), tree) == []


class TestCache:
    def test_a_second_run_reads_only_what_changed(self, tree: Tree) -> None:
        spec = tree.model(M, FILES)
        cache = DigestCache(None)
        assert faults(spec, tree, cache=cache) == []
        flip(tree.folder_of[M] / "b.bin")
        read: list[str] = []

        def hasher(stamps: Sequence[FileStamp]) -> list[HashResult]:
            read.extend(os.path.basename(stamp.path) for stamp in stamps)
            return list(hash_files(stamps))

        seen = list(verify_models([spec], Where(tree.root), cache=cache, hasher=hasher))
        assert read == ["b.bin"]
        assert [type(one) for one in seen if not is_sound(one)] == [DigestDiffers]
        assert sorted(one.cached for one in seen if isinstance(one, Sound)) == [True, True]

    def test_one_file_of_two_models_is_read_once(self, tree: Tree) -> None:
        spec = tree.model(M, FILES)
        twin = replace(spec, model_id="twin@1.0.0", sources=[f"local://wan22/{M}"])
        read: list[FileStamp] = []

        def hasher(stamps: Sequence[FileStamp]) -> list[HashResult]:
            read.extend(stamps)
            return list(hash_files(stamps))

        seen = list(verify_models([spec, twin], Where(tree.root), hasher=hasher))
        assert len(read) == 3
        assert len(seen) == 6

    def test_after_a_stop_what_was_read_is_known(self, tree: Tree) -> None:
        spec = tree.model(M, {f"{number}.bin": bytes([number]) * 100 for number in range(20)})
        cache = DigestCache(None)
        with closing(verify_models([spec], Where(tree.root), cache=cache, workers=1)) as running:
            first = next(running)
        assert isinstance(first, Sound)
        assert not any(thread.name.startswith("hash-") for thread in threading.enumerate())
        again = {
            seen.path: seen for seen in verify_models([spec], Where(tree.root), cache=cache) if isinstance(seen, Sound)
        }
        assert len(again) == 20
        assert again[first.path].cached

    def test_a_stop_before_the_start_reads_nothing(self, tree: Tree) -> None:
        stop = threading.Event()
        stop.set()
        assert list(verify_models([tree.model(M, FILES)], Where(tree.root), stop=stop)) == []


def test_every_planted_fault_among_twenty_models_and_nothing_else(tree: Tree, shard_files: dict[str, bytes]) -> None:
    specs = [tree.model(f"t2v-{number:02d}@1.0.0", {**FILES, **shard_files}) for number in range(20)]
    names = [spec.model_id for spec in specs]
    folders = [tree.folder_of[name] for name in names]
    shard, other = sorted(shard_files)[:2]
    (folders[1] / "a.bin").unlink()
    os.truncate(folders[2] / shard, 50)
    flip(folders[3] / "x/c.bin")
    (folders[4] / "b.bin").write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'1' * 64}\nsize 5\n")
    (folders[5] / "extra.safetensors").write_bytes(b"extra")
    (folders[6] / shard).write_bytes((folders[6] / other).read_bytes())
    seen = [seen for seen in verify_models(specs, Where(tree.root)) if not is_sound(seen)]
    assert sorted((type(one).__name__, one.model_id, getattr(one, "path", "")) for one in seen) == sorted(
        [
            ("Missing", names[1], "a.bin"),
            ("SizeDiffers", names[2], shard),
            ("DigestDiffers", names[3], "x/c.bin"),
            ("PointerLies", names[4], "b.bin"),
            ("Unlisted", names[5], "extra.safetensors"),
            ("DigestDiffers", names[6], shard),
        ]
    )
    wrong = next(one for one in seen if one.model_id == names[6])
    assert isinstance(wrong, DigestDiffers)
    assert wrong.bytes_of == other
