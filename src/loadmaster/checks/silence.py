"""Comments that silence a rule: `# loadmaster: ignore[LM403]` on a line, `# loadmaster: ignore-file[LM503]` on top.

LM010 tells of one that silences nothing, so that they do not outlive what they were written for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import RULES, Rule, define
from loadmaster.checks.wording import plain

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.document.tables import Table

UNUSED_SILENCE = define(
    Rule(
        "LM010",
        "unused-silence",
        Severity.INFO,
        "A comment silences a rule that finds nothing there.",
        "It was written for a fault that is gone, and would hide the next one.",
        "Remove the comment, or correct its code. `loadmaster check` knows it by `# loadmaster: ignore[LM403]` on"
        " the line of"
        " the fault, and by `# loadmaster: ignore-file[LM503]` above the first key.",
        bad=but("size = 612", "size = 612  # loadmaster: ignore[LM406]"),
        good=GOOD,
    )
)

_COMMENT = re.compile(r"#[ \t]*loadmaster:[ \t]*(ignore(?:-file)?)(?:\[([^\]\n]*)\])?")
SILENCE_MARK = "loadmaster:"
"""What a text without it cannot silence."""
_LEADING = re.compile(r"(?:[ \t\r]*(?:#[^\n]*)?\n)*(?:[ \t]*#[^\n]*\Z)?")


class Silence(NamedTuple):
    """A comment that silences `code`, by its offsets in the text of one table; `line` is the stretch of its line.

    `code` is empty for one that names no rule. `whole` tells that it means the whole file.
    """

    code: str
    start: int
    end: int
    line: tuple[int, int]
    whole: bool = False


def table_silences(table: Table) -> tuple[Silence, ...]:
    """The silences in one table, in order; also those of the whole file, which count only where `top_of` ends later."""
    if SILENCE_MARK not in table.text:
        return ()
    found: list[Silence] = []
    for match in _COMMENT.finditer(table.text):
        if not _is_in_string(table, match.start()):
            text = table.text
            end = text.find("\n", match.end())
            line = text.rfind("\n", 0, match.start()) + 1, len(text) if end < 0 else end
            whole = match.group(1) == "ignore-file"
            found += (Silence(code, *match.span(), line, whole) for code in _codes(match.group(2)))
    return tuple(found)


def file_silences(document: Document) -> tuple[Silence, ...]:
    """The silences of the whole file, by their offsets in it: in the comments above the first key or table."""
    found: list[Silence] = []
    text, start, end = _top(document)
    if SILENCE_MARK not in text[start:end]:
        return ()
    for match in _COMMENT.finditer(text, start, end):
        if match.group(1) == "ignore-file":
            found += (Silence(code, *match.span(), match.span(), True) for code in _codes(match.group(2)))
    return tuple(found)


def top_of(document: Document) -> int:
    """The offset at which the comments above the first key or table end."""
    return _top(document)[2]


def _top(document: Document) -> tuple[str, int, int]:
    """A text that holds the comments above the first key or table, and their offsets in it and in the document."""
    first = document.tables[0].text
    start = 1 if first[:1] == "\ufeff" else 0
    # The comments that touch the first header belong to its table.
    text = first if first[start:].strip() or len(document.tables) == 1 else first + document.tables[1].text
    top = _LEADING.match(text, start)
    return text, start, start if top is None else top.end()


def _codes(inside: str | None) -> list[str]:
    """The codes between the brackets; an empty one where there is none."""
    codes = [code.strip() for code in (inside or "").split(",")]
    return [code for code in codes if code] or [""]


def _is_in_string(table: Table, at: int) -> bool:
    """Whether the offset lies in a string, so that what looks like a comment is none."""
    for node in table.nodes:
        if node.start <= at < node.end:
            return any(one.kind == "scalar" and one.start <= at < one.end for one in node.walk())
    return False


def is_silenced(span: tuple[int, int], code: str, silences: Iterable[tuple[int, Silence]]) -> list[int]:
    """The positions in `silences` of those that stand on the first or last line of `span` and name `code`.

    Each silence comes with the offset of its table.
    """
    found: list[int] = []
    for number, (at, silence) in enumerate(silences):
        if silence.code == code and not silence.whole:
            first, last = at + silence.line[0], at + silence.line[1]
            if first <= span[0] <= last or first <= span[1] <= last:
                found.append(number)
    return found


def unused(
    code: str, span: tuple[int, int], model_id: str | None, *, file: bool = False, misplaced: bool = False
) -> Finding:
    """LM010 for one silence; `misplaced` for one of the whole file that does not stand at its top."""
    rule = UNUSED_SILENCE
    where = "in this file" if file else "on this line"
    if misplaced:
        message = "ignore-file counts only above the first key, so this comment silences nothing"
    elif not code:
        message = f"this comment names no rule: # loadmaster: {'ignore-file' if file else 'ignore'}[LM403]"
    elif code not in RULES:
        message = f"there is no rule {plain(code, 20)}"
    else:
        message = f"{code} finds nothing {where}, so this comment silences nothing"
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        message,
        ("models", model_id) if model_id is not None else (),
        (rule.code, model_id or "", code),
        model_id=model_id,
        span=span,
    )


def counts_as_unused(code: str, ignored: Collection[str] = ()) -> bool:
    """Whether a silence of `code` that silences nothing is worth a word: not for rules that were not asked.

    Those that need the disk or the network are asked elsewhere.
    """
    rule = RULES.get(code)
    return code not in ignored and (rule is None or rule.offline)
