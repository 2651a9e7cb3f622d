"""`loadmaster check`: the faults of manifests, for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadmaster.checks.config import DEFAULT, CheckConfig, find_config, read_config
from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check as check_document
from loadmaster.cli.common import (
    STANDARD_INPUT,
    CannotRun,
    GivenPath,
    codes_of,
    likely_model,
    read_document,
    say,
    wants_colour,
)
from loadmaster.cli.found_files import manifests
from loadmaster.cli.progress import Progress
from loadmaster.document.collector import without_collection
from loadmaster.document.store import reason_of
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.words import visible
from loadmaster.reports.report import FileReport, count

if TYPE_CHECKING:
    from loadmaster.cli.online import Online

FORMATS = ("text", "json", "github", "sarif", "junit")

_LONG = 2_000_000
"""Bytes of a file that takes a second or more."""


@click.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=GivenPath())
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to tell.")
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: LM403, or LM4 for all that begin so.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option("--model", "models", multiple=True, metavar="GLOB", help="Only models of these ids, and the file itself.")
@click.option("--strict", is_flag=True, help="Warnings make it answer 1 as well.")
@click.option("--since", metavar="REF", help="Only what is new since the merge base with REF (git).")
@click.option("--all", "unfolded", is_flag=True, help="Tell each fault whole, also where one rule repeats in a model.")
@click.option("--online", is_flag=True, help="Also ask the sources what they have (extras hub and remote).")
@click.option("--offline", is_flag=True, help="Also ask what the local cache of the Hub knows; no network.")
@click.option("--stdin-filename", metavar="NAME", help="What standard input is called in the report.")
def check(
    files: tuple[Path, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    models: tuple[str, ...],
    strict: bool,
    since: str | None,
    unfolded: bool,
    online: bool,
    offline: bool,
    stdin_filename: str | None,
) -> None:
    """Tell the faults of manifests.

    FILE is a manifest, a folder (all its **/models.toml), or - for standard input. Answers 0 where there is no error,
    1 where there is one, 2 where something could not be read. [tool.loadmaster] of pyproject.toml, or loadmaster.toml,
    can choose rules and their severities as well.
    """
    configs = _Configs(codes_of(select), codes_of(ignore), models)
    with Progress() as progress, without_collection():
        ask = _online(progress, offline) if online or offline else None
        reports, unreadable = _all_checked(manifests(files), configs, since, stdin_filename, progress, ask)
    _require_models(models, reports)
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    _print(reports, form, failing, fold=not unfolded)
    failed = any(one.severity in failing for report in reports for one in report.diagnostics)
    unasked = ask is not None and _tell_unasked(ask)
    sys.exit(2 if unreadable or unasked else int(failed))


def _online(progress: Progress, offline: bool) -> Online:
    from loadmaster.cli.online import Online

    return Online(progress, offline)


def _tell_unasked(ask: Online) -> bool:
    """Say which sources could not be asked; gives whether that is a failure: the cache need not know everything."""
    for trouble in ask.troubles:
        say(f"loadmaster: {trouble}")
    if ask.fixes:
        say("to take what the Hub says: loadmaster fill FILE MODEL --from-hub")
    return bool(ask.troubles) and not ask.offline


def _all_checked(
    paths: Sequence[Path],
    configs: _Configs,
    since: str | None,
    stdin_filename: str | None,
    progress: Progress,
    ask: Online | None,
) -> tuple[list[FileReport], bool]:
    """The reports of the files that can be read, and whether one could not; that is said on stderr."""
    reports: list[FileReport] = []
    unreadable = False
    for number, file in enumerate(paths, 1):
        progress.tell(f"checking {number} of {len(paths)}: {visible(str(file))}", at_once=_is_long(file))
        try:
            reports.append(_checked(file, configs.of(file), since, stdin_filename, ask))
        except (LoadmasterError, CannotRun) as error:
            progress.wipe()
            say(f"loadmaster: {error}")
            unreadable = True
        except OSError as error:
            progress.wipe()
            say(f"loadmaster: {file}: {reason_of(error)[1]}")
            unreadable = True
    return reports, unreadable


def _globs(word: str) -> tuple[str, ...]:
    """What `--model` means by a word: ids, or names of any version where it has none."""
    return (word,) if "@" in word else (word, f"{word}@*")


class _Configs:
    """The configuration of each file: the nearest file of it, with what the command line says on top."""

    def __init__(self, select: tuple[str, ...], ignore: tuple[str, ...], models: tuple[str, ...]) -> None:
        self._select = select
        self._ignore = ignore
        self._models = tuple(glob for word in models for glob in _globs(word))
        self._by_folder: dict[Path, CheckConfig] = {}

    def of(self, file: Path) -> CheckConfig:
        """The configuration for `file`; standard input takes the current folder's."""
        folder = Path() if file == STANDARD_INPUT else file.parent
        if folder not in self._by_folder:
            self._by_folder[folder] = self._read(folder)
        return self._by_folder[folder]

    def _read(self, folder: Path) -> CheckConfig:
        found = find_config(folder)
        config = DEFAULT if found is None else read_config(found)
        if self._select:
            # What is asked for by name is wanted, whatever the project leaves out.
            config = replace(config, select=self._select, ignore=())
        if self._ignore:
            config = replace(config, ignore=config.ignore + self._ignore)
        return replace(config, models=self._models) if self._models else config


def _is_long(file: Path) -> bool:
    try:
        return file != STANDARD_INPUT and file.stat().st_size > _LONG
    except OSError:
        return False


def _checked(
    file: Path, config: CheckConfig, since: str | None, stdin_filename: str | None, ask: Online | None
) -> FileReport:
    document = read_document(file)
    name = (stdin_filename or "<stdin>") if file == STANDARD_INPUT else str(file)
    diagnostics = check_document(document, config)
    if since is not None:
        known = _known_faults(Path(name) if stdin_filename else file, config, since)
        diagnostics = [one for one in diagnostics if one.finding.key not in known]
    if ask is not None:
        diagnostics = [*diagnostics, *ask.diagnostics(document, config)]
        diagnostics.sort(key=lambda one: (one.place.line, one.place.column, one.code))
    return FileReport(name, document, diagnostics)


def _known_faults(file: Path, config: CheckConfig, since: str) -> set[tuple[str, ...]]:
    """What the faults of the merge base are known by."""
    from loadmaster.checks.engine import findings
    from loadmaster.document.revisions import document_since

    if file == STANDARD_INPUT:
        raise CannotRun("--since needs a file: name the one that standard input stands for with --stdin-filename")
    before = document_since(file, since)
    return set() if before is None else {finding.key for finding in findings(before, config)}


def _require_models(models: Sequence[str], reports: Sequence[FileReport]) -> None:
    """A glob that matches nothing is a slip, not a clean manifest."""
    if not models or not reports:
        return
    from fnmatch import fnmatchcase

    ids = [model_id for report in reports for model_id in report.document.model_ids]
    for word in models:
        if not any(fnmatchcase(model_id, glob) for model_id in ids for glob in _globs(word)):
            likely = likely_model(word, ids)
            raise CannotRun(
                visible(f"--model: no model is called {word}" + (f"; did you mean {likely}?" * bool(likely)))
            )


def _print(reports: Sequence[FileReport], form: str, failing: Sequence[Severity], *, fold: bool) -> None:
    printers: dict[str, Callable[[], Iterator[str]]] = {
        "text": lambda: _text(reports, fold),
        "json": lambda: _json(reports),
        "github": lambda: _github(reports),
        "sarif": lambda: _sarif(reports),
        "junit": lambda: _junit(reports, failing),
    }
    for line in printers[form]():
        click.echo(line, color=True)  # what is coloured was decided already


def _text(reports: Sequence[FileReport], fold: bool) -> Iterator[str]:
    from shutil import get_terminal_size

    from loadmaster.reports import text

    on_terminal = sys.stdout.isatty()
    look = text.Look(wants_colour(), get_terminal_size().columns if on_terminal else 100, fold)
    for report in reports:
        yield from text.lines(report, look)
    if reports:
        yield text.summary(count(reports), len(reports), look)


def _json(reports: Sequence[FileReport]) -> Iterator[str]:
    from loadmaster.reports import json

    yield json.render(reports)


def _github(reports: Sequence[FileReport]) -> Iterator[str]:
    from loadmaster.reports import github

    return github.lines(reports)


def _sarif(reports: Sequence[FileReport]) -> Iterator[str]:
    from importlib.metadata import version

    from loadmaster.reports import sarif

    yield sarif.render(reports, version("loadmaster"))


def _junit(reports: Sequence[FileReport], failing: Sequence[Severity]) -> Iterator[str]:
    from loadmaster.reports import junit

    return junit.lines(reports, failing)
