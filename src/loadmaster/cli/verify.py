"""`loadmaster verify`: a manifest against the disk."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click

from loadmaster.checks.config import load_config
from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import locate
from loadmaster.checks.observed import counted
from loadmaster.checks.on_disk import disk_findings
from loadmaster.cli.common import STANDARD_INPUT, CannotRun, GivenPath, read_document, require_folder, say, wants_colour
from loadmaster.cli.reading_progress import reading_progress
from loadmaster.cli.reference import meant_variant
from loadmaster.cli.stopping import INTERRUPTED, stopping
from loadmaster.document.document import Document
from loadmaster.errors import LoadmasterError, PathRefused
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import plural
from loadmaster.reports.report import FileReport
from loadmaster.reports.verification import Verification, render, summary
from loadmaster.weights.cache import DigestCache, default_cache_path
from loadmaster.weights.locate import DEFAULT_LAYOUT, Layout, parse_layout
from loadmaster.weights.observation import DigestDiffers, Observation, SizeDiffers
from loadmaster.weights.observe import Hasher, Where, locate_model, verify_models
from loadmaster.weights.partial_spec import comparable_spec

ROOT_VARIABLE = "MODELS_ROOT"

ROOT = click.option("--root", type=GivenPath(), metavar="DIR", help=f"Where the models lie; else ${ROOT_VARIABLE}.")
LAYOUT = click.option(
    "--layout", metavar="TEMPLATES", help="How folders are named below the root, such as {name}/{version}."
)
VARIANT = click.option("--variant", metavar="NAME", help="The variant whose own folder is looked in first.")
WORKERS = click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="How many files are read at a time.")
NO_CACHE = click.option("--no-cache", is_flag=True, help="Read every file anew; keep nothing.")


@dataclass(frozen=True, slots=True)
class How:
    """How files are read: at a time, with or without the digests of before, here or by a scheduler's workers."""

    workers: int | None = None
    use_cache: bool = True
    scheduler: str | None = None


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("model", required=False)
@ROOT
@LAYOUT
@VARIANT
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@WORKERS
@NO_CACHE
@click.option("--scheduler", metavar="ADDRESS", help="Let the workers of this dask scheduler read (extra cluster).")
def verify(
    file: Path,
    model: str | None,
    root: Path | None,
    layout: str | None,
    variant: str | None,
    as_json: bool,
    workers: int | None,
    no_cache: bool,
    scheduler: str | None,
) -> None:
    """Verify that the files that FILE lists, or those of one MODEL, lie on disk as it says.

    Sizes come first, then digests; a file that has not changed since it was read last is not read again. Answers 0
    where all is sound, 1 where something is not, 2 where a model could not be verified, 130 after Ctrl-C: what was
    read until then is told and kept.
    """
    document = read_document(file)
    where = Where(existing_root(root), variant, layout_of(layout))
    specs, others, unverifiable, where = _chosen(document, model, where)
    with stopping() as stop:
        seen = list(observed(specs, others, where, How(workers, not no_cache, scheduler), stop))
        stopped = stop.is_set()
    run = _run(file, document, where, specs, seen, complete=not stopped)
    _print(run, as_json)
    if stopped:
        say("loadmaster: stopped; what was read is kept, so that the next run goes on from here")
        sys.exit(INTERRUPTED)
    failed = any(one.severity is Severity.ERROR for one in run.report.diagnostics)
    sys.exit(2 if unverifiable else int(failed))


def existing_root(root: Path | None) -> Path:
    """The root that was named, or that of the environment. Raises CannotRun where there is none."""
    found = root or Path(os.environ.get(ROOT_VARIABLE, ""))
    if root is None and not os.environ.get(ROOT_VARIABLE):
        raise CannotRun(f"where do the models lie? Give --root DIR, or set {ROOT_VARIABLE}")
    require_folder(found)
    return found


def layout_of(text: str | None) -> Layout:
    """The layout that was written. Raises CannotRun where it is none."""
    try:
        return DEFAULT_LAYOUT if text is None else parse_layout(text)
    except PathRefused as error:
        raise CannotRun(f"--layout: {error}") from error


def _chosen(
    document: Document, model: str | None, where: Where
) -> tuple[list[ModelSpec], list[ModelSpec], bool, Where]:
    """The models to verify, the others, and whether one of the first cannot be verified whole."""
    specs: list[ModelSpec] = []
    unverifiable = False
    if model is not None:
        model_id, variant = meant_variant(document, model, where.variant)
        ids, where = [model_id], replace(where, variant=variant)
    else:
        ids = list(document.model_ids)
    for model_id in ids:
        spec, incomplete = comparable_spec(model_id, document.model_data(model_id))
        if where.variant is not None and where.variant not in spec.variants:
            continue
        if incomplete or not spec.files:
            what = plural(incomplete, "entry").replace("entrys", "entries") if incomplete else "no file"
            say(f"loadmaster: {model_id}: {what} to compare with" + " lacks a path, size or sha256" * bool(incomplete))
            unverifiable = True
        specs.append(spec)
    if not specs:
        what = f"no model has a variant {where.variant}" if where.variant else "there is no model to verify"
        raise CannotRun(what)
    chosen = {spec.model_id for spec in specs}
    others = [comparable_spec(one, document.model_data(one))[0] for one in document.model_ids if one not in chosen]
    return specs, others, unverifiable, where


def observed(
    specs: Sequence[ModelSpec], others: Sequence[ModelSpec], where: Where, how: How, stop: threading.Event
) -> Iterator[Observation]:
    """What is seen of the models, with progress on a terminal. Raises CannotRun where no scheduler answers."""
    try:
        with ExitStack() as stack:
            on_progress = stack.enter_context(reading_progress())
            cache = stack.enter_context(digest_cache(how.use_cache))
            hasher: Hasher | None = None
            if how.scheduler is not None:
                from loadmaster.weights.cluster import connect

                hasher = stack.enter_context(connect(how.scheduler, stop=stop, on_progress=on_progress))
            yield from verify_models(
                specs,
                where,
                cache=cache,
                workers=how.workers,
                stop=stop,
                on_progress=on_progress,
                hasher=hasher,
                others=others,
            )
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error


@contextmanager
def digest_cache(wanted: bool) -> Iterator[DigestCache | None]:
    """The digests of before, or None; what is wrong with them is said and hinders nothing."""
    if not wanted:
        yield None
        return
    with DigestCache(default_cache_path()) as cache:
        yield cache
    if cache.trouble:
        say(f"loadmaster: digests are not kept: {cache.trouble}")


def _run(
    file: Path, document: Document, where: Where, specs: Sequence[ModelSpec], seen: list[Observation], *, complete: bool
) -> Verification:
    config = load_config(Path() if file == STANDARD_INPUT else file.parent)
    found = counted(document, disk_findings(document, seen), config)
    name = "<stdin>" if file == STANDARD_INPUT else str(file)
    report = FileReport(name, document, [locate(document, one) for one in found])
    folders = {spec.model_id: str(locate_model(spec, where).path) for spec in specs}
    return Verification(report, str(where.root), specs, folders, seen, complete)


def _print(run: Verification, as_json: bool) -> None:
    if as_json:
        click.echo(render(run))
        return
    from shutil import get_terminal_size

    from loadmaster.reports import text

    columns = get_terminal_size().columns if sys.stdout.isatty() else 100
    look = text.Look(wants_colour(), columns)
    # `loadmaster fix` does not look at the disk, so what it could do is not offered as its own.
    bare = replace(run.report, diagnostics=[replace(one, fix=None) for one in run.report.diagnostics])
    for line in text.lines(bare, look):
        click.echo(line, color=True)
    click.echo(summary(run))
    for model_id in dict.fromkeys(one.model_id for one in run.seen if isinstance(one, (SizeDiffers, DigestDiffers))):
        words = ("loadmaster", "fill", run.report.file, model_id, "--from", run.folders[model_id])
        say(f"where the disk is right: {shlex.join(words)}")
