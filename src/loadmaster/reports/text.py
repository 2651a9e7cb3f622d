"""Diagnostics for people: the place, what is wrong, the line with the fault underlined, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.manifest.words import plural
from loadmaster.reports.report import Counts, FileReport, said
from loadmaster.reports.source_line import marked_line

FOLDED_FROM = 3
"""As many faults of one rule in one model are told once, with the lines of the others."""

LINES_NAMED = 8
"""How many lines of the others are named."""

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


@dataclass(frozen=True, slots=True)
class Look:
    """How the text is printed: in colour or not, in how many columns, and whether repeats are folded."""

    colour: bool = False
    width: int = 100
    fold: bool = True

    def paint(self, text: str, style: str) -> str:
        """`text` in an ANSI style such as `1;31`, or as it is."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Look()
"""Without colour, for a pipe."""


def lines(report: FileReport, look: Look = PLAIN) -> Iterator[str]:
    """The report of one file, line by line; nothing for a file without faults."""
    gutter = len(str(max((one.place.line for one in report.diagnostics), default=0)))
    groups: dict[tuple[str, str, str | None], list[Diagnostic]] = {}
    for one in report.diagnostics:
        groups.setdefault(_group(one), []).append(one)
    for one in report.diagnostics:
        group = groups[_group(one)]
        folded = look.fold and len(group) >= FOLDED_FROM
        if folded and one is not group[0]:
            continue
        yield from _told(report, one, gutter, look)
        if folded:
            yield look.paint(f"{'':{gutter}} = ", "34") + _others(group)
        yield ""


def _group(one: Diagnostic) -> tuple[str, str, str | None]:
    return one.code, one.severity, one.finding.model_id


def _told(report: FileReport, one: Diagnostic, gutter: int, look: Look) -> Iterator[str]:
    place, colour = one.place, _COLOURS[one.severity]
    where = look.paint(f"{said(report.file)}:{place.line}:{place.column}:", "1")
    what = look.paint(f"{one.severity} {one.code}", colour)
    yield f"{where} {what} {one.name}: {said(one.message)}"
    marked = marked_line(report.document, place, max(look.width - gutter - 3, 20))
    yield look.paint(f"{place.line:>{gutter}} |", "34") + f" {marked.text}".rstrip()
    carets = look.paint("^" * (marked.end - marked.start), colour)
    goes_on = f" to line {place.end_line}" if place.end_line > place.line and place.end_column > 1 else ""
    yield look.paint(f"{'':{gutter}} |", "34") + " " * (marked.start + 1) + carets + goes_on
    if one.fix is not None:
        option = "" if one.fix.safe else " (--take)" if isinstance(one.fix, TakeSide) else " (--unsafe)"
        yield look.paint(f"{'':{gutter}} = ", "34") + f"fix: {said(one.fix.title)}{option}"


def _others(group: Sequence[Diagnostic]) -> str:
    """«LM403 × 22 in t2v-A14B@2.2.0», and where the others stand."""
    first, *others = group
    model = f" in {said(first.finding.model_id)}" if first.finding.model_id else ""
    numbers = list(dict.fromkeys(one.place.line for one in others))
    more = f" and {len(numbers) - LINES_NAMED} more" if len(numbers) > LINES_NAMED + 1 else ""
    named = numbers[:LINES_NAMED] if more else numbers
    word = "line" if len(numbers) == 1 else "lines"
    where = f"also {word} {', '.join(map(str, named))}{more}"
    return f"{first.code} × {len(group)}{model}: {where}; --all shows each"


def summary(counts: Counts, files: int, look: Look = PLAIN) -> str:
    """The last line: how many faults of each severity, in how many files, and how many of them a fix mends."""
    told = [
        look.paint(plural(number, word), _COLOURS[severity])
        for number, word, severity in (
            (counts.error, "error", Severity.ERROR),
            (counts.warning, "warning", Severity.WARNING),
            (counts.info, "info", Severity.INFO),
        )
        if number
    ]
    if not told:
        return look.paint(f"no faults in {plural(files, 'file')}", "32")
    fixes = []
    if counts.safe_fixes:
        fixes.append(f"{counts.safe_fixes:,} can be mended by `loadmaster fix`")
    if counts.unsafe_fixes:
        fixes.append(f"{counts.unsafe_fixes:,} {'more ' if fixes else 'can be mended '}by `loadmaster fix --unsafe`")
    if counts.conflicts:
        fixes.append(f"{plural(counts.conflicts, 'merge conflict')} by `loadmaster fix --take ours|theirs|both`")
    return f"{', '.join(told)} in {plural(files, 'file')}" + "".join(f"; {words}" for words in fixes)
