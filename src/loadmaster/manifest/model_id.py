"""Model ids and variants: their form, their parts, and the type that a name tells.

An id is `name@MAJOR.MINOR.PATCH`; a reference may add `#variant`. The patterns match whole strings only:
`\\Z` is used because `$` would let a trailing newline through.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from loadmaster.errors import InvalidModelIdError
from loadmaster.manifest.spec import NormalizedModelId
from loadmaster.manifest.words import shown

ModelType = Literal["ti2v", "t2v", "i2v"]

_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]*"

MODEL_ID_PATTERN: re.Pattern[str] = re.compile(rf"\A(?P<name>{_NAME})@(?P<version>[0-9]+\.[0-9]+\.[0-9]+)\Z")
"""A whole model id, with the groups `name` and `version`. A `#variant` is no part of an id."""

VARIANT_PATTERN: re.Pattern[str] = re.compile(rf"\A{_NAME}\Z")
"""A whole variant; it has the form of a model's name."""

# `ti2v` holds the letters `i2v`, so it is asked for first. `text2vec` and its kin make vectors, not video.
_TYPES: tuple[tuple[ModelType, re.Pattern[str]], ...] = (
    ("ti2v", re.compile(r"ti2v(?!ec)", re.IGNORECASE)),
    ("t2v", re.compile(r"t2v(?!ec)", re.IGNORECASE)),
    ("i2v", re.compile(r"i2v(?!ec)", re.IGNORECASE)),
)

_FORM = "name@MAJOR.MINOR.PATCH"


class Reference(NamedTuple):
    """The parts of what a caller asks for: `name[@version][#variant]`."""

    name: str
    version: str | None
    variant: str | None


def split_model_id(model_id: str) -> tuple[str, str] | None:
    """The name and the version of an id, or None where it is not of the form."""
    match = MODEL_ID_PATTERN.match(model_id)
    return (match["name"], match["version"]) if match else None


def model_type(model_id: str) -> ModelType | None:
    """The type that the name of an id (or a bare name) tells: `ti2v`, `t2v`, `i2v`, or None."""
    name = model_id.partition("@")[0]
    for kind, pattern in _TYPES:
        if pattern.search(name):
            return kind
    return None


def split_reference(reference: object) -> Reference:
    """The parts of `name[@version][#variant]`; the version may be left out.

    Raises InvalidModelIdError for anything else, also for what is no string.
    """
    if not isinstance(reference, str):
        raise _invalid(reference, f"a model id is a string, not {type(reference).__name__}")
    if not reference:
        raise _invalid(reference, "it is empty")
    head, mark, variant = reference.partition("#")
    if mark and not VARIANT_PATTERN.match(variant):
        raise _invalid(reference, "no variant follows the #" if not variant else f"{variant!r} is no variant name")
    parts = split_model_id(head)
    if parts:
        return Reference(*parts, variant if mark else None)
    if VARIANT_PATTERN.match(head):
        return Reference(head, None, variant if mark else None)
    raise _invalid(reference, f"it is not of the form {_FORM}")


def normalize_model_id(model_id: str, variant: str | None = None) -> NormalizedModelId:
    """The parts of `name@MAJOR.MINOR.PATCH[#variant]`; an explicit variant beats the one after `#`.

    Raises InvalidModelIdError where the id, its version, the part after `#` or the explicit variant is
    absent or not of its form.
    """
    reference = split_reference(model_id)
    if reference.version is None:
        raise _invalid(model_id, f"the version is missing: the form is {_FORM}")
    if variant is None:
        variant = reference.variant
    elif not isinstance(variant, str) or not VARIANT_PATTERN.match(variant):
        raise _invalid(model_id, f"{_told(variant)} is no variant name")
    return NormalizedModelId(reference.name, reference.version, variant)


def _invalid(model_id: object, reason: str) -> InvalidModelIdError:
    message = f"{_told(model_id)} is no model id: {reason}"
    return InvalidModelIdError(message, {"model_id": model_id, "reason": reason})


def _told(value: object) -> str:
    """What was asked for; of what is no text, all that can be told without asking it."""
    if isinstance(value, str):
        return repr(value)
    # Python writes no integer of more than 4,300 digits, and what callers pass may fail in its own way.
    return shown(value) if isinstance(value, (int, float)) else f"a {type(value).__name__}"
