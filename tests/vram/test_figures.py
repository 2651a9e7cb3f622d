"""What declared figures can and cannot be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.vram.figures import (
    RESOLUTIONS,
    family_is_far,
    family_of,
    floor_gib,
    is_below_floor,
    likely_slip,
    parse_size,
    resolution_of,
)


@pytest.mark.parametrize(
    ("params", "taken", "gib"), [(14.0, 2, 26.077), (14.29, 2, 26.617), (14.29, 4, 53.234), (5.0, 2, 9.313), (0, 2, 0)]
)
def test_the_floor_is_params_times_bytes(params: float, taken: float, gib: float) -> None:
    assert floor_gib(params, taken) == pytest.approx(gib, abs=0.001)


def test_a_base_contradicts_from_three_per_cent_below_its_weights() -> None:
    assert is_below_floor(12.0, floor_gib(14.0, 2))
    assert not is_below_floor(97.01, 100.0)
    assert not is_below_floor(97.0, 100.0)
    assert is_below_floor(96.99, 100.0)


@pytest.mark.parametrize(
    ("field", "value", "looks_like", "likely"),
    [
        ("params_billion", 14_290_000_000, "a plain count", 14.29),
        ("params_billion", 14_000.0, "millions", 14.0),
        ("params_billion", 10_000, "millions", 10.0),
        ("base_vram_gb", 12_288.0, "MiB", 12.0),
        ("base_vram_gb", 1_024.5, "MiB", 1.00049),
        ("base_vram_gb", 13_958_643_712, "bytes", 13.0),
        ("per_frame_vram_mb", 0.25, "GiB", 256.0),
        ("per_frame_vram_mb", 0.459, "GiB", 470.016),
    ],
)
def test_a_slip_of_a_unit_says_the_likely_value(field: str, value: float, looks_like: str, likely: float) -> None:
    slip = likely_slip(field, value)
    assert slip is not None
    assert (slip.field, slip.found, slip.looks_like) == (field, value, looks_like)
    assert slip.likely == pytest.approx(likely, rel=1e-5)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("params_billion", 9_999),
        ("params_billion", math.nan),
        ("base_vram_gb", 1_024),
        ("base_vram_gb", math.inf),
        ("per_frame_vram_mb", 0),
        ("per_frame_vram_mb", 1),
        ("per_frame_vram_mb", -0.5),
        ("family_size", 20_000),
    ],
)
def test_no_slip(field: str, value: float) -> None:
    assert likely_slip(field, value) is None


@pytest.mark.parametrize("field", ["params_billion", "base_vram_gb", "per_frame_vram_mb"])
@given(value=st.floats(min_value=0, max_value=1e12))
def test_what_was_mended_looks_like_no_slip_any_more(field: str, value: float) -> None:
    slip = likely_slip(field, value)
    if slip is not None and slip.likely > 1e-3 and not (field == "per_frame_vram_mb" and slip.likely < 1):
        assert likely_slip(field, slip.likely) is None


@pytest.mark.parametrize(
    ("params", "family"),
    [(0.1, "small"), (2.99, "small"), (3, "medium"), (9.99, "medium"), (10, "large"), (70, "large")],
)
def test_family(params: float, family: str) -> None:
    assert family_of(params) == family
    assert not family_is_far(family, params)


@pytest.mark.parametrize(
    ("label", "params", "far"),
    [
        ("huge", 70, True),
        ("Large", 14, True),
        ("small", 14, True),
        ("large", 5, True),
        ("medium", 14, False),
        ("medium", 15, True),
        ("large", 9, False),
        ("small", 4, False),
        ("medium", 1.3, True),
    ],
)
def test_a_label_is_far_from_its_parameters(label: str, params: float, far: bool) -> None:
    assert family_is_far(label, params) is far


@pytest.mark.parametrize(
    ("cap", "size", "fps"),
    [
        ("480p", (832, 480), None),
        ("720p24", (1280, 720), 24),
        ("1080p24", (1920, 1080), 24),
        ("1440p120", (2560, 1440), 120),
        ("540p", (960, 540), None),
        ("2160p30", (3840, 2160), 30),
    ],
)
def test_a_cap_names_a_resolution(cap: str, size: tuple[int, int], fps: int | None) -> None:
    resolution = resolution_of(cap)
    assert resolution is not None
    assert (resolution.size, resolution.fps) == (size, fps)


@pytest.mark.parametrize(
    "cap", ["", "720", "p24", "72p", "72000p", "720p24\n", "720P24", "720p2400", "000p", "٧٢٠p", "1280x720"]
)
def test_other_forms_name_none(cap: str) -> None:
    assert resolution_of(cap) is None


def test_the_published_resolutions_are_those_of_their_caps() -> None:
    for label, size in RESOLUTIONS.items():
        resolution = resolution_of(label)
        assert resolution is not None
        assert (resolution.label, resolution.size) == (label, size)


def test_a_size_is_read_as_people_write_it() -> None:
    for text in ("832x480", " 832 X 480 ", "832×480", "832*480", "480p", "480P"):
        assert parse_size(text) == (832, 480)
    for text in ("0x480", "832", "wide", "", "832x", "٣x٣", "1e3x4"):
        with pytest.raises(ValueError, match="is no size"):
            parse_size(text)
