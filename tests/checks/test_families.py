"""What each rule of values, components, shards, paths, digests, sources and memory asks, at its edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, WITH_MEMORY, but
from loadmaster.checks.sources import unpinned

if TYPE_CHECKING:
    from .conftest import Said, Told

DEMO = ("models", "demo-1b@1.0.0")
WEIGHTS = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
PINNED = "hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567"


def _list(name: str, items: str) -> str:
    return but("optional_components = []", f"{name} = {items}")


def _memory(old: str, new: str) -> str:
    return but(old, new, WITH_MEMORY)


class TestShape:
    """LM101 to LM108."""

    def test_a_missing_key_is_told_at_its_table(self, told: Told) -> None:
        diagnostic = told(but("size = 612\n", ""), "LM101")
        assert diagnostic.path == (*DEMO, "files", 0, "size")
        assert diagnostic.message == "config.json: size is missing: an integer is wanted"
        assert diagnostic.place.line == 11

    def test_an_empty_value_is_told_at_the_value(self, told: Told) -> None:
        diagnostic = told(but(f'["{PINNED}"]', "[]"), "LM101")
        assert (diagnostic.place.line, diagnostic.place.column, diagnostic.place.end_column) == (24, 12, 14)

    def test_the_narrowest_item_is_placed(self, told: Told) -> None:
        diagnostic = told(but('"bf16"]', "16]"), "LM102")
        assert diagnostic.path == (*DEMO, "variants", 1)
        assert (diagnostic.place.column, diagnostic.place.end_column) == (21, 23)
        assert "variants.2 is the integer 16, where a string is wanted" in diagnostic.message

    @pytest.mark.parametrize(
        ("key", "value", "words"),
        [
            ("fps", "true", "the boolean true"),
            ("frames", "2024-01-01", "2024-01-01"),
            ("scheduler", "['ddim']", "a list of 1"),
            ("guidance_scale", "'7.5'", 'the string "7.5"'),
        ],
    )
    def test_types_are_told_with_what_was_found(self, told: Told, key: str, value: str, words: str) -> None:
        assert (
            words
            in told(
                WITH_DEFAULTS.replace("fps = 24", f"{key} = {value}").replace(
                    "frames = 16\n", "" if key == "frames" else "frames = 16\n"
                ),
                "LM102",
            ).message
        )

    def test_only_a_bad_size_is_refused_for_its_range(self, told: Told) -> None:
        assert told(but("size = 612", "size = -1"), "LM103").finding.refuses
        assert not told(but("fps = 24", "fps = 0", WITH_DEFAULTS), "LM103").finding.refuses

    def test_an_integer_is_fine_for_a_float(self, said: Said) -> None:
        assert said(_memory("base_vram_gb = 3.0", "base_vram_gb = 3")) == []

    def test_a_key_of_our_own_is_told_without_a_guess(self, told: Told) -> None:
        diagnostic = told(_list("my_note", '"x"'), "LM104")
        assert diagnostic.severity is Severity.WARNING
        assert diagnostic.message == '"my_note" is no key of the format'
        assert (diagnostic.place.column, diagnostic.place.end_column) == (1, 8)

    def test_a_key_of_a_file_in_the_model(self, told: Told) -> None:
        assert "is a key of one of the model's files" in told(_list("sha256", '"x"'), "LM105").message

    @pytest.mark.parametrize("version", ["2", '"2"', "true", "1.0", "[1]", '"1.0"'])
    def test_other_schema_versions(self, told: Told, version: str) -> None:
        diagnostic = told(but("schema_version = 1", f"schema_version = {version}"), "LM106")
        assert diagnostic.place.line == 1
        assert "reads 1" in diagnostic.message
        assert "migrate" in diagnostic.message

    def test_the_schema_version_as_text_is_read(self, said: Said) -> None:
        assert said(but("schema_version = 1", 'schema_version = "1"')) == []

    @pytest.mark.parametrize(
        "model_id", ["demo", "demo@1.0", "demo@1.0.0\\n", "-demo@1.0.0", "demo@1.0.0#fp16", "a b@1.0.0"]
    )
    def test_ids_of_another_form(self, said: Said, told: Told, model_id: str) -> None:
        text = GOOD.replace("demo-1b@1.0.0", model_id).replace('version = "1.0.0"\n', "")
        diagnostic = told(text, "LM107")
        assert (diagnostic.place.line, diagnostic.place.column) == (3, 9)
        assert set(said(text)) == {"LM107"}

    def test_an_id_says_what_may_be_meant(self, told: Told) -> None:
        text = GOOD.replace('"demo-1b@1.0.0"', '"demo-1b"')
        assert '"demo-1b@1.0.0" may be meant' in told(text, "LM107").message

    @pytest.mark.parametrize(
        ("written", "version", "meant"),
        [("2.2", "1.0.0", "2.2.0"), ("2", "1.0.0", "2.0.0"), ("2.2", "2.2.1", "2.2.1"), ("v2", "1.0.0", "1.0.0")],
    )
    def test_a_short_version_is_filled_up(self, told: Told, written: str, version: str, meant: str) -> None:
        text = GOOD.replace('"demo-1b@1.0.0"', f'"demo-1b@{written}"').replace('"1.0.0"', f'"{version}"')
        assert f'"demo-1b@{meant}" may be meant' in told(text, "LM107").message

    @pytest.mark.parametrize("path", [".", "./", "././."])
    def test_a_path_that_is_the_folder_has_no_short_way(self, told: Told, path: str) -> None:
        diagnostic = told(but('path = "config.json"', f'path = "{path}"'), "LM310")
        assert diagnostic.message == f"{path}: it is the model's folder, and names no file"
        assert diagnostic.fix is None


class TestConsistency:
    """LM201 to LM203, LM213, LM214."""

    def test_dev_builds_are_their_precision(self, said: Said) -> None:
        text = WITH_DEFAULTS.replace('["fp16", "bf16"]', '["fp16-dev"]').replace('t = "fp16"', 't = "fp16-dev"')
        assert said(text) == []

    def test_a_quantised_variant_computes_in_another_precision(self, said: Said) -> None:
        for variant in ("fp8", "int4", "nf4", "Q4_K_M"):
            text = WITH_DEFAULTS.replace('["fp16", "bf16"]', f'["{variant}"]').replace('t = "fp16"', f't = "{variant}"')
            assert said(text) == []

    def test_an_unknown_variant_is_not_a_precision(self, told: Told) -> None:
        text = WITH_DEFAULTS.replace('"bf16"]', '"turbo"]').replace('n = "fp16"', 'n = "fp32"')
        assert told(text, "LM203").severity is Severity.INFO

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('["fp16", "bf16"]', '["fp16", "bf16", "fp16"]'),
            (f'["{PINNED}"]', f'["{PINNED}", "{PINNED}"]'),
            ("optional_components = []", 'allow_patterns = ["*", "*.json", "*"]'),
        ],
    )
    def test_repeats_are_told_at_the_second(self, told: Told, old: str, new: str) -> None:
        diagnostic = told(but(old, new), "LM213")
        assert diagnostic.path[-1] in {1, 2}

    @pytest.mark.parametrize("cap", ["720", "1280x720", "720P", "hd", "720p24fps", "0720p", "", "99p"])
    def test_caps_of_another_form(self, said: Said, cap: str) -> None:
        expected = [] if cap == "0720p" else ["LM214"]
        assert said(_list("resolution_caps", f'["720p24", "1080p", "{cap}"]')) == expected


class TestComponents:
    """LM204 to LM206, LM211."""

    def test_a_component_is_judged_by_all_its_files(self, said: Said) -> None:
        text = GOOD.replace('component = "unet"\n', 'component = "unet"\noptional = true\n')
        assert said(text) == ["LM206"]
        more = text.replace('component = "config"\n', 'component = "unet"\n').replace('["config", "unet"]', '["unet"]')
        assert said(more) == []

    def test_a_component_named_twice_is_told_once(self, said: Said) -> None:
        assert said(but('["config", "unet"]', '["config", "vae", "vae"]')) == ["LM205"]

    def test_only_a_required_file_must_be_matched(self, told: Told) -> None:
        text = _list("allow_patterns", '["config.*"]')
        assert told(text, "LM211").severity is Severity.ERROR
        optional = text.replace('component = "unet"', "optional = true").replace('["config", "unet"]', '["config"]')
        assert told(optional, "LM211").severity is Severity.WARNING

    @pytest.mark.parametrize(
        "pattern", ["*", "unet/*", "*model*", "unet/", "*/*.safetensors", "unet/model.[st]*", "un*"]
    )
    def test_globs_as_on_the_hub(self, said: Said, pattern: str) -> None:
        assert said(_list("allow_patterns", f'["*.json", "{pattern}"]')) == []

    @pytest.mark.parametrize("pattern", ["*.SAFETENSORS", "model.safetensors", "/unet/*", "unet", "?nets/*"])
    def test_globs_that_miss(self, said: Said, pattern: str) -> None:
        assert said(_list("allow_patterns", f'["*.json", "{pattern}"]')) == ["LM211"]

    def test_an_empty_list_takes_nothing(self, said: Said) -> None:
        assert said(_list("allow_patterns", "[]")) == ["LM211", "LM211"]


def _file(path: str, part: str = "", model: str = "demo-4b@1.0.0") -> str:
    digest = "5c08aec6dab883dc7da0a8116dd2ac1aa9d48c7d53e93828ff260dd40131dd66"
    return f'\n[[models."{model}".files]]\npath = "{path}"\nsize = 4987202224\nsha256 = "{digest}"\n{part}\n'


class TestShards:
    """LM207 to LM210."""

    def test_all_that_is_missing_is_told_once(self, told: Told) -> None:
        text = SHARDED.replace("-of-00003", "-of-00006")
        diagnostic = told(text, "LM207")
        assert diagnostic.message == (
            "unet: shards 4–6 of 6 are missing: unet/model-00004-of-00006.safetensors,"
            " unet/model-00005-of-00006.safetensors, unet/model-00006-of-00006.safetensors"
        )
        assert diagnostic.path == ("models", "demo-4b@1.0.0", "files", 1, "path")

    def test_many_missing_shards_are_told_by_their_ranges(self, told: Told) -> None:
        message = told(SHARDED.replace("-of-00003", "-of-99999"), "LM207").message
        assert "shards 4–99999 of 99999 are missing: unet/model-00004-of-99999.safetensors" in message
        assert len(message) < 200

    def test_gaps_are_ranges(self, told: Told) -> None:
        text = SHARDED.replace("-of-00003", "-of-00007").replace("00002-of", "00005-of").replace("part = 2", "part = 5")
        assert "unet: shards 2, 4, 6–7 of 7 are missing" in told(text, "LM207").message

    def test_sets_of_one_component_are_kept_apart(self, said: Said) -> None:
        other = "".join(_file(f"low/model-0000{n}-of-00002.safetensors", f"shard_part = {n}") for n in (1, 2))
        index = _file("low/model.safetensors.index.json", "shard_index = true").replace("4987202224", "4000")
        assert said(SHARDED + other.replace("4987202224", "4987202224") + index.replace("5c08", "6c08")) == []

    def test_an_index_stands_beside_its_set(self, said: Said) -> None:
        assert said(SHARDED.replace("unet/model.safetensors.index.json", "model.safetensors.index.json")) == ["LM210"]

    def test_gguf_splits_have_no_index(self, said: Said) -> None:
        text = SHARDED.replace(".safetensors", ".gguf").replace("unet/model.gguf.index.json", "notes.json")
        assert said(text.replace("shard_index = true\n", "")) == []

    def test_a_total_that_differs_is_told_of_the_odd_one(self, told: Told) -> None:
        diagnostic = told(SHARDED.replace("00002-of-00003", "00002-of-00004"), "LM208")
        assert diagnostic.message == (
            "unet/model-00002-of-00004.safetensors is one of 4, the other files of the set say 3"
        )

    def test_a_number_beyond_the_total(self, told: Told) -> None:
        text = SHARDED.replace("00003-of-00003", "00004-of-00003").replace("part = 3", "part = 4")
        assert "is number 4 of 3" in told(text, "LM208").message

    def test_other_files_have_parts_too(self, said: Said) -> None:
        assert said(SHARDED + _file("a.safetensors", "shard_part = 1")) == []

    def test_one_part_twice(self, said: Said) -> None:
        assert said(SHARDED + _file("unet/model-3-of-3.safetensors", "shard_part = 3")) == ["LM209"]

    @pytest.mark.parametrize("path", ["x-of-y.bin", "a-1-of-2/b.safetensors", "-of-.bin", "model-²-of-²", "a-1-of-"])
    def test_what_names_no_shard(self, said: Said, path: str) -> None:
        assert not {"LM207", "LM208", "LM210"} & set(said(SHARDED + _file(path)))


class TestPaths:
    """LM212, LM301 to LM311."""

    @pytest.mark.parametrize(
        ("path", "codes"),
        [
            ("../x", ["LM301"]),
            ("a/%2e%2e/x", ["LM301"]),
            ("/x", ["LM302"]),
            ("~/x", ["LM302"]),
            (r"\\\\host\\x", ["LM302"]),
            ("nul.txt", ["LM303"]),
            ("a/LPT1/x", ["LM303"]),
            (r"a\\b", ["LM305"]),
            ("a./b", ["LM306"]),
            (" a/b", ["LM306"]),
            ("a|b", ["LM307"]),
            ("a\\u0001b", ["LM007", "LM307"]),
            ("a" * 256, ["LM308", "LM308"]),
            ("a//b", ["LM310"]),
            ("run.sh", ["LM311"]),
            ("a/.cache/b", ["LM311"]),
            ("unet/Model.safetensors", ["LM304"]),
            ("unet/model.safetensors", ["LM212"]),
            ("unet/model.safetensors/x", ["LM309"]),
            ("unet", ["LM309"]),
            ("文件.json", []),
            ("a b/c-d_e+f.json", []),
        ],
    )
    def test_paths_as_every_system_sees_them(self, said: Said, path: str, codes: list[str]) -> None:
        found = said(but('path = "config.json"', f'path = "{path}"'))
        assert sorted(set(found)) == sorted(set(codes))

    def test_a_collision_names_both(self, told: Told) -> None:
        diagnostic = told(but('path = "config.json"', 'path = "UNET/model.safetensors"'), "LM304")
        assert diagnostic.path == (*DEMO, "files", 1, "path")
        assert "UNET/model.safetensors" in diagnostic.message

    def test_a_path_three_times_is_told_twice(self, said: Said) -> None:
        text = GOOD + _file("config.json", model="demo-1b@1.0.0") * 2
        assert said(text).count("LM212") == 2


class TestDigests:
    """LM401 to LM407."""

    @pytest.mark.parametrize(
        ("digest", "words"),
        [
            ("d41d8cd98f00b204e9800998ecf8427e", "32 digits, the length of MD5"),
            ("0123456789abcdef0123456789abcdef01234567", "40 digits, the length of SHA-1"),
            ("ab" * 48, "96 digits, the length of SHA-384"),
            ("ab" * 30, "60 digits, where"),
            ("sha256:" + WEIGHTS, "a digest with a prefix"),
            ("0x" + WEIGHTS, "a digest with a prefix"),
            ("n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=", "a digest in base64"),
            ("unet/model.sha256", "a path"),
            ("TODO", "4 characters of text, a note to do"),
            ("x", "1 character of text"),
            ("g" + WEIGHTS[1:], 'with "g" among them'),
        ],
    )
    def test_what_a_digest_looks_like(self, told: Told, digest: str, words: str) -> None:
        diagnostic = told(but(WEIGHTS, digest), "LM401")
        assert words in diagnostic.message
        assert diagnostic.finding.refuses == (len(digest) != 64)
        assert diagnostic.path == (*DEMO, "files", 1, "sha256")

    def test_an_empty_file_may_have_the_digest_of_nothing(self, said: Said) -> None:
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        text = GOOD.replace("6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a", empty)
        assert said(text.replace("size = 612", "size = 0")) == []

    def test_an_invented_digest_is_an_error_where_its_text_is_not_as_long(self, told: Told) -> None:
        two = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"
        text = GOOD.replace("6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a", two)
        assert told(text, "LM403").severity is Severity.ERROR
        assert told(text, "LM403").message == 'config.json: sha256 is that of the text "2", size is 612'
        assert told(text.replace("size = 612", "size = 1"), "LM403").severity is Severity.WARNING
        assert told(text.replace(two, "0" * 64), "LM403").severity is Severity.WARNING

    def test_capitals_are_read_as_the_same_digest(self, said: Said) -> None:
        two = "D4735E3A265E16EEE03F59718B9B5D03019C07D8B6C51F90DA3A666EEC13AB35"
        assert said(but(WEIGHTS, two)) == ["LM403", "LM405"] or said(but(WEIGHTS, two)) == ["LM405", "LM403"]

    @pytest.mark.parametrize(
        ("size", "codes"),
        [
            (3 * 10**6, ["LM406"]),
            (2**20, ["LM406"]),
            (10**3, []),
            (2**19, []),
            (119, []),
            (120, ["LM407"]),
            (140, ["LM407"]),
        ],
    )
    def test_sizes_of_weights(self, said: Said, size: int, codes: list[str]) -> None:
        assert said(but("size = 2147511568", f"size = {size}")) == codes

    def test_other_files_may_have_any_size(self, said: Said) -> None:
        assert said(but("size = 612", "size = 1000000")) == []
        assert said(but("size = 612", "size = 130")) == []

    def test_one_digest_with_two_sizes_is_told_once_with_its_places(self, told: Told) -> None:
        text = TWO_MODELS.replace("3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f", WEIGHTS.upper())
        diagnostic = told(text, "LM404")
        assert diagnostic.message == (
            "one digest with different sizes: 2147511568 in demo-1b@1.0.0 unet/model.safetensors,"
            " 4295022904 in demo-2b@1.0.0 model.safetensors"
        )
        assert diagnostic.path[:2] == ("models", "demo-2b@1.0.0")

    def test_a_size_that_is_none_is_told_once(self, said: Said) -> None:
        text = TWO_MODELS.replace("3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f", WEIGHTS)
        assert said(text.replace("size = 4295022904", 'size = "?"')) == ["LM102"]

    def test_one_digest_with_one_size_is_one_file(self, said: Said) -> None:
        text = TWO_MODELS.replace("3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f", WEIGHTS)
        assert said(text.replace("4295022904", "2147511568")) == []


class TestSources:
    """LM501 to LM503, LM505."""

    @pytest.mark.parametrize(
        ("url", "branch"),
        [
            ("hf://acme/demo", ""),
            ("hf://acme/demo@", ""),
            ("hf://acme/demo@main", "main"),
            ("hf://acme/demo@master/sub/folder", "master"),
            ("hf://datasets/acme/demo@refs%2Fheads%2Fmain", "refs/heads/main"),
            ("hf://acme/demo/sub@1.0.0/x", ""),
            ("hf://gpt2", ""),
            ("hf://gpt2@main", "main"),
            ("hf://acme/demo@v1.0", None),
            ("hf://acme/demo@refs%2Fpr%2F1", None),
            ("hf://models/acme/demo@0123456789abcdef0123456789abcdef01234567/x", None),
            ("hf://gpt2@0123456", None),
        ],
    )
    def test_pins(self, url: str, branch: str | None) -> None:
        assert unpinned(url) == branch

    @pytest.mark.parametrize(
        ("url", "codes"),
        [
            ("local://x@1.0.0", []),
            ("s3://bucket/x", []),
            ("gs://b/x", []),
            ("az://b/x", []),
            ("file:///srv/x", []),
            ("HTTPS://example.org/x", []),
            ("HTTP://example.org/x", ["LM502"]),
            ("ftp://example.org", ["LM501"]),
            ("acme/demo", ["LM501"]),
            ("", ["LM501"]),
        ],
    )
    def test_schemes(self, said: Said, url: str, codes: list[str]) -> None:
        assert said(but(PINNED, url)) == codes

    def test_a_folder_of_two_models_is_told_at_the_second(self, told: Told) -> None:
        text = TWO_MODELS.replace('["hf://acme/demo-1b', '["local://x/", "hf://acme/demo-1b')
        diagnostic = told(text.replace('["hf://acme/demo-2b', '["local://x", "hf://acme/demo-2b'), "LM505")
        assert diagnostic.path == ("models", "demo-2b@1.0.0", "sources", "priority", 0)
        assert "demo-1b@1.0.0" in diagnostic.message


class TestMemory:
    """LM601 to LM604."""

    def test_three_percent_are_rounding(self, said: Said) -> None:
        # 1.3 B × 2 bytes are 2.42 GiB.
        assert said(_memory("base_vram_gb = 3.0", "base_vram_gb = 2.36")) == []
        assert said(_memory("base_vram_gb = 3.0", "base_vram_gb = 2.34")) == ["LM601"]

    def test_the_default_variant_counts(self, said: Said) -> None:
        text = _memory("base_vram_gb = 3.0", "base_vram_gb = 1.5")
        assert said(text) == ["LM601"]
        assert said(text.replace('["fp16", "bf16"]', '["fp8"]').replace('t = "fp16"', 't = "fp8"')) == []

    def test_an_absent_base_is_its_default(self, told: Told) -> None:
        text = _memory("params_billion = 1.3", "params_billion = 14").replace("base_vram_gb = 3.0\n", "")
        diagnostic = told(text.replace('"small"', '"large"'), "LM601")
        assert "base_vram_gb 8.0 (the default) is below 14.0 B × 2 bytes (fp16) = 26.1 GiB" in diagnostic.message
        assert diagnostic.place.line == 26

    @pytest.mark.parametrize(
        ("old", "new", "likely"),
        [
            ("params_billion = 1.3", "params_billion = 1300000000", "1.3"),
            ("base_vram_gb = 3.0", "base_vram_gb = 3072", "3"),
            ("per_frame_vram_mb = 96", "per_frame_vram_mb = 0.5", "512"),
        ],
    )
    def test_slips_of_a_unit_are_told_alone(self, said: Said, told: Told, old: str, new: str, likely: str) -> None:
        assert said(_memory(old, new)) == ["LM602"]
        diagnostic = told(_memory(old, new), "LM602")
        assert f"{likely} is likely" in diagnostic.message
        assert diagnostic.fix is not None
        assert not diagnostic.fix.safe

    @pytest.mark.parametrize("figure", ["nan", "inf", "-1", '"3"', "true"])
    def test_what_is_no_amount_is_told_by_its_shape_only(self, said: Said, figure: str) -> None:
        found = said(_memory("base_vram_gb = 3.0", f"base_vram_gb = {figure}"))
        assert len(found) == 1
        assert found[0] in {"LM102", "LM103"}

    @pytest.mark.parametrize(("label", "codes"), [("small", []), ("huge", ["LM603"]), ("large", ["LM603"])])
    def test_labels_of_families(self, said: Said, label: str, codes: list[str]) -> None:
        assert said(_memory('family_size = "small"', f'family_size = "{label}"')) == codes

    def test_a_precision_that_is_not_known(self, told: Told) -> None:
        diagnostic = told(but('"bf16"]', '"turbo"]'), "LM604")
        assert diagnostic.path == (*DEMO, "variants", 1)


def test_scattered_tables_are_told_where_they_go_on(told: Told) -> None:
    at = TWO_MODELS.index('\n[models."demo-1b@1.0.0".sources]')
    to = TWO_MODELS.index('\n[models."demo-2b@1.0.0"]')
    text = TWO_MODELS[:at] + TWO_MODELS[to:] + TWO_MODELS[at:to]
    diagnostic = told(text, "LM215")
    assert diagnostic.message == "demo-1b@1.0.0 goes on here, below tables of demo-2b@1.0.0"
    assert text.split("\n")[diagnostic.place.line - 1] == '[models."demo-1b@1.0.0".sources]'


def test_other_tables_between_do_not_scatter(said: Said) -> None:
    at = GOOD.index('\n[models."demo-1b@1.0.0".sources]')
    assert said(GOOD[:at] + "\n[notes]\nx = 1\n" + GOOD[at:]) == ["LM104"]


@pytest.mark.parametrize("suffix", ["pth", "pt", "bin", "ckpt", "pkl", "PTH"])
def test_pickles_are_told(said: Said, suffix: str) -> None:
    assert said(GOOD.replace("model.safetensors", f"model.{suffix}")) == ["LM701"]
