"""`loadmaster merge`: a merge driver for git that knows models and fields."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loadmaster.cli.common import CannotRun, open_manifest, read_document, say
from loadmaster.document.document import Document
from loadmaster.document.merging import Merge
from loadmaster.document.merging import merge as merged
from loadmaster.document.store import save
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.words import path_text, plural


@click.command("merge")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option("--name", metavar="PATH", help="What the file is called in messages (git's %P).")
@click.option("--labels", nargs=2, default=("ours", "theirs"), metavar="OURS THEIRS", help="What markers are called.")
@click.option("--print", "only_print", is_flag=True, help="Print the result; write nothing.")
def merge(base: Path, ours: Path, theirs: Path, name: str | None, labels: tuple[str, str], only_print: bool) -> None:
    """Merge what OURS and THEIRS changed since BASE, by model and field, and write it to OURS.

    Git calls it as a merge driver: `loadmaster merge %O %A %B --name %P`. Comments of both stay. There is a conflict
    only where both changed one field, or one changed what the other took away; markers then stand around it. Answers 0
    where all went together, 1 where conflicts are left, 2 where a file could not be read or written.
    """
    loaded = open_manifest(ours)
    documents = (read_document(base), loaded.document, read_document(theirs))
    for document, file in zip(documents, (base, ours, theirs), strict=True):
        if not document.is_readable:
            raise CannotRun(f"{file}: is not UTF-8, so it cannot be merged")
    before, mine, other = (document.text for document in documents)
    result = merged(before, mine, other, labels)
    if only_print:
        click.echo(result.text, nl=False, color=True)
    elif result.text != loaded.document.text:
        try:
            save(ours, Document.from_text(result.text), loaded.stamp)
        except LoadmasterError as error:
            raise CannotRun(str(error)) from error
    _tell(name or str(ours), result)
    sys.exit(int(bool(result.conflicts)))


def _tell(name: str, result: Merge) -> None:
    """Say on stderr which conflicts are left."""
    if not result.conflicts:
        return
    if result.whole:
        say(f"{name}: cannot be read by model and field; one conflict holds all that differs")
        return
    say(f"{name}: {plural(len(result.conflicts), 'conflict')}, both changed:")
    for path in result.conflicts:
        say(f"  {path_text(path)}")
