"""`loadmaster diff`: two manifests, or one and its past, compared by model and field."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loadmaster.cli.common import STANDARD_INPUT, CannotRun, read_document, say, wants_colour
from loadmaster.document.comparison import compare
from loadmaster.document.document import Document
from loadmaster.reports import comparison as reports
from loadmaster.reports.text import Look


@click.command("diff")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="[NEW]", required=False, type=click.Path(path_type=Path))
@click.option("--since", metavar="REF", help="Compare the one file with itself at the merge base with REF (git).")
@click.option("--format", "form", type=click.Choice(("text", "json", "markdown")), default="text", show_default=True)
def diff(old: Path, new: Path | None, since: str | None, form: str) -> None:
    """Compare two manifests by model and field, not by line.

    Answers 0 where they say the same, 1 where they differ, 2 where they could not be compared. Files are told by their
    path; comments and spelling do not count. One of the two may be -, standard input.
    """
    before, after, names = _documents(old, new, since)
    for document, name in zip((before, after), names, strict=True):
        if document.faults:
            say(f"{name} has faults in its text, see `loadmaster check`; what can be read is compared")
    found = compare(before, after)
    if form == "json":
        click.echo(reports.as_json(found, *names))
    elif form == "markdown":
        for line in reports.markdown(found, *names):
            click.echo(line, color=True)
    else:
        for line in reports.text(found, Look(wants_colour())):
            click.echo(line, color=True)
        if not found:
            spelling = "" if before.text == after.text else "; only the spelling differs"
            say(f"no model or field differs{spelling}")
    sys.exit(int(bool(found)))


def _documents(old: Path, new: Path | None, since: str | None) -> tuple[Document, Document, tuple[str, str]]:
    """Both documents and what they are called."""
    if (new is None) == (since is None):
        raise CannotRun("diff needs two files, or one file and --since REF")
    if since is None:
        assert new is not None
        if old == new == STANDARD_INPUT:
            raise CannotRun("only one of the two can be standard input")
        return read_document(old), read_document(new), (str(old), str(new))
    if old == STANDARD_INPUT:
        raise CannotRun("--since needs a file: standard input has no past")
    from loadmaster.document.revisions import RevisionError, document_since

    after = read_document(old)
    try:
        before = document_since(old, since)
    except RevisionError as error:
        raise CannotRun(f"--since: {error}") from error
    if before is None:
        raise CannotRun(f"--since: {old} was not there yet at the merge base with {since}")
    return before, after, (f"{old}@{since}", str(old))
