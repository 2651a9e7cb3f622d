"""Defaults: what inference takes where nothing is asked for. What is not in the file is told as the format's."""

from __future__ import annotations

from loadmaster.document.places import KeyPath
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Piece
from loadmaster.tui.values import BLANK_ROW, FieldRow, table_rows
from loadmaster.tui.widgets.field_list import FieldList


class Defaults(FieldList):
    """The keys of the table `defaults`."""

    def make_rows(self, view: ManifestView, model_id: str) -> list[FieldRow]:
        """See `FieldList`."""
        base: KeyPath = ("models", model_id, "defaults")
        table = view.document.model_data(model_id).get("defaults")
        rows = table_rows(view, model_id, "defaults", base, table if isinstance(table, dict) else {})
        notice = table_notice(table, "defaults")
        return [*notice, *rows, *own_faults(view, model_id, base)]


def table_notice(table: object, name: str) -> list[FieldRow]:
    """What is said above the rows of a table that is absent, or none."""
    if isinstance(table, dict):
        return []
    if table is None:
        said = f"No table {name} in the file. Editing a value here adds it."
    else:
        said = f"{name} is no table in this file. Open the source (s)."
    return [FieldRow("", ([Piece(said, "default")],), heading=True), BLANK_ROW]


def own_faults(view: ManifestView, model_id: str, base: KeyPath) -> list[FieldRow]:
    """The faults of the table itself, below its rows."""
    faults = tuple(view.faults.at(model_id, base))
    return [BLANK_ROW, FieldRow(str(base[-1]), (), base, None, (), faults)] if faults else []
