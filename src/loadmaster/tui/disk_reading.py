"""Looking at the disk in a thread, and telling what is seen in portions, so that the app goes on answering keys."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadmaster.errors import PathRefused
from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.cache import DigestCache, kept, known
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import hash_files
from loadmaster.weights.locate import find_file
from loadmaster.weights.measure import measure_folder
from loadmaster.weights.observation import Observation, SizeDiffers
from loadmaster.weights.observe import Where, locate_model, verify_models
from loadmaster.weights.progress import Progress
from loadmaster.weights.scan_folder import ProposedFile

PORTION_SECONDS = 0.1
"""What is seen is told in portions as far apart as this."""

FileName = tuple[str, str]
"""A model's id and the path of one of its files."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be looked at: these models below a root, those beside them, and whether files are read.

    `additions` are unlisted files of a model to be measured, by its id. `cache` is where digests are kept.
    """

    specs: tuple[ModelSpec, ...]
    others: tuple[ModelSpec, ...]
    where: Where
    cache: Path | None
    read: bool = True
    additions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portion:
    """What was seen since the last portion; `progress` is the latest step, of the file that `reading` names."""

    observations: tuple[Observation, ...] = ()
    measured: tuple[tuple[FileName, int, str], ...] = ()
    additions: tuple[tuple[str, ProposedFile], ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None
    reading: FileName | None = None

    @property
    def is_progress_alone(self) -> bool:
        """Whether it tells of no file, but of how far the read has come."""
        return not (self.observations or self.measured or self.additions or self.folders)


class DiskReading:
    """One look, run in a thread. `tell` is called there with each portion; when `stop` is set it ends soon."""

    def __init__(self, order: Order, stop: threading.Event, tell: Callable[[Portion], None]) -> None:
        self._order = order
        self._stop = stop
        self._tell = tell
        self._seen: list[Observation] = []
        self._measured: list[tuple[FileName, int, str]] = []
        self._of_other_size: list[FileName] = []
        self._progress: Progress | None = None
        self._told_at = 0.0
        self._names: dict[str, FileName] = {}

    def run(self) -> None:
        """Look, read what is to be read, tell all of it. Raises nothing for what lies on disk."""
        order = self._order
        folders = {spec.model_id: str(locate_model(spec, order.where).path) for spec in order.specs}
        self._tell(Portion(folders=folders))
        self._names = dict(_real_names(order.specs, folders))
        with DigestCache(order.cache) as cache:
            for one in verify_models(
                order.specs,
                order.where,
                cache=cache,
                stop=self._stop,
                on_progress=self._moved,
                hasher=None if order.read else lambda stamps: (),
                others=order.others,
            ):
                self._seen.append(one)
                if isinstance(one, SizeDiffers):
                    self._of_other_size.append((one.model_id, one.path))
                self._maybe_tell()
                if self._stop.is_set():
                    break
            if order.read and not self._stop.is_set():
                self._measure(cache, folders)
                self._measure_additions(cache, folders)
        self._tell_now()

    def _measure(self, cache: DigestCache, folders: Mapping[str, str]) -> None:
        """The digests of files whose size is another, which nothing has read yet."""
        stamps: dict[FileStamp, FileName] = {}
        for name in self._of_other_size:
            try:
                stamps[find_file(self._order.where.root, Path(folders[name[0]]), name[1])] = name
            except (OSError, PathRefused):
                continue
        hits, rest = known(stamps, cache)
        read = hash_files(rest, stop=self._stop, on_progress=self._moved)
        for results in (hits, kept(read, cache)):
            for result in results:
                if result.sha256 is not None:
                    self._measured.append((stamps[result.stamp], result.stamp.size, result.sha256))
                    self._maybe_tell()

    def _measure_additions(self, cache: DigestCache, folders: Mapping[str, str]) -> None:
        """The values of unlisted files that are to be added."""
        specs = {spec.model_id: spec for spec in self._order.specs}
        for model_id, paths in self._order.additions.items():
            entries = measure_folder(
                Path(folders[model_id]),
                specs[model_id],
                only=paths,
                root=self._order.where.root,
                cache=cache,
                stop=self._stop,
                on_progress=self._moved,
            )
            found = tuple((model_id, one) for one in entries if isinstance(one, ProposedFile))
            self._tell(Portion(additions=found))

    def _moved(self, step: Progress) -> None:
        self._progress = step
        self._maybe_tell()

    def _maybe_tell(self) -> None:
        now = time.monotonic()
        if now - self._told_at >= PORTION_SECONDS:
            self._told_at = now
            self._tell_now()

    def _tell_now(self) -> None:
        step = self._progress
        portion = Portion(
            tuple(self._seen),
            tuple(self._measured),
            progress=step,
            reading=self._names.get(step.path) if step is not None else None,
        )
        self._seen, self._measured = [], []
        self._tell(portion)


def _real_names(specs: Sequence[ModelSpec], folders: Mapping[str, str]) -> Iterable[tuple[str, FileName]]:
    for spec in specs:
        for file in spec.files:
            yield os.path.realpath(os.path.join(folders[spec.model_id], file.path)), (spec.model_id, file.path)
