"""LM601–LM604: the declared memory figures, judged by the same functions as the estimate."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import WITH_MEMORY, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelView
from loadmaster.checks.wording import plain
from loadmaster.manifest.model_id import VARIANT_PATTERN
from loadmaster.manifest.spec import VramEstimation
from loadmaster.vram.figures import family_is_far, family_of, floor_gib, is_below_floor, likely_slip
from loadmaster.vram.precisions import bytes_per_weight

BELOW_WEIGHTS = define(
    Rule(
        "LM601",
        "vram-below-weights",
        Severity.WARNING,
        "`base_vram_gb` is more than 3 % below what the weights of the default variant take.",
        "The weights alone need more: whoever trusts the figure runs out of memory. With block offload it can be true.",
        "Measure the memory before the first frame, or correct `params_billion`, which counts active parameters only.",
        bad=but("base_vram_gb = 3.0", "base_vram_gb = 1.2", WITH_MEMORY),
        good=WITH_MEMORY,
    )
)
UNIT_SLIP = define(
    Rule(
        "LM602",
        "unit-slip",
        Severity.WARNING,
        "A memory figure looks written in another unit.",
        "`params_billion` counts 10^9, `base_vram_gb` GiB and `per_frame_vram_mb` MiB. In another unit they are off"
        " by a"
        " thousand.",
        "Write the figure in the unit of its name.",
        bad=but("base_vram_gb = 3.0", "base_vram_gb = 3072", WITH_MEMORY),
        good=WITH_MEMORY,
        fix="set it (unsafe)",
    )
)
FAMILY_SIZE = define(
    Rule(
        "LM603",
        "family-size",
        Severity.INFO,
        "`family_size` is not `small`, `medium` or `large`, or is far from `params_billion`.",
        "It is a label for people: small is below 3, medium below 10, large from 10 billion parameters.",
        "Use the label that fits.",
        bad=but('family_size = "small"', 'family_size = "large"', WITH_MEMORY),
        good=WITH_MEMORY,
    )
)
UNKNOWN_PRECISION = define(
    Rule(
        "LM604",
        "unknown-precision",
        Severity.INFO,
        "The bytes per weight of a variant are not known.",
        "No memory estimate is shown for it: a guess would be believed.",
        "Name the variant after its precision where it has one: `fp16`, `bf16`, `fp8`, `int8`, `nf4`, `Q4_K_M`.",
        bad=but('["fp16", "bf16"]', '["fp16", "turbo"]', WITH_MEMORY),
        good=WITH_MEMORY,
    )
)

_FIGURES = ("params_billion", "base_vram_gb", "per_frame_vram_mb")
_DEFAULTS = VramEstimation()


def vram(view: ModelView) -> Iterator[Finding]:
    """LM601, LM602, LM603 and LM604 of one model."""
    variants = view.strings("variants")
    for index, variant in variants:
        if bytes_per_weight(variant) is None and VARIANT_PATTERN.match(variant):
            message = f"the bytes per weight of {plain(variant, 40)} are not known, so no estimate is shown"
            yield view.finding(UNKNOWN_PRECISION, ("variants", index), message)
    table = view.table("vram_estimation")
    if not table:
        return
    slipped: set[str] = set()
    for key in _FIGURES:
        value = _amount(table.get(key))
        slip = likely_slip(key, value) if value is not None else None
        if slip is not None:
            slipped.add(key)
            likely = f"{slip.likely:g}"
            path = ("models", view.model_id, "vram_estimation", key)
            message = f"{key} is {value:g} and looks like {slip.looks_like}; {likely} is likely"
            fix = SetValue(f"set {key} to {likely}", path, slip.likely, safe=False)
            yield view.finding(UNIT_SLIP, ("vram_estimation", key), message, fix=fix)
    if not slipped & {"params_billion", "base_vram_gb"}:
        yield from _below(view, table)
    if "params_billion" not in slipped:
        yield from _family(view, table)


def _amount(value: object) -> float | None:
    """A figure as a number that is finite and not negative, else None: LM102 and LM103 tell of the others."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _read(table: Any, key: str) -> float | None:
    """A figure, or its default where it is absent."""
    return _amount(table[key]) if key in table else float(getattr(_DEFAULTS, key))


def _below(view: ModelView, table: Any) -> Iterator[Finding]:
    variant = view.string("default_variant")
    size = None if variant is None else bytes_per_weight(variant)
    params, base = _read(table, "params_billion"), _read(table, "base_vram_gb")
    if size is None or params is None or base is None:
        return
    floor = floor_gib(params, size)
    if is_below_floor(base, floor):
        given = "" if "base_vram_gb" in table else " (the default)"
        weights = f"{_figure(params)} B × {size:g} byte{'' if size == 1 else 's'} ({plain(variant or '', 40)})"
        message = f"base_vram_gb {_figure(base)}{given} is below {weights} = {floor:.1f} GiB"
        yield view.finding(BELOW_WEIGHTS, ("vram_estimation", "base_vram_gb"), message)


def _figure(value: float) -> str:
    return f"{value:.1f}" if value == round(value, 1) else f"{value:g}"


def _family(view: ModelView, table: Any) -> Iterator[Finding]:
    label, params = table.get("family_size"), _amount(table.get("params_billion"))
    if not isinstance(label, str):
        return
    if label not in {"small", "medium", "large"}:
        message = f"family_size {plain(label, 40)} is not small, medium or large"
    elif params is not None and family_is_far(label, params):
        message = f"family_size is {label}, {params:g} B parameters are {family_of(params)}"
    else:
        return
    yield view.finding(FAMILY_SIZE, ("vram_estimation", "family_size"), message)
