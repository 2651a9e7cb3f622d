"""Bytes per weight, by the names that manifests give to variants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.vram.precisions import GGUF_SOURCE, MIXED, PRECISIONS, bytes_per_weight, precision_of


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("fp32", 4),
        ("fp16", 2),
        ("bf16", 2),
        ("fp8", 1),
        ("fp8_e4m3fn", 1),
        ("fp8_e5m2", 1),
        ("fp8-e4m3", 1),
        ("fp8_e4m3fn_scaled", 1),
        ("float8_e4m3fnuz", 1),
        ("int8", 1),
        ("int4", 0.5),
        ("fp4", 0.5),
        ("nf4", 0.5625),
        ("float16", 2),
        ("bfloat16", 2),
        ("float32", 4),
        ("fp16-dev", 2),
        ("FP8-DEV", 1),
        ("BF16", 2),
    ],
)
def test_number_formats(variant: str, expected: float) -> None:
    assert bytes_per_weight(variant) == expected


@pytest.mark.parametrize(
    ("variant", "bits"),
    [
        ("Q8_0", 8.5),
        ("Q6_K", 6.5625),
        ("Q5_K", 5.5),
        ("Q5_0", 5.5),
        ("Q5_1", 6.0),
        ("Q4_K", 4.5),
        ("Q4_0", 4.5),
        ("Q4_1", 5.0),
        ("IQ4_NL", 4.5),
        ("IQ4_XS", 4.25),
        ("MXFP4", 4.25),
        ("NVFP4", 4.5),
        ("Q3_K", 3.4375),
        ("Q2_K", 2.625),
        ("IQ3_S", 3.4375),
        ("IQ3_XXS", 3.0625),
        ("IQ2_XXS", 2.0625),
        ("IQ1_S", 1.5625),
        ("TQ2_0", 2.0625),
        ("BF16", 16),
        ("F32", 32),
    ],
)
def test_gguf_types_by_bits(variant: str, bits: float) -> None:
    found = bytes_per_weight(variant)
    assert found is not None
    assert found * 8 == bits
    assert bytes_per_weight(variant.lower()) == found
    assert bytes_per_weight(variant.replace("_", "-")) == found
    assert bytes_per_weight(f"{variant}-dev") == found


@pytest.mark.parametrize(
    ("recipe", "main"),
    [
        ("Q4_K_M", "Q4_K"),
        ("q5_k_s", "Q5_K"),
        ("Q3-K-L", "Q3_K"),
        ("Q2_K_S", "Q2_K"),
        ("IQ3_M", "IQ3_S"),
        ("IQ2_M", "IQ2_S"),
    ],
)
def test_a_recipe_is_counted_as_its_main_type_and_says_so(recipe: str, main: str) -> None:
    found = precision_of(recipe)
    assert found is not None
    assert found.bytes_per_weight == bytes_per_weight(main)
    assert found.note == MIXED
    assert found.source == GGUF_SOURCE


@pytest.mark.parametrize(
    "variant", ["", "turbo", "awq", "fp", "fp12", "fp88", "q4", "Q9_K_M", "Q4_K_", "-dev", "fp8_", "fp16x", "fp16\n"]
)
def test_nothing_is_guessed_for_other_names(variant: str) -> None:
    assert bytes_per_weight(variant) is None


def test_every_precision_has_its_source_and_at_most_eight_bytes() -> None:
    for name, precision in PRECISIONS.items():
        assert precision.source
        assert 0 < precision.bytes_per_weight <= 8
        assert precision_of(name) == precision


@given(st.text(max_size=40))
def test_any_name_gives_a_positive_figure_or_none(variant: str) -> None:
    found = bytes_per_weight(variant)
    assert found is None or found > 0
