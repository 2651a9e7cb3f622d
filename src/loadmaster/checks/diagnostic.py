"""What a check says: findings, which know their key path, and diagnostics, which also know their place.

A rule yields findings. They stay true when lines move, so they can be kept and compared between two checks;
places are looked up only for what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.document.places import KeyPath, Place


class Severity(StrEnum):
    """How bad a fault is; `error` is what makes `loadmaster check` answer 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def letter(self) -> str:
        """E, W or I: severity is never told by colour alone."""
        return self.value[0].upper()

    @property
    def rank(self) -> int:
        """0 for the worst, for sorting."""
        return ("error", "warning", "info").index(self.value)


class Fix(Protocol):
    """A way to mend one fault, told and applied through the same edits as a person's."""

    @property
    def title(self) -> str:
        """What it does, as a verb: "set version to 1.0.0"."""
        ...

    @property
    def safe(self) -> bool:
        """False where it guesses; `loadmaster fix` then asks for `--unsafe`."""
        ...

    def apply(self, document: Document) -> Document:
        """The document with the fault mended. Raises EditRefused where that cannot be done exactly."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, by rule and key path; `what` says which part of the path's line is meant.

    `span` (offsets into the text, end exclusive) is given only for faults of the text itself, which have no
    key path of their own. `model_id` is None for what concerns the whole file.
    `key` is the identity across two checks: rule, model and path, with a file named by its `path`.
    `refuses` tells that `ModelRegistry` does not load a manifest with this fault.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: KeyPath
    key: tuple[str, ...]
    model_id: str | None = None
    what: Literal["value", "key", "table"] = "value"
    span: tuple[int, int] | None = None
    fix: Fix | None = None
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its place in one text."""

    code: str
    name: str
    severity: Severity
    message: str
    path: KeyPath
    place: Place
    fix: Fix | None
    finding: Finding
