"""Verdicts, ladders, and the largest that fits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.spec import ModelDefaults, ModelSpec, VramEstimation
from loadmaster.vram.cards import Card, find_card
from loadmaster.vram.estimate import estimate_vram
from loadmaster.vram.fit import Fit, fit_of, frames_choices, ladder, largest_that_fits, resolutions_of, verdict
from loadmaster.vram.formula import Need

A14B = VramEstimation(params_billion=14.29, family_size="large", base_vram_gb=27.1, per_frame_vram_mb=470)
RTX_4090 = find_card("4090")


def model(estimation: VramEstimation | None = A14B, **more: Any) -> ModelSpec:
    fields = {"variants": ["bf16", "fp8"], "files": [], "sources": ["local://x"], "default_variant": "bf16", **more}
    return ModelSpec("t2v-A14B@2.2.0", "2.2.0", vram_estimation=estimation, **fields)


@pytest.mark.parametrize(
    ("need", "fit"),
    [
        (Need(10, 15, 20), Fit.FITS),
        (Need(10, 15, 20.01), Fit.TIGHT),
        (Need(10, 20, 23), Fit.TIGHT),
        (Need(10, 20.01, 23), Fit.DOUBTFUL),
        (Need(20, 25, 30), Fit.DOUBTFUL),
        (Need(20.01, 25, 30), Fit.TOO_BIG),
    ],
)
def test_the_range_against_twenty_usable(need: Need, fit: Fit) -> None:
    assert fit_of(need, 20) is fit


@pytest.mark.parametrize(
    ("variant", "frames", "fit", "words"),
    [
        (
            "bf16",
            81,
            Fit.TOO_BIG,
            "too big even so: 34.2–47.4 GiB against 23.5 usable; needs block offload or a smaller",
        ),
        ("fp8", 81, Fit.DOUBTFUL, "doubtful: 20.9–32.2 GiB against 23.5 usable"),
        ("fp8", 49, Fit.TIGHT, "tight: 18.1–25.7 GiB against 23.5 usable"),
        ("fp8", 16, Fit.FITS, "fits: 15.2–19.1 GiB against 23.5 usable"),
    ],
)
def test_a_verdict_says_what_it_rests_on(variant: str, frames: int, fit: Fit, words: str) -> None:
    found = verdict(estimate_vram(model(), variant, frames, (832, 480)), RTX_4090)
    assert found.fit is fit
    assert found.words.startswith(words)
    assert found.usable == RTX_4090.usable_gib


def test_free_memory_stands_beside_and_does_not_change_the_verdict() -> None:
    busy = Card("mine", (), 24564, free_mib=1024)
    found = verdict(estimate_vram(model(), "fp8", 16), busy)
    assert found.fit is Fit.FITS
    assert found.words.endswith("against 23.5 usable, 1.0 free now")


def test_no_verdict_without_a_number_or_while_the_figures_contradict() -> None:
    impossible = model(VramEstimation(14.0, "large", 12.0, 256))
    found = verdict(estimate_vram(impossible, "fp8"), RTX_4090)
    assert found.fit is Fit.NONE
    assert found.words == "the declared figures cannot be true without block offload"
    assert found.point is not None
    assert verdict(estimate_vram(model(), "turbo"), RTX_4090).words == "unknown precision"
    assert verdict(estimate_vram(model(None)), RTX_4090).fit is Fit.NONE
    for row in ladder(impossible, "fp8", RTX_4090, (16, 81), ((832, 480),)):
        assert [rung.fit for rung in row] == [Fit.NONE]
    assert largest_that_fits(impossible, "fp8", RTX_4090, (16,), ((832, 480),)) is None


def test_figures_that_would_look_equal_get_another_decimal() -> None:
    # The high end is 32.1534 GiB; usable are 32.1465 and, a mebibyte or so short of it, 32.1514.
    estimate = estimate_vram(model(), "fp8", 81, (832, 480))
    assert "20.9–32.2 GiB against 32.1 usable" in verdict(estimate, Card("lab", (), 33430)).words
    near = verdict(estimate, Card("lab", (), 33435))
    assert near.fit is Fit.TIGHT
    assert "20.880–32.153 GiB against 32.151 usable" in near.words


def test_a_ladder_has_a_row_for_each_number_of_frames() -> None:
    rows = ladder(model(), "bf16", RTX_4090, (16, 81), ((832, 480), (1280, 720), (1920, 1080)))
    points = [[round(rung.need.point, 1) for rung in row if rung.need] for row in rows]
    assert points == [[29.9, 33.6, 41.6], [41.3, 59.8, 100.6]]
    assert {rung.fit for row in rows for rung in row} == {Fit.TOO_BIG}
    assert [[rung.fit.mark for rung in row] for row in ladder(model(), "fp8", RTX_4090, (16, 81), ((832, 480),))] == [
        ["f"],
        ["?"],
    ]
    assert ladder(model(), "turbo", RTX_4090, (16,), ((832, 480),))[0][0].fit is Fit.NONE


def test_the_largest_that_fits_has_most_pixels_over_all_frames() -> None:
    frames, sizes = (16, 33, 81), ((832, 480), (1280, 720))
    largest = largest_that_fits(model(), "fp8", RTX_4090, frames, sizes)
    assert largest is not None
    # 16 · 921,600 = 14.7 million pixels beat 33 · 399,360 = 13.2 million.
    assert (largest.frames, largest.size) == (16, (1280, 720))
    assert largest_that_fits(model(), "bf16", RTX_4090, frames, sizes) is None
    assert largest_that_fits(model(), "turbo", RTX_4090, frames, sizes) is None


needs = st.tuples(*[st.floats(min_value=0, max_value=200)] * 3).map(sorted).map(lambda three: Need(*three))


@given(needs, st.floats(min_value=0, max_value=200), st.floats(min_value=0, max_value=50))
def test_a_larger_card_never_fits_worse(need: Need, usable: float, more: float) -> None:
    order = [Fit.FITS, Fit.TIGHT, Fit.DOUBTFUL, Fit.TOO_BIG]
    assert order.index(fit_of(need, usable + more)) <= order.index(fit_of(need, usable))


@given(
    st.sampled_from(["bf16", "fp8", "int4"]),
    st.integers(min_value=1000, max_value=90000),
    st.lists(st.integers(min_value=1, max_value=200), min_size=1, max_size=4),
)
def test_the_largest_fits_and_no_larger_rung_does(variant: str, mib: int, frames: list[int]) -> None:
    card, sizes = Card("any", (), mib), ((832, 480), (1280, 720))
    fitting = [rung for row in ladder(model(), variant, card, frames, sizes) for rung in row if rung.fit is Fit.FITS]
    largest = largest_that_fits(model(), variant, card, frames, sizes)
    assert (largest is None) is (not fitting)
    if largest is not None:
        assert largest in fitting
        most = max(rung.frames * rung.size[0] * rung.size[1] for rung in fitting)
        assert largest.frames * largest.size[0] * largest.size[1] == most


def test_choices_of_a_model() -> None:
    spec = model(resolution_caps=["1080p24", "540p", "odd"], defaults=ModelDefaults(frames=97))
    assert frames_choices(spec, 5) == (5, 16, 33, 49, 81, 97, 121)
    assert [cap.label for cap in resolutions_of(spec)] == ["480p", "540p", "720p", "1080p"]
    assert [cap.label for cap in resolutions_of(model())] == ["480p", "720p"]
    assert [cap.label for cap in resolutions_of(model(resolution_caps=["360p"]))] == ["360p"]
    assert frames_choices(model(defaults=ModelDefaults(frames=0))) == (16, 33, 49, 81, 121)
