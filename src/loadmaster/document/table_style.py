"""New tables, written as their neighbours are: headers, indents, alignment, blank lines between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from loadmaster.document import render
from loadmaster.document.pairs import newline_of, style_of
from loadmaster.document.render import Style
from loadmaster.document.tables import Table


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a table is written: `header_indent`, `key_indent`, `pad` inside the brackets, `dot` between parts, and
    `equals_column`, where its equals signs stand in line behind the indent (None where they are not aligned)."""

    header_indent: str = ""
    key_indent: str = ""
    pad: str = ""
    dot: str = "."
    before_equals: str = " "
    behind_equals: str = " "
    equals_column: int | None = None
    values: Style = field(default_factory=Style)


def observed(table: Table | None, newline: str) -> TableStyle:
    """The style of `table`; the plain style where it is None."""
    if table is None or table.header is None or not table.parts:
        return TableStyle(values=Style(newline=newline))
    text, parts = table.text, table.parts
    line = text[table.lead : table.body]
    header_indent = line[: len(line) - len(line.lstrip(" \t"))]
    opening = table.lead + len(header_indent) + (2 if table.header.is_array else 1)
    pad = text[opening : parts[0].start]
    dot = text[parts[0].end : parts[1].start] if len(parts) > 1 else "."
    key_indent, columns, gaps = header_indent, set(), []
    for node in table.nodes:
        begin = text.rfind("\n", 0, node.key_start) + 1
        key_indent = text[begin : node.key_start]
        equals = text.find("=", node.key_end)
        columns.add(equals - node.key_start)
        gaps.append((text[node.key_end : equals], text[equals + 1 : node.start]))
    aligned = len(columns) == 1 and len(gaps) > 1 and any(len(before) > 1 for before, _ in gaps)
    before, behind = gaps[-1] if gaps else (" ", " ")
    return TableStyle(
        header_indent,
        key_indent,
        pad,
        dot,
        before if len(before) < 2 else " ",
        behind,
        next(iter(columns)) if aligned else None,
        style_of(table, newline_of(text, newline)),
    )


def header_line(parts: tuple[str, ...], is_array: bool, style: TableStyle) -> str:
    """A header with its newline; `parts` are spelled already."""
    left, right = ("[[", "]]") if is_array else ("[", "]")
    return f"{style.header_indent}{left}{style.pad}{style.dot.join(parts)}{style.pad}{right}{style.values.newline}"


def pair_line(name: str, value: Any, style: TableStyle) -> str:
    """A pair on its line."""
    spelled = render.key(name)
    before = style.before_equals
    if style.equals_column is not None:
        before = " " * max(style.equals_column - len(spelled), 1)
    rendered = render.value(value, style.values)
    return f"{style.key_indent}{spelled}{before}={style.behind_equals}{rendered}{style.values.newline}"


def is_table(value: Any) -> bool:
    """Whether a value is written as a table of its own: a table that is not empty."""
    return isinstance(value, dict) and bool(value)


def is_tables(value: Any) -> bool:
    """Whether a value is written as tables of its own: a list, not empty, of tables."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def blocks(
    parts: tuple[str, ...], data: dict[str, Any], style: TableStyle, is_array: bool = False, bare: bool = False
) -> list[str]:
    """The tables that say `data` under the header `parts`: its own keys first, then each sub-table as a block.

    `bare` leaves out the table's own header where it has no keys of its own.
    """
    own = {name: item for name, item in data.items() if not is_table(item) and not is_tables(item)}
    found = []
    if own or is_array or not bare or not data:
        lines = (pair_line(name, item, style) for name, item in own.items())
        found.append(header_line(parts, is_array, style) + "".join(lines))
    for name, item in data.items():
        below = (*parts, render.key(name))
        if is_table(item):
            found += blocks(below, item, style)
        elif is_tables(item):
            for element in item:
                found += blocks(below, element, style, is_array=True)
    return found


def blank_lines(text: str) -> int:
    """How many blank lines `text` begins with."""
    count = 0
    for line in text.split("\n")[:-1]:
        if line.strip():
            break
        count += 1
    return count
