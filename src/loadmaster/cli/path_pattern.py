"""Key paths as people write them on the command line: `models."t2v-*".defaults.fps`, `files["vae.pth"].sha256`.

A part is bare, "quoted" with TOML's escapes, or 'quoted' without; an id that is written whole needs no quotes
(`models.t2v@1.0.0.version`).
Models may be globs; a file is named by its position, `files[2]`, or by a glob over its path, `files["vae*"]`.
A pattern that starts below a model, such as `defaults.fps`, means every model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.document.scan import unescape
from loadmaster.manifest.fields import fields_of

_QUOTED = r'"(?:[^"\\]|\\.)*"|\'[^\']*\''
_TOKEN = re.compile(
    rf"""(?P<dot>\.)?(?:
        (?P<quoted>{_QUOTED})
      | \[(?:(?P<index>-?\d+)|(?P<item>{_QUOTED}|[^\]"']+))\]
      | (?P<id>[A-Za-z0-9*?][\w*?-]*@\d+\.\d+\.\d+) | (?P<bare>[\w*?@-]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A part in brackets that names list items by a glob: files by their path, others by their value."""

    pattern: str


Pattern = tuple[str | int | Item, ...]


def parse_pattern(text: str) -> Pattern:
    """The parts of a written path. Raises ValueError with a sentence."""
    parts: list[str | int | Item] = []
    position = 0
    for match in _TOKEN.finditer(text):
        in_brackets = match["index"] is not None or match["item"] is not None
        if match.start() != position or (bool(match["dot"]) != (bool(parts) and not in_brackets)):
            break
        if match["index"] is not None:
            parts.append(int(match["index"]))
        elif match["item"] is not None:
            parts.append(Item(unescape(match["item"])))
        else:
            parts.append(unescape(match["quoted"] or match["id"] or match["bare"]))
        position = match.end()
    if not parts or position != len(text):
        raise ValueError(
            f"{text!r} is no path from character {position + 1} on: "
            """write models."id".defaults.fps or models."id".files["vae.pth"].size"""
        )
    own = {field.key for field in fields_of("model")}
    if parts[0] != "models" and parts[0] in own:
        parts = ["models", "*", *parts]
    return tuple(parts)


def is_glob(part: object) -> bool:
    """Whether a part stands for several names."""
    return isinstance(part, str) and any(sign in part for sign in "*?[")


def expand(document: Document, pattern: Pattern) -> list[KeyPath]:
    """The paths that a pattern means in `document`; the last names need not exist yet.

    Raises ValueError with a sentence where it means nothing: no such model, no such file.
    """
    paths: list[KeyPath] = [()]
    for depth, part in enumerate(pattern):
        found = [(*path, name) for path in paths for name in _names(document, path, part, depth)]
        if not found:
            raise ValueError(_nothing(document, paths[0], part, depth))
        paths = found
    return paths


def _names(document: Document, path: KeyPath, part: str | int | Item, depth: int) -> list[str | int]:
    if isinstance(part, Item):
        items = document.get(path)
        if not isinstance(items, list):
            return []
        return [index for index, item in enumerate(items) if _is_meant(item, part.pattern)]
    if isinstance(part, int):
        items = document.get(path)
        count = len(items) if isinstance(items, list) else 0
        index = part + count if part < 0 else part
        return [index] if 0 <= index < count else []
    if depth != 1 or path != ("models",):
        return [part]
    if part in document.model_ids:
        return [part]
    if is_glob(part):
        return [model_id for model_id in document.model_ids if fnmatchcase(model_id, part)]
    return [model_id for model_id in document.model_ids if model_id.partition("@")[0] == part]


def _is_meant(item: object, pattern: str) -> bool:
    if isinstance(item, dict):
        item = item.get("path")
    return isinstance(item, str) and (item == pattern or fnmatchcase(item, pattern))


def _nothing(document: Document, path: KeyPath, part: str | int | Item, depth: int) -> str:
    from loadmaster.manifest.words import nearest, visible

    if depth == 1 and path == ("models",):
        likely = nearest(str(part), document.model_ids)
        return visible(f"there is no model {part}" + (f"; did you mean {likely}?" if likely else ""))
    where = ".".join(str(name) for name in path)
    told = part.pattern if isinstance(part, Item) else part
    return visible(f"there is no item {told} in {where}")
