"""The workbench: its actions, by the names in the table of actions. Each is a line or two: others do the work."""

from __future__ import annotations

from textual import on, work
from textual.widgets import Input

from loadmaster.checks.diagnostic import Finding
from loadmaster.manifest.fields import field_at, format_value
from loadmaster.manifest.words import plural
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.clipboard import Way
from loadmaster.tui.explaining import Explanation, explain_field, explain_finding
from loadmaster.tui.figure_explaining import explain_figure, explain_node, with_faults
from loadmaster.tui.figure_sources import place_words
from loadmaster.tui.file_watch import State
from loadmaster.tui.guarded import GuardedApp
from loadmaster.tui.screens.explain import ExplainScreen
from loadmaster.tui.screens.jump import JumpScreen
from loadmaster.tui.screens.select_text import SelectScreen
from loadmaster.tui.screens.workbench_disk import WorkbenchDisk
from loadmaster.tui.screens.workbench_file import WorkbenchFile
from loadmaster.tui.screens.workbench_frame import PANES
from loadmaster.tui.screens.workbench_memory import WorkbenchMemory
from loadmaster.tui.screens.workbench_review import WorkbenchReview
from loadmaster.tui.screens.workbench_structure import WorkbenchStructure
from loadmaster.tui.values import FieldRow
from loadmaster.tui.widgets.field_list import FieldList


class Workbench(WorkbenchDisk, WorkbenchReview, WorkbenchStructure, WorkbenchFile, WorkbenchMemory):
    """One open manifest, and what keys, palette and footer can do with it."""

    BINDINGS = bindings_for("workbench")

    # Moving.

    def action_next_pane(self) -> None:
        """The next pane; from an open list to the next field."""
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        """The pane before; from an open list to the field before."""
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        if self.lists.go_on(step):
            return
        panes = [pane for pane in PANES if pane != "faults" or not self.has_class("-faultless")]
        here = panes.index(self.pane) if self.pane in panes else 0
        self.focus_pane(panes[(here + step) % len(panes)])

    @work
    async def action_jump(self) -> None:
        """Go to a pane or a line."""
        answer = await self.app.push_screen_wait(JumpScreen())
        if answer in PANES:
            self.focus_pane(answer)
        elif answer and answer.isdigit() and self.view is not None:
            document = self.view.document
            path = document.path_at(document.offset_of(int(answer)))
            self.show_model_of(path)
            self.detail.go_to_line(int(answer))
            self.focus_pane("detail")

    def action_back(self) -> None:
        """Out of a filter, else back to the models."""
        if self.lists.is_open:
            self.lists.close()
        elif self._filter_line.has_focus or (self.models.has_focus and self.models.filter_text):
            self._leave_filter()
        elif self.models.has_focus and self.clear_marks():
            self.status.say("No model is marked any more.", "label")
        else:
            self.focus_pane("models")

    def action_tab(self, tab_id: str) -> None:
        """Open a tab of the detail."""
        self.detail.open_tab(tab_id)
        if self.pane != "detail":
            self.focus_pane("detail")

    def action_next_fault(self) -> None:
        """To the next fault."""
        self._step_fault(1)

    def action_previous_fault(self) -> None:
        """To the fault before."""
        self._step_fault(-1)

    def _step_fault(self, step: int) -> None:
        finding = self.fault_from_here(step)
        if finding is None:
            self.status.say("No faults.", "label")
            return
        stay = self.fault_list.has_focus
        self.go_to_fault(finding)
        if not stay:
            self.focus_pane("detail")
        said = f"{finding.severity.letter} {finding.code}  {finding.message}"
        self.status.say(said, finding.severity.value, ("fault.fix", "fault.next"))

    # Filter.

    @property
    def _filter_line(self) -> Input:
        return self.query_one("#filter", Input)

    def action_filter(self) -> None:
        """Type to filter the models."""
        self.focus_pane("models")
        self._filter_line.display = True
        self._filter_line.focus()
        self.status.show_hints([("↵", "to the models"), ("esc", "all again")])

    @on(Input.Blurred, "#filter")
    def _filter_left(self) -> None:
        """An empty filter takes no line."""
        self.status.show_hints(None)
        if not self._filter_line.value.strip():
            self._filter_line.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        if event.input.id == "filter":
            count = self.models.set_filter(event.value)
            if not event.input.display:
                return  # it was left
            every = len(self.view.document.model_ids) if self.view else 0
            self.status.say(f"{count:,} of {plural(every, 'model')}", "label")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: into what is left."""
        if event.input.id == "filter":
            if not event.value.strip():
                self._leave_filter()
            self.models.focus()

    def _leave_filter(self) -> None:
        self._filter_line.value = ""
        self._filter_line.display = False
        self.models.set_filter("")
        self.models.focus()

    # Looking.

    def _findings(self) -> list[Finding]:
        """The faults under the cursor of the focused pane."""
        if self.fault_list.has_focus:
            return list(self.fault_list.findings)
        if self.models.has_focus and self.view is not None:
            findings = self.view.faults.of_model(self.models.model_id) if self.models.model_id else ()
            return sorted(findings, key=lambda finding: (finding.fix is None, finding.severity.rank))
        found = list(self.detail.findings)
        if self.stands_on_fault:
            # Of several in one place the one that was gone to is meant.
            found.sort(key=lambda finding: finding is not self.fault_list.current)
        return found

    def _figure(self) -> Explanation | None:
        """How the figure under the cursor came about."""
        if self.view is None or self.fault_list.has_focus:
            return None
        if self.models.has_focus:
            node = self.models.node
            return explain_node(self.view, node, self.chosen.setting) if node is not None else None
        return explain_figure(self.view, self.detail)

    def action_explain(self) -> None:
        """Explain the figure under the cursor, with the fault that it has, else the fault, else the field."""
        findings = [] if self.models.has_focus else self._findings()
        figure = self._figure()
        path = self.detail.path
        field = field_at(path) if path else None
        if figure is not None:
            self.app.push_screen(ExplainScreen(*with_faults(figure, findings, path)))
        elif findings:
            self.app.push_screen(ExplainScreen(*explain_finding(findings[0])))
        elif field is not None and path is not None and self.view is not None:
            document = self.view.document
            place = place_words(document, path) if document.has(path) else "not in the file"
            self.app.push_screen(ExplainScreen(*explain_field(field, path, document.get(path), place)))
        else:
            self.status.say("Nothing to explain here: put the cursor on a field or a fault.", "label")

    def action_copy(self) -> None:
        """Copy the value under the cursor; where the terminal has no clipboard, show it to be selected."""
        text = self._text_to_copy()
        if not text:
            self.status.say("Nothing to copy here: put the cursor on a value.", "label")
            return
        self.app.copy_to_clipboard(text)
        if isinstance(self.app, GuardedApp) and self.app.clipboard_way is Way.NONE:
            self.action_select()
        else:
            self.status.say(f"Copied: {text}   (Y shows it to be selected)")

    def action_select(self) -> None:
        """Show the value under the cursor so that the terminal's own mouse can take it."""
        text = self._text_to_copy()
        if text:
            self.app.push_screen(SelectScreen(text))
        else:
            self.status.say("Nothing to show here: put the cursor on a value.", "label")

    def _text_to_copy(self) -> str:
        if self.view is None:
            return ""
        if self.fault_list.has_focus and self.fault_list.findings:
            finding = self.fault_list.findings[0]
            place = self.view.place(finding)
            return f"{self.view.session.title}:{place.line}:{place.column}: {finding.code} {finding.message}"
        if self.models.has_focus:
            return self.models.model_id or ""
        path = self.detail.path
        value = self.view.document.get(path) if path else None
        field = field_at(path) if path else None
        if isinstance(value, str):
            return value
        return format_value(field, value) if field is not None and value is not None else ""

    # Changing.

    @work(exclusive=True, group="sheet")
    async def action_fix(self) -> None:
        """Show what a fix would change, then apply it."""
        findings = self._findings()
        if not self.opens_conflict(findings):
            await self.editing.fix(findings)

    def action_undo(self) -> None:
        """Take the last change back."""
        self.editing.undo()

    def action_redo(self) -> None:
        """Do it again."""
        self.editing.redo()

    @property
    def is_busy(self) -> bool:
        """Whether something is being typed or asked."""
        return super().is_busy or self.lists.is_open or self.source_editing.source.is_editing

    @property
    def _form_row(self) -> FieldRow | None:
        """The row under the cursor, where a form is open."""
        body = self.detail.body
        return body.row if isinstance(body, FieldList) else None

    def word_of(self, action_id: str) -> str:
        """What an action does on the row under the cursor."""
        faults, row = self.fault_list, self._form_row
        if action_id == "field.edit" and row is not None and row.field is None and row.opens:
            return "open"
        if action_id == "faults.go" and faults.row is not None and faults.row.fold:
            return "fold" if faults.is_unfolded else "unfold"
        if action_id == "faults.fold":
            return "fold"
        return super().word_of(action_id)

    def is_of_use(self, action_id: str) -> bool:
        """Whether an action would do something now. The last line leaves out those that would only say a sentence."""
        if self.view is None:
            return action_id.startswith("app.")
        session = self.view.session
        match action_id:
            case "field.edit":
                row = self._form_row
                return row is None or row.field is not None or bool(row.opens)
            case "faults.fold":
                return self.fault_list.row is not None and self.fault_list.row.inside
            case "fault.fix":
                return any(finding.fix is not None for finding in self._findings())
            case "history.undo":
                return bool(session.history.done)
            case "history.redo":
                return bool(session.history.undone)
            case "file.save":
                return self.saving.is_needed
            case "file.theirs":
                return self.outside.state is State.CHANGED
            case "file.end_review":
                return self.models.since is not None
            case "conflicts.open":
                return bool(session.document.conflicts)
            case _:
                return self.fits(action_id)
