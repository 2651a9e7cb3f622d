"""The nodes of the tree in the order of their rows: what is unfolded, what a filter leaves, what it found."""

from __future__ import annotations

from collections.abc import Collection

from loadmaster.document.places import KeyPath
from loadmaster.tui.manifest_view import ManifestView, variants_of
from loadmaster.tui.matching import MOST_HITS, Hit, Match, match_model

Node = tuple[str | int, ...]
"""`("group", type)`, `("model", id)`, `("variant", id, index)`, `("component", id, name)` or
`("file", id, name, index)`; in a filtered tree also `("fault", id, index)`, and `("more", id, number)` for what is not
listed."""

LEAVES = ("variant", "file", "fault", "more")
"""The kinds of node that have nothing below them."""


class TreeNodes:
    """Which nodes have a row. What is closed costs nothing: only what is unfolded is looked at."""

    def __init__(self) -> None:
        self.view: ManifestView | None = None
        self.filter_text = ""
        self.rows: list[Node] = []
        self.unfolded: set[Node] = set()
        self.folded_groups: set[Node] = set()
        self.matches: dict[str, Match] = {}
        """What the filter found of each model that it leaves."""
        self.hits: dict[Node, Hit] = {}
        """What the filter found below models, by the node that stands for it."""
        self.group_sizes: dict[str, int] = {}

    @property
    def models(self) -> list[str]:
        """The models that have a row."""
        return [str(row[1]) for row in self.rows if row[0] == "model"]

    def first_model(self) -> int:
        """The row of the first model."""
        return next((index for index, row in enumerate(self.rows) if row[0] == "model"), 0)

    def find(self, node: Node | None) -> int | None:
        """The row of a node; where it has none itself that of the last variant in its place, or of its model."""
        try:
            return self.rows.index(node) if node is not None else None
        except ValueError:
            if node is None or node[0] in ("group", "model"):
                return None
            # Behind the end of a list that has become shorter its last item is the nearest.
            alike = [i for i, row in enumerate(self.rows) if node[0] == "variant" and row[:2] == node[:2]]
            return alike[-1] if alike else self.find(("model", node[1]))

    def row_of(self, path: KeyPath) -> int | None:
        """The row of the variant or the file that a key path names, where it is shown."""
        kind = {"variants": "variant", "files": "file"}.get(str(path[2])) if len(path) > 3 else None
        if kind is None:
            return None
        rows = enumerate(self.rows)
        return next((i for i, row in rows if row[0] == kind and (row[1], row[-1]) == (path[1], path[3])), None)

    def is_open(self, node: Node) -> bool:
        """Whether a node is unfolded. A filter folds no group."""
        if node[0] == "group":
            return node not in self.folded_groups or bool(self.filter_text)
        return node in self.unfolded

    def turn(self, node: Node, unfold: bool) -> None:
        """Unfold or fold a node."""
        if node[0] == "group":
            (self.folded_groups.discard if unfold else self.folded_groups.add)(node)
        else:
            (self.unfolded.add if unfold else self.unfolded.discard)(node)
        self.rebuild()

    def parent(self, node: Node, row: int) -> int | None:
        """The row of what a node lies below."""
        if node[0] == "model":
            return max((index for index in range(row) if self.rows[index][0] == "group"), default=0)
        return self.find(("component", *node[1:3]) if node[0] == "file" else ("model", node[1]))

    def restore(self, open_nodes: Collection[Node], folded_groups: Collection[Node]) -> None:
        """Unfold and fold these nodes, as far as they are still there."""
        ids = set(self.view.document.model_ids) if self.view is not None else set()
        self.unfolded = {one for one in open_nodes if one[0] in ("model", "component") and one[1] in ids}
        self.folded_groups = {one for one in folded_groups if one[0] == "group"}
        self.rebuild()

    def follow_id(self, old_id: str, new_id: str) -> None:
        """A model gets another id: what is unfolded of it stays so, under the old one too should that come back."""
        self.unfolded |= {(node[0], new_id, *node[2:]) for node in self.unfolded if node[1] == old_id}

    # Making the rows.

    def rebuild(self) -> None:
        """Make the rows anew."""
        self.rows = []
        self.matches = {}
        self.hits = {}
        if self.view is None:
            return
        for name, model_ids in self.view.groups():
            if self.filter_text:
                found = {i: match_model(self.view, i, self.filter_text) for i in model_ids}
                self.matches.update({i: match for i, match in found.items() if match is not None})
                model_ids = [i for i in model_ids if i in self.matches]
                if not model_ids:
                    continue
            group = ("group", name)
            self.group_sizes[name] = len(model_ids)
            self.rows.append(group)
            if not self.is_open(group):
                continue
            for model_id in model_ids:
                self.rows.append(("model", model_id))
                self.rows.extend(self._below_model(self.view, model_id))

    def _below_model(self, view: ManifestView, model_id: str) -> list[Node]:
        found = self._hit_rows(view, model_id) if model_id in self.matches else []
        if ("model", model_id) not in self.unfolded:
            return found
        variants = view.derived(variants_of, model_id)
        rows: list[Node] = [("variant", model_id, index) for index in range(len(variants))]
        for component in view.summary(model_id).components:
            node = ("component", model_id, component.name)
            rows += [node, *self._files_below(view, node)]
        return rows

    def _hit_rows(self, view: ManifestView, model_id: str) -> list[Node]:
        """What was meant below a model: the rows that stand for all that is below it."""
        hits = {_node_of(model_id, hit): hit for hit in self.matches[model_id].hits}
        self.hits.update(hits)
        shown = list(hits) if ("more", model_id) in self.unfolded else list(hits)[:MOST_HITS]
        rows = [row for node in shown for row in (node, *self._files_below(view, node))]
        return [*rows, ("more", model_id, len(hits) - len(shown))] if len(hits) > len(shown) else rows

    def _files_below(self, view: ManifestView, node: Node) -> list[Node]:
        """The files of a component that is unfolded."""
        if node[0] != "component" or node not in self.unfolded:
            return []
        model_id, name = str(node[1]), str(node[2])
        found = next((one for one in view.summary(model_id).components if one.name == name), None)
        return [("file", model_id, name, index) for index in found.files] if found else []


def _node_of(model_id: str, hit: Hit) -> Node:
    if hit.kind == "component":
        return ("component", model_id, hit.name)
    if hit.kind == "fault":
        return ("fault", model_id, hit.index)
    return ("file", model_id, hit.component, hit.index)
