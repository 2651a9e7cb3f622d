"""How much graphics memory a model needs at a variant, a number of frames and a size, and what that rests on.

    point = 0.5 + (base − 0.5) · b(variant) / b(default_variant) + frames · width · height / 2^20 · per_frame / 1024

in GiB: runtime, weights, activations. Activations do not shrink when weights are quantised. Nothing here was
measured on a card: the formula was fitted to published peaks, see `vram.peaks`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from loadmaster.manifest.spec import ModelSpec
from loadmaster.vram.figures import (
    RESOLUTIONS,
    Family,
    Resolution,
    Size,
    Slip,
    family_is_far,
    family_of,
    floor_gib,
    is_below_floor,
    likely_slip,
    parse_size,
    resolution_of,
)
from loadmaster.vram.files import weight_files_by_component
from loadmaster.vram.formula import Need, Parts, need_of, parts_at
from loadmaster.vram.inputs import SMALLEST_SIZE, UNKNOWN_PRECISION, Inputs, Origin, resolve
from loadmaster.vram.precisions import Precision
from loadmaster.vram.traces import KeyPath, Trace, traces_of
from loadmaster.vram.words import assumptions_of, doubts_of

__all__ = [
    "RESOLUTIONS",
    "SMALLEST_SIZE",
    "UNKNOWN_PRECISION",
    "Family",
    "KeyPath",
    "Need",
    "Origin",
    "Parts",
    "Resolution",
    "Size",
    "Slip",
    "Trace",
    "VramEstimate",
    "estimate_vram",
    "family_is_far",
    "family_of",
    "floor_gib",
    "is_below_floor",
    "likely_slip",
    "need_at",
    "parse_size",
    "resolution_of",
]

BEYOND = "the figures are beyond any card"


@dataclass(frozen=True, slots=True)
class VramEstimate:
    """The memory a model needs, in GiB, with everything that must stand beside the number.

    `need` is the range and `parts` what it is made of; both are None where there can be no number, and `reason`
    then says why ("unknown precision"). `floor` is GiB of the declared parameters at this variant, or None without
    them. `contradiction` says that the declared base is below its weights (LM601): then no verdict on fit. `inputs` is
    what it was made from.
    """

    model_id: str
    variant: str
    precision: Precision | None
    need: Need | None
    parts: Parts | None
    reason: str
    floor: float | None
    frames: int
    frames_from: Origin
    size: Size
    size_from: Origin
    contradiction: bool
    assumptions: tuple[str, ...]
    doubts: tuple[str, ...]
    inputs: Inputs = field(compare=False, repr=False)

    @property
    def contradiction_rule(self) -> str:
        """The rule that tells of the contradiction: LM601, or LM602 where a figure in another unit explains it."""
        declared = (("params_billion", self.inputs.params), ("base_vram_gb", self.inputs.base))
        slipped = any(value is not None and likely_slip(key, value) is not None for key, value in declared)
        return "" if not self.contradiction else "LM602" if slipped else "LM601"

    @property
    def weight_files(self) -> Mapping[str, int]:
        """Bytes of the weight files by component ("" for none): a second opinion. Summed when it is asked for."""
        return weight_files_by_component(self.inputs.spec.files)

    @property
    def traces(self) -> Mapping[str, Trace]:
        """Each figure by its name, with its formula, its figures and its key paths. Made when it is asked for."""
        return traces_of(self.inputs, self.parts, self.need, dict(self.weight_files))

    @property
    def low(self) -> float | None:
        """The low end in GiB: half the activations."""
        return None if self.need is None else self.need.low

    @property
    def point(self) -> float | None:
        """The estimate itself, in GiB."""
        return None if self.need is None else self.need.point

    @property
    def high(self) -> float | None:
        """The high end in GiB: what a runtime reserves."""
        return None if self.need is None else self.need.high


def estimate_vram(
    spec: ModelSpec, variant: str | None = None, frames: int | None = None, size: Size | None = None
) -> VramEstimate:
    """The estimate for `spec` at `variant` (the default one if None), `frames` and `size` (width, height in pixels).

    Without frames `defaults.frames` count, else the format's default; without a size the smallest published one.
    A variant that the model does not list is estimated too, with a doubt. Never raises for what a spec holds;
    raises ValueError for frames or a size below 1.
    """
    inputs = resolve(spec, variant, frames, size)
    parts = _parts(inputs, inputs.frames, inputs.size)
    need = None if parts is None else need_of(parts)
    reason = inputs.reason
    if need is not None and not math.isfinite(need.high):
        parts, need, reason = None, None, BEYOND
    return VramEstimate(
        model_id=spec.model_id,
        variant=inputs.variant,
        precision=inputs.precision,
        need=need,
        parts=parts,
        reason=reason,
        floor=inputs.floor,
        frames=inputs.frames,
        frames_from=inputs.frames_from,
        size=inputs.size,
        size_from=inputs.size_from,
        contradiction=inputs.contradiction,
        assumptions=assumptions_of(inputs),
        doubts=doubts_of(inputs),
        inputs=inputs,
    )


def need_at(inputs: Inputs, frames: int, size: Size) -> Need | None:
    """The range alone at other frames (from 1) and another size, for tables of many cells of one variant.

    None where `estimate_vram` has no number.
    """
    parts = _parts(inputs, frames, size)
    need = None if parts is None else need_of(parts)
    return need if need is not None and math.isfinite(need.high) else None


def _parts(inputs: Inputs, frames: int, size: Size) -> Parts | None:
    ratio = inputs.ratio
    if inputs.reason or inputs.base is None or inputs.per_frame is None or ratio is None:
        return None
    return parts_at(inputs.base, ratio, inputs.per_frame, frames, size)
