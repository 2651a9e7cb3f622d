"""The rows of the Disk pane: a file each, its state in words, how far it is read; above them where all that lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.on_disk import disk_findings
from loadmaster.document.places import KeyPath
from loadmaster.manifest.spec import FileSpec
from loadmaster.manifest.values import human_bytes
from loadmaster.manifest.words import plural
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.disk_facts import DiskLook, Fact, Lies, digests_of, seen_now
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import BLANK, SEVERITY_INK, Inked, Line, Piece, cell, span, wrap
from loadmaster.tui.visible import head, middle, visible
from loadmaster.tui.widgets.detail.files import shared_by_folders
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.weights.file_state import FileState, state_of
from loadmaster.weights.observation import Observation, Unlisted
from loadmaster.weights.partial_spec import partial_spec
from loadmaster.weights.progress import Pace, Progress

BAR_WIDTH = 10


@dataclass(frozen=True, slots=True)
class _Columns:
    """The cells of the columns in a row of some width; the path takes what is left."""

    size: int
    state: int
    gap: int

    def path(self, width: int) -> int:
        """The cells for the path."""
        return max(width - self.size - self.state - 2 * self.gap, 12)


def _columns(width: int) -> _Columns:
    """Where there is little room all of it goes to the paths: the whole number of a shard, and some of its folder."""
    return _Columns(9, 18, 2) if width >= 76 else _Columns(7, 17, 1)


_INKS = {
    FileState.SOUND: "added",
    FileState.ABSENT: "label",
    FileState.NOT_READ: "default",
}


@dataclass(frozen=True, slots=True)
class DiskRow:
    """One file: listed, with its index and its finding if there is one, or unlisted."""

    path: str
    size: int | None
    state: FileState | None
    words: str
    index: int | None = None
    unlisted: Unlisted | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What the head tells: the root, the look at the model that is shown, and the read that goes on.

    `found` is what was found of all files once they were read; nothing before that.
    """

    root: Path | None
    look: DiskLook
    is_reading: bool
    progress: Progress | None
    pace: Pace
    found: str = ""


class DiskHead(Inked):
    """Two lines: the folder, and what goes on or was found."""

    DEFAULT_CSS = "DiskHead { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        self._facts: HeadFacts | None = None

    def show(self, facts: HeadFacts) -> None:
        """Tell this."""
        self._facts = facts
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        facts = self._facts
        if facts is not None and facts.root is None:
            lines = _rootless_lines(width - 2)
            return self.draw([Piece(" "), *lines[y]] if y < len(lines) else BLANK, width)
        if facts is None or y == 2:
            return self.draw(BLANK, width)
        return self.draw([Piece(" "), *(_folder_line(facts, width - 2) if y == 0 else _read_line(facts))], width)


def _rootless_lines(width: int) -> list[Line]:
    """What to do where no folder is known; in one line, or with the key on a line of its own."""
    said = "MODELS_ROOT is not set, so no folder is known below which models lie:"
    way: Line = [Piece("R", "key"), Piece(" names one", "label")]
    if len(said) + 1 + span(way) <= width:
        return [[Piece(f"{said} ", "label"), *way]]
    return [*([Piece(part, "label")] for part in wrap(said, width)), way]


def _folder_line(facts: HeadFacts, width: int) -> Line:
    assert facts.root is not None
    missing = bool(facts.look.facts) and all(fact.folder_missing for fact in facts.look.facts.values())
    word = "not there  " if missing else "lies in  "
    folder = visible(facts.look.folder or str(facts.root))
    return [Piece(word, "error" if missing else "label"), Piece(middle(folder, max(width - len(word), 10)), "bright")]


def _read_line(facts: HeadFacts) -> Line:
    step = facts.progress
    if not facts.is_reading and facts.found:
        return [Piece(facts.found, "label")]
    if not facts.is_reading:
        return [Piece("sizes are looked at; Enter reads the files", "label")]
    if step is None:
        return [Piece("looking…", "accent")]
    rate, left = facts.pace.rate, facts.pace.seconds_left(step.total)
    files = plural(step.files_total, "file")
    words = f"{human_bytes(step.done)} of {human_bytes(step.total)}, {step.files_done} of {files}"
    words += f", {human_bytes(int(rate))}/s" if rate else ""
    words += f", {_time(left)} left" if left is not None else ""
    return [Piece(bar(step.done, step.total, 20), "accent"), Piece(f"  {words}")]


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def bar(done: int, total: int, width: int) -> str:
    """How far something has come, in cells."""
    filled = width if total <= 0 else min(done * width // total, width)
    return "━" * filled + "─" * (width - filled)


class DiskTable(LineList):
    """The files of one model, those that are listed in their order, then those that are not."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("disk")

    class VerifyAsked(Message):
        """The model's files shall be read."""

        def __init__(self, model_id: str) -> None:
            super().__init__()
            self.model_id = model_id

    class FillAsked(Message):
        """The disk's values shall be taken; of an unlisted file, it shall be added."""

        def __init__(self, model_id: str, addition: str | None) -> None:
            super().__init__()
            self.model_id = model_id
            self.addition = addition

    class RootAsked(Message):
        """Another root shall be looked below."""

    class StopAsked(Message):
        """The read shall end."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.model_id = ""
        self.rows: list[DiskRow] = []
        self._shared = 0
        self.is_reading = False
        """Whether files are being read, of this model or of others."""
        self._reading: tuple[str, Progress] | None = None

    def show_look(self, view: ManifestView, model_id: str, look: DiskLook) -> None:
        """Show what is known of a model beside what is listed now."""
        same = model_id == self.model_id
        kept = self.rows[self.cursor].path if same and self.cursor < len(self.rows) else None
        self.model_id = model_id
        self.rows = disk_rows(view, model_id, look)
        self._shared = shared_by_folders(visible(row.path) for row in self.rows)
        index = next((i for i, row in enumerate(self.rows) if row.path == kept), self.cursor if same else 0)
        self.rows_changed(index)
        if not same:
            self.scroll_to(y=0, animate=False)

    def show_reading(self, reading: tuple[str, Progress] | None) -> None:
        """Show how far the file is read that is being read now."""
        names = {one[0] for one in (self._reading, reading) if one is not None}
        self._reading = reading
        for index, row in enumerate(self.rows):
            if row.path in names:
                self.refresh_row(index)

    @property
    def row(self) -> DiskRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    @property
    def found(self) -> str:
        """What was found of all files: `7 files: 6 as listed, 1 missing`; nothing while one is still to be read."""
        if not self.rows or any(row.state is FileState.NOT_READ for row in self.rows):
            return ""
        return tally_of(self.rows)

    @property
    def path(self) -> KeyPath | None:
        """The key path under the cursor; an unlisted file has none."""
        row = self.row
        return None if row is None or row.index is None else ("models", self.model_id, "files", row.index, "path")

    @property
    def findings(self) -> Sequence[Finding]:
        """What the disk says against the file under the cursor."""
        return self.row.findings if self.row is not None else ()

    def go_to(self, path: KeyPath) -> bool:
        """Put the cursor on a file."""
        if len(path) < 4 or path[2] != "files":
            return False
        index = next((i for i, row in enumerate(self.rows) if row.index == path[3]), None)
        if index is None:
            return False
        self.set_cursor(index)
        return True

    def go_on(self, step: int) -> bool:
        """There is no form here."""
        return False

    def value_anchor(self) -> Offset:
        """The first cell of the row under the cursor, on the screen."""
        return self.content_region.offset + Offset(1, self.row_start(self.cursor) - int(self.scroll_offset.y))

    def action_edit(self) -> None:
        """Nothing is edited here."""

    # Drawing.

    def row_count(self) -> int:
        """One for each file."""
        return len(self.rows)

    def heights_vary(self) -> bool:
        """A fault stands below its file."""
        return True

    def row_height(self, index: int, width: int) -> int:
        """The file's line, and its faults."""
        return len(self.row_lines(index, width))

    def row_lines(self, index: int, width: int) -> list[Line]:
        """Path, size, state, and how far it is read."""
        row = self.rows[index]
        columns = _columns(width)
        room, gap = columns.path(width), Piece(" " * columns.gap)
        size = human_bytes(row.size) if row.size is not None else "—"
        ink = _INKS.get(row.state, "error") if row.state is not None else "info"
        words = Piece(head(row.words, columns.state), ink)
        if self._reading is not None and self._reading[0] == row.path:
            step = self._reading[1]
            percent = 100 if step.file_size <= 0 else min(step.file_done * 100 // step.file_size, 100)
            words = Piece(f"{bar(step.file_done, step.file_size, BAR_WIDTH)} {percent:3} %", "accent")
        line: list[Piece] = [
            cell(middle(visible(row.path), room, self._shared), room),
            gap,
            cell(size, columns.size, "label", right=True),
            gap,
            words,
        ]
        lines: list[Line] = [line]
        for finding in row.findings:
            told = f"{finding.severity.letter} {finding.code} {visible(finding.message)}"
            lines += [[Piece("  "), Piece(part, SEVERITY_INK[finding.severity])] for part in wrap(told, width - 3)]
        return lines

    # What the keys do.

    def activate(self) -> None:
        """See `LineList`."""
        self.action_verify()

    def action_verify(self) -> None:
        """Read the files of the model, or of all that are marked."""
        self.post_message(self.VerifyAsked(self.model_id))

    def action_fill(self) -> None:
        """Take the disk's values; of an unlisted file, add it."""
        row = self.row
        addition = row.path if row is not None and row.unlisted is not None else None
        self.post_message(self.FillAsked(self.model_id, addition))

    def action_root(self) -> None:
        """Name the folder below which models lie."""
        self.post_message(self.RootAsked())

    def action_stop(self) -> None:
        """End the read that goes on."""
        self.post_message(self.StopAsked())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to stop unless files are being read."""
        return self.is_reading if action == "stop" else True


def disk_rows(view: ManifestView, model_id: str, look: DiskLook) -> list[DiskRow]:
    """The rows of a model."""
    spec = partial_spec(model_id, view.document.model_data(model_id))
    indices = _indices(view, model_id)
    seen = {file.path: seen_now(model_id, file, look.facts.get(file.path)) for file in spec.files}
    sound = {path for path, one in seen.items() if one is not None and state_of(one) is FileState.SOUND}
    observations: list[Observation] = [one for one in seen.values() if one is not None]
    observations += [one for one in look.headers if one.path in sound]
    by_path: dict[str, list[Finding]] = {}
    for finding in disk_findings(view.document, observations, digests_of(model_id, look)):
        # What is told of the model as a whole stands with its first file.
        path = finding.key[4] if len(finding.key) > 4 else spec.files[0].path
        by_path.setdefault(path, []).append(finding)
    rows = []
    for file in spec.files:
        one = seen[file.path]
        state = state_of(one) if one is not None else FileState.NOT_READ
        found = tuple(by_path.get(file.path, ()))
        words = _words(file, look.facts.get(file.path), state, found)
        rows.append(DiskRow(file.path, file.size, state, words, indices.get(file.path), None, found))
    unlisted = (one for one in look.unlisted.values() if one.path not in seen)
    rows += (DiskRow(one.path, one.size, None, "not listed", None, one) for one in unlisted)
    return rows


def tally_of(rows: Sequence[DiskRow]) -> str:
    """How many files there are, and how many of each kind."""
    kinds = [_kind_of(row) for row in rows]
    told = [f"{kinds.count(kind)} {kind}" for kind in _KINDS if kind in kinds]
    if told == [f"{len(rows)} {_KINDS[0]}"]:
        return f"{plural(len(rows), 'file')}, all as listed" if len(rows) > 1 else "1 file, as listed"
    return f"{plural(len(rows), 'file')}: {', '.join(told)}"


_KINDS = ("as listed", "not as listed", "missing", "absent, optional", "not read", "not listed")


def _kind_of(row: DiskRow) -> str:
    match row.state:
        case None:
            return "not listed"
        case FileState.MISSING | FileState.ABSENT as state:
            return state.words
        case FileState.NOT_READ:
            return "not read"
        case _:
            return "not as listed" if row.state.is_fault or row.findings else "as listed"


def _indices(view: ManifestView, model_id: str) -> dict[str, int]:
    files = view.document.model_data(model_id).get("files")
    found: dict[str, int] = {}
    for index, entry in enumerate(files if isinstance(files, list) else ()):
        path = entry.get("path") if isinstance(entry, dict) else None
        if isinstance(path, str):
            found.setdefault(path, index)
    return found


def _words(file: FileSpec, fact: Fact | None, state: FileState | None, found: Sequence[Finding]) -> str:
    if fact is None:
        return "not looked at"
    if state is FileState.SOUND and found:
        return "header disagrees"
    if state is FileState.NOT_READ and fact.lies is Lies.FILE and fact.size == file.size:
        return "size agrees"
    return state.words if state is not None else ""
