"""LM0xx: faults of the text itself, before anything is asked of what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.text_fixes import FinalNewline, OneNewline, QuoteId, StripMark
from loadmaster.checks.wording import plain

if TYPE_CHECKING:
    from loadmaster.document.document import Document, TextFault

_HEADER = '[models."demo-1b@1.0.0"]'

SYNTAX = define(
    Rule(
        "LM001",
        "toml-syntax",
        Severity.ERROR,
        "The text is not TOML 1.0.",
        "No program can read the manifest. The other tables are still shown and checked as far as they can be read.",
        "Go to the place and write what the message says was expected. TOML 1.1 is not read yet by most programs:"
        " no line"
        " breaks in inline tables, no `\\e` in strings.",
        bad=but("size = 612", "size = "),
        good=GOOD,
        refuses=True,
    )
)

ENCODING = define(
    Rule(
        "LM002",
        "encoding",
        Severity.ERROR,
        "The file is not UTF-8, or starts with a byte-order mark.",
        "TOML is UTF-8 without a mark. Strict readers refuse the file, others show wrong characters.",
        "Save the file as UTF-8 without a mark. A file that is not UTF-8 is shown, but not edited: its bytes would"
        " be lost.",
        bad="\ufeff" + GOOD,
        good=GOOD,
        refuses=True,
        fix="strip the mark",
    )
)

DEFINED_TWICE = define(
    Rule(
        "LM003",
        "defined-twice",
        Severity.ERROR,
        "A key or a table is defined twice.",
        "TOML forbids it, so the whole file cannot be read: which of the two was meant?",
        "Remove one of the two, or rename it: a new version of a model is a model of its own.",
        bad=GOOD + f"\n{_HEADER}\nlora_required = false\n",
        good=GOOD,
        refuses=True,
    )
)

UNQUOTED_ID = define(
    Rule(
        "LM004",
        "unquoted-id",
        Severity.ERROR,
        "A model id with `@` or a dot stands in a header without quotes.",
        "A bare key has no `@`, and its dots part names: `[models.qwen2.5-72b]` is a table `5-72b` inside a model"
        " `qwen2`.",
        'Write the id in quotes: `[models."qwen2.5-72b"]`.',
        bad=GOOD.replace('"demo-1b@1.0.0"]', "demo-1b@1.0.0]").replace('"demo-1b@1.0.0".', "demo-1b@1.0.0."),
        good=GOOD,
        refuses=True,
        fix="quote it",
    )
)

MIXED_NEWLINES = define(
    Rule(
        "LM005",
        "mixed-newlines",
        Severity.WARNING,
        "Some lines end with LF and others with CRLF.",
        "Differences between versions show lines that nobody changed, and strings of several lines differ by system.",
        "Use one of the two in the whole file, and tell the editor or `.gitattributes`.",
        bad=but("schema_version = 1\n", "schema_version = 1\r\n"),
        good=GOOD,
        fix="make them one",
    )
)

NO_FINAL_NEWLINE = define(
    Rule(
        "LM006",
        "no-final-newline",
        Severity.INFO,
        "The last line has no newline.",
        "What is added below it shows up as a change of that line, and tools that join files glue two lines together.",
        "End the last line.",
        bad=GOOD.removesuffix("\n"),
        good=GOOD,
        fix="add it",
    )
)


def file_findings(document: Document) -> list[Finding]:
    """What is wrong with the file as a whole: its encoding, a mark, its last line."""
    found: list[Finding] = []
    for fault in document.text_faults:
        if fault.kind == "encoding":
            found.append(_finding(ENCODING, fault, f"{fault.message}; the file is shown, not edited", ("encoding",)))
        elif fault.kind == "byte-order-mark":
            found.append(_finding(ENCODING, fault, "the file starts with a byte-order mark", ("mark",), StripMark()))
    last = document.tables[-1].text
    if last and not last.endswith("\n"):
        end = document.starts[-1]
        found.append(
            Finding(
                NO_FINAL_NEWLINE.code,
                NO_FINAL_NEWLINE.name,
                NO_FINAL_NEWLINE.severity,
                "the last line has no newline",
                (),
                (NO_FINAL_NEWLINE.code,),
                span=(end, end),
                fix=FinalNewline(),
            )
        )
    return found


def mixed_newlines(document: Document, crlf: int, lf: int) -> list[Finding]:
    """LM005, given how many lines end with CRLF and how many with LF alone. The place is the first of the fewer."""
    if not crlf or not lf:
        return []
    text = document.text
    newline, word = ("\r\n", "CRLF") if crlf > lf else ("\n", "LF")
    if crlf > lf:
        at = text.find("\n")
        while text[at - 1 : at] == "\r":
            at = text.find("\n", at + 1)
    else:
        at = text.find("\r\n")
    message = f"{crlf} lines end with CRLF, {lf} with LF"
    fix = OneNewline(f"end every line with {word}", newline)
    rule = MIXED_NEWLINES
    return [Finding(rule.code, rule.name, rule.severity, message, (), (rule.code,), span=(at, at), fix=fix)]


def fault_findings(document: Document, faults: Iterable[TextFault]) -> list[Finding]:
    """LM001, LM003 and LM004 for the faults of a group of tables, in their order.

    Where a merge conflict lies, only that is told.
    """
    found: list[Finding] = []
    unquoted: set[str] = set()
    for fault in faults:
        if fault.kind == "unquoted-id":
            if fault.model_id is not None and fault.model_id not in unquoted:
                unquoted.add(fault.model_id)
                found.append(_unquoted(fault, fault.model_id))
        elif _in_conflict(document, fault):
            continue
        elif (bare := _bare_id(document, fault)) is not None:
            if bare not in unquoted:
                unquoted.add(bare)
                found.append(_unquoted(fault, bare, can_quote=False))
        elif fault.kind == "defined-twice":
            found.append(_twice(document, fault))
        else:
            found.append(_repeated_key(document, fault) or _syntax(document, fault))
    return found


def dotted_id(document: Document, path: tuple[str, ...]) -> Finding:
    """LM004 for an id whose dots made it nested tables: `path` holds the names that it fell into.

    Its fix is unsafe: in a file of another kind someone may read the nested tables. In a manifest the id needs another
    name besides, so there `without_quoting` takes the fix away.
    """
    model_id = ".".join(path)
    return Finding(
        UNQUOTED_ID.code,
        UNQUOTED_ID.name,
        UNQUOTED_ID.severity,
        f'the id {plain(model_id)} needs quotes: [models."{plain(model_id)}"]',
        ("models", *path),
        (UNQUOTED_ID.code, model_id),
        model_id=path[0],
        what="key",
        span=_id_span(document, path),
        fix=QuoteId(f'write "{plain(model_id)}" in quotes', model_id, path, safe=False),
        refuses=True,
    )


def without_quoting(finding: Finding) -> Finding:
    """LM004 without a fix that would only bring LM107."""
    unsafe = finding.code == UNQUOTED_ID.code and finding.fix is not None and not finding.fix.safe
    return replace(finding, fix=None) if unsafe else finding


def _id_span(document: Document, path: tuple[str, ...]) -> tuple[int, int] | None:
    depth = 1 + len(path)
    for index in document.model_tables(path[0]):
        table = document.tables[index]
        if table.key[:depth] == ("models", *path):
            at = document.starts[index]
            return at + table.parts[1].start, at + table.parts[depth - 1].end
    return None


def _in_conflict(document: Document, fault: TextFault) -> bool:
    return bool(document.conflicts) and document.tables[document.table_at(fault.start)].is_conflicted


def _finding(rule: Rule, fault: TextFault, message: str, mark: tuple[str, ...], fix: Fix | None = None) -> Finding:
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        message,
        fault.path,
        (rule.code, *mark),
        model_id=fault.model_id,
        span=(fault.start, fault.end),
        fix=fix,
        refuses=rule.refuses,
    )


def _names(path: tuple[str | int, ...]) -> tuple[str, ...]:
    return tuple(map(str, path))


# `[models.wan2.1-t2v@1.0.0.files]`: `@` in a header that cannot be read, since its dots part the id anywhere.
_BARE_ID = re.compile(
    r"\s*\[\[?\s*models\s*\.\s*([^\]\"'\s]*@[^\]\"'\s]*?)(?:\.(?:files|sources|defaults|vram_estimation))?\s*\]"
)


def _bare_id(document: Document, fault: TextFault) -> str | None:
    """The id that a header spells without quotes, where the header cannot be read for it."""
    if fault.kind != "syntax" or document.text[fault.start : fault.start + 1] != "[":
        return None
    end = document.text.find("\n", fault.start)
    match = _BARE_ID.match(document.text, fault.start, len(document.text) if end < 0 else end)
    return match.group(1) if match else None


def _unquoted(fault: TextFault, model_id: str, *, can_quote: bool = True) -> Finding:
    shown = plain(model_id)
    # An id that is no id in quotes either needs another name first.
    fix = QuoteId(f'write "{shown}" in quotes', model_id, (model_id,)) if can_quote else None
    return _finding(UNQUOTED_ID, fault, f'the id {shown} needs quotes: [models."{shown}"]', (model_id,), fix)


def _twice(document: Document, fault: TextFault) -> Finding:
    name = ".".join(f'"{plain(str(part))}"' if not str(part).isidentifier() else str(part) for part in fault.path)
    line = document.place_at(fault.start).line
    before = "" if fault.first is None else f"on line {document.place_at(fault.first).line} and "
    return _finding(DEFINED_TWICE, fault, f"[{name}] is defined twice: {before}on line {line}", _names(fault.path))


def _repeated_key(document: Document, fault: TextFault) -> Finding | None:
    """LM003 where a key stands twice in one table: the reader tells of it as of bad syntax."""
    if not fault.message.startswith(("cannot overwrite a value", "duplicate inline table key")):
        return None
    inline = _INLINE_TWICE.match(fault.message)
    if inline is not None:
        return _repeated_inline(document, fault, inline.group(1))
    from loadmaster.document.entries import read_entries

    index = document.table_at(fault.start)
    table, at = document.tables[index], document.starts[index]
    try:
        nodes = read_entries(table.reading[: fault.start - at], table.body)
    except (ValueError, IndexError):
        return None
    if len(nodes) < 2:
        return None
    last = nodes[-1].path
    first = next((node for node in nodes[:-1] if node.path[: len(last)] == last[: len(node.path)]), None)
    if first is None:
        return None
    lines = [document.place_at(at + node.key_start).line for node in (first, nodes[-1])]
    name = ".".join(map(str, last))
    message = f"{plain(name)} is defined twice: on line {lines[0]} and on line {lines[1]}"
    return Finding(
        DEFINED_TWICE.code,
        DEFINED_TWICE.name,
        DEFINED_TWICE.severity,
        message,
        (*fault.path, *last),
        (DEFINED_TWICE.code, *_names(fault.path), name),
        model_id=fault.model_id,
        span=(at + nodes[-1].key_start, at + nodes[-1].key_end),
        refuses=True,
    )


_INLINE_TWICE = re.compile(r"duplicate inline table key '(.*)'")


def _repeated_inline(document: Document, fault: TextFault, name: str) -> Finding:
    """LM003 for a key that stands twice between the braces of one inline table."""
    at = document.text.rfind(name, 0, fault.start)
    span = (at, at + len(name)) if at >= 0 else (fault.start, fault.end)
    line = document.place_at(span[0]).line
    return Finding(
        DEFINED_TWICE.code,
        DEFINED_TWICE.name,
        DEFINED_TWICE.severity,
        f"{plain(name)} is defined twice in one inline table on line {line}",
        fault.path,
        (DEFINED_TWICE.code, *_names(fault.path), plain(name)),
        model_id=fault.model_id,
        span=span,
        refuses=True,
    )


# What the reader says, and what it expected at that place.
_EXPECTED = (
    ("not a [table]", "this is no header: [table] or [[table]] was expected"),
    ("invalid value", "a value was expected: a string in quotes, a number, true, false, a date, [ or {"),
    ("invalid statement", "a key, a [table] or a # comment was expected"),
    ("invalid initial character for a key part", "a key was expected: letters, digits, _ and -, or a name in quotes"),
    ("expected '=' after a key", "= was expected after the key"),
    ("expected newline or end of document", "the end of the line was expected here"),
    ("unterminated string", "the string is not closed: its closing quotes were expected"),
    ("illegal character '\\n'", "the string is not closed on its line: a closing quote was expected"),
    ("illegal character '\\r'", "a line break was expected, and only a carriage return stands here"),
    ("unclosed array", "the list is not closed: , or ] was expected"),
    ("unclosed inline table", "the inline table is not closed on its line: , or } was expected"),
    ("unescaped '\\' in a string", "the backslash begins no escape: write \\\\, or use single quotes"),
    ("invalid hex value", "the escape needs hexadecimal digits: \\u0041 or \\U00000041"),
    ("cannot declare", "this table is already defined"),
    ("cannot mutate immutable", "an inline table is whole as it stands: nothing can be added to it"),
    ("invalid date or datetime", "no such date or time"),
)


def _syntax(document: Document, fault: TextFault) -> Finding:
    message = next((words for start, words in _EXPECTED if fault.message.startswith(start)), fault.message)
    line = document.text[document.text.rfind("\n", 0, fault.start) + 1 : fault.start + 40].partition("\n")[0].strip()
    mark = (*_names(fault.path), line.partition("=")[0].strip())
    return _finding(SYNTAX, fault, plain(message, 200), mark)
