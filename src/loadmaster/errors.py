"""Every exception that loadmaster raises on purpose, each with a stable code.

The five of the registry carry an :class:`ErrorCode`; the others a plain string. All have `details`,
a dictionary of what was looked for and what was found, so that callers need not read messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class ErrorCode(StrEnum):
    """The codes of the registry's own errors."""

    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"
    VARIANT_NOT_FOUND = "VARIANT_NOT_FOUND"
    INVALID_MODEL_ID = "INVALID_MODEL_ID"
    MANIFEST_VALIDATION_ERROR = "MANIFEST_VALIDATION_ERROR"
    SCHEMA_VERSION_MISMATCH = "SCHEMA_VERSION_MISMATCH"


class LoadmasterError(Exception):
    """The root of all of them: a message for people, `error_code` and `details` for programs."""

    error_code: str = "LOADMASTER_ERROR"

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details: dict[str, Any] = dict(details or {})


class ModelRegistryError(LoadmasterError):
    """The root of what `ModelRegistry` raises, besides `FileNotFoundError`."""


class ModelNotFoundError(ModelRegistryError):
    """No model of that id is in the manifest; `details` holds `model_id` and `available`."""

    error_code = ErrorCode.MODEL_NOT_FOUND


class VariantNotFoundError(ModelRegistryError):
    """The model has no such variant; `details` holds `model_id`, `variant` and `available`."""

    error_code = ErrorCode.VARIANT_NOT_FOUND


class InvalidModelIdError(ModelRegistryError):
    """Not of the form `name@MAJOR.MINOR.PATCH[#variant]`; `details` holds `model_id` and `reason`."""

    error_code = ErrorCode.INVALID_MODEL_ID


class ManifestValidationError(ModelRegistryError):
    """The manifest cannot be loaded. `errors` lists every fault, each line beginning with its key path."""

    error_code = ErrorCode.MANIFEST_VALIDATION_ERROR

    def __init__(self, message: str, details: Mapping[str, Any] | None = None, errors: Sequence[str] = ()) -> None:
        super().__init__(message, details)
        self.errors: list[str] = list(errors)


class SchemaVersionError(ModelRegistryError):
    """`schema_version` is absent or not supported; `details` holds `found` and `supported`."""

    error_code = ErrorCode.SCHEMA_VERSION_MISMATCH


class EditRefused(LoadmasterError):
    """An edit that cannot be done exactly; the document is as it was. The message says what stands in the way."""

    error_code = "EDIT_REFUSED"


class StoreError(LoadmasterError):
    """A manifest file cannot be read or written; `details` holds `file`."""

    error_code = "STORE_ERROR"


class ChangedOnDisk(StoreError):
    """The file was changed by someone else since it was read; nothing was written."""

    error_code = "CHANGED_ON_DISK"


class WeightsError(LoadmasterError):
    """The root of what the weights layer raises: files on disk and what a source says of them."""

    error_code = "WEIGHTS_ERROR"


class PathRefused(WeightsError):
    """A path that may leave the folder it belongs to; `details` holds `path` and `reason`."""

    error_code = "PATH_REFUSED"


class HeaderRefused(WeightsError):
    """A header that cannot be what it claims to be: too long, cut short, or not of its format."""

    error_code = "HEADER_REFUSED"


class SourceError(WeightsError):
    """A source that cannot answer; `details` holds `kind`, one of the words that `weights.hub` lists."""

    error_code = "SOURCE_ERROR"


class ExtraMissing(WeightsError):
    """An optional part is not installed; `details` holds `extra`, the name to install it by."""

    error_code = "EXTRA_MISSING"
