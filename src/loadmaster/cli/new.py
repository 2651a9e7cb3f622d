"""`loadmaster new`: a manifest to start from, with true facts in it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import click

from loadmaster.cli.common import CannotRun, Refused, say
from loadmaster.document.document import Document
from loadmaster.document.store import save
from loadmaster.errors import ChangedOnDisk, LoadmasterError
from loadmaster.manifest.format import SUPPORTED_SCHEMA_VERSIONS

EXAMPLE_FILE = b'{"architecture": "example"}\n'
"""The bytes of the one file that the new manifest lists, so that its size and digest are true."""


@click.command("new")
@click.argument("file", type=click.Path(path_type=Path), default=Path("models.toml"))
def new(file: Path) -> None:
    """Write a small manifest to FILE (models.toml where none is named), with a comment for each part.

    A file that is there already is never overwritten.
    """
    if os.path.lexists(file):
        raise Refused(f"{file} is there already; it was not touched")
    try:
        save(file, Document.from_text(fresh_manifest()), None)
    except ChangedOnDisk as error:
        raise Refused(f"{file} is there already; it was not touched") from error
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error
    say(f"{file}: written; `loadmaster {file}` opens it, `loadmaster check {file}` checks it")


def fresh_manifest() -> str:
    """The text of a new manifest: valid, with one example model, each part explained."""
    return f"""\
# A manifest of model weights. `loadmaster explain` lists what is checked, `loadmaster schema` writes a JSON Schema.
schema_version = {SUPPORTED_SCHEMA_VERSIONS[-1]}

# An example to be replaced. The id is name@MAJOR.MINOR.PATCH.
[models."example-1b@1.0.0"]
description = "An example"
version = "1.0.0"
# The precision builds; default_variant is one of them.
variants = ["fp16"]
default_variant = "fp16"
# What must be on disk and what may be. Each is the component of some file.
required_components = ["config"]
optional_components = []

# One table for each file: its path in the model's folder, its size in bytes, its SHA-256.
# These are true of a config.json that holds one line: {EXAMPLE_FILE.decode().strip()}
[[models."example-1b@1.0.0".files]]
path = "config.json"
size = {len(EXAMPLE_FILE)}
sha256 = "{hashlib.sha256(EXAMPLE_FILE).hexdigest()}"
component = "config"

# Where the files come from, tried in this order. Pin a repository of the Hub: hf://ORG/NAME@COMMIT
[models."example-1b@1.0.0".sources]
priority = ["local://example-1b@1.0.0"]
"""
