"""Disk: where the model lies, each file's state in words, progress while files are read, and the way to fill.

What is known is kept for every model that was looked at. What is shown is that beside the manifest as it is now, so an
edit or its undo changes a state at once.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from loadmaster.document.document import Document
from loadmaster.manifest.spec import ModelSpec
from loadmaster.tui.disk_facts import DiskLook, told_by, unmeasured
from loadmaster.tui.disk_reading import DiskReading, FileName, Order, Portion
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.widgets.detail.disk_table import DiskHead, DiskTable, HeadFacts, disk_rows
from loadmaster.weights.cache import default_cache_path
from loadmaster.weights.filling import FillPlan, plan_fill
from loadmaster.weights.observation import Unlisted
from loadmaster.weights.observe import Where
from loadmaster.weights.partial_spec import comparable_spec, partial_spec
from loadmaster.weights.progress import Pace, Progress
from loadmaster.weights.scan_folder import ProposedFile

ROOT_VARIABLE = "MODELS_ROOT"


class Disk(Vertical):
    """The list with its head. It asks nobody and changes nothing: what is wanted goes out as messages."""

    DEFAULT_CSS = """
    Disk { height: 1fr; }
    Disk DiskTable { height: 1fr; }
    """

    class RootAsked(Message):
        """The folder below which models lie is not known, or shall be another."""

    class Filled(Message):
        """What was asked for has been read: these plans can be shown and done. `add` tells that files are added."""

        def __init__(self, plans: Sequence[FillPlan], *, add: bool) -> None:
            super().__init__()
            self.plans = plans
            self.add = add

    class Ended(Message):
        """A look is over: sound digests, by model, are confirmed by now."""

        def __init__(self, sound: Sequence[tuple[str, str]], *, stopped: bool) -> None:
            super().__init__()
            self.sound = sound
            self.stopped = stopped

    class FaultsCounted(Message):
        """So many faults were found on disk, of all models that were looked at."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._faults: dict[str, int] = {}
        self._heard: dict[str, set[str]] = {}
        """The unlisted files that the present look has come upon."""
        self.root = _root_of_environment()
        self.view: ManifestView | None = None
        self.model_id: str | None = None
        self.looks: dict[str, DiskLook] = {}
        self._stop = threading.Event()
        self._order: Order | None = None
        self._then_fill: tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]] | None = None
        self._progress: Progress | None = None
        self._reading: FileName | None = None
        self._pace = Pace()

    def compose(self) -> ComposeResult:
        """Head, list."""
        yield DiskHead()
        yield DiskTable(id="disk-table")

    @property
    def table(self) -> DiskTable:
        """The list, which takes the keys."""
        return self.query_one(DiskTable)

    @property
    def is_reading(self) -> bool:
        """Whether files are being read; a look at sizes alone does not count."""
        return self._order is not None and self._order.read

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show what is known of a model; sizes are looked at, at once and aside, where nothing is known yet."""
        if self.view is not None and self.view is not view:
            self._forget()
        self.view, self.model_id = view, model_id
        if model_id is None:
            return
        if self.root is not None and self._order is None and not self._look_of(model_id).looked:
            self._begin([model_id], read=False)
        self._show()

    def _forget(self) -> None:
        self.looks.clear()
        self._count(dict.fromkeys(self._faults, 0))

    def _count(self, faults: Mapping[str, int]) -> None:
        before = sum(self._faults.values())
        self._faults.update(faults)
        number = sum(self._faults.values())
        if number != before:
            self.post_message(self.FaultsCounted(number))

    def _look_of(self, model_id: str) -> DiskLook:
        return self.looks.setdefault(model_id, DiskLook())

    def _show(self) -> None:
        if self.view is not None and self.model_id is not None:
            self.table.show_look(self.view, self.model_id, self._look_of(self.model_id))
            self._count({self.model_id: sum(len(row.findings) for row in self.table.rows)})
        self._show_progress()

    def _show_progress(self) -> None:
        if self.model_id is None:
            return
        name, step = self._reading, self._progress
        here = name[1] if name is not None and name[0] == self.model_id else None
        self.table.is_reading = self.is_reading
        self.table.show_reading((here, step) if here is not None and step is not None else None)
        look = self._look_of(self.model_id)
        self.query_one(DiskHead).show(HeadFacts(self.root, look, self.is_reading, step, self._pace, self.table.found))

    # Looking.

    def set_root(self, root: Path) -> None:
        """Look below another folder from now on."""
        self.stop()
        self.root = root
        self._forget()
        if self.view is not None:
            self.show(self.view, self.model_id)

    def verify(self, model_ids: Sequence[str]) -> None:
        """Read the files of these models."""
        if self.root is None:
            self.post_message(self.RootAsked())
            return
        self._then_fill = None
        self._begin(model_ids, read=True)

    def fill(self, model_ids: Sequence[str], additions: Mapping[str, tuple[str, ...]]) -> None:
        """Read what is not known yet of these models, then offer to fill it in; `additions` are files to be added."""
        if self.root is None:
            self.post_message(self.RootAsked())
            return
        self._then_fill = (tuple(model_ids), additions)
        if additions or any(self._is_wanting(model_id) for model_id in model_ids):
            self._begin(model_ids, read=True, additions=additions)
        else:
            self._offer_fill()

    def _is_wanting(self, model_id: str) -> bool:
        look = self._look_of(model_id)
        return not look.looked or bool(unmeasured(look, self._spec(model_id).files))

    def stop(self) -> None:
        """End the look that goes on. What was read is kept."""
        self._stop.set()
        self._then_fill = None

    def on_unmount(self) -> None:
        """The app ends, or another manifest is opened."""
        self.stop()

    def _spec(self, model_id: str) -> ModelSpec:
        assert self.view is not None
        return partial_spec(model_id, self.view.document.model_data(model_id))

    def _begin(
        self, model_ids: Sequence[str], *, read: bool, additions: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        assert self.view is not None
        assert self.root is not None
        self._stop.set()
        self._stop = threading.Event()
        document = self.view.document
        wanted = [model_id for model_id in document.model_ids if model_id in model_ids]
        self._order = Order(
            tuple(comparable_spec(model_id, document.model_data(model_id))[0] for model_id in wanted),
            tuple(_others(document, wanted)),
            Where(self.root),
            default_cache_path(),
            read,
            dict(additions or {}),
        )
        self._progress, self._reading, self._pace = None, None, Pace()
        self._heard = {model_id: set() for model_id in wanted}
        for model_id in wanted:
            # Unlisted files stay until the look has not come upon them: a row that goes takes the cursor along.
            self.looks[model_id] = replace(self._look_of(model_id), headers=[], additions={})
        self._run(self._order, self._stop)
        self._show()

    @work(thread=True, group="disk")
    def _run(self, order: Order, stop: threading.Event) -> None:
        def tell(portion: Portion) -> None:
            with contextlib.suppress(RuntimeError):  # the app is gone
                self.app.call_from_thread(self._take, order, portion)

        DiskReading(order, stop, tell).run()
        with contextlib.suppress(RuntimeError):
            self.app.call_from_thread(self._end, order, stop.is_set())

    def _take(self, order: Order, portion: Portion) -> None:
        if order is not self._order:
            return
        listed = {spec.model_id: {file.path: file for file in spec.files} for spec in order.specs}
        for model_id, folder in portion.folders.items():
            self._look_of(model_id).folder = folder
        for one in portion.observations:
            path = getattr(one, "path", None)
            if isinstance(one, Unlisted):
                self._heard.setdefault(one.model_id, set()).add(one.path)
            self._look_of(one.model_id).hear(one, listed[one.model_id].get(path) if path is not None else None)
        for (model_id, path), size, sha256 in portion.measured:
            self._look_of(model_id).measured(path, size, sha256)
        for model_id, addition in portion.additions:
            self._look_of(model_id).additions[addition.path] = addition
        if portion.progress is not None:
            self._progress, self._reading = portion.progress, portion.reading
            self._pace.update(portion.progress.done)
        if portion.is_progress_alone:
            self._show_progress()
        else:
            self._show()

    def _end(self, order: Order, stopped: bool) -> None:
        if order is not self._order:
            return
        self._order, self._progress, self._reading = None, None, None
        sound = []
        for spec in order.specs:
            look = self._look_of(spec.model_id)
            if not stopped:
                look.finish(spec)
                heard = self._heard.get(spec.model_id, set())
                look.unlisted = {path: one for path, one in look.unlisted.items() if path in heard}
            for file in spec.files:
                fact = look.facts.get(file.path)
                if fact is not None and fact.sha256 is not None and fact.sha256 == file.sha256:
                    sound.append((spec.model_id, file.sha256))
            if self.view is not None and spec.model_id in self.view.document.model_ids:
                rows = disk_rows(self.view, spec.model_id, look)
                self._count({spec.model_id: sum(len(row.findings) for row in rows)})
        self._show()
        if order.read:
            self.post_message(self.Ended(sound, stopped=stopped))
        if self._then_fill is not None and not stopped:
            self._offer_fill()

    # Filling.

    def _offer_fill(self) -> None:
        assert self._then_fill is not None
        assert self.view is not None
        (model_ids, additions), self._then_fill = self._then_fill, None
        document = self.view.document
        plans = []
        for model_id in model_ids:
            if model_id not in document.model_ids:
                continue
            look = self._look_of(model_id)
            told: Iterable[ProposedFile] = told_by(look, self._spec(model_id).files)
            if additions:
                told = [one for path, one in look.additions.items() if path in additions.get(model_id, ())]
            plans.append(plan_fill(document, model_id, list(told)))
        self.post_message(self.Filled(plans, add=bool(additions)))

    def know_additions(self, plan: FillPlan) -> None:
        """The files that a plan added were measured for it."""
        look = self._look_of(plan.model_id)
        for one in plan.additions:
            if one.size is not None and one.sha256 is not None:
                look.measured(one.path, one.size, one.sha256)


def _root_of_environment() -> Path | None:
    text = os.environ.get(ROOT_VARIABLE, "")
    return Path(text) if os.path.isdir(text) else None


def _others(document: Document, wanted: Sequence[str]) -> Iterable[ModelSpec]:
    for model_id in document.model_ids:
        if model_id not in wanted:
            yield comparable_spec(model_id, document.model_data(model_id))[0]
