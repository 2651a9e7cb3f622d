"""`add-model`, `copy-model`, `rename-model`, `remove-model`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from loadmaster.cli.common import DIFF, MANIFEST, CannotRun, change_manifest, meant_model, say
from loadmaster.document.comments import comment_spans
from loadmaster.document.document import Document
from loadmaster.document.new_version import Mention, likely, mentions, new_version, renamed
from loadmaster.document.places import Place
from loadmaster.manifest.callers import callers_notes
from loadmaster.manifest.fields import field_of, parse_value
from loadmaster.manifest.model_id import split_model_id
from loadmaster.manifest.words import path_text

KEEP_VERSION = click.option("--keep-version", is_flag=True, help="Leave the key `version` as it is.")
REWRITE = click.option(
    "--rewrite", is_flag=True, help="Write the new id also in sources, texts and comments that hold the old one."
)


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
@REWRITE
@DIFF
def copy_model(file: Path, model: str, new_id: str, keep_version: bool, rewrite: bool, only_diff: bool) -> None:
    """Copy MODEL to NEW_ID in FILE, with its comments, directly behind it.

    Where `version` was that of the old id, the copy's is that of the new one. What still holds the old id is told, and
    that sizes and digests are those of the old files.
    """
    old_id, new = _under_new_id(new_version, file, model, new_id, keep_version, rewrite, only_diff)
    count = len(new.model_data(new_id).get("files") or ())
    if count:
        files = "1 file was" if count == 1 else f"{count} files were"
        say(f"{file}: size and sha256 of {files} copied, unconfirmed: they are of {old_id}")
    for note in callers_notes([one for one in new.model_ids if one != new_id], new.model_ids):
        say(f"{file}: {note}")


@click.command("rename-model")
@MANIFEST
@click.argument("model")
@click.argument("new_id", metavar="NEW_ID")
@KEEP_VERSION
@REWRITE
@DIFF
def rename_model(file: Path, model: str, new_id: str, keep_version: bool, rewrite: bool, only_diff: bool) -> None:
    """Rename MODEL to NEW_ID in every header of FILE.

    Where `version` was that of the old id, it becomes that of the new one. What still holds the old id is told.
    """
    _under_new_id(renamed, file, model, new_id, keep_version, rewrite, only_diff)


@click.command("remove-model")
@MANIFEST
@click.argument("model")
@DIFF
def remove_model(file: Path, model: str, only_diff: bool) -> None:
    """Remove MODEL from FILE, with the comments that belong to its tables."""
    change_manifest(file, lambda document: document.remove_model(meant_model(document, model)), only_diff)


def _under_new_id(
    edit: Callable[..., Document],
    file: Path,
    model: str,
    new_id: str,
    keep_version: bool,
    rewrite: bool,
    only_diff: bool,
) -> tuple[str, Document]:
    """Copy or rename a model, tell what still holds the old id, and give that id and the new document."""
    old_id = ""
    left: list[Mention] = []

    def change(document: Document) -> Document:
        nonlocal old_id
        old_id = meant_model(document, model)
        parts = split_model_id(old_id)
        own_version = parts is not None and document.model_data(old_id).get("version") == parts[1]
        found = mentions(document, old_id)
        chosen = likely(found) if rewrite else ()
        left.extend(one for one in found if one.holds == "id" and one not in chosen)
        return edit(document, old_id, new_id, chosen, write_version=own_version and not keep_version)

    new = change_manifest(file, change, only_diff)
    for mention in left:
        place = _place(new, new_id, mention)
        what = "a comment" if mention.kind == "comment" else path_text(mention.path)
        say(f"{file}:{place.line}:{place.column}: {what} still holds {old_id}")
    return old_id, new


def _place(document: Document, model_id: str, mention: Mention) -> Place:
    if mention.kind != "comment":
        return document.place(("models", model_id, *mention.path))
    number, which = mention.comment
    index = document.model_tables(model_id)[number]
    start, end = comment_spans(document.tables[index])[which]
    return document.place_at(document.starts[index] + start, document.starts[index] + end)
