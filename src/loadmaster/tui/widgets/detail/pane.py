"""The detail pane: one model, in six tabs."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import ContentSwitcher

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.explaining import Explanation
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Piece
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_setting import Chosen
from loadmaster.tui.widgets.detail.defaults import Defaults
from loadmaster.tui.widgets.detail.disk import Disk
from loadmaster.tui.widgets.detail.disk_table import DiskTable
from loadmaster.tui.widgets.detail.files import Files, FilesTable
from loadmaster.tui.widgets.detail.overview import Overview
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.detail.source_remark import SourceRemark
from loadmaster.tui.widgets.detail.vram import Vram, VramList
from loadmaster.tui.widgets.field_list import FieldList
from loadmaster.tui.widgets.frame import PaneRule, Tab
from loadmaster.tui.widgets.line_list import LineList

TABS = (
    Tab("overview", "Overview", "1"),
    Tab("files", "Files", "2"),
    Tab("defaults", "Defaults", "3"),
    Tab("vram", "VRAM", "4"),
    Tab("source", "Source", "5"),
    Tab("disk", "Disk", "6"),
)
TABS_OF_FILE = tuple(tab for tab in TABS if tab.id == "source")
"""What there is to see of the text that belongs to no model."""

TabWidget = FieldList | FilesTable | Source | DiskTable


class DetailPane(Vertical):
    """Shows a model. Only the open tab is kept up to date; the others are made when they are opened."""

    class TabOpened(Message):
        """Another tab is open."""

        def __init__(self, tab_id: str) -> None:
            super().__init__()
            self.tab_id = tab_id

    def __init__(self, chosen: Chosen, *, id: str | None = None) -> None:
        """`chosen` tells what the memory figures are for."""
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.model_id: str | None = None
        self.tab_id = "overview"
        self.chosen = chosen

    def compose(self) -> ComposeResult:
        """The rule with the tabs, then what they show."""
        yield PaneRule(id="detail-rule")
        with ContentSwitcher(initial="overview", id="detail-body"):
            yield Overview(self.chosen, id="overview")
            yield Files(id="files")
            yield Defaults(id="defaults")
            yield Vram(self.chosen, id="vram")
            yield Source(id="source")
            yield Disk(id="disk")
        yield SourceRemark()

    @property
    def rule(self) -> PaneRule:
        """The rule with the tabs."""
        return self.query_one("#detail-rule", PaneRule)

    @property
    def body(self) -> TabWidget:
        """The widget of the open tab that takes the keys."""
        tab = self.query_one(f"#{self.tab_id}")
        if isinstance(tab, (Files, Vram, Disk)):
            return tab.table
        assert isinstance(tab, (FieldList, Source))
        return tab

    @property
    def area(self) -> ContentSwitcher:
        """What is below the rule; an editor is laid over it."""
        return self.query_one(ContentSwitcher)

    @property
    def path(self) -> KeyPath | None:
        """The key path under the cursor."""
        return self.body.path

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults under the cursor."""
        return self.body.findings

    @property
    def where(self) -> str:
        """The line and column of the cursor, where the text itself is shown; else nothing."""
        body = self.body
        return body.where if isinstance(body, Source) else ""

    @property
    def holds(self) -> bool:
        """Whether what is shown must stay: someone is typing into the text."""
        return self.query_one(Source).holds

    @property
    def explanation(self) -> Explanation | None:
        """How the figures under the cursor came about, where there are any."""
        body = self.body
        return body.explanation if isinstance(body, FieldList) else None

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show a model, or for None the text of the file."""
        self.query_one(Vram).find_cards(view.session.path)
        self.view = view
        self.model_id = model_id
        if model_id is None:
            self.open_tab("source")
        title = visible(model_id) if model_id is not None else "the file"
        self.rule.show(title=[Piece(title, "bright")])
        self._fill()

    def refresh_content(self) -> None:
        """The model may say something else now."""
        if self.view is not None:
            self._fill()

    def open_tab(self, tab_id: str) -> None:
        """Open a tab; the keys follow if they were in this pane."""
        if tab_id == self.tab_id:
            return
        had_focus = self.body.has_focus
        path = self.path
        self.tab_id = tab_id
        self.area.current = tab_id
        self._fill()
        if path is not None and self.view is not None and path[:2] == ("models", self.model_id):
            # The field that was under the cursor stays under it, where the other tab shows it too.
            self.body.go_to(path)
        if had_focus:
            self.body.focus()
        self.post_message(self.TabOpened(tab_id))

    def go_to(self, path: KeyPath) -> None:
        """Open the tab that shows a path, and put the cursor on it."""
        if self.tab_id != "source" and not (self.tab_id == "disk" and len(path) < 3):
            # Who reads the text goes on reading it; a whole model is to be seen beside the disk as well.
            self.open_tab(tab_of(path) if self.model_id is not None else "source")
        self.body.go_to(path)

    def go_to_variant(self, path: KeyPath, variant: str) -> None:
        """Put the cursor on a variant: on its bar where the memory figures are shown, else in its list at `path`."""
        body = self.body
        if not (isinstance(body, VramList) and body.go_to_bar(variant)):
            self.go_to(path)

    def go_to_line(self, line: int, column: int | None = None) -> None:
        """Open the source at a line, and a column (from 1) of it."""
        self.open_tab("source")
        self.query_one(Source).go_to_line(line, column)

    def _fill(self) -> None:
        self.rule.show_tabs(TABS if self.model_id is not None else TABS_OF_FILE, self.tab_id)
        if self.view is None:
            return
        tab = self.query_one(f"#{self.tab_id}")
        assert isinstance(tab, (FieldList, Files, Vram, Source, Disk))
        tab.show(self.view, self.model_id)
        self._remark()

    def _remark(self) -> None:
        """Tell below the text what is wrong with the line under the cursor, where that has no room behind it."""
        source = self.query_one(Source)
        self.query_one(SourceRemark).show(source.untold if self.tab_id == "source" else (), self.size.width)

    def on_line_list_moved(self) -> None:
        """Another line is under the cursor."""
        self._remark()

    def on_source_view_marked(self, message: Source.Marked) -> None:
        """Its faults may be others."""
        message.stop()
        self._remark()

    def on_resize(self) -> None:
        """The sentences fold to the width; what lies over the form has another room, also where the form has not."""
        self.call_after_refresh(self._remark)
        self.call_after_refresh(self.post_message, LineList.Placed())

    def on_vram_cards_found(self) -> None:
        """Verdicts may be other ones for the cards of this machine."""
        self.refresh_content()

    def on_pane_rule_tab_chosen(self, message: PaneRule.TabChosen) -> None:
        """A tab was clicked."""
        message.stop()
        self.open_tab(message.tab_id)
        self.body.focus()


def tab_of(path: KeyPath) -> str:
    """The tab on which a path is shown."""
    table = path[2] if len(path) > 2 else None
    if table == "files" and len(path) > 3:
        return "files"
    return {"defaults": "defaults", "vram_estimation": "vram"}.get(str(table), "overview")
