"""`loadmaster recover`: unsaved work that a killed app left behind, listed, printed, restored or discarded."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click

from loadmaster.cli.common import DIFF, CannotRun, Refused, open_manifest, print_difference, say
from loadmaster.document import recovery
from loadmaster.document.document import Document
from loadmaster.document.recovery import RecoveryCopy
from loadmaster.document.store import Loaded, save
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.words import age, plural, visible


@click.command("recover")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--restore", is_flag=True, help="Write the unsaved text to FILE.")
@click.option("--print", "only_print", is_flag=True, help="Write the unsaved text to stdout, and nothing else.")
@click.option("--discard", is_flag=True, help="Remove the copy.")
@click.option("--copy", "number", default=1, metavar="N", help="Which copy, as they are listed; the latest is 1.")
@click.option("--force", is_flag=True, help="Restore or discard although another process holds it or FILE changed.")
@DIFF
def recover(
    file: Path | None,
    restore: bool,
    only_print: bool,
    discard: bool,
    number: int,
    force: bool,
    only_diff: bool,
) -> None:
    """List the unsaved work that was left behind, of FILE or of every manifest; or deal with that of FILE.

    The app keeps a copy of unsaved work after every edit and offers it at its next start. A copy that was restored is
    removed. Answers 1 where there is none, or where restoring would undo what someone else did to FILE since.
    """
    if sum((restore, only_print, discard)) > 1:
        raise CannotRun("--restore, --print and --discard are one or the other")
    copies = recovery.find_all(recovery.state_folder(), file)
    if not copies:
        raise Refused(f"no unsaved work was left of {file}" if file else "no unsaved work was left behind")
    if file is None:
        if restore or only_print or discard or only_diff:
            raise CannotRun("name the FILE whose unsaved work is meant")
        for copy in copies:
            click.echo(visible(f"{copy.file}: {_told(copy, None)}"))
        return
    if not 1 <= number <= len(copies):
        raise CannotRun(f"there is no copy {number} of {file}; the last is {len(copies)}")
    copy = copies[number - 1]
    if only_print:
        sys.stdout.buffer.write(copy.text.encode("utf-8"))
    elif discard:
        _refuse_held(copy, force)
        copy.remove()
        say(f"{file}: the unsaved work of {_age(copy)} was discarded")
    elif restore or only_diff:
        _restore(file, copy, force, only_diff)
    else:
        loaded = open_manifest(file) if os.path.exists(file) else None
        for index, one in enumerate(copies, 1):
            click.echo(f"{index}  {_told(one, loaded)}")


def _restore(file: Path, copy: RecoveryCopy, force: bool, only_diff: bool) -> None:
    loaded = open_manifest(file) if os.path.exists(file) else None
    if only_diff:
        print_difference(file, loaded.document.text if loaded else "", copy.text)
        return
    _refuse_held(copy, force)
    if not force and _was_changed(copy, loaded):
        raise Refused(
            f"{file}: it was changed since the unsaved work began, and restoring would take that back. "
            "Look with --diff, then use --force"
        )
    try:
        save(file, Document.from_text(copy.text), loaded.stamp if loaded else None)
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error
    copy.remove()
    say(f"{file}: restored, as it was {_age(copy)}")


def _refuse_held(copy: RecoveryCopy, force: bool) -> None:
    if copy.is_held and not force:
        raise Refused(f"process {copy.process} still runs and has it; save it there, or use --force")


def _was_changed(copy: RecoveryCopy, loaded: Loaded | None) -> bool:
    return loaded is not None and copy.stamp is not None and copy.stamp.sha256 != loaded.stamp.sha256


def _told(copy: RecoveryCopy, loaded: Loaded | None) -> str:
    """A copy in a line: how old, how it differs from the file, who holds it."""
    words = [_age(copy)]
    if loaded is not None:
        words.append(_difference(loaded.document, copy.text))
    if _was_changed(copy, loaded):
        words.append("the file was changed since")
    if copy.is_held:
        words.append(f"process {copy.process} still runs and has it")
    return ", ".join(words)


def _difference(document: Document, text: str) -> str:
    from loadmaster.session import difference  # brings the checks along, which a list of copies does not need

    hunks = difference(document, Document.from_text(text))
    lines = sum(max(sum(line[0] == sign for line in hunk.lines) for sign in "+-") for hunk in hunks)
    return f"{plural(lines, 'line')} changed" if lines else "the same as the file"


def _age(copy: RecoveryCopy) -> str:
    return age(time.time() - copy.written)
