"""The tree at the left: models by type, then id; below a model its components, below those its files.

It holds keys of nodes, not labels: a label is made when its row is drawn, from what the manifest says at that moment.
So an edit changes only what is drawn, and closed models cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.manifest_view import ManifestView, component_of, files_of
from loadmaster.tui.matching import MOST_HITS, Hit, Match, match_model
from loadmaster.tui.paint import Line, Piece, fit
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.tree_lines import component_line, fault_line, file_line, group_line, model_line

Node = tuple[str | int, ...]
"""`("group", type)`, `("model", id)`, `("component", id, name)` or `("file", id, name, index)`; in a filtered tree also
`("fault", id, index)`, and `("more", id, number)` for what is not listed."""


class ModelTree(LineList):
    """Models, components and files."""

    BINDINGS = bindings_for("tree")

    class FaultOpened(Message):
        """Enter on a fault that the filter found."""

        def __init__(self, finding: Finding) -> None:
            super().__init__()
            self.finding = finding

    class MarkAsked(Message):
        """Space: mark these models, or unmark them."""

        def __init__(self, model_ids: tuple[str, ...]) -> None:
            super().__init__()
            self.model_ids = model_ids

    class Opened(Message):
        """Enter on a node: show it."""

        def __init__(self, node: Node) -> None:
            super().__init__()
            self.node = node

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: ManifestView | None = None
        self.filter_text = ""
        self._rows: list[Node] = []
        self._unfolded: set[Node] = set()
        self._folded_groups: set[Node] = set()
        self._matches: dict[str, Match] = {}
        self._hits: dict[Node, Hit] = {}
        self._group_sizes: dict[str, int] = {}
        self.marks: Collection[str] = ()
        """The ids of the marked models."""

    # What it shows.

    def show(self, view: ManifestView) -> None:
        """Show a manifest. The cursor starts on its first model."""
        self.view = view
        self._rebuild()
        first = next((index for index, node in enumerate(self._rows) if node[0] == "model"), 0)
        self.rows_changed(first)

    @property
    def open_nodes(self) -> tuple[Node, ...]:
        """The models and components that are unfolded."""
        return tuple(self._unfolded)

    @property
    def folded_groups(self) -> tuple[Node, ...]:
        """The groups that are folded."""
        return tuple(self._folded_groups)

    @property
    def lasting_node(self) -> Node | None:
        """The node under the cursor, or its model where it is there only while a filter is."""
        node = self.node
        return ("model", node[1]) if node is not None and node[0] in ("fault", "more") else node

    def restore(self, open_nodes: Collection[Node], folded_groups: Collection[Node], node: Node | None) -> None:
        """Unfold and fold these nodes, as far as they are still there, and put the cursor on one."""
        if self.view is None:
            return
        ids = set(self.view.document.model_ids)
        self._unfolded = {one for one in open_nodes if one[0] in ("model", "component") and one[1] in ids}
        self._folded_groups = {one for one in folded_groups if one[0] == "group"}
        self._rebuild()
        self.rows_changed(self._find(node))

    def structure_changed(self) -> None:
        """Models came, went or were renamed; the cursor stays on its node where that is still there."""
        node = self.node
        self._rebuild()
        self.rows_changed(self._find(node) if node else None)

    def content_changed(self) -> None:
        """Labels may read otherwise; files and components of open models may have changed."""
        if self._unfolded or self._matches:
            self.structure_changed()
        else:
            self.refresh()

    def set_filter(self, text: str) -> int:
        """Show only the models that match; gives how many do."""
        node = self.node
        self.filter_text = text.strip()
        self._rebuild()
        where = self._find(node) if node and node in self._rows else None
        first = next((index for index, row in enumerate(self._rows) if row[0] == "model"), 0)
        self.rows_changed(first if where is None else where)
        return len(self.shown_models)

    @property
    def shown_models(self) -> list[str]:
        """The models that have a row."""
        return [str(row[1]) for row in self._rows if row[0] == "model"]

    def reveal(self, model_id: str) -> None:
        """Put the cursor on a model, opening its group, without leaving a node of that model."""
        if self.model_id == model_id:
            return
        index = self._find(("model", model_id))
        if index is None and self.view is not None:
            self._folded_groups.clear()
            self._rebuild()
            index = self._find(("model", model_id))
        if index is not None:
            self.rows_changed(index)

    @property
    def node(self) -> Node | None:
        """The node under the cursor."""
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    @property
    def model_id(self) -> str | None:
        """The model under the cursor, or that of the component or file under it."""
        node = self.node
        return str(node[1]) if node and node[0] != "group" else None

    def _find(self, node: Node | None) -> int | None:
        try:
            return self._rows.index(node) if node is not None else None
        except ValueError:
            if node is not None and node[0] not in ("group", "model"):
                return self._find(("model", node[1]))
            return None

    def _rebuild(self) -> None:
        self._rows = []
        self._matches = {}
        self._hits = {}
        if self.view is None:
            return
        for name, model_ids in self.view.groups():
            if self.filter_text:
                found = {i: match_model(self.view, i, self.filter_text) for i in model_ids}
                self._matches.update({i: match for i, match in found.items() if match is not None})
                model_ids = [i for i in model_ids if i in self._matches]
                if not model_ids:
                    continue
            group = ("group", name)
            self._group_sizes[name] = len(model_ids)
            self._rows.append(group)
            if group in self._folded_groups and not self.filter_text:
                continue
            for model_id in model_ids:
                self._rows.append(("model", model_id))
                found_below = self._hit_rows(model_id) if model_id in self._matches else []
                is_open = ("model", model_id) in self._unfolded
                self._rows.extend(self._below_model(model_id) if is_open else found_below)

    def _hit_rows(self, model_id: str) -> list[Node]:
        """What was meant below a model: the rows that stand for all that is below it."""
        hits = {self._node_of(model_id, hit): hit for hit in self._matches[model_id].hits}
        self._hits.update(hits)
        shown = list(hits) if ("more", model_id) in self._unfolded else list(hits)[:MOST_HITS]
        rows = [row for node in shown for row in (node, *self._files_below(node))]
        return [*rows, ("more", model_id, len(hits) - len(shown))] if len(hits) > len(shown) else rows

    def _node_of(self, model_id: str, hit: Hit) -> Node:
        assert self.view is not None
        if hit.kind == "component":
            return ("component", model_id, hit.name)
        if hit.kind == "fault":
            return ("fault", model_id, hit.index)
        files = files_of(self.view.document.model_data(model_id))
        return ("file", model_id, component_of(files[hit.index]), hit.index)

    def _below_model(self, model_id: str) -> list[Node]:
        assert self.view is not None
        rows: list[Node] = []
        for component in self.view.summary(model_id).components:
            node = ("component", model_id, component.name)
            rows += [node, *self._files_below(node)]
        return rows

    def _files_below(self, node: Node) -> list[Node]:
        """The files of a component that is unfolded."""
        if node[0] != "component" or node not in self._unfolded or self.view is None:
            return []
        model_id, name = str(node[1]), str(node[2])
        found = next((one for one in self.view.summary(model_id).components if one.name == name), None)
        return [("file", model_id, name, index) for index in found.files] if found else []

    # Rows.

    def row_count(self) -> int:
        """All nodes that are not inside a closed one."""
        return len(self._rows)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """One line: what it is at the left, its figures at the right."""
        node = self._rows[index]
        return [fit([], width) if self.view is None else self._line(self.view, node, width)]

    def _line(self, view: ManifestView, node: Node, width: int) -> Line:
        name, hit = str(node[1]), self._hits.get(node)
        spans = hit.spans if hit is not None else ()
        match node[0]:
            case "group":
                is_open = node not in self._folded_groups or bool(self.filter_text)
                return group_line(name, self._group_sizes[name], is_open, width)
            case "model":
                match = self._matches.get(name)
                return model_line(
                    view,
                    name,
                    width,
                    is_open=node in self._unfolded,
                    is_marked=name in self.marks,
                    spans=match.spans if match else (),
                )
            case "component":
                return component_line(view, name, str(node[2]), width, is_open=node in self._unfolded, spans=spans)
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
        node = self._rows[index]
        depth = {"group": 0, "model": 2, "component": 4}.get(str(node[0]))
        if depth is not None and depth <= x <= depth + 1:
            self.action_fold_or_unfold()
            return True
        return False

    def action_open(self) -> None:
        """Show a model, component or file in the detail; fold or unfold a group."""
        node = self.node
        if node is None:
            return
        if node[0] == "group":
            self.action_fold_or_unfold()
        elif node[0] == "more":
            self._unfolded.add(("more", node[1]))
            self._rebuild()
            self.rows_changed()
        elif node[0] == "fault" and self.view is not None:
            self.post_message(self.FaultOpened(self.view.faults.of_model(str(node[1]))[int(node[2])]))
        else:
            self.post_message(self.Opened(node))

    def action_mark(self) -> None:
        """Mark the model under the cursor, or all of a group; the cursor stays, so that an edit then goes to all."""
        node = self.node
        if node is None or self.view is None:
            return
        if node[0] == "group":
            shown = dict(self.view.groups()).get(str(node[1]), [])
            self.post_message(self.MarkAsked(tuple(i for i in shown if not self.filter_text or i in self._matches)))
            return
        self.post_message(self.MarkAsked((str(node[1]),)))

    def stand_on(self, path: KeyPath) -> None:
        """Put the cursor on the file of a key path where its row is shown, else on its model."""
        if len(path) > 3 and path[2] == "files":
            rows = enumerate(self._rows)
            index = next((i for i, row in rows if row[0] == "file" and (row[1], row[3]) == (path[1], path[3])), None)
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
        if node is not None and self._is_open(node):
            self.action_cursor_down()
        elif node is not None and node[0] in ("file", "fault", "more"):
            self.action_open()
        else:
            self._fold(True)

    def action_fold(self) -> None:
        """Fold; on a folded node go to its parent."""
        node = self.node
        if node is None:
            return
        if self._is_open(node):
            self._fold(False)
            return
        parent = ("component", *node[1:3]) if node[0] == "file" else ("model", node[1])
        if node[0] == "model":
            index: int | None = max((i for i in range(self.cursor) if self._rows[i][0] == "group"), default=0)
        else:
            index = self._find(parent)
        if index is not None:
            self.set_cursor(index)

    def _is_open(self, node: Node) -> bool:
        return node not in self._folded_groups if node[0] == "group" else node in self._unfolded

    def _fold(self, unfold: bool | None) -> None:
        node = self.node
        if node is None or node[0] in ("file", "fault", "more") or self.view is None:
            return
        unfold = not self._is_open(node) if unfold is None else unfold
        if node[0] == "group":
            (self._folded_groups.discard if unfold else self._folded_groups.add)(node)
        else:
            (self._unfolded.add if unfold else self._unfolded.discard)(node)
        self._rebuild()
        self.rows_changed(self._find(node))
