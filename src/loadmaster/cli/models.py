"""`add-model`, `copy-model`, `rename-model`, `remove-model`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import DIFF, MANIFEST, CannotRun, change_manifest, meant_model, say
from loadmaster.document.document import Document
from loadmaster.manifest.fields import field_of, parse_value
from loadmaster.manifest.model_id import split_model_id
from loadmaster.manifest.words import path_text

KEEP_VERSION = click.option("--keep-version", is_flag=True, help="Leave the key `version` as it is.")


@click.command("add-model")
@MANIFEST
@click.argument("model", metavar="ID")
@click.option("--variants", required=True, metavar="A,B", help="The precision builds: fp16,bf16.")
@click.option("--default-variant", metavar="NAME", help="Else the first of the variants.")
@click.option("--source", "sources", multiple=True, metavar="URL", help="Where the files come from; may be repeated.")
@click.option("--description", metavar="TEXT", help="For people.")
@DIFF
def add_model(
    file: Path,
    model: str,
    variants: str,
    default_variant: str | None,
    sources: tuple[str, ...],
    description: str | None,
    only_diff: bool,
) -> None:
    """Add the model ID (name@MAJOR.MINOR.PATCH) to FILE, behind the last one and written as its neighbours are.

    Its files come with `add-file`. What is still missing is said, and written all the same.
    """
    data = _new_model(model, variants, default_variant, sources, description)
    change_manifest(file, lambda document: document.add_model(model, data), only_diff)


def _new_model(
    model: str, variants: str, default_variant: str | None, sources: tuple[str, ...], description: str | None
) -> dict[str, Any]:
    parts = split_model_id(model)
    if parts is None:
        raise CannotRun(f"{model!r} is no id: write name@MAJOR.MINOR.PATCH, such as t2v-A14B@2.2.0")
    field = field_of("model", "variants")
    assert field is not None
    try:
        names = parse_value(field, variants)
    except ValueError as error:
        raise CannotRun(str(error)) from error
    assert isinstance(names, list)
    if not names:
        raise CannotRun("--variants names none: write fp16,bf16")
    data: dict[str, Any] = {} if description is None else {"description": description}
    data |= {"version": parts[1], "variants": names, "default_variant": default_variant or names[0]}
    if sources:
        data["sources"] = {"priority": list(sources)}
    return data


@click.command("copy-model")
@MANIFEST
@click.argument("model")
@click.argument("new_id", metavar="NEW_ID")
@KEEP_VERSION
@DIFF
def copy_model(file: Path, model: str, new_id: str, keep_version: bool, only_diff: bool) -> None:
    """Copy MODEL to NEW_ID in FILE, with its comments, directly behind it.

    Where `version` was that of the old id, the copy's is that of the new one. What still holds the old id is told, and
    that sizes and digests are those of the old files.
    """
    ids: list[str] = []

    def change(document: Document) -> Document:
        old_id = meant_model(document, model)
        ids.append(old_id)
        return _with_version(document, document.copy_model(old_id, new_id), old_id, new_id, keep_version)

    new = change_manifest(file, change, only_diff)
    _tell_old_id(file, new, ids[0], new_id)
    count = len(new.model_data(new_id).get("files") or ())
    if count:
        files = "1 file was" if count == 1 else f"{count} files were"
        say(f"{file}: size and sha256 of {files} copied, unconfirmed: they are of {ids[0]}")


@click.command("rename-model")
@MANIFEST
@click.argument("model")
@click.argument("new_id", metavar="NEW_ID")
@KEEP_VERSION
@DIFF
def rename_model(file: Path, model: str, new_id: str, keep_version: bool, only_diff: bool) -> None:
    """Rename MODEL to NEW_ID in every header of FILE.

    Where `version` was that of the old id, it becomes that of the new one. What still holds the old id is told.
    """
    ids: list[str] = []

    def change(document: Document) -> Document:
        old_id = meant_model(document, model)
        ids.append(old_id)
        return _with_version(document, document.rename_model(old_id, new_id), old_id, new_id, keep_version)

    _tell_old_id(file, change_manifest(file, change, only_diff), ids[0], new_id)


@click.command("remove-model")
@MANIFEST
@click.argument("model")
@DIFF
def remove_model(file: Path, model: str, only_diff: bool) -> None:
    """Remove MODEL from FILE, with the comments that belong to its tables."""
    change_manifest(file, lambda document: document.remove_model(meant_model(document, model)), only_diff)


def _with_version(before: Document, after: Document, old_id: str, new_id: str, keep: bool) -> Document:
    """`after`, with the new id's `version` where the old model had that of its own id."""
    old, new = split_model_id(old_id), split_model_id(new_id)
    if keep or old is None or new is None or before.model_data(old_id).get("version") != old[1]:
        return after
    return after.set(("models", new_id, "version"), new[1])


def _tell_old_id(file: Path, document: Document, old_id: str, new_id: str) -> None:
    """Say where the tables of `new_id` still hold `old_id`: in a source, a value, or a comment."""
    for start, end in document.model_spans(new_id):
        text = document.text[start:end]
        at = text.find(old_id)
        while at >= 0:
            place = document.place_at(start + at)
            line_end = text.find("\n", at)
            if document.text[start + at - 1 : start + at] not in ("'", '"') or not _is_header(text, at):
                what = _what_holds(document, start + at, new_id)
                say(f"{file}:{place.line}:{place.column}: {what} still holds {old_id}")
            at = text.find(old_id, line_end) if line_end >= 0 else -1


def _is_header(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at].lstrip().startswith("[")


def _what_holds(document: Document, offset: int, new_id: str) -> str:
    """The key whose value stands at `offset`, or a comment."""
    path = document.path_at(offset)
    line_start = document.text.rfind("\n", 0, offset) + 1
    before = document.text[line_start:offset]
    start, end = document.span(path) if path else (0, 0)
    if "#" in before and not start <= offset < end:
        return "a comment"
    below = path[2:] if path[:2] == ("models", new_id) else path
    return path_text(below) if below else "the text"
