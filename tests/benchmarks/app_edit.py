"""How long the app takes to show a manifest of 1,000 models, and what an edit in it costs: applied, checked, painted.

    python tests/benchmarks/app_edit.py [FILE] [--models 1000] [--edits 20]

FILE is any large manifest (`../shared/tools/make_manifest.py 1000 20 OUT` makes one); without it one is written.
Prints how long it takes from the start of the process to the tree, in a terminal of its own; then, in this process
and as CPU time, for Pilot adds waits of its own, what showing, checking and editing cost, and what the app costs while
nobody touches it. To be held at 1,000 models: the tree within 2 s, an edit within 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from textual.widgets import Input

from loadmaster.session import Session
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.widgets.field_editor import FieldEditor

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from tests.benchmarks.opening import opened
from tests.tui.terminal import Terminal, in_terminal

MODELS, FILES = 1000, 20
IDLE = 10.0
"""Seconds for which the app is left alone."""


def manifest(models: int) -> str:
    """A manifest in which each model has a fault or two."""
    return "schema_version = 1\n" + "".join(_model(number) for number in range(models))


def _model(number: int) -> str:
    header = f'models."t2v-{number:04d}@1.0.0"'
    files = "".join(
        f'\n[[{header}.files]]\npath = "part-{part}.json"\nsize = {1000 + part}\nsha256 = "{number:032x}{part:032x}"\n'
        for part in range(FILES)
    )
    return (
        f'\n[{header}]\nvariants = ["fp16"]\ndefault_variant = "fp16"\n'
        f"\n[{header}.defaults]\nfps = 24\n{files}"
        f'\n[{header}.sources]\npriority = ["hf://acme/model-{number}"]\n'
    )


def measure_start(file: Path, home: Path) -> None:
    """Start the app as a person does, in a terminal, and print when the tree is there."""
    first = tree_of(file)
    start = time.perf_counter()
    with in_terminal(["-m", "loadmaster", str(file)], home, (120, 40)) as terminal:
        terminal.shows(first)
        shown = time.perf_counter() - start
        spent = cpu_of(terminal.pid)
        print(f"start to tree {shown:6.2f} s   ({spent:.2f} s of CPU)")
        # Once nothing is written any more, the check is done.
        wait_until_quiet(terminal)
        before = cpu_of(terminal.pid)
        time.sleep(IDLE)
        print(f"left alone    {(cpu_of(terminal.pid) - before) / IDLE * 100:6.2f} % of a core, over {IDLE:.0f} s")


def wait_until_quiet(terminal: Terminal) -> None:
    """Return once the program has used no CPU worth the name for two seconds."""
    used = -1.0
    while cpu_of(terminal.pid) - used > 0.05:
        used = cpu_of(terminal.pid)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            terminal.read()


def tree_of(file: Path) -> str:
    """What stands in the tree once it is shown: the id of its first model, as far as it fits."""
    view = ManifestView(Session.open(file, check_now=False))
    return view.groups()[0][1][0][:16]


def cpu_of(process: int) -> float:
    """Seconds of CPU that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(file: Path, edits: int, home: Path) -> None:
    """Open `file`, edit it, print."""
    async with opened(file, home) as (app, pilot):
        await pilot.press("3")
        typed, kept = [], []
        for number in range(edits):
            await pilot.press("home", "enter")
            await pilot.pause()
            line = app.workbench.query_one(FieldEditor).query_one(Input)
            before = time.process_time()
            line.value = str(25 + number)
            await pilot.pause()
            typed.append(time.process_time() - before)
            before = time.process_time()
            await pilot.press("enter")
            await pilot.pause()
            kept.append(time.process_time() - before)
    print(f"a key typed   {statistics.median(typed) * 1000:6.1f} ms, at most {max(typed) * 1000:.1f}")
    print(f"an edit kept  {statistics.median(kept) * 1000:6.1f} ms, at most {max(kept) * 1000:.1f}")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--models", type=int, default=MODELS)
    parser.add_argument("--edits", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.file
        if file is None:
            file = Path(folder) / "models.toml"
            file.write_text(manifest(arguments.models), encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size:,} bytes")
        measure_start(file, Path(folder) / "terminal")
        asyncio.run(measure(file, arguments.edits, Path(folder) / "pilot"))


if __name__ == "__main__":
    main()
