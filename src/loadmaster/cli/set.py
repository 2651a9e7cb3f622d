"""`loadmaster set` and `loadmaster unset`: one field, of one model or of many, written once."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import DIFF, MANIFEST, CannotRun, Refused, change_manifest, say
from loadmaster.cli.path_pattern import Pattern, expand, is_glob, parse_pattern
from loadmaster.cli.progress import Progress
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import field_at, parse_value
from loadmaster.manifest.words import path_text, plural, shown
from loadmaster.reports.report import said


@click.command("set")
@MANIFEST
@click.argument("path")
@click.argument("value")
@click.option("--create", is_flag=True, help="Also make a table that is absent.")
@DIFF
def set_value(file: Path, path: str, value: str, create: bool, only_diff: bool) -> None:
    """Set the field at PATH to VALUE in FILE.

    PATH is models."id".defaults.fps; ids may be globs ("t2v-*"), a file is files[2] or files["vae.pth"]. VALUE is read
    by the field's type: sizes take 4.7GiB, digests sha256:…, lists a,b. A field that the format does not know takes a
    TOML value, else text. Models without the field's table are skipped unless --create is given.
    """
    pattern = _pattern(path)
    done: list[KeyPath] = []

    def change(document: Document) -> Document:
        targets = _paths(document, pattern)
        with Progress() as progress:
            for number, target in enumerate(targets, 1):
                progress.tell(f"setting {number} of {len(targets)}")
                if not create and len(target) > 1 and not document.has(target[:-1]):
                    progress.wipe()
                    say(f"{file}: skipped {path_text(target[:-1])}: there is no such table (--create makes it)")
                    continue
                document = document.set(target, _value(target, value))
                done.append(target)
        if not done:
            raise Refused(f"{file}: nothing was set")
        return document

    change_manifest(
        file, change, only_diff, told=lambda: f"{_fields(done)} set to {said(shown(_value(done[0], value)))}"
    )


@click.command("unset")
@MANIFEST
@click.argument("path")
@DIFF
def unset(file: Path, path: str, only_diff: bool) -> None:
    """Remove the field at PATH from FILE, with the comment directly above it.

    PATH is written as for `set`. With a glob, models that do not have the field are passed over.
    """
    pattern = _pattern(path)
    several = any(is_glob(part) for part in pattern)
    present: list[KeyPath] = []

    def change(document: Document) -> Document:
        targets = _paths(document, pattern)
        present.extend(target for target in targets if document.has(target))
        if not present:
            raise Refused(
                f"{file}: {path_text(targets[0])} is not there" if not several else f"{file}: nothing to unset"
            )
        # From the end, so that the positions of list items still to go stay true.
        for target in reversed(present):
            document = document.unset(target)
        return document

    change_manifest(file, change, only_diff, told=lambda: f"{_fields(present)} removed")


def _fields(paths: Sequence[KeyPath]) -> str:
    """The fields in a few words: the first, and how many more there are."""
    more = f" and {plural(len(paths) - 1, 'field')} more" if len(paths) > 1 else ""
    return said(path_text(paths[0])) + more


def _pattern(text: str) -> Pattern:
    try:
        return parse_pattern(text)
    except ValueError as error:
        raise CannotRun(str(error)) from error


def _paths(document: Document, pattern: Pattern) -> list[KeyPath]:
    try:
        return expand(document, pattern)
    except ValueError as error:
        raise CannotRun(str(error)) from error


def _value(path: KeyPath, text: str) -> Any:
    """What `text` means as the value at `path`."""
    field = field_at(path)
    if field is not None and not isinstance(path[-1], int):
        try:
            return parse_value(field, text)
        except ValueError as error:
            raise CannotRun(f"{path_text(path)}: {error}") from error
    if field is not None:
        return text
    try:
        data = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return data["value"] if len(data) == 1 else text  # a line break may have brought other keys along
