"""Overview: the whole model at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rich.cells import cell_len

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import field_at
from loadmaster.manifest.model_id import model_type
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.manifest_view import Component, ManifestView, component_of, files_of, strings
from loadmaster.tui.paint import Line, Piece, counts, span
from loadmaster.tui.sum_explaining import explain_component, explain_model
from loadmaster.tui.values import BLANK_ROW, FieldRow, field_row, table_rows, value_items
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_setting import Chosen
from loadmaster.tui.widgets.detail.overview_components import Layout, ShownComponent
from loadmaster.tui.widgets.detail.vram_overview import overview_rows
from loadmaster.tui.widgets.field_list import NOTE_AT, FieldList


class Overview(FieldList):
    """The model's own keys, its components, sources and VRAM."""

    LEAST_NOTE_AT = NOTE_AT

    def __init__(self, chosen: Chosen, *, id: str | None = None) -> None:
        """`chosen` tells what the memory figures are for."""
        super().__init__(id=id)
        self.chosen = chosen

    def make_rows(self, view: ManifestView, model_id: str) -> list[FieldRow]:
        """See `FieldList`."""
        data = view.document.model_data(model_id)
        base: KeyPath = ("models", model_id)
        rows = table_rows(view, model_id, "model", base, data)
        rows = [_with_note(row, model_id, data) for row in rows]
        rows = [*rows, BLANK_ROW, *_component_rows(view, model_id, data)]
        rows = [*rows, BLANK_ROW, *_source_rows(view, model_id, data)]
        vram = [replace(row, opens="vram") for row in overview_rows(view, model_id, self.chosen.setting)]
        rows = [*rows, BLANK_ROW, *vram] if vram else rows
        return [*_loose_faults(view, model_id, rows), *rows]


def _with_note(row: FieldRow, model_id: str, data: Mapping[str, Any]) -> FieldRow:
    if row.path[2:] == ("version",):
        kind = model_type(model_id)
        note = [Piece("type ", "label"), Piece(kind or "none")]
        if "version" not in data:
            _, at, version = model_id.rpartition("@")
            shown: Line = [Piece(visible(version) if at and version else "none", "default")]
            note = [Piece("from the id  " if at and version else "nor in the id  ", "default"), *note]
            return FieldRow(row.label, (shown,), row.path, row.field, tuple(note), row.faults)
        return FieldRow(row.label, row.items, row.path, row.field, tuple(note), row.faults)
    if row.path[2:] == ("variants",) and isinstance(data.get("variants"), list):
        default = data.get("default_variant")
        starred = tuple(
            [*item, Piece(" ★", "accent")] if item[0].text == default and row.items else item for item in row.items
        )
        return FieldRow(row.label, starred, row.path, row.field, row.note, row.faults)
    return row


def _component_rows(view: ManifestView, model_id: str, data: Mapping[str, Any]) -> list[FieldRow]:
    summary = view.summary(model_id)
    shown = [_shown_component(view, model_id, data, component) for component in summary.components]
    layout = Layout(
        max((cell_len(one.name) for one in shown), default=0), max((span(one.told) for one in shown), default=0)
    )
    rows = [
        _component_row(view, model_id, one, component, layout, "" if number else "components")
        for number, (one, component) in enumerate(zip(shown, summary.components, strict=True))
    ]
    label = "" if rows else "files"
    total = layout.drawing(label, ShownComponent("", "", summary.files, summary.size, ink="label", size_ink="bright"))
    return [*rows, FieldRow(label, draw=total, explain=lambda: explain_model(view, model_id), opens="files")]


def _component_row(
    view: ManifestView, model_id: str, shown: ShownComponent, component: Component, layout: Layout, label: str
) -> FieldRow:
    first = component.files[0] if component.files else None
    path: KeyPath = ("models", model_id, "files", first) if first is not None else ()
    return FieldRow(
        label,
        path=path,
        draw=layout.drawing(label, shown),
        explain=lambda: explain_component(view, model_id, component.name),
        opens="files",
    )


def _shown_component(
    view: ManifestView, model_id: str, data: Mapping[str, Any], component: Component
) -> ShownComponent:
    made_of = [f"{component.shards} shards" if component.shards > 1 else ""]
    made_of.append(f"{component.indexes} index{'es' if component.indexes > 1 else ''}" if component.indexes else "")
    tally = Counts.of(_findings_of(view, model_id, data, component.name))
    return ShownComponent(
        visible(component.name),
        component.need,
        len(component.files),
        component.size,
        tuple(counts(tally.errors, tally.warnings, tally.infos)),
        ", ".join(part for part in made_of if part),
    )


def _findings_of(view: ManifestView, model_id: str, data: Mapping[str, Any], name: str) -> list[Any]:
    members = {index for index, file in enumerate(files_of(data)) if component_of(file) == name}
    return [
        f for f in view.faults.of_model(model_id) if f.path[2:3] == ("files",) and f.path[3:4] and f.path[3] in members
    ]


def _source_rows(view: ManifestView, model_id: str, data: Mapping[str, Any]) -> list[FieldRow]:
    base: KeyPath = ("models", model_id, "sources")
    table = data.get("sources")
    table = table if isinstance(table, dict) else {}
    field = field_at((*base, "priority"))
    assert field is not None
    whole = field_row(view, model_id, field, base, table)
    sources = table.get("priority")
    if not isinstance(sources, list) or not sources or len(sources) != len(strings(sources)):
        rows = [FieldRow("sources", whole.items, whole.path, field, (), whole.faults)]
    else:
        rows = []
        for number, source in enumerate(sources):
            path = (*base, "priority", number)
            line: Line = [Piece(f"{number + 1:>2} ", "label"), *value_items(None, source)[0]]
            faults = tuple(view.faults.under(model_id, path))
            rows.append(FieldRow("sources" if number == 0 else "", (line,), path, field, (), faults))
        loose = tuple(view.faults.at(model_id, whole.path))
        if loose:
            rows.append(FieldRow("", (), whole.path, None, (), loose))
    return [*rows, *table_rows(view, model_id, "sources", base, table, skip=("priority",))]


def _loose_faults(view: ManifestView, model_id: str, rows: list[FieldRow]) -> list[FieldRow]:
    """Faults of the model that no row of any tab has, at the top of all."""
    elsewhere = ("files", "defaults", "vram_estimation")
    shown = {id(finding) for row in rows for finding in row.faults}
    loose = tuple(
        finding
        for finding in view.faults.of_model(model_id)
        if id(finding) not in shown
        and (len(finding.path) < 3 or finding.path[2] not in elsewhere or len(finding.path) == 3)
    )
    return [FieldRow("model", (), ("models", model_id), None, (), loose), BLANK_ROW] if loose else []
