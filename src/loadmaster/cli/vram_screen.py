"""What `loadmaster vram` shows on a terminal: for each model its variants as bars on one axis, with what they rest on.

RTX 4090  23.5 GiB usable                                     832×480
              0    10   20 ┊  30   40        GiB                on 23.5      largest that fits
t2v-A14B@2.2.0  81 frames
  bf16 ★      ├────┼────┼──┊──┼─▒▒▒█▒▒▒──    34.2 – 41.3 – 47.4  x too big   none
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from loadmaster.cli import vram_report
from loadmaster.cli.vram_report import Row
from loadmaster.manifest.words import shown, visible
from loadmaster.vram.cards import Card
from loadmaster.vram.chart import Axis, Part, Run, axis_for, bar_runs, label_runs
from loadmaster.vram.fit import Fit

FIT_STYLES = {
    Fit.FITS: "green",
    Fit.TIGHT: "cyan",
    Fit.DOUBTFUL: "yellow",
    Fit.TOO_BIG: "red",
    Fit.NONE: "dim",
}
_PART_STYLES = {Part.POINT: "bold", Part.USABLE: "bold", Part.LABEL: "", Part.WITHIN: "", Part.BEYOND: ""}

MOST_MODELS = 12
"""Up to this many models each says what its figures rest on; beyond, a model has to be named for that."""

_LEAST_BAR, _MOST_BAR = 12, 100
_FLOOR_FROM = 100
_LONGEST_NAME = 18
_LABEL = 12


def can_draw() -> bool:
    """Whether standard output can hold the characters of a bar."""
    try:
        "├─┼┊▓▒█★–×·".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Columns:
    """The widths of a line, each with the gap behind it; 0 for a column that is not shown."""

    name: int
    bar: int
    need: int
    floor: int
    verdict: int
    largest: int


def show(card: Card | None, rows: Sequence[Row]) -> None:
    """Print the models with their bars, then what holds for all of them."""
    console = Console(highlight=False, soft_wrap=False)
    columns = _columns(rows, card, console.width)
    usable = None if card is None else card.usable_gib
    axis = axis_for((row.estimate.need for row in rows), usable, columns.bar - 2)
    models = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row.estimate.model_id)]
    explained = len(models) <= MOST_MODELS
    console.print(_head(card, rows))
    console.print(_axis_line(axis, usable, columns))
    common = vram_report.common_sentences(rows)
    for _, group in models:
        if explained:
            console.print()
        console.print(_model_line(group[0]), overflow="ellipsis", no_wrap=True)
        for row in group:
            console.print(_bar_line(row, axis, usable, columns), overflow="ellipsis", no_wrap=True)
        if explained:
            _print_facts(console, vram_report.facts_of(group, common), indent=4)
    console.print()
    _print_facts(console, _closing(card, rows, common, explained), indent=0)


def _columns(rows: Sequence[Row], card: Card | None, width: int) -> _Columns:
    name = min(max((cell_len(visible(row.estimate.variant)) for row in rows), default=0), _LONGEST_NAME) + 2
    need = max(len(_need_text(row)) for row in rows) + 2
    verdict = 0 if card is None else 13
    largest = 0 if card is None else max(len("largest fit"), *(len(_largest_text(row)) for row in rows))
    floor = 7 if width >= _FLOOR_FROM else 0
    bar = width - 2 - (name + 1) - need - floor - verdict - largest
    return _Columns(name + 1, min(max(bar, _LEAST_BAR), _MOST_BAR), need, floor, verdict, largest)


def _head(card: Card | None, rows: Sequence[Row]) -> Text:
    width, height = rows[0].estimate.size
    text = Text()
    if card is None:
        text.append("no card given and none found here: --gpu 4090 or --gpu 24GiB says what fits", "dim")
    else:
        text.append(visible(card.name), "bold").append(f"  {card.usable_gib:.1f} GiB usable")
        if card.free_gib is not None:
            text.append(f", {card.free_gib:.1f} free now")
    return text.append(f"   {width}×{height}")


def _axis_line(axis: Axis, usable: float | None, columns: _Columns) -> Text:
    line = Text(" " * (2 + columns.name), no_wrap=True, overflow="crop")
    _append_runs(line, label_runs(axis, usable), "dim")
    line.append("  " + "GiB".ljust(columns.need), "dim")
    if columns.floor:
        line.append("floor".rjust(columns.floor - 2) + "  ", "dim")
    if usable is not None:
        line.append(f"on {usable:.1f}".ljust(columns.verdict), "dim")
        line.append("largest fit", "dim")
    return line


def _model_line(row: Row) -> Text:
    estimate = row.estimate
    text = Text(visible(estimate.model_id), style="bold")
    return text.append(f"  {shown(estimate.frames)} frame{'' if estimate.frames == 1 else 's'}", "not bold dim")


def _bar_line(row: Row, axis: Axis, usable: float | None, columns: _Columns) -> Text:
    estimate = row.estimate
    star = " ★" if estimate.variant == row.spec.default_variant else ""
    name = visible(estimate.variant)
    fit = Fit.NONE if row.verdict is None else row.verdict.fit
    style = FIT_STYLES[fit] if row.verdict is not None else "cyan"
    room = columns.name - 1 - len(star)
    if cell_len(name) > room:
        name = set_cell_size(name, room - 1) + "…"
    line = Text("  " + name).append(star, "dim")
    line.append(" " * (columns.name - cell_len(name) - len(star)))
    _append_runs(line, bar_runs(estimate.need, axis, usable), style)
    line.append("  " + _need_text(row).ljust(columns.need), "" if estimate.need is not None else "dim")
    if columns.floor:
        floor = "–" if estimate.floor is None else f"{estimate.floor:.1f}"
        line.append(floor.rjust(columns.floor - 2) + "  ", "dim")
    if row.verdict is not None:
        line.append(_verdict_text(row).ljust(columns.verdict), style)
        line.append(_largest_text(row), "dim" if row.largest is None else "")
    return line


def _append_runs(line: Text, runs: Iterable[Run], style: str) -> None:
    for text, part in runs:
        own = _PART_STYLES.get(part)
        line.append(text, "dim" if own is None else f"{style} {own}" if part is Part.POINT else own or style)


def _need_text(row: Row) -> str:
    need = row.estimate.need
    if need is None:
        return row.estimate.reason
    return f"{need.low:5.1f} – {need.point:5.1f} – {need.high:5.1f}"


def _verdict_text(row: Row) -> str:
    assert row.verdict is not None
    if row.verdict.fit is Fit.NONE and row.estimate.contradiction:
        return f"– {row.estimate.contradiction_rule}"
    return f"{row.verdict.fit.mark} {row.verdict.fit}"


def _largest_text(row: Row) -> str:
    if row.verdict is None or row.verdict.fit is Fit.NONE:
        return "–"
    if row.largest is None:
        return "none"
    width, height = row.largest.size
    return f"{row.largest.frames} × {width}×{height}"


def _print_facts(console: Console, facts: Iterable[tuple[str, str]], indent: int) -> None:
    """Labels at the left, each said once for the lines that share it, and sentences that fold beside them."""
    before = ""
    for label, sentence in facts:
        lead = " " * indent + ("" if label == before else label).ljust(_LABEL)
        for line in Text(sentence).wrap(console, max(console.width - len(lead), 20)):
            line.rstrip()
            console.print(Text(lead, "dim") + line, soft_wrap=True)
            lead = " " * len(lead)
        before = label


def _closing(
    card: Card | None, rows: Sequence[Row], common: Mapping[str, list[str]], explained: bool
) -> Iterator[tuple[str, str]]:
    """Which fit, then what holds for all models: assumptions, doubts, and how to read the lines."""
    yield from _by_fit(rows)
    for label, sentences in common.items():
        if sentences:
            yield label, visible(" · ".join(sentences))
    yield "range", "half the activations – the estimate – 1.15 times it; ★ the default variant"
    if card is not None:
        yield "verdict", "f: the high end fits  t: the estimate does  ?: the low end does  x: not even that"
    if any(row.estimate.weight_files for row in rows) and explained:
        yield "files", "weights on disk; their dtype there can differ from the one in use"
    if not explained:
        yield "more", "name a model to see what its figures rest on"


def _by_fit(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    """The models with their variants, under each verdict that was given."""
    for fit in Fit:
        variants: dict[str, list[str]] = {}
        for row in rows:
            if row.verdict is not None and row.verdict.fit is fit:
                variants.setdefault(row.estimate.model_id, []).append(row.estimate.variant)
        told = [visible(f"{model_id} {' '.join(names)}") for model_id, names in variants.items()]
        if told:
            remark = "; needs block offload or a smaller variant" if fit is Fit.TOO_BIG else ""
            yield str(fit), vram_report.listed(told, 8) + remark
