"""The application: opens a manifest, shows the workbench, and asks before it leaves."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual import events, work

from loadmaster.document.collector import without_collection
from loadmaster.document.document import Document
from loadmaster.document.store import save
from loadmaster.errors import LoadmasterError
from loadmaster.session import Session
from loadmaster.tui.actions import ACTIONS, BY_ID, bindings_for, keys_label
from loadmaster.tui.guarded import GuardedApp, run_guarded
from loadmaster.tui.key_gate import KeyGate, Typed
from loadmaster.tui.keymap import Keymap, keymap_path, read_keymap
from loadmaster.tui.screens.chooser import ChooserScreen
from loadmaster.tui.screens.help import HelpScreen
from loadmaster.tui.screens.palette import Entry, PaletteScreen
from loadmaster.tui.screens.quit import QuitAnswer, QuitScreen
from loadmaster.tui.screens.workbench import Workbench
from loadmaster.tui.state import AppState
from loadmaster.tui.themes import DARK, FEW_COLOURS_CSS, LIGHT, OWN_THEMES, SIXTEEN, has_few_colours

CHECKED_FIRST = 500_000
"""Up to this many characters a manifest is checked before it is shown; beyond, the tree comes first."""


class LoadmasterApp(GuardedApp, inherit_bindings=False):
    """`loadmaster FILE`."""

    TITLE = "loadmaster"
    # Nothing here is marked with the mouse; a click on what is just going away would end the app in the framework.
    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings_for("app")
    CSS = FEW_COLOURS_CSS

    def __init__(
        self,
        path: Path | None = None,
        *,
        session: Session | None = None,
        keymap: Path | None = None,
        state: Path | None = None,
    ) -> None:
        """A file to open, or a session that is open already; neither lets one choose.

        `keymap` is where other keys are looked for, `state` the folder for what is remembered and kept aside.
        """
        if not os.environ.get("NO_COLOR", "1"):
            # Empty it asks for nothing (no-color.org); the framework looks only whether it is there.
            del os.environ["NO_COLOR"]
        super().__init__(state)
        self._path = path
        self._session = session
        self._keymap_path = keymap or keymap_path()
        self._keymap_read = Keymap({})
        self.key_gate = KeyGate(self, self._deal)
        for theme in OWN_THEMES:
            self.register_theme(theme)
        self.has_few_colours = False
        known = self.remembered.theme
        self.theme = known if known in self.available_themes else DARK.name

    async def on_mount(self) -> None:
        """Show the workbench at once; the manifest comes when it is read."""
        self.listen()
        if not self.is_headless and has_few_colours(self.console.color_system):
            self.has_few_colours = True
            self.theme = SIXTEEN.name
            self.add_class("-few-colours")
        keymap = self._keymap_read = read_keymap(self._keymap_path)
        self.set_keymap(keymap.keys)
        await self.push_screen(self._new_workbench())
        if keymap.problems:
            more = f" (and {len(keymap.problems) - 1} more: ?)" if len(keymap.problems) > 1 else ""
            self.workbench.status.say(keymap.problems[0] + more, "warning")
        if self._session is not None:
            self.workbench.open(self._session)
        elif self._path is not None:
            self._read(self._path)
        else:
            self._choose()

    async def on_event(self, event: events.Event) -> None:
        """Keys one by one; see `key_gate`."""
        if isinstance(event, Typed) and not event.is_forwarded:
            await self._deal(event)
        else:
            await super().on_event(event)

    async def _deal(self, event: Typed) -> None:
        if self.screen_stack and self.key_gate.admits(event):
            await super().on_event(event)
            self.key_gate.follow()

    @property
    def workbench(self) -> Workbench:
        """The workbench, whatever lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, Workbench))

    def _new_workbench(self) -> Workbench:
        bench = Workbench()
        bench.keep_with(self.keeper)
        return bench

    # What is open.

    def settle(self) -> None:
        """See `GuardedApp`."""
        self.workbench.settle_all()

    @property
    def is_unsaved(self) -> bool:
        """See `GuardedApp`."""
        benches = [screen for screen in self.screen_stack if isinstance(screen, Workbench)]
        return any(bench.saving.is_needed for bench in benches)

    def to_remember(self, state: AppState) -> AppState:
        """See `GuardedApp`."""
        theme = state.theme if self.has_few_colours else self.theme
        return self.workbench.to_remember(replace(state, theme=theme))

    @work(thread=True, exclusive=True, group="read")
    def _read(self, path: Path) -> None:
        try:
            session = Session.open(path, check_now=False)
        except LoadmasterError as error:
            self.call_from_thread(self._cannot_open, str(error))
            return
        if len(session.document.text) <= CHECKED_FIRST:
            session.check()
        show: Callable[[Session], Awaitable[Any]] = self._show
        self.call_from_thread(show, session)
        had_another = gc.get_freeze_count() > 0
        # An edit made while a large file is being checked asks for another round.
        while self.call_from_thread(self._is_behind, session):
            document = session.document
            # What was read stays as long as the app: looking through it for garbage would only make keys slow.
            with without_collection():
                session.check()
                gc.freeze()
            self.call_from_thread(self._take_up_check, session, document)
        if had_another:
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    async def _show(self, session: Session) -> None:
        if self.workbench.view is not None:
            self.remember()
            await self.switch_screen(self._new_workbench())
        self.workbench.restore_sizes(self.remembered)
        self.workbench.open(session)
        if session.path is not None:
            self.workbench.restore_whereabouts(self.remembered.whereabouts(session.path))
            self.remember()

    def _is_shown(self, session: Session) -> bool:
        view = self.workbench.view
        return view is not None and view.session is session

    def _is_behind(self, session: Session) -> bool:
        return self._is_shown(session) and not self.workbench.is_up_to_date()

    def _take_up_check(self, session: Session, document: Document) -> None:
        if self._is_shown(session):
            self.workbench.take_up_check(document)

    def _cannot_open(self, reason: str) -> None:
        if self.workbench.view is not None:
            self.workbench.status.say(reason, "error")
        elif self._path is not None:
            self.failure = reason
            self.exit(2)
        else:
            self._choose(reason)

    @work(exclusive=True, group="choose")
    async def _choose(self, said: str = "") -> None:
        """Choose what to open; at the start there is nothing to go back to."""
        leaving = "back" if self.workbench.view is not None else "quit"
        recent = [Path(name) for name in self.remembered.manifests]
        chosen = await self.push_screen_wait(ChooserScreen(recent, Path.cwd(), leaving, said))
        if chosen is None:
            if self.workbench.view is None:
                self.exit(0)
            return
        if chosen.new:
            from loadmaster.cli.new import fresh_manifest

            try:
                save(chosen.path, Document.from_text(fresh_manifest()), None)
            except LoadmasterError as error:
                self._choose(str(error))
                return
        self._read(chosen.path)

    # Actions.

    def action_help(self) -> None:
        """The keys."""
        self.push_screen(HelpScreen(self._bound_keys(), self._keymap_read))

    def _bound_keys(self) -> dict[str, list[str]]:
        keys: dict[str, list[str]] = {}
        for key, active in self.screen.active_bindings.items():
            if active.binding.id in BY_ID:
                keys.setdefault(str(active.binding.id), []).append(key)
        return keys

    def action_theme(self) -> None:
        """Light or dark."""
        if self.has_few_colours:
            self.workbench.status.say("This terminal shows 16 colours, and has a theme of its own for them.", "label")
        else:
            self.theme = LIGHT.name if self.current_theme.dark else DARK.name

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
        if not self.has_few_colours:
            entries += [Entry(f"theme:{name}", f"theme {name}", "take it") for name in sorted(self.available_themes)]
        choice = await self.push_screen_wait(PaletteScreen(entries))
        if not choice:
            return
        if choice.startswith("theme:"):
            self.theme = choice[6:]
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
        if await self._may_leave(quitting=True):
            self.exit(0)

    @work(exclusive=True, group="quit")
    async def action_open(self) -> None:
        """Open another manifest; ask first where something is unsaved."""
        if await self._may_leave(quitting=False):
            self._choose()

    async def _may_leave(self, *, quitting: bool) -> bool:
        """Whether the manifest may be left: nothing is unsaved, or it was saved or discarded on being asked."""
        bench = self.workbench
        if not bench.settle_all():
            return False
        if bench.view is None or not bench.saving.is_needed:
            return True
        if isinstance(self.screen, QuitScreen):
            return False
        session = bench.view.session
        steps = [step.label for step in session.history.done]
        answer = await self.push_screen_wait(QuitScreen(session.title, steps, quitting=quitting))
        if answer is QuitAnswer.SAVE:
            return await bench.saving.write()
        if answer is QuitAnswer.DISCARD:
            bench.discard()
        return answer is QuitAnswer.DISCARD


def run(path: Path | None) -> int:
    """Run the app on a manifest, or let one choose; the exit code."""
    return run_guarded(LoadmasterApp(path))
