"""The registry of the models in a manifest: loads it, refuses what is unsafe or unreadable, answers by id.

    registry = ModelRegistry("models.toml")
    spec = registry.spec("t2v-A14B@2.2.0", variant="bf16")

It refuses a manifest for the rules marked R, and for nothing else; `loadmaster check` says more.
Neither a terminal library nor the network is needed to import it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from loadmaster.checks.refusals import Refusal, model_refusals, root_refusals
from loadmaster.document.strict_reading import read_data
from loadmaster.errors import (
    ErrorCode,
    InvalidModelIdError,
    ManifestValidationError,
    ModelNotFoundError,
    ModelRegistryError,
    SchemaVersionError,
    VariantNotFoundError,
)
from loadmaster.manifest.fields import SUPPORTED_SCHEMA_VERSIONS
from loadmaster.manifest.model_id import (
    MODEL_ID_PATTERN,
    VARIANT_PATTERN,
    normalize_model_id,
    split_reference,
)
from loadmaster.manifest.paths import PathFaultKind, case_collisions, path_faults
from loadmaster.manifest.reader import read_model, schema_version
from loadmaster.manifest.spec import FileSpec, ModelDefaults, ModelSpec, NormalizedModelId, VramEstimation
from loadmaster.manifest.words import nearest, quoted, shown

__all__ = [
    "MODEL_ID_PATTERN",
    "SUPPORTED_SCHEMA_VERSIONS",
    "VARIANT_PATTERN",
    "ErrorCode",
    "FileSpec",
    "InvalidModelIdError",
    "ManifestValidationError",
    "ModelDefaults",
    "ModelNotFoundError",
    "ModelRegistry",
    "ModelRegistryError",
    "ModelSpec",
    "NormalizedModelId",
    "SchemaVersionError",
    "VariantNotFoundError",
    "VramEstimation",
]

_UNSAFE = (PathFaultKind.TRAVERSAL, PathFaultKind.ABSOLUTE, PathFaultKind.RESERVED)
_NAMED_AT_MOST = 8


class ModelRegistry:
    """The models of one manifest, by id. What it gives is read once, when it is made.

    Specs are frozen; their lists are the registry's own and are not to be changed.
    """

    SUPPORTED_SCHEMA_VERSIONS: ClassVar[tuple[str, ...]] = SUPPORTED_SCHEMA_VERSIONS
    MODEL_ID_PATTERN: ClassVar[re.Pattern[str]] = MODEL_ID_PATTERN
    VARIANT_PATTERN: ClassVar[re.Pattern[str]] = VARIANT_PATTERN

    def __init__(self, manifest_path: str | os.PathLike[str]) -> None:
        """Load the manifest at `manifest_path`.

        Raises FileNotFoundError where there is no such file, ManifestValidationError where it cannot be read or
        breaks a rule that the registry refuses for, SchemaVersionError where its schema version is absent or
        not supported. The schema version is told before any other fault of a readable file.
        """
        self.manifest_path = Path(manifest_path)
        self._models: dict[str, ModelSpec] = {}
        self._versions: dict[str, list[str]] = {}
        self._schema_version = ""
        self._load_manifest()

    def spec(self, model_id: str, variant: str | None = None) -> ModelSpec:
        """The specification of a model.

        `model_id` is `name@MAJOR.MINOR.PATCH`, with `#variant` behind it if wanted; the version may be left out
        where the manifest has one version of that name. `variant` beats the one behind `#`. A variant is only
        asked whether it is available: the spec is the model's own, its `default_variant` unchanged.

        Raises InvalidModelIdError for an id of another form, ModelNotFoundError for a model that is not there or
        a name with several versions, VariantNotFoundError for a variant that the model does not have.
        """
        name, version, named_variant = split_reference(model_id)
        spec = self._models[self._found(name, version)]
        wanted = named_variant if variant is None else variant
        if wanted is not None and wanted not in spec.variants:
            raise _no_variant(spec, wanted)
        return spec

    def list_models(self) -> list[str]:
        """The ids of all models, in the order of the file."""
        return list(self._models)

    def validate_manifest(self) -> list[ManifestValidationError]:
        """Judge the loaded models again; each fault is one exception with its line, none for a sound registry.

        A manifest with such faults does not load, so this finds something only where a spec's lists were changed.
        """
        refusals: list[Refusal] = []
        for model_id, spec in self._models.items():
            refusals += model_refusals(model_id, _refusable(spec))
        return [_refused([refusal], self.manifest_path) for refusal in refusals]

    def get_schema_version(self) -> str:
        """The schema version of the loaded manifest, as a string."""
        return self._schema_version

    @staticmethod
    def normalize_model_id(model_id: str, variant: str | None = None) -> NormalizedModelId:
        """The parts of `name@MAJOR.MINOR.PATCH[#variant]`; an explicit variant beats the one behind `#`.

        Raises InvalidModelIdError where the id, its version or a variant is absent or not of its form.
        """
        return normalize_model_id(model_id, variant)

    def _load_manifest(self) -> None:
        """Read the file and take its models; on a fault nothing of what was loaded before changes."""
        data = read_data(self.manifest_path)
        version = schema_version(data.get("schema_version"))
        if version is None:
            raise _unsupported(data.get("schema_version"), self.manifest_path)
        refusals = root_refusals(data)
        models: dict[str, ModelSpec] = {}
        for model_id, model_data in data["models"].items() if not refusals else ():
            reading = read_model(model_id, model_data)
            found = model_refusals(model_id, model_data, reading)
            refusals += found
            if reading.spec is not None and not found:
                models[model_id] = reading.spec
        if refusals:
            raise _refused(refusals, self.manifest_path)
        self._models = models
        self._schema_version = version
        self._versions = {}
        for model_id in models:
            self._versions.setdefault(model_id.partition("@")[0], []).append(model_id)

    def _parse_model_spec(self, model_key: str, model_data: dict[str, Any]) -> ModelSpec:
        """The spec that one model's data says. Raises ManifestValidationError with all its faults."""
        reading = read_model(model_key, model_data)
        refusals = model_refusals(model_key, model_data, reading)
        if refusals or reading.spec is None:
            raise _refused(refusals, self.manifest_path)
        return reading.spec

    def _validate_path_safety(self, paths: Sequence[str]) -> list[ManifestValidationError]:
        """One exception for each path that leads out of its folder, is absolute, or is a device's name on Windows."""
        return [
            _path_error(path, fault.reason) for path in paths for fault in path_faults(path) if fault.kind in _UNSAFE
        ]

    def _validate_case_collisions(self, paths: Sequence[str]) -> list[ManifestValidationError]:
        """One exception for each path that differs from an earlier one in case or in its Unicode form only."""
        return [
            _path_error(paths[later], f"it is one file with {quoted(paths[first])} where case is ignored")
            for first, later in case_collisions(paths)
        ]

    def _found(self, name: str, version: str | None) -> str:
        """The id of a model that is there. Raises ModelNotFoundError."""
        if version is not None:
            model_id = f"{name}@{version}"
            if model_id in self._models:
                return model_id
            raise self._not_found(model_id)
        versions = self._versions.get(name, [])
        if len(versions) == 1:
            return versions[0]
        if versions:
            message = f"{name} has {len(versions)} versions, so one must be named: {_some(versions)}"
            raise ModelNotFoundError(message, {"model_id": name, "available": list(versions)})
        raise self._not_found(name)

    def _not_found(self, wanted: str) -> ModelNotFoundError:
        available = list(self._models)
        same_name = self._versions.get(wanted.partition("@")[0])
        if same_name:
            hint = f"there is {_some(same_name)}"
        elif likely := nearest(wanted, available):
            hint = f"perhaps {likely}; there is {_some(available)}"
        else:
            hint = f"there is {_some(available)}"
        return ModelNotFoundError(
            f"no model {wanted} in {self.manifest_path}: {hint}", {"model_id": wanted, "available": available}
        )


def _unsupported(found: object, path: Path) -> SchemaVersionError:
    supported = " and ".join(SUPPORTED_SCHEMA_VERSIONS)
    if found is None:
        what = f"{path} has no schema_version (supported: {supported})"
        guidance = f"write `schema_version = {SUPPORTED_SCHEMA_VERSIONS[-1]}` at its top if that is its format"
    else:
        what = f"{path} has schema_version {shown(found)} (supported: {supported})"
        guidance = "upgrade loadmaster if the manifest is of a later version"
    message = f"{what}: {guidance}, or bring it to a supported version with `loadmaster migrate`"
    return SchemaVersionError(
        message, {"found": found, "supported": list(SUPPORTED_SCHEMA_VERSIONS), "file": str(path)}
    )


def _refused(refusals: Iterable[Refusal], path: Path) -> ManifestValidationError:
    listed = list(refusals)
    lines = [str(refusal) for refusal in listed]
    faults = [{"code": refusal.code, "path": list(refusal.path)} for refusal in listed]
    return ManifestValidationError("\n".join(lines), {"file": str(path), "faults": faults}, lines)


def _path_error(path: str, reason: str) -> ManifestValidationError:
    line = f"{quoted(path)}: {reason}"
    return ManifestValidationError(line, {"path": path}, [line])


def _no_variant(spec: ModelSpec, wanted: object) -> VariantNotFoundError:
    likely = nearest(wanted, spec.variants) if isinstance(wanted, str) else None
    perhaps = f"; perhaps {likely}" if likely else ""
    return VariantNotFoundError(
        f"{spec.model_id} has no variant {shown(wanted)}: there is {', '.join(spec.variants)}{perhaps}",
        {"model_id": spec.model_id, "variant": wanted, "available": list(spec.variants)},
    )


def _refusable(spec: ModelSpec) -> dict[str, Any]:
    """A spec as the plain data that the rules judge."""
    return {
        "variants": spec.variants,
        "default_variant": spec.default_variant,
        "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in spec.files],
        "sources": {"priority": spec.sources},
    }


def _some(names: Sequence[str]) -> str:
    """`a, b, c`, and how many more."""
    shown_names = ", ".join(names[:_NAMED_AT_MOST])
    more = len(names) - _NAMED_AT_MOST
    return f"{shown_names} and {more} more" if more > 0 else shown_names
