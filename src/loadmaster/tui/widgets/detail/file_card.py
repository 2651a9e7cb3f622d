"""The card below the table of files: the file under the cursor with nothing left out, what is wrong, the totals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.strip import Strip

from loadmaster.manifest.fields import human_bytes
from loadmaster.manifest.words import plural
from loadmaster.tui.manifest_view import NO_COMPONENT, component_of, size_of
from loadmaster.tui.paint import BLANK, Inked, Line, Piece, fit, span, spread, wrap
from loadmaster.tui.visible import head, visible
from loadmaster.tui.widgets.field_list import faults_within

if TYPE_CHECKING:
    from loadmaster.tui.widgets.detail.files import FilesTable

_TOTAL = re.compile(r"-of-(\d{1,6})\.")


class FileCard(Inked):
    """The file under the cursor, and the totals of the model."""

    DEFAULT_CSS = "FileCard { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = []

    def show(self, table: FilesTable, width: int, room: int) -> None:
        """Show the file under the cursor of a table, in at most `room` lines."""
        facts = _fact_lines(table, width)[: max(room, 0)]
        faults = faults_within(table.row_findings, width - 3, room - len(facts))
        self._lines = [*facts, *([Piece("  "), *line] for line in faults), _totals(table, width)]
        self.styles.height = len(self._lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the card."""
        return self.draw(self._lines[y] if y < len(self._lines) else BLANK, self.size.width)


def part_text(file: Mapping[str, Any]) -> str:
    """Which shard a file is, of how many."""
    if file.get("shard_index") is True:
        return "index"
    part = file.get("shard_part")
    if part is None:
        return ""
    total = _TOTAL.search(str(file.get("path", "")))
    return f"{visible(part)}/{int(total[1])}" if total else visible(part)


def _fact_lines(table: FilesTable, width: int) -> list[Line]:
    if not table.files or table.view is None:
        return []
    file = table.files[table.cursor]
    rule = [Piece("─" * width, "rule")]
    if not file and table.row_findings:
        return [rule, [Piece("  "), Piece("this table cannot be read", "default")]]
    size = size_of(file)
    exact = f"{size:,} bytes" if size is not None else visible(file.get("size", "no size"))
    facts: list[Piece] = [Piece(exact)]
    if component_of(file) != NO_COMPONENT:
        facts += [Piece("   component ", "label"), Piece(visible(component_of(file)))]
    if part_text(file):
        facts += [Piece("   part ", "label"), Piece(part_text(file))]
    facts += [Piece("   optional", "label")] if file.get("optional") is True else []
    lead = Piece("  ")
    lines: list[Line] = [
        rule,
        *([lead, Piece(part, "bright")] for part in wrap(visible(file.get("path", "no path")), width - 3)[:2]),
        [lead, *facts],
        [lead, Piece("sha256 " if width > 75 else "", "label"), Piece(visible(file.get("sha256", "none")))],
    ]
    if table.is_unconfirmed(table.cursor):
        said = "? the digest was copied with the model: not confirmed until it is edited or hashed"
        lines.append([lead, Piece(head(said, width - 3), "default")])
    return lines


def _totals(table: FilesTable, width: int) -> Line:
    assert table.view is not None or not table.files
    if table.view is None:
        return BLANK
    summary = table.view.summary(table.model_id)
    left: Line = [Piece(f"  {plural(summary.files, 'file')}  ", "label"), Piece(human_bytes(summary.size), "bright")]
    unconfirmed = sum(map(table.is_unconfirmed, range(len(table.files))))
    left = [*left, Piece(f"  ? {unconfirmed} not confirmed", "default")] if unconfirmed else left
    parts: list[Piece] = []
    for component in summary.components:
        piece = f"{visible(component.name)} {human_bytes(component.size)}"
        if span(parts) + len(piece) + 3 > width - span(left) - 3:
            break
        parts += [Piece(" · " if parts else "", "faint"), Piece(piece, "label")]
    return fit(spread(left, [*parts, Piece(" ")], width), width)
