"""Key paths and places."""

from __future__ import annotations

from dataclasses import dataclass

KeyPath = tuple[str | int, ...]
"""Where a value stands in the data: `("models", "a@1.0.0", "files", 2, "size")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text: lines and columns from 1, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
