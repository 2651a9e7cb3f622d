"""What a person can do, in one table. Bindings, footer, palette and help are all made from it.

`where` names the widget or screen that carries the binding; that class has the method `action_<run>`.
Each action can be given other keys by its `id` in the keymap file (see `keymap.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType
from textual.keys import KEY_TO_UNICODE_NAME


class Group(StrEnum):
    """The headings of the help screen, in its order."""

    MOVE = "Move"
    LOOK = "Look"
    CHANGE = "Change"
    FILE = "File"
    APP = "App"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done. `footer` is its rank there, 0 for never."""

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: Group
    where: str
    run: str
    footer: int = 0
    priority: bool = False
    palette: bool = True


def _move(id: str, keys: tuple[str, ...], label: str, help: str, where: str, run: str, footer: int = 0) -> Action:
    return Action(id, keys, label, help, Group.MOVE, where, run, footer, palette=False)


ACTIONS: tuple[Action, ...] = (
    _move("list.up", ("up", "k"), "up", "one row up", "list", "cursor_up"),
    _move("list.down", ("down", "j"), "down", "one row down", "list", "cursor_down"),
    _move("list.page_up", ("pageup", "ctrl+b"), "page up", "one page up", "list", "page_up"),
    _move("list.page_down", ("pagedown", "ctrl+f"), "page down", "one page down", "list", "page_down"),
    _move("list.first", ("home",), "first", "the first row", "list", "cursor_first"),
    _move("list.last", ("end", "G"), "last", "the last row", "list", "cursor_last"),
    _move("tree.open", ("enter", "e"), "open", "show what is under the cursor", "tree", "open", 10),
    Action("tree.mark", ("space",), "mark", "mark a model: edits and fixes then go to all that are marked",
           Group.CHANGE, "tree", "mark", 75),
    _move("tree.unfold", ("right", "l"), "unfold", "unfold, then into it", "tree", "unfold"),
    _move("tree.fold", ("left", "h"), "fold", "fold, then out of it", "tree", "fold"),
    _move("files.left", ("left", "h"), "left", "one column to the left", "files", "cell_left"),
    _move("files.right", ("right", "l"), "right", "one column to the right", "files", "cell_right"),
    Action("files.form", ("F",), "all fields", "edit all fields of the file in a form", Group.CHANGE, "files", "form",
           26),
    Action("files.mark", ("space",), "mark", "mark the model, so that edits go to all that are marked", Group.CHANGE,
           "files", "mark"),
    _move("vram.left", ("left", "h"), "left", "along a row of the ladder", "vram", "rung(-1)"),
    _move("vram.right", ("right", "l"), "right", "along a row of the ladder", "vram", "rung(1)"),
    _move("source.left", ("left", "h"), "left", "what is further left in a long line", "source", "scroll_line(-1)"),
    _move("source.right", ("right", "l"), "right", "what is further right in a long line", "source",
          "scroll_line(1)"),
    _move("faults.go", ("enter", "e"), "go there", "go to the field that a fault speaks of", "faults", "go", 10),
    _move("faults.fold", ("space", "right", "left", "l", "h"), "unfold", "unfold or fold what repeats", "faults",
          "fold_or_unfold", 30),
    _move("pane.next", ("tab",), "next pane", "the next pane", "workbench", "next_pane", 70),
    _move("pane.previous", ("shift+tab",), "previous pane", "the pane before", "workbench", "previous_pane"),
    _move("pane.jump", ("g",), "go to", "jump to a pane or a line", "workbench", "jump"),
    _move("pane.back", ("escape",), "back", "back to the models; leaves a list, a filter, marks", "workbench", "back",
          29),
    Action("fault.next", ("n",), "next fault", "to the next fault", Group.MOVE, "workbench", "next_fault", 40),
    Action("fault.previous", ("N",), "previous fault", "to the fault before", Group.MOVE, "workbench",
           "previous_fault"),
    Action("models.filter", ("/",), "filter", "filter the models by id, type, path, digest or rule", Group.MOVE,
           "workbench", "filter", 20),
    Action("tab.overview", ("1",), "Overview", "the model at a glance", Group.LOOK, "workbench", "tab('overview')"),
    Action("tab.files", ("2",), "Files", "its files, with sizes and digests", Group.LOOK, "workbench", "tab('files')"),
    Action("tab.defaults", ("3",), "Defaults", "its inference defaults", Group.LOOK, "workbench", "tab('defaults')"),
    Action("tab.vram", ("4",), "VRAM", "what it needs on a card", Group.LOOK, "workbench", "tab('vram')"),
    Action("tab.source", ("5", "s"), "Source", "its own part of the text", Group.LOOK, "workbench", "tab('source')"),
    Action("tab.disk", ("6",), "Disk", "what lies on disk, beside what is listed", Group.LOOK, "workbench",
           "tab('disk')"),
    Action("disk.verify", ("enter", "e"), "verify", "read the files of the model, or of all marked",
           Group.LOOK, "disk", "verify", 10),
    Action("disk.fill", ("F",), "fill", "take the disk's values; add an unlisted file",
           Group.CHANGE, "disk", "fill", 15),
    Action("disk.stop", ("x",), "stop", "stop reading; what was read is kept", Group.LOOK, "disk", "stop", 20),
    Action("disk.root", ("R",), "root", "name the folder below which the models lie", Group.LOOK, "disk", "root", 25),
    Action("fault.explain", ("i",), "explain", "explain what is under the cursor", Group.LOOK, "workbench",
           "explain", 60),
    Action("vram.choose", ("enter", "space"), "choose", "choose a variant, or frames and size of a cell of the ladder",
           Group.LOOK, "vram", "choose", 10),
    Action("vram.pick", ("p",), "card, frames, size", "choose a card, frames or a size, or type any", Group.LOOK,
           "vram", "pick", 15),
    Action("vram.previous_card", ("[",), "card before", "the card before", Group.LOOK, "vram", "card(-1)"),
    Action("vram.next_card", ("]",), "next card", "the next card", Group.LOOK, "vram", "card(1)"),
    Action("vram.fewer_frames", ("-",), "fewer frames", "fewer frames", Group.LOOK, "vram", "frames(-1)"),
    Action("vram.more_frames", ("=", "+"), "more frames", "more frames", Group.LOOK, "vram", "frames(1)"),
    Action("vram.smaller", ("<",), "smaller size", "a smaller size", Group.LOOK, "vram", "size(-1)"),
    Action("vram.larger", (">",), "larger size", "a larger size", Group.LOOK, "vram", "size(1)"),
    Action("vram.own", ("0",), "the model's own", "the frames and the size that the model gives", Group.LOOK, "vram",
           "own"),
    Action("faults.scope", ("m",), "this model only", "faults of this model, or of all", Group.LOOK, "faults",
           "scope", 50),
    Action("value.copy", ("y",), "copy", "copy the value under the cursor", Group.LOOK, "workbench", "copy"),
    Action("value.select", ("Y",), "select", "show the value to be selected with the mouse", Group.LOOK, "workbench",
           "select"),
    Action("look.theme", ("t",), "light or dark", "change between the light and the dark theme", Group.LOOK,
           "app", "theme"),
    Action("field.edit", ("enter", "e"), "edit", "edit the value where it stands", Group.CHANGE, "fields", "edit", 10),
    Action("source.edit", ("enter", "e"), "edit", "edit the text; esc leaves it again", Group.CHANGE, "source",
           "edit", 10),
    Action("field.unset", ("x", "delete"), "leave out", "take the key out, so that its default counts", Group.CHANGE,
           "fields", "unset"),
    Action("parts.add", ("a",), "add", "add a model, a file, a table, an item of a list", Group.CHANGE, "workbench",
           "add", 21),
    Action("parts.clone", ("c",), "clone", "copy a model to a new version, or a file", Group.CHANGE, "workbench",
           "clone", 22),
    Action("parts.rename", ("r",), "rename", "another id for a model, another path for a file", Group.CHANGE,
           "workbench", "rename", 23),
    Action("parts.remove", ("d",), "remove", "remove what is under the cursor", Group.CHANGE, "workbench",
           "remove", 24),
    Action("parts.remove_table", ("D",), "remove table", "remove the table, file or model around the cursor",
           Group.CHANGE, "workbench", "remove_around"),
    Action("parts.move_down", ("J", "alt+down"), "move down", "move a file, source or item down", Group.CHANGE,
           "workbench", "move(1)", 27),
    Action("parts.move_up", ("K", "alt+up"), "move up", "move a file, source or item up", Group.CHANGE,
           "workbench", "move(-1)", 28),
    Action("items.edit", ("enter", "e"), "edit", "edit the item where it stands", Group.CHANGE, "items", "edit", 10),
    Action("items.remove", ("x", "delete"), "take out", "take the item out of the list", Group.CHANGE, "items",
           "remove"),
    Action("fault.fix", ("f",), "fix", "show what a fix would change, then apply it", Group.CHANGE, "workbench",
           "fix", 30),
    Action("history.undo", ("u", "ctrl+z"), "undo", "take the last change back", Group.CHANGE, "workbench",
           "undo", 80),
    Action("history.redo", ("U", "ctrl+y"), "redo", "do it again", Group.CHANGE, "workbench", "redo"),
    Action("conflicts.open", ("C",), "conflicts", "decide the merge conflicts, both sides shown", Group.CHANGE,
           "workbench", "conflicts", 25),
    Action("file.editor", ("E",), "$EDITOR", "open the text in your editor, at this line", Group.FILE, "workbench",
           "external_editor"),
    Action("file.review", ("v",), "review", "what changed since a revision, or beside another manifest", Group.FILE,
           "workbench", "review"),
    Action("file.end_review", ("V",), "end review", "take what a review tells off the models", Group.FILE, "workbench",
           "end_review"),
    Action("file.save", ("w", "ctrl+s"), "save", "show the difference, then save", Group.FILE, "workbench",
           "save", 85),
    Action("file.save_as", ("W",), "save as", "save to another file, which is the manifest's from then on", Group.FILE,
           "workbench", "save_as"),
    Action("file.theirs", ("O",), "theirs or mine", "what someone else changed in the file: theirs, mine, or both",
           Group.FILE, "workbench", "theirs", 5),
    Action("file.open", ("o", "ctrl+o"), "open", "open another manifest", Group.FILE, "app", "open"),
    Action("panes.narrower", ("(",), "narrower models", "move the line beside the models to the left", Group.LOOK,
           "workbench", "widen(-1)"),
    Action("panes.wider", (")",), "wider models", "move the line beside the models to the right", Group.LOOK,
           "workbench", "widen(1)"),
    Action("panes.lower", ("{",), "lower faults", "move the line above the faults down", Group.LOOK, "workbench",
           "heighten(-1)"),
    Action("panes.higher", ("}",), "higher faults", "move the line above the faults up", Group.LOOK, "workbench",
           "heighten(1)"),
    Action("app.palette", ("colon", "ctrl+p"), "palette", "all commands, by name", Group.APP, "app", "palette"),
    Action("app.help", ("?", "f1"), "help", "the keys of this pane", Group.APP, "app", "help", 90),
    Action("app.quit", ("q",), "quit", "quit; asks when something is unsaved", Group.APP, "app", "quit"),
    # The framework binds ctrl+q to leaving at once, ahead of every widget: ours takes that place.
    Action("app.quit_now", ("ctrl+q",), "quit", "quit, also from within a field", Group.APP, "app", "quit",
           priority=True, palette=False),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

_KEY_NAMES = {
    "enter": "↵", "escape": "esc", "tab": "↹", "shift+tab": "⇧↹", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "colon": ":", "slash": "/", "question_mark": "?", "pageup": "pgup", "pagedown": "pgdn", "delete": "del",
    "space": "space", "minus": "-", "plus": "+",
}  # fmt: skip

_MODIFIERS = {"ctrl+": "^", "alt+": "alt+", "shift+": "⇧"}


def bindings_for(where: str) -> list[BindingType]:
    """The bindings that a class named `where` in the table carries."""
    return [
        Binding(",".join(action.keys), action.run, action.label, show=False, id=action.id, priority=action.priority)
        for action in ACTIONS
        if action.where == where
    ]


def key_label(key: str) -> str:
    """How a key is written on the screen: `↵`, `^s`, `?`."""
    if key in _KEY_NAMES:
        return _KEY_NAMES[key]
    for modifier, written in _MODIFIERS.items():
        if key.startswith(modifier):
            return written + key_label(key[len(modifier) :])
    if len(key) > 1 and key[0] == "f" and key[1:].isdigit():
        return key.upper()
    character = _character_of(key) if len(key) > 1 else key
    return character if character.isprintable() else key


def _character_of(key: str) -> str:
    """The character that a key is named after; the name itself where it is none: `left_curly_bracket` is `{`."""
    try:
        return unicodedata.lookup(KEY_TO_UNICODE_NAME.get(key, key.replace("_", " ").upper()))
    except KeyError:
        return key


def keys_label(keys: Iterable[str]) -> str:
    """Several keys in one breath."""
    return "  ".join(key_label(key) for key in keys)
