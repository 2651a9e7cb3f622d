"""Edits of the items of one array, with the comments that belong to each. Text in, text out.

An item that begins its own line owns the comment block directly above it and the comment behind it on its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from loadmaster.document import render
from loadmaster.document.entries import Node
from loadmaster.document.pairs import comment_start, inline_style, line_end, line_start, newline_of, replaced
from loadmaster.document.render import Style
from loadmaster.errors import EditRefused

_BEHIND = re.compile(r"[ \t]*(,?)[ \t]*(#[^\r\n]*)?")


@dataclass(frozen=True, slots=True)
class _Item:
    """One item, as offsets: from `start` to `end` all that belongs to it; `comma` is where the one behind it stands.

    `own_line` says that nothing else stands on its lines.
    """

    start: int
    value_start: int
    value_end: int
    comma: int | None
    comment: tuple[int, int] | None
    end: int
    own_line: bool


def _items(text: str, node: Node) -> list[_Item]:
    items: list[_Item] = []
    floor = node.start + 1
    for child in node.children:
        begin = line_start(text, child.start)
        first_on_line = begin >= floor and not text[begin : child.start].strip()
        comma, comment, end = _behind(text, node, child)
        alone = first_on_line and end > node.start and text[end - 1 : end] == "\n"
        start = comment_start(text, begin, max(floor, line_end(text, node.start))) if first_on_line else child.start
        items.append(_Item(start, child.start, child.end, comma, comment, end, alone))
        floor = end
    return items


def _behind(text: str, node: Node, child: Node) -> tuple[int | None, tuple[int, int] | None, int]:
    """The comma behind an item (it may stand on a later line), its trailing comment, and where its lines end."""
    match = _BEHIND.match(text, child.end)
    assert match is not None
    comma = match.start(1) if match.group(1) else None
    comment = match.span(2) if match.group(2) else None
    end = match.end()
    rest = line_end(text, end)
    if rest <= node.end and not text[end:rest].strip():
        end = rest
    if comma is None:
        late = _late_comma(text, end, node.end)
        if late is not None:
            return late, comment, late + 1
    return comma, comment, end


def _late_comma(text: str, start: int, end: int) -> int | None:
    position = start
    while position < end:
        if text[position] == "#":
            position = line_end(text, position)
        elif text[position] == ",":
            return position
        elif text[position].isspace():
            position += 1
        else:
            return None
    return None


def style_beside(text: str, node: Node, literal: bool, newline: str) -> Style:
    """How the items of the array at `node` are written: their quotes, and the spaces of its inline tables."""
    for child in reversed(node.children):
        if child.kind == "inline" and child.children:
            return inline_style(text, child, literal, newline)
    strings = [text[child.start] for child in node.children if text[child.start] in "\"'"]
    literal = strings.count("'") > len(strings) / 2 if strings else literal
    separator = text[node.children[0].end : node.children[1].start] if len(node.children) > 1 else ", "
    return Style(separator=separator if re.fullmatch(r",[ \t]*", separator) else ", ", literal=literal, newline=newline)


def with_item(text: str, node: Node, index: int, value: Any, literal: bool, newline: str) -> str:
    """`text` with `value` put into the array at `node` before the item at `index`."""
    newline = newline_of(text, newline)
    style = style_beside(text, node, literal, newline)
    new = render.value(value, style)
    items = _items(text, node)
    if not items:
        return _with_first_item(text, node, new, newline)
    if index < len(items):
        item = items[index]
        begin = line_start(text, item.value_start)
        if item.own_line or item.start < begin:
            return replaced(text, item.start, item.start, f"{text[begin : item.value_start]}{new},{newline}")
        return replaced(text, item.value_start, item.value_start, new + style.separator)
    last = items[-1]
    if last.own_line:
        indent = text[line_start(text, last.value_start) : last.value_start]
        line = f"{indent}{new}{',' if last.comma is not None else ''}{newline}"
        text = replaced(text, last.end, last.end, line)
        return text if last.comma is not None else replaced(text, last.value_end, last.value_end, ",")
    begin = line_start(text, last.value_start)
    if last.comment is not None:
        return _with_line_behind(text, last, new, newline)
    if last.comma is not None:
        return replaced(text, last.comma + 1, last.comma + 1, f"{style.separator[1:] or ' '}{new}")
    if begin > node.start and not text[begin : last.value_start].strip():
        return replaced(text, last.value_end, last.value_end, f",{newline}{text[begin : last.value_start]}{new}")
    return replaced(text, last.value_end, last.value_end, f"{style.separator}{new}")


def _with_line_behind(text: str, last: _Item, new: str, newline: str) -> str:
    """`text` with `new` on a line below the last item, which has a comment behind it and others before it."""
    begin = line_start(text, last.value_start)
    line = text[begin : last.value_start]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    text = replaced(text, last.end, last.end, f"{indent}{new}{',' if last.comma is not None else ''}{newline}")
    return text if last.comma is not None else replaced(text, last.value_end, last.value_end, ",")


def _with_first_item(text: str, node: Node, new: str, newline: str) -> str:
    inside = text[node.start + 1 : node.end - 1]
    if "#" not in inside:
        return replaced(text, node.start, node.end, f"[{new}]")
    begin = line_start(text, node.end - 1)
    indent = text[begin : node.end - 1]
    if indent.strip():
        raise EditRefused("This empty array holds a comment before its bracket. Open the source (s).")
    # Comments without an item below them stay above the bracket; one on the opening line stays there.
    comment = next((line for line in inside.split("\n")[1:] if "#" in line), "")
    own = comment[: len(comment) - len(comment.lstrip(" \t"))] or indent + "    "
    first = line_end(text, node.start)
    return replaced(text, first, first, f"{own}{new},{newline}")


def without_item(text: str, node: Node, index: int) -> str:
    """`text` without the item at `index` of the array at `node`, its own comments and the comma that it leaves over."""
    items = _items(text, node)
    item = items[index]
    is_last = index == len(items) - 1
    if item.own_line:
        text = replaced(text, item.start, item.end, "")
        if is_last and index > 0 and item.comma is None:
            comma = items[index - 1].comma
            assert comma is not None
            text = replaced(text, comma, comma + 1, "")
        return text
    if not is_last:
        following = items[index + 1]
        between = text[item.value_end : following.value_start]
        if "#" not in between and "\n" not in between:
            return replaced(text, item.value_start, following.value_start, "")
        comma_end = (item.comma or item.value_end) + 1
        return replaced(text, item.value_start, _past_spaces(text, comma_end), "")
    begin = line_start(text, item.value_start)
    start = item.start if item.start < begin else item.value_start
    if index == 0:
        end = item.value_end if item.comma is None else item.comma + 1
        return replaced(text, start, end, "")
    before = items[index - 1]
    assert before.comma is not None
    end = item.value_end if item.comma is None else item.comma + 1
    between = text[before.value_end : item.value_start]
    if "#" not in between and "\n" not in between:
        return replaced(text, before.value_end, end, "" if item.comma is None else ",")
    if begin <= before.comma and not text[begin : before.comma].strip() and item.end == line_end(text, end):
        return replaced(text, begin, item.end, "")  # commas stand before the items: its line goes with its own
    start = start if start < begin else _before_spaces(text, start)
    text = replaced(text, start, end, "")
    return text if item.comma is not None else replaced(text, before.comma, before.comma + 1, "")


def _past_spaces(text: str, offset: int) -> int:
    while text[offset] in " \t":
        offset += 1
    return offset


def _before_spaces(text: str, offset: int) -> int:
    while text[offset - 1] in " \t":
        offset -= 1
    return offset


def moved_item(text: str, node: Node, index: int, to: int) -> str:
    """`text` with the item at `index` of the array at `node` at `to` instead; commas and layout stay in place."""
    items = _items(text, node)
    order = list(range(len(items)))
    order.insert(to, order.pop(index))
    if all(item.own_line for item in items):
        return _moved_lines(text, items, order)
    between = text[node.start : node.end]
    if "#" in between and _has_comment(text, node):
        raise EditRefused(
            "Items share lines with comments here; which belongs to which is not plain. Open the source (s)."
        )
    return _permuted(text, items, order)


def _permuted(text: str, items: list[_Item], order: list[int]) -> str:
    values = [text[item.value_start : item.value_end] for item in items]
    for slot in range(len(items) - 1, -1, -1):
        text = replaced(text, items[slot].value_start, items[slot].value_end, values[order[slot]])
    return text


def _has_comment(text: str, node: Node) -> bool:
    at = node.start + 1
    for child in node.children:
        if "#" in text[at : child.start]:
            return True
        at = child.end
    return "#" in text[at : node.end]


def _moved_lines(text: str, items: list[_Item], order: list[int]) -> str:
    """Each slot gets another item's comment block, value and trailing comment, and keeps its own comma and newline."""
    blocks: list[str] = []
    for slot, source in enumerate(order):
        item, own = items[source], items[slot]
        comma = "," if own.comma is not None else ""
        comment = ""
        if item.comment is not None:
            gap_from = item.value_end if item.comma is None or item.comma > item.comment[0] else item.comma + 1
            comment = text[gap_from : item.comment[1]]
        ending = text[own.comment[1] if own.comment else own.value_end : own.end].lstrip(" \t,")
        blocks.append(f"{text[item.start : item.value_end]}{comma}{comment}{ending}")
    for slot in range(len(items) - 1, -1, -1):
        text = replaced(text, items[slot].start, items[slot].end, blocks[slot])
    return text
