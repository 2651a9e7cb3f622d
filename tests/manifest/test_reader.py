"""Plain data to specs and shape faults."""

from __future__ import annotations

import copy
import datetime
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.fields import FIELDS, TABLES, fields_of
from loadmaster.manifest.reader import FaultKind, ShapeFault, read_model, read_root, schema_version
from loadmaster.manifest.spec import FileSpec, ModelDefaults, VramEstimation

MODEL = "ti2v-5b@2.2.0"
DIGEST = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
Faults = list[tuple[str, tuple[str | int, ...]]]


def data(**changes: Any) -> dict[str, Any]:
    """A healthy model, with some of its keys changed; None takes a key away."""
    model: dict[str, Any] = {
        "variants": ["fp16", "bf16"],
        "default_variant": "fp16",
        "files": [
            {"path": "config.json", "size": 251, "sha256": DIGEST},
            {"path": "vae.safetensors", "size": 0, "sha256": DIGEST, "component": "vae", "optional": True},
        ],
        "sources": {"priority": ["local://x", "hf://a/b"]},
    }
    model.update(changes)
    return {key: value for key, value in model.items() if value is not None}


def file(**changes: Any) -> dict[str, Any]:
    """A model of one file, with some of the file's keys changed."""
    changed = {"path": "config.json", "size": 251, "sha256": DIGEST, **changes}
    return data(files=[{key: value for key, value in changed.items() if value is not None}])


def told(faults: tuple[ShapeFault, ...]) -> Faults:
    """The kinds and the paths below the model."""
    return [(str(fault.kind), fault.path[2:]) for fault in faults]


def test_a_healthy_model_is_read_whole() -> None:
    reading = read_model(
        MODEL,
        data(
            description="Wan",
            version="2.2.0",
            resolution_caps=["720p24"],
            required_components=["vae"],
            optional_components=["config"],
            lora_required=True,
            allow_patterns=["*.json"],
            defaults={"fps": 30, "guidance_scale": 5, "image_guidance_scale": 1.5},
            vram_estimation={"per_frame_vram_mb": 256},
        ),
    )
    assert reading.faults == ()
    spec = reading.spec
    assert spec is not None
    assert (spec.model_id, spec.version, spec.model_type) == (MODEL, "2.2.0", "ti2v")
    assert spec.sources == ["local://x", "hf://a/b"]
    assert spec.files[1] == FileSpec("vae.safetensors", 0, DIGEST, optional=True, component="vae")
    assert reading.files == tuple(spec.files)
    assert spec.defaults == ModelDefaults(fps=30, guidance_scale=5.0, image_guidance_scale=1.5)
    assert spec.vram_estimation == VramEstimation(per_frame_vram_mb=256.0)
    # An integer is fine where a float is expected, and is a float afterwards.
    assert type(spec.vram_estimation.per_frame_vram_mb) is float
    assert (spec.resolution_caps, spec.required_components, spec.optional_components) == (
        ["720p24"],
        ["vae"],
        ["config"],
    )
    assert spec.lora_required
    assert spec.allow_patterns == ["*.json"]


def test_what_is_absent_reads_as_its_default() -> None:
    spec = read_model(MODEL, data()).spec
    assert spec is not None
    assert spec.description == ""
    assert spec.version == "2.2.0"
    assert spec.allow_patterns == ["*"]
    assert spec.resolution_caps == spec.required_components == spec.optional_components == []
    assert not spec.lora_required
    assert spec.defaults is None
    assert spec.vram_estimation is None
    empty_tables = read_model(MODEL, data(defaults={}, vram_estimation={})).spec
    assert empty_tables is not None
    assert empty_tables.defaults == ModelDefaults()
    assert empty_tables.vram_estimation == VramEstimation()


def test_the_id_wins_over_the_version() -> None:
    reading = read_model(MODEL, data(version="9.9.9"))
    assert reading.spec is not None
    assert reading.spec.version == "2.2.0"
    assert reading.faults == ()


def test_a_spec_shares_no_list_with_its_data() -> None:
    source = data(resolution_caps=["720p"])
    kept = copy.deepcopy(source)
    spec = read_model(MODEL, source).spec
    assert spec is not None
    for items in (spec.variants, spec.sources, spec.resolution_caps):
        items.append("x")
    spec.files.clear()
    assert source == kept


@pytest.mark.parametrize("key", ["variants", "default_variant", "files", "sources"])
def test_a_required_key_is_missed(key: str) -> None:
    reading = read_model(MODEL, data(**{key: None}))
    assert told(reading.faults) == [("missing", (key,))]
    assert reading.faults[0].found is None
    assert reading.spec is None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"variants": []}, ("variants",)),
        ({"default_variant": ""}, ("default_variant",)),
        ({"files": []}, ("files",)),
        ({"sources": {"priority": []}}, ("sources", "priority")),
        ({"sources": {}}, ("sources", "priority")),
    ],
)
def test_an_empty_required_key_is_missing_too(changes: dict[str, Any], path: tuple[str, ...]) -> None:
    reading = read_model(MODEL, data(**changes))
    assert told(reading.faults) == [("missing", path)]
    assert reading.spec is None


@pytest.mark.parametrize("key", ["path", "size", "sha256"])
def test_a_required_key_of_a_file_is_missed(key: str) -> None:
    reading = read_model(MODEL, file(**{key: None}))
    assert told(reading.faults) == [("missing", ("files", 0, key))]
    assert reading.files == (None,)
    assert reading.spec is None


def test_a_size_of_zero_is_not_missing() -> None:
    assert read_model(MODEL, file(size=0)).faults == ()


@pytest.mark.parametrize(
    ("changes", "path", "wanted"),
    [
        ({"description": 1}, ("description",), "a string"),
        ({"description": datetime.date(2024, 1, 1)}, ("description",), "a string"),
        ({"version": 2.2}, ("version",), "a string"),
        ({"variants": "fp16"}, ("variants",), "a list of strings"),
        ({"variants": ["fp16", 16]}, ("variants", 1), "a string"),
        ({"default_variant": ["fp16"]}, ("default_variant",), "a string"),
        ({"lora_required": 1}, ("lora_required",), "true or false"),
        ({"lora_required": "false"}, ("lora_required",), "true or false"),
        ({"allow_patterns": [["*"]]}, ("allow_patterns", 0), "a string"),
        ({"defaults": []}, ("defaults",), "a table"),
        ({"defaults": {"fps": 24.0}}, ("defaults", "fps"), "an integer"),
        ({"defaults": {"frames": True}}, ("defaults", "frames"), "an integer"),
        ({"defaults": {"guidance_scale": True}}, ("defaults", "guidance_scale"), "a number"),
        ({"defaults": {"guidance_scale": "7"}}, ("defaults", "guidance_scale"), "a number"),
        ({"vram_estimation": {"family_size": None}}, ("vram_estimation", "family_size"), "a string"),
        ({"files": {"path": "x"}}, ("files",), "a list of tables"),
        ({"files": [3]}, ("files", 0), "a table"),
        ({"sources": ["hf://a/b"]}, ("sources",), "a table"),
        ({"sources": {"priority": "hf://a/b"}}, ("sources", "priority"), "a list of strings"),
        ({"sources": {"priority": ["hf://a/b", 1]}}, ("sources", "priority", 1), "a string"),
    ],
)
def test_another_type_is_told_where_it_stands(
    changes: dict[str, Any], path: tuple[str | int, ...], wanted: str
) -> None:
    faults = read_model(MODEL, data(**changes)).faults
    assert told(faults) == [("wrong-type", path)]
    assert faults[0].wanted == wanted


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"size": True}, "size"),
        ({"size": 1.0}, "size"),
        ({"size": "1"}, "size"),
        ({"sha256": 1}, "sha256"),
        ({"path": False}, "path"),
        ({"shard_part": "1"}, "shard_part"),
        ({"shard_index": "yes"}, "shard_index"),
        ({"component": 3}, "component"),
    ],
)
def test_another_type_in_a_file(changes: dict[str, Any], key: str) -> None:
    reading = read_model(MODEL, file(**changes))
    assert told(reading.faults) == [("wrong-type", ("files", 0, key))]
    assert (reading.spec is None) is (key in ("path", "size", "sha256"))


@pytest.mark.parametrize(
    ("table", "key", "value", "wanted"),
    [
        ("defaults", "fps", 0, "1 or more"),
        ("defaults", "frames", 0, "1 or more"),
        ("defaults", "num_inference_steps", -1, "1 or more"),
        ("defaults", "vae_tile_size", 0, "1 or more"),
        ("defaults", "vae_decode_chunk_size", 0, "1 or more"),
        ("defaults", "guidance_scale", math.nan, "a finite number"),
        ("vram_estimation", "params_billion", -0.1, "a finite number, 0 or more"),
        ("vram_estimation", "base_vram_gb", math.inf, "a finite number, 0 or more"),
        ("vram_estimation", "per_frame_vram_mb", math.nan, "a finite number, 0 or more"),
        ("vram_estimation", "per_frame_vram_mb", -1, "a finite number, 0 or more"),
        ("vram_estimation", "per_frame_vram_mb", 10**400, "a finite number, 0 or more"),
    ],
)
def test_bounds_of_a_table(table: str, key: str, value: float, wanted: str) -> None:
    reading = read_model(MODEL, data(**{table: {key: value}}))
    assert told(reading.faults) == [("out-of-range", (table, key))]
    assert reading.faults[0].wanted == wanted
    assert reading.spec is not None


@pytest.mark.parametrize(("key", "value"), [("size", -1), ("shard_part", 0)])
def test_bounds_of_a_file_and_the_value_is_kept_to_be_shown(key: str, value: int) -> None:
    reading = read_model(MODEL, file(**{key: value}))
    assert told(reading.faults) == [("out-of-range", ("files", 0, key))]
    assert reading.spec is not None
    assert getattr(reading.spec.files[0], key) == value


@pytest.mark.parametrize("value", [0, 1, 10**30])
def test_the_bounds_themselves_are_fine(value: int) -> None:
    assert read_model(MODEL, data(vram_estimation={"params_billion": value})).faults == ()


@pytest.mark.parametrize(
    ("table", "key", "suggestion"),
    [
        ("model", "descripton", "description"),
        ("model", "allow-patterns", "allow_patterns"),
        ("model", "Variants", "variants"),
        ("model", "revision", None),
        ("model", "notes", None),
        ("model", "", None),
        ("defaults", "num_inference_step", "num_inference_steps"),
        ("vram_estimation", "base_vram_gib", "base_vram_gb"),
        ("files", "sha_256", "sha256"),
        ("sources", "priorities", "priority"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest(table: str, key: str, suggestion: str | None) -> None:
    model = data(defaults={}, vram_estimation={})
    path: tuple[str | int, ...] = {"model": (), "files": ("files", 1)}.get(table, (table,))
    place: Any = model
    for part in path:
        place = place[part]
    place[key] = "x"
    reading = read_model(MODEL, model)
    assert told(reading.faults) == [("unknown-key", (*path, key))]
    assert reading.faults[0].suggestion == suggestion
    assert reading.spec is not None


@pytest.mark.parametrize(
    ("changes", "path", "home"),
    [
        ({"sources": {"priority": ["x"], "allow_patterns": ["*"]}}, ("sources", "allow_patterns"), "model"),
        ({"sources": {"priority": ["x"], "lora_required": True}}, ("sources", "lora_required"), "model"),
        ({"sources": {"priority": ["x"], "fps": 3}}, ("sources", "fps"), "defaults"),
        ({"defaults": {"base_vram_gb": 3}}, ("defaults", "base_vram_gb"), "vram_estimation"),
        ({"vram_estimation": {"variants": []}}, ("vram_estimation", "variants"), "model"),
        ({"priority": ["x"]}, ("priority",), "sources"),
        ({"fps": 24}, ("fps",), "defaults"),
        ({"sha256": DIGEST}, ("sha256",), "files"),
        ({"schema_version": 1}, ("schema_version",), "root"),
    ],
)
def test_a_misplaced_key_is_told_with_its_table(changes: dict[str, Any], path: tuple[str, ...], home: str) -> None:
    reading = read_model(MODEL, data(**changes))
    assert told(reading.faults) == [("misplaced-key", path)]
    assert reading.faults[0].suggestion == home
    assert reading.spec is not None


def test_a_file_may_have_a_description_of_its_own_beside_the_model_s() -> None:
    model = file(description="the config")
    assert told(read_model(MODEL, model).faults) == [("misplaced-key", ("files", 0, "description"))]
    model["description"] = "the model"
    assert told(read_model(MODEL, model).faults) == [("unknown-key", ("files", 0, "description"))]


@pytest.mark.parametrize("variant", ["b f", "fp16\n", "-fp16", "", "fp16#x"])
def test_a_variant_has_the_form_of_a_name(variant: str) -> None:
    reading = read_model(MODEL, data(variants=["fp16", variant]))
    assert told(reading.faults) == [("variant-name", ("variants", 1))]
    assert reading.spec is not None


@pytest.mark.parametrize(
    ("model_id", "version", "suggestion"),
    [
        ("ti2v-5b", "2.2.0", "ti2v-5b@2.2.0"),
        ("ti2v-5b", None, None),
        ("ti2v-5b@2.2", "2.2.0", "ti2v-5b@2.2.0"),
        ("ti2v-5b@2.2.0\n", None, "ti2v-5b@2.2.0"),
        ("a b", "2.2.0", None),
        ("ti2v-5b@2.2.0#fp16", None, None),
        ("", None, None),
    ],
)
def test_a_bad_id_is_told_with_the_likely_one(model_id: str, version: str | None, suggestion: str | None) -> None:
    reading = read_model(model_id, data(version=version))
    assert [(fault.kind, fault.path, fault.suggestion) for fault in reading.faults] == [
        (FaultKind.MODEL_ID, ("models", model_id), suggestion)
    ]
    assert reading.spec is not None


@pytest.mark.parametrize("value", [None, 3, "x", [], [{}], True])
def test_a_model_that_is_no_table(value: object) -> None:
    reading = read_model(MODEL, value)
    assert told(reading.faults) == [("wrong-type", ())]
    assert reading.spec is None


def test_all_faults_of_a_model_are_told() -> None:
    model = data(variants=["fp16", 8, "b f"], default_variant=None, colour=1, defaults={"fps": 0, "frames": "x"})
    model["files"] = [{"path": "a", "size": -1}, 7, {"path": "b", "size": True, "sha256": DIGEST}]
    assert set(told(read_model("bad id", model).faults)) == {
        ("model-id", ()),
        ("wrong-type", ("variants", 1)),
        ("variant-name", ("variants", 2)),
        ("missing", ("default_variant",)),
        ("unknown-key", ("colour",)),
        ("out-of-range", ("defaults", "fps")),
        ("wrong-type", ("defaults", "frames")),
        ("out-of-range", ("files", 0, "size")),
        ("missing", ("files", 0, "sha256")),
        ("wrong-type", ("files", 1)),
        ("wrong-type", ("files", 2, "size")),
    }


ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.just(10**400)
    | st.sampled_from(["fp16", "", DIGEST])
)
KEYS = st.sampled_from([field.key for field in FIELDS]) | st.text(max_size=8)
ANYTHING = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5))


@given(model_id=st.text(max_size=8) | st.just(MODEL), found=ANYTHING)
def test_anything_can_be_read_and_every_fault_has_a_place(model_id: str, found: object) -> None:
    kept = repr_of(found)
    reading = read_model(model_id, found)
    assert repr_of(found) == kept
    assert reading.spec is not None or reading.faults
    for fault in reading.faults:
        assert fault.path[:2] == ("models", model_id)
        place: Any = found
        # All but the last part of a missing key's path leads to something.
        for part in fault.path[2:] if fault.kind is not FaultKind.MISSING else fault.path[2:-1]:
            place = place[part]
        if fault.kind not in (FaultKind.MISSING, FaultKind.MODEL_ID):
            assert place is fault.found
    assert len({(fault.kind, fault.path) for fault in reading.faults}) == len(reading.faults)


def repr_of(value: object) -> object:
    """A copy to compare with, also where a NaN is in it."""
    if isinstance(value, dict):
        return {key: repr_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [repr_of(inner) for inner in value]
    return repr(value) if isinstance(value, float) else value


@given(st.dictionaries(KEYS, ANYTHING))
def test_any_top_level_can_be_read(found: dict[str, Any]) -> None:
    for fault in read_root(found, whole=True):
        assert len(fault.path) == 1


@pytest.mark.parametrize("value", [1, "1"])
def test_the_schema_version(value: object) -> None:
    assert schema_version(value) == "1"
    assert read_root({"schema_version": value}) == ()


@pytest.mark.parametrize("value", [None, True, False, 1.0, 2, 0, -1, "", "2", "1.0", "01", [1], 10**400])
def test_another_schema_version(value: object) -> None:
    assert schema_version(value) is None
    faults = read_root({} if value is None else {"schema_version": value})
    assert [(fault.kind, fault.path) for fault in faults] == [(FaultKind.SCHEMA_VERSION, ("schema_version",))]
    assert faults[0].found is value


@pytest.mark.parametrize(
    ("found", "kind"), [({}, "missing"), ([], "wrong-type"), ("x", "wrong-type"), ([{}], "wrong-type")]
)
def test_models_that_are_none(found: object, kind: str) -> None:
    assert [str(fault.kind) for fault in read_root({"schema_version": 1, "models": found})] == [kind]


def test_absent_models_count_only_in_a_whole_manifest() -> None:
    assert read_root({"schema_version": 1}) == ()
    assert [fault.path for fault in read_root({"schema_version": 1}, whole=True)] == [("models",)]


@pytest.mark.parametrize(
    ("key", "value", "kind", "suggestion"),
    [
        ("schema_versions", 1, "unknown-key", "schema_version"),
        ("metadata", {}, "unknown-key", None),
        ("variants", ["x"], "misplaced-key", "model"),
        (MODEL, {}, "misplaced-key", "models"),
    ],
)
def test_stray_keys_at_the_top(key: str, value: object, kind: str, suggestion: str | None) -> None:
    (fault,) = read_root({"schema_version": 1, key: value})
    assert (fault.kind, fault.path, fault.suggestion) == (kind, (key,), suggestion)


def test_every_bound_of_the_fields_is_held() -> None:
    for table in TABLES[2:]:
        for field in fields_of(table):
            if field.minimum is not None:
                below = field.minimum - 1
                model = file(**{field.key: below}) if table == "files" else data(**{table: {field.key: below}})
                kinds = [fault.kind for fault in read_model(MODEL, model).faults]
                assert kinds == [FaultKind.OUT_OF_RANGE], field.key
