"""The difference of two documents, as lines to read."""

from __future__ import annotations

from collections.abc import Sequence

from loadmaster.checks.diagnostic import Finding
from loadmaster.session import Hunk
from loadmaster.tui.paint import BLANK, Line, Piece, cell
from loadmaster.tui.visible import visible

_SIGNS = {"-": ("−", "removed"), "+": ("+", "added"), " ": (" ", "label")}


def difference_lines(hunks: Sequence[Hunk]) -> list[Line]:
    """Hunks under the names of their model and table: line number, sign, text."""
    lines: list[Line] = []
    heading: tuple[str | None, str] | None = None
    for hunk in hunks:
        if lines:
            lines.append(BLANK)
        if (hunk.model_id, hunk.table) != heading:
            heading = (hunk.model_id, hunk.table)
            lines.append([Piece("  "), Piece(_heading(hunk), "header")])
        old, new = hunk.old_line, hunk.new_line
        for text in hunk.lines:
            sign, ink = _SIGNS[text[0]]
            number = old if text[0] == "-" else new
            old += text[0] != "+"
            new += text[0] != "-"
            lines.append(
                [cell(str(number), 7, "faint", right=True), Piece(f" {sign} ", ink), Piece(visible(text[1:]), ink)]
            )
    return lines


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
        parts.append(Piece("mends " + ", ".join(_tally(gone)), "added"))
    if new:
        parts += [Piece("   " if parts else ""), Piece("brings " + ", ".join(_tally(new)), "warning")]
    return parts or [Piece("No fault comes or goes.", "label")]


def _tally(findings: Sequence[Finding]) -> list[str]:
    codes = [finding.code for finding in findings]
    return [f"{code} × {codes.count(code)}" if codes.count(code) > 1 else code for code in dict.fromkeys(codes)]


def _count(hunk: Hunk, sign: str) -> int:
    return sum(1 for line in hunk.lines if line[0] == sign)


def _heading(hunk: Hunk) -> str:
    owner = visible(hunk.model_id) if hunk.model_id is not None else "the file"
    return f"{owner} · {visible(hunk.table)}" if hunk.table else owner
