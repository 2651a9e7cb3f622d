"""Edits of the keys of one table: a value replaced, a pair added or removed. Text in, text out."""

from __future__ import annotations

import re
from typing import Any

from loadmaster.document import render
from loadmaster.document.entries import Node
from loadmaster.document.render import Style
from loadmaster.document.tables import Table

_EQUALS = re.compile(r"([ \t]*)=([ \t]*)")


def replaced(text: str, start: int, end: int, new: str) -> str:
    """`text` with `new` in place of the characters from `start` to `end`."""
    return text[:start] + new + text[end:]


def newline_of(text: str, default: str) -> str:
    """The newline that `text` uses first, or `default`."""
    at = text.find("\n")
    return default if at < 0 else "\r\n" if text[at - 1 : at] == "\r" else "\n"


def line_start(text: str, offset: int) -> int:
    """Where the line begins in which `offset` lies; behind a byte-order mark, which stays where it is."""
    start = text.rfind("\n", 0, offset) + 1
    return 1 if start == 0 < offset and text[0] == "\ufeff" else start


def line_end(text: str, offset: int) -> int:
    """The offset behind the line in which `offset` lies and its newline."""
    return text.find("\n", offset) + 1 or len(text)


def comment_start(text: str, start: int, floor: int) -> int:
    """Where the comment block begins that touches the line at `start`, not before `floor`."""
    while start > floor:
        above = line_start(text, start - 1)
        if above < floor or not text[above:start].lstrip(" \t").startswith("#"):
            break
        start = above
    return start


def style_of(table: Table, newline: str) -> Style:
    """How the values of `table` are written: quotes as in most of its strings, spaces as in its first inline table."""
    strings = [table.text[node.start] for node in table.nodes if table.text[node.start] in "\"'"]
    literal = bool(strings) and strings.count("'") > len(strings) / 2
    for node in table.nodes:
        for inner in node.walk():
            if inner.kind == "inline" and inner.children:
                return inline_style(table.text, inner, literal, newline)
    return Style(literal=literal, newline=newline)


def inline_style(text: str, node: Node, literal: bool, newline: str) -> Style:
    """How the inline table at `node` is written."""
    first = node.children[0]
    pad = text[node.start + 1 : first.key_start]
    separator = text[first.end : node.children[1].key_start] if len(node.children) > 1 else ", "
    equals = text[first.key_end : first.start]
    strings = [text[child.start] for child in node.children if text[child.start] in "\"'"]
    if strings:
        literal = strings.count("'") > len(strings) / 2
    return Style(pad, separator if separator.strip() == "," else ", ", equals, literal, newline)


def with_pair(table: Table, prefix: tuple[str, ...], after: Node | None, name: str, value: Any, newline: str) -> str:
    """The text of `table` with a new pair on a line below `after` (its last pair where None).

    `prefix` is the spelling of a dotted key's first parts. The new line copies the indent, the alignment of the
    equals signs and the quotes of its neighbours.
    """
    text, nodes = table.text, table.nodes
    newline = newline_of(text, newline)
    spelled = ".".join((*prefix, render.key(name)))
    after = after or (nodes[-1] if nodes else None)
    if after is None:
        at = table.body
        header = text[table.lead : table.body]
        indent = header[: len(header) - len(header.lstrip(" \t"))]
    else:
        at = line_end(text, after.end)
        begin = line_start(text, after.key_start)
        indent = text[begin : after.key_start]
    line = f"{indent}{spelled}{_equals(table, len(spelled))}{render.value(value, style_of(table, newline))}"
    if at == 0 and text[:1] == "\ufeff":
        at = 1
    if at and not text[:at].endswith(("\n", "\ufeff")):
        return replaced(text, at, at, newline + line)  # the file's last line has no newline, and keeps none
    if at == len(text) and table.header is None and not text.strip("\ufeff"):
        return text + line + newline
    return replaced(text, at, at, line + newline)


def _equals(table: Table, width: int) -> str:
    """The equals sign of a new key of `width` characters, aligned where the neighbours' are."""
    spaces: list[tuple[int, str, str]] = []
    for node in table.nodes:
        match = _EQUALS.match(table.text, node.key_end)
        if match:
            begin = line_start(table.text, node.key_start)
            spaces.append((match.start() + len(match.group(1)) - begin, match.group(1), match.group(2)))
    if not spaces:
        return " = "
    columns = {column for column, _, _ in spaces}
    _, before, behind = spaces[-1]
    aligned = len(spaces) > 1 and len(columns) == 1 and any(len(left) > 1 for _, left, _ in spaces)
    if aligned:
        last = table.nodes[-1]
        indent = last.key_start - line_start(table.text, last.key_start)
        before = " " * max(next(iter(columns)) - indent - width, 1)
    elif len(before) > 1:
        before = " "
    return f"{before}={behind}"


def without_pair(table: Table, node: Node) -> str:
    """The text of `table` without the line of `node`, its trailing comment and the comment block directly above."""
    text = table.text
    begin = comment_start(text, line_start(text, node.key_start), table.body)
    end = line_end(text, node.end)
    if end == len(text) and not text.endswith("\n") and begin > 0:
        # The file ends without a newline: so must the line above, now the last.
        begin = len(text[:begin].rstrip("\r\n"))
    return replaced(text, begin, end, "")


def with_inline_pair(text: str, node: Node, name: str, value: Any, style: Style) -> str:
    """`text` with a new pair at the end of the inline table at `node`."""
    if not node.children:
        return replaced(text, node.start, node.end, render.value({name: value}, style))
    style = inline_style(text, node, style.literal, style.newline)
    pair = f"{style.separator}{render.key(name)}{style.equals}{render.value(value, style)}"
    at = node.children[-1].end
    return replaced(text, at, at, pair)


def without_inline_pair(text: str, node: Node, child: Node) -> str:
    """`text` without the pair `child` of the inline table at `node`, and without the comma that it leaves over."""
    index = next(i for i, other in enumerate(node.children) if other is child)
    if len(node.children) == 1:
        return replaced(text, node.start, node.end, "{}")
    if index + 1 < len(node.children):
        return replaced(text, child.key_start, node.children[index + 1].key_start, "")
    return replaced(text, node.children[index - 1].end, child.end, "")
