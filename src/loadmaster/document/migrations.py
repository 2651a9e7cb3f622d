"""Schema versions: the steps that bring a manifest of an older one to the current one.

A step is an edit like any other, so it keeps every byte that it need not change. Version 1 is the first, so there is no
step yet. It stands here and not beside the format because a step edits documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loadmaster.document.document import Document
from loadmaster.errors import EditRefused
from loadmaster.manifest.fields import SUPPORTED_SCHEMA_VERSIONS
from loadmaster.manifest.words import shown

CURRENT = SUPPORTED_SCHEMA_VERSIONS[-1]
"""The schema version that a migration ends at."""


class MigrationRefused(EditRefused):
    """The manifest's schema version is absent, no version, a later one, or no step leads on from it."""

    error_code = "MIGRATION_REFUSED"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: from which schema version to which, what it does, and how. `change` sets `schema_version` last."""

    source: str
    target: str
    summary: str
    change: Callable[[Document], Document]


MIGRATIONS: tuple[Migration, ...] = ()
"""Every step there is."""


def migrate(
    document: Document, migrations: Sequence[Migration] = MIGRATIONS, current: str = CURRENT
) -> tuple[Document, tuple[Migration, ...]]:
    """`document` at the schema version `current`, and the steps that were taken; none where it is there already.

    Raises MigrationRefused, with what to do, and EditRefused where a step cannot be done exactly.
    """
    taken: list[Migration] = []
    by_source = {step.source: step for step in migrations}
    while (version := _version(document, current)) != current:
        step = by_source.get(version)
        if step is None:
            raise MigrationRefused(
                f"No step leads from schema version {version} to {current}.", {"found": version, "wanted": current}
            )
        document = step.change(document)
        if _version(document, current) != step.target:
            raise MigrationRefused(
                f"The step from schema version {version} did not arrive at {step.target}.", {"found": version}
            )
        taken.append(step)
    return document, tuple(taken)


def _version(document: Document, current: str) -> str:
    """The manifest's schema version as digits. Raises MigrationRefused where it is none, or later than `current`."""
    found = document.get(("schema_version",))
    version = str(found) if isinstance(found, (int, str)) and not isinstance(found, bool) else ""
    if found is None:
        raise MigrationRefused(
            "schema_version is missing, so nothing says which version it is. "
            f"Where you know that it is {current}: `loadmaster set FILE schema_version {current}`.",
            {"found": None},
        )
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise MigrationRefused(f"schema_version is {shown(found)}, which is no version.", {"found": found})
    if int(version) > int(current):
        raise MigrationRefused(
            f"It is of schema version {version}, later than {current}, the latest that this loadmaster knows. "
            "Upgrade loadmaster; nothing was changed.",
            {"found": version, "wanted": current},
        )
    return str(int(version))
