"""`loadmaster browse`, and `loadmaster FILE`: the app."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from loadmaster.cli.common import CannotRun, open_manifest

VARIABLES = ("LOADMASTER_MANIFEST", "WAN_MODELS_MANIFEST")
PLACES = (Path("models.toml"), Path("config/models.toml"))


@click.command("browse")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def browse(file: Path | None = None) -> None:
    """Open FILE in the app.

    Without FILE: $LOADMASTER_MANIFEST, $WAN_MODELS_MANIFEST, models.toml, config/models.toml, else a chooser.
    """
    file = file or usual_manifest(os.environ)
    if file is not None:
        open_manifest(file)  # what cannot be read is said here, on one line, before the screen is taken
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotRun("the app needs a terminal. In a pipe use `loadmaster check` or `loadmaster show`.")
    if os.environ.get("TERM") in ("dumb", "unknown"):
        raise CannotRun(f"a terminal of the kind {os.environ['TERM']} cannot show the app. Set TERM to what it is.")
    from loadmaster.tui.app import run

    sys.exit(run(file))


def usual_manifest(environment: Mapping[str, str]) -> Path | None:
    """The manifest that is meant when none is named, or None."""
    for name in VARIABLES:
        if environment.get(name):
            return Path(environment[name])
    return next((path for path in PLACES if os.path.isfile(path)), None)
