"""What the commands share: how a manifest is opened, and how a change is shown, written and told."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from loadmaster.document.document import Document
from loadmaster.document.store import Loaded, load, save
from loadmaster.errors import EditRefused, LoadmasterError

MANIFEST = click.argument("file", type=click.Path(path_type=Path))
DIFF = click.option("--diff", "only_diff", is_flag=True, help="Show what would change; write nothing.")


class CannotRun(click.ClickException):
    """Nothing could be done: said on stderr, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Say it on stderr."""
        click.echo(f"loadmaster: {self.message}", err=True)


class Refused(CannotRun):
    """The edit was refused and the file is as it was: said on stderr, exit 1."""

    exit_code = 1


def open_manifest(file: Path) -> Loaded:
    """The manifest in `file`. Raises CannotRun where it cannot be read."""
    try:
        return load(file)
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error


def change_manifest(file: Path, change: Callable[[Document], Document], only_diff: bool) -> None:
    """Apply `change` to the manifest in `file` and write it once; with `only_diff` print the difference instead.

    Errors that the change brings are written all the same and said on stderr: the manifest is its keeper's.
    """
    loaded = open_manifest(file)
    try:
        new = change(loaded.document)
    except EditRefused as refusal:
        raise Refused(f"{file}: {refusal}") from refusal
    if new.text == loaded.document.text:
        click.echo(f"{file}: nothing to change", err=True)
        return
    if only_diff:
        click.echo(difference(file, loaded.document.text, new.text), nl=False)
        return
    try:
        save(file, new, loaded.stamp)
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error
    tell_new_errors(file, loaded.document, new)


def difference(file: Path, old: str, new: str) -> str:
    """The unified difference of two texts, as `git diff` shows it."""
    lines = difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{file}", f"b/{file}")
    open_end = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + open_end for line in lines)


def tell_new_errors(file: Path, old: Document, new: Document) -> None:
    """Say on stderr which errors `new` has that `old` had not."""
    from loadmaster.checks.diagnostic import Severity
    from loadmaster.checks.engine import check
    from loadmaster.manifest.words import visible

    before = {one.finding.key for one in check(old)}
    for one in check(new):
        if one.severity is Severity.ERROR and one.finding.key not in before:
            place = f"{file}:{one.place.line}:{one.place.column}"
            click.echo(visible(f"{place}: {one.code} {one.message}"), err=True)


def read_bytes(file: Path) -> bytes:
    """The bytes of `file`, or of standard input for `-`."""
    if str(file) == "-":
        return sys.stdin.buffer.read()
    return file.read_bytes()
