"""An app that loses nothing: not by a fault of its own, not by a signal, not by a terminal that goes away."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from pathlib import Path

from rich.console import Console, RenderableType

from loadmaster.document.recovery import state_folder
from loadmaster.tui import clipboard, crash, signals
from loadmaster.tui.inks import InkedApp
from loadmaster.tui.recovery_keeper import RecoveryKeeper
from loadmaster.tui.state import AppState, read_state, write_state

KEPT = "Unsaved work was kept aside; the next start offers it."


class GuardedApp(InkedApp, inherit_bindings=False):
    """What stands around the app proper: recovery copies, the log of crashes, signals, what is remembered."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is where all of that is kept; the platform's state folder where none is given."""
        super().__init__()
        self.folder = folder or state_folder()
        self.keeper = RecoveryKeeper(self.folder)
        self.remembered = read_state(self.folder)
        self.failure = ""
        """What is to be said once the terminal is as it was."""
        self.has_crashed = False
        self.clipboard_way = clipboard.way_of(os.environ)

    # What a subclass says.

    def settle(self) -> None:
        """Make what is being typed count, for the app is about to end."""

    @property
    def is_unsaved(self) -> bool:
        """Whether something would be lost if the app ended now."""
        return False

    def to_remember(self, state: AppState) -> AppState:
        """`state` with what is worth remembering of this run."""
        return state

    # The clipboard.

    def copy_to_clipboard(self, text: str) -> None:
        """Give a text to the clipboard by whatever carries it here."""
        if self.clipboard_way is clipboard.Way.TMUX:
            self._clipboard = text
            threading.Thread(target=clipboard.give_to_tmux, args=(text,), daemon=True).start()
        elif self.clipboard_way is clipboard.Way.TERMINAL:
            super().copy_to_clipboard(text)
        else:
            self._clipboard = text  # what is pasted in the app itself

    # The end, in every form.

    def remember(self) -> None:
        """Write down where one is. What another run wrote meanwhile stays."""
        with contextlib.suppress(Exception):  # it is a convenience, and must never stand in the way of an end
            self.remembered = self.to_remember(read_state(self.folder))
            write_state(self.folder, self.remembered)

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """End the app, and remember where one was."""
        self.remember()
        super().exit(result, return_code, message)

    def listen(self) -> None:
        """Hear the signals that end a process. Without a terminal, as in tests, they are left alone."""
        if not self.is_headless:
            signals.listen(asyncio.get_running_loop(), self._hear, self.keeper.flush)

    def _hear(self, code: int) -> None:
        with contextlib.suppress(Exception):  # what was typed last counts if it can; what was kept before does anyway
            self.settle()
        self.keeper.flush()
        if self.is_unsaved:
            self.failure = KEPT
        self.exit(code)

    def _handle_exception(self, error: Exception) -> None:
        # Textual's own way shows the traceback with all its values; ours goes to a log.
        self._note_crash(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Textual found a fault of its own: with the terminal gone that is no fault, but the end."""
        if not self.has_crashed and not _has_terminal():
            self._hear(crash.HUNG_UP)
            return
        if not self.has_crashed:
            console = Console(width=120, no_color=True)
            with console.capture() as capture:
                console.print(*renderables)
            self._note_crash(RuntimeError(capture.get()))
        self._close_messages_no_wait()

    def _note_crash(self, error: BaseException) -> None:
        if self.has_crashed:
            return
        self.has_crashed = True
        with contextlib.suppress(Exception):
            self.keeper.flush()
        self.failure = crash.sentence(crash.write_log(self.folder, error), self.is_unsaved)


def _has_terminal() -> bool:
    try:
        return sys.__stdin__ is not None and sys.__stdin__.isatty()
    except (OSError, ValueError):
        return False


def run_guarded(app: GuardedApp) -> int:
    """Run the app; the exit code. What is to be said is said on stderr when the terminal is as it was."""
    code: int | None = None
    with crash.logged(app.folder):
        try:
            code = app.run()
        except KeyboardInterrupt:
            code = 130
            app.failure = KEPT if app.is_unsaved else ""
        except Exception as error:
            app._note_crash(error)
    if app.failure:
        with contextlib.suppress(OSError):
            print(app.failure, file=sys.stderr)
    if app.has_crashed:
        return crash.CRASHED
    return code if code is not None else 0
