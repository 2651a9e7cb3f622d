"""The application: opens a manifest, shows the workbench, and asks before it leaves."""

from __future__ import annotations

import gc
from pathlib import Path

from textual import work
from textual.app import App

from loadmaster.errors import LoadmasterError
from loadmaster.session import Session
from loadmaster.tui.actions import ACTIONS, BY_ID, bindings_for, keys_label
from loadmaster.tui.keymap import keymap_path, read_keymap
from loadmaster.tui.screens.help import HelpScreen
from loadmaster.tui.screens.palette import Entry, PaletteScreen
from loadmaster.tui.screens.quit import QuitAnswer, QuitScreen
from loadmaster.tui.screens.workbench import Workbench
from loadmaster.tui.themes import DARK, OWN_THEMES

CHECKED_FIRST = 500_000
"""Up to this many characters a manifest is checked before it is shown; beyond, the tree comes first."""


class LoadmasterApp(App[int], inherit_bindings=False):
    """`loadmaster FILE`."""

    TITLE = "loadmaster"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings_for("app")

    def __init__(self, path: Path | None = None, *, session: Session | None = None, keymap: Path | None = None) -> None:
        """A file to open, or a session that is open already; `keymap` is where other keys are looked for."""
        super().__init__()
        self._path = path
        self._session = session
        self._keymap_path = keymap or keymap_path()
        self.failure = ""
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    async def on_mount(self) -> None:
        """Show the workbench at once; the manifest comes when it is read."""
        keymap = read_keymap(self._keymap_path)
        self.set_keymap(keymap.keys)
        await self.push_screen(Workbench())
        if keymap.problems:
            self.workbench.status.say(keymap.problems[0], "warning")
        if self._session is not None:
            self.workbench.open(self._session)
        elif self._path is not None:
            self._read(self._path)

    @property
    def workbench(self) -> Workbench:
        """The workbench, whatever lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, Workbench))

    @work(thread=True, exclusive=True)
    def _read(self, path: Path) -> None:
        try:
            session = Session.open(path, check_now=False)
        except LoadmasterError as error:
            self.call_from_thread(self._cannot_open, str(error))
            return
        if len(session.document.text) <= CHECKED_FIRST:
            session.check()
        self.call_from_thread(self.workbench.open, session)
        # An edit made while a large file is being checked asks for another round.
        while not self.call_from_thread(self.workbench.is_up_to_date):
            document = session.document
            session.check()
            self.call_from_thread(self.workbench.take_up_check, document)
        # What was read stays as long as the app: looking through it for garbage would only make keys slow.
        gc.collect()
        gc.freeze()

    def _cannot_open(self, reason: str) -> None:
        self.failure = reason
        self.exit(2)

    # Actions.

    def action_help(self) -> None:
        """The keys."""
        self.push_screen(HelpScreen(self._bound_keys()))

    def _bound_keys(self) -> dict[str, list[str]]:
        keys: dict[str, list[str]] = {}
        for key, active in self.screen.active_bindings.items():
            if active.binding.id in BY_ID:
                keys.setdefault(str(active.binding.id), []).append(key)
        return keys

    @work
    async def action_palette(self) -> None:
        """Everything that can be done now, by name, and every model."""
        bench = self.workbench
        active = {a.binding.id: a for a in self.screen.active_bindings.values() if a.enabled}
        keys = self._bound_keys()
        entries = [
            Entry(action.id, action.label, action.help, keys_label(keys.get(action.id, ())[:2]))
            for action in ACTIONS
            if action.palette and action.id in active and bench.is_of_use(action.id)
        ]
        if bench.view is not None:
            entries += [Entry(f"model:{model_id}", model_id, "go to") for model_id in bench.view.document.model_ids]
        choice = await self.push_screen_wait(PaletteScreen(entries))
        if not choice:
            return
        if choice.startswith("model:"):
            bench.reveal(("models", choice[6:]))
            bench.focus_pane("detail")
            return
        chosen = active[choice]
        await self.run_action(chosen.binding.action, chosen.node)

    @work(exclusive=True, group="quit")
    async def action_quit(self) -> None:  # type: ignore[override]
        """Leave; ask first where something is unsaved."""
        bench = self.workbench
        bench.settle()
        session = bench.view.session if bench.view is not None else None
        if session is None or not session.dirty:
            self.exit(0)
            return
        if isinstance(self.screen, QuitScreen):
            return
        answer = await self.push_screen_wait(QuitScreen(session.title, [step.label for step in session.history.done]))
        if answer is QuitAnswer.DISCARD or (answer is QuitAnswer.SAVE and await bench.editing.write()):
            self.exit(0)


def run(path: Path | None) -> int:
    """Run the app on a manifest; the exit code."""
    app = LoadmasterApp(path)
    code = app.run()
    if app.failure:
        print(app.failure)
    return code if code is not None else 1
