"""What is typed into the Source pane, made to count: checked as one step of undo for each pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loadmaster.document.history import Step
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.session import Prepared
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.detail.source import Pending, Source

if TYPE_CHECKING:
    from loadmaster.tui.screens.workbench_panes import WorkbenchPanes

AT_ONCE_UP_TO = 300_000
"""Characters of a manifest up to which what was typed is checked at once (4 ms at this size); beyond, in a thread,
for at 1.7 MB it takes 20 to 100 ms."""

HINTS = [("esc", "leave"), ("^z", "undo"), ("^s", "save"), ("⇧→", "select"), ("^c ^v", "copy, paste"), ("F1", "help")]


class SourceEditing:
    """The hand of the Source pane. It holds the step that typing goes on with, and whether a check is on its way."""

    def __init__(self, workbench: WorkbenchPanes) -> None:
        self._bench = workbench
        self._step: Step | None = None
        self._under_way = False

    @property
    def source(self) -> Source:
        """The pane."""
        return self._bench.query_one(Source)

    def begin(self, source: Source) -> None:
        """Edit the text, unless it can only be looked at."""
        view = self._bench.view
        if view is None:
            return
        if not view.document.is_readable:
            self._bench.status.say("This file can only be looked at: it is not UTF-8.", "warning")
            return
        source.begin()
        self._bench.status.show_hints(HINTS)

    def leave(self, source: Source) -> None:
        """Keep what was typed, and show the model that the text is now: it may have another id, or none."""
        if not source.is_editing:
            return
        self.settle()
        line, column = source.line, source.column
        source.end()
        self._bench.status.show_hints(None)
        view = self._bench.view
        if view is None or line is None:
            return
        path = view.document.path_at(view.document.offset_of(line, column))
        if source.model_id is None or path[1:2] == (source.model_id,):
            source.show(view, source.model_id)
        else:
            self._bench.show_model_of(path)
            self._bench.detail.open_tab("source")
        source.go_to_line(line, column)

    def settle(self) -> None:
        """Make what was typed count now, whatever it costs: something else is about to be done with the text."""
        source = self.source
        pending = source.pending
        if pending is None:
            return
        prepared = self._prepared(pending, self._label(source), self._cursor(source))
        if prepared is not None:
            self._take(source, pending, prepared)

    def typed(self, source: Source) -> None:
        """There was a pause in the typing."""
        view, pending = self._bench.view, source.pending
        if view is None or pending is None or self._under_way:
            return
        if view.document.starts[-1] <= AT_ONCE_UP_TO:
            self.settle()
            return
        self._under_way = True
        label, cursor = self._label(source), self._cursor(source)

        def check() -> None:
            prepared = self._prepared(pending, label, cursor)
            self._bench.app.call_from_thread(self._checked, source, pending, prepared)

        self._bench.run_worker(check, thread=True, group="source", name="check the source")

    def _checked(self, source: Source, pending: Pending, prepared: Prepared | None) -> None:
        self._under_way = False
        if prepared is not None and source.is_editing:
            self._take(source, pending, prepared)
        if source.pending is not None and not source.is_waiting:
            self.typed(source)

    def _prepared(self, pending: Pending, label: str, cursor: KeyPath | None) -> Prepared | None:
        assert self._bench.view is not None
        session = self._bench.view.session
        # What was saved stays a place that undo comes by.
        joining = self._step if pending.joins and session.document is not session.saved_document else None
        try:
            return session.prepare(pending.apply, label, cursor, joining=joining)
        except EditRefused as refusal:
            self._bench.status.say(str(refusal), "error")
            return None

    def _take(self, source: Source, pending: Pending, prepared: Prepared) -> None:
        view = self._bench.view
        assert view is not None
        change = view.session.take(prepared)
        if change is None:
            return
        done = view.session.history.done
        self._step = done[-1] if done else None
        source.taken(view.document, pending)
        self._bench.take_up(change)
        if change.structure and source.model_id in view.document.model_ids:
            self._bench.models.reveal(str(source.model_id))

    def _label(self, source: Source) -> str:
        return f"edit the text of {visible(source.model_id)}" if source.model_id else "edit the text"

    def _cursor(self, source: Source) -> KeyPath | None:
        return source.path or (("models", source.model_id) if source.model_id else None)
