"""Which manifest: those of before, those below the folder, any path that is typed, or a new one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.widgets import Input
from textual.worker import get_current_worker

from loadmaster.manifest.words import age
from loadmaster.tui.finding import MANIFEST_NAME, manifests_below
from loadmaster.tui.paint import Line, Piece, fit, span, spread
from loadmaster.tui.screens.palette import Entry, matching
from loadmaster.tui.screens.sheet import FRAME, WIDEST, Hint, Sheet, SheetFoot, SheetHead
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.path_input import PathInput

HIGHEST = 14
"""Lines of the list where the terminal bears them."""
LEAST_PATH = 32
"""Cells that a long path has at least before a word stands behind it: its end tells manifests apart."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The answer: a manifest to open, or, where it is `new`, to write first."""

    path: Path
    new: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """A heading, or a manifest with a word on it, which is left out where it `is_spare` and the path needs the room."""

    text: str
    note: str = ""
    chosen: Chosen | None = None
    is_spare: bool = False


class ChooserRows(LineList):
    """Headings and manifests."""

    DEFAULT_CSS = "ChooserRows { height: auto; background: $surface; }"
    can_focus = False

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[_Row] = []
        self.has_moved = False
        """Whether the cursor is where the person put it."""

    def row_count(self) -> int:
        """All."""
        return len(self.rows)

    def can_stand_on(self, index: int) -> bool:
        """Not on a heading."""
        return index < len(self.rows) and self.rows[index].chosen is not None

    def row_lines(self, index: int, width: int) -> list[Line]:
        """The path at the left, the word at the right."""
        row = self.rows[index]
        if row.chosen is None:
            return [fit([Piece(f" {row.text}", "header"), Piece(f"  {row.note}", "faint")], width)]
        path, lead = visible(row.text), [Piece("   ")]
        note = [Piece(f"  {row.note} ", "label")]
        room = width - span(lead) - span(note)
        if row.is_spare and room < min(cell_len(path), LEAST_PATH):
            note, room = [Piece(" ")], width - span(lead) - 1
        return [spread([*lead, Piece(middle(path, max(room, 1)), "value")], note, width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Always the same, whatever matches, but not higher than the terminal bears beside the line above."""
        return min(HIGHEST, max(viewport.height - FRAME - 1, 1))

    def show(self, rows: Sequence[_Row]) -> None:
        """Other rows; the cursor stays on its manifest where that is still there."""
        here = self.chosen if self.has_moved else None
        self.rows = list(rows)
        kept = next((i for i, row in enumerate(self.rows) if here is not None and row.chosen == here), 0)
        self.rows_changed(kept)

    @property
    def chosen(self) -> Chosen | None:
        """What is under the cursor."""
        return self.rows[self.cursor].chosen if self.cursor < len(self.rows) else None

    def click_row(self, index: int, line: int, x: int) -> bool:
        """One click takes it."""
        if isinstance(self.screen, ChooserScreen):
            self.screen.take(self.rows[index].chosen)
        return True


class ChooserScreen(Sheet[Chosen | None]):
    """Answers a manifest. What is typed filters the rows, and is a path of its own where it names one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
    ]

    def __init__(self, recent: Sequence[Path], folder: Path, leaving: str = "back", said: str = "") -> None:
        """`recent` are the manifests of before, `folder` where others are looked for, `leaving` what Escape does."""
        super().__init__()
        self._recent = [path for path in recent if os.path.isfile(path)]
        self._folder = folder
        self._found: list[Path] = []
        self._is_looking = True
        self._said = said
        self._completed: Sequence[str] = ()
        self._warned: Chosen | None = None
        self._hints: tuple[Hint, ...] = (("↵", "open"), ("↑↓", "choose"), ("↹", "complete a path"), ("esc", leaving))

    def title_line(self) -> Line:
        """What it is, or what went wrong."""
        return _warning(self._said) if self._said else [Piece("Open a manifest", "bright")]

    def compose(self) -> ComposeResult:
        """A line to type in, and the rows."""
        with Vertical(id="sheet"):
            yield SheetHead(self.title_line())
            yield PathInput(placeholder="a path, or part of a name")
            yield ChooserRows()
            yield SheetFoot(self._hints)

    def on_mount(self) -> None:
        """Show those of before at once; look for others."""
        self.query_one(PathInput).focus()
        self._show()
        self._look()

    @work(thread=True, exclusive=True)
    def _look(self) -> None:
        worker = get_current_worker()
        shown = time.monotonic()
        found: list[Path] = []
        for path in manifests_below(self._folder):
            if worker.is_cancelled:
                return
            found.append(path)
            if time.monotonic() - shown > 0.1:
                shown = time.monotonic()
                self.app.call_from_thread(self._show_found, tuple(found), True)
        self.app.call_from_thread(self._show_found, tuple(found), False)

    def _show_found(self, found: Sequence[Path], is_looking: bool) -> None:
        self._found, self._is_looking = list(found), is_looking
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        self.query_one(ChooserRows).show(self._rows(self.query_one(PathInput).value.strip()))

    def _rows(self, text: str) -> list[_Row]:
        if self._completed:
            rows = [_Row(path, "", Chosen(Path(path).expanduser())) for path in self._completed if path[-1] != "/"]
            return [_Row(path, "folder") for path in self._completed if path[-1] == "/"] + rows
        rows = []
        recent = _matching(self._recent, _short, text)
        known = {path.resolve() for path in self._recent}
        unknown = [path for path in self._found if path.resolve() not in known]
        others = _matching(unknown, lambda path: _within(path, self._folder), text)
        typed = self.query_one(PathInput).path
        if (
            typed is not None
            and os.path.isfile(typed)
            and typed.resolve() not in {one.resolve() for one in recent + others}
        ):
            rows.append(_Row(text, "as typed", Chosen(typed)))
        elif typed is not None and typed.suffix == ".toml" and not os.path.exists(typed):
            rows.append(_Row(text, "not there: write a new one", Chosen(typed, True)))
        if recent:
            rows += [_Row("Opened before"), *(_Row(_short(path), _when(path), Chosen(path), True) for path in recent)]
        looking = "looking …" if self._is_looking else "" if others else "none"
        rows.append(_Row(f"Below {_short(self._folder)}", looking))
        rows += (_Row(_within(path, self._folder), _when(path), Chosen(path), True) for path in others)
        new = self._folder / MANIFEST_NAME
        if not text and not os.path.exists(new):
            rows += [_Row("New"), _Row(MANIFEST_NAME, "write one to start from", Chosen(new, True), True)]
        return rows

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter."""
        event.stop()
        self._completed = ()
        self.query_one(ChooserRows).has_moved = False
        self._show()

    def on_path_input_completed(self, message: PathInput.Completed) -> None:
        """Several paths are meant: show them."""
        message.stop()
        self._completed = message.paths if len(message.paths) > 1 else ()
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open what is under the cursor."""
        event.stop()
        self.take(self.query_one(ChooserRows).chosen)

    def action_move(self, step: int) -> None:
        """Up and down in the rows."""
        rows = self.query_one(ChooserRows)
        rows.has_moved = True
        for _ in range(abs(step)):
            (rows.action_cursor_down if step > 0 else rows.action_cursor_up)()

    def take(self, chosen: Chosen | None) -> None:
        """Answer, where there is something to answer with. What is to be written is asked for twice."""
        if chosen is None:
            return
        if chosen.new and chosen != self._warned:
            self._warned = chosen
            self._say(f"Enter once more writes {chosen.path}.")
            return
        self.dismiss(chosen)

    def _say(self, text: str) -> None:
        self.query_one(SheetHead).show(_warning(text))


def _warning(text: str) -> Line:
    """A sentence for the head of the sheet; a path that is too long gives up its middle."""
    return [Piece(middle(visible(text), WIDEST - 6), "warning")]


def _short(path: Path) -> str:
    """A path as one would type it: from the home folder."""
    try:
        return str(Path("~") / path.absolute().relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path.absolute())


def _within(path: Path, folder: Path) -> str:
    try:
        return str(path.relative_to(folder))
    except ValueError:
        return str(path)


def _when(path: Path) -> str:
    try:
        return f"changed {age(time.time() - path.stat().st_mtime)}"
    except OSError:
        return ""


def _matching(paths: Sequence[Path], shown: Callable[[Path], str], text: str) -> list[Path]:
    """The paths that match as they are shown: what nobody sees is not searched."""
    entries = [Entry(str(path), shown(path)) for path in paths]
    return [Path(entry.choice) for entry in matching(entries, text)]
