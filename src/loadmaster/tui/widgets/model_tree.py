"""The tree at the left: models by type, then id; below a model its components, below those its files.

It holds keys of nodes, not labels: a label is made when its row is drawn, from what the manifest says at that moment.
So an edit changes only what is drawn, and closed models cost nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from rich.cells import cell_len
from textual.message import Message

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import human_bytes
from loadmaster.tui.actions import bindings_for
from loadmaster.tui.manifest_view import ManifestView, files_of, size_of, strings
from loadmaster.tui.matching import Match, match_model
from loadmaster.tui.paint import Line, Piece, cell, counts, fit, many, span, spread
from loadmaster.tui.visible import head, middle, visible
from loadmaster.tui.widgets.line_list import LineList

Node = tuple[str | int, ...]
"""`("group", type)`, `("model", id)`, `("component", id, name)` or `("file", id, name, index)`."""

ROOMY = 72
"""From this width on a model's row tells its variants, files and size as well."""


class ModelTree(LineList):
    """Models, components and files."""

    BINDINGS = bindings_for("tree")

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
        return sum(1 for row in self._rows if row[0] == "model")

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
            if node is not None and node[0] in ("component", "file"):
                return self._find(("model", node[1]))
            return None

    def _rebuild(self) -> None:
        self._rows = []
        self._matches = {}
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
                if ("model", model_id) in self._unfolded:
                    self._rows.extend(self._below_model(model_id))

    def _below_model(self, model_id: str) -> list[Node]:
        assert self.view is not None
        rows: list[Node] = []
        for component in self.view.summary(model_id).components:
            node = ("component", model_id, component.name)
            rows.append(node)
            if node in self._unfolded:
                rows.extend(("file", model_id, component.name, index) for index in component.files)
        return rows

    # Rows.

    def row_count(self) -> int:
        """All nodes that are not inside a closed one."""
        return len(self._rows)

    def row_lines(self, index: int, width: int) -> list[Line]:
        """One line: what it is at the left, its figures at the right."""
        node = self._rows[index]
        match node[0]:
            case "group":
                return [self._group_line(str(node[1]), width)]
            case "model":
                return [self._model_line(str(node[1]), width)]
            case "component":
                return [self._component_line(node, width)]
            case _:
                return [self._file_line(node, width)]

    def _group_line(self, name: str, width: int) -> Line:
        mark = "▸" if ("group", name) in self._folded_groups and not self.filter_text else "▾"
        return spread(
            [Piece(f"{mark} ", "faint"), Piece(name, "label")], [Piece(f"{self._group_sizes[name]} ", "faint")], width
        )

    def _model_line(self, model_id: str, width: int) -> Line:
        assert self.view is not None
        tally = self.view.faults.counts(model_id)
        right = [*counts(tally.errors, tally.warnings, 0 if tally.errors else tally.infos), Piece(" ")]
        if width >= ROOMY:
            right = [*self._figures(model_id), Piece(" " * max(12 - span(right), 2)), *right]
        mark = "▾" if ("model", model_id) in self._unfolded else "▸"
        name = self._id_line(model_id, width - 5 - span(right))
        marked = Piece("◆ ", "key") if model_id in self.marks else Piece("  ")
        return spread([marked, Piece(f"{mark} ", "faint"), *name], right, width)

    def _figures(self, model_id: str) -> Line:
        """Variants, files and size, for a tree that has a whole screen."""
        assert self.view is not None
        summary = self.view.summary(model_id)
        variants = " ".join(strings(self.view.document.model_data(model_id).get("variants")))
        return [
            cell(visible(variants), 16, "label"),
            cell(many(summary.files, "file"), 9, "faint", right=True),
            cell(human_bytes(summary.size), 9, "label", right=True),
        ]

    def _id_line(self, model_id: str, width: int) -> Line:
        shown = visible(model_id)
        if cell_len(shown) > width:
            # The version tells models apart as much as the name does.
            stem, at, version = shown.rpartition("@")
            room = width - cell_len(at + version)
            shown = head(stem, room) + at + version if at and room >= 4 else middle(shown, width)
        match = self._matches.get(model_id)
        if match is None or not match.spans or shown != model_id:
            stem, at, version = shown.rpartition("@")
            return [Piece(stem or shown, "value"), Piece(at + version if stem else "", "label")]
        pieces: list[Piece] = []
        end = 0
        for start, stop in match.spans:
            pieces += [Piece(shown[end:start]), Piece(shown[start:stop], "match")]
            end = stop
        return [*pieces, Piece(shown[end:])]

    def _component_line(self, node: Node, width: int) -> Line:
        assert self.view is not None
        model_id = str(node[1])
        component = next((c for c in self.view.summary(model_id).components if c.name == node[2]), None)
        if component is None:
            return fit([Piece(f"      {visible(node[2])}", "faint")], width)
        mark = " " if not component.files else "▾" if node in self._unfolded else "▸"
        size = human_bytes(component.size)
        right = [Piece(f"{len(component.files):>4}", "faint"), Piece(f"{size:>9} ", "label")]
        return spread([Piece(f"    {mark} ", "faint"), Piece(visible(component.name))], right, width)

    def _file_line(self, node: Node, width: int) -> Line:
        assert self.view is not None
        model_id, index = str(node[1]), int(node[3])
        files = files_of(self.view.document.model_data(model_id))
        file = files[index] if index < len(files) else {}
        findings = self.view.faults.under(model_id, ("models", model_id, "files", index))
        worst = findings[0].severity if findings else None
        mark = Piece(f"{worst.letter} " if worst else "  ", worst.value if worst else "value")
        size = size_of(file)
        right = [Piece(f"{human_bytes(size) if size is not None else '—':>9} ", "label")]
        room = width - 8 - span(right) - 1
        return spread([Piece("      "), mark, Piece(middle(visible(file.get("path", "—")), room))], right, width)

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
        elif node is not None and node[0] == "file":
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
        parents = {"file": ("component", *node[1:3]), "component": ("model", node[1])}
        parent = parents.get(str(node[0]))
        if node[0] == "model":
            index: int | None = max((i for i in range(self.cursor) if self._rows[i][0] == "group"), default=0)
        else:
            index = self._find(parent) if parent else None
        if index is not None:
            self.set_cursor(index)

    def _is_open(self, node: Node) -> bool:
        return node not in self._folded_groups if node[0] == "group" else node in self._unfolded

    def _fold(self, unfold: bool | None) -> None:
        node = self.node
        if node is None or node[0] == "file" or self.view is None:
            return
        unfold = not self._is_open(node) if unfold is None else unfold
        if node[0] == "group":
            (self._folded_groups.discard if unfold else self._folded_groups.add)(node)
        else:
            (self._unfolded.add if unfold else self._unfolded.discard)(node)
        self._rebuild()
        self.rows_changed(self._find(node))
