"""What the workbench does to the manifest: edit, leave out, fix, undo, redo, save."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.geometry import Offset

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.fields import Field, Kind, format_value
from loadmaster.session import Change, difference
from loadmaster.tui.difference import difference_maker, fault_remark
from loadmaster.tui.judging import (
    Edit,
    by_new_names,
    edit_for_all,
    edited,
    is_list,
    judge_edit,
    leaves_out,
    read_text,
    reading_of,
)
from loadmaster.tui.marks import Marks, at_all, fixes_of, same_places
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.difference import DifferenceScreen
from loadmaster.tui.visible import visible
from loadmaster.tui.ways_out import way_out
from loadmaster.tui.widgets.field_editor import Edited, FieldEditor
from loadmaster.tui.widgets.field_list import EditAsked

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_panes import WorkbenchPanes


@dataclass(frozen=True, slots=True)
class Pending:
    """A text that is being typed: the edit that it asks for (None for none; ValueError where it means nothing), the
    name of that in the history, where the cursor then is, and what happens when the editor has closed.

    `settled` is told whether the text was kept, and which field comes next (0 for none).
    """

    edited: Edited
    edit_of: Callable[[str], Edit | None]
    label_of: Callable[[str], str]
    cursor: KeyPath
    reading: Callable[[str], str] = lambda _: ""
    settled: Callable[[bool, int], None] | None = None
    hints: tuple[tuple[str, str], ...] = (("↵", "keep"), ("esc", "leave as it was"), ("↹", "keep, next field"))


class Editing:
    """The hand of the workbench. It holds nothing but the editor that is open."""

    def __init__(self, workbench: WorkbenchPanes) -> None:
        self._bench = workbench
        self._editor: FieldEditor | None = None
        self._pending: Pending | None = None
        self._goes_on = False

    @property
    def is_open(self) -> bool:
        """Whether a value is being edited."""
        return self._editor is not None

    # A value.

    def begin(self, message: EditAsked) -> None:
        """Open the editor on a value, a list item by item, or turn a truth value over at once."""
        view = self._bench.view
        goes_on, self._goes_on = self._goes_on, False
        if view is None or self.is_open or self.is_read_only():
            return
        path, field = message.path, message.field
        if is_list(view.document, path, field):
            self._bench.open_items(path, message.anchor)
            return
        places = same_places(view.document, self._bench.marks, path)
        if not goes_on and field.kind is Kind.BOOLEAN and isinstance(view.document.get(path, field.default), bool):
            flipped = not view.document.get(path, field.default)
            label = _kept_label(view.document, path, field, str(flipped).lower(), len(places))
            self.apply(at_all(places, lambda document, place: document.set(place, flipped)), label, path)
            return
        pending = Pending(
            replace(edited(view, path, field), scope=scope_of(places, self._bench.marks), several=len(places) > 1),
            lambda text: edit_for_all(view.document, places, field, text),
            lambda text: _kept_label(view.document, path, field, text, len(places)),
            path,
            lambda text: reading_of(path, field, text),
            lambda kept, step: self._settled(path, field, kept, step),
        )
        self.open(pending, message.anchor)

    def open(self, pending: Pending, anchor: Offset) -> None:
        """Open the editor at a place on the screen."""
        view = self._bench.view
        pane = self._bench.detail.area
        if view is None or not pane.is_attached:  # it was asked for before the app was left
            return
        editor = FieldEditor(
            pending.edited,
            anchor - pane.region.offset,
            lambda text: judge_edit(view.session, pending.edit_of, pending.reading, text),
        )
        self._editor, self._pending = editor, pending
        editor.place_in(pane.size)
        pane.mount(editor)
        self._bench.status.show_hints(list(pending.hints))

    def follow(self, anchor: Offset) -> None:
        """The value that is edited stands at another place on the screen now: its first cell is there."""
        if self._editor is not None and self._editor.is_attached:
            self._editor.follow(anchor - self._bench.detail.area.region.offset)

    def keep(self, message: FieldEditor.Kept) -> None:
        """Take what was typed; stay in the editor where that cannot be."""
        view, pending = self._bench.view, self._pending
        if view is None or pending is None:
            return
        if message.text != pending.edited.text or pending.edited.several:
            try:
                edit = pending.edit_of(message.text)
                if edit is not None:
                    change = view.session.apply(edit, pending.label_of(message.text), pending.cursor)
                    self._bench.take_up(change)
                    self._bench.status.say(_outcome(change), "value")
            except (ValueError, EditRefused) as refusal:
                message.editor.refuse(str(refusal))
                return
        self._close(True, message.step)

    def settle(self) -> bool:
        """Keep what was typed, for something else is about to be done; false where it cannot be: the editor says why.

        What was not touched stays open as it is.
        """
        editor, pending = self._editor, self._pending
        if editor is not None and pending is not None and editor.text != pending.edited.text:
            self.keep(FieldEditor.Kept(editor, editor.text, 0))
            return self._editor is None
        return True

    def close(self) -> None:
        """Close the editor and leave the value as it was; the keys go back to where they came from."""
        self._close(False, 0)

    def _close(self, kept: bool, step: int) -> None:
        if self._editor is None or self._pending is None:
            return
        settled = self._pending.settled
        self._editor.remove()
        self._editor = self._pending = None
        self._bench.status.show_hints(None)
        if settled is not None:
            settled(kept, step)

    def _settled(self, path: KeyPath, field: Field, kept: bool, step: int) -> None:
        view = self._bench.view
        if kept and view is not None and field.key == "sha256":
            # Whoever keeps a digest has looked at it, also where it stays the same.
            view.session.unconfirmed.confirm(str(path[1]), view.document.get(path))
            self._bench.detail.refresh_content()
        self._bench.detail.body.focus()
        if step:
            self.go_on(step)

    def go_on(self, step: int) -> None:
        """Edit the next field of the form. A truth value is offered then, not turned over."""
        self._goes_on = True
        self._bench.edit_next(step)

    def unset(self, path: KeyPath, field: Field | None) -> None:
        """Take a key out."""
        view = self._bench.view
        if view is None or self.is_read_only():
            return
        if path and isinstance(path[-1], int):
            self._bench.take_out_item(path)
            return
        places = [place for place in same_places(view.document, self._bench.marks, path) if view.document.has(place)]
        if not places:
            self._bench.status.say(f"{path[-1]} is not in the file.", "label")
            return
        if field is not None and field.required:
            self._bench.status.say(f"{path[-1]} is required, so it stays. Edit it instead (e).", "label")
            return
        edit = at_all(places, lambda document, place: document.unset(place))
        self.apply(edit, f"leave out {told_name(path, view.document, len(places))}", path)

    # Any edit.

    def apply(self, edit: Edit, label: str, cursor: KeyPath | None, back: KeyPath | None = None) -> bool:
        """Do an edit as one step; a refusal is said, and changes nothing.

        `cursor` is where it was made, `back` where the cursor goes on undo if that is another place.
        """
        view = self._bench.view
        if view is None:
            return False
        try:
            change = view.session.apply(edit, label, cursor, back)
        except EditRefused as refusal:
            self._bench.status.say(str(refusal), "error")
            return False
        self._bench.take_up(change)
        self._bench.status.say(_outcome(change), "value")
        return True

    async def fix(self, findings: list[Finding]) -> None:
        """Show what the first fix of these faults would change, and apply it if that is wanted."""
        view = self._bench.view
        fixable = next((finding for finding in findings if finding.fix is not None), None)
        if view is None or self.is_read_only():
            return
        if fixable is None or fixable.fix is None:
            said = "No fault is under the cursor."
            if findings:
                said = f"{findings[0].code} has no fix: {way_out(findings[0], self._going)}."
            self._bench.status.say(said, "label")
            return
        fix = fixable.fix
        together = self._fixable_together(fixable)
        several = in_models(len({finding.model_id for finding in together}))
        edit = fixes_of(together) if several else fix.apply
        try:
            document, new, gone = view.session.preview(edit)
        except EditRefused as refusal:
            self._bench.status.say(str(refusal), "error")
            return
        title: Line = [
            Piece(f"Fix {fixable.code}  ", "bright"),
            Piece(f"× {len(together)}{several}" if several else visible(fix.title)),
            Piece("" if fix.safe else "   a guess: look at it", "warning"),
        ]
        lines = difference_maker(difference(view.document, document))
        if await self._bench.ask(DifferenceScreen(title, lines, [fault_remark(new, gone)], "fix it")):
            name = several or f" {name_of(fixable.path, view.document)}"
            self.apply(edit, f"fix {fixable.code}{name}", fixable.path)

    @property
    def _going(self) -> str:
        """The action that leads to the place of a fault; nothing where the cursor is in the detail."""
        if self._bench.fault_list.has_focus:
            return "faults.go"
        return "fault.next" if self._bench.models.has_focus else ""

    def _fixable_together(self, finding: Finding) -> list[Finding]:
        """The faults of one rule that can be fixed in all marked models, where that of `finding` is one of them."""
        view, marks = self._bench.view, self._bench.marks
        if view is None or finding.model_id not in marks:
            return [finding]
        models = [model_id for model_id in view.document.model_ids if model_id in marks]
        found = [one for model_id in models for one in view.faults.of_model(model_id)]
        return [one for one in found if one.code == finding.code and one.fix is not None]

    def undo(self) -> None:
        """Take the last change back, the cursor with it."""
        self._step(lambda bench: bench.undo(), "nothing to undo", "undone: ")

    def redo(self) -> None:
        """Do it again."""
        self._step(lambda bench: bench.redo(), "nothing to redo", "done again: ")

    def _step(self, step: Callable[..., Change | None], nothing: str, said: str) -> None:
        view = self._bench.view
        if view is None:
            return
        change = step(view.session)
        if change is None:
            self._bench.status.say(nothing, "label")
            return
        self._bench.take_up(change)
        place = place_to_show(view.document, change)
        if place is not None:
            self._bench.bring_back(place)
        self._bench.status.say(said + change.label)

    def is_read_only(self) -> bool:
        """Whether nothing can be edited; says so."""
        view = self._bench.view
        if view is not None and not view.document.is_readable:
            self._bench.status.say("This file can only be looked at: it is not UTF-8.", "warning")
            return True
        return False


def name_of(path: KeyPath, document: Document | None = None) -> str:
    """A key path as the history tells it: the model's name and the keys below it.

    With a `document` a key of a file is told by the name of the file: `config.json sha256`.
    """
    if document is not None and len(path) > 3 and path[2] == "files":
        file = document.get((*path[:4], "path"))
        if isinstance(file, str) and file:
            return " ".join([file.rpartition("/")[2], *(str(part) for part in path[4:])])
        return " ".join([f"file {int(path[3]) + 1}", *(str(part) for part in path[4:])])
    model = str(path[1]).rpartition("@")[0] or str(path[1]) if len(path) > 1 else ""
    rest = ".".join(str(part) for part in path[2:])
    return f"{model} {rest}".strip()


def in_models(number: int) -> str:
    """` in 3 models`, or nothing for one."""
    return f" in {number} models" if number > 1 else ""


def scope_of(places: list[KeyPath], marks: Marks) -> str:
    """Which models an edit goes to, where some are marked; nothing where none is."""
    if not marks:
        return ""
    if len(places) > 1:
        return f"for {len(places)} marked models" + (f" of {len(marks)}" if len(places) < len(marks) else "")
    return "for this model only" + ("" if places[0][1] in marks else ": it is not marked")


def place_to_show(document: Document, change: Change) -> KeyPath | None:
    """Where the cursor goes after an undo: the place of the change, or the model that took the place of its own."""
    path = change.cursor
    if path is None or len(path) < 2 or path[0] != "models" or path[1] in document.model_ids:
        return path
    there = [model_id for model_id in document.model_ids if model_id in change.models]
    return ("models", there[0]) if there else None


def told_name(path: KeyPath, document: Document, models: int) -> str:
    """The same for an edit that goes to so many models: of several only the key is named, not one for all."""
    if models == 1:
        return name_of(path, document)
    key = name_of(path, document) if path[2:3] == ("files",) else str(path[-1])
    return key + in_models(models)


def _kept_label(document: Document, path: KeyPath, field: Field, text: str, models: int = 1) -> str:
    name, scope = told_name(path, document, 1), in_models(models)
    if models > 1:
        name = told_name(path, document, models).removesuffix(scope)
    if leaves_out(field, text):
        counts = f", {format_value(field, field.default) or 'none'} counts" if field.has_default else ""
        return f"{name} left out{counts}{scope}"
    shown = text
    with suppress(ValueError):
        value = read_text(path, field, text)
        shown = value if isinstance(value, str) else text
    shown = shown if len(shown) <= 40 else shown[:39] + "…"
    return f"{name} = {shown or '(empty)'}{scope}"


def _outcome(change: Change) -> str:
    """What was done, and which rules speak of it now or no more. A fault that only has another name is neither."""
    new, gone = by_new_names(change.new, change.gone)
    said = change.label
    come, went = (dict.fromkeys(one.code for one in found) for found in (new, gone))
    said += "   brings " + ", ".join(come) if come else ""
    return said + ("   mends " + ", ".join(went) if went else "")
