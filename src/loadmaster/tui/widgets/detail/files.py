"""Files: a table with sizes, parts, digests and what is wrong; below it the file under the cursor, whole."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, field_at, human_bytes
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.manifest_view import NO_COMPONENT, ManifestView, component_of, files_of, size_of
from loadmaster.tui.paint import SEVERITY_INK, Inked, Line, Piece, cell
from loadmaster.tui.visible import head, middle, short_digest, visible
from loadmaster.tui.widgets.detail.file_card import FileCard, part_text
from loadmaster.tui.widgets.detail.source_text import common_head
from loadmaster.tui.widgets.field_list import EditAsked, MarkAsked, UnsetAsked
from loadmaster.tui.widgets.line_list import LineList

COLUMNS = ("path", "size", "component", "part", "sha256", "state")
EDITABLE = ("path", "size", "component", "shard_part", "sha256")


def gap_between(width: int) -> int:
    """The cells between two columns of a row of `width` cells."""
    return 2 if width >= 110 else 1


def column_widths(width: int) -> dict[str, int]:
    """The width of each column for a row of `width` cells; 0 for one that has to go. The path takes what is left.

    At 80 columns it has room for the whole number of a shard and some letters of its folder.
    """
    if width >= 110:
        fixed = {"size": 9, "component": 14, "part": 5, "sha256": 15, "state": 24}
    elif width >= 76:
        fixed = {"size": 7, "component": 13 if width >= 84 else 9, "part": 5, "sha256": 9, "state": 10}
    else:
        fixed = {"size": 7, "component": 0 if width < 66 else 9, "part": 5, "sha256": 0, "state": 10}
    used = sum(size + gap_between(width) for size in fixed.values() if size)
    return {"path": max(width - used, 12), **fixed}


class FilesHead(Inked):
    """The names of the columns."""

    DEFAULT_CSS = "FilesHead { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.row_width = 80

    def fit_to(self, table: FilesTable) -> None:
        """Stand above the columns of a table."""
        self.row_width = table.text_width
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        widths, gap = column_widths(self.row_width), Piece(" " * gap_between(self.row_width))
        names = {"sha256": "digest"}
        line: list[Piece] = [Piece(" ")]
        for name, size in widths.items():
            if size:
                line += [cell(names.get(name, name), size, "faint", right=name in ("size", "part")), gap]
        return self.draw(line[:-1], self.size.width)


class FilesTable(LineList):
    """The files of one model, in the order of the file."""

    BINDINGS = bindings_for("fields") + bindings_for("files")

    class Shown(Message):
        """Another file or cell is under the cursor."""

    class FormAsked(Message):
        """All fields of a file shall be edited at once."""

        def __init__(self, path: KeyPath) -> None:
            super().__init__()
            self.path = path

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.model_id = ""
        self.files: list[Mapping[str, Any]] = []
        self.column = 0
        self._shared = 0
        self._unread: dict[int, list[Finding]] = {}

    def show(self, view: ManifestView, model_id: str) -> None:
        """Show the files of a model; the cursor stays where the model does."""
        same = model_id == self.model_id
        self.view, self.model_id = view, model_id
        self.files = files_of(view.document.model_data(model_id))
        self._shared = shared_by_folders(visible(file["path"]) for file in self.files if "path" in file)
        self._unread = self._find_unread(view)
        self.rows_changed(self.cursor if same else 0)
        if not same:
            self.scroll_to(y=0, animate=False)

    def base(self, index: int) -> KeyPath:
        """The key path of a file."""
        return ("models", self.model_id, "files", index)

    @property
    def path(self) -> KeyPath | None:
        """The key path of the cell under the cursor."""
        return (*self.base(self.cursor), EDITABLE[self.column]) if self.files else None

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults of the cell under the cursor, else of its file."""
        if self.view is None or not self.files:
            return ()
        path = self.path
        own = self.view.faults.under(self.model_id, path) if path else ()
        return own or self.faults_of(self.cursor)

    @property
    def row_findings(self) -> Sequence[Finding]:
        """The faults of the file under the cursor, those of its cell first."""
        path = self.path
        if path is None:
            return ()
        return sorted(self.faults_of(self.cursor), key=lambda finding: finding.path[: len(path)] != path)

    def faults_of(self, index: int) -> Sequence[Finding]:
        """The faults of a file, the worst first."""
        assert self.view is not None
        own = self.view.faults.under(self.model_id, self.base(index))
        unread = self._unread.get(index)
        return sorted([*unread, *own], key=lambda finding: finding.severity.rank) if unread else own

    def _find_unread(self, view: ManifestView) -> dict[int, list[Finding]]:
        """The faults of files whose text cannot be read, and which are told of the list that they are in."""
        found: dict[int, list[Finding]] = {}
        told = [one for one in view.faults.at(self.model_id, self.base(0)[:3]) if one.span is not None]
        if told:
            starts = [view.document.place(self.base(index)).line for index in range(len(self.files))]
            for finding in told:
                index = bisect_right(starts, view.place(finding).line) - 1
                if index >= 0:
                    found.setdefault(index, []).append(finding)
        return found

    def go_to(self, path: KeyPath) -> bool:
        """Put the cursor on a file, and on the cell of a key."""
        if len(path) < 4 or not isinstance(path[3], int) or not 0 <= path[3] < len(self.files):
            return False
        if len(path) > 4 and path[4] in EDITABLE:
            self.column = EDITABLE.index(str(path[4]))
        self.set_cursor(path[3])
        return True

    def is_unconfirmed(self, index: int) -> bool:
        """Whether the digest of a file was copied with the model and not looked at since."""
        return self.view is not None and self.view.session.unconfirmed.holds(self.model_id, self.files[index])

    def row_count(self) -> int:
        """One for each file."""
        return len(self.files)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """The cells of a file."""
        assert self.view is not None
        file = self.files[index]
        widths = column_widths(width)
        findings = self.faults_of(index)
        wrong = {str(f.path[4]) for f in findings if len(f.path) > 4}
        cells = {
            "path": Piece(middle(visible(file.get("path", "—")), widths["path"], self._shared)),
            "size": Piece(_size_text(file)),
            "component": Piece("" if component_of(file) == NO_COMPONENT else visible(component_of(file)), "label"),
            "part": Piece(part_text(file), "label"),
            "sha256": _digest(file, self.is_unconfirmed(index)),
            "state": _state(file, findings, widths["state"], self.is_unconfirmed(index)),
        }
        line: list[Piece] = []
        here = index == self.cursor and self.has_focus
        for name, size in widths.items():
            if not size:
                continue
            key = "shard_part" if name == "part" else name
            piece = cell(cells[name].text, size, cells[name].ink, right=name in ("size", "part"))
            if here and key == EDITABLE[self.column]:
                piece = Piece(piece.text, "match")
            elif key in wrong and name != "state":
                worst = next(f for f in findings if len(f.path) > 4 and f.path[4] == key)
                piece = Piece(piece.text, SEVERITY_INK[worst.severity])
            line += [piece, Piece(" " * gap_between(width))]
        return [line]

    def action_cell_left(self) -> None:
        """One column to the left."""
        self._to_column(self.column - 1)

    def action_cell_right(self) -> None:
        """One column to the right."""
        self._to_column(self.column + 1)

    def _to_column(self, column: int) -> None:
        self.column = min(max(column, 0), len(EDITABLE) - 1)
        self.refresh_row(self.cursor)
        self.post_message(self.Moved(self))

    def activate(self) -> None:
        """See `LineList`."""
        self.action_edit()

    def click_row(self, index: int, line: int, x: int) -> bool:
        """Choose the cell under the mouse."""
        at, gap = 0, gap_between(self.text_width)
        for name, size in column_widths(self.text_width).items():
            key = "shard_part" if name == "part" else name
            if size and at <= x < at + size + gap and key in EDITABLE:
                self._to_column(EDITABLE.index(key))
            at += size + gap if size else 0
        return False

    def action_edit(self) -> None:
        """Edit the cell under the cursor."""
        field = self.field
        if self.path is not None and field is not None:
            self.post_message(EditAsked(self.path, field, self.value_anchor()))

    @property
    def field(self) -> Field | None:
        """The field of the cell under the cursor."""
        return field_at(self.path) if self.path else None

    def action_form(self) -> None:
        """Edit all fields of the file under the cursor in a form."""
        if self.files:
            self.post_message(self.FormAsked(self.base(self.cursor)))

    def action_mark(self) -> None:
        """Mark the model, or unmark it: files are not marked by themselves."""
        self.post_message(MarkAsked((self.model_id,)))

    def action_unset(self) -> None:
        """Take the key of the cell out."""
        if self.path is not None:
            self.post_message(UnsetAsked(self.path, self.field))

    def value_anchor(self) -> Offset:
        """The first cell of the value under the cursor, on the screen."""
        wanted = "part" if EDITABLE[self.column] == "shard_part" else EDITABLE[self.column]
        at, gap = 1, gap_between(self.text_width)
        for name, size in column_widths(self.text_width).items():
            if name == wanted:
                break
            at += size + gap if size else 0
        return self.content_region.offset + Offset(at, self.row_start(self.cursor) - int(self.scroll_offset.y))

    def go_on(self, step: int) -> bool:
        """To the next cell, over the end of the row into the next one."""
        column, row = self.column + step, self.cursor
        if not 0 <= column < len(EDITABLE):
            column, row = column % len(EDITABLE), row + step
        if not 0 <= row < len(self.files):
            return False
        self.column = column
        self.set_cursor(row)
        return True


class Files(Vertical):
    """The table with its head and the card below."""

    DEFAULT_CSS = """
    Files { height: 1fr; }
    Files FilesTable { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """Head, table, card."""
        yield FilesHead()
        yield FilesTable(id="files-table")
        yield FileCard()

    @property
    def table(self) -> FilesTable:
        """The table."""
        return self.query_one(FilesTable)

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show the files of a model."""
        if model_id is not None:
            self.table.show(view, model_id)
            self._show_card()
            self.query_one(FilesHead).fit_to(self.table)

    def on_line_list_moved(self) -> None:
        """The card follows the cursor."""
        self._show_card()

    def on_resize(self) -> None:
        """The card folds to the width."""
        if self.table.view is not None:
            self._show_card()
            self.call_after_refresh(self.query_one(FilesHead).fit_to, self.table)

    def _show_card(self) -> None:
        room = self.size.height * 2 // 5 if self.size.height >= 16 else 3 if self.size.height >= 10 else 0
        self.query_one(FileCard).show(self.table, self.size.width, room)


def shared_by_folders(paths: Iterable[str]) -> int:
    """How many characters all folders of some paths begin with alike; 0 where they all lie in one."""
    folders = {path[: path.rfind("/") + 1] for path in paths if "/" in path}
    return common_head(min(folders), max(folders)) if len(folders) > 1 else 0


def _size_text(file: Mapping[str, Any]) -> str:
    size = size_of(file)
    if size is not None:
        return human_bytes(size)
    return visible(file["size"]) if "size" in file else "—"


def _digest(file: Mapping[str, Any], unconfirmed: bool) -> Piece:
    shown = short_digest(visible(file.get("sha256", "—")))
    return Piece(f"?{shown}", "default") if unconfirmed else Piece(shown, "label")


def _state(file: Mapping[str, Any], findings: Sequence[Finding], width: int, unconfirmed: bool) -> Piece:
    if not findings and unconfirmed:
        return Piece("? not confirmed" if width > 14 else "? copied", "default")
    if not findings:
        return Piece("optional" if file.get("optional") is True else "", "label")
    worst = findings[0]
    more = f" +{len(findings) - 1}" if len(findings) > 1 else ""
    name = worst.name if width > 12 else worst.code
    return Piece(f"{worst.severity.letter} {head(name, width - 2 - len(more))}{more}", SEVERITY_INK[worst.severity])
