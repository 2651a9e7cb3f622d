"""`loadmaster migrate`: a manifest of an older schema version, brought to the current one."""

from __future__ import annotations

from pathlib import Path

import click

from loadmaster.cli.common import DIFF, MANIFEST, Refused, change_manifest, say
from loadmaster.document.document import Document
from loadmaster.document.migrations import CURRENT, MigrationRefused
from loadmaster.document.migrations import migrate as migrated


@click.command("migrate")
@MANIFEST
@DIFF
def migrate(file: Path, only_diff: bool) -> None:
    """Bring FILE to the current schema version, step by step; what the steps do not touch stays as it is.

    A manifest of a later version is not touched: it needs a later loadmaster.
    """

    def change(document: Document) -> Document:
        try:
            new, steps = migrated(document)
        except MigrationRefused as refusal:
            raise Refused(f"{file}: {refusal}") from refusal
        for step in steps:
            say(f"{file}: schema version {step.source} to {step.target}: {step.summary}")
        if not steps:
            say(f"{file}: it is of schema version {CURRENT}, the current one")
        return new

    change_manifest(file, change, only_diff, unchanged="")
