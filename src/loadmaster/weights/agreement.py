"""Whether the headers of a model's files agree with its index, its parameter count and its variants.

Only files whose bytes are as listed are asked: of a file that differs, the difference is what there is to say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from loadmaster.errors import HeaderRefused
from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.headers import ShardIndex, WeightHeader, has_header, read_header, read_index
from loadmaster.weights.observation import (
    HeaderDisagrees,
    HeaderReason,
    Observation,
    ParametersDiffer,
    PrecisionDiffers,
)
from loadmaster.weights.shards import beside, is_index, shard_of

TOLERANCE = 0.25
"""Names round: a "7B" has 7.6, an "8B" of one family 8.5 thousand million, and "1.3B" stands for 1.42."""

_MAIN_COMPONENTS = ("unet", "transformer", "dit", "diffusion_model")
_FLOATS = {"F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2"}
_PRECISION_OF = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8", "F8_E5M2": "fp8"}


@dataclass(frozen=True, slots=True)
class ReadHeads:
    """The headers and indexes of a model that could be read, by path, and what was seen of the others."""

    headers: Mapping[str, WeightHeader]
    indexes: Mapping[str, ShardIndex]
    refused: tuple[Observation, ...]


def read_heads(spec: ModelSpec, real_paths: Mapping[str, str]) -> ReadHeads:
    """Reads the headers and indexes of `real_paths` (listed path to path on disk); raises nothing."""
    headers: dict[str, WeightHeader] = {}
    indexes: dict[str, ShardIndex] = {}
    refused: list[Observation] = []
    for file in {file.path: file for file in spec.files}.values():
        real = real_paths.get(file.path)
        if real is None:
            continue
        try:
            if file.shard_index or is_index(file.path):
                indexes[file.path] = read_index(real)
            elif has_header(file.path) and (header := read_header(real, named=file.path)) is not None:
                headers[file.path] = header
        except HeaderRefused as problem:
            refused.append(HeaderDisagrees(spec.model_id, file.path, HeaderReason.UNREADABLE, problem.message))
        except OSError as problem:
            reason = (problem.strerror or "cannot be read").lower()
            refused.append(HeaderDisagrees(spec.model_id, file.path, HeaderReason.UNREADABLE, reason))
    return ReadHeads(headers, indexes, tuple(refused))


def disagreements(spec: ModelSpec, heads: ReadHeads) -> Iterator[Observation]:
    """All that does not agree, the faults before the hints."""
    yield from heads.refused
    for path, header in heads.headers.items():
        if header.problem:
            yield HeaderDisagrees(spec.model_id, path, HeaderReason.CONTRADICTS_FILE, header.problem)
    listed = {file.path for file in spec.files}
    for path, index in heads.indexes.items():
        yield from _against_index(spec.model_id, path, index, listed, heads.headers)
    yield from _hints(spec, heads.headers)


def _against_index(
    model_id: str, path: str, index: ShardIndex, listed: set[str], headers: Mapping[str, WeightHeader]
) -> Iterator[Observation]:
    promised: defaultdict[str, set[str]] = defaultdict(set)
    for tensor, shard in index.weight_map.items():
        promised[beside(path, shard)].add(tensor)
    for shard, tensors in sorted(promised.items()):
        if shard not in listed:
            yield HeaderDisagrees(model_id, path, HeaderReason.SHARD_NOT_LISTED, shard)
        elif shard in headers:
            held = {tensor.name for tensor in headers[shard].tensors}
            yield from _difference(model_id, shard, path, HeaderReason.TENSORS_NOT_IN_SHARD, tensors - held)
            yield from _difference(model_id, shard, path, HeaderReason.TENSORS_NOT_IN_INDEX, held - tensors)


def _difference(
    model_id: str, shard: str, index: str, reason: HeaderReason, tensors: set[str]
) -> Iterator[HeaderDisagrees]:
    if tensors:
        yield HeaderDisagrees(model_id, shard, reason, min(tensors), index, len(tensors))


def _hints(spec: ModelSpec, headers: Mapping[str, WeightHeader]) -> Iterator[Observation]:
    files = _main_files(spec, headers)
    if not files or any(file.path not in headers for file in files):
        return  # what is not wholly read cannot be counted
    by_dtype: Counter[str] = Counter()
    for file in files:
        by_dtype.update(headers[file.path].parameters_by_dtype)
    if not by_dtype or not set(by_dtype) <= _FLOATS:
        return  # packed weights hide how many there are
    component = files[0].component
    declared = spec.vram_estimation.params_billion if spec.vram_estimation else None
    if declared is not None:
        counted = min(_counts(files, headers), key=lambda count: abs(count - declared))
        if abs(counted - declared) > TOLERANCE * declared:
            yield ParametersDiffer(spec.model_id, declared, counted, component)
    ((stored, _),) = by_dtype.most_common(1)
    variants = {variant.removesuffix("-dev") for variant in spec.variants}
    if variants <= set(_PRECISION_OF.values()) and _PRECISION_OF[stored] not in variants:
        yield PrecisionDiffers(spec.model_id, _PRECISION_OF[stored], tuple(spec.variants), component)


def _main_files(spec: ModelSpec, headers: Mapping[str, WeightHeader]) -> list[FileSpec]:
    """The weights that `params_billion` speaks of: those of the main component, else of the largest one."""
    weights = list({file.path: file for file in spec.files if has_header(file.path)}.values())
    for component in _MAIN_COMPONENTS:
        if found := [file for file in weights if file.component == component]:
            return found
    counts: Counter[str | None] = Counter()
    for file in weights:
        counts[file.component] += headers[file.path].parameters if file.path in headers else 0
    largest = counts.most_common(1)
    return [file for file in weights if largest and file.component == largest[0][0]]


def _counts(files: Iterable[FileSpec], headers: Mapping[str, WeightHeader]) -> list[float]:
    """What could be meant, in 10^9: each shard set, each single file, and all together."""
    sets: Counter[object] = Counter()
    for file in files:
        shard = shard_of(file.path)
        sets[shard.set if shard else file.path] += headers[file.path].parameters
    return [count / 1e9 for count in (*sets.values(), sum(sets.values()))]
