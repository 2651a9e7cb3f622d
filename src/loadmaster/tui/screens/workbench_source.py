"""What the workbench does with the text itself: the Source pane, the person's own editor, conflicts, review."""

from __future__ import annotations

import os

from textual.app import SuspendNotSupported

from loadmaster.document.document import Document
from loadmaster.session import difference
from loadmaster.tui.difference import size_of_difference
from loadmaster.tui.external_editor import NoEditor, edited_text, editor_of, run_in_terminal
from loadmaster.tui.screens.workbench_panes import WorkbenchPanes
from loadmaster.tui.source_editing import SourceEditing
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.detail.source_text import replaced_between


class WorkbenchSource(WorkbenchPanes):
    """A workbench in which the text can be edited as such."""

    def __init__(self) -> None:
        super().__init__()
        self.source_editing = SourceEditing(self)

    def settle(self) -> None:
        """Make what is being typed count: something else is about to be done."""
        if self.view is not None:
            self.source_editing.settle()

    def on_key(self) -> None:
        """A key that the Source pane does not take for itself does something: what was typed counts before."""
        self.settle()

    def on_seen(self) -> None:
        """Someone else did something to the file: what is being typed is unsaved, too."""
        self.settle()

    def on_descendant_focus(self) -> None:
        """The keys went elsewhere: the text is no longer being edited."""
        source = self.source_editing.source
        if source.is_editing and self.focused is not source:
            self.source_editing.leave(source)

    def on_source_edit_asked(self) -> None:
        """Enter on the text."""
        self.source_editing.begin(self.source_editing.source)

    def on_source_leave_asked(self) -> None:
        """Escape while it is edited."""
        self.source_editing.leave(self.source_editing.source)

    def on_source_typed(self, message: Source.Typed) -> None:
        """A pause in the typing."""
        self.source_editing.typed(message.source)

    # The person's own editor.

    def action_external_editor(self) -> None:
        """Open the text in $EDITOR at the line of the cursor, and take over what it made of it."""
        view = self.view
        if view is None:
            return
        if not view.document.is_readable:
            self.status.say("This file can only be looked at: it is not UTF-8.", "warning")
            return
        document = view.document
        try:
            editor = editor_of(os.environ)
            with self.app.suspend():
                text = edited_text(document.text, view.session.title, self.line_of_cursor(), editor, run_in_terminal)
        except (NoEditor, OSError, UnicodeDecodeError) as error:
            self.status.say(str(error), "error")
            return
        except SuspendNotSupported:
            self.status.say("This terminal cannot be lent to an editor.", "error")
            return
        self.refresh(layout=True)
        self._take_over(document, text, os.path.basename(editor[0]))

    def line_of_cursor(self) -> int:
        """The line of the file at which the cursor of the detail stands."""
        assert self.view is not None
        source = self.source_editing.source
        if self.detail.body is source and source.line is not None:
            return source.line
        path = self.detail.path or (("models", self.detail.model_id) if self.detail.model_id else ())
        return self.view.document.place(path).line

    def _take_over(self, before: Document, text: str, editor: str) -> None:
        if text == before.text:
            self.status.say(f"Back from {editor}: nothing was changed.", "label")
            return
        new = Document.from_text(text)
        # The text as the editor left it, newlines and all: its own business.
        at = replaced_between(before, new).start
        cursor = new.path_at(at)
        if self.editing.apply(lambda document: new, f"edit in {editor}", cursor or None):
            if cursor:
                self.reveal(cursor)
            if self.detail.tab_id == "source":
                self.detail.go_to_line(new.place_at(at).line)
            self.status.say(f"{self.status.said}   {size_of_difference(difference(before, new))}")
