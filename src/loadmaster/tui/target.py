"""What stands under the cursor, as that which can be added to, copied, renamed, removed or moved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Kind, field_at


class Spot(StrEnum):
    """The kinds of place that a cursor can stand on."""

    MANIFEST = "manifest"
    MODEL = "model"
    COMPONENT = "component"
    FILE = "file"
    TABLE = "table"
    FIELD = "field"
    LIST = "list"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Target:
    """A place: its kind, its key path, and for a component its name."""

    spot: Spot
    path: KeyPath = ()
    component: str = ""

    @property
    def model_id(self) -> str | None:
        """The model that it lies in."""
        return str(self.path[1]) if len(self.path) > 1 else None

    @property
    def table(self) -> KeyPath | None:
        """The sub-table of a model that it is or lies in."""
        named = len(self.path) > 2 and self.path[2] in SUB_TABLES
        return self.path[:3] if named else None


SUB_TABLES = ("defaults", "vram_estimation", "sources")
"""The tables below a model that are there once or not at all, in the order of the format."""

MANIFEST = Target(Spot.MANIFEST)


def target_of(path: KeyPath | None) -> Target:
    """The target that a key path names."""
    if not path or len(path) < 2 or path[0] != "models":
        return MANIFEST
    if len(path) == 2 or path[2:] == ("files",):
        return Target(Spot.MODEL, path[:2])
    if path[2] == "files" and isinstance(path[3], int):
        return Target(Spot.FILE, path[:4])
    if len(path) == 3 and path[2] in SUB_TABLES:
        return Target(Spot.TABLE, path)
    field = field_at(path)
    if field is not None and field.kind is Kind.STRINGS:
        return Target(Spot.ITEM if isinstance(path[-1], int) else Spot.LIST, path)
    return Target(Spot.FIELD, path)


def target_of_node(node: tuple[str | int, ...] | None) -> Target:
    """The target that a node of the tree is."""
    if node is None or node[0] == "group":
        return MANIFEST
    base: KeyPath = ("models", str(node[1]))
    if node[0] == "variant":
        return Target(Spot.ITEM, (*base, "variants", int(node[2])))
    if node[0] == "component":
        return Target(Spot.COMPONENT, base, str(node[2]))
    if node[0] == "file":
        return Target(Spot.FILE, (*base, "files", int(node[3])), str(node[2]))
    return Target(Spot.MODEL, base)
