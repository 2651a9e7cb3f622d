"""What the commands share: how a manifest is opened, and how a change is shown, written and told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loadmaster.document.document import Document
from loadmaster.document.store import MAX_BYTES, Loaded, load, read, reason_of, save
from loadmaster.errors import EditRefused, LoadmasterError
from loadmaster.manifest.words import visible

if TYPE_CHECKING:
    from loadmaster.checks.diagnostic import Finding

MANIFEST = click.argument("file", type=click.Path(path_type=Path))
DIFF = click.option("--diff", "only_diff", is_flag=True, help="Show what would change; write nothing.")

STANDARD_INPUT = Path("-")


class GivenPath(click.Path):
    """A path that was really given: an empty word is a variable that nobody set, not the current folder."""

    def __init__(self) -> None:
        # Whether a file can be read is said by who reads it, so that one that cannot hinders no other.
        super().__init__(path_type=Path, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Raises CannotRun for an empty one."""
        if value == "":
            name = param.make_metavar(ctx) if param is not None and ctx is not None else "a path"
            raise CannotRun(f"the name given for {name} is empty; is a variable unset?")
        return super().convert(value, param, ctx)


class CannotRun(click.ClickException):
    """Nothing could be done: said on stderr, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Say it on stderr."""
        say(f"loadmaster: {self.message}")


class Refused(CannotRun):
    """The edit was refused and the file is as it was: said on stderr, exit 1."""

    exit_code = 1


def say(text: str) -> None:
    """A line on stderr, with what cannot be seen as escapes."""
    click.echo("\n".join(map(visible, text.split("\n"))), err=True)


def wants_colour() -> bool:
    """Whether stdout is a terminal that may show colours: https://no-color.org holds."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def open_manifest(file: Path) -> Loaded:
    """The manifest in `file`. Raises CannotRun where it cannot be read."""
    try:
        return load(file)
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error


def read_document(file: Path) -> Document:
    """The document in `file`, or of standard input for `-`. Raises CannotRun where it cannot be read."""
    if file != STANDARD_INPUT:
        try:
            return read(file)
        except LoadmasterError as error:
            raise CannotRun(str(error)) from error
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise CannotRun(f"standard input: {reason_of(error)[1]}") from error
    if len(raw) > MAX_BYTES:
        raise CannotRun(f"standard input: more than {MAX_BYTES:,} bytes are no manifest")
    return Document.from_bytes(raw)


def error_words(error: OSError) -> str:
    """What the system refused, as a sentence that names the file where one is known."""
    told = reason_of(error)[1]
    return f"{os.fsdecode(error.filename)}: {told}" if isinstance(error.filename, (str, bytes)) else told


def require_folder(folder: Path) -> None:
    """Raises CannotRun, which says why, where `folder` is none or cannot be reached."""
    if os.path.isdir(folder):
        return
    try:
        folder.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise CannotRun(f"{folder}: {reason_of(error)[1]}") from error
    raise CannotRun(f"{folder}: there is no such folder")


def meant_model(document: Document, reference: str) -> str:
    """The id that a person means: the id itself, or a name of which there is one version.

    Raises CannotRun with what there is.
    """
    ids = document.model_ids
    found = [reference] if reference in ids else [one for one in ids if one.partition("@")[0] == reference]
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotRun(f"{reference} has several versions: {', '.join(found)}")
    likely = likely_model(reference, ids)
    hint = f"did you mean {likely}?" if likely else f"there are {', '.join(ids[:8]) or 'none'}"
    raise CannotRun(f"there is no model {reference}; {hint}")


def likely_model(reference: str, ids: Iterable[str]) -> str | None:
    """The id most like `reference`, or the name most like it where it has no version."""
    from loadmaster.manifest.words import nearest

    known = list(ids)
    return nearest(reference, known) or nearest(reference, dict.fromkeys(one.partition("@")[0] for one in known))


def codes_of(words: Iterable[str]) -> tuple[str, ...]:
    """Rule codes or their beginnings as people write them: `LM403,lm4`, `shard-missing`.

    Raises CannotRun for what is none.
    """
    wanted = [part.strip() for word in words for part in word.split(",") if part.strip()]
    if not wanted:
        return ()
    from loadmaster.checks import catalog  # noqa: F401 - it makes the registry whole
    from loadmaster.checks.rule import RULES

    names = {rule.name: code for code, rule in RULES.items()}
    codes = [names.get(word.lower(), word.upper()) for word in wanted]
    for code, word in zip(codes, wanted, strict=True):
        if not any(known.startswith(code) for known in RULES):
            raise CannotRun(f"there is no rule {word}; `loadmaster explain` lists them")
    return tuple(codes)


def change_manifest(
    file: Path,
    change: Callable[[Document], Document],
    only_diff: bool,
    unchanged: str = "nothing to change",
    told: Callable[[], str] | None = None,
) -> Document:
    """Apply `change` to the manifest in `file` and write it once; with `only_diff` print the difference instead.

    Faults that the change brings are written all the same and said on stderr: the manifest is its keeper's.
    `unchanged` is said where the change makes no difference, unless it is empty; `told`, once it is written.
    Gives the changed document. Raises Refused or CannotRun, and then nothing was written.
    """
    loaded = open_manifest(file)
    try:
        new = change(loaded.document)
    except EditRefused as refusal:
        raise Refused(f"{file}: {refusal}") from refusal
    if new.text == loaded.document.text:
        if unchanged:
            say(f"{file}: {unchanged}")
        return new
    if only_diff:
        print_difference(file, loaded.document.text, new.text)
    else:
        try:
            save(file, new, loaded.stamp)
        except LoadmasterError as error:
            raise CannotRun(str(error)) from error
        if told is not None:
            say(f"{file}: {told()}")
    tell_new_faults(file, loaded.document, new)
    return new


def print_difference(file: Path, old: str, new: str) -> None:
    """Print the unified difference of two texts, exact in a pipe and with visible escapes on a terminal."""
    text = difference(file, old, new)
    if sys.stdout.isatty():
        text = "\n".join(visible(line.removesuffix("\r").expandtabs(4)) for line in text.split("\n"))
    click.echo(text, nl=False, color=True)


def difference(file: Path, old: str, new: str) -> str:
    """The unified difference of two texts, as `git diff` shows it."""
    import difflib

    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{file}", f"b/{file}")
    open_end = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + open_end for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends. Only a newline ends a line: `str.splitlines` splits at U+2028 and others."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [line for line in text.rpartition("\n")[2:] if line]


MOST_TOLD = 5
"""Faults of one rule that are said one by one."""


def tell_new_faults(file: Path, old: Document, new: Document) -> None:
    """Say on stderr which errors and warnings `new` has that `old` had not, by the rules that count for the file."""
    from loadmaster.checks.config import DEFAULT, ConfigError, load_config
    from loadmaster.checks.diagnostic import Severity
    from loadmaster.checks.engine import compared, findings, locate, recheck
    from loadmaster.document.history import step_between

    try:
        config = load_config(file.parent)
    except ConfigError:
        config = DEFAULT  # an edit does not fail for it; `loadmaster check` tells of it
    before = findings(old, config)
    changed = None if old.is_whole or new.is_whole else step_between(old, new, "").models
    come, _ = compared(before, recheck(new, before, changed))
    by_rule: dict[str, list[Finding]] = {}
    for finding in come:
        if finding.severity is not Severity.INFO:
            by_rule.setdefault(finding.code, []).append(finding)
    for code, found in by_rule.items():
        for one in (locate(new, finding) for finding in found[:MOST_TOLD]):
            say(f"{file}:{one.place.line}:{one.place.column}: {code} {one.message}")
        if len(found) > MOST_TOLD:
            say(f"{file}: {code} {len(found) - MOST_TOLD:,} times more; `loadmaster check {file}` tells of all")
