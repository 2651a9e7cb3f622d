"""The keymap file: other keys for actions, by the id that the help screen shows.

A TOML file `keymap.toml` in the configuration folder of the platform:

    [keys]
    "file.save" = "f2"
    "history.undo" = "u,ctrl+z"

Keys are named as Textual names them: a character as it is, else `f2`, `enter`, `pageup`, with `ctrl+`, `alt+` or
`shift+` before it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from textual.keys import KEY_TO_UNICODE_NAME, Keys, _character_to_key

from loadmaster.tui.actions import ACTIONS, BY_ID, Action, key_label

EVERYWHERE = frozenset({"workbench", "app"})
"""Where an action is at hand in every pane."""

_NAMED = frozenset(key.value for key in Keys) | {"space", "tab", "enter", "escape", "backspace", "delete"}
_MODIFIERS = ("ctrl+", "alt+", "shift+", "super+", "hyper+", "meta+")


@dataclass(frozen=True, slots=True)
class Keymap:
    """Keys by action id, and what was wrong with the file, in words. `path` is where it is looked for."""

    keys: Mapping[str, str]
    problems: tuple[str, ...] = ()
    path: Path | None = None


def keymap_path() -> Path:
    """Where the file is looked for."""
    return platformdirs.user_config_path("loadmaster", appauthor=False) / "keymap.toml"


def read_keymap(path: Path) -> Keymap:
    """What the file at `path` says. A file that is absent says nothing; one that is wrong is told, never raised."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Keymap({}, (), path)
    except (OSError, ValueError) as error:
        return Keymap({}, (f"{path}: {error}",), path)
    table = data.get("keys")
    if not isinstance(table, dict):
        return Keymap({}, (f"{path}: a table [keys] is wanted",), path)
    keys: dict[str, str] = {}
    problems: list[str] = []
    for action_id, value in table.items():
        named = _named_keys(value)
        unknown = [key for key in named if not _is_key(key)]
        if action_id not in BY_ID:
            problems.append(f"{path}: no action is called {action_id}")
        elif not named:
            problems.append(f'{path}: {action_id} wants keys such as "f2" or "u,ctrl+z"')
        elif unknown:
            problems.append(f"{path}: no key is called {unknown[0]} ({action_id})")
        else:
            keys[action_id] = ",".join(named)
    problems += (f"{path}: {clash}" for clash in clashes(keys))
    return Keymap(keys, tuple(problems), path)


def clashes(keys: Mapping[str, str]) -> Iterator[str]:
    """The keys that a keymap gives to an action although another has them in the same place, each in a sentence."""
    for action_id, own in keys.items():
        action = BY_ID[action_id]
        for other in ACTIONS:
            # Of two that the file names, it is told once.
            if other.id == action_id or not _meet(action, other) or (other.id in keys and other.id < action_id):
                continue
            theirs = {_full_name(key) for key in (keys[other.id].split(",") if other.id in keys else other.keys)}
            for key in own.split(","):
                if _full_name(key) in theirs:
                    yield f"{key_label(key)} is given to {action_id} and to {other.id}; only one of them has it"


def _meet(one: Action, other: Action) -> bool:
    """Whether two actions can be at hand at the same time, and do not mean the same."""
    if (one.where, one.run) == (other.where, other.run):
        return False
    return one.where == other.where or (one.where in EVERYWHERE and other.where in EVERYWHERE)


def _named_keys(value: object) -> list[str]:
    if not isinstance(value, str):
        return []
    parts = [part.strip() for part in value.split(",")]
    return parts if all(parts) else []


def _full_name(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


def _is_key(key: str) -> bool:
    while key.startswith(_MODIFIERS):
        key = key.partition("+")[2]
    return len(key) == 1 or key in _NAMED or _is_character_name(key)


def _is_character_name(key: str) -> bool:
    try:
        unicodedata.lookup(KEY_TO_UNICODE_NAME.get(key, key.replace("_", " ").upper()))
    except KeyError:
        return False
    return True
