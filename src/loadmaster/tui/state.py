"""What the app remembers from one start to the next: sizes, theme, manifests, where one was in each.

One JSON file in the state folder. A file that is damaged is as good as none, and what is in it is bounded.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

MOST_MANIFESTS = 50
"""So many manifests are remembered, the latest first; those beyond are forgotten."""

MOST_OPEN = 200
"""Open nodes that are remembered of one manifest."""

MOST_BYTES = 2_000_000
"""A larger file is not ours."""

NodeKey = tuple[str | int, ...]
"""A node of the tree, as `ModelTree` names it."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one was in a manifest: open nodes, folded groups, the node under the cursor, the open tab."""

    open_nodes: tuple[NodeKey, ...] = ()
    folded: tuple[NodeKey, ...] = ()
    node: NodeKey | None = None
    tab: str = ""


@dataclass(frozen=True, slots=True)
class AppState:
    """All that is remembered. Sizes are in cells, 0 where the app chooses; manifests by whole path, latest first."""

    theme: str = ""
    models_width: int = 0
    faults_height: int = 0
    manifests: Mapping[str, Whereabouts] = field(default_factory=dict)

    def with_manifest(self, path: Path, where: Whereabouts) -> AppState:
        """With a manifest as the latest."""
        name = os.path.abspath(path)
        rest = {known: there for known, there in self.manifests.items() if known != name}
        latest = {name: where, **rest}
        return replace(self, manifests=dict(list(latest.items())[:MOST_MANIFESTS]))

    def whereabouts(self, path: Path) -> Whereabouts:
        """Where one was in a manifest; nowhere in one that is not known."""
        return self.manifests.get(os.path.abspath(path), Whereabouts())


def state_path(folder: Path) -> Path:
    """Where the file lies inside the state folder."""
    return folder / "app.json"


def read_state(folder: Path) -> AppState:
    """What is remembered; nothing where there is no file, or none that can be read."""
    try:
        path = state_path(folder)
        if path.stat().st_size > MOST_BYTES:
            return AppState()
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return AppState()
    return _state_of(data) if isinstance(data, dict) else AppState()


def write_state(folder: Path, state: AppState) -> None:
    """Remember. Where it cannot be written it is forgotten: nothing of worth is lost."""
    data = {
        "theme": state.theme,
        "models_width": state.models_width,
        "faults_height": state.faults_height,
        "manifests": [
            {
                "file": name,
                "open": [list(node) for node in where.open_nodes[:MOST_OPEN]],
                "folded": [list(node) for node in where.folded[:MOST_OPEN]],
                "node": list(where.node) if where.node else None,
                "tab": where.tab,
            }
            for name, where in state.manifests.items()
        ],
    }
    target = state_path(folder)
    with contextlib.suppress(OSError, UnicodeError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".app-", suffix=".tmp", dir=folder)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                json.dump(data, out, indent=1)
            Path(name).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _state_of(data: Mapping[str, Any]) -> AppState:
    known = data.get("manifests")
    manifests: dict[str, Whereabouts] = {}
    for item in known[:MOST_MANIFESTS] if isinstance(known, list) else ():
        if isinstance(item, dict) and isinstance(item.get("file"), str) and item["file"]:
            nodes = _nodes([item.get("node")])
            manifests[item["file"]] = Whereabouts(
                _nodes(item.get("open")),
                _nodes(item.get("folded")),
                nodes[0] if nodes else None,
                _text(item.get("tab")),
            )
    return AppState(
        _text(data.get("theme")), _cells(data.get("models_width")), _cells(data.get("faults_height")), manifests
    )


def _nodes(value: object) -> tuple[NodeKey, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(
        tuple(node)
        for node in value[:MOST_OPEN]
        if isinstance(node, list) and 1 < len(node) < 5 and all(type(part) in (str, int) for part in node)
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _cells(value: object) -> int:
    return value if type(value) is int and 0 < value < 1000 else 0
