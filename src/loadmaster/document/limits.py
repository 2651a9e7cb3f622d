"""What a TOML reader can bear: nesting, digits and key parts are bounded before it is asked.

`tomllib` raises RecursionError on 3,000 brackets and ValueError on a 5,000-digit number, and needs 5 s for a dotted
key of 40 KB. No manifest comes near these bounds.
"""

from __future__ import annotations

import re

from loadmaster.document.scan import BASIC, KEY, LITERAL, LONG_BASIC, LONG_LITERAL

MAX_NESTING = 100
"""Brackets inside brackets."""
MAX_DIGITS = 1000
"""Digits of one number; Python itself refuses integers from 4,301."""
MAX_KEY_PARTS = 100
"""Parts of one dotted key."""

# Octal and binary digits are decimal ones too; hexadecimal ones Python reads without end, and then cannot write.
_DIGITS = re.compile(rf"\d(?:_?\d){{{MAX_DIGITS}}}|0x[\dA-Fa-f](?:_?[\dA-Fa-f]){{{MAX_DIGITS}}}")
_DOTS = re.compile(rf"(?:^|[{{,])[ \t]*+(?:{KEY}[ \t]*+\.[ \t]*+){{{MAX_KEY_PARTS}}}", re.M)
_BRACKETS = re.compile(rf"{LONG_BASIC}|{LONG_LITERAL}|{BASIC}|{LITERAL}|#[^\n]*+|([\[{{])|[\]}}]", re.S)
_SKIPPED = re.compile(rf"{LONG_BASIC}|{LONG_LITERAL}|{BASIC}|{LITERAL}|#[^\n]*+|({_DIGITS.pattern})", re.S)


def excess(text: str) -> tuple[str, int, int] | None:
    """What no reader should be given in `text`, the body of a table: a sentence and its span, or None."""
    if len(text) <= MAX_NESTING:
        return None
    if text.count("[") + text.count("{") > MAX_NESTING:
        depth = 0
        for match in _BRACKETS.finditer(text):
            if match.group(1):
                depth += 1
                if depth > MAX_NESTING:
                    return f"nested more than {MAX_NESTING} deep", match.start(), match.end()
            elif match.group() in "]}":
                depth -= 1
    if len(text) > MAX_DIGITS and _DIGITS.search(text):
        for match in _SKIPPED.finditer(text):
            if match.group(1):
                return f"a number of more than {MAX_DIGITS:,} digits", match.start(), match.end()
    if text.count(".") >= MAX_KEY_PARTS:
        dots = _DOTS.search(text)
        if dots:
            return f"a key of more than {MAX_KEY_PARTS} parts", dots.start(), dots.end()
    return None
