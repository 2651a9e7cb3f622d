"""What `loadmaster vram` prints: a table with what it rests on below it, or JSON with every formula and key path."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import click

from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.values import human_bytes
from loadmaster.manifest.words import shown, visible
from loadmaster.vram.cards import Card
from loadmaster.vram.estimate import VramEstimate
from loadmaster.vram.figures import size_words
from loadmaster.vram.fit import Fit, Rung, Verdict

JSON_VERSION = 1

MOST_LINES = 12
"""Lines of one kind below the table; what holds for all models is said besides."""

_RIGHT = {"frames", "low", "point", "high", "floor"}


@dataclass(frozen=True, slots=True)
class Row:
    """One model at one variant; `verdict` and `largest` are None without a card, `largest` also where none fits.

    `line` is where the model's `vram_estimation` stands, if it does.
    """

    spec: ModelSpec
    estimate: VramEstimate
    verdict: Verdict | None
    largest: Rung | None
    line: int | None = None


def listed(names: Iterable[str], limit: int = 6) -> str:
    """`a, b, c`, and that there are more beyond `limit`."""
    first = list(islice(names, limit + 1))
    return ", ".join(first[:limit]) + (" and more" if len(first) > limit else "")


def as_text(file: str, card: Card | None, rows: Sequence[Row]) -> None:
    """Bars on a terminal, plain columns in a pipe; with them assumptions and doubts, each said once."""
    if sys.stdout.isatty():
        from loadmaster.cli import vram_screen

        if vram_screen.can_draw():
            vram_screen.show(card, rows)
            return
    against = "fits" if card is None else f"against {card.usable_gib:.1f}"
    header = ["model", "variant", "frames", "size", "low", "point", "high", "floor", against, "largest"]
    _print_columns([header, *map(_cells, rows)])
    click.echo()
    for label, sentence in _notes(card, rows):
        click.echo(f"{label:<8}  {visible(sentence)}")


def _cells(row: Row) -> list[str]:
    estimate = row.estimate
    need = estimate.need
    default = "*" if estimate.variant == row.spec.default_variant else ""
    name, variant = visible(estimate.model_id), visible(estimate.variant) + default
    cells = [name, variant, shown(estimate.frames), size_words(estimate.size)]
    cells += ["–"] * 3 if need is None else [f"{value:.1f}" for value in (need.low, need.point, need.high)]
    cells.append("–" if estimate.floor is None else f"{estimate.floor:.1f}")
    if need is None or row.verdict is None or row.verdict.fit is Fit.NONE:
        why = f"no verdict: {estimate.contradiction_rule}" if estimate.contradiction else "–"
        return [*cells, estimate.reason or why, "–"]
    largest = "none" if row.largest is None else f"{row.largest.frames} × {size_words(row.largest.size)}"
    return [*cells, str(row.verdict.fit), largest]


def _print_columns(lines: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [
            cell.rjust(width) if name in _RIGHT else cell.ljust(width)
            for name, cell, width in zip(lines[0], line, widths, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def _notes(card: Card | None, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """The card, the units, then every assumption, doubt and file sum, with the models it holds for."""
    if card is None:
        lines = [("card", "none given and none found here: --gpu 4090 or --gpu 24GiB says what fits")]
    else:
        free = "" if card.free_gib is None else f", {card.free_gib:.1f} free now"
        lines = [("card", f"{card.name}, {card.usable_gib:.1f} GiB usable{free}")]
    lines.append(("size", size_words(rows[0].estimate.size)))
    lines.append(
        (
            "figures",
            "GiB; floor: the declared parameters at that precision; largest: frames × size that fits; *: the default",
        )
    )
    if any(row.verdict is not None and row.verdict.fit is Fit.TOO_BIG for row in rows):
        lines.append(("too big", "even so: needs block offload or a smaller variant"))
    models = len({row.estimate.model_id for row in rows})
    for label, sentences in (
        ("assumes", [(row, row.estimate.assumptions) for row in rows]),
        ("doubts", [(row, row.estimate.doubts) for row in rows]),
        ("declared", [(row, _declared(row)) for row in rows]),
        ("files", [(row, _files_alone(row)) for row in rows]),
    ):
        lines += [(label, sentence) for sentence in _said(sentences, models)]
    return lines


def _said(said: Iterable[tuple[Row, Sequence[str]]], models: int) -> list[str]:
    """Each sentence once: first those of some models, which name theirs, then those of all."""
    holders: dict[str, dict[str, None]] = {}
    for row, sentences in said:
        for sentence in sentences:
            holders.setdefault(sentence, {})[row.estimate.model_id] = None
    some = [f"{listed(ids, 3)}: {sentence}" for sentence, ids in holders.items() if len(ids) < models]
    every = [sentence for sentence, ids in holders.items() if len(ids) == models]
    if len(some) > MOST_LINES:
        some = [*some[:MOST_LINES], f"and {len(some) - MOST_LINES} more: name a model, or ask for --json"]
    return some + every


def common_sentences(rows: Sequence[Row]) -> dict[str, list[str]]:
    """The assumptions and doubts that all models share."""
    common: dict[str, list[str]] = {}
    models = {row.estimate.model_id for row in rows}
    for label, said in _SAID.items():
        holders: dict[str, set[str]] = {}
        for row in rows:
            for sentence in said(row):
                holders.setdefault(sentence, set()).add(row.estimate.model_id)
        common[label] = [sentence for sentence, ids in holders.items() if ids == models]
    return common


def facts_of(rows: Sequence[Row], common: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What the figures of one model rest on, but for what is common to all: label and sentence."""
    for label, said in (("doubts", _SAID["doubts"]), ("declared", _declared), ("files", _files)):
        told = dict.fromkeys(sentence for row in rows for sentence in said(row))
        yield from ((label, visible(sentence)) for sentence in told if sentence not in common.get(label, ()))
    told = dict.fromkeys(sentence for row in rows for sentence in _SAID["assumes"](row))
    own = [sentence for sentence in told if sentence not in common["assumes"]]
    if own:
        yield "assumes", visible(" · ".join(own))


def _declared(row: Row) -> list[str]:
    estimation = row.spec.vram_estimation
    if estimation is None:
        return []
    line = "" if row.line is None else f" (line {row.line})"
    return [
        f"params_billion {estimation.params_billion:g}, base_vram_gb {estimation.base_vram_gb:g}, "
        f"per_frame_vram_mb {estimation.per_frame_vram_mb:g}{line}"
    ]


def _files(row: Row) -> list[str]:
    sums = row.estimate.weight_files
    told = (f"{component or 'no component'} {human_bytes(total)}" for component, total in sums.items())
    return [" · ".join(told)] if sums else []


def _files_alone(row: Row) -> list[str]:
    return [f"{told} of weights; their dtype on disk can differ from the one in use" for told in _files(row)]


_SAID: Mapping[str, Callable[[Row], Sequence[str]]] = {
    "assumes": lambda row: row.estimate.assumptions,
    "doubts": lambda row: row.estimate.doubts,
}


def as_json(file: str, card: Card | None, rows: Sequence[Row]) -> None:
    """Every figure unrounded, with its formula and key paths."""
    told = None
    if card is not None:
        told = {"name": card.name, "mib": card.mib, "usable_gib": card.usable_gib, "free_gib": card.free_gib}
    document = {"version": JSON_VERSION, "file": file, "card": told, "estimates": [_plain(row) for row in rows]}
    click.echo(json.dumps(document, indent=2, allow_nan=False))


def _count(value: int) -> int | str:
    """A whole number; in words where Python cannot write it in digits."""
    return value if value.bit_length() <= 64 else shown(value)


def _plain(row: Row) -> dict[str, Any]:
    estimate, precision = row.estimate, row.estimate.precision
    return {
        "model": estimate.model_id,
        "variant": estimate.variant,
        "default": estimate.variant == row.spec.default_variant,
        "precision": None
        if precision is None
        else {
            "name": precision.name,
            "bytes_per_weight": precision.bytes_per_weight,
            "source": precision.source,
            "note": precision.note,
        },
        "frames": _count(estimate.frames),
        "frames_from": str(estimate.frames_from),
        "size": list(estimate.size),
        "size_from": str(estimate.size_from),
        "low": estimate.low,
        "point": estimate.point,
        "high": estimate.high,
        "parts": None if estimate.parts is None else asdict(estimate.parts),
        "reason": estimate.reason or None,
        "floor": estimate.floor,
        "weight_files": {component: _count(total) for component, total in estimate.weight_files.items()},
        "contradiction": estimate.contradiction,
        "verdict": None if row.verdict is None else {"fit": str(row.verdict.fit), "words": row.verdict.words},
        "largest_that_fits": None
        if row.largest is None
        else {"frames": row.largest.frames, "size": list(row.largest.size)},
        "assumptions": list(estimate.assumptions),
        "doubts": list(estimate.doubts),
        "traces": {
            name: {
                "value": _count(trace.value) if isinstance(trace.value, int) else trace.value,
                "unit": trace.unit,
                "formula": trace.formula,
                "figures": trace.figures,
                "paths": [list(path) for path in trace.paths],
            }
            for name, trace in estimate.traces.items()
        },
    }
