"""`loadmaster vram`: how much graphics memory models need, and which of them fit on a card."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from loadmaster.cli import vram_report
from loadmaster.cli.common import CannotRun, read_document, say
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.words import nearest, path_text
from loadmaster.vram.cards import Card, find_card, local_cards
from loadmaster.vram.estimate import Size, estimate_vram, parse_size
from loadmaster.vram.fit import frames_choices, largest_that_fits, resolutions_of, verdict
from loadmaster.vram.precisions import precision_of

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.manifest.spec import ModelSpec


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> Size | None:
    try:
        return None if value is None else parse_size(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("vram")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("model", required=False)
@click.option("--variant", help="Estimate this variant only, also for models that do not list it.")
@click.option("--frames", type=click.IntRange(min=1), help="Frames; else the model's defaults.frames.")
@click.option(
    "--size", callback=_size, metavar="WxH", help="Width and height in pixels, or 480p to 1440p; else 832x480."
)
@click.option(
    "--gpu",
    metavar="NAME",
    help="A card (4090, L40S, one of your configuration) or a size (24GiB); else this machine's own.",
)
@click.option("--json", "as_json", is_flag=True, help="Everything, with formulas and key paths, as JSON.")
def vram(
    file: Path,
    model: str | None,
    variant: str | None,
    frames: int | None,
    size: Size | None,
    gpu: str | None,
    as_json: bool,
) -> None:
    """Say which models and variants of FILE fit on a card, and on what the figures rest.

    MODEL is an id, a name without its version, or a glob over ids; `#variant` may follow. Estimates are ranges in
    GiB and never block anything: the exit code is 0 whatever fits, and 2 where nothing could be estimated.

    Cards of your own stand in [cards] of loadmaster.toml, or [tool.loadmaster.cards] of pyproject.toml.
    """
    card = _card(gpu, file.parent)
    document = read_document(file)
    if document.faults:
        say(f"{file} has faults in its text, see `loadmaster check`; what can be read is shown")
    pattern, _, named = (model or "*").partition("#")
    wanted = variant or named or None
    specs = _specs(document, _chosen(document, file, pattern))
    rows = [_row(document, spec, each, frames, size, card) for spec in specs for each in _variants(spec, wanted)]
    if not rows:
        raise CannotRun(_nothing(file, specs, wanted))
    report = vram_report.as_json if as_json else vram_report.as_text
    report(str(file), card, rows)


def _card(name: str | None, folder: Path) -> Card | None:
    """The card of a name or a size; without one the largest of this machine's, else the first of the configuration."""
    from loadmaster.checks.own_cards import configured_cards

    local = local_cards()
    try:
        configured = configured_cards(folder)
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error
    if name is None:
        return max(local, key=lambda card: card.mib, default=configured[0] if configured else None)
    try:
        return find_card(name, (*local, *configured))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--gpu'") from error


def _chosen(document: Document, file: Path, pattern: str) -> list[str]:
    """The ids that a pattern means: itself, every version of a name, or what a glob matches."""
    ids = document.model_ids
    if pattern in ids:
        return [pattern]
    named = [model_id for model_id in ids if model_id.partition("@")[0] == pattern]
    found = named or [model_id for model_id in ids if fnmatchcase(model_id, pattern)]
    if found:
        return found
    if not ids:
        raise CannotRun(f"{file} has no models")
    likely = nearest(pattern, ids)
    hint = f"did you mean {likely}?" if likely else f"there are {vram_report.listed(ids)}"
    raise CannotRun(f"{file} has no model {pattern}; {hint}")


def _specs(document: Document, ids: list[str]) -> list[ModelSpec]:
    """The specs of models that can be read; of the others stderr says why not."""
    from loadmaster.manifest.reader import read_model

    specs = []
    for model_id in ids:
        reading = read_model(model_id, document.model_data(model_id))
        if reading.spec is not None:
            specs.append(reading.spec)
            continue
        why = ""
        if reading.faults:
            fault = reading.faults[0]
            why = f": {path_text(fault.path)} should be {fault.wanted}"
        say(f"{model_id} cannot be read{why}; see `loadmaster check`")
    return specs


def _variants(spec: ModelSpec, wanted: str | None) -> list[str]:
    if wanted is None:
        return list(dict.fromkeys(spec.variants))
    return [wanted] if wanted in spec.variants or precision_of(wanted) is not None else []


def _nothing(file: Path, specs: list[ModelSpec], wanted: str | None) -> str:
    if not specs:
        return f"no model of {file} can be estimated"
    variants = dict.fromkeys(variant for spec in specs for variant in spec.variants)
    return f"{wanted} is no variant of these models and no known precision; they have {vram_report.listed(variants)}"


def _row(
    document: Document, spec: ModelSpec, variant: str, frames: int | None, size: Size | None, card: Card | None
) -> vram_report.Row:
    estimate = estimate_vram(spec, variant, frames, size)
    line = None
    if spec.vram_estimation is not None:
        line = document.place(("models", spec.model_id, "vram_estimation"), "table").line
    if card is None:
        return vram_report.Row(spec, estimate, None, None, line)
    counts = frames_choices(spec) if frames is None else (frames,)
    sizes = [resolution.size for resolution in resolutions_of(spec)] if size is None else [size]
    largest = largest_that_fits(spec, variant, card, counts, sizes)
    return vram_report.Row(spec, estimate, verdict(estimate, card), largest, line)
