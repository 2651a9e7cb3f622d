"""The workbench's actions on tables, lists and marks: each is a line or two, others do the work."""

from __future__ import annotations

from textual import work
from textual.geometry import Offset

from loadmaster.document.places import KeyPath
from loadmaster.manifest.words import plural
from loadmaster.session import Change, Session
from loadmaster.tui.list_editing import ListEditing
from loadmaster.tui.manifest_view import NO_COMPONENT, component_of
from loadmaster.tui.new_files import NewFiles
from loadmaster.tui.new_models import NewModels
from loadmaster.tui.screens.workbench_panes import WorkbenchPanes
from loadmaster.tui.structure import Structure
from loadmaster.tui.target import MANIFEST, Spot, Target, target_of, target_of_node
from loadmaster.tui.widgets.detail.files import FilesTable
from loadmaster.tui.widgets.detail.pane import tab_of
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.field_editor import FieldEditor
from loadmaster.tui.widgets.field_list import MarkAsked
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.list_editor import ItemRows, ListEditor
from loadmaster.tui.widgets.model_tree import ModelTree
from loadmaster.tui.widgets.title_bar import TitleBar

_IN_A_LIST = frozenset({"items.edit", "items.remove", "pane.back", "history.undo", "file.save", "app.help"})
"""What the last line offers while a list is open, besides adding, removing and moving."""


class WorkbenchStructure(WorkbenchPanes):
    """One open manifest whose models, files, tables and lists can be added to, copied, renamed, removed and moved."""

    def __init__(self) -> None:
        super().__init__()
        self.lists = ListEditing(self)
        self.structure = Structure(self)
        self.new_models = NewModels(self)
        self.new_files = NewFiles(self)

    # What stands under the cursor.

    @property
    def target(self) -> Target:
        """What the cursor of the focused pane stands on; that of an open list before all."""
        if self.lists.target is not None:
            return self.lists.target
        if self.models.has_focus:
            return target_of_node(self.models.node)
        if self.fault_list.has_focus:
            return MANIFEST
        path = self.detail.path
        if path is None and self.detail.model_id is not None:
            path = ("models", self.detail.model_id)
        target = target_of(path)
        if target.spot is Spot.FILE and self.detail.tab_id == "overview" and self.view is not None:
            # A row of the overview stands for a component; the path is that of its first file.
            file = self.view.document.get(target.path)
            return Target(Spot.COMPONENT, target.path[:2], component_of(file if isinstance(file, dict) else {}))
        return target

    def fits(self, action_id: str) -> bool:
        """Whether one of these actions would do something now; true for all others."""
        view = self.view
        if action_id.startswith("parts.") and (view is None or self.editing.is_open or not view.document.is_readable):
            return False
        if self.lists.is_open and action_id not in _IN_A_LIST and not action_id.startswith("parts."):
            return False
        match action_id:
            case "pane.back":
                filtered = self.models.has_focus and bool(self.models.filter_text)
                return self.lists.is_open or filtered or (self.models.has_focus and bool(self.marks))
            case "parts.add":
                return not self.fault_list.has_focus
            case "parts.clone":
                return self.target.spot is not Spot.MANIFEST and not self.lists.is_open
            case "parts.rename":
                return self.target.spot in (Spot.MODEL, Spot.COMPONENT, Spot.FILE)
            case "parts.remove":
                target = self.target
                return self.structure.can_remove(target) and not (self.lists.is_open and target.spot is Spot.LIST)
            case "parts.move_down" | "parts.move_up":
                step = 1 if action_id == "parts.move_down" else -1
                return self.structure.moved_to(self.target, step, in_tree=self.models.has_focus) is not None
            case _:
                return True

    # Adding, copying, renaming, removing, moving.

    @work(exclusive=True, group="sheet")
    async def action_add(self) -> None:
        """Add what fits the place."""
        if self.lists.is_open:
            self.lists.add()
        elif self.fault_list.has_focus:
            self.status.say("Go to a model to add something to it.", "label")
        else:
            await self.structure.add(self.target)

    @work(exclusive=True, group="sheet")
    async def action_clone(self) -> None:
        """Copy a file, or a model to a new version."""
        target = self._target_outside()
        if target.spot is Spot.FILE:
            await self.new_files.copy(target.path)
        elif target.model_id is not None:
            if len(self.marks) > 1:
                self.status.say(f"One model is copied: {target.model_id}. The marks do not count for that.", "label")
            await self.new_models.copy(target.model_id)
        else:
            self.status.say("Put the cursor on a model or a file to copy it.", "label")

    @work(exclusive=True, group="sheet")
    async def action_rename(self) -> None:
        """Another id for a model, another name for a component, another path for a file."""
        target = self._target_outside()
        if target.spot is Spot.FILE:
            self.edit_at((*target.path, "path"))
        elif target.spot is Spot.COMPONENT and target.component != NO_COMPONENT:
            await self.new_models.rename_component(str(target.model_id), target.component)
        elif target.model_id is not None:
            await self.new_models.rename(target.model_id)
        else:
            self.status.say("Put the cursor on a model or a file to rename it.", "label")

    def _target_outside(self) -> Target:
        """The target for what has no meaning in a list: an open one is closed."""
        self.lists.close()
        return self.target

    @work(exclusive=True, group="sheet")
    async def action_remove(self) -> None:
        """Take out what is under the cursor."""
        if self.lists.is_open and self.target.spot is Spot.LIST:
            self.status.say("This row adds an item: there is nothing to take out.", "label")
        else:
            await self.structure.remove(self.target)

    @work(exclusive=True, group="sheet")
    async def action_remove_around(self) -> None:
        """Take out the table around the cursor."""
        await self.structure.remove_around(self.target)

    def action_move(self, step: int) -> None:
        """Move a file or an item."""
        self.structure.move(self.target, step, in_tree=self.models.has_focus)

    # Lists.

    def open_items(self, path: KeyPath, anchor: Offset) -> None:
        """Edit a list item by item, at a place on the screen."""
        self.lists.open(path, anchor)

    def open_list(self, path: KeyPath, add_at: int | None = None) -> None:
        """Show the row of a list, or of its first item where those have rows, and open it there.

        Over the lines of the text it would have no name: the form is shown instead.
        """
        if self.detail.tab_id == "source":
            self.detail.open_tab(tab_of(path))
        self.reveal((*path, 0))
        self.focus_pane("detail")
        self.call_after_refresh(self._open_list, path, add_at)

    def _open_list(self, path: KeyPath, add_at: int | None) -> None:
        body = self.detail.body
        if not isinstance(body, Source):
            self.lists.open(path, body.value_anchor(), add_at=add_at)

    def on_line_list_placed(self, message: LineList.Placed) -> None:
        """What lies over the form follows its value, which may stand elsewhere now."""
        message.stop()
        body = self.detail.body
        if isinstance(body, Source) or not (self.lists.is_open or self.editing.is_open):
            return
        if self.lists.is_open:
            self.lists.move_to(body.value_anchor())
        else:
            self.editing.follow(body.value_anchor())

    def take_out_item(self, path: KeyPath) -> None:
        """Take an item out of a list."""
        self.structure.remove_item(path)

    def on_descendant_focus(self) -> None:
        """The keys went elsewhere: what lies over the form is left."""
        focused = self.focused
        if focused is None:
            return
        if any(isinstance(widget, (FieldEditor, ListEditor)) for widget in focused.ancestors):
            self.lists.has_come()
            return
        self.editing.close()
        if not self.lists.is_coming:
            # The focus of the form below can be told after a list was opened over it: that closes nothing.
            self.lists.close()

    def on_detail_pane_tab_opened(self) -> None:
        """Another form: what lies over it belongs to the one before."""
        self.editing.close()
        self.lists.close()

    def on_item_rows_asked(self, message: ItemRows.Asked) -> None:
        """An item of the open list shall be edited, added, removed, moved."""
        message.stop()
        self.lists.do(message)

    @work(exclusive=True, group="sheet")
    async def on_files_table_form_asked(self, message: FilesTable.FormAsked) -> None:
        """All fields of a file shall be edited in a form."""
        message.stop()
        await self.new_files.edit(message.path)

    def edit_at(self, path: KeyPath) -> None:
        """Show the field at a path and edit it."""
        self.reveal(path)
        self.focus_pane("detail")
        body = self.detail.body
        if not isinstance(body, Source):
            self.call_after_refresh(body.action_edit)

    # Following changes.

    def open(self, session: Session) -> None:
        """Show a manifest that was just read."""
        self.marks.clear()
        self.models.marks = self.marks
        super().open(session)

    def take_up(self, change: Change) -> None:
        """Show what a change has changed; marks and the open list follow."""
        if change.structure and self.view is not None:
            self.marks.keep(self.view.document.model_ids)
        super().take_up(change)
        self.lists.follow(change)
        self._show_marks()

    def bring_back(self, place: KeyPath) -> None:
        """Put the cursor of the focused pane on a place, after a move or an undo."""
        if self.lists.bring_back(place):
            return
        self.lists.close()
        in_tree = self.models.has_focus
        self.reveal(place)
        if in_tree:
            self.models.stand_on(place)

    def on_model_tree_fault_opened(self, message: ModelTree.FaultOpened) -> None:
        """Enter on a fault that the filter found: to its field."""
        message.stop()
        self.go_to_fault(message.finding)
        self.focus_pane("detail")

    # Marks.

    def on_mark_asked(self, message: MarkAsked) -> None:
        """Space."""
        message.stop()
        self.marks.toggle(message.model_ids)
        self._show_marks()
        number = len(self.marks)
        said = f"{plural(number, 'model')} marked: edits, fixes and d go to all; esc unmarks."
        self.status.say(said if number else "No model is marked any more.", "label")

    def clear_marks(self) -> bool:
        """Mark none; false where none was."""
        had = bool(self.marks)
        self.marks.clear()
        self._show_marks()
        return had

    def follow_id(self, old_id: str, new_id: str) -> None:
        """A model gets another id."""
        self.marks.follow(old_id, new_id)
        self.models.nodes.follow_id(old_id, new_id)

    def _show_marks(self) -> None:
        self.query_one(TitleBar).show_marked(len(self.marks))
        self.models.refresh()
