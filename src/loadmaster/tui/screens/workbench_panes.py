"""What the panes of the workbench say to each other: models, the detail of one, the faults of all. It only routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.difference import difference_maker, fault_remark, faults_before_and_after, size_of_difference
from loadmaster.tui.editing import Editing
from loadmaster.tui.fault_walk import Here, fault_from
from loadmaster.tui.manifest_view import ManifestView, variants_of
from loadmaster.tui.marks import Marks
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.workbench_frame import WorkbenchFrame
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.fault_list import FaultList
from loadmaster.tui.widgets.field_editor import FieldEditor
from loadmaster.tui.widgets.field_list import EditAsked, NothingDone, OpenAsked, UnsetAsked
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.model_tree import ModelTree, Node

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.session import Change, Session
    from loadmaster.tui.screens.difference import DifferenceScreen
    from loadmaster.tui.screens.sheet import LineMaker


class WorkbenchPanes(WorkbenchFrame):
    """One open manifest in three panes."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self._place_of_fault: object = None
        """What was under the cursor when a fault had been gone to."""
        self.editing = Editing(self)

    # A manifest.

    def open(self, session: Session) -> None:
        """Show a manifest that was just read."""
        self.view = ManifestView(session)
        self.models.show(self.view)
        self.fault_list.show(self.view)
        if not self.view.document.model_ids:
            self.detail.show(self.view, None)
        self.show_state()

    def is_up_to_date(self) -> bool:
        """Whether the faults that are shown are those of the document as it is now."""
        return self.view is not None and self.view.checked_document is self.view.document

    def take_up_check(self, document: Document) -> None:
        """A check of a document, made aside, is done."""
        if self.view is None:
            return
        self.view.absorb(())
        self.view.checked_document = document
        self.models.refresh()
        self.detail.refresh_content()
        self.fault_list.show(self.view)
        self.show_state()

    def take_up(self, change: Change) -> None:
        """Show what a change has changed, and nothing else."""
        if self.view is None:
            return
        was_up_to_date = self.view.checked_document is not None
        self.view.absorb(None if change.structure else change.models)
        if was_up_to_date:
            self.view.checked_document = self.view.document
        if change.structure:
            self.models.structure_changed()
        else:
            self.models.content_changed()
        shown = self.detail.model_id
        if change.structure and shown not in self.view.document.model_ids and not self.detail.holds:
            self.detail.show(self.view, self.models.model_id)
        elif change.structure or shown in change.models or self.detail.tab_id == "source":
            self.detail.refresh_content()
        self.fault_list.show(self.view)
        self.show_state()

    def difference(self) -> tuple[LineMaker, Line, list[Line]]:
        """What a save would change: the lines, a title, what it means for the faults."""
        assert self.view is not None
        hunks = self.view.session.difference()
        title: Line = [
            Piece(f"Save {size_of_difference(hunks)}", "bright"),
            Piece(f"   {middle(visible(self.view.session.title), 48)}", "label"),
        ]
        new, gone = self.view.since_saved()
        remark = [
            faults_before_and_after(self.view.faults.totals(), new, gone),
            fault_remark(new, gone),
            [Piece("Nothing else in the file changes.", "label")],
        ]
        return difference_maker(hunks), title, remark

    async def ask(self, sheet: DifferenceScreen) -> bool:
        """Show a sheet and wait for its answer; leaving it is no."""
        answer = await self.app.push_screen_wait(sheet)
        return bool(answer)

    # Going places.

    def reveal(self, path: KeyPath) -> None:
        """Show the field at a path: its model, its tab, its row."""
        if self.view is None:
            return
        if len(path) > 1 and path[0] == "models" and str(path[1]) in self.view.document.model_ids:
            model_id = str(path[1])
            self.models.reveal(model_id)
            if self.detail.model_id != model_id:
                self._show_model(model_id)
        else:
            self._show_model(None)
        self.detail.go_to(path)
        self._show_where()

    def bring_back(self, place: KeyPath) -> None:
        """Put the cursor on a place again, after an undo."""
        self.reveal(place)

    def open_items(self, path: KeyPath, anchor: Offset) -> None:
        """Edit a list item by item, at a place on the screen."""
        raise NotImplementedError

    def take_out_item(self, path: KeyPath) -> None:
        """Take an item out of a list."""
        raise NotImplementedError

    def edit_next(self, step: int) -> None:
        """Go on to the next field of the form and edit it."""
        body = self.detail.body
        if not isinstance(body, Source) and body.go_on(step):
            self.call_after_refresh(body.action_edit)

    def show_model_of(self, path: KeyPath) -> None:
        """Show the model that a path lies in, or the file."""
        inside = self.view is not None and len(path) > 1 and str(path[1]) in self.view.document.model_ids
        self._show_model(str(path[1]) if inside else None)

    def _show_model(self, model_id: str | None) -> None:
        if self.view is not None and (model_id != self.detail.model_id or self.detail.view is None):
            self.detail.show(self.view, model_id)
            self.fault_list.set_model(model_id)
            self._show_pane_tabs()

    # What the panes say.

    def on_line_list_moved(self, message: LineList.Moved) -> None:
        """The detail follows the tree; the place follows all."""
        if self.view is None:
            return
        if message.lines is self.models and not self.detail.holds:
            if self.models.model_id is not None:
                self._show_model(self.models.model_id)
            node = self.models.node
            if node is not None and node[0] == "file" and self.detail.tab_id in ("files", "source"):
                self.detail.body.go_to(("models", str(node[1]), "files", int(node[3])))
            elif node is not None and node[0] == "variant" and self.detail.tab_id in ("vram", "source"):
                self._go_to_variant(node)
        self._show_where()
        self.refresh_bindings()

    def on_model_tree_opened(self, message: ModelTree.Opened) -> None:
        """Enter in the tree: into the detail."""
        node = message.node
        model_id = str(node[1])
        self._show_model(model_id)
        if node[0] == "variant":
            self._go_to_variant(node)
        elif node[0] == "file":
            self.detail.go_to(("models", model_id, "files", int(node[3])))
        elif node[0] == "component" and self.view is not None:
            members = [c for c in self.view.summary(model_id).components if c.name == node[2]]
            if members and members[0].files:
                self.detail.go_to(("models", model_id, "files", members[0].files[0]))
        self.focus_pane("detail")

    def _go_to_variant(self, node: Node) -> None:
        variants = self.view.derived(variants_of, str(node[1])) if self.view is not None else []
        index = int(node[2])
        if index < len(variants):
            self.detail.go_to_variant(("models", str(node[1]), "variants", index), variants[index])

    def on_vram_list_setting_changed(self) -> None:
        """The rows of variants tell their needs under the setting."""
        self.models.setting_changed()

    def on_fault_list_go_to(self, message: FaultList.GoTo) -> None:
        """Enter on a fault: to its field."""
        self.go_to_fault(message.finding)
        self.focus_pane("detail")

    def go_to_fault(self, finding: Finding) -> None:
        """Show the field that a fault speaks of, or its line where it speaks of no field."""
        if finding.span is not None and self.view is not None:
            if finding.model_id is not None:
                self.models.reveal(finding.model_id)
            self._show_model(finding.model_id)
            place = self.view.place(finding)
            self.detail.go_to_line(place.line, place.column)
        else:
            self.reveal(finding.path)
        self.fault_list.make_current(finding)
        self._place_of_fault = self._standing

    @property
    def _standing(self) -> object:
        """What the cursor of the detail, or that of the tree, stands on: the same for as long as nobody moves it."""
        body = self.detail.body
        line = body.line if isinstance(body, Source) else None
        return (self.models.model_id, self.detail.model_id, line if line is not None else self.detail.path)

    @property
    def stands_on_fault(self) -> bool:
        """Whether the cursor is where it was put when a fault was gone to."""
        return self.fault_list.current is not None and self._standing == self._place_of_fault

    def fault_from_here(self, step: int) -> Finding | None:
        """The next fault: from the one that was gone to last if one stands there yet, else from the cursor on."""
        faults, view = self.fault_list, self.view
        if view is None:
            return None
        if faults.has_focus or self.stands_on_fault:
            return faults.step(step)
        here = Here(*self._place_under_cursor(view), view.document.model_ids)
        return fault_from(faults.order, here, lambda finding: view.place(finding).line, step)

    def _place_under_cursor(self, view: ManifestView) -> tuple[str | None, int | None]:
        model_id, path, body = self.detail.model_id, self.detail.path, self.detail.body
        if self.models.has_focus:
            node = self.models.node
            model_id = self.models.model_id or model_id
            path = ("models", str(model_id), "files", int(node[3])) if node is not None and node[0] == "file" else None
        elif isinstance(body, Source) and body.line is not None:
            return model_id, body.line
        return model_id, view.document.place(path).line if path is not None and len(path) > 2 else None

    def on_fault_list_scope_changed(self) -> None:
        """The rule tells which faults are shown."""
        self.show_state()

    def on_detail_pane_tab_opened(self) -> None:
        """Other keys, another place."""
        self._show_where()
        self.refresh_bindings()

    def on_edit_asked(self, message: EditAsked) -> None:
        """A value shall be edited."""
        self.editing.begin(message)

    def on_open_asked(self, message: OpenAsked) -> None:
        """More of what a row sums up: another tab."""
        self.detail.open_tab(message.tab)
        if message.path:
            self.detail.body.go_to(message.path)
        self.detail.body.focus()

    def on_nothing_done(self, message: NothingDone) -> None:
        """A key does nothing here."""
        self.status.say(message.why, "label")

    def on_unset_asked(self, message: UnsetAsked) -> None:
        """A key shall be taken out."""
        self.editing.unset(message.path, message.field)

    def on_field_editor_kept(self, message: FieldEditor.Kept) -> None:
        """What was typed shall count."""
        self.editing.keep(message)

    def on_field_editor_left(self) -> None:
        """It shall not."""
        self.editing.close()
