"""Help: the keys, made from the table of actions and from what is bound at the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from loadmaster.tui.actions import ACTIONS, Action, Group, keys_label
from loadmaster.tui.keymap import Keymap
from loadmaster.tui.paint import BLANK, Line, Piece, cell, wrap
from loadmaster.tui.screens.sheet import LinesView, Sheet
from loadmaster.tui.visible import visible

PANES = {
    "tree": "Models",
    "fields": "Fields",
    "files": "Files",
    "vram": "VRAM",
    "disk": "Disk",
    "source": "Source",
    "faults": "Validation",
    "items": "Lists",
    "list": "Rows",
    "workbench": "Everywhere",
    "app": "Everywhere",
}

COMMON = frozenset({"list", "workbench", "app"})
"""Whose keys are at work in more than one pane."""

WIDE = 92
"""From here on there is room for the ids."""


class HelpScreen(Sheet[None]):
    """The keys of the focused pane, then all others."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,f1,q", "leave", "back", show=False)]

    def __init__(self, keys: Mapping[str, Sequence[str]], keymap: Keymap | None = None) -> None:
        """`keys` are those that are bound at the moment, by the id of their action."""
        super().__init__()
        self._keys = keys
        self._keymap = keymap

    def title_line(self) -> Line:
        """What it is."""
        return [Piece("Keys", "bright"), Piece("   bright: at work in the pane where you are", "label")]

    def body(self) -> Sequence[Widget]:
        """The list."""
        return [LinesView(self._lines, id="help-lines")]

    def _lines(self, width: int) -> list[Line]:
        told = keymap_lines(self._keymap, width) if self._keymap is not None else []
        return [*help_lines(self._keys, width), *told]


def help_lines(keys: Mapping[str, Sequence[str]], width: int) -> list[Line]:
    """What the screen says: the keys of the pane that has the focus, then all others by what they are for.

    `keys` are those that are bound, by the id of their action.
    """
    own = [action for action in ACTIONS if action.id in keys and action.where not in COMMON]
    lines: list[Line] = []
    if own:
        lines += [[Piece(f"  {PANES[own[0].where]}", "header")]]
        lines += [line for action in own for line in _lines_of(action, keys[action.id], True, width)]
        lines.append(BLANK)
    for group in Group:
        members = [action for action in ACTIONS if action.group is group and action not in own]
        here = [action for action in members if action.id in keys]
        away = [action for action in members if action.id not in keys]
        lines += [[Piece(f"  {group.value}", "header")]]
        lines += [line for action in here for line in _lines_of(action, keys[action.id], True, width)]
        lines += [line for action in away for line in _lines_of(action, action.keys, False, width)]
        lines.append(BLANK)
    return lines[:-1]


def keymap_lines(keymap: Keymap, width: int) -> list[Line]:
    """Where other keys can be given, and what is wrong with those that are."""
    told = [
        (f"Other keys are given in {keymap.path}, by the names at the right of a wide screen:", "label"),
        ("[keys]", "value"),
        ('"file.save" = "f2,ctrl+s"', "value"),
        *((problem, "warning") for problem in keymap.problems),
    ]
    lines = [[Piece(f"  {part}", ink)] for text, ink in told for part in wrap(visible(text), max(width - 4, 20))]
    return [BLANK, [Piece("  Other keys", "header")], *lines]


def _lines_of(action: Action, keys: Sequence[str], here: bool, width: int) -> list[Line]:
    """Keys, what they do in as many lines as that takes, and where."""
    where = "" if here else f"in {PANES[action.where]}"
    room = min(max(width - 31, 20), 46)
    lines: list[Line] = []
    for number, part in enumerate(wrap(action.help, room)):
        line = [
            Piece("  "),
            cell(keys_label(keys[:3]) if number == 0 else "", 14, "key" if here else "label"),
            cell(part, room, "value" if here else "label"),
            Piece(" "),
            cell(where if number == 0 else "", 13, "faint"),
        ]
        lines.append([*line, Piece(action.id, "faint")] if width >= WIDE and number == 0 else line)
    return lines
