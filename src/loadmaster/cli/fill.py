"""`loadmaster fill`: true sizes and digests into a model, from a folder, from the Hub, or from a text of digests."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from loadmaster.cli.common import (
    DIFF,
    MANIFEST,
    CannotRun,
    GivenPath,
    Refused,
    meant_model,
    open_manifest,
    print_difference,
    say,
    tell_new_faults,
)
from loadmaster.cli.fill_sources import (
    Told,
    asked_sizes,
    from_folder,
    from_hub,
    from_sums,
    is_interactive,
    size_of,
    with_sizes,
)
from loadmaster.cli.stopping import INTERRUPTED, stopping
from loadmaster.cli.verify import NO_CACHE, WORKERS
from loadmaster.document.document import Document
from loadmaster.document.store import Loaded, save
from loadmaster.errors import EditRefused, LoadmasterError
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import plural, visible
from loadmaster.weights.filling import FillPlan, fill, plan_fill
from loadmaster.weights.partial_spec import partial_spec

NAMED = 6
"""How many files of one kind are named."""


@click.command("fill")
@MANIFEST
@click.argument("model")
@click.option("--from", "folder", type=GivenPath(), metavar="DIR", help="From the files in DIR.")
@click.option("--from-sums", "sums", metavar="FILE|-", help="From lines of sha256sum, LFS pointers or a Hub tree.")
@click.option("--from-hub", "hub", is_flag=True, help="From the Hub, at one commit, which is pinned (extra hub).")
@click.option("--add/--no-add", "add", default=None, help="Add unlisted files that allow_patterns takes, or not.")
@click.option("--size", "sizes", multiple=True, metavar="PATH=BYTES", help="The size of a file told without one.")
@click.option("--below", metavar="FOLDER", help="With --from-sums: the folder that stands before the model's paths.")
@click.option("--file", "only", metavar="PATH", help="With --from-sums: the file that a line without a path is of.")
@click.option("--source", metavar="URL", help="With --from-hub: another source than the model's first hf:// one.")
@click.option("--pin/--no-pin", default=True, help="With --from-hub: write the commit into the source, or not.")
@click.option("--offline", is_flag=True, help="With --from-hub: from the Hub's local cache only.")
@click.option("--root", type=GivenPath(), metavar="DIR", help="With --from: how far links may lead.")
@WORKERS
@NO_CACHE
@click.option("--yes", is_flag=True, help="Write without asking.")
@DIFF
def fill_model(
    file: Path,
    model: str,
    folder: Path | None,
    sums: str | None,
    hub: bool,
    add: bool | None,
    sizes: tuple[str, ...],
    below: str | None,
    only: str | None,
    source: str | None,
    pin: bool,
    offline: bool,
    root: Path | None,
    workers: int | None,
    no_cache: bool,
    yes: bool,
    only_diff: bool,
) -> None:
    """Fill in true sizes and digests of the files of MODEL in FILE.

    On a terminal the difference is shown and asked for before it is written. Files that are not listed are added where
    allow_patterns takes them: from digests always, from a folder or the Hub when asked or with --add.
    """
    if sum((folder is not None, sums is not None, hub)) != 1:
        raise CannotRun("fill needs one of --from DIR, --from-sums FILE and --from-hub")
    loaded = open_manifest(file)
    document = loaded.document
    model_id = meant_model(document, model)
    spec = partial_spec(model_id, document.model_data(model_id))
    with stopping() as stop:
        if folder is not None:
            told = from_folder(folder, spec, root, workers, not no_cache, stop)
        elif sums is not None:
            told = from_sums(sums, spec, below, only)
        else:
            told = from_hub(spec, source, offline=offline)
        if stop.is_set():
            say("loadmaster: stopped, nothing was written; what was read is kept for the next run")
            sys.exit(INTERRUPTED)
    told = with_sizes(told, dict(map(_size_option, sizes)))
    plan = _sized(document, spec, told)
    adding = bool(plan.additions) and _adds(plan, add, by_default=sums is not None)
    if plan.sizeless and add is not False:
        raise Refused(f"{file}: no size is told of {_named(plan.sizeless)}: give --size PATH=BYTES, or --no-add")
    try:
        new = fill(document, plan, add=adding)
        new = _pinned(new, model_id, told) if pin else new
    except EditRefused as refusal:
        raise Refused(f"{file}: {refusal}") from refusal
    _tell(file, plan, adding)
    _write(file, loaded, new, only_diff=only_diff, yes=yes or only_diff, from_input=sums == "-")
    sys.exit(int(told.incomplete))


def _size_option(text: str) -> tuple[str, int]:
    path, equals, size = text.rpartition("=")
    if not equals or not path:
        raise CannotRun(f"--size {text}: write PATH=BYTES, such as vae.pth=2.8GB")
    return path, size_of(size, f"--size {path}")


def _sized(document: Document, spec: ModelSpec, told: Told) -> FillPlan:
    """The plan, once a person was asked for the sizes that nobody told."""
    plan = plan_fill(document, spec.model_id, told.files)
    missing = (*plan.unsized, *plan.sizeless)
    if not missing or not is_interactive():
        return plan
    listed = {file.path: file.size for file in spec.files}
    return plan_fill(document, spec.model_id, with_sizes(told, asked_sizes(missing, listed)).files)


def _adds(plan: FillPlan, add: bool | None, *, by_default: bool) -> bool:
    if add is not None:
        return add
    if by_default:
        return True
    named = _named([one.path for one in plan.additions])
    if is_interactive():
        return click.confirm(f"add {plural(len(plan.additions), 'unlisted file')} ({named})?", err=True)
    say(f"{plural(len(plan.additions), 'unlisted file')} could be added with --add: {named}")
    return False


def _pinned(document: Document, model_id: str, told: Told) -> Document:
    path = ("models", model_id, "sources", "priority")
    sources = document.get(path)
    if told.pinned is None or not isinstance(sources, list) or told.source not in sources:
        return document
    return document.set((*path, sources.index(told.source)), told.pinned)


def _tell(file: Path, plan: FillPlan, adding: bool) -> None:
    """What becomes of the files, on stderr."""
    words = [f"{plural(len(plan.changes), 'file')} with other values", f"{plan.agreeing:,} true already"]
    words += [f"{len(plan.additions):,} added"] if adding else []
    say(f"{file}: {plan.model_id}: {', '.join(words)}")
    if plan.unsized:
        say(f"  the size that stood there stays, as none was told: {_named(plan.unsized)}")
    if plan.pointers:
        say(f"  Git LFS pointers, whose promise was taken; their bytes are not here: {_named(plan.pointers)}")
    if plan.need_bytes:
        say(f"  no sha256 is told, their bytes are needed: {_named(plan.need_bytes)}")
    if plan.untold:
        say(f"  listed, and nothing was told of them: {_named(plan.untold)}")
    for reason in dict.fromkeys(reason for _, reason in plan.left_out):
        say(f"  not added ({reason}): {_named([path for path, why in plan.left_out if why == reason])}")


def _named(paths: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED + 1 else ""
    return ", ".join(map(visible, paths[:NAMED] if more else paths)) + more


def _write(file: Path, loaded: Loaded, new: Document, *, only_diff: bool, yes: bool, from_input: bool) -> None:
    """Show the difference, ask where there is a person to ask, and write once."""
    old = loaded.document
    if new.text == old.text:
        say(f"{file}: nothing to change")
        return
    watched = is_interactive() or (from_input and sys.stderr.isatty())
    if only_diff or watched:
        print_difference(file, old.text, new.text)
    if not only_diff:
        if watched and not yes and not is_interactive():
            raise CannotRun("standard input held the digests, so nobody can be asked: write with --yes")
        if watched and not yes and not click.confirm(f"write this to {file}?", err=True):
            raise Refused("nothing was written")
        try:
            save(file, new, loaded.stamp)
        except LoadmasterError as error:
            raise CannotRun(str(error)) from error
    tell_new_faults(file, old, new)
