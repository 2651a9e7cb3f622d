"""The tree at the left: models by type, then id; below a model its variants and components, below those its files.

It holds keys of nodes, not labels: a label is made when its row is drawn, from what the manifest says at that moment.
So an edit changes only what is drawn, and closed models cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from textual.message import Message
from textual.strip import Strip

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece, fit
from loadmaster.tui.since import Since
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.vram_setting import Chosen
from loadmaster.tui.widgets.field_list import MarkAsked
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.tree_lines import (
    component_line,
    fault_line,
    file_line,
    group_line,
    model_line,
    variant_line,
)
from loadmaster.tui.widgets.tree_nodes import LEAVES, Node, TreeNodes

__all__ = ["ModelTree", "Node"]


class ModelTree(LineList):
    """Models, variants, components and files."""

    BINDINGS = bindings_for("tree")

    class FaultOpened(Message):
        """Enter on a fault that the filter found."""

        def __init__(self, finding: Finding) -> None:
            super().__init__()
            self.finding = finding

    class Opened(Message):
        """Enter on a node: show it."""

        def __init__(self, node: Node) -> None:
            super().__init__()
            self.node = node

    def __init__(self, chosen: Chosen, *, id: str | None = None) -> None:
        """`chosen` tells what the memory figures are for."""
        super().__init__(id=id)
        self.chosen = chosen
        self.nodes = TreeNodes()
        self._unfiltered: Node | None = None
        """The node on which one stood before the filter."""
        self.marks: Collection[str] = ()
        """The ids of the marked models."""
        self.since: Since | None = None
        """What the models are compared with, after a review."""

    # What it shows.

    def show(self, view: ManifestView) -> None:
        """Show a manifest. The cursor starts on its first model."""
        self.nodes.view = view
        self.nodes.rebuild()
        self.rows_changed(self.nodes.first_model())

    @property
    def view(self) -> ManifestView | None:
        """The manifest that is shown."""
        return self.nodes.view

    @property
    def filter_text(self) -> str:
        """What the models are filtered by; empty for nothing."""
        return self.nodes.filter_text

    @property
    def open_nodes(self) -> tuple[Node, ...]:
        """The models and components that are unfolded."""
        return tuple(self.nodes.unfolded)

    @property
    def folded_groups(self) -> tuple[Node, ...]:
        """The groups that are folded."""
        return tuple(self.nodes.folded_groups)

    @property
    def lasting_node(self) -> Node | None:
        """The node under the cursor, or its model where it is there only while a filter is."""
        node = self.node
        return ("model", node[1]) if node is not None and node[0] in ("fault", "more") else node

    def restore(self, open_nodes: Collection[Node], folded_groups: Collection[Node], node: Node | None) -> None:
        """Unfold and fold these nodes, as far as they are still there, and put the cursor on one."""
        if self.view is not None:
            self.nodes.restore(open_nodes, folded_groups)
            self.rows_changed(self.nodes.find(node))

    def structure_changed(self) -> None:
        """Models came, went or were renamed; the cursor stays on its node where that is still there."""
        node = self.node
        self.nodes.rebuild()
        self.rows_changed(self.nodes.find(node))

    def content_changed(self) -> None:
        """Labels may read otherwise; what lies below open models may have changed."""
        if self.nodes.unfolded or self.nodes.matches:
            self.structure_changed()
        else:
            self.refresh()

    def setting_changed(self) -> None:
        """Variants need another amount now: draw those of their rows that are in view."""
        first = int(self.scroll_offset.y)
        for index, node in enumerate(self.nodes.rows[first : first + self.size.height], first):
            if node[0] == "variant":
                self.refresh_row(index)

    def set_filter(self, text: str) -> int:
        """Show only the models that match; gives how many do."""
        node = self.node
        if not self.nodes.filter_text:
            self._unfiltered = node
        self.nodes.filter_text = text.strip()
        self.nodes.rebuild()
        # Where nothing was left to stand on, one comes back to where one was.
        wanted = self._unfiltered if node is None else node
        stays = wanted is not None and wanted in self.nodes.rows
        self.rows_changed(self.nodes.find(wanted) if stays else self.nodes.first_model())
        return len(self.shown_models)

    @property
    def shown_models(self) -> list[str]:
        """The models that have a row."""
        return self.nodes.models

    def reveal(self, model_id: str) -> None:
        """Put the cursor on a model, opening its group, without leaving a node of that model."""
        if self.model_id == model_id:
            return
        index = self.nodes.find(("model", model_id))
        if index is None and self.view is not None:
            self.nodes.folded_groups.clear()
            self.nodes.rebuild()
            index = self.nodes.find(("model", model_id))
        if index is not None:
            self.rows_changed(index)

    @property
    def node(self) -> Node | None:
        """The node under the cursor."""
        return self.nodes.rows[self.cursor] if 0 <= self.cursor < len(self.nodes.rows) else None

    @property
    def model_id(self) -> str | None:
        """The model under the cursor, or that of what is under it."""
        node = self.node
        return str(node[1]) if node and node[0] != "group" else None

    # Rows.

    def row_count(self) -> int:
        """All nodes that are not inside a closed one."""
        return len(self.nodes.rows)

    def render_line(self, y: int) -> Strip:
        """See `LineList`. Where the filter leaves nothing, that is said."""
        if y == 0 and not self.nodes.rows and self.filter_text:
            said = middle(f"no model matches {visible(self.filter_text)}", max(self.text_width - 2, 10))
            return self.draw([Piece(f" {said}", "label")], self.scrollable_content_region.width)
        return super().render_line(y)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """One line: what it is at the left, its figures at the right."""
        node = self.nodes.rows[index]
        return [fit([], width) if self.view is None else self._line(self.view, node, width)]

    def _line(self, view: ManifestView, node: Node, width: int) -> Line:
        name, hit = str(node[1]), self.nodes.hits.get(node)
        spans = hit.spans if hit is not None else ()
        is_open = self.nodes.is_open(node)
        match node[0]:
            case "group":
                return group_line(name, self.nodes.group_sizes[name], is_open, width)
            case "model":
                match = self.nodes.matches.get(name)
                return model_line(
                    view,
                    name,
                    width,
                    is_open=is_open,
                    is_marked=name in self.marks,
                    spans=match.spans if match else (),
                    since=self.since,
                )
            case "variant":
                return variant_line(view, name, int(node[2]), width, self.chosen.setting)
            case "component":
                return component_line(view, name, str(node[2]), width, is_open=is_open, spans=spans)
            case "fault":
                return fault_line(view, name, int(node[2]), width, spans=spans)
            case "more":
                return fit([Piece(f"        and {node[2]} more", "faint")], width)
            case _:
                by_digest = hit is not None and hit.kind == "digest"
                own, digest = ((), spans) if by_digest else (spans, ())
                return file_line(view, name, int(node[3]), width, spans=own, digest=digest)

    # What it does.

    def activate(self) -> None:
        """See `LineList`."""
        self.action_open()

    def click_row(self, index: int, line: int, x: int) -> bool:
        """A click on the mark folds; one elsewhere only moves the cursor."""
        node = self.nodes.rows[index]
        depth = {"group": 0, "model": 2, "component": 4}.get(str(node[0]))
        if depth is not None and depth <= x <= depth + 1:
            self.action_fold_or_unfold()
            return True
        return False

    def action_open(self) -> None:
        """Show a model, or what lies below it, in the detail; fold or unfold a group."""
        node = self.node
        if node is None:
            return
        if node[0] == "group":
            self.action_fold_or_unfold()
        elif node[0] == "more":
            self.nodes.turn(("more", node[1]), True)
            self.rows_changed()
        elif node[0] == "fault" and self.view is not None:
            findings = self.view.faults.of_model(str(node[1]))
            if int(node[2]) < len(findings):
                self.post_message(self.FaultOpened(findings[int(node[2])]))
        else:
            self.post_message(self.Opened(node))

    def action_mark(self) -> None:
        """Mark the model under the cursor, or all of a group; the cursor stays, so that an edit then goes to all."""
        node = self.node
        if node is None or self.view is None:
            return
        if node[0] == "group":
            members = dict(self.view.groups()).get(str(node[1]), [])
            shown = (i for i in members if not self.filter_text or i in self.nodes.matches)
            self.post_message(MarkAsked(tuple(shown)))
            return
        self.post_message(MarkAsked((str(node[1]),)))

    def stand_on(self, path: KeyPath) -> None:
        """Put the cursor on the variant or file of a key path where its row is shown, else on its model."""
        index = self.nodes.row_of(path)
        if index is not None:
            self.rows_changed(index)
        elif len(path) > 1:
            self.reveal(str(path[1]))

    def action_fold_or_unfold(self) -> None:
        """Fold or unfold the node under the cursor."""
        self._fold(None)

    def action_unfold(self) -> None:
        """Unfold; on an unfolded node go to its first child."""
        node = self.node
        if node is not None and self.nodes.is_open(node):
            self.action_cursor_down()
        elif node is not None and node[0] in LEAVES:
            self.action_open()
        else:
            self._fold(True)

    def action_fold(self) -> None:
        """Fold; on a folded node go to its parent."""
        node = self.node
        if node is None:
            return
        if self.nodes.is_open(node):
            self._fold(False)
            return
        index = self.nodes.parent(node, self.cursor)
        if index is not None:
            self.set_cursor(index)

    def _fold(self, unfold: bool | None) -> None:
        node = self.node
        if node is None or node[0] in LEAVES or self.view is None:
            return
        self.nodes.turn(node, not self.nodes.is_open(node) if unfold is None else unfold)
        self.rows_changed(self.nodes.find(node))
