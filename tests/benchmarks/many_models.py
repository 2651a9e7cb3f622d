"""What a key costs the app in a manifest of very many models: moving, typing, keeping, undoing, filtering.

    python tests/benchmarks/many_models.py FILE [--times 7] [--profile NAME]

FILE is a large manifest (`../shared/tools/make_manifest.py 10000 20 OUT` makes one). Run it on a tenth of the models as
well: what costs the same in both does not grow with the manifest. Prints CPU time, the least of several runs: all of
it, and that of the thread which deals with keys, for the others wait only where that one is busy. With `--profile` also
where the time of one of the lines that are printed goes.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.widgets.field_editor import FieldEditor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from tests.benchmarks.opening import opened

WORDS = ("t", "t2v", "t2v-05", "unet", "weights-0001", "deadbe", "zzzz")
ROWS = 30
"""Functions of a profile that are told."""


class Stopwatch:
    """CPU times by what was measured; profiles what is called `profiled`."""

    def __init__(self, profiled: str) -> None:
        self._profiled = profiled
        self._taken: dict[str, list[tuple[float, float]]] = {}
        self.profile = cProfile.Profile()

    @contextmanager
    def measuring(self, name: str) -> Iterator[None]:
        """Measure what is done inside, once more for this name."""
        before = time.process_time(), time.thread_time()
        if name == self._profiled:
            self.profile.enable()
        yield
        self.profile.disable()
        after = time.process_time() - before[0], time.thread_time() - before[1]
        self._taken.setdefault(name, []).append(after)

    def report(self) -> None:
        """Print it."""
        for name, taken in self._taken.items():
            in_all, of_keys = (min(one[kind] for one in taken) * 1000 for kind in (0, 1))
            print(f"{name:22} {in_all:8.1f} ms   the thread of keys {of_keys:8.1f} ms")
        if self._profiled:
            pstats.Stats(self.profile).sort_stats("tottime").print_stats(ROWS)


async def measure(file: Path, times: int, home: Path, watch: Stopwatch) -> None:
    """Open `file` and press keys."""
    async with opened(file, home) as (app, pilot):
        await pilot.pause()
        for _ in range(times):
            with watch.measuring("down"):
                await pilot.press("j")
                await pilot.pause()
        await pilot.press("3")
        for number in range(times):
            await _edit(pilot, app, str(25 + number), watch)
        for _ in range(times):
            with watch.measuring("undone"):
                await pilot.press("u")
                await pilot.pause()
        await pilot.press("slash")
        await pilot.pause()
        line = app.workbench.query_one("#filter", Input)
        for word in WORDS * 2:
            with watch.measuring(f"filter {word}"):
                line.value = word
                await pilot.pause()
    watch.report()


async def _edit(pilot: Pilot[int], app: LoadmasterApp, text: str, watch: Stopwatch) -> None:
    await pilot.press("home", "enter")
    await pilot.pause()
    line = app.workbench.query_one(FieldEditor).query_one(Input)
    with watch.measuring("typed"):
        line.value = text
        await pilot.pause()
    with watch.measuring("kept"):
        await pilot.press("enter")
        await pilot.pause()


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--profile", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(arguments.file, arguments.times, Path(folder), Stopwatch(arguments.profile)))


if __name__ == "__main__":
    main()
