"""A document edited until it says what it should, field by field; data as `data_merge.keyed` gives it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loadmaster.document.data_merge import keyed, plain_data
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.document.plain import same
from loadmaster.document.table_merge import Scope
from loadmaster.errors import EditRefused


def data_of(document: Document, scope: Scope) -> dict[str, Any]:
    """What the top level and the models of a scope say, lists of files by their paths.

    `models` is always there: a manifest without any has none, however that is written.
    """
    if document.is_whole:
        return {"models": {}, **keyed(document.data)}
    models = {name: keyed(document.raw_model(name)) for name in document.model_ids if name in scope}
    return {**keyed(document.root_data), "models": models}


def says(document: Document, wanted: Any, scope: Scope) -> bool:
    """Whether the top level and the models of a scope say `wanted`."""
    return same(data_of(document, scope), wanted)


def is_broken(document: Document, scope: Scope) -> bool:
    """Whether something of the text that the scope looks into cannot be read."""
    if not document.is_readable or document.text_faults or document.root_faults:
        return True
    return any(document.model_faults(name) for name in scope)


def brought(document: Document, wanted: Any, scope: Scope) -> Document:
    """`document` edited to say `wanted`; only what differs is touched.

    Raises EditRefused where it cannot be made to.
    """
    new = _brought(document, (), data_of(document, scope), wanted)
    if not says(new, wanted, scope):
        raise EditRefused("The manifests cannot be put together table by table.")
    return new


def _brought(document: Document, path: tuple[str, ...], current: Any, wanted: Any) -> Document:
    for key in current:
        if key not in wanted:
            document = without(document, (*path, key))
    for key, value in wanted.items():
        if key not in current:
            document = with_value(document, (*path, key), value)
        elif same(current[key], value):
            continue
        elif isinstance(value, dict) and type(value) is type(current[key]):
            document = _brought(document, (*path, key), current[key], value)
        else:
            document = document.set(place_of(document, (*path, key)), plain_data(value))
    return document


def without(document: Document, path: tuple[str, ...]) -> Document:
    """`document` with nothing at a path that names files by theirs."""
    place = place_of(document, path)
    if isinstance(place[-1], int):
        return document.remove_item(place[:-1], place[-1])
    return document.unset(place)


def with_value(document: Document, path: tuple[str, ...], value: Any) -> Document:
    """`document` with a value at a path that names files by theirs, where nothing stood before."""
    above = place_of(document, path[:-1]) if len(path) > 1 else ()
    files = document.get(above) if above else None
    if isinstance(files, list):
        return document.insert_item(above, len(files), plain_data(value))
    if len(path) == 2 and path[0] == "models" and isinstance(value, dict):
        return document.add_model(path[1], plain_data(value))
    return document.set((*above, path[-1]), plain_data(value))


def place_of(document: Document, path: Iterable[str | int]) -> KeyPath:
    """The path with the position of each file that it names. Raises EditRefused where one is not listed."""
    place: KeyPath = ()
    for name in path:
        items = document.get(place) if place and place != ("models",) else None
        if isinstance(items, list) and isinstance(name, str):
            index = next((i for i, one in enumerate(items) if isinstance(one, dict) and one.get("path") == name), None)
            if index is None:
                raise EditRefused(f"There is no file {name} here.")
            place = (*place, index)
        else:
            place = (*place, name)
    return place
