"""What an estimate starts from: the declared figures, the precisions, the frames and the size, and whence each came."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from loadmaster.manifest.spec import ModelDefaults, ModelSpec
from loadmaster.vram.figures import RESOLUTIONS, Size, floor_gib, is_below_floor
from loadmaster.vram.formula import amount
from loadmaster.vram.precisions import Precision, precision_of

SMALLEST_SIZE: Size = RESOLUTIONS["480p"]
"""The smallest size that models of these types are published with; taken where none is given."""

UNKNOWN_PRECISION = "unknown precision"
NO_ESTIMATION = "no vram_estimation in the manifest"


class Origin(StrEnum):
    """Where a number of frames or a size came from."""

    GIVEN = "given"
    DEFAULTS = "defaults"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that one estimate is made of. `base` (GiB), `per_frame` (MiB) and `params` (10^9) are None where
    they are absent or no amount (negative, not finite).
    """

    spec: ModelSpec
    variant: str
    precision: Precision | None
    default_precision: Precision | None
    frames: int
    frames_from: Origin
    size: Size
    size_from: Origin
    base: float | None
    per_frame: float | None
    params: float | None

    @property
    def reason(self) -> str:
        """Why there can be no number, or "" where there can."""
        if self.precision is None:
            return UNKNOWN_PRECISION
        if self.spec.vram_estimation is None:
            return NO_ESTIMATION
        if self.default_precision is None:
            return f"{UNKNOWN_PRECISION} of the default variant {self.spec.default_variant}"
        for key, value in (("base_vram_gb", self.base), ("per_frame_vram_mb", self.per_frame)):
            if value is None:
                return f"{key} is no amount of memory"
        return ""

    @property
    def ratio(self) -> float | None:
        """Bytes per weight over those of the default variant."""
        if self.precision is None or self.default_precision is None:
            return None
        return self.precision.bytes_per_weight / self.default_precision.bytes_per_weight

    @property
    def floor(self) -> float | None:
        """GiB of `params` weights at the variant."""
        if self.params is None or self.precision is None:
            return None
        return floor_gib(self.params, self.precision.bytes_per_weight)

    @property
    def default_floor(self) -> float | None:
        """GiB of `params` weights at the default variant, which `base` is declared for."""
        if self.params is None or self.default_precision is None:
            return None
        return floor_gib(self.params, self.default_precision.bytes_per_weight)

    @property
    def contradiction(self) -> bool:
        """Whether the declared base lies more than 3 % below the weights it must hold (LM601)."""
        floor = self.default_floor
        return self.base is not None and floor is not None and is_below_floor(self.base, floor)


def resolve(spec: ModelSpec, variant: str | None, frames: int | None, size: Size | None) -> Inputs:
    """The inputs for what was asked, with what was left out filled in. Raises ValueError as `estimate_vram` does."""
    estimation = spec.vram_estimation
    chosen = spec.default_variant if variant is None else variant
    count, frames_from = _frames(spec, frames)
    if size is not None and min(size) < 1:
        raise ValueError(f"size is {size[0]}×{size[1]}: width and height count from 1 pixel")
    return Inputs(
        spec=spec,
        variant=chosen,
        precision=precision_of(chosen),
        default_precision=precision_of(spec.default_variant),
        frames=count,
        frames_from=frames_from,
        size=SMALLEST_SIZE if size is None else size,
        size_from=Origin.ASSUMED if size is None else Origin.GIVEN,
        base=None if estimation is None else amount(estimation.base_vram_gb),
        per_frame=None if estimation is None else amount(estimation.per_frame_vram_mb),
        params=None if estimation is None else amount(estimation.params_billion),
    )


def _frames(spec: ModelSpec, frames: int | None) -> tuple[int, Origin]:
    if frames is not None:
        if frames < 1:
            raise ValueError(f"frames is {frames}: frames count from 1")
        return frames, Origin.GIVEN
    if spec.defaults is not None and spec.defaults.frames >= 1:
        return spec.defaults.frames, Origin.DEFAULTS
    return ModelDefaults().frames, Origin.ASSUMED
