"""`loadmaster show`: a manifest, a model or a variant, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import read_document
from loadmaster.cli.reference import meant_variant
from loadmaster.document.document import Document
from loadmaster.manifest.fields import fields_of, format_value, human_bytes
from loadmaster.manifest.model_id import model_type
from loadmaster.manifest.reader import read_model
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import visible


@click.command("show")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("model", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(file: Path, model: str | None, as_json: bool) -> None:
    """Show the models of FILE, or one MODEL whole: an id, a name of one version, or id#variant."""
    document = read_document(file)
    if model is None:
        rows = [_row(document, model_id) for model_id in document.model_ids]
        if as_json:
            click.echo(json.dumps({"file": str(file), "models": rows}, indent=2, default=str))
        else:
            _print_table(rows)
        return
    model_id, variant = meant_variant(document, model)
    if as_json:
        spec = read_model(model_id, document.raw_model(model_id)).spec
        data = asdict(spec) if spec is not None else document.model_data(model_id)
        click.echo(json.dumps({"model_id": model_id, "variant": variant, **data}, indent=2, default=str))
        return
    for line in _lines(document, model_id, variant):
        click.echo(visible(line))


def _row(document: Document, model_id: str) -> dict[str, Any]:
    data = document.model_data(model_id)
    files = (
        [file for file in data.get("files") or [] if isinstance(file, dict)]
        if isinstance(data.get("files"), list)
        else []
    )
    sizes = [file["size"] for file in files if type(file.get("size")) is int]
    return {
        "model_id": model_id,
        "type": model_type(model_id),
        "variants": data.get("variants"),
        "default_variant": data.get("default_variant"),
        "files": len(files),
        "size": sum(sizes),
        "description": data.get("description"),
    }


def _print_table(rows: list[dict[str, Any]]) -> None:
    table = [
        (
            row["model_id"],
            row["type"] or "-",
            _joined(row["variants"], row["default_variant"]),
            f"{row['files']} file{'' if row['files'] == 1 else 's'}",
            human_bytes(row["size"]),
        )
        for row in rows
    ]
    widths = [max(len(cells[column]) for cells in table) for column in range(5)] if table else []
    for cells in table:
        left = "  ".join(cell.ljust(width) for cell, width in zip(cells[:3], widths[:3], strict=True))
        right = "  ".join(cell.rjust(width) for cell, width in zip(cells[3:], widths[3:], strict=True))
        click.echo(visible(f"{left}  {right}"))


def _joined(items: Any, default: Any = None) -> str:
    if not isinstance(items, list):
        return "-"
    return " ".join(f"{item}*" if item == default else str(item) for item in items)


def _lines(document: Document, model_id: str, variant: str | None) -> Iterable[str]:
    """A model for a person: what is in the file, and what the format adds, marked `(default)`."""
    data = document.model_data(model_id)
    yield model_id + (f"#{variant}" if variant else "")
    yield from _fields("model", data, "  ")
    for table in ("defaults", "vram_estimation"):
        if isinstance(data.get(table), dict):
            yield f"  {table}"
            yield from _fields(table, data[table], "    ")
    sources = data.get("sources")
    if isinstance(sources, dict) and isinstance(sources.get("priority"), list):
        yield "  sources"
        for number, url in enumerate(sources["priority"], 1):
            yield f"    {number}  {url}"
    spec = read_model(model_id, document.raw_model(model_id)).spec
    if spec is not None:
        yield from _files(spec)


def _fields(table: str, data: dict[str, Any], indent: str) -> Iterable[str]:
    known = [field for field in fields_of(table) if not field.kind.name.startswith("TABLE")]
    width = max(len(field.key) for field in known)
    for field in known:
        if field.key in data:
            yield f"{indent}{field.key:<{width}}  {format_value(field, data[field.key])} {field.unit}".rstrip()
        elif field.has_default and table != "model":
            yield f"{indent}{field.key:<{width}}  {format_value(field, field.default)} {field.unit} (default)"
    names = {field.key for field in known}
    for key, value in data.items():
        if key not in names and not isinstance(value, (dict, list)):
            yield f"{indent}{key:<{width}}  {value}"


def _files(spec: ModelSpec) -> Iterable[str]:
    total = sum(file.size for file in spec.files)
    yield f"  files  {len(spec.files)}, {human_bytes(total)} ({total:,} bytes)"
    width = max(len(file.path) for file in spec.files)
    for file in spec.files:
        notes = [file.component or "-"]
        notes += ["index"] if file.shard_index else []
        notes += [f"part {file.shard_part}"] if file.shard_part else []
        notes += ["optional"] if file.optional else []
        yield f"    {file.path:<{width}}  {human_bytes(file.size):>9}  {file.sha256}  {' '.join(notes)}"
