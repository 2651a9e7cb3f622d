"""`loadmaster why`: the first obstacle on the way to loading a model."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from loadmaster.checks.why import Look, Step, StepState, meant_id, why
from loadmaster.cli.common import STANDARD_INPUT, read_document, say, wants_colour
from loadmaster.cli.reading_progress import reading_progress
from loadmaster.cli.stopping import INTERRUPTED, stopping
from loadmaster.cli.verify import (
    LAYOUT,
    NO_CACHE,
    ROOT,
    ROOT_VARIABLE,
    VARIANT,
    WORKERS,
    digest_cache,
    existing_root,
    layout_of,
)
from loadmaster.manifest.words import visible
from loadmaster.weights.ask_sources import Asking

_MARKS = {StepState.FINE: "ok", StepState.UNKNOWN: "?", StepState.OBSTACLE: "NO"}
_COLOURS = {StepState.FINE: "32", StepState.UNKNOWN: "33", StepState.OBSTACLE: "1;31"}


@click.command("why")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("model")
@ROOT
@LAYOUT
@VARIANT
@click.option("--online", is_flag=True, help="Also ask the sources what they have (extras hub and remote).")
@click.option("--offline", is_flag=True, help="Also ask what the local cache of the Hub knows; no network.")
@click.option("--quick", is_flag=True, help="Read no file: sizes, and the digests that are known from before.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@WORKERS
@NO_CACHE
def why_not(
    file: Path,
    model: str,
    root: Path | None,
    layout: str | None,
    variant: str | None,
    online: bool,
    offline: bool,
    quick: bool,
    as_json: bool,
    workers: int | None,
    no_cache: bool,
) -> None:
    """Say what stands in the way of loading MODEL, in the order of a load: registry, variant, disk, sources.

    It ends at the first obstacle, with its line in FILE and the way out. Without --root and MODELS_ROOT the disk is not
    looked at. Answers 0 where there is no obstacle, 1 where there is one.
    """
    document = read_document(file)
    known = root is not None or bool(os.environ.get(ROOT_VARIABLE))
    with stopping() as stop, ExitStack() as stack:
        look = Look(
            existing_root(root) if known else None,
            layout_of(layout),
            Asking(offline=offline) if online or offline else None,
            not quick,
            stack.enter_context(digest_cache(not no_cache)) if known else None,
            workers,
            stop,
            stack.enter_context(reading_progress()),
        )
        steps = list(why(document, model, variant, look))
        if stop.is_set():
            say("loadmaster: stopped; what was read is kept, so that the next run goes on from here")
            sys.exit(INTERRUPTED)
    name = "<stdin>" if file == STANDARD_INPUT else str(file)
    if as_json:
        click.echo(json.dumps(_as_data(name, meant_id(document, model.partition("#")[0]), steps), indent=2))
    else:
        for line in _lines(name, steps):
            click.echo(line, color=True)
    sys.exit(int(any(step.state is StepState.OBSTACLE for step in steps)))


def _lines(file: str, steps: Sequence[Step]) -> list[str]:
    paint = wants_colour()
    told = []
    for step in steps:
        mark = f"{_MARKS[step.state]:>2}"
        mark = f"\x1b[{_COLOURS[step.state]}m{mark}\x1b[0m" if paint else mark
        where = f"{file}:{step.place.line}:{step.place.column}: " if step.place is not None else ""
        code = f"{step.code} " if step.code else ""
        told.append(f"{mark} {step.name:<8} {visible(where + code + step.says)}")
        if step.way_out:
            told.append(f"   {'way out':<8} {visible(step.way_out)}")
    return told


def _as_data(file: str, model_id: str | None, steps: Sequence[Step]) -> dict[str, object]:
    return {
        "version": 1,
        "file": file,
        "model_id": model_id,
        "obstacle": any(step.state is StepState.OBSTACLE for step in steps),
        "steps": [
            {
                "name": step.name,
                "state": str(step.state),
                "says": step.says,
                "code": step.code or None,
                "line": step.place.line if step.place else None,
                "column": step.place.column if step.place else None,
                "way_out": step.way_out or None,
            }
            for step in steps
        ],
    }
