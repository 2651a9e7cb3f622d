"""What a folder's files would be in a manifest."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.components import Vocabulary, component_of
from loadmaster.weights.headers import ShardIndex
from loadmaster.weights.measure import NotMeasured, measure_folder
from loadmaster.weights.scan_folder import ProposedFile, propose, propose_folder, scan_folder
from loadmaster.weights.shards import Shard, ShardSet, shard_of

SHA = "ab" * 32


def write(folder: Path, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def paths(folder: Path, root: Path | None = None) -> list[str]:
    return [found.path for found in scan_folder(folder, root).files]


def spec(*files: FileSpec, **more: object) -> ModelSpec:
    return ModelSpec("m@1.0.0", "1.0.0", ["fp16"], "fp16", list(files), [], **more)  # type: ignore[arg-type]


class TestScan:
    def test_files_are_named_relative_and_sorted(self, tmp_path: Path) -> None:
        write(tmp_path, {"b.bin": b"1", "a/z.bin": b"22", "a/y.bin": b""})
        assert [(found.path, found.stamp.size) for found in scan_folder(tmp_path).files] == [
            ("a/y.bin", 0),
            ("a/z.bin", 2),
            ("b.bin", 1),
        ]

    def test_hidden_files_and_what_downloaders_leave_are_left_out(self, tmp_path: Path) -> None:
        write(tmp_path, {".cache/x.json": b"", ".gitattributes": b"", "a.incomplete": b"", "a.lock": b"", "keep": b""})
        assert paths(tmp_path) == ["keep"]

    def test_links_inside_the_root_are_followed_once_and_loops_end(self, tmp_path: Path) -> None:
        write(tmp_path, {"m/real/a": b"a", "shared/b": b"b"})
        (tmp_path / "m" / "loop").symlink_to(".")
        (tmp_path / "m" / "other").symlink_to("../shared")
        (tmp_path / "m" / "file").symlink_to("../shared/b")
        assert paths(tmp_path / "m", tmp_path) == ["file", "other/b", "real/a"]

    def test_links_that_leave_the_root_are_told(self, tmp_path: Path) -> None:
        write(tmp_path, {"m/a": b"", "outside/b": b""})
        (tmp_path / "m" / "out").symlink_to("../outside")
        (tmp_path / "m" / "dangling").symlink_to("nowhere")
        scan = scan_folder(tmp_path / "m")
        assert [found.path for found in scan.files] == ["a"]
        assert scan.troubles == ("dangling: no such file or directory", "out: is a link that leaves the root")

    def test_a_folder_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        scan = scan_folder(tmp_path / "absent")
        assert scan.files == ()
        assert len(scan.troubles) == 1

    def test_a_name_that_no_manifest_can_hold_is_told(self, tmp_path: Path) -> None:
        os.close(os.open(os.fsencode(tmp_path) + b"/\xff.bin", os.O_CREAT | os.O_WRONLY))
        scan = scan_folder(tmp_path)
        assert scan.files == ()
        assert "UTF-8" in scan.troubles[0]

    def test_what_is_no_regular_file_is_passed_over(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert paths(tmp_path) == []


class TestComponents:
    @pytest.mark.parametrize(
        ("path", "component"),
        [
            ("configuration.json", "config"),
            ("config.json", "config"),
            ("model_index.json", "config"),
            ("Wan2.1_VAE.pth", "vae"),
            ("Wan2.2_VAE.pth", "vae"),
            ("models_t5_umt5-xxl-enc-bf16.pth", "text_encoder"),
            ("google/umt5-xxl/tokenizer.json", "text_encoder"),
            ("google/umt5-xxl/spiece.model", "text_encoder"),
            ("models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth", "image_encoder"),
            ("xlm-roberta-large/tokenizer.json", "image_encoder"),
            ("image_encoder/pytorch_model.bin", "image_encoder"),
            ("high_noise_model/diffusion_pytorch_model-00001-of-00006.safetensors", "unet"),
            ("low_noise_model/config.json", "unet"),
            ("diffusion_pytorch_model.safetensors.index.json", "unet"),
            ("vae/diffusion_pytorch_model.safetensors", "vae"),
            ("vae/config.json", "vae"),
            ("transformer/config.json", "unet"),
            ("text_encoder_2/model.safetensors", "text_encoder"),
            ("scheduler/scheduler_config.json", "scheduler"),
            ("loras/high_noise.safetensors", "lora"),
            ("eclipse/provision.bin", None),
            ("README.md", None),
        ],
    )
    def test_the_path_tells(self, path: str, component: str | None) -> None:
        assert component_of(path) == component

    def test_neighbours_that_agree_tell_before_the_words(self) -> None:
        words = Vocabulary({"google/umt5-xxl/a": "llm", "google/umt5-xxl/b": "llm"}, frozenset({"llm"}))
        assert component_of("google/umt5-xxl/tokenizer.json", words) == "llm"

    def test_neighbours_that_differ_do_not(self) -> None:
        words = Vocabulary({"x/a": "llm", "x/b": "other"})
        assert component_of("x/vae.pth", words) == "vae"

    def test_the_models_own_word_for_the_same_is_used(self) -> None:
        words = Vocabulary(names=frozenset({"transformer", "config"}))
        assert component_of("unet/model.safetensors", words) == "transformer"
        assert component_of("scheduler/scheduler_config.json", words) == "config"
        assert component_of("vae/model.safetensors", words) == "vae"


@pytest.mark.parametrize(
    ("path", "shard"),
    [
        ("a/m-00002-of-00006.safetensors", Shard(ShardSet("a", "m", ".safetensors"), 2, 6)),
        ("m-1-of-3.gguf", Shard(ShardSet("", "m", ".gguf"), 1, 3)),
        ("m.bin", None),
        ("a-00001-of-00002/m.bin", None),
    ],
)
def test_a_shards_name_tells_set_part_and_total(path: str, shard: Shard | None) -> None:
    assert shard_of(path) == shard


class TestPropose:
    def test_parts_come_from_names_and_indexes_are_marked(self) -> None:
        entries = propose({"m-00002-of-00003.safetensors": 5, "m.safetensors.index.json": 1})
        assert [(entry.shard_part, entry.shard_index) for entry in entries] == [(2, False), (None, True)]

    def test_parts_of_names_without_numbers_come_from_the_index(self) -> None:
        index = ShardIndex({"t": "high.bin", "u": "low.bin"})
        entries = propose({"x/high.bin": 1, "x/low.bin": 1, "high.bin": 1}, indexes={"x/m.index.json": index})
        assert [entry.shard_part for entry in entries] == [1, 2, None]

    def test_patterns_cross_folders_as_on_the_hub(self) -> None:
        entries = propose({"a/b.json": 1, "c.txt": 1}, allow_patterns=["*.json"])
        assert [entry.wanted for entry in entries] == [True, False]

    def test_a_folder_is_proposed_in_the_words_of_its_model(self, tmp_path: Path) -> None:
        index = {"weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}
        write(
            tmp_path,
            {
                "unet/m.safetensors.index.json": json.dumps(index).encode(),
                "unet/one.safetensors": b"12",
                "unet/two.safetensors": b"3",
                "notes.txt": b"",
                "big.bin": f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA}\nsize 99\n".encode(),
            },
        )
        model = spec(required_components=["transformer"], allow_patterns=["*.safetensors", "*.json", "*.bin"])
        assert propose_folder(scan_folder(tmp_path), model) == (
            ProposedFile("big.bin", 99, SHA, pointer=True),
            ProposedFile("notes.txt", 0, wanted=False),
            ProposedFile("unet/m.safetensors.index.json", len(json.dumps(index)), None, "transformer", None, True),
            ProposedFile("unet/one.safetensors", 2, None, "transformer", 1),
            ProposedFile("unet/two.safetensors", 1, None, "transformer", 2),
        )


class TestMeasure:
    def test_listed_and_wanted_files_are_read_and_others_are_not(self, tmp_path: Path) -> None:
        write(tmp_path, {"a.json": b"aa", "listed.txt": b"l", "other.txt": b"o"})
        model = spec(FileSpec("listed.txt", 9, SHA), allow_patterns=["*.json"])
        entries = {entry.path: entry for entry in measure_folder(tmp_path, model)}
        assert sorted(entries) == ["a.json", "listed.txt"]
        entry = entries["a.json"]
        assert isinstance(entry, ProposedFile)
        assert (entry.size, entry.sha256) == (2, hashlib.sha256(b"aa").hexdigest())

    def test_only_what_is_asked_for(self, tmp_path: Path) -> None:
        write(tmp_path, {"a": b"a", "b": b"b"})
        assert [entry.path for entry in measure_folder(tmp_path, only=["b", "absent"])] == ["b"]

    def test_two_names_of_one_file_are_read_once_and_told_twice(self, tmp_path: Path) -> None:
        write(tmp_path, {"a": b"same"})
        (tmp_path / "b").symlink_to("a")
        entries = list(measure_folder(tmp_path))
        assert sorted(entry.path for entry in entries) == ["a", "b"]

    def test_what_the_cache_knows_is_not_read(self, tmp_path: Path) -> None:
        write(tmp_path, {"a": b"a"})
        os.utime(tmp_path / "a", (1, 1))
        cache = DigestCache(None)
        first = list(measure_folder(tmp_path, cache=cache))
        assert list(measure_folder(tmp_path, cache=cache, on_progress=lambda step: pytest.fail("read"))) == first

    def test_what_cannot_be_read_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, {"a": b"a"})
        real_open = os.open

        def failing(path: str, flags: int, *rest: int) -> int:
            if str(path).endswith("/a"):
                raise PermissionError(13, "Permission denied")
            return real_open(path, flags, *rest)

        monkeypatch.setattr(os, "open", failing)
        assert list(measure_folder(tmp_path)) == [NotMeasured("a", "permission denied")]
