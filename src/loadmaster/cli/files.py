"""`add-file`, `move-file`, `remove-file`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import DIFF, MANIFEST, CannotRun, Refused, change_manifest, meant_model
from loadmaster.document.document import Document
from loadmaster.manifest.fields import field_of, parse_value


@click.command("add-file")
@MANIFEST
@click.argument("model")
@click.argument("path")
@click.option("--size", required=True, metavar="BYTES", help="The size: 9825014472, 9.8GB, 4.7GiB.")
@click.option("--sha256", required=True, metavar="DIGEST", help="64 hexadecimal digits; sha256: may stand before them.")
@click.option("--component", metavar="NAME", help="The component it belongs to: unet, vae, text_encoder, …")
@click.option("--optional", is_flag=True, help="The model is complete without it.")
@click.option("--shard-index", is_flag=True, help="It is the index of a sharded component.")
@click.option("--shard-part", type=click.IntRange(min=1), metavar="N", help="Which shard it is, from 1.")
@click.option("--at", "position", type=click.IntRange(min=0), metavar="N", help="Its position in the list, from 0.")
@DIFF
def add_file(
    file: Path,
    model: str,
    path: str,
    size: str,
    sha256: str,
    component: str | None,
    optional: bool,
    shard_index: bool,
    shard_part: int | None,
    position: int | None,
    only_diff: bool,
) -> None:
    """Add the file PATH to MODEL in FILE: behind the last of its component, else at the end."""
    entry: dict[str, Any] = {"path": path, "size": _value("size", size), "sha256": _value("sha256", sha256)}
    entry |= {"component": component} if component else {}
    entry |= {"optional": True} if optional else {}
    entry |= {"shard_index": True} if shard_index else {}
    entry |= {"shard_part": shard_part} if shard_part is not None else {}

    def change(document: Document) -> Document:
        model_id = meant_model(document, model)
        files = _files(document, model_id)
        if any(_path(one) == path for one in files):
            raise Refused(f"{file}: {model_id} lists {path} already")
        index = _behind_component(files, component) if position is None else position
        return document.insert_item(("models", model_id, "files"), index, entry)

    change_manifest(file, change, only_diff)


@click.command("move-file")
@MANIFEST
@click.argument("model")
@click.argument("path")
@click.option("--to", "position", type=click.IntRange(min=0), metavar="N", help="Its position afterwards, from 0.")
@click.option("--before", metavar="PATH", help="Directly before this file.")
@click.option("--after", metavar="PATH", help="Directly behind this file.")
@DIFF
def move_file(
    file: Path,
    model: str,
    path: str,
    position: int | None,
    before: str | None,
    after: str | None,
    only_diff: bool,
) -> None:
    """Move the file PATH within the list of MODEL in FILE, with its comments."""
    if sum(one is not None for one in (position, before, after)) != 1:
        raise CannotRun("move-file needs one of --to, --before and --after")

    def change(document: Document) -> Document:
        model_id = meant_model(document, model)
        index = _index(document, model_id, path)
        to = position
        if to is None:
            other = _index(document, model_id, before or after or "")
            # `to` is counted once the file has left its old place.
            to = other - (other > index) + (after is not None)
            if other == index:
                to = index
        return document.move_item(("models", model_id, "files"), index, to)

    change_manifest(file, change, only_diff)


@click.command("remove-file")
@MANIFEST
@click.argument("model")
@click.argument("path")
@DIFF
def remove_file(file: Path, model: str, path: str, only_diff: bool) -> None:
    """Remove the file PATH from MODEL in FILE, with its comments."""

    def change(document: Document) -> Document:
        model_id = meant_model(document, model)
        return document.remove_item(("models", model_id, "files"), _index(document, model_id, path))

    change_manifest(file, change, only_diff)


def _value(key: str, text: str) -> object:
    field = field_of("files", key)
    assert field is not None
    try:
        return parse_value(field, text)
    except ValueError as error:
        raise CannotRun(f"--{key}: {error}") from error


def _files(document: Document, model_id: str) -> list[Any]:
    files = document.model_data(model_id).get("files", [])
    return files if isinstance(files, list) else []


def _path(entry: object) -> object:
    return entry.get("path") if isinstance(entry, dict) else None


def _behind_component(files: list[Any], component: str | None) -> int:
    own = [
        index
        for index, one in enumerate(files)
        if component is not None and isinstance(one, dict) and one.get("component") == component
    ]
    return own[-1] + 1 if own else len(files)


def _index(document: Document, model_id: str, path: str) -> int:
    """Where the model lists the file. Raises CannotRun where it does not, or does twice."""
    from loadmaster.manifest.words import nearest

    paths = [_path(one) for one in _files(document, model_id)]
    found = [index for index, one in enumerate(paths) if one == path]
    if len(found) > 1:
        raise CannotRun(f"{model_id} lists {path} {len(found)} times; use `unset` with files[{found[0]}]")
    if found:
        return found[0]
    likely = nearest(path, [one for one in paths if isinstance(one, str)])
    hint = f"; did you mean {likely}?" if likely else ""
    raise CannotRun(f"{model_id} lists no file {path}{hint}")
