"""The arithmetic of the estimate, in GiB. Nothing here knows a manifest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from loadmaster.vram.figures import MIB_PER_GIB, PIXELS_PER_MEBIPIXEL, Size

RUNTIME_GIB = 0.5
"""What the runtime takes of `base_vram_gb`; it does not shrink with the weights."""

LOW_ACTIVATIONS = 0.5
"""The share of the activations in the low end: one model differs by a factor of two between two codes."""

HIGH_RESERVED = 1.15
"""The high end over the point: 1.12 to 1.19 were reserved over allocated where both were published."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the memory is taken by, in GiB."""

    weights: float
    activations: float
    runtime: float


@dataclass(frozen=True, slots=True)
class Need:
    """The memory that is needed, in GiB: `low` ≤ `point` ≤ `high`."""

    low: float
    point: float
    high: float


def amount(value: float) -> float | None:
    """`value` as a float where it is an amount: finite and not negative. TOML also has `nan`, `inf` and `-1`."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def activations_gib(frames: int, size: Size, per_frame_mib: float) -> float:
    """GiB of activations: `frames · width · height / 2^20 · per_frame / 1024`; infinite beyond what a float holds."""
    width, height = size
    try:
        return frames * width * height / PIXELS_PER_MEBIPIXEL * per_frame_mib / MIB_PER_GIB
    except OverflowError:
        return math.inf


def parts_at(base_gib: float, ratio: float, per_frame_mib: float, frames: int, size: Size) -> Parts:
    """The parts at a variant whose weights take `ratio` times the bytes of the default variant's.

    A base below `RUNTIME_GIB` leaves nothing for weights and is taken as runtime alone.
    """
    runtime = min(RUNTIME_GIB, base_gib)
    return Parts((base_gib - runtime) * ratio, activations_gib(frames, size, per_frame_mib), runtime)


def need_of(parts: Parts) -> Need:
    """The range of a sum of parts: from half the activations to 1.15 times the whole."""
    base = parts.runtime + parts.weights
    point = base + parts.activations
    return Need(base + LOW_ACTIVATIONS * parts.activations, point, HIGH_RESERVED * point)
