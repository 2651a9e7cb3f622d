"""Manifests of AI model weights: read, check and edit them without losing a byte.

The public names are loaded when they are first asked for, so that `import loadmaster` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from loadmaster.checks.diagnostic import Diagnostic as Diagnostic
    from loadmaster.checks.diagnostic import Severity as Severity
    from loadmaster.checks.engine import check as check
    from loadmaster.document.document import Document as Document
    from loadmaster.document.places import Place as Place
    from loadmaster.errors import EditRefused as EditRefused
    from loadmaster.model_registry import ModelRegistry as ModelRegistry
    from loadmaster.session import Session as Session
    from loadmaster.vram.estimate import VramEstimate as VramEstimate
    from loadmaster.vram.estimate import estimate_vram as estimate_vram

_HOMES = {
    "Diagnostic": "loadmaster.checks.diagnostic",
    "Document": "loadmaster.document.document",
    "EditRefused": "loadmaster.errors",
    "ModelRegistry": "loadmaster.model_registry",
    "Place": "loadmaster.document.places",
    "Session": "loadmaster.session",
    "Severity": "loadmaster.checks.diagnostic",
    "VramEstimate": "loadmaster.vram.estimate",
    "check": "loadmaster.checks.engine",
    "estimate_vram": "loadmaster.vram.estimate",
}

__all__ = [
    "Diagnostic",
    "Document",
    "EditRefused",
    "ModelRegistry",
    "Place",
    "Session",
    "Severity",
    "VramEstimate",
    "check",
    "estimate_vram",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
