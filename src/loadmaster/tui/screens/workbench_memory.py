"""What the workbench has remembered of it, and how it comes back to that."""

from __future__ import annotations

from dataclasses import replace

from loadmaster.tui.screens.workbench_layout import WorkbenchLayout
from loadmaster.tui.state import AppState, Whereabouts
from loadmaster.tui.widgets.detail.pane import TABS


class WorkbenchMemory(WorkbenchLayout):
    """A workbench that is as it was the last time: panes, open nodes, cursor, tab."""

    def to_remember(self, state: AppState) -> AppState:
        """`state` with the sizes of the panes, and where one is in the manifest."""
        state = replace(state, models_width=self.models_width, faults_height=self.faults_height)
        path = self.view.session.path if self.view is not None else None
        if path is None:
            return state
        tree = self.models
        where = Whereabouts(tree.open_nodes, tree.folded_groups, tree.lasting_node, self.detail.tab_id)
        return state.with_manifest(path, where)

    def restore_sizes(self, state: AppState) -> None:
        """Give the panes the room that they had."""
        self.set_sizes(state.models_width, state.faults_height)

    def restore_whereabouts(self, where: Whereabouts) -> None:
        """Open the nodes that were open, go to the one where one was, open its tab."""
        self.models.restore(where.open_nodes, where.folded, where.node)
        model_id = self.models.model_id
        if model_id is not None and where.tab in {tab.id for tab in TABS}:
            # At once: the tree tells of its cursor by a message, which may come too late for the tab.
            self.show_model_of(("models", model_id))
            self.detail.open_tab(where.tab)
