"""Ids, references and the type that a name tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.errors import ErrorCode, InvalidModelIdError
from loadmaster.manifest.model_id import (
    MODEL_ID_PATTERN,
    VARIANT_PATTERN,
    model_type,
    normalize_model_id,
    split_model_id,
    split_reference,
)
from loadmaster.manifest.spec import NormalizedModelId

NAMES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_-]{0,20}\Z")
VERSIONS = st.tuples(*[st.integers(0, 10**6)] * 3).map(lambda parts: ".".join(map(str, parts)))


@given(name=NAMES, version=VERSIONS, variant=st.none() | NAMES)
def test_an_id_is_taken_apart_as_it_was_put_together(name: str, version: str, variant: str | None) -> None:
    reference = f"{name}@{version}" + (f"#{variant}" if variant else "")
    assert normalize_model_id(reference) == NormalizedModelId(name, version, variant)


@given(name=NAMES, version=VERSIONS, behind=NAMES, explicit=NAMES)
def test_an_explicit_variant_beats_the_one_behind_the_id(name: str, version: str, behind: str, explicit: str) -> None:
    assert normalize_model_id(f"{name}@{version}#{behind}", explicit).variant == explicit


@given(st.text(max_size=30) | st.from_regex(r"[a-z]+@[0-9.]+#?[a-z]*"))
def test_what_is_taken_for_an_id_is_the_whole_text(text: str) -> None:
    try:
        found = normalize_model_id(text)
    except InvalidModelIdError:
        return
    variant = "" if found.variant is None else f"#{found.variant}"
    assert f"{found.model_id}@{found.version}{variant}" == text


@pytest.mark.parametrize(
    "reference",
    [
        None,
        7,
        b"x@1.0.0",
        "",
        "x",
        "x@",
        "@1.0.0",
        "x@1.0",
        "x@1.0.0.0",
        "x@1.0.0\n",
        "x\n@1.0.0",
        " x@1.0.0",
        "-x@1.0.0",
        "_x@1.0.0",
        "é@1.0.0",
        "x@١.٠.٠",
        "x@1.0.0-rc1",
        "x@@1.0.0",
        "a.b@1.0.0",
        "x@1.0.0#",
        "x@1.0.0#fp16\n",
        "x@1.0.0#-fp16",
        "x@1.0.0#a#b",
        "x#fp16@1.0.0",
    ],
)
def test_what_is_no_id_is_refused_with_what_was_asked_for(reference: object) -> None:
    with pytest.raises(InvalidModelIdError) as caught:
        normalize_model_id(reference)  # type: ignore[arg-type]
    assert caught.value.error_code is ErrorCode.INVALID_MODEL_ID
    assert caught.value.details["model_id"] == reference
    assert caught.value.details["reason"]


@pytest.mark.parametrize("value", [10**5000, -(10**5000), [10**5000], {"x": 10**5000}], ids=["+", "-", "list", "table"])
def test_what_python_cannot_write_is_refused_as_well(value: object) -> None:
    with pytest.raises(InvalidModelIdError, match="is no model id: a model id is a string"):
        normalize_model_id(value)  # type: ignore[arg-type]
    with pytest.raises(InvalidModelIdError, match="is no variant name"):
        normalize_model_id("x@1.0.0", value)  # type: ignore[arg-type]


@pytest.mark.parametrize("variant", ["", "fp 16", "fp16\n", "#fp16", 16, True, b"fp16"])
def test_an_explicit_variant_has_the_form_too(variant: object) -> None:
    with pytest.raises(InvalidModelIdError, match="no variant name"):
        normalize_model_id("x@1.0.0", variant)  # type: ignore[arg-type]


def test_a_bad_variant_behind_the_id_is_not_excused_by_an_explicit_one() -> None:
    with pytest.raises(InvalidModelIdError, match="no variant follows"):
        normalize_model_id("x@1.0.0#", "fp16")


def test_the_patterns_match_whole_strings() -> None:
    assert MODEL_ID_PATTERN.match("t2v-A14B@2.2.0")
    assert not MODEL_ID_PATTERN.match("t2v-A14B@2.2.0\n")
    assert not MODEL_ID_PATTERN.match("t2v-A14B@2.2.0#fp16")
    assert VARIANT_PATTERN.match("fp16-dev")
    assert not VARIANT_PATTERN.match("fp16\n")


def test_parts_of_an_id_and_of_a_reference() -> None:
    assert split_model_id("t2v-A14B@2.2.0") == ("t2v-A14B", "2.2.0")
    assert split_model_id("t2v-A14B") is None
    assert split_reference("t2v-A14B") == ("t2v-A14B", None, None)
    assert split_reference("t2v-A14B#fp16") == ("t2v-A14B", None, "fp16")


@pytest.mark.parametrize(
    ("model_id", "wanted"),
    [
        ("ti2v-5b@2.2.0", "ti2v"),
        ("t2v-A14B@2.2.0", "t2v"),
        ("i2v-A14B@2.2.0", "i2v"),
        ("Wan-TI2V-5B@2.2.0", "ti2v"),
        ("wan21T2V@1.0.0", "t2v"),
        ("i2v-from-ti2v@1.0.0", "ti2v"),
        ("vae@1.0.0", None),
        ("text2vec-base@1.0.0", None),
        ("emoji2vec@1.0.0", None),
        ("llm@1.0.0", None),
    ],
)
def test_the_type_is_told_by_the_name(model_id: str, wanted: str | None) -> None:
    assert model_type(model_id) == wanted
