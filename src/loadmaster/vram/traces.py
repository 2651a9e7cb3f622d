"""How each figure of an estimate came about: its formula, the same with the figures in it, and the keys behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from loadmaster.manifest.words import shown
from loadmaster.vram.files import is_weight_file
from loadmaster.vram.formula import HIGH_RESERVED, LOW_ACTIVATIONS, RUNTIME_GIB, Need, Parts
from loadmaster.vram.inputs import Inputs, Origin

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One figure: `name`, its `value` with its `unit`, the formula in words of the format, the same with figures,
    and `paths`, the key paths of what it was computed from. A path may be absent from the file where the format's
    default counts.
    """

    name: str
    value: float
    unit: str
    formula: str
    figures: str
    paths: tuple[KeyPath, ...] = ()


def figure(value: float) -> str:
    """A figure as people write it: up to six digits, no trailing zeros."""
    return f"{value:.6g}"


def traces_of(inputs: Inputs, parts: Parts | None, need: Need | None, weight_files: dict[str, int]) -> dict[str, Trace]:
    """Every figure of an estimate by its name: low, point, high, weights, activations, runtime, floor, frames, width,
    height, and `files:<component>` for the weight files of each component.
    """
    found = [*_asked(inputs), *_floor(inputs), *_files(inputs, weight_files)]
    if parts is not None and need is not None:
        found += [*_parts(inputs, parts), *_need(inputs, parts, need)]
    return {trace.name: trace for trace in found}


def _key(inputs: Inputs, *keys: str | int) -> KeyPath:
    return ("models", inputs.spec.model_id, *keys)


def _declared(inputs: Inputs, *keys: str) -> tuple[KeyPath, ...]:
    return tuple(_key(inputs, "vram_estimation", key) for key in keys)


def _variant_paths(inputs: Inputs) -> tuple[KeyPath, ...]:
    default = _key(inputs, "default_variant")
    if inputs.variant == inputs.spec.default_variant or inputs.variant not in inputs.spec.variants:
        return (default,)
    return (_key(inputs, "variants", inputs.spec.variants.index(inputs.variant)), default)


def _frames_paths(inputs: Inputs) -> tuple[KeyPath, ...]:
    return (_key(inputs, "defaults", "frames"),) if inputs.frames_from is Origin.DEFAULTS else ()


def _asked(inputs: Inputs) -> Iterator[Trace]:
    formulas = {
        Origin.GIVEN: "as asked",
        Origin.DEFAULTS: "defaults.frames",
        Origin.ASSUMED: "the format's default: the manifest gives none",
    }
    yield Trace(
        "frames",
        inputs.frames,
        "frames",
        formulas[inputs.frames_from],
        shown(inputs.frames),
        _frames_paths(inputs),
    )
    formula = "as asked" if inputs.size_from is Origin.GIVEN else "the smallest published size: none was given"
    for name, value in zip(("width", "height"), inputs.size, strict=True):
        yield Trace(name, value, "pixels", formula, str(value))


def _floor(inputs: Inputs) -> Iterator[Trace]:
    if inputs.floor is None or inputs.params is None or inputs.precision is None:
        return
    taken = inputs.precision.bytes_per_weight
    yield Trace(
        "floor",
        inputs.floor,
        "GiB",
        f"params_billion · 10^9 · b({inputs.variant}) / 2^30",
        f"{figure(inputs.params)} · 10^9 · {figure(taken)} / 2^30 = {inputs.floor:.2f}",
        (*_declared(inputs, "params_billion"), *_variant_paths(inputs)),
    )


def _files(inputs: Inputs, weight_files: dict[str, int]) -> Iterator[Trace]:
    for component, total in weight_files.items():
        paths = tuple(
            _key(inputs, "files", index, "size")
            for index, file in enumerate(inputs.spec.files)
            if (file.component or "") == component and is_weight_file(file.path)
        )
        count = f"{len(paths)} file" + ("s" if len(paths) != 1 else "")
        yield Trace(f"files:{component}", total, "bytes", "sum of the sizes of its weight files", count, paths)


def _parts(inputs: Inputs, parts: Parts) -> Iterator[Trace]:
    base, per_frame = inputs.base or 0.0, inputs.per_frame or 0.0
    taken = inputs.precision.bytes_per_weight if inputs.precision else 0.0
    taken_default = inputs.default_precision.bytes_per_weight if inputs.default_precision else 0.0
    width, height = inputs.size
    base_paths = _declared(inputs, "base_vram_gb")
    yield Trace(
        "runtime",
        parts.runtime,
        "GiB",
        f"{RUNTIME_GIB} of base_vram_gb",
        figure(parts.runtime),
        base_paths,
    )
    yield Trace(
        "weights",
        parts.weights,
        "GiB",
        f"(base_vram_gb − runtime) · b({inputs.variant}) / b({inputs.spec.default_variant})",
        f"({figure(base)} − {figure(parts.runtime)}) · {figure(taken)} / {figure(taken_default)} = {parts.weights:.2f}",
        (*base_paths, *_variant_paths(inputs)),
    )
    yield Trace(
        "activations",
        parts.activations,
        "GiB",
        "frames · width · height / 2^20 · per_frame_vram_mb / 1024",
        f"{shown(inputs.frames)} · {width} · {height} / 2^20 · {figure(per_frame)} / 1024 = {parts.activations:.2f}",
        (*_declared(inputs, "per_frame_vram_mb"), *_frames_paths(inputs)),
    )


def _need(inputs: Inputs, parts: Parts, need: Need) -> Iterator[Trace]:
    runtime, weights, activations = f"{parts.runtime:.2f}", f"{parts.weights:.2f}", f"{parts.activations:.2f}"
    paths = (
        *_declared(inputs, "base_vram_gb", "per_frame_vram_mb"),
        *_variant_paths(inputs),
        *_frames_paths(inputs),
    )
    for name, value, formula, figures in (
        (
            "low",
            need.low,
            f"runtime + weights + {LOW_ACTIVATIONS} · activations",
            f"{runtime} + {weights} + {LOW_ACTIVATIONS} · {activations}",
        ),
        ("point", need.point, "runtime + weights + activations", f"{runtime} + {weights} + {activations}"),
        ("high", need.high, f"{HIGH_RESERVED} · point", f"{HIGH_RESERVED} · {need.point:.2f}"),
    ):
        yield Trace(name, value, "GiB", formula, f"{figures} = {value:.2f}", paths)
