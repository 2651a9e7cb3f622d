"""`loadmaster show`: a manifest, a model or a variant, as text or as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import read_document, say
from loadmaster.cli.reference import meant_variant
from loadmaster.document.document import Document
from loadmaster.manifest.fields import fields_of, format_value, human_bytes
from loadmaster.manifest.model_id import model_type
from loadmaster.manifest.reader import read_model
from loadmaster.manifest.words import shown, visible


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
            click.echo(_dumped({"file": str(file), "models": rows}))
        else:
            _print_table(rows)
        return
    model_id, variant = meant_variant(document, model)
    spec = read_model(model_id, document.raw_model(model_id)).spec
    if spec is None:
        say(f"{model_id} cannot be read whole, see `loadmaster check`; what is in the file is shown")
    if as_json:
        data = asdict(spec) if spec is not None else document.model_data(model_id)
        click.echo(_dumped({"model_id": model_id, "variant": variant, **data}))
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
    if isinstance(data.get("files"), list):
        yield from _files(data["files"])


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


def _files(entries: list[Any]) -> Iterable[str]:
    """The files as they are listed; `-` stands for what an entry lacks."""
    total = sum(entry["size"] for entry in entries if isinstance(entry, dict) and type(entry.get("size")) is int)
    yield f"  files  {len(entries)}, {human_bytes(total)} ({total:,} bytes)"
    rows = [_file(index, entry) for index, entry in enumerate(entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    for path, size, digest, notes in rows:
        yield f"    {path:<{widths[0]}}  {size:>{widths[1]}}  {digest:<{widths[2]}}  {notes}"


def _file(index: int, entry: Any) -> tuple[str, str, str, str]:
    """An entry in four columns."""
    data = entry if isinstance(entry, dict) else {}
    path, size, digest = data.get("path"), data.get("size"), data.get("sha256")
    notes = [_text(data.get("component"))]
    notes += ["index"] if data.get("shard_index") is True else []
    notes += [f"part {shown(data['shard_part'])}"] if data.get("shard_part") else []
    notes += ["optional"] if data.get("optional") is True else []
    told_size = human_bytes(size) if type(size) is int else "-"
    return (
        path if isinstance(path, str) and path else f"files[{index}]",
        f"{told_size:>9}",
        _text(digest),
        " ".join(notes),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value else "-"


def _dumped(data: dict[str, Any]) -> str:
    return json.dumps(_jsonable(data), indent=2, default=str, allow_nan=False)


def _jsonable(value: Any) -> Any:
    """The value with words for the numbers that JSON cannot spell: inf and nan."""
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_jsonable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
