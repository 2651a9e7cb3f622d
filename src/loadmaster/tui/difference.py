"""The difference of two documents, as lines to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from loadmaster.checks.diagnostic import Finding
from loadmaster.manifest.words import plural
from loadmaster.session import Hunk
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.paint import BLANK, Line, Piece
from loadmaster.tui.side_by_side import MOST_CELLS, TextLine, beside, in_turn, paired, text_line
from loadmaster.tui.visible import visible

BESIDE_FROM = 130
"""From this width on, which a terminal of 140 columns has, both sides stand beside each other."""


def difference_lines(hunks: Sequence[Hunk], width: int = 0) -> list[Line]:
    """Hunks under the names of their model and table: line number, sign, text; side by side where `width` bears it."""
    lines: list[Line] = []
    heading: tuple[str | None, str] | None = None
    for hunk in hunks:
        if lines:
            lines.append(BLANK)
        if (hunk.model_id, hunk.table) != heading:
            heading = (hunk.model_id, hunk.table)
            lines.append([Piece("  "), Piece(_heading(hunk), "header")])
        pairs = paired(_text_lines(hunk), hunk.old_line - hunk.new_line)
        if width >= BESIDE_FROM:
            lines += beside(pairs, width)
        else:
            lines += [text_line(line, (width or MOST_CELLS) - 10) for line in in_turn(pairs)]
    return lines


def difference_maker(hunks: Sequence[Hunk]) -> Callable[[int], Sequence[Line]]:
    """The same for the width that there is when it is drawn."""
    return lambda width: difference_lines(hunks, width)


def _text_lines(hunk: Hunk) -> Iterator[TextLine]:
    old, new = hunk.old_line, hunk.new_line
    for text in hunk.lines:
        yield TextLine(old if text[0] == "-" else new, text[0], text[1:])
        old += text[0] != "+"
        new += text[0] != "-"


def faults_before_and_after(now: Counts, new: Sequence[Finding], gone: Sequence[Finding]) -> Line:
    """`Faults: 2 errors (3 before), 5 warnings.`: what there is now, and what there was before these came and went."""
    come, went = Counts.of(new), Counts.of(gone)
    told = [
        _before(plural(now.errors, "error"), now.errors, now.errors - come.errors + went.errors),
        _before(plural(now.warnings, "warning"), now.warnings, now.warnings - come.warnings + went.warnings),
        _before(f"{now.infos:,} info", now.infos, now.infos - come.infos + went.infos),
    ]
    return [Piece("Faults: " + (", ".join(part for part in told if part) or "none") + ".", "label")]


def _before(words: str, now: int, before: int) -> str:
    if now == before:
        return words if now else ""
    return f"{words} ({before:,} before)"


def size_of_difference(hunks: Sequence[Hunk]) -> str:
    """`2 lines in 1 model`; a replaced line counts once."""
    lines = sum(max(_count(hunk, "+"), _count(hunk, "-")) for hunk in hunks)
    models = len({hunk.model_id for hunk in hunks if hunk.model_id is not None})
    told = f"{lines} line{'s' if lines != 1 else ''}"
    return f"{told} in {models} model{'s' if models != 1 else ''}" if models else told


def fault_remark(new: Sequence[Finding], gone: Sequence[Finding]) -> Line:
    """What becomes of the faults."""
    parts: list[Piece] = []
    if gone:
        parts.append(Piece("mends " + ", ".join(tally(gone)), "added"))
    if new:
        parts += [Piece("   " if parts else ""), Piece("brings " + ", ".join(tally(new)), "warning")]
    return parts or [Piece("No fault comes or goes.", "label")]


def tally(findings: Sequence[Finding]) -> list[str]:
    """Codes, each with how often it is there: `LM403 × 9`."""
    codes = [finding.code for finding in findings]
    return [f"{code} × {codes.count(code)}" if codes.count(code) > 1 else code for code in dict.fromkeys(codes)]


def _count(hunk: Hunk, sign: str) -> int:
    return sum(1 for line in hunk.lines if line[0] == sign)


def _heading(hunk: Hunk) -> str:
    owner = visible(hunk.model_id) if hunk.model_id is not None else "the file"
    return f"{owner} · {visible(hunk.table)}" if hunk.table else owner
