"""What the workbench does to a list that is edited item by item: each edit, addition, removal and move is one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.geometry import Offset

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, field_at, format_value
from loadmaster.tui.editing import Pending, in_models, name_of, scope_of
from loadmaster.tui.judging import Edit, choices_of, hint_of
from loadmaster.tui.marks import same_places
from loadmaster.tui.target import Spot, Target
from loadmaster.tui.values import summary_of
from loadmaster.tui.widgets.field_editor import Edited
from loadmaster.tui.widgets.list_editor import ItemRow, ItemRows, ListContent, ListEditor

if TYPE_CHECKING:
    from loadmaster.session import Change
    from loadmaster.tui.screens.workbench_structure import WorkbenchStructure

_HINTS = (("↵", "keep"), ("esc", "leave as it was"), ("↹", "keep, next item"))
_ADD_HINTS = (("↵", "keep"), ("esc", "leave as it was"), ("↹", "keep, add another"))


class ListEditing:
    """The hand for lists. It holds the list that is open, and nothing of what it says."""

    def __init__(self, workbench: WorkbenchStructure) -> None:
        self._bench = workbench
        self._editor: ListEditor | None = None
        self._had_focus = False
        self._path: KeyPath = ()

    @property
    def is_open(self) -> bool:
        """Whether a list is open."""
        return self._editor is not None

    @property
    def is_coming(self) -> bool:
        """Whether a list was opened that has not had the keys yet."""
        return self._editor is not None and not self._had_focus

    def has_come(self) -> None:
        """The keys are in what lies over the form."""
        self._had_focus = True

    @property
    def target(self) -> Target | None:
        """The item under the cursor of the open list, or the list where that is none; None where none is open."""
        if self._editor is None:
            return None
        rows = self._editor.rows
        if rows.index < len(rows.content.items):
            return Target(Spot.ITEM, (*self._path, rows.index))
        return Target(Spot.LIST, self._path)

    def open(self, path: KeyPath, anchor: Offset, *, add_at: int | None = None) -> None:
        """Open the list at a path, at a place on the screen; with `add_at` a new item is typed at once."""
        view = self._bench.view
        pane = self._bench.detail.area
        if view is None or self.is_open or not pane.is_attached:
            return
        editor = ListEditor(anchor - pane.region.offset, lambda: self._opened(add_at))
        self._editor, self._path, self._had_focus = editor, path, False
        editor.place_in(pane.size)
        pane.mount(editor)

    def move_to(self, anchor: Offset) -> None:
        """The value stands at another place on the screen now; the editor of an item goes along."""
        if self._editor is None or not self._editor.is_attached:
            return
        pane = self._bench.detail.area
        self._editor.follow(anchor - pane.region.offset, pane.size)
        if self._bench.editing.is_open:
            # The list has to lie at its place before that of the item is known.
            self._bench.call_after_refresh(self._move_item)

    def _move_item(self) -> None:
        if self._editor is not None:
            rows = self._editor.rows
            self._bench.editing.follow(rows.anchor_of(rows.index))

    def _opened(self, add_at: int | None) -> None:
        if self._editor is None:
            return
        self._editor.rows.show(self._content(), 0)
        self._editor.rows.focus()
        if add_at is not None:
            self._add(add_at)

    def close(self) -> None:
        """Close it; the keys go back to the form."""
        if self._editor is not None:
            self._editor.remove()
            self._editor = None
            self._bench.detail.body.focus()

    def follow(self, change: Change) -> None:
        """The manifest says something else now: show it, or close where the list is gone."""
        view = self._bench.view
        if self._editor is None or view is None:
            return
        if self._path[1] not in view.document.model_ids or not isinstance(view.document.get(self._path, []), list):
            self.close()
            return
        self._editor.rows.show(self._content())

    def bring_back(self, place: KeyPath) -> bool:
        """Put the cursor on an item of the open list; false where the place is not in it."""
        if self._editor is None or place[: len(self._path)] != self._path:
            return False
        if len(place) > len(self._path):
            self._editor.rows.stand_on(int(place[len(self._path)]))
        return True

    # What it shows.

    def _content(self) -> ListContent:
        view = self._bench.view
        assert view is not None
        path, model_id = self._path, str(self._path[1])
        items = view.document.get(path, [])
        default = view.document.get((*path[:2], "default_variant")) if path[2:] == ("variants",) else None
        rows = tuple(
            ItemRow(
                item if isinstance(item, str) else summary_of(item),
                "★ default" if default is not None and item == default else "",
                tuple(view.faults.under(model_id, (*path, index))),
                isinstance(item, str),
            )
            for index, item in enumerate(items)
        )
        absent = ""
        if not view.document.has(path) and self._field.has_default:
            absent = f"{format_value(self._field, self._field.default) or 'none'}  default"
        scope = scope_of(self._places, self._bench.marks)
        return ListContent(rows, tuple(view.faults.at(model_id, path)), absent, scope)

    @property
    def _field(self) -> Field:
        field = field_at(self._path)
        assert field is not None
        return field

    @property
    def _places(self) -> list[KeyPath]:
        """The same list in all marked models."""
        view = self._bench.view
        assert view is not None
        return same_places(view.document, self._bench.marks, self._path)

    # What it does.

    def do(self, message: ItemRows.Asked) -> None:
        """Do what the list asks for."""
        if self._bench.editing.is_read_only():
            return
        match message.what:
            case "edit":
                self._edit(message.index)
            case "add":
                self._add(message.index)
            case "remove":
                self._bench.action_remove()

    def add(self) -> None:
        """Add an item behind the one under the cursor."""
        if self._editor is not None and not self._bench.editing.is_read_only():
            rows = self._editor.rows
            self._add(min(rows.index + 1, len(rows.content.items)))

    def go_on(self, step: int) -> bool:
        """Close the list and edit the next field of the form; false where none is open."""
        if not self.is_open:
            return False
        self.close()
        self._bench.editing.go_on(step)
        return True

    def _edit(self, index: int) -> None:
        view = self._bench.view
        assert view is not None
        old = view.document.get((*self._path, index))
        places = self._places
        self._type(
            index,
            old if isinstance(old, str) else "",
            lambda text: _kept(text, lambda: item_replaced(places, index, old, text.strip())),
            lambda text: f"{name_of(self._path)}: {text.strip()} for {old}{in_models(len(places))}",
            lambda kept, step: self._edited(index, kept, step),
            _HINTS,
        )

    def _add(self, index: int) -> None:
        if self._editor is not None:
            # The row has to be there before its place is known.
            self._editor.rows.make_room(index)
            self._bench.call_after_refresh(self._type_new, index)

    def _type_new(self, index: int) -> None:
        places = self._places
        self._type(
            index,
            "",
            lambda text: _kept(text, lambda: item_added(places, index, text.strip())),
            lambda text: f"{name_of(self._path)}: add {text.strip()}{in_models(len(places))}",
            lambda kept, step: self._added(index, kept, step),
            _ADD_HINTS,
        )

    def _type(
        self,
        index: int,
        text: str,
        edit_of: Callable[[str], Edit | None],
        label_of: Callable[[str], str],
        settled: Callable[[bool, int], None],
        hints: tuple[tuple[str, str], ...],
    ) -> None:
        view = self._bench.view
        if self._editor is None or view is None:
            return
        path = (*self._path, index)
        field = self._field
        items = view.document.get(self._path, [])
        free = [choice for choice in choices_of(view, path, field) if choice == text or choice not in items]
        edited = Edited(path, field, text, tuple(free), hint_of(view, path, field))
        pending = Pending(edited, edit_of, label_of, path, settled=settled, hints=hints)
        self._bench.editing.open(pending, self._editor.rows.anchor_of(index))

    def _edited(self, index: int, kept: bool, step: int) -> None:
        if self._editor is None:
            return
        rows = self._editor.rows
        rows.focus()
        last = len(rows.content.items) - 1
        rows.stand_on(min(max(index + step, 0), last))
        if kept and step and 0 <= index + step <= last:
            self._bench.call_after_refresh(self._edit, index + step)

    def _added(self, index: int, kept: bool, step: int) -> None:
        if self._editor is None:
            return
        rows = self._editor.rows
        rows.focus()
        # Without the row that was kept free where nothing was typed.
        rows.show(self._content(), index if kept else max(index - 1, 0))
        if kept and step > 0:
            self._add(index + 1)


def _kept(text: str, edit: Callable[[], Edit]) -> Edit | None:
    """The edit, or none for a line that is empty: an item is taken out by its own key."""
    return edit() if text.strip() else None


def item_added(places: list[KeyPath], index: int, item: str) -> Edit:
    """The edit that puts an item into the first list at `index`, and at the end of those others that lack it."""

    def edit(document: Document) -> Document:
        document = document.insert_item(places[0], index, item)
        for place in places[1:]:
            items = document.get(place, [])
            if isinstance(items, list) and item not in items:
                document = document.insert_item(place, len(items), item)
        return document

    return edit


def item_replaced(places: list[KeyPath], index: int, old: object, item: str) -> Edit:
    """The edit that writes another item at `index` of the first list, and in the others where they hold the old."""

    def edit(document: Document) -> Document:
        document = document.set((*places[0], index), item)
        for place in places[1:]:
            items = document.get(place)
            if isinstance(items, list) and old in items and item not in items:
                document = document.set((*place, items.index(old)), item)
        return document

    return edit


def item_removed(places: list[KeyPath], index: int, old: object) -> Edit:
    """The edit that takes the item at `index` out of the first list, and its like out of the others."""

    def edit(document: Document) -> Document:
        document = document.remove_item(places[0], index)
        for place in places[1:]:
            items = document.get(place)
            if isinstance(items, list) and old in items:
                document = document.remove_item(place, items.index(old))
        return document

    return edit
