"""Why the registry refuses a model: the rules marked R, judged on plain data, each as one line with its key path.

The engine tells the same faults with places and fixes; here nothing of a text is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loadmaster.checks.dotted_ids import dotted_ids
from loadmaster.checks.secret_text import without_secrets
from loadmaster.manifest.paths import PathFaultKind, case_collisions, path_faults
from loadmaster.manifest.reader import FaultKind, KeyPath, Reading, ShapeFault, read_model, read_root
from loadmaster.manifest.words import described, nearest, path_text, quoted, shown

DIGEST_LENGTH = 64

_CODES = {
    FaultKind.MISSING: "LM101",
    FaultKind.WRONG_TYPE: "LM102",
    FaultKind.OUT_OF_RANGE: "LM103",
    FaultKind.MODEL_ID: "LM107",
    FaultKind.VARIANT_NAME: "LM108",
}
_PATH_CODES = {
    PathFaultKind.TRAVERSAL: "LM301",
    PathFaultKind.ABSOLUTE: "LM302",
    PathFaultKind.RESERVED: "LM303",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One fault for which the registry refuses a manifest: the rule, the key path, and a clause on what is wrong."""

    code: str
    path: KeyPath
    clause: str

    def __str__(self) -> str:
        """One line that begins with the key path."""
        return f"{path_text(self.path)}: {self.clause}"


def root_refusals(data: Mapping[str, Any]) -> list[Refusal]:
    """The refusals of the whole manifest's top level, besides its schema version: no models."""
    return [
        Refusal(_CODES[fault.kind], fault.path, _clause(fault))
        for fault in read_root(data, whole=True)
        if fault.kind in (FaultKind.MISSING, FaultKind.WRONG_TYPE)
    ]


def model_refusals(model_id: str, data: object, reading: Reading | None = None) -> list[Refusal]:
    """All refusals of one model, in the order of its data; none where the registry takes it.

    `reading` is what `read_model` says of the same data, where it is at hand.
    """
    reading = reading or read_model(model_id, data)
    if reading.faults:
        dotted = dotted_ids(model_id, data)
        if dotted:
            return list(map(_unquoted, dotted))
    refusals = [Refusal(_CODES[fault.kind], fault.path, _clause(fault)) for fault in reading.faults if _refused(fault)]
    if isinstance(data, dict):
        refusals += _default_variant(model_id, data)
        refusals += _files(("models", model_id, "files"), data.get("files"))
    return refusals


def _refused(fault: ShapeFault) -> bool:
    if fault.kind is FaultKind.OUT_OF_RANGE:
        return fault.path[2] == "files" and fault.path[-1] == "size"
    return fault.kind in _CODES


def _clause(fault: ShapeFault) -> str:
    perhaps = f"; perhaps {quoted(fault.suggestion)}" if fault.suggestion else ""
    match fault.kind:
        case FaultKind.MISSING:
            state = "is missing" if fault.found is None else "is empty"
            return f"{state}: wanted {fault.wanted}"
        case FaultKind.OUT_OF_RANGE:
            return f"found {shown(fault.found)}, wanted {fault.wanted}"
        case FaultKind.MODEL_ID:
            return f"{shown(fault.found)} is no model id: wanted {fault.wanted}{perhaps}"
        case FaultKind.VARIANT_NAME:
            return f"{_safe(str(fault.found))} is no variant name: wanted {fault.wanted}"
        case _:
            return without_secrets(f"found {described(fault.found)}, wanted {fault.wanted}")


def _default_variant(model_id: str, data: dict[str, Any]) -> Iterator[Refusal]:
    default, variants = data.get("default_variant"), data.get("variants")
    if not isinstance(default, str) or not default or not isinstance(variants, list):
        return
    names = [variant for variant in variants if isinstance(variant, str)]
    if names and default not in names:
        likely = nearest(default, names)
        perhaps = f"; perhaps {quoted(likely)}" if likely else ""
        clause = f"{_safe(default)} is not one of variants ({', '.join(map(_safe, names))}){perhaps}"
        yield Refusal("LM201", ("models", model_id, "default_variant"), clause)


def _files(where: KeyPath, files: object) -> Iterator[Refusal]:
    if not isinstance(files, list):
        return
    paths: dict[int, str] = {}
    for index, file in enumerate(files):
        if not isinstance(file, dict):
            continue
        path, digest = file.get("path"), file.get("sha256")
        if isinstance(path, str):
            paths[index] = path
            for fault in path_faults(path):
                if fault.kind in _PATH_CODES:
                    reason = without_secrets(fault.reason)
                    clause = f"{_safe(path)} is no path in a model's folder: {reason}"
                    yield Refusal(_PATH_CODES[fault.kind], (*where, index, "path"), clause)
        if isinstance(digest, str) and digest and len(digest) != DIGEST_LENGTH:
            size = "1 character" if len(digest) == 1 else f"{len(digest)} characters"
            clause = f"found {size}, {_safe(digest)}, wanted {DIGEST_LENGTH} hexadecimal digits"
            yield Refusal("LM401", (*where, index, "sha256"), clause)
    indexes = list(paths)
    for first, later in case_collisions(list(paths.values())):
        one, other = indexes[first], indexes[later]
        clause = f"{_safe(paths[other])} is one file with {_safe(paths[one])} (files[{one}]) where case is ignored"
        yield Refusal("LM304", (*where, other, "path"), clause)


def _unquoted(names: tuple[str, ...]) -> Refusal:
    """Where `[models.qwen2.5-72b]` lost its quotes, the dots made nested tables of it: the id that was meant."""
    clause = f"an id with a dot stands in quotes: [models.{quoted('.'.join(names))}]"
    return Refusal("LM004", ("models", *names), clause)


def _safe(text: str) -> str:
    """A value between quotes, with secrets cut: people paste tokens where they do not belong."""
    return quoted(without_secrets(text))
