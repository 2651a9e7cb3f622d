"""The person's own editor: how it is called at a line, and what it made of a text.

It is given a copy in a folder of its own, not the file: what comes back is checked before it counts, can be undone as
one step, and reaches the file only when it is saved. So it works with unsaved changes and with read-only files too.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Run = Callable[[Sequence[str]], int]
"""Runs a command in the terminal and gives its exit code. Raises OSError."""

_PLUS_LINE = frozenset(
    {"vi", "vim", "nvim", "view", "vile", "nano", "pico", "emacs", "emacsclient", "mg", "joe", "jed", "jmacs", "ne"}
    | {"micro", "kak", "ed", "less"}
)
_GOTO = frozenset({"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"})
_COLON_LINE = frozenset({"hx", "helix", "subl", "zed", "zeditor"})
_WAITING = frozenset({"subl", "zed", "zeditor"})
_FALLBACKS = ("sensible-editor", "nano", "vim", "vi", "notepad")


class NoEditor(Exception):
    """There is no editor to call; the message says what to set."""


def editor_of(environment: Mapping[str, str]) -> list[str]:
    """The command of the editor: $VISUAL, $EDITOR, or one that every system has. Raises NoEditor."""
    for name in ("VISUAL", "EDITOR"):
        command = environment.get(name, "").strip()
        if command:
            # A path on Windows has backslashes, which the rules of a POSIX shell would eat.
            return shlex.split(command, posix=os.name != "nt")
    found = next((path for path in map(shutil.which, _FALLBACKS) if path), None)
    if found is None:
        raise NoEditor("No editor is known: set $EDITOR to the command of yours.")
    return [found]


def command_at(editor: Sequence[str], file: Path, line: int) -> list[str]:
    """The command that opens `file` at a line, in the way of the editor; of an unknown one, without the line."""
    name = Path(editor[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")
    if name in _GOTO:
        return [*editor, "--wait", "--goto", f"{file}:{line}"]
    if name in _COLON_LINE:
        return [*editor, *(["--wait"] if name in _WAITING else []), f"{file}:{line}"]
    if name in _PLUS_LINE:
        return [*editor, f"+{line}", str(file)]
    return [*editor, str(file)]


def edited_text(text: str, name: str, line: int, editor: Sequence[str], run: Run) -> str:
    """What the editor makes of `text`, offered as a file called `name` that only its owner can read.

    Raises OSError where the editor cannot be run or answers with a failure, and UnicodeDecodeError where it leaves
    something else than UTF-8; then the text stays as it was.
    """
    with tempfile.TemporaryDirectory(prefix="loadmaster-") as folder:
        file = Path(folder) / (Path(name).name or "models.toml")
        file.write_bytes(text.encode("utf-8"))
        file.chmod(0o600)
        code = run(command_at(editor, file, line))
        if code != 0:
            raise OSError(f"{Path(editor[0]).name} ended with {code}; nothing was taken over.")
        return file.read_bytes().decode("utf-8")


def run_in_terminal(command: Sequence[str]) -> int:
    """Run the editor in the terminal, which must be free for it."""
    return subprocess.run(list(command), check=False).returncode
