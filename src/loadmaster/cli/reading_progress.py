"""Progress of reading many files: bytes, rate and time left on a terminal's stderr, and nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from loadmaster.manifest.words import visible
from loadmaster.weights.progress import Progress

LONGEST_NAME = 40


@contextmanager
def reading_progress(enabled: bool | None = None) -> Iterator[Callable[[Progress], None] | None]:
    """What to call with each step, as long as the block lasts; None where nobody watches."""
    if not (sys.stderr.isatty() if enabled is None else enabled):
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.fields[name]}", markup=False),  # a name is no markup
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[files]}", markup=False),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=10.0) as bars:
        task = bars.add_task("", total=None, name="", files="")

        def tell(step: Progress) -> None:
            name = visible(step.path.replace("\\", "/").rpartition("/")[2])
            short = name if len(name) <= LONGEST_NAME else f"{name[:16]}…{name[-23:]}"
            files = f"{step.files_done} of {step.files_total} files"
            bars.update(task, total=step.total, completed=step.done, name=short, files=files)

        yield tell
