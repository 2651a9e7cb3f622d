"""The keymap file: other keys for actions, by the id that the help screen shows.

A TOML file `keymap.toml` in the configuration folder of the platform:

    [keys]
    "file.save" = "f2"
    "history.undo" = "u,ctrl+z"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from loadmaster.tui.actions import BY_ID


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action id, and what was wrong with the file, in words."""

    keys: Mapping[str, str]
    problems: tuple[str, ...] = ()


def keymap_path() -> Path:
    """Where the file is looked for."""
    return platformdirs.user_config_path("loadmaster", appauthor=False) / "keymap.toml"


def read_keymap(path: Path) -> Keymap:
    """What the file at `path` says. A file that is absent says nothing; one that is wrong is told, never raised."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Keymap({})
    except (OSError, ValueError) as error:
        return Keymap({}, (f"{path}: {error}",))
    table = data.get("keys")
    if not isinstance(table, dict):
        return Keymap({}, (f"{path}: a table [keys] is wanted",))
    keys: dict[str, str] = {}
    problems: list[str] = []
    for action_id, key in table.items():
        if action_id not in BY_ID:
            problems.append(f"{path}: no action is called {action_id}")
        elif not isinstance(key, str) or not all(part.strip() for part in key.split(",")):
            problems.append(f'{path}: {action_id} wants keys such as "f2" or "u,ctrl+z"')
        else:
            keys[action_id] = key
    return Keymap(keys, tuple(problems))
