"""How much room each pane has: pulled with the mouse, moved with keys, remembered."""

from __future__ import annotations

from textual import events

from loadmaster.tui.screens.workbench_panes import WorkbenchPanes
from loadmaster.tui.widgets.frame import Divider
from loadmaster.tui.widgets.pull_rule import PullRule

NARROWEST_TREE = 16
NARROWEST_DETAIL = 41  # with the line beside it
LOWEST_FAULTS = 3
LOWEST_UPPER = 8
STEP_COLUMNS, STEP_LINES = 4, 2
"""How far one key moves a rule."""


class WorkbenchLayout(WorkbenchPanes):
    """A workbench whose panes can be made larger and smaller. Where only one is shown it has all the room."""

    def __init__(self) -> None:
        super().__init__()
        self.models_width = 0
        self.faults_height = 0

    def set_sizes(self, models_width: int, faults_height: int) -> None:
        """Take these sizes, in cells; 0 for what the stylesheet says."""
        self.models_width, self.faults_height = models_width, faults_height
        self._apply_sizes()

    def _apply_sizes(self) -> None:
        models, faults = self.query_one("#models"), self.query_one("#faults")
        wide = not self.has_class("-narrow")
        if wide and self.models_width:
            most = max(self.size.width - NARROWEST_DETAIL, NARROWEST_TREE)
            models.styles.width = models.styles.min_width = min(max(self.models_width, NARROWEST_TREE), most)
            models.styles.max_width = "100%"
        else:
            for rule in ("width", "min_width", "max_width"):
                models.styles.clear_rule(rule)
        if wide and self.faults_height and not self.has_class("-faultless"):
            most = max(self.size.height - LOWEST_UPPER, LOWEST_FAULTS)
            faults.styles.height = faults.styles.min_height = min(max(self.faults_height, LOWEST_FAULTS), most)
        else:
            for rule in ("height", "min_height"):
                faults.styles.clear_rule(rule)
        self.call_after_refresh(self._place_joint)

    def on_resize(self, event: events.Resize) -> None:
        """There is room for more, or for less."""
        self.call_later(self._apply_sizes)

    def show_state(self) -> None:
        """Without any fault the pane of the faults is one line."""
        had = self.has_class("-faultless")
        super().show_state()
        if had != self.has_class("-faultless"):
            self._apply_sizes()

    def on_divider_dragged(self, message: Divider.Dragged) -> None:
        """The mouse pulls the line between the panes."""
        self.set_sizes(max(message.column, 1), self.faults_height)

    def on_pull_rule_pulled(self, message: PullRule.Pulled) -> None:
        """The mouse pulls the rule above the faults."""
        self.set_sizes(self.models_width, max(self.query_one("#faults").region.bottom - message.line, 1))

    # Actions.

    def action_widen(self, step: int) -> None:
        """Move the line between the models and the detail."""
        if self.has_class("-narrow"):
            self.status.say("One pane at a time is shown: it has all the room.", "label")
            return
        width = self.query_one("#models").region.width + step * STEP_COLUMNS
        most = max(self.size.width - NARROWEST_DETAIL, NARROWEST_TREE)
        self.set_sizes(min(max(width, NARROWEST_TREE), most), self.faults_height)

    def action_heighten(self, step: int) -> None:
        """Move the rule above the faults."""
        if self.has_class("-narrow") or self.has_class("-faultless"):
            self.status.say("There is no rule to move here.", "label")
            return
        height = self.query_one("#faults").region.height + step * STEP_LINES
        most = max(self.size.height - LOWEST_UPPER, LOWEST_FAULTS)
        self.set_sizes(self.models_width, min(max(height, LOWEST_FAULTS), most))
