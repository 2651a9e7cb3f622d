"""The app in a real terminal: tmux, as itself and as `screen`. From start to save, and every key of the table."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.keys import _character_to_key

from loadmaster.tui.actions import ACTIONS, BY_ID

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux on this machine")

LEFT_OUT = ("TMUX", "NO_COLOR", "COLORTERM", "COLUMNS", "LINES")
"""What the window is told by tmux, not by who runs the test."""

TERMS = ("tmux-256color", "screen")
PATIENCE = 15.0
"""Seconds after which a condition is taken not to come. Nothing waits that long unless it fails."""

TMUX_NAMES = {
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "home": "Home", "end": "End", "pageup": "PPage",
    "pagedown": "NPage", "enter": "Enter", "escape": "Escape", "tab": "Tab", "shift+tab": "BTab", "space": "Space",
    "delete": "DC", "f1": "F1", "alt+up": "M-Up", "alt+down": "M-Down",
}  # fmt: skip
CHARACTERS = {"colon": ":", "slash": "/", "question_mark": "?"}
KEYS = sorted({key for action in ACTIONS for key in action.keys})
LATE = {BY_ID["file.editor"].keys[0]: "Back from true", BY_ID["file.review"].keys[0]: "another version"}
"""Keys whose answer may take longer than the app holds other keys back, and what shows that it has come."""

ECHO = """
from textual.app import App
class Echo(App, inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False
    def on_mount(self):
        print_("ready")
    def on_key(self, event):
        print_(event.key)
def print_(text):
    with open("heard", "a") as file:
        file.write(text + "\\n")
Echo().run()
"""


class Tmux:
    """One window of a tmux server of its own."""

    def __init__(self, folder: Path, term: str) -> None:
        self._folder = folder
        self._socket = str(folder / "tmux")
        self._ended = folder / "ended"
        self._term = term

    def start(self, *arguments: str) -> None:
        """Run Python with these arguments in the window."""
        own = {
            "XDG_STATE_HOME": str(self._folder / "state"),
            "XDG_CONFIG_HOME": str(self._folder / "config"),
            "VISUAL": "true",
            "LC_ALL": "C.UTF-8",
        }
        kept = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        self._environment = {**kept, **own, "TERM": "xterm-256color"}
        # tmux does not always come to ask how its child ended.
        command = f"{shlex.join([sys.executable, *arguments])}; echo $? >{self._ended}; sleep infinity"
        settings = f"set -g default-terminal {self._term}; set -s escape-time 0; set -g status off"
        self._run(*settings.replace(";", " ; ").split(), ";", "new-session", "-d", "-x", "100", "-y", "30", command)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-f", os.devnull, "-S", self._socket, *arguments],
            cwd=self._folder, env=self._environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys, by the names of the table of actions."""
        for key in keys:
            if key in TMUX_NAMES or key.startswith("ctrl+"):
                # Right behind an escape a key would be taken for one with Alt; F12 does nothing.
                self._run("send-keys", TMUX_NAMES.get(key) or f"C-{key[5:]}", *(["F12"] if key == "escape" else []))
            else:
                self.type(CHARACTERS.get(key, key))

    def type(self, text: str) -> None:
        """Type a text."""
        # A lone semicolon would end the command.
        self._run("send-keys", "-l", "--", text.replace(";", "\\;"))

    @property
    def screen(self) -> str:
        """What the window shows."""
        return self._run("capture-pane", "-p")

    @property
    def ended(self) -> str:
        """The exit code once the program has ended, else nothing."""
        return self._ended.read_text().strip() if self._ended.exists() else ""

    def until(self, condition: Callable[[], object]) -> None:
        """Look again and again until something holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"it never came; the screen is\n{self.screen}")
            select.select([], [], [], 0.02)

    def shows(self, *texts: str) -> None:
        """Wait until the window shows some texts."""
        self.until(lambda: all(text in self.screen for text in texts))

    def lacks(self, text: str) -> None:
        """Wait until the window shows a text no more."""
        self.until(lambda: text not in self.screen)

    def end(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("kill-server")


@pytest.fixture(params=TERMS)
def tmux(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tmux]:
    terminal = Tmux(tmp_path, request.param)
    yield terminal
    terminal.end()


@pytest.fixture
def file(tmp_path: Path, manifest: str) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(manifest)
    return path


def git(folder: Path, *arguments: str) -> str:
    """What git says in a folder, whoever runs the test."""
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_from_start_to_save_git_sees_one_line(tmux: Tmux, file: Path) -> None:
    git(file.parent, "init", "-q")
    git(file.parent, "add", "models.toml")
    git(file.parent, "commit", "-qm", "as it was")

    tmux.start("-m", "loadmaster", "models.toml")
    tmux.shows("t2v-small@1.0.0", "LM202")
    tmux.press("j", "j", "3")
    tmux.shows("frames/s", "↵ edit")
    tmux.press("enter")
    tmux.shows("leave as it was")
    tmux.press("ctrl+u")
    tmux.type("soon")
    tmux.shows("fps is a whole number")
    tmux.press("ctrl+u")
    tmux.type("0")
    tmux.shows("LM103")
    tmux.press("enter")
    tmux.shows("unsaved", "brings LM103")
    tmux.press("u")
    tmux.shows("undone")
    tmux.lacks("unsaved")
    tmux.press("enter")
    tmux.shows("leave as it was")
    tmux.press("ctrl+u")
    tmux.type("30")
    tmux.press("enter")
    tmux.shows("unsaved")
    assert git(file.parent, "diff", "--name-only") == ""
    tmux.press("w")
    tmux.shows("Save 1 line")
    tmux.press("enter")
    tmux.lacks("unsaved")
    tmux.press("q")
    tmux.until(lambda: tmux.ended)

    assert tmux.ended == "0"
    difference = git(file.parent, "diff", "-U0").splitlines()
    assert [line for line in difference if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-fps = 24 # as trained",
        "+fps = 30 # as trained",
    ]


def test_every_key_of_the_table_comes_through(tmux: Tmux, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    tmux.start("-c", ECHO)
    tmux.until(lambda: heard.exists())
    tmux.press(*KEYS)
    named = {key: _character_to_key(key) for key in KEYS if len(key) == 1}
    tmux.until(lambda: len(heard.read_text().splitlines()) > len(KEYS) + 1)
    keys = heard.read_text().splitlines()[1:]
    assert [key for key in keys if key != "f12"] == [named.get(key, key) for key in KEYS]


def test_every_key_of_the_table_is_borne(tmux: Tmux, file: Path) -> None:
    before = file.read_bytes()
    tmux.start("-m", "loadmaster", "models.toml")
    tmux.shows("t2v-small@1.0.0", "LM202")
    # Something stays unsaved whatever is undone, so that quitting asks.
    tmux.press("j", "j", "3")
    tmux.shows("frames/s", "↵ edit")
    for fps in "789":
        tmux.press("enter")
        tmux.shows("leave as it was")
        tmux.press("ctrl+u", fps, "enter")
        tmux.lacks("leave as it was")
    tmux.shows("unsaved")
    for key in KEYS:
        tmux.press(key)
        if key in LATE:
            tmux.shows(LATE[key])
        tmux.press("escape", "escape", "escape", "g")
        tmux.shows("Go to")
        tmux.press("escape")
        tmux.lacks("Go to")
        assert not tmux.ended, key
    assert file.read_bytes() == before
