"""What the declared figures of a model can and cannot be: floors, likely slips of a unit, families, resolutions.

The rules LM601 to LM604 and the estimate use the same functions, so that they cannot disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

BYTES_PER_GIB = 2**30
MIB_PER_GIB = 1024
PIXELS_PER_MEBIPIXEL = 2**20

FLOOR_TOLERANCE = 0.03
"""How far `base_vram_gb` may lie below the weights before the two contradict each other; rounding explains less."""

Family = Literal["small", "medium", "large"]
Size = tuple[int, int]
"""Width and height in pixels."""

_FAMILY_BANDS: dict[Family, tuple[float, float]] = {
    "small": (0.0, 3.0),
    "medium": (3.0, 10.0),
    "large": (10.0, float("inf")),
}
# A label may be off by this factor before it misleads: 11 is called medium by some.
_FAMILY_SLACK = 1.5


def floor_gib(params_billion: float, bytes_per_weight: float) -> float:
    """GiB that the weights alone take: `params_billion · 10^9 · bytes / 2^30`."""
    return params_billion * 1e9 * bytes_per_weight / BYTES_PER_GIB


def is_below_floor(base_vram_gb: float, floor: float) -> bool:
    """Whether a declared base (GiB) is more than 3 % below the weights it must hold (GiB): LM601."""
    return base_vram_gb < (1 - FLOOR_TOLERANCE) * floor


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure that looks written in another unit: what it looks like, and the likely value in the right one."""

    field: str
    found: float
    looks_like: str
    likely: float


def likely_slip(field: str, value: float) -> Slip | None:
    """The slip of a unit that `value` looks like in this key of `vram_estimation`, or None: LM602.

    `params_billion` from 10,000 is a count, plain or in millions; `base_vram_gb` above 1,024 is MiB (or bytes,
    from 2^20 on); `per_frame_vram_mb` between 0 and 1 is GiB. Likely values keep six digits.
    """
    found: tuple[str, float] | None = None
    if field == "params_billion" and value >= 10_000:
        found = ("a plain count", value / 1e9) if value >= 1e6 else ("millions", value / 1e3)
    elif field == "base_vram_gb" and value > MIB_PER_GIB:
        found = ("MiB", value / MIB_PER_GIB) if value <= 2**20 else ("bytes", value / BYTES_PER_GIB)
    elif field == "per_frame_vram_mb" and 0 < value < 1:
        found = ("GiB", value * MIB_PER_GIB)
    if found is None or value == float("inf"):
        return None
    return Slip(field, value, found[0], float(f"{found[1]:.6g}"))


def family_of(params_billion: float) -> Family:
    """The label of a size: small below 3, medium below 10, large from 10 (10^9 parameters)."""
    if params_billion < 3:
        return "small"
    return "medium" if params_billion < 10 else "large"


def family_is_far(family_size: str, params_billion: float) -> bool:
    """Whether a label is none of the three, or more than half as much again away from its band: LM603."""
    for family, (low, high) in _FAMILY_BANDS.items():
        if family == family_size:
            return params_billion * _FAMILY_SLACK < low or params_billion >= high * _FAMILY_SLACK
    return True


RESOLUTIONS: dict[str, Size] = {
    "480p": (832, 480),
    "720p": (1280, 720),
    "1080p": (1920, 1080),
    "1440p": (2560, 1440),
}
"""Width and height in pixels of the heights that models are published for."""

_SIZE = re.compile(r"\A\s*([0-9]{1,6})\s*[x×*]\s*([0-9]{1,6})\s*\Z", re.IGNORECASE)


def size_words(size: Size) -> str:
    """`832×480`."""
    return f"{size[0]}×{size[1]}"


def parse_size(text: str) -> Size:
    """The size that `832x480` or a published height such as `720p` means. Raises ValueError with a sentence."""
    published = RESOLUTIONS.get(text.strip().lower())
    if published is not None:
        return published
    match = _SIZE.match(text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if min(size) < 1:
        raise ValueError(f"{text!r} is no size: write 832x480, or one of {', '.join(RESOLUTIONS)}")
    return size


_CAP = re.compile(r"\A([0-9]{3,4})p([0-9]{1,3})?\Z")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The largest output a cap names, in pixels; `fps` where the cap has it. Frames a second change the length only."""

    label: str
    width: int
    height: int
    fps: int | None = None

    @property
    def size(self) -> Size:
        """Width and height."""
        return (self.width, self.height)


def resolution_of(cap: str) -> Resolution | None:
    """The resolution of a cap such as `720p24` or `1080p`, or None where it is not of that form: LM214.

    A height outside `RESOLUTIONS` gets a width of 16:9, to the nearest 16 pixels.
    """
    match = _CAP.match(cap)
    height = int(match[1]) if match else 0
    if match is None or height == 0:
        return None
    label = f"{height}p"
    width, height = RESOLUTIONS.get(label, (max(16, round(height * 16 / 9 / 16) * 16), height))
    return Resolution(label, width, height, int(match[2]) if match[2] else None)
