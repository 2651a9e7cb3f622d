"""Whether a model fits on a card: a verdict in words, a ladder of frames and sizes, and the largest that fits.

A verdict is a reading of an estimate and never blocks anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from loadmaster.manifest.spec import ModelSpec
from loadmaster.vram.cards import Card
from loadmaster.vram.estimate import VramEstimate, need_at
from loadmaster.vram.figures import RESOLUTIONS, Resolution, Size, resolution_of
from loadmaster.vram.formula import Need
from loadmaster.vram.inputs import resolve
from loadmaster.vram.words import CANNOT_BE_TRUE


class Fit(StrEnum):
    """How a need lies against a card: by its high end, its point, its low end."""

    FITS = "fits"
    TIGHT = "tight"
    DOUBTFUL = "doubtful"
    TOO_BIG = "too big"
    NONE = "no verdict"

    @property
    def mark(self) -> str:
        """One character, so that no colour carries the meaning alone."""
        return {"fits": "f", "tight": "t", "doubtful": "?", "too big": "x"}.get(self.value, "–")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A fit with the words that tell it and the figures it rests on (GiB); `free` where the driver told it."""

    fit: Fit
    words: str
    card: Card
    usable: float
    free: float | None
    low: float | None = None
    point: float | None = None
    high: float | None = None


def fit_of(need: Need, usable_gib: float) -> Fit:
    """Fits up to the high end, tight up to the point, doubtful up to the low end, too big beyond it."""
    if need.high <= usable_gib:
        return Fit.FITS
    if need.point <= usable_gib:
        return Fit.TIGHT
    return Fit.DOUBTFUL if need.low <= usable_gib else Fit.TOO_BIG


def verdict(estimate: VramEstimate, card: Card) -> Verdict:
    """The verdict on an estimate for a card; none without a number, and none while the figures contradict (LM601)."""
    need, usable, free = estimate.need, card.usable_gib, card.free_gib
    if need is None:
        return Verdict(Fit.NONE, estimate.reason, card, usable, free)
    if estimate.contradiction:
        return Verdict(Fit.NONE, CANNOT_BE_TRUE, card, usable, free, need.low, need.point, need.high)
    fit = fit_of(need, usable)
    digits = _digits(need, usable)
    against = f"{need.low:.{digits}f}–{need.high:.{digits}f} GiB against {usable:.{digits}f} usable"
    if free is not None:
        against += f", {free:.1f} free now"
    words = f"{fit}: {against}"
    if fit is Fit.TOO_BIG:
        words = f"too big even so: {against}; needs block offload or a smaller variant"
    return Verdict(fit, words, card, usable, free, need.low, need.point, need.high)


def _digits(need: Need, usable: float) -> int:
    """Decimals to tell the figures with: one, or more where one would make an end look equal to what is usable."""
    for digits in (1, 2):
        shown = f"{usable:.{digits}f}"
        if all(f"{value:.{digits}f}" != shown for value in (need.low, need.high) if value != usable):
            return digits
    return 3


@dataclass(frozen=True, slots=True)
class Rung:
    """One cell of a ladder: frames and a size with what they need; `need` is None without a number."""

    frames: int
    size: Size
    need: Need | None
    fit: Fit


FRAMES_CHOICES = (16, 33, 49, 81, 121)
"""Numbers of frames that video models are published with."""


def frames_choices(spec: ModelSpec, *more: int) -> tuple[int, ...]:
    """The usual numbers of frames with the model's own default and any `more`, ascending."""
    own = () if spec.defaults is None else (spec.defaults.frames,)
    return tuple(sorted({count for count in (*FRAMES_CHOICES, *own, *more) if count >= 1}))


def resolutions_of(spec: ModelSpec) -> tuple[Resolution, ...]:
    """The published resolutions up to the model's largest cap, with odd caps of its own, ascending.

    Without caps: 480p and 720p, which models of these types are published with.
    """
    caps = {cap.label: cap for cap in map(resolution_of, spec.resolution_caps) if cap is not None}
    highest = max((cap.height for cap in caps.values()), default=RESOLUTIONS["720p"][1])
    known = {label: Resolution(label, *size) for label, size in RESOLUTIONS.items() if size[1] <= highest}
    own = {label: Resolution(label, cap.width, cap.height) for label, cap in caps.items()}
    return tuple(sorted((known | own).values(), key=lambda resolution: resolution.width * resolution.height))


def ladder(
    spec: ModelSpec, variant: str | None, card: Card, frames_choices: Sequence[int], sizes: Sequence[Size]
) -> tuple[tuple[Rung, ...], ...]:
    """A row for each number of frames, in it a rung for each size. No verdict while the figures contradict (LM601)."""
    inputs = resolve(spec, variant, None, None)
    contradiction = inputs.contradiction
    rows = []
    for frames in frames_choices:
        needs = [(size, need_at(inputs, frames, size)) for size in sizes]
        rows.append(
            tuple(
                Rung(frames, size, need, Fit.NONE if need is None or contradiction else fit_of(need, card.usable_gib))
                for size, need in needs
            )
        )
    return tuple(rows)


def largest_that_fits(
    spec: ModelSpec, variant: str | None, card: Card, frames_choices: Sequence[int], sizes: Sequence[Size]
) -> Rung | None:
    """The rung of most pixels over all frames that fits whole (the larger size where two are equal), or None."""
    return largest_of(ladder(spec, variant, card, frames_choices, sizes))


def largest_of(rows: Iterable[Sequence[Rung]]) -> Rung | None:
    """The same of a ladder that is made already."""
    fitting = [rung for row in rows for rung in row if rung.fit is Fit.FITS]
    return max(fitting, key=lambda rung: (rung.frames * rung.size[0] * rung.size[1], rung.size), default=None)
