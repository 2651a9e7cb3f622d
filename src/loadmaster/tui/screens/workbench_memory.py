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
        if where.tab in {tab.id for tab in TABS}:
            self.call_after_refresh(self._restore_tab, where.tab)

    def _restore_tab(self, tab: str) -> None:
        if self.detail.model_id is not None:
            self.detail.open_tab(tab)
