"""The rows of the Source pane: which stretches of the text it shows, and how they follow the text when that changes.

Only a line feed ends a line, as in TOML: U+2028 or a form feed inside a line stays there, and the carriage return of
a line that ends with one is kept as its last character. So the lines, joined again, are the text to the character.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from loadmaster.document.history import step_between

if TYPE_CHECKING:
    from loadmaster.document.document import Document

WHOLE_UP_TO = 1_000_000
"""Up to this many characters the file is shown whole where no model is open; beyond, what belongs to no model."""

Span = tuple[int, int]
"""Offsets into the text, the end exclusive."""


@dataclass(slots=True)
class Region:
    """A stretch of the text from the offset `start`, whose first line has the number `line`.

    Its lines are without their line feeds, and without the one behind the last where the text goes on behind it.
    """

    start: int
    line: int
    lines: list[str] = field(default_factory=list)
    goes_on: bool = False
    """Whether there is more text behind its last line, whose line feed is then not among what can be edited."""

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return sum(map(len, self.lines)) + len(self.lines) - 1

    @property
    def span(self) -> Span:
        """Its offsets."""
        return self.start, self.start + self.size


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the pane: its number in the file, the region that holds it, and which of its lines it is."""

    number: int
    region: int
    index: int


class SourceText:
    """Regions one below the other, with a row between them where the file has something else."""

    def __init__(self, regions: list[Region]) -> None:
        self.regions = regions
        self._tops: list[int] = []
        self.count = 0
        self.lay_out()

    @classmethod
    def of(cls, document: Document, model_id: str | None) -> SourceText:
        """What is shown of a model; of the file for None, or where the model has no tables of its own."""
        return cls([region_of(document, span) for span in spans_of(document, model_id)])

    def lay_out(self) -> None:
        """Count the rows again: a region has more lines or fewer."""
        self._tops = []
        top = 0
        for region in self.regions:
            self._tops.append(top)
            top += len(region.lines) + 1
        self.count = max(top - 1, 0)

    def renumber(self, region: int) -> bool:
        """A region may have more lines or fewer: number what is behind it again. False where it has as many."""
        behind = self._tops[region + 1] - 1 if region + 1 < len(self.regions) else self.count
        grown = len(self.regions[region].lines) - (behind - self._tops[region])
        if not grown:
            return False
        for later in self.regions[region + 1 :]:
            later.line += grown
        self.lay_out()
        return True

    def row(self, row: int) -> Row | None:
        """What stands on a row; None on the gap between two regions."""
        number = bisect_right(self._tops, row) - 1
        region = self.regions[number]
        index = row - self._tops[number]
        return Row(region.line + index, number, index) if index < len(region.lines) else None

    def text(self, row: int) -> str:
        """The line on a row, without the carriage return at its end; empty on a gap."""
        where = self.row(row)
        return self.regions[where.region].lines[where.index].removesuffix("\r") if where else ""

    def top(self, region: int) -> int:
        """The first row of a region."""
        return self._tops[region]

    def holds(self, line: int) -> bool:
        """Whether a line of the file is shown."""
        return any(region.line <= line < region.line + len(region.lines) for region in self.regions)

    def nearest(self, line: int) -> int:
        """The row of a line of the file, or of the nearest that is shown."""
        best, distance = 0, -1
        for number, region in enumerate(self.regions):
            index = min(max(line - region.line, 0), len(region.lines) - 1)
            away = abs(region.line + index - line)
            if distance < 0 or away < distance:
                best, distance = self._tops[number] + index, away
        return best

    @property
    def last_line(self) -> int:
        """The highest number."""
        return max((region.line + len(region.lines) - 1 for region in self.regions), default=1)


def spans_of(document: Document, model_id: str | None) -> list[Span]:
    """The stretches of the text that are a model's; those of the file for None."""
    spans = document.model_spans(model_id) if model_id else []
    if spans:
        return spans
    size = document.starts[-1]
    if size <= WHOLE_UP_TO or document.is_whole:
        return [(0, size)]
    return document.model_spans("") or [(0, 0)]


def region_of(document: Document, span: Span) -> Region:
    """A stretch of the text as lines."""
    start, end = span
    text = text_between(document, start, end)
    goes_on = text.endswith("\n") and end < document.starts[-1]
    lines = (text[:-1] if goes_on else text).split("\n")
    return Region(start, document.place_at(start).line, lines, goes_on)


def table_span(document: Document, offset: int) -> Span:
    """The stretch of the table that holds an offset."""
    index = document.table_at(offset)
    return document.starts[index], document.starts[index + 1]


def text_between(document: Document, start: int, end: int) -> str:
    """The characters from `start` to `end`, without making the whole text of a large file for them."""
    first, last = document.table_at(start), document.table_at(max(end - 1, start))
    text = "".join([table.text for table in document.tables[first : last + 1]])
    return text[start - document.starts[first] : end - document.starts[first]]


@dataclass(frozen=True, slots=True)
class Replaced:
    """The characters from `start` to `old_end` of one text became those from `start` to `new_end` of another.

    The same is true of what lies up to `slack` characters before: between two equal lines, it cannot be told which of
    them was put in.
    """

    start: int
    old_end: int
    new_end: int
    slack: int = 0


def replaced_between(old: Document, new: Document) -> Replaced:
    """The one stretch in which two documents differ; an empty one where they do not."""
    step = step_between(old, new, "")
    before = "".join([table.text for table in step.old])
    after = "".join([table.text for table in step.new])
    head = common_head(before, after)
    tail = common_head(before[head:][::-1], after[head:][::-1])
    start = old.starts[step.first]
    last_tail = common_head(before[::-1], after[::-1])
    slack = max(head - (min(len(before), len(after)) - last_tail), 0)
    return Replaced(start + head, start + len(before) - tail, start + len(after) - tail, slack)


def followed(region: Region, change: Replaced) -> Span | None:
    """Where a region lies after a change; None where the change reaches over one of its ends.

    What is put right behind it counts as its own: it may have been typed there.
    """
    start, end = region.span
    grown = change.new_end - change.old_end
    back = max(change.old_end - end - region.goes_on, 0)
    if back <= change.slack and change.start - back >= start:
        return start, end + grown
    if change.old_end <= start:
        return start + grown, end + grown
    return (start, end) if change.start > end else None


Splice = tuple[int, int, str]
"""Put a text in place of the characters from, to."""


def splices_between(old: list[str], new: list[str], newline: str) -> list[Splice]:
    """What leads from the lines `old` to the lines `new`, the last first: so each can be done in its turn.

    It is one splice, without a character that is alike at its ends; several only where it would reach over a line that
    ends otherwise than with `newline`, for new text is given the newline of the file.
    """
    most = min(len(old), len(new)) - 1
    first = next((i for i in range(most) if old[i] != new[i]), most)
    last = next((i for i in range(most - first) if old[-1 - i] != new[-1 - i]), most - first)
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    offset = sum(map(len, old[:first])) + first
    ends = {line.endswith("\r") for line in after[:-1]}
    if ends <= {newline == "\r\n"}:
        splice = _trimmed(offset, "\n".join(before), "\n".join(after))
        return [splice] if splice else []
    return _line_splices(offset, _with_ends(before), _with_ends(after))


def _with_ends(lines: list[str]) -> list[str]:
    return [*(line + "\n" for line in lines[:-1]), lines[-1]]


def _line_splices(offset: int, before: list[str], after: list[str]) -> list[Splice]:
    splices: list[Splice] = []
    starts = list(accumulate(map(len, before), initial=offset))
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace" and i2 - i1 == j2 - j1:
            pairs = zip(starts[i1:i2], before[i1:i2], after[j1:j2], strict=True)
            found = [_trimmed(start, old, new) for start, old, new in pairs]
        elif kind != "equal":
            found = [_trimmed(starts[i1], "".join(before[i1:i2]), "".join(after[j1:j2]))]
        else:
            continue
        splices += [splice for splice in found if splice]
    return splices[::-1]


def _trimmed(offset: int, before: str, after: str) -> Splice | None:
    if before == after:
        return None
    head = common_head(before, after)
    if head and before[head - 1] == "\r":
        head -= 1  # a pair of CR and LF is replaced as one
    tail = common_head(before[head:][::-1], after[head:][::-1])
    if tail and before[len(before) - tail] == "\n":
        behind = (before[: len(before) - tail][-1:], after[: len(after) - tail][-1:])
        tail -= "\r" in behind
    return offset + head, offset + len(before) - tail, after[head : len(after) - tail]


def common_head(left: str, right: str) -> int:
    """How many characters two texts begin with alike. Compares slices: a line may be a megabyte."""
    low, high = 0, min(len(left), len(right))
    if left[:high] == right[:high]:
        return high
    while high - low > 1:
        half = (low + high) // 2
        if left[low:half] == right[low:half]:
            low = half
        else:
            high = half
    return low
