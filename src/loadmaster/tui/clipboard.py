"""How a text reaches the clipboard: by OSC 52 through the terminal, by the command of tmux, or not at all."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Mapping
from enum import StrEnum

PATIENCE = 2.0
"""Seconds that tmux may take."""


class Way(StrEnum):
    """What carries a text."""

    TERMINAL = "terminal"
    TMUX = "tmux"
    NONE = "none"


def way_of(environment: Mapping[str, str], which: Callable[[str], str | None] = shutil.which) -> Way:
    """What would carry a text here. No terminal answers whether it took one; some are known to take none.

    tmux passes OSC 52 on only with `set-clipboard on`, which is not its default; its own command always works.
    """
    if environment.get("TMUX") and which("tmux"):
        return Way.TMUX
    term = environment.get("TERM", "")
    if environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return Way.NONE
    if term in ("", "dumb", "linux", "cons25", "ansi") or term.startswith(("vt1", "vt2", "screen")):
        return Way.NONE
    return Way.TERMINAL


def give_to_tmux(text: str) -> None:
    """Have tmux put the text into its buffer and into the clipboard of its terminal. Never raises."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
