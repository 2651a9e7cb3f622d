"""A new file, a copy of one, and a new sub-table: each is asked for in a form and put in as one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.fields import human_bytes
from loadmaster.tui.file_guess import next_shard, next_to
from loadmaster.tui.form_fields import FormField, form_fields, read_form
from loadmaster.tui.judging import Edit
from loadmaster.tui.manifest_view import files_of
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.form import FormScreen, FormVerdict, Texts
from loadmaster.tui.visible import visible

if TYPE_CHECKING:
    from loadmaster.session import Session
    from loadmaster.tui.screens.workbench_structure import WorkbenchStructure

EditOf = Callable[[dict[str, Any]], Edit]
"""The edit that a form's data asks for. Raises ValueError with a sentence where it asks for none."""


class NewFiles:
    """The hand for files and sub-tables that are not there yet."""

    def __init__(self, workbench: WorkbenchStructure) -> None:
        self._bench = workbench

    async def add(self, path: KeyPath, index: int) -> None:
        """Ask for a new file at `index` of the files at `path`."""
        view = self._bench.view
        assert view is not None
        guess = next_to(files_of(view.document.model_data(str(path[1]))), index)
        fields = form_fields(view, "files", (*path, index), guess)

        def edit_of(data: dict[str, Any]) -> Edit:
            _require_path(data)
            return lambda document: document.insert_item(path, index, data)

        title: Line = [Piece("New file of ", "label"), Piece(visible(path[1]), "bright")]
        data = await self._ask(title, fields, (*path, index), edit_of, "add it")
        if data is not None and self._bench.editing.apply(edit_of(data), f"add {data['path']}", (*path, index)):
            self._bench.bring_back((*path, index, "path"))

    async def copy(self, path: KeyPath) -> None:
        """Ask what is other in a copy of the file at `path`, and put it behind."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        if not self._is_there(path):
            return
        listing, index = path[:-1], int(path[-1])
        files = files_of(view.document.model_data(str(path[1])))
        # A digest is of one file only, so the copy has none until one is given.
        values = {key: value for key, value in files[index].items() if key != "sha256"}
        values.update(next_shard(files, files[index]) or {})
        new_path = (*listing, index + 1)
        fields = form_fields(view, "files", new_path, values)

        def edit_of(data: dict[str, Any]) -> Edit:
            _require_path(data)
            return lambda document: _copied(document, path, data, [one.key for one in fields])

        title: Line = [Piece("Copy of ", "label"), Piece(visible(files[index].get("path", "a file")), "bright")]
        data = await self._ask(title, fields, new_path, edit_of, "add the copy")
        if data is not None and self._bench.editing.apply(edit_of(data), f"copy to {data['path']}", new_path, path):
            self._bench.bring_back((*new_path, "path"))

    def _is_there(self, path: KeyPath) -> bool:
        """Whether the file that is shown can be read in the text of the moment; says so if not."""
        view = self._bench.view
        if view is not None and isinstance(view.document.get(path), dict):
            return True
        self._bench.status.say("This file cannot be read in the text of the moment. s shows the text.", "warning")
        return False

    async def edit(self, path: KeyPath) -> None:
        """Ask for all fields of the file at `path` at once."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        if not self._is_there(path):
            return
        file = view.document.get(path)
        fields = form_fields(view, "files", path, file)
        keys = [one.key for one in fields]

        def edit_of(data: dict[str, Any]) -> Edit:
            _require_path(data)
            return lambda document: _written(document, path, data, keys)

        name = str(file.get("path", "a file"))
        data = await self._ask([Piece(visible(name), "bright")], fields, path, edit_of, "keep")
        if data is not None:
            if data.get("sha256") is not None:
                view.session.unconfirmed.confirm(str(path[1]), data["sha256"])
            self._bench.editing.apply(edit_of(data), f"edit {name}", path)
            self._bench.detail.refresh_content()

    async def add_table(self, path: KeyPath) -> None:
        """Ask for the fields of a sub-table that is not there."""
        view = self._bench.view
        assert view is not None
        fields = form_fields(view, str(path[-1]), path, {})

        def edit_of(data: dict[str, Any]) -> Edit:
            if not data:
                raise ValueError("Give at least one field: an empty table says nothing.")
            return lambda document: document.set(path, data)

        title: Line = [
            Piece("New table ", "label"),
            Piece(str(path[-1]), "bright"),
            Piece(f"  of {visible(path[1])}", "label"),
        ]
        data = await self._ask(title, fields, path, edit_of, "add it")
        if data is None:
            return
        cursor = (*path, next(iter(data)))
        if self._bench.editing.apply(edit_of(data), f"add table {path[-1]} of {path[1]}", cursor):
            self._bench.reveal(cursor)

    async def _ask(
        self, title: Line, fields: Sequence[FormField], base: KeyPath, edit_of: EditOf, verb: str
    ) -> dict[str, Any] | None:
        view = self._bench.view
        assert view is not None

        def judge(texts: Texts) -> FormVerdict:
            return judge_form(view.session, fields, texts, base, edit_of)

        texts = await self._bench.app.push_screen_wait(FormScreen(title, fields, judge, verb))
        return None if texts is None else read_form(fields, texts)[0]


def judge_form(
    session: Session, fields: Sequence[FormField], texts: Texts, base: KeyPath, edit_of: EditOf
) -> FormVerdict:
    """What a form would bring; the faults of a line are those whose key path is the line's below `base`."""
    data, refusals = read_form(fields, texts)
    readings = _readings(data, texts)
    try:
        _, new, gone = session.preview(edit_of(data))
    except (ValueError, EditRefused) as refusal:
        return FormVerdict(refusals=refusals, refusal=str(refusal), readings=readings)
    keys = {one.key for one in fields}
    size = len(base)
    placed = []
    for finding in new:
        key = str(finding.path[size]) if finding.path[:size] == base and len(finding.path) > size else ""
        placed.append((finding, key if key in keys else ""))
    return FormVerdict(tuple(placed), tuple(gone), refusals, "", readings)


def _readings(data: Mapping[str, Any], texts: Texts) -> dict[str, str]:
    """How a size is read, where it is not written as bytes already."""
    size = data.get("size")
    if isinstance(size, int):
        return {"size": f"= {size:,} bytes  ({human_bytes(size)})"}
    return {}


def _require_path(data: Mapping[str, Any]) -> None:
    if not data.get("path"):
        raise ValueError("A file needs a path.")


def _copied(document: Document, path: KeyPath, data: Mapping[str, Any], keys: Sequence[str]) -> Document:
    """The copy behind the file at `path`, its `keys` as `data` says them; other keys are copied as they are."""
    index = int(path[-1])
    return _written(document.copy_item(path[:-1], index), (*path[:-1], index + 1), data, keys)


def _written(document: Document, path: KeyPath, data: Mapping[str, Any], keys: Sequence[str]) -> Document:
    """With `keys` of the table at `path` as `data` says them. What is not said goes, but for a plain `false`."""
    for key in keys:
        place = (*path, key)
        if key in data:
            document = document.set(place, data[key])
        elif document.has(place) and document.get(place) is not False:
            document = document.unset(place)
    return document
