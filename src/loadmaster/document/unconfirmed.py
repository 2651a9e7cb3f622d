"""Digests that were copied with a model and that nobody has looked at since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loadmaster.document.document import Document


class Unconfirmed:
    """Which digests of which models are copies not yet confirmed.

    A digest is known by its model and its own value, so one that is edited is confirmed by that, and one that comes
    back by undo is not. Confirm one by hashing the file, or by keeping it in the editor.
    """

    def __init__(self) -> None:
        self._held: set[tuple[str, str]] = set()

    def mark(self, document: Document, model_id: str) -> int:
        """Hold all digests of a model that was just copied; gives how many files have one."""
        digests = [digest for digest in map(_digest, _files(document, model_id)) if digest]
        self._held |= {(model_id, digest) for digest in digests}
        return len(digests)

    def follow(self, old_id: str, new_id: str) -> None:
        """A model has another id from now on; under the old one it comes back by undo."""
        self._held |= {(new_id, digest) for model_id, digest in self._held if model_id == old_id}

    def confirm(self, model_id: str, digest: object) -> None:
        """This digest of a model is right: it was hashed, or kept by a person."""
        if isinstance(digest, str):
            self._held.discard((model_id, digest))

    def holds(self, model_id: str, file: Mapping[str, Any]) -> bool:
        """Whether the digest of a file of a model is not confirmed."""
        return bool(self._held) and (model_id, _digest(file)) in self._held

    def count(self, document: Document, model_id: str) -> int:
        """How many files of a model have a digest that is not confirmed."""
        return sum(self.holds(model_id, file) for file in _files(document, model_id)) if self._held else 0


def _files(document: Document, model_id: str) -> list[Mapping[str, Any]]:
    files = document.model_data(model_id).get("files")
    return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []


def _digest(file: Mapping[str, Any]) -> str:
    digest = file.get("sha256")
    return digest if isinstance(digest, str) else ""
