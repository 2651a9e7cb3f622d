"""Opening a manifest in the app without a terminal, with what that costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from loadmaster.tui.app import LoadmasterApp


@asynccontextmanager
async def opened(file: Path, home: Path) -> AsyncIterator[tuple[LoadmasterApp, Pilot[int]]]:
    """The app with `file` shown and checked; prints the CPU seconds to either. `home` holds what it remembers."""
    start = time.process_time()
    app = LoadmasterApp(file, keymap=home / "keymap.toml", state=home / "state")
    async with app.run_test(size=(120, 40)) as pilot:
        while app.workbench.view is None:
            await asyncio.sleep(0.005)
        print(f"tree shown    {time.process_time() - start:6.2f} s")
        await app.workers.wait_for_complete()
        await pilot.pause()
        print(f"all checked   {time.process_time() - start:6.2f} s", flush=True)
        yield app, pilot
