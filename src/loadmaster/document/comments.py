"""Where the comments of a table stand."""

from __future__ import annotations

from loadmaster.document.tables import Table


def comment_spans(table: Table) -> list[tuple[int, int]]:
    """The comments of `table`, each from its `#` to the end of its line, by offsets in the table's text.

    A `#` inside a key or a string is none. Of a table that cannot be read, only the block above its header counts.
    """
    text = table.text
    broken = table.fault is not None and table.fault.kind != "unquoted-id"
    limit = table.lead if broken else len(text)
    opaque = sorted(_opaque(table)) if not broken else []
    found: list[tuple[int, int]] = []
    at = text.find("#", 0, limit)
    while at >= 0:
        while opaque and opaque[0][1] <= at:
            del opaque[0]
        if opaque and opaque[0][0] <= at:
            end = opaque[0][1]
        else:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            found.append((at, end - 1 if text[end - 1 : end] == "\r" else end))
        at = text.find("#", end, limit)
    return found


def _opaque(table: Table) -> list[tuple[int, int]]:
    """Keys and scalars: what may hold a `#` that begins no comment."""
    spans = [(part.start, part.end) for part in table.parts]
    for top in table.nodes:
        for node in top.walk():
            spans += ((part.start, part.end) for part in node.key)
            if node.kind == "scalar":
                spans.append((node.start, node.end))
    return spans
