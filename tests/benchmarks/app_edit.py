"""How long the app takes to show a manifest of 1,000 models, and what an edit in it costs: applied, checked, painted.

    python tests/benchmarks/app_edit.py [FILE] [--edits 20]

FILE is any large manifest (`../shared/tools/make_manifest.py 1000 20 OUT` makes one); without it one is written.
Prints CPU time, for Pilot adds waits of its own: the tree within 2 s, an edit within 100 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from textual.widgets import Input

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.widgets.field_editor import FieldEditor

MODELS, FILES = 1000, 20


def manifest() -> str:
    """A manifest in which each model has a fault or two."""
    return "schema_version = 1\n" + "".join(_model(number) for number in range(MODELS))


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


async def measure(file: Path, edits: int) -> None:
    """Open `file`, edit it, print."""
    start = time.process_time()
    app = LoadmasterApp(file)
    async with app.run_test(size=(120, 40)) as pilot:
        while app.workbench.view is None:
            await asyncio.sleep(0.005)
        print(f"tree shown    {time.process_time() - start:6.2f} s")
        await app.workers.wait_for_complete()
        await pilot.pause()
        print(f"all checked   {time.process_time() - start:6.2f} s")
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
    parser.add_argument("--edits", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = arguments.file
        if file is None:
            file = Path(folder) / "models.toml"
            file.write_text(manifest(), encoding="utf-8")
        asyncio.run(measure(file, arguments.edits))


if __name__ == "__main__":
    main()
