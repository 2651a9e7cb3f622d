"""The estimate, against figures computed by hand, and what stands beside it."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.spec import FileSpec, ModelDefaults, ModelSpec, VramEstimation
from loadmaster.vram.estimate import Origin, VramEstimate, estimate_vram, need_at
from loadmaster.vram.inputs import resolve

DIGEST = "0" * 64
A14B = VramEstimation(params_billion=14.29, family_size="large", base_vram_gb=27.1, per_frame_vram_mb=470)


def model(estimation: VramEstimation | None = A14B, default_variant: str = "bf16", **more: Any) -> ModelSpec:
    fields = {"variants": ["bf16", "fp8", "int4"], "files": [], "sources": ["local://x"], **more}
    return ModelSpec("t2v-A14B@2.2.0", "2.2.0", default_variant=default_variant, vram_estimation=estimation, **fields)


def figures(estimate: VramEstimate) -> tuple[float, float, float]:
    assert estimate.low is not None
    assert estimate.point is not None
    assert estimate.high is not None
    return (estimate.low, estimate.point, estimate.high)


# By hand: 832 · 480 / 2^20 = 0.380859375 mebipixels; · 81 · 470 / 1024 = 14.1595 GiB of activations.
# 1280 · 720 / 2^20 = 0.87890625; · 81 · 470 / 1024 = 32.6757.
@pytest.mark.parametrize(
    ("variant", "size", "weights", "activations"),
    [
        ("bf16", (832, 480), 26.6, 14.1595),
        ("bf16", (1280, 720), 26.6, 32.6757),
        ("fp8", (832, 480), 13.3, 14.1595),
        ("int4", (832, 480), 6.65, 14.1595),
        ("fp32", (832, 480), 53.2, 14.1595),
        ("Q4_K_M", (832, 480), 26.6 * 4.5 / 16, 14.1595),
        ("fp16-dev", (832, 480), 26.6, 14.1595),
    ],
)
def test_by_hand(variant: str, size: tuple[int, int], weights: float, activations: float) -> None:
    estimate = estimate_vram(model(), variant, 81, size)
    assert estimate.parts is not None
    assert estimate.parts.runtime == 0.5
    assert estimate.parts.weights == pytest.approx(weights, abs=1e-3)
    assert estimate.parts.activations == pytest.approx(activations, abs=1e-3)
    low, point, high = figures(estimate)
    assert point == pytest.approx(0.5 + weights + activations, abs=1e-3)
    assert low == pytest.approx(0.5 + weights + activations / 2, abs=1e-3)
    assert high == pytest.approx(1.15 * point, abs=1e-9)


def test_the_two_fitted_peaks_hold() -> None:
    assert estimate_vram(model(), "bf16", 81, (832, 480)).point == pytest.approx(41.3, abs=1)
    assert estimate_vram(model(), "bf16", 81, (1280, 720)).point == pytest.approx(59.8, abs=2)


def test_the_ratio_is_to_the_default_variant() -> None:
    at_fp8 = model(VramEstimation(14.29, "large", 13.8, 470), default_variant="fp8")
    assert estimate_vram(at_fp8, "bf16", 81, (832, 480)).point == pytest.approx(41.26, abs=0.01)
    assert estimate_vram(at_fp8, None, 81, (832, 480)).point == pytest.approx(27.96, abs=0.01)


def test_what_was_left_out_is_filled_in_and_told() -> None:
    asked = estimate_vram(model(defaults=ModelDefaults(frames=121)), "fp8", 33, (1280, 704))
    assert (asked.frames, asked.frames_from, asked.size, asked.size_from) == (33, "given", (1280, 704), "given")
    own = estimate_vram(model(defaults=ModelDefaults(frames=121)))
    assert (own.variant, own.frames, own.frames_from) == ("bf16", 121, Origin.DEFAULTS)
    assert (own.size, own.size_from) == ((832, 480), Origin.ASSUMED)
    assert "832×480: the smallest published size" in own.assumptions
    none = estimate_vram(model())
    assert (none.frames, none.frames_from) == (16, Origin.ASSUMED)
    assert "16 frames: the manifest gives none" in none.assumptions
    assert not any("16 frames" in words for words in own.assumptions)


def test_the_assumptions_are_always_said() -> None:
    said = " / ".join(estimate_vram(model()).assumptions)
    for words in ("batch 1", "one expert", "add their weights", "text encoder off the card", "default variant bf16"):
        assert words in said
    assert any("VAE decoding can peak higher" in words for words in estimate_vram(model()).doubts)


def test_unknown_precision_gets_no_number() -> None:
    estimate = estimate_vram(model(variants=["bf16", "turbo"]), "turbo")
    assert (estimate.low, estimate.point, estimate.high, estimate.parts) == (None, None, None, None)
    assert estimate.reason == "unknown precision"
    assert estimate.floor is None
    by_default = estimate_vram(model(default_variant="turbo"), "bf16")
    assert by_default.point is None
    assert by_default.reason == "unknown precision of the default variant turbo"
    assert by_default.floor == pytest.approx(26.617, abs=0.001)
    assert estimate_vram(model(default_variant="turbo")).reason == "unknown precision"


FILES = [
    FileSpec("unet/a-00001-of-00002.safetensors", 9_000_000_001, DIGEST, component="unet"),
    FileSpec("unet/a-00002-of-00002.SAFETENSORS", 8_000_000_001, DIGEST, component="unet"),
    FileSpec("unet/a.safetensors.index.json", 70_000, DIGEST, component="unet", shard_index=True),
    FileSpec("config.json", 250, DIGEST, component="config"),
    FileSpec("vae.pth", 500_000_001, DIGEST, component="vae", optional=True),
    FileSpec("loose.gguf", 7, DIGEST),
]


def test_absent_estimation_still_shows_the_files() -> None:
    estimate = estimate_vram(model(None, files=FILES))
    assert estimate.point is None
    assert estimate.reason == "no vram_estimation in the manifest"
    assert estimate.weight_files == {"unet": 17_000_000_002, "vae": 500_000_001, "": 7}
    assert estimate.contradiction is False


def test_figures_below_the_weights_contradict_at_every_variant() -> None:
    impossible = model(VramEstimation(14.0, "large", 12.0, 256))
    for variant in ("bf16", "fp8"):
        estimate = estimate_vram(impossible, variant)
        assert estimate.contradiction
        assert estimate.point is not None
        assert any("12 is below 14 B × 2 bytes (bf16) = 26.1 GiB" in words for words in estimate.doubts)
        assert any("cannot be true without block offload" in words for words in estimate.doubts)
    assert not estimate_vram(model()).contradiction
    assert not estimate_vram(replace(impossible, default_variant="turbo")).contradiction


@pytest.mark.parametrize(
    ("estimation", "words"),
    [
        (
            VramEstimation(14_290_000_000.0, "large", 27.1, 470),
            "params_billion 1.429e+10 looks like a plain count: 14.29",
        ),
        (VramEstimation(14.29, "large", 27.1, 0.459), "per_frame_vram_mb 0.459 looks like GiB: 470.016 is likely"),
        (VramEstimation(0.0, "small", 0.3, 1), "base_vram_gb 0.3 leaves nothing for weights"),
        (VramEstimation(-1.0, "small", 8, 1), "params_billion -1 is no amount"),
    ],
)
def test_doubts_about_declared_figures(estimation: VramEstimation, words: str) -> None:
    assert any(words in doubt for doubt in estimate_vram(model(estimation)).doubts)


def test_doubts_about_what_was_asked() -> None:
    spec = model(resolution_caps=["480p", "720p24", "odd"], defaults=ModelDefaults(frames=0))
    doubts = " / ".join(estimate_vram(spec, "Q4_K_M", size=(1920, 1080)).doubts)
    assert "Q4_K_M is not one of this model's variants (bf16, fp8, int4)" in doubts
    assert "mixes block types" in doubts
    assert "1920×1080 is above this model's largest cap, 720p" in doubts
    assert "defaults.frames 0 is no number of frames" in doubts
    assert "largest cap" not in " / ".join(estimate_vram(spec, size=(1280, 720)).doubts)


def test_every_figure_has_its_formula_and_its_keys() -> None:
    spec = model(files=FILES, defaults=ModelDefaults(frames=81))
    estimate = estimate_vram(spec, "fp8")
    root: tuple[str | int, ...] = ("models", "t2v-A14B@2.2.0")
    declared = (*root, "vram_estimation")
    traces = estimate.traces
    assert traces["point"].value == estimate.point
    assert traces["low"].value == estimate.low
    assert traces["high"].value == estimate.high
    assert traces["floor"].value == estimate.floor
    assert traces["point"].figures == "0.50 + 13.30 + 14.16 = 27.96"
    assert traces["weights"].formula == "(base_vram_gb − runtime) · b(fp8) / b(bf16)"
    assert traces["weights"].figures == "(27.1 − 0.5) · 1 / 2 = 13.30"
    assert traces["weights"].paths == ((*declared, "base_vram_gb"), (*root, "variants", 1), (*root, "default_variant"))
    assert traces["activations"].figures == "81 · 832 · 480 / 2^20 · 470 / 1024 = 14.16"
    assert traces["activations"].paths == ((*declared, "per_frame_vram_mb"), (*root, "defaults", "frames"))
    assert traces["runtime"].paths == ((*declared, "base_vram_gb"),)
    assert traces["frames"].paths == ((*root, "defaults", "frames"),)
    assert traces["width"].value == 832
    assert traces["files:unet"].paths == ((*root, "files", 0, "size"), (*root, "files", 1, "size"))
    assert traces["files:"].paths == ((*root, "files", 5, "size"),)
    assert traces["files:unet"].value == estimate.weight_files["unet"]
    own = estimate_vram(spec, "bf16").traces["weights"]
    assert own.paths == ((*declared, "base_vram_gb"), (*root, "default_variant"))
    for trace in traces.values():
        assert trace.formula
        assert trace.figures
        assert trace.unit


@pytest.mark.parametrize(("frames", "size"), [(0, None), (-1, None), (None, (0, 480)), (None, (832, -1))])
def test_less_than_one_frame_or_pixel_is_refused(frames: int | None, size: tuple[int, int] | None) -> None:
    with pytest.raises(ValueError, match="count from 1"):
        estimate_vram(model(), frames=frames, size=size)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -1.0, 10**400, 16**5000], ids=["nan", "inf", "-1", "long", "hex"]
)
@pytest.mark.parametrize("key", ["base_vram_gb", "per_frame_vram_mb", "params_billion"])
def test_what_is_no_amount_gives_no_number_and_no_crash(key: str, value: float) -> None:
    changed: dict[str, Any] = {key: value}
    estimate = estimate_vram(model(replace(A14B, **changed)))
    if key == "params_billion":
        assert estimate.floor is None
        assert estimate.point is not None
    else:
        assert estimate.point is None
        assert estimate.reason == f"{key} is no amount of memory"
    assert any(f"{key} " in doubt for doubt in estimate.doubts)


@pytest.mark.parametrize("frames", [10**300, 10**400, 16**5000], ids=["float", "long", "hex"])
def test_frames_beyond_any_card_give_no_number_and_no_crash(frames: int) -> None:
    estimate = estimate_vram(model(replace(A14B, per_frame_vram_mb=1e300), defaults=ModelDefaults(frames=frames)))
    assert estimate.point is None
    assert estimate.reason == "the figures are beyond any card"
    assert need_at(resolve(model(replace(A14B, per_frame_vram_mb=1e300)), None, None, None), frames, (832, 480)) is None


def test_an_estimate_can_be_hashed_and_sent_to_a_worker() -> None:
    estimate = estimate_vram(model(files=FILES))
    assert hash(estimate) == hash(estimate_vram(model(files=FILES)))
    assert pickle.loads(pickle.dumps(estimate)) == estimate


amounts = st.floats(min_value=0, max_value=1e4)
estimations = st.builds(VramEstimation, amounts, st.just("large"), amounts, amounts)
frames_counts = st.integers(min_value=1, max_value=2000)
sizes = st.tuples(st.integers(min_value=1, max_value=8192), st.integers(min_value=1, max_value=8192))
precisions = st.sampled_from(["fp32", "fp16", "bf16", "fp8", "int8", "int4", "nf4", "fp4", "Q8_0", "Q4_K_M", "iq2_xxs"])


@given(estimations, precisions, precisions, frames_counts, sizes)
def test_low_point_high_are_in_order(
    estimation: VramEstimation, default: str, variant: str, frames: int, size: tuple[int, int]
) -> None:
    low, point, high = figures(estimate_vram(model(estimation, default), variant, frames, size))
    assert 0 <= low <= point <= high
    need = need_at(resolve(model(estimation, default), variant, None, None), frames, size)
    assert need is not None
    assert (need.low, need.point, need.high) == (low, point, high)


@given(estimations, precisions, frames_counts, sizes, st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_more_frames_or_pixels_never_need_less(
    estimation: VramEstimation, variant: str, frames: int, size: tuple[int, int], more: int, wider: int, higher: int
) -> None:
    spec = model(estimation)
    before = figures(estimate_vram(spec, variant, frames, size))
    for later in (
        figures(estimate_vram(spec, variant, frames + more, size)),
        figures(estimate_vram(spec, variant, frames, (size[0] + wider, size[1] + higher))),
    ):
        assert all(a <= b for a, b in zip(before, later, strict=True))


@given(estimations, precisions, precisions, frames_counts, sizes)
def test_fewer_bytes_a_weight_never_need_more(
    estimation: VramEstimation, default: str, variant: str, frames: int, size: tuple[int, int]
) -> None:
    spec = model(estimation, default)
    own = estimate_vram(spec, None, frames, size)
    other = estimate_vram(spec, variant, frames, size)
    assert own.precision is not None
    assert other.precision is not None
    if other.precision.bytes_per_weight <= own.precision.bytes_per_weight:
        assert all(a <= b for a, b in zip(figures(other), figures(own), strict=True))
    assert own.parts is not None
    assert other.parts is not None
    assert other.parts.activations == own.parts.activations
