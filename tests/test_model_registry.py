"""The registry: its contract, what it refuses, and what it says then."""

from __future__ import annotations

import dataclasses
import inspect
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import loadmaster.model_registry as module
from loadmaster.model_registry import (
    MODEL_ID_PATTERN,
    SUPPORTED_SCHEMA_VERSIONS,
    VARIANT_PATTERN,
    ErrorCode,
    FileSpec,
    InvalidModelIdError,
    ManifestValidationError,
    ModelDefaults,
    ModelNotFoundError,
    ModelRegistry,
    ModelRegistryError,
    ModelSpec,
    NormalizedModelId,
    SchemaVersionError,
    VariantNotFoundError,
    VramEstimation,
)

DIGEST = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
MODEL = "ti2v-5b@2.2.0"
Write = Callable[[str | bytes], Path]


def model(
    model_id: str = MODEL,
    *,
    path: str = '"config.json"',
    size: str = "251",
    sha256: str = f'"{DIGEST}"',
    variants: str = '["fp16", "bf16"]',
    default: str = '"fp16"',
    sources: str = '["local://x"]',
    more: str = "",
) -> str:
    """The text of one model with one file; values are TOML. `more` stands at the end of the file's table."""
    return f"""
[models."{model_id}"]
variants = {variants}
default_variant = {default}

[models."{model_id}".sources]
priority = {sources}

[[models."{model_id}".files]]
path = {path}
size = {size}
sha256 = {sha256}
{more}
"""


def manifest(*models: str) -> str:
    return "schema_version = 1\n" + "".join(models or (model(),))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "models.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def registry(write: Write) -> ModelRegistry:
    return ModelRegistry(str(write(manifest(model(), model("t2v@1.0.0"), model("t2v@2.0.0"), model("vae@1.0.0")))))


class TestContract:
    """The names, arguments and shapes of the seed."""

    @pytest.mark.parametrize(
        ("name", "parameters"),
        [
            ("__init__", ["self", "manifest_path"]),
            ("_load_manifest", ["self"]),
            ("_parse_model_spec", ["self", "model_key", "model_data"]),
            ("spec", ["self", "model_id", "variant"]),
            ("list_models", ["self"]),
            ("validate_manifest", ["self"]),
            ("_validate_path_safety", ["self", "paths"]),
            ("_validate_case_collisions", ["self", "paths"]),
            ("get_schema_version", ["self"]),
            ("normalize_model_id", ["model_id", "variant"]),
        ],
    )
    def test_methods(self, name: str, parameters: list[str]) -> None:
        assert list(inspect.signature(getattr(ModelRegistry, name)).parameters) == parameters
        assert inspect.getdoc(getattr(ModelRegistry, name))

    def test_variant_may_be_left_out(self) -> None:
        for method in (ModelRegistry.spec, ModelRegistry.normalize_model_id):
            assert inspect.signature(method).parameters["variant"].default is None

    def test_names(self) -> None:
        for name in module.__all__:
            assert hasattr(module, name)
        assert ModelRegistry.SUPPORTED_SCHEMA_VERSIONS is SUPPORTED_SCHEMA_VERSIONS
        assert ModelRegistry.MODEL_ID_PATTERN is MODEL_ID_PATTERN
        assert ModelRegistry.VARIANT_PATTERN is VARIANT_PATTERN
        assert "1" in SUPPORTED_SCHEMA_VERSIONS

    @pytest.mark.parametrize("spec", [FileSpec, VramEstimation, ModelDefaults, ModelSpec, NormalizedModelId])
    def test_specs_are_frozen_dataclasses(self, spec: type[Any]) -> None:
        assert dataclasses.is_dataclass(spec)
        assert spec.__dataclass_params__.frozen  # type: ignore[attr-defined]

    def test_specs_are_built_by_keyword(self) -> None:
        file = FileSpec(path="a", size=1, sha256=DIGEST, component="vae", shard_part=1)
        spec = ModelSpec(
            model_id=MODEL,
            version="2.2.0",
            variants=["fp16"],
            default_variant="fp16",
            files=[file],
            sources=["local://x"],
            defaults=ModelDefaults(fps=30),
            vram_estimation=VramEstimation(params_billion=5.0),
        )
        assert spec.allow_patterns == ["*"]
        with pytest.raises(dataclasses.FrozenInstanceError):
            spec.version = "3.0.0"  # type: ignore[misc]

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (ModelNotFoundError, "MODEL_NOT_FOUND"),
            (VariantNotFoundError, "VARIANT_NOT_FOUND"),
            (InvalidModelIdError, "INVALID_MODEL_ID"),
            (ManifestValidationError, "MANIFEST_VALIDATION_ERROR"),
            (SchemaVersionError, "SCHEMA_VERSION_MISMATCH"),
        ],
    )
    def test_errors_have_codes_and_details(self, error: type[ModelRegistryError], code: str) -> None:
        raised = error("what", {"a": 1})
        assert raised.error_code is ErrorCode(code)
        assert raised.details == {"a": 1}
        assert isinstance(raised, ModelRegistryError)

    def test_it_needs_no_terminal_library_and_no_network(self) -> None:
        heavy = "{'textual', 'click', 'rich', 'tomlkit', 'tree_sitter', 'socket', 'urllib.request', 'asyncio'}"
        script = f"import sys, loadmaster.model_registry; print(sorted({heavy} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


class TestAsking:
    """Specs by id and variant."""

    def test_a_model_by_its_id(self, registry: ModelRegistry) -> None:
        spec = registry.spec(MODEL)
        assert (spec.model_id, spec.version, spec.model_type) == (MODEL, "2.2.0", "ti2v")
        assert spec.files == [FileSpec("config.json", 251, DIGEST)]
        assert spec.sources == ["local://x"]

    def test_models_in_the_order_of_the_file(self, registry: ModelRegistry) -> None:
        assert registry.list_models() == [MODEL, "t2v@1.0.0", "t2v@2.0.0", "vae@1.0.0"]
        registry.list_models().clear()
        assert len(registry.list_models()) == 4

    def test_the_schema_version_is_a_string(self, registry: ModelRegistry, write: Write) -> None:
        assert registry.get_schema_version() == "1"
        assert ModelRegistry(str(write(manifest().replace("= 1\n", '= "1"\n', 1)))).get_schema_version() == "1"

    def test_a_name_that_has_one_version(self, registry: ModelRegistry) -> None:
        assert registry.spec("ti2v-5b") is registry.spec(MODEL)
        assert registry.spec("ti2v-5b#bf16") is registry.spec(MODEL)

    def test_a_name_that_has_two(self, registry: ModelRegistry) -> None:
        with pytest.raises(ModelNotFoundError, match=r"2 versions.*t2v@1\.0\.0, t2v@2\.0\.0") as caught:
            registry.spec("t2v")
        assert caught.value.details == {"model_id": "t2v", "available": ["t2v@1.0.0", "t2v@2.0.0"]}

    @pytest.mark.parametrize(
        ("asked", "variant"), [(MODEL, "bf16"), (f"{MODEL}#bf16", None), (f"{MODEL}#nf4", "bf16"), (MODEL, None)]
    )
    def test_a_variant_that_is_there(self, registry: ModelRegistry, asked: str, variant: str | None) -> None:
        assert registry.spec(asked, variant) is registry.spec(MODEL)

    @pytest.mark.parametrize(
        ("asked", "variant", "named"),
        [
            (MODEL, "fp61", "fp61"),
            (f"{MODEL}#nf4", None, "nf4"),
            (f"{MODEL}#fp16", "nf4", "nf4"),
            (MODEL, "FP16", "FP16"),
            (MODEL, "", ""),
            (MODEL, "fp16\n", "fp16\n"),
        ],
    )
    def test_a_variant_that_is_not(self, registry: ModelRegistry, asked: str, variant: str | None, named: str) -> None:
        with pytest.raises(VariantNotFoundError, match="there is fp16, bf16") as caught:
            registry.spec(asked, variant)
        assert caught.value.details == {"model_id": MODEL, "variant": named, "available": ["fp16", "bf16"]}

    def test_a_near_miss_is_named(self, registry: ModelRegistry) -> None:
        with pytest.raises(VariantNotFoundError, match="perhaps fp16"):
            registry.spec(MODEL, "fp61")
        with pytest.raises(ModelNotFoundError, match=r"no model ti2v-5B@2\.2\.0 .*perhaps ti2v-5b@2\.2\.0"):
            registry.spec("ti2v-5B@2.2.0")
        with pytest.raises(ModelNotFoundError, match=r"there is t2v@1\.0\.0, t2v@2\.0\.0"):
            registry.spec("t2v@3.0.0")

    def test_a_model_that_is_not_there(self, registry: ModelRegistry) -> None:
        with pytest.raises(ModelNotFoundError, match=r"no model nothing@1\.0\.0") as caught:
            registry.spec("nothing@1.0.0")
        assert caught.value.details == {"model_id": "nothing@1.0.0", "available": registry.list_models()}

    @pytest.mark.parametrize("asked", [None, 3, "", "a b", f"{MODEL}\n", f"{MODEL}#", f"{MODEL}#a b", "@1.0.0", "x@1"])
    def test_what_is_no_id(self, registry: ModelRegistry, asked: object) -> None:
        with pytest.raises(InvalidModelIdError):
            registry.spec(asked)  # type: ignore[arg-type]

    def test_many_models_are_not_all_listed_in_a_message(self, write: Write) -> None:
        many = ModelRegistry(write(manifest(*(model(f"m{number}@1.0.0") for number in range(50)))))
        with pytest.raises(ModelNotFoundError, match="and 42 more") as caught:
            many.spec("nothing@1.0.0")
        assert len(caught.value.details["available"]) == 50

    def test_normalising_needs_no_manifest(self) -> None:
        assert ModelRegistry.normalize_model_id(f"{MODEL}#fp8", "fp16") == NormalizedModelId("ti2v-5b", "2.2.0", "fp16")
        with pytest.raises(InvalidModelIdError):
            ModelRegistry.normalize_model_id("ti2v-5b")


class TestReading:
    """Files that are not there or cannot be read."""

    @pytest.mark.parametrize("name", ["nothing.toml", "models.toml/inner.toml"])
    def test_no_such_file(self, write: Write, name: str) -> None:
        folder = write(manifest()).parent
        with pytest.raises(FileNotFoundError) as caught:
            ModelRegistry(str(folder / name))
        assert caught.value.filename == str(folder / name)

    def test_a_path_object_does_too(self, write: Write) -> None:
        assert ModelRegistry(write(manifest())).list_models() == [MODEL]

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ManifestValidationError, match="folder"):
            ModelRegistry(str(tmp_path))

    @pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
    def test_a_file_that_may_not_be_read(self, write: Write) -> None:
        path = write(manifest())
        path.chmod(0)
        with pytest.raises(ManifestValidationError, match="ermission"):
            ModelRegistry(str(path))

    @pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
    def test_a_name_that_no_file_has(self, name: str) -> None:
        with pytest.raises((ManifestValidationError, FileNotFoundError)):
            ModelRegistry(name)

    @pytest.mark.parametrize(
        ("content", "place", "reason"),
        [
            (b"\xef\xbb\xbfschema_version = 1", ":1:1:", "byte-order mark"),
            ("schema_version = 1".encode("utf-16"), ":1:1:", "UTF-16"),
            ('schema_version = 1\n# ä\nä = "'.encode() + b'\xff"', ":3:6:", "0xff is no UTF-8"),
            ("schema_version = 1\nx = \n", ":2:5:", "Invalid value"),
            ("schema_version = 1\nschema_version = 1\n", ":2:", "overwrite"),
            ("schema_version = 1\n<<<<<<< HEAD\n", ":2:1:", "merge conflict"),
            ("[models.x@1.0.0]\n", ":1:10:", "stands in quotes"),
            ("x = [1", "", "Unclosed array"),
            ("x = " + "[" * 3000, ":1:", "nested more than"),
            ("x = " + "[\n" * 3000, "", "nested more than"),
            ("x = " + "{a=" * 3000, ":1:", "nested more than"),
            ("x = " + "9" * 5000, ":1:5:", "digits"),
            ("a." * 20000 + "b = 1", ":1:1:", "parts"),
            ("[" + "a." * 20000 + "b]", ":1:", "parts"),
            ("x = 2024-02-31", "", "nvalid"),
        ],
    )
    def test_what_is_no_text_or_no_toml(self, write: Write, content: str | bytes, place: str, reason: str) -> None:
        path = write(content)
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(str(path))
        assert str(caught.value).startswith(f"{path}{place}")
        assert reason in str(caught.value)
        assert caught.value.errors == [str(caught.value)]
        assert "\n" not in str(caught.value)

    def test_long_lines_and_many_brackets_are_no_fault(self, write: Write) -> None:
        words, globs = "a.b " * 2000, '"*.[a-z]",\n' * 300
        text = f'description = "{words}"\nallow_patterns = [\n{globs}]\n'
        text = manifest(model().replace("variants =", text + "variants =", 1))
        assert ModelRegistry(write(text)).list_models() == [MODEL]

    def test_windows_line_ends(self, write: Write) -> None:
        assert ModelRegistry(write(manifest().replace("\n", "\r\n"))).list_models() == [MODEL]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(content=st.binary(max_size=60) | st.text("[]{}\"'=.\n#ax1@", max_size=60).map(str.encode))
    def test_any_bytes_end_in_an_error_of_ours(self, write: Write, content: bytes) -> None:
        with pytest.raises(ModelRegistryError):
            ModelRegistry(write(content))


class TestSchemaVersion:
    """It is told before any other fault, with what to do."""

    @pytest.mark.parametrize("value", ["2", "0", "true", "1.0", '"2"', '""', "[1]", "{a = 1}", "1979-05-27"])
    def test_not_supported(self, write: Write, value: str) -> None:
        with pytest.raises(SchemaVersionError, match="loadmaster migrate") as caught:
            ModelRegistry(write(f"schema_version = {value}\n[models.bad]\nfiles = 3\n"))
        assert caught.value.details["supported"] == ["1"]
        assert "supported: 1" in str(caught.value)

    def test_the_found_version_is_named(self, write: Write) -> None:
        with pytest.raises(SchemaVersionError, match=r"schema_version 7 .*upgrade loadmaster") as caught:
            ModelRegistry(write("schema_version = 7"))
        assert caught.value.details["found"] == 7

    @pytest.mark.parametrize("content", ["", "\n", "# nothing", model()])
    def test_absent(self, write: Write, content: str) -> None:
        with pytest.raises(SchemaVersionError, match="has no schema_version") as caught:
            ModelRegistry(write(content))
        assert caught.value.details["found"] is None


# What each case puts in the text, the rule, the key path below the model, and words of the line.
REFUSED = [
    ({"variants": "[]"}, "LM101", ".variants", "is empty"),
    ({"default": '""'}, "LM101", ".default_variant", "is empty"),
    ({"sources": "[]"}, "LM101", ".sources.priority", "is empty"),
    ({"path": '""'}, "LM101", ".files[0].path", "is empty"),
    ({"size": '"251"'}, "LM102", ".files[0].size", 'found the string "251", wanted an integer'),
    ({"size": "true"}, "LM102", ".files[0].size", "found the boolean true"),
    ({"size": "251.0"}, "LM102", ".files[0].size", "found the number 251.0"),
    ({"path": "2024-01-01"}, "LM102", ".files[0].path", "found the date 2024-01-01, wanted a string"),
    ({"variants": '"fp16"'}, "LM102", ".variants", "wanted a list of strings"),
    ({"more": "shard_part = true"}, "LM102", ".files[0].shard_part", "wanted an integer"),
    ({"size": "-1"}, "LM103", ".files[0].size", "found -1, wanted 0 or more"),
    ({"variants": '["fp16", "b f"]'}, "LM108", ".variants[1]", '"b f" is no variant name'),
    ({"default": '"fp61"'}, "LM201", ".default_variant", 'not one of variants ("fp16", "bf16"); perhaps "fp16"'),
    ({"path": '"../x"'}, "LM301", ".files[0].path", "leads out"),
    ({"path": '"a\\\\..\\\\b"'}, "LM301", ".files[0].path", "leads out"),
    ({"path": '"a/%2e%2E/b"'}, "LM301", ".files[0].path", "leads out"),
    ({"path": '"/etc/x"'}, "LM302", ".files[0].path", "begins at the root"),
    ({"path": '"C:x"'}, "LM302", ".files[0].path", "drive C:"),
    ({"path": '"~/x"'}, "LM302", ".files[0].path", "home"),
    ({"path": '"a/nul.bin"'}, "LM303", ".files[0].path", "Windows keeps"),
    ({"sha256": '"abc"'}, "LM401", ".files[0].sha256", "found 3 characters"),
    ({"sha256": '"a"'}, "LM401", ".files[0].sha256", "found 1 character, "),
    ({"sha256": f'"{DIGEST}0"'}, "LM401", ".files[0].sha256", "found 65 characters"),
]


class TestRefusing:
    """The rules marked R, and no other."""

    @pytest.mark.parametrize(("changes", "code", "below", "words"), REFUSED, ids=[f"{r[1]}-{r[0]}" for r in REFUSED])
    def test_one_fault(self, write: Write, changes: dict[str, str], code: str, below: str, words: str) -> None:
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(manifest(model(**changes))))
        (line,) = caught.value.errors
        assert line.startswith(f'models."{MODEL}"{below}: ')
        assert words in line
        assert str(caught.value) == line
        assert [fault["code"] for fault in caught.value.details["faults"]] == [code]

    @pytest.mark.parametrize("key", ["variants", "default_variant", "priority", "path", "size", "sha256"])
    def test_a_missing_key(self, write: Write, key: str) -> None:
        text = "\n".join(line for line in manifest().split("\n") if not line.startswith(f"{key} "))
        with pytest.raises(ManifestValidationError, match=rf"{key}: is missing"):
            ModelRegistry(write(text))

    @pytest.mark.parametrize(
        "text",
        [
            "schema_version = 1\n",
            "schema_version = 1\nmodels = {}\n",
            "schema_version = 1\n[[models]]\nid = 3\n",
            "schema_version = 1\nmodels = 3\n",
        ],
    )
    def test_no_models(self, write: Write, text: str) -> None:
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(text))
        assert len(caught.value.errors) == 1
        assert caught.value.errors[0].startswith("models: ")

    @pytest.mark.parametrize("bad", ["x", "x@1.0", "-x@1.0.0", "x@1.0.0\\n", "é@1.0.0", ""])
    def test_a_bad_id(self, write: Write, bad: str) -> None:
        with pytest.raises(ManifestValidationError, match="is no model id") as caught:
            ModelRegistry(write(manifest(model(bad))))
        assert len(caught.value.errors) == 1

    def test_an_id_that_lost_its_quotes_is_one_fault(self, write: Write) -> None:
        text = manifest(model(), "[models.qwen2.5-72b]\nfiles = []\n[models.qwen2.7b]\nvariants = []\n")
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(text))
        assert sorted(caught.value.errors) == [
            'models.qwen2.5-72b: an id with a dot stands in quotes: [models."qwen2.5-72b"]',
            'models.qwen2.7b: an id with a dot stands in quotes: [models."qwen2.7b"]',
        ]

    def test_paths_that_differ_in_case_only(self, write: Write) -> None:
        again = f'[[models."{MODEL}".files]]\npath = "CONFIG.json"\nsize = 1\nsha256 = "{DIGEST}"\n'
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(manifest(model(more=again))))
        (line,) = caught.value.errors
        assert line.startswith(
            f'models."{MODEL}".files[1].path: "CONFIG.json" is one file with "config.json" (files[0])'
        )

    def test_every_fault_of_every_model_is_told_at_once(self, write: Write) -> None:
        first = model("a@1.0.0", path='"../x"', size="-1", sha256='"TODO"', default='"fp8"', more="optional = 1")
        second = model("b", variants="[]", sources="3")
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(manifest(first, model(), second)))
        assert {(fault["code"], fault["path"][-1]) for fault in caught.value.details["faults"]} == {
            ("LM301", "path"),
            ("LM103", "size"),
            ("LM401", "sha256"),
            ("LM201", "default_variant"),
            ("LM102", "optional"),
            ("LM107", "b"),
            ("LM101", "variants"),
            ("LM102", "priority"),
        }
        assert str(caught.value).split("\n") == caught.value.errors
        assert all(line.startswith(('models."a@1.0.0"', "models.b")) for line in caught.value.errors)

    @pytest.mark.parametrize(
        "changes",
        [
            {"more": "shard_part = 0"},
            {"more": "colour = 3"},
            {"more": 'allow_patterns = ["*"]'},
            {"path": '"a\\\\b"'},
            {"path": '"./a//b "'},
            {"path": '"a..b/c?"'},
            {"path": '".hidden.exe"'},
            {"sha256": f'"{"z" * 64}"'},
            {"sha256": f'"{DIGEST.upper()}"'},
            {"size": "0"},
            {"variants": '["fp16", "fp16"]'},
            {"sources": '["gopher://x"]'},
            {"more": f'[[models."{MODEL}".files]]\npath = "config.json"\nsize = 1\nsha256 = "{DIGEST}"'},
            {"more": f'[models."{MODEL}".defaults]\nfps = 0\nguidance_scale = nan'},
            {"more": f'[models."{MODEL}".vram_estimation]\nbase_vram_gb = -1'},
        ],
    )
    def test_other_faults_are_for_the_check_and_not_for_the_registry(
        self, write: Write, changes: dict[str, str]
    ) -> None:
        registry = ModelRegistry(write(manifest(model(**changes))))
        assert registry.list_models() == [MODEL]
        assert registry.validate_manifest() == []

    def test_a_secret_is_cut(self, write: Write) -> None:
        token = "hf_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7"
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(manifest(model(sha256=f'"{token}"', sources=f'"{token}"', default=f'"{token}"'))))
        assert len(caught.value.errors) == 3
        assert token[:10] not in str(caught.value)

    def test_what_is_invisible_is_shown_as_an_escape(self, write: Write) -> None:
        with pytest.raises(ManifestValidationError) as caught:
            ModelRegistry(write(manifest(model(default='"fp\\u202e16"', path='"../\\u0007"'))))
        assert all(line.isprintable() for line in caught.value.errors)


class TestJudgingAgain:
    """The methods that judge without reading."""

    def test_a_loaded_registry_is_sound(self, registry: ModelRegistry) -> None:
        assert registry.validate_manifest() == []

    def test_lists_that_were_changed_are_found_out(self, registry: ModelRegistry) -> None:
        registry.spec(MODEL).files.append(FileSpec("../x", -1, "abc"))
        registry.spec("vae").variants.remove("fp16")
        errors = registry.validate_manifest()
        assert all(isinstance(error, ManifestValidationError) for error in errors)
        assert [str(error).partition(":")[0] for error in errors] == [
            f'models."{MODEL}".files[1].size',
            f'models."{MODEL}".files[1].path',
            f'models."{MODEL}".files[1].sha256',
            'models."vae@1.0.0".default_variant',
        ]

    def test_path_safety(self, registry: ModelRegistry) -> None:
        assert registry._validate_path_safety(["a/b.bin", "a\\b", "a..b"]) == []
        errors = registry._validate_path_safety(["../a", "ok", "C:\\x", "nul"])
        assert [error.details["path"] for error in errors] == ["../a", "C:\\x", "nul"]

    def test_case_collisions(self, registry: ModelRegistry) -> None:
        assert registry._validate_case_collisions(["a", "b", "a"]) == []
        (error,) = registry._validate_case_collisions(["vae/A", "x", "VAE/a"])
        assert isinstance(error, ManifestValidationError)
        assert '"VAE/a"' in str(error)
        assert '"vae/A"' in str(error)

    def test_one_model_s_data(self, registry: ModelRegistry) -> None:
        data = {
            "variants": ["fp16"],
            "default_variant": "fp16",
            "files": [{"path": "a", "size": 1, "sha256": DIGEST}],
            "sources": {"priority": ["x"]},
        }
        assert registry._parse_model_spec("i2v@1.0.0", data).model_type == "i2v"
        with pytest.raises(ManifestValidationError, match=r"models\.bad: ") as caught:
            registry._parse_model_spec("bad", {**data, "files": []})
        assert len(caught.value.errors) == 2

    def test_loading_again_keeps_what_was_there_when_it_fails(self, registry: ModelRegistry) -> None:
        registry.manifest_path.write_text("schema_version = 1\nmodels = 3\n")
        with pytest.raises(ManifestValidationError):
            registry._load_manifest()
        assert len(registry.list_models()) == 4
        registry.manifest_path.write_text(manifest(model("new@1.0.0")))
        registry._load_manifest()
        assert registry.list_models() == ["new@1.0.0"]
        assert registry.spec("new").model_id == "new@1.0.0"
        with pytest.raises(ModelNotFoundError):
            registry.spec("vae")


class TestPublished:
    """The manifests and reported faults beside the checkout."""

    @pytest.mark.parametrize("number", [1, 2, 3, 4])
    def test_the_published_ones_load(self, shared: Path, number: int) -> None:
        registry = ModelRegistry(str(shared / "manifests" / f"wan22-published-{number}.toml"))
        assert registry.list_models() == ["t2v-A14B@2.2.0", "i2v-A14B@2.2.0", "ti2v-5b@2.2.0"]
        assert [registry.spec(name).model_type for name in registry.list_models()] == ["t2v", "i2v", "ti2v"]
        assert registry.validate_manifest() == []

    def test_the_one_with_real_values_loads(self, shared: Path) -> None:
        registry = ModelRegistry(str(shared / "manifests" / "wan-real-values.toml"))
        spec = registry.spec("ti2v-5b#bf16")
        assert spec.vram_estimation == VramEstimation(5.0, "medium", 9.8, 129.0)
        assert sum(file.size for file in spec.files) > 30 * 10**9

    def test_of_the_reported_faults_those_of_rules_marked_r_refuse(self, shared: Path) -> None:
        refused = set()
        for path in sorted((shared / "cases").glob("*.toml")):
            try:
                ModelRegistry(str(path))
            except ManifestValidationError:
                refused.add(path.name[:2])
        assert refused == {"03", "16", "23", "26"}

    def test_files_of_another_kind_are_refused_calmly(self, shared: Path) -> None:
        paths = sorted((shared / "foreign").glob("*.toml"))
        assert paths
        for path in paths:
            with pytest.raises((SchemaVersionError, ManifestValidationError)):
                ModelRegistry(str(path))
