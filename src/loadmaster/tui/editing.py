"""What the workbench does to the manifest: edit, leave out, fix, undo, redo, save."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import ChangedOnDisk, EditRefused, StoreError
from loadmaster.manifest.fields import Field, Kind, format_value
from loadmaster.session import Change, difference
from loadmaster.tui.difference import difference_maker, fault_remark
from loadmaster.tui.judging import edit_for, edited, judge
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.difference import DifferenceScreen
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.field_editor import FieldEditor
from loadmaster.tui.widgets.field_list import EditAsked

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_panes import WorkbenchPanes


class Editing:
    """The hand of the workbench. It holds nothing but the editor that is open."""

    def __init__(self, workbench: WorkbenchPanes) -> None:
        self._bench = workbench
        self._editor: FieldEditor | None = None

    @property
    def is_open(self) -> bool:
        """Whether a value is being edited."""
        return self._editor is not None

    # A value.

    def begin(self, message: EditAsked) -> None:
        """Open the editor on a value, or turn a truth value over at once."""
        view = self._bench.view
        if view is None or self.is_open or self._is_read_only():
            return
        path, field = message.path, message.field
        if field.kind is Kind.BOOLEAN and isinstance(view.document.get(path, field.default), bool):
            flipped = not view.document.get(path, field.default)
            self.apply(
                lambda document: document.set(path, flipped), _kept_label(path, field, str(flipped).lower()), path
            )
            return
        pane = self._bench.detail.area
        editor = FieldEditor(
            edited(view, path, field),
            message.anchor - pane.region.offset,
            lambda text: judge(view.session, path, field, text),
        )
        self._editor = editor
        editor.place_in(pane.size)
        pane.mount(editor)
        self._bench.status.show_hints([("↵", "keep"), ("esc", "leave as it was"), ("↹", "keep, next field")])

    def keep(self, message: FieldEditor.Kept) -> None:
        """Take what was typed; stay in the editor where that cannot be."""
        view = self._bench.view
        if view is None:
            return
        editor, path, field = message.editor, message.editor.edited.path, message.editor.edited.field
        if message.text != editor.edited.text:
            try:
                edit = edit_for(path, field, message.text, view.document.has(path))
                if edit is not None:
                    change = view.session.apply(edit, _kept_label(path, field, message.text), path)
                    self._bench.take_up(change)
                    self._bench.status.say(_outcome(change), "value")
            except (ValueError, EditRefused) as refusal:
                editor.refuse(str(refusal))
                return
        self.close()
        if message.step:
            self._bench.edit_next(message.step)

    def close(self) -> None:
        """Close the editor; the keys go back to the form."""
        if self._editor is not None:
            self._editor.remove()
            self._editor = None
            self._bench.status.show_hints(None)
            self._bench.detail.body.focus()

    def unset(self, path: KeyPath, field: Field | None) -> None:
        """Take a key out."""
        view = self._bench.view
        if view is None or self._is_read_only():
            return
        if not view.document.has(path):
            self._bench.status.say(f"{path[-1]} is not in the file.", "label")
            return
        if field is not None and field.required:
            self._bench.status.say(f"{path[-1]} is required, so it stays. Edit it instead (e).", "label")
            return
        self.apply(lambda document: document.unset(path), f"leave out {_name(path)}", path)

    # Any edit.

    def apply(self, edit: Callable[[Document], Document], label: str, cursor: KeyPath | None) -> bool:
        """Do an edit as one step; a refusal is said, and changes nothing."""
        view = self._bench.view
        if view is None:
            return False
        try:
            change = view.session.apply(edit, label, cursor)
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
        if view is None or self._is_read_only():
            return
        if fixable is None or fixable.fix is None:
            said = f"{findings[0].code} has no fix: i explains it." if findings else "No fault is under the cursor."
            self._bench.status.say(said, "label")
            return
        fix = fixable.fix
        try:
            document, new, gone = view.session.preview(fix.apply)
        except EditRefused as refusal:
            self._bench.status.say(str(refusal), "error")
            return
        title: Line = [
            Piece(f"Fix {fixable.code}  ", "bright"),
            Piece(visible(fix.title)),
            Piece("" if fix.safe else "   a guess: look at it", "warning"),
        ]
        lines = difference_maker(difference(view.document, document))
        if await self._bench.ask(DifferenceScreen(title, lines, [fault_remark(new, gone)], "fix it")):
            self.apply(fix.apply, f"fix {fixable.code} {_name(fixable.path)}", fixable.path)

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
        if change.cursor is not None:
            self._bench.reveal(change.cursor)
        self._bench.status.say(said + change.label)

    # The file.

    async def save(self) -> bool:
        """Show the difference, then save; true if the file is as the manifest now."""
        view = self._bench.view
        if view is None:
            return False
        session = view.session
        if not session.dirty:
            self._bench.status.say("Nothing is unsaved.", "label")
            return True
        lines, title, remark = self._bench.difference()
        if not await self._bench.ask(DifferenceScreen(title, lines, remark, "save")):
            return False
        return await self.write()

    async def write(self, force: bool = False) -> bool:
        """Save without showing the difference again; true if it was done."""
        view = self._bench.view
        assert view is not None
        try:
            view.session.save(force=force)
        except ChangedOnDisk:
            title: Line = [Piece("The file was changed by someone else", "bright")]
            remark: list[Line] = [[Piece("Taking mine overwrites what they wrote.", "warning")]]
            if await self._bench.ask(DifferenceScreen(title, [], remark, "take mine")):
                return await self.write(force=True)
            self._bench.status.say("Not saved.", "warning")
            return False
        except StoreError as error:
            self._bench.status.say(str(error), "error")
            return False
        view.mark_saved()
        self._bench.show_state()
        self._bench.status.say("Saved.")
        return True

    def _is_read_only(self) -> bool:
        view = self._bench.view
        if view is not None and view.session.read_only:
            self._bench.status.say("This file can only be looked at: it is not UTF-8.", "warning")
            return True
        return False


def _name(path: KeyPath) -> str:
    model = str(path[1]).rpartition("@")[0] or str(path[1]) if len(path) > 1 else ""
    rest = ".".join(str(part) for part in path[2:])
    return f"{model} {rest}".strip()


def _kept_label(path: KeyPath, field: Field, text: str) -> str:
    shown = text if len(text) <= 40 else text[:39] + "…"
    return f"{_name(path)} = {shown or format_value(field, None) or '(empty)'}"


def _outcome(change: Change) -> str:
    said = change.label
    if change.new:
        said += "   brings " + ", ".join(dict.fromkeys(finding.code for finding in change.new))
    if change.gone:
        said += "   mends " + ", ".join(dict.fromkeys(finding.code for finding in change.gone))
    return said
