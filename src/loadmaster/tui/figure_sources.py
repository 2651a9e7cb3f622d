"""Where a figure comes from: the values behind it, each with its line in the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, field_at, format_value, human_bytes
from loadmaster.manifest.words import path_text, plural
from loadmaster.tui.manifest_view import files_of, size_of
from loadmaster.tui.visible import middle, visible

if TYPE_CHECKING:
    from loadmaster.document.document import Document

MOST = 40
"""Lines of one sum; the rest is told as one."""

PATH_WIDTH = 48


def sources_of(document: Document, paths: Iterable[KeyPath]) -> str:
    """A line for each key path, without repeats: `line 27:16  vram_estimation.base_vram_gb = 12.0`."""
    return "\n".join(_source(document, path) for path in dict.fromkeys(paths))


def _source(document: Document, path: KeyPath) -> str:
    key, field = path_text(path[2:]), field_at(path)
    if not document.has(path):
        default = _shown(field, field.default) if field is not None and field.has_default else "nothing"
        return f"not in the file  {key}: the format's {default} counts"
    return f"{place_words(document, path)}  {key} = {_shown(field, document.get(path))}"


def _shown(field: Field | None, value: object) -> str:
    text = format_value(field, value) if field is not None else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def place_words(document: Document, path: KeyPath) -> str:
    """`line 27:16`, where a value stands."""
    place = document.place(path)
    return f"line {place.line}:{place.column}"


def sum_words(total: int) -> str:
    """`94,489,280,512 bytes = 94.5 GB = 88.0 GiB`; of a few bytes the bytes alone, of less than 0.01 GiB no GiB."""
    if total < 1000:
        return plural(total, "byte")
    told = f"{total:,} bytes = {human_bytes(total)}"
    return f"{told} = {gib_words(total)}" if total * 100 >= 2**30 else told


def gib_words(size: int) -> str:
    """`88.00 GiB`. Whole numbers all the way: a size may be larger than any float."""
    sign = "-" if size < 0 else ""
    whole, hundredths = divmod((abs(size) * 200 + 2**30) // 2**31, 100)
    return f"{sign}{whole}.{hundredths:02} GiB"


def summands(document: Document, model_id: str, indices: Sequence[int]) -> str:
    """The sizes of files that a sum is made of, each with its line and path; at most `MOST` of them."""
    files = files_of(document.model_data(model_id))
    lines = []
    for index in indices[:MOST]:
        size = size_of(files[index])
        place = place_words(document, ("models", model_id, "files", index, "size"))
        told = f"{size:,}" if size is not None else "no size: 0"
        lines.append(f"{place:<13} {told:>16}  {middle(visible(files[index].get('path', 'no path')), PATH_WIDTH)}")
    if len(indices) > MOST:
        rest = sum(size_of(files[index]) or 0 for index in indices[MOST:])
        lines.append(f"{'and':<13} {rest:>16,}  in {plural(len(indices) - MOST, 'more file')}")
    return "\n".join(lines)
