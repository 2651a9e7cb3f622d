"""A range drawn on an axis of GiB, as characters with what each of them means; how they are coloured is for others.

    0        10        20   ┊    30        40        50
    ├────────┼─────────┼────┊────┼───▒▒▒▒▒▒█▒▒▒▒▒▒▒─┼───

What lies within the card is drawn `▓`, what sticks out beyond it `▒`, so that no colour carries the meaning alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import groupby

from loadmaster.vram.formula import Need


class Part(Enum):
    """What a character of a bar stands for, and how it is drawn."""

    TRACK = "─"
    WITHIN = "▓"
    BEYOND = "▒"
    POINT = "█"
    USABLE = "┊"
    ABSENT = "·"
    LABEL = ""
    BLANK = " "


Run = tuple[str, Part]
"""Characters of one meaning."""

_CELLS_A_LABEL = 6
_STEPS = (1.0, 2.0, 5.0, 10.0)
_MOST_OF_A_CARD = 2.5
_BEYOND_ALL = 1e300


@dataclass(frozen=True, slots=True)
class Axis:
    """From 0 to `top` GiB in `width` cells, with a tick every `step` GiB."""

    top: float
    step: float
    width: int

    def column(self, gib: float) -> int:
        """The cell of an amount; the last one for what is beyond the axis."""
        if not gib > 0:
            return 0
        return min(int(min(gib / self.top, 1.0) * self.width), self.width - 1)

    @property
    def ticks(self) -> list[float]:
        """The amounts that have a tick, from 0."""
        return [number * self.step for number in range(math.ceil(self.top / self.step - 1e-9))]

    def holds(self, gib: float) -> bool:
        """Whether an amount lies on the axis."""
        return gib <= self.top


def axis_for(needs: Iterable[Need | None], usable: float | None, width: int) -> Axis:
    """An axis that holds every need, and the card too where it is not far larger than what is needed.

    The top is a whole number of steps, so that the axis stays still while the bars move a little.
    """
    width = max(width, 4)
    highest = min(max((need.high for need in needs if need is not None), default=0.0), _BEYOND_ALL)
    wanted = highest
    if usable is not None and (highest <= 0 or usable <= _MOST_OF_A_CARD * highest):
        wanted = max(highest, usable * 1.02)
    wanted = max(wanted, 1e-3)
    step = _nice(wanted / max(width / _CELLS_A_LABEL, 1))
    return Axis(step * max(math.ceil(wanted / step - 1e-9), 1), step, width)


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in _STEPS if power * factor >= step * (1 - 1e-9))


def label_runs(axis: Axis, usable: float | None) -> list[Run]:
    """The line above the bars: the ticks by their amounts, and the card where no amount stands in its place."""
    cells: list[tuple[str, Part]] = [(" ", Part.BLANK)] * axis.width
    for tick in axis.ticks:
        column, label = axis.column(tick), f"{tick:g}"
        if column + len(label) <= axis.width:
            cells[column : column + len(label)] = [(character, Part.LABEL) for character in label]
    if usable is not None and axis.holds(usable) and cells[axis.column(usable)][1] is Part.BLANK:
        cells[axis.column(usable)] = (Part.USABLE.value, Part.USABLE)
    return [("".join(text for text, _ in run), part) for part, run in groupby(cells, key=lambda cell: cell[1])]


def bar_runs(need: Need | None, axis: Axis, usable: float | None) -> list[Run]:
    """The bar of a need, `axis.width` cells wide; without a need a dotted line."""
    # A card beyond the axis has room for all of it.
    line = axis.width if usable is None or not axis.holds(usable) else axis.column(usable)
    parts = [Part.ABSENT if need is None else Part.TRACK] * axis.width
    if need is not None:
        low, end = axis.column(need.low), axis.column(need.high) + 1
        within = min(max(line - low, 0), end - low)
        parts[low:end] = [Part.WITHIN] * within + [Part.BEYOND] * (end - low - within)
    if line < axis.width:
        parts[line] = Part.USABLE
    if need is not None:
        # The point is always seen; the line of the card is, unless the point covers it.
        parts[axis.column(need.point)] = Part.POINT
    track = _track(axis)
    runs: list[Run] = []
    start = 0
    for part, run in groupby(parts):
        size = len(list(run))
        runs.append((track[start : start + size] if part is Part.TRACK else part.value * size, part))
        start += size
    return runs


@lru_cache(maxsize=16)
def _track(axis: Axis) -> str:
    """The empty bar with its ticks, which all bars on an axis share."""
    cells = [Part.TRACK.value] * axis.width
    for tick in axis.ticks:
        cells[axis.column(tick)] = "┼" if tick else "├"
    return "".join(cells)
