"""What an estimate takes for granted and what speaks against it, in words that stand beside every figure."""

from __future__ import annotations

from collections.abc import Iterator

from loadmaster.manifest.words import shown
from loadmaster.vram.figures import likely_slip, resolution_of
from loadmaster.vram.formula import RUNTIME_GIB
from loadmaster.vram.inputs import Inputs, Origin
from loadmaster.vram.traces import figure

CANNOT_BE_TRUE = "the declared figures cannot be true without block offload"


def assumptions_of(inputs: Inputs) -> tuple[str, ...]:
    """What the figures hold for."""
    words = [
        "batch 1",
        "params_billion weights on the card and no more (a mixture keeps one expert there, the others in RAM: "
        "with all of them resident add their weights)",
        "text encoder off the card",
        f"base_vram_gb is for the default variant {inputs.spec.default_variant}, {RUNTIME_GIB} of it runtime",
    ]
    if inputs.frames_from is Origin.ASSUMED:
        words.append(f"{shown(inputs.frames)} frames: the manifest gives none")
    if inputs.size_from is Origin.ASSUMED:
        width, height = inputs.size
        words.append(f"{width}×{height}: the smallest published size")
    return tuple(words)


def doubts_of(inputs: Inputs) -> tuple[str, ...]:
    """What may make the figures wrong; first what is particular to this model, then what is true of any."""
    words = [*_declared_doubts(inputs), *_asked_doubts(inputs)]
    if not inputs.reason:
        words += ["VAE decoding can peak higher", "one model differs by a factor of two between two codes"]
    return tuple(words)


def _declared_doubts(inputs: Inputs) -> Iterator[str]:
    estimation, precision = inputs.spec.vram_estimation, inputs.default_precision
    if inputs.contradiction and precision is not None and inputs.default_floor is not None:
        yield (
            f"base_vram_gb {figure(inputs.base or 0.0)} is below {figure(inputs.params or 0.0)} B × "
            f"{figure(precision.bytes_per_weight)} bytes ({inputs.spec.default_variant}) = "
            f"{inputs.default_floor:.1f} GiB: {CANNOT_BE_TRUE}"
        )
    if estimation is None:
        return
    for key, declared, value in (
        ("params_billion", estimation.params_billion, inputs.params),
        ("base_vram_gb", estimation.base_vram_gb, inputs.base),
        ("per_frame_vram_mb", estimation.per_frame_vram_mb, inputs.per_frame),
    ):
        if value is None:
            yield f"{key} {_shown(declared)} is no amount"
            continue
        slip = likely_slip(key, value)
        if slip is not None:
            yield f"{key} {figure(value)} looks like {slip.looks_like}: {figure(slip.likely)} is likely"
    if inputs.base is not None and inputs.base < RUNTIME_GIB:
        yield f"base_vram_gb {figure(inputs.base)} leaves nothing for weights beside {RUNTIME_GIB} of runtime"


def _asked_doubts(inputs: Inputs) -> Iterator[str]:
    spec = inputs.spec
    if inputs.variant not in spec.variants:
        yield f"{inputs.variant} is not one of this model's variants ({_listed(spec.variants)})"
    if inputs.precision is not None and inputs.precision.note:
        yield f"{inputs.variant} {inputs.precision.note}"
    if spec.defaults is not None and inputs.frames_from is Origin.ASSUMED:
        yield f"defaults.frames {shown(spec.defaults.frames)} is no number of frames"
    caps = [resolution for resolution in map(resolution_of, spec.resolution_caps) if resolution is not None]
    largest = max(caps, key=lambda cap: cap.width * cap.height, default=None)
    width, height = inputs.size
    if largest is not None and width * height > largest.width * largest.height:
        yield f"{width}×{height} is above this model's largest cap, {largest.label}"


def _shown(declared: float) -> str:
    """A declared figure that is no amount: TOML gives integers of any length too."""
    return shown(declared) if isinstance(declared, int) else figure(declared)


def _listed(variants: list[str], limit: int = 8) -> str:
    more = f" and {len(variants) - limit} more" if len(variants) > limit else ""
    return ", ".join(variants[:limit]) + more
