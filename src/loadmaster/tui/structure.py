"""What the workbench does to the structure of the manifest: add, remove, move. Copies and renames are in `new_models`
and `new_files`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Severity
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.callers import callers_notes
from loadmaster.manifest.fields import field_at, human_bytes
from loadmaster.manifest.words import plural
from loadmaster.session import Hunk, difference
from loadmaster.tui.additions import Addition, Part, additions
from loadmaster.tui.difference import difference_lines, fault_remark
from loadmaster.tui.editing import in_models, name_of
from loadmaster.tui.judging import Edit
from loadmaster.tui.list_editing import item_removed
from loadmaster.tui.manifest_view import component_of, files_of
from loadmaster.tui.marks import same_places
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.choose import ChooseScreen, Option
from loadmaster.tui.screens.remove import RemoveScreen
from loadmaster.tui.target import Spot, Target
from loadmaster.tui.visible import visible

if TYPE_CHECKING:
    from loadmaster.tui.manifest_view import ManifestView
    from loadmaster.tui.screens.workbench_structure import WorkbenchStructure


class Structure:
    """The hand for tables and items."""

    def __init__(self, workbench: WorkbenchStructure) -> None:
        self._bench = workbench

    # Adding.

    async def add(self, target: Target) -> None:
        """Ask what shall be added at a place, then for what it says."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        offered = additions(view.document, target, on_files=self._bench.detail.tab_id == "files")
        chosen: int | None = 0
        if len(offered) > 1:
            to = visible(target.model_id) if target.model_id else "the manifest"
            title: Line = [Piece("Add to ", "label"), Piece(to, "bright")]
            options = [Option(one.key, one.label, one.note) for one in offered]
            chosen = await self._bench.app.push_screen_wait(ChooseScreen(title, options, "add"))
        if chosen is not None:
            await self._add(offered[chosen])

    async def _add(self, addition: Addition) -> None:
        match addition.part:
            case Part.MODEL:
                await self._bench.new_models.add()
            case Part.FILE:
                await self._bench.new_files.add(addition.path, addition.index)
            case Part.TABLE:
                await self._bench.new_files.add_table(addition.path)
            case Part.ITEM:
                self._bench.open_list(addition.path, addition.index)

    # Removing.

    def can_remove(self, target: Target) -> bool:
        """Whether what stands at a place can be taken out: it is in the file, and the format does not require it."""
        view = self._bench.view
        if view is None or target.spot is Spot.MANIFEST or not view.document.has(target.path):
            return False
        field = field_at(target.path) if target.spot in (Spot.LIST, Spot.FIELD) else None
        return field is None or not field.required

    async def remove(self, target: Target) -> None:
        """Take out what stands at a place; ask where more than a line goes."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        match target.spot:
            case Spot.MANIFEST:
                self._bench.status.say("Put the cursor on what shall be removed.", "label")
            case Spot.MODEL:
                await self._remove_models(view, target)
            case Spot.COMPONENT:
                await self._remove_component(view, target)
            case Spot.FILE | Spot.TABLE:
                await self._ask(lambda document: document.unset(target.path), self._named(view, target), target.path)
            case Spot.ITEM:
                self.remove_item(target.path)
            case Spot.LIST | Spot.FIELD:
                self._bench.editing.unset(target.path, field_at(target.path))

    async def remove_around(self, target: Target) -> None:
        """Take out the table that a place lies in: a sub-table, a file, else the model."""
        if target.model_id is None:
            await self.remove(target)
        elif target.spot is Spot.FILE:
            await self.remove(Target(Spot.FILE, target.path))
        elif target.table is not None and self._bench.view and self._bench.view.document.has(target.table):
            await self.remove(Target(Spot.TABLE, target.table))
        elif target.table is not None:
            # What is shown are defaults of the format: nobody means the model by that.
            said = f"There is no table {target.table[-1]} of this model in the file."
            self._bench.status.say(said, "label")
        else:
            await self.remove(Target(Spot.MODEL, target.path[:2]))

    async def _remove_models(self, view: ManifestView, target: Target) -> None:
        marks = self._bench.marks
        wanted = [one for one in view.document.model_ids if one in marks] if target.model_id in marks else []
        wanted = wanted or [str(target.model_id)]

        def edit(document: Document) -> Document:
            for model_id in wanted:
                document = document.remove_model(model_id)
            return document

        name = wanted[0] if len(wanted) == 1 else f"{len(wanted)} marked models"
        left = [one for one in view.document.model_ids if one not in wanted]
        notes = [_content(view, wanted), *callers_notes(view.document.model_ids, left)]
        await self._ask(edit, name, target.path, notes)

    async def _remove_component(self, view: ManifestView, target: Target) -> None:
        model_id, name = str(target.model_id), target.component
        files = files_of(view.document.model_data(model_id))
        members = [index for index, file in enumerate(files) if component_of(file) == name]

        def edit(document: Document) -> Document:
            for index in reversed(members):
                document = document.remove_item(("models", model_id, "files"), index)
            for key in ("required_components", "optional_components"):
                listed = document.get(("models", model_id, key))
                if isinstance(listed, list) and name in listed:
                    document = document.remove_item(("models", model_id, key), listed.index(name))
            return document

        await self._ask(edit, f"component {name} of {model_id}", target.path, [plural(len(members), "file")])

    def remove_item(self, path: KeyPath) -> None:
        """Take an item out of a list, in all marked models that hold it."""
        self._bench.run_worker(self._remove_item(path), exclusive=True, group="sheet")

    async def _remove_item(self, path: KeyPath) -> None:
        view = self._bench.view
        if view is None or not view.document.has(path):
            return
        index, old = int(path[-1]), view.document.get(path)
        places = same_places(view.document, self._bench.marks, path[:-1])
        label = f"{_short(old)} from {name_of(path[:-1])}{in_models(len(places))}"
        await self._ask(item_removed(places, index, old), label, path)

    async def _ask(self, edit: Edit, name: str, cursor: KeyPath, notes: Sequence[str] = ()) -> None:
        """Do an edit that takes something out; ask first where more than a line goes, or where it brings an error."""
        view = self._bench.view
        assert view is not None
        try:
            document, new, gone = view.session.preview(edit)
        except EditRefused as refusal:
            self._bench.status.say(str(refusal), "error")
            return
        hunks = difference(view.document, document)
        lines = lines_gone(hunks)
        if lines > 1 or any(finding.severity is Severity.ERROR for finding in new):
            title: Line = [
                Piece("Remove ", "label"),
                Piece(visible(name), "bright"),
                Piece(f"   {plural(lines, 'line')}" if lines > 0 else "", "label"),
            ]
            screen = RemoveScreen(title, notes, fault_remark(new, gone), difference_lines(hunks))
            if not await self._bench.app.push_screen_wait(screen):
                return
        self._bench.editing.apply(edit, f"remove {name}", cursor)

    @staticmethod
    def _named(view: ManifestView, target: Target) -> str:
        if target.spot is Spot.FILE:
            return str(view.document.get((*target.path, "path"), name_of(target.path, view.document)))
        return f"table {target.path[-1]} of {target.path[1]}"

    # Moving.

    def moved_to(self, target: Target, step: int, *, in_tree: bool = False) -> int | None:
        """The position to which a move by one place would bring a file or an item; None at the end of its list.

        The tree shows the files of a component together: there the next one is the next of its kind.
        """
        view = self._bench.view
        if view is None or target.spot not in (Spot.FILE, Spot.ITEM):
            return None
        items = view.document.get(target.path[:-1])
        index = int(target.path[-1])
        if not isinstance(items, list) or index >= len(items):
            return None
        among = list(range(len(items)))
        if in_tree and target.spot is Spot.FILE:
            files = files_of(view.document.model_data(str(target.model_id)))
            among = [i for i in among if component_of(files[i]) == component_of(files[index])]
        at = among.index(index) + step
        return among[at] if 0 <= at < len(among) else None

    def move(self, target: Target, step: int, *, in_tree: bool = False) -> None:
        """Move a file, a source or another item of a list by one place."""
        view, path = self._bench.view, target.path
        if view is None or self._bench.editing.is_read_only():
            return
        if target.spot not in (Spot.FILE, Spot.ITEM):
            said = "Files, sources and items of a list can be moved: put the cursor on one, or open a list (↵)."
            self._bench.status.say(said, "label")
            return
        to = self.moved_to(target, step, in_tree=in_tree)
        if to is None:
            self._bench.status.say("It is the first already." if step < 0 else "It is the last already.", "label")
            return
        index, value = int(path[-1]), view.document.get(path)
        name = _short(value.get("path", "file") if isinstance(value, dict) else value)
        label = f"move {name} {'up' if step < 0 else 'down'}"
        new_path = (*path[:-1], to)
        if self._bench.editing.apply(lambda document: document.move_item(path[:-1], index, to), label, new_path, path):
            self._bench.bring_back(new_path)


def lines_gone(hunks: Sequence[Hunk]) -> int:
    """How many lines a difference takes out, less those that it puts in."""
    lines = [line[:1] for hunk in hunks for line in hunk.lines]
    return lines.count("-") - lines.count("+")


def _content(view: ManifestView, model_ids: Sequence[str]) -> str:
    """What models hold, in a few words."""
    summaries = [view.summary(model_id) for model_id in model_ids]
    files, size = sum(one.files for one in summaries), sum(one.size for one in summaries)
    names = "" if len(model_ids) == 1 else ", ".join(model_ids) + ": "
    return f"{names}{plural(files, 'file')}, {human_bytes(size)} as declared"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 48 else f"{text[:16]}…{text[-31:]}"
