"""The memory figures of a model under a setting: what each variant needs, whether it fits, how far one can go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from loadmaster.manifest.reader import read_model
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import shown
from loadmaster.tui.paint import Piece
from loadmaster.tui.vram_setting import Setting
from loadmaster.vram.chart import Part, Run
from loadmaster.vram.estimate import Need, VramEstimate, estimate_vram, need_at
from loadmaster.vram.figures import Resolution, Size, size_words
from loadmaster.vram.fit import (
    Fit,
    Rung,
    Verdict,
    fit_of,
    frames_choices,
    ladder,
    largest_of,
    resolutions_of,
    verdict,
)

FIT_INK = {
    Fit.FITS: "added",
    Fit.TIGHT: "info",
    Fit.DOUBTFUL: "warning",
    Fit.TOO_BIG: "error",
    Fit.NONE: "label",
}
"""The ink of a verdict, which never stands without its mark or its word."""

_PART_INK = {
    Part.TRACK: "rule",
    Part.ABSENT: "faint",
    Part.USABLE: "bright",
    Part.LABEL: "label",
    Part.BLANK: "label",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """The estimates of all variants of a model under a setting, each with its verdict."""

    spec: ModelSpec
    setting: Setting
    estimates: tuple[VramEstimate, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def default(self) -> VramEstimate:
        """The estimate of the default variant, else the first."""
        return self.of(self.spec.default_variant) or self.estimates[0]

    def of(self, variant: str | None) -> VramEstimate | None:
        """The estimate of a variant, where the model has it."""
        return next((estimate for estimate in self.estimates if estimate.variant == variant), None)

    def verdict_of(self, estimate: VramEstimate) -> Verdict:
        """The verdict on one of the estimates."""
        return self.verdicts[self.estimates.index(estimate)]

    @property
    def needs(self) -> list[Need | None]:
        """The ranges, for an axis."""
        return [estimate.need for estimate in self.estimates]

    @property
    def at(self) -> str:
        """`832×480, 16 frames`."""
        first = self.estimates[0]
        return f"{size_words(first.size)}, {frames_words(first.frames)}"

    def frames(self) -> tuple[int, ...]:
        """The numbers of frames of the ladder, the present one among them."""
        return frames_choices(self.spec, self.estimates[0].frames)

    def resolutions(self) -> tuple[Resolution, ...]:
        """The resolutions of the ladder, the present size among them."""
        known = resolutions_of(self.spec)
        width, height = self.estimates[0].size
        if any(resolution.size == (width, height) for resolution in known):
            return known
        own = Resolution(f"{width}×{height}", width, height)
        return tuple(sorted((*known, own), key=lambda resolution: resolution.width * resolution.height))

    def ladder(self, variant: str) -> tuple[tuple[Rung, ...], ...]:
        """A row for each of `frames()`, in it a rung for each of `resolutions()`."""
        return ladder(self.spec, variant, self.setting.card, self.frames(), self._sizes())

    def other_that_fits(self, variant: str) -> tuple[str, Rung] | None:
        """Another variant that fits somewhere, the widest weights first, where this one fits nowhere."""
        frames, size = self.frames()[0], self._sizes()[0]
        for estimate in sorted(self.estimates, key=_bytes_of, reverse=True):
            # What does not fit at the least of both fits nowhere.
            least = need_at(estimate.inputs, frames, size) if estimate.variant != variant else None
            if least is not None and fit_of(least, self.setting.card.usable_gib) is Fit.FITS:
                rung = largest_of(self.ladder(estimate.variant))
                if rung is not None:
                    return estimate.variant, rung
        return None

    def _sizes(self) -> list[Size]:
        return [resolution.size for resolution in self.resolutions()]


def _bytes_of(estimate: VramEstimate) -> float:
    return estimate.precision.bytes_per_weight if estimate.precision is not None else 0.0


def spec_of(model_id: str, data: Mapping[str, Any]) -> ModelSpec | None:
    """The model, or None where it cannot be read."""
    return read_model(model_id, data).spec


def figures_of(spec: ModelSpec | None, setting: Setting) -> Figures | None:
    """The figures of a model; None where it cannot be read or has no variant."""
    if spec is None:
        return None
    variants = list(dict.fromkeys(spec.variants)) or ([spec.default_variant] if spec.default_variant else [])
    if not variants:
        return None
    estimates = tuple(estimate_vram(spec, variant, setting.frames, setting.size) for variant in variants)
    return Figures(spec, setting, estimates, tuple(verdict(estimate, setting.card) for estimate in estimates))


# Words.


def frames_words(frames: int) -> str:
    """`1 frame`, `16 frames`."""
    return f"{shown(frames)} frame{'' if frames == 1 else 's'}"


def amount(gib: float) -> str:
    """`41.3`, of any size: what no card will ever hold is told in powers of ten."""
    return f"{gib:.1f}" if gib < 100_000 else f"{gib:.2g}"


def range_words(need: Need) -> str:
    """`  34.2 –  41.3 –  47.4`: the columns of several stand below each other."""
    return f"{amount(need.low):>5} – {amount(need.point):>5} – {amount(need.high):>5}"


def short_range_words(need: Need) -> str:
    """` 34.2–47.4`, where there is no room for the point: the bar shows it."""
    return f"{amount(need.low):>5}–{amount(need.high):<5}"


def fit_words(estimate: VramEstimate, found: Verdict) -> str:
    """`x too big`; where the figures contradict each other the rule that says so."""
    if found.fit is Fit.NONE and estimate.contradiction:
        return f"– {estimate.contradiction_rule}"
    return f"{found.fit.mark} {found.fit}"


def verdict_words(estimate: VramEstimate, found: Verdict) -> str:
    """The verdict as a sentence, with the figures that it rests on."""
    if found.fit is not Fit.NONE:
        return found.words
    if not estimate.contradiction or estimate.floor is None:
        return f"no verdict: {found.words}"
    declared = next((doubt for doubt in estimate.doubts if doubt.endswith(found.words)), found.words)
    return f"no verdict ({estimate.contradiction_rule}): {declared}"


def pieces(runs: Sequence[Run], ink: str) -> Iterator[Piece]:
    """A drawn bar in the inks, its range in `ink`; what shares an ink is one piece, which costs less to paint."""
    for shared, group in groupby(((_PART_INK.get(part, ink), text) for text, part in runs), key=itemgetter(0)):
        yield Piece("".join([text for _, text in group]), shared)
