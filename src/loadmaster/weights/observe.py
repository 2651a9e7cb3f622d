"""Models against the disk: where each file is, how large, with what digest, and what its header says.

Sizes are looked at first, for all models; what can agree is then read by one pool for all of them, so that a large
file of one model does not keep another waiting. Observations come as they are made.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from loadmaster.errors import PathRefused
from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.agreement import disagreements, read_heads
from loadmaster.weights.cache import DigestCache, kept, known
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult, hash_files, words_of
from loadmaster.weights.locate import DEFAULT_LAYOUT, Layout, ModelFolder, candidate_folders, find_file, find_folder
from loadmaster.weights.observation import (
    DigestDiffers,
    Missing,
    MissingReason,
    Observation,
    PointerLies,
    SizeDiffers,
    Sound,
    Unlisted,
    Unreadable,
)
from loadmaster.weights.progress import Progress
from loadmaster.weights.scan_folder import pointer_at, scan_folder

Hasher = Callable[[Sequence[FileStamp]], Iterable[HashResult]]
"""Reads files, each once, and gives each result as it comes: threads here, or workers elsewhere."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where to look: the root, the variant asked for (None: the model's own folder), and the layout below the root."""

    root: Path
    variant: str | None = None
    layout: Layout = DEFAULT_LAYOUT


@dataclass(slots=True)
class _Model:
    """One model on its way: where it lies, what still has to be read, and what agreed."""

    spec: ModelSpec
    folder: ModelFolder
    stamps: dict[str, FileStamp] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    sound: dict[str, str] = field(default_factory=dict)


def locate_model(spec: ModelSpec, where: Where) -> ModelFolder:
    """The folder of a model; see :func:`loadmaster.weights.locate.candidate_folders` for the order."""
    candidates = candidate_folders(
        spec.model_id,
        variant=where.variant,
        default_variant=spec.default_variant,
        sources=spec.sources,
        layout=where.layout,
    )
    return find_folder(where.root, candidates)


def verify_models(
    specs: Sequence[ModelSpec],
    where: Where,
    *,
    cache: DigestCache | None = None,
    workers: int | None = None,
    stop: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    hasher: Hasher | None = None,
    others: Sequence[ModelSpec] = (),
) -> Generator[Observation, None, None]:
    """Each listed file gives exactly one of Sound, Missing, Unreadable, SizeDiffers, DigestDiffers, PointerLies.

    Beside these come Unlisted, and, for what is sound, HeaderDisagrees, ParametersDiffer and PrecisionDiffers.
    When `stop` is set, or the iteration is closed, files not yet read give none; those read are in the cache.
    `hasher` reads in place of the threads here; `workers` and `on_progress` are then its own matter.
    `others` are models that are not verified, but whose files are not unlisted where folders are shared.
    """

    def by_threads(stamps: Sequence[FileStamp]) -> Iterator[HashResult]:
        return hash_files(stamps, workers=workers, stop=stop, on_progress=on_progress)

    models = [_Model(spec, locate_model(spec, where)) for spec in specs]
    for model in models:
        yield from _look(model, where.root)
    yield from _unlisted(models, [_Model(spec, locate_model(spec, where)) for spec in others], where.root)
    for model in models:
        if not model.waiting:
            yield from _agreement(model)
    yield from _read(models, cache, hasher or by_threads)


def _look(model: _Model, root: Path) -> Iterator[Observation]:
    """Everything that can be told of the listed files without reading them whole."""
    spec = model.spec
    for file in spec.files:
        observation = _look_at(file, model, root)
        if observation is not None:
            yield observation


def _look_at(file: FileSpec, model: _Model, root: Path) -> Observation | None:
    model_id, folder = model.spec.model_id, model.folder
    if not folder.exists:
        if folder.trouble:
            return Unreadable(model_id, file.path, f"lies in a folder that cannot be used: {folder.trouble}")
        return Missing(model_id, file.path, str(folder.path), MissingReason.FOLDER, file.optional)
    try:
        stamp = find_file(root, folder.path, file.path)
    except FileNotFoundError:
        return Missing(model_id, file.path, str(folder.path), MissingReason.FILE, file.optional)
    except PathRefused as problem:
        return Unreadable(model_id, file.path, str(problem.details["reason"]))
    except OSError as problem:
        return Unreadable(model_id, file.path, words_of(problem))
    model.stamps[file.path] = stamp
    if (pointer := pointer_at(stamp)) is not None:
        agrees = (pointer.sha256, pointer.size) == (file.sha256.lower(), file.size)
        return PointerLies(model_id, file.path, pointer.sha256, pointer.size, agrees)
    if stamp.size != file.size:
        others = (other.path for other in model.spec.files if other.path != file.path and other.size == stamp.size)
        return SizeDiffers(model_id, file.path, file.size, stamp.size, next(others, None))
    model.waiting.add(file.path)
    return None


def _read(models: Sequence[_Model], cache: DigestCache | None, hasher: Hasher) -> Iterator[Observation]:
    wanted: dict[FileStamp, list[tuple[_Model, FileSpec]]] = {}
    for model in models:
        for file in model.spec.files:
            if file.path in model.waiting:
                wanted.setdefault(model.stamps[file.path], []).append((model, file))
    hits, rest = known(wanted, cache)
    for result in _in_turn(hits, rest, cache, hasher):
        pairs = wanted.pop(result.stamp, [])
        for model, file in pairs:
            yield _compare(model, file, result)
            model.waiting.discard(file.path)
        for model in {id(model): model for model, _ in pairs}.values():
            if not model.waiting:
                yield from _agreement(model)


def _in_turn(
    hits: list[HashResult], rest: list[FileStamp], cache: DigestCache | None, hasher: Hasher
) -> Iterator[HashResult]:
    yield from hits
    if rest:
        yield from kept(hasher(rest), cache)


def _compare(model: _Model, file: FileSpec, result: HashResult) -> Observation:
    model_id = model.spec.model_id
    if result.sha256 is None:
        return Unreadable(model_id, file.path, result.trouble)
    if result.sha256 == file.sha256.lower():
        model.sound[file.path] = result.stamp.path
        return Sound(model_id, file.path, result.sha256, result.cached)
    found = result.sha256
    others = (other.path for other in model.spec.files if other.path != file.path and other.sha256.lower() == found)
    return DigestDiffers(model_id, file.path, file.sha256, found, next(others, None))


def _agreement(model: _Model) -> Iterator[Observation]:
    if model.sound:
        yield from disagreements(model.spec, read_heads(model.spec, model.sound))


def _unlisted(models: Sequence[_Model], others: Sequence[_Model], root: Path) -> Iterator[Unlisted]:
    """Files that no model lists: folders of two models may be one, or one inside the other."""
    present = [model for model in (*models, *others) if model.folder.exists]
    listed = {_listed_at(model, file.path) for model in present for file in model.spec.files}
    folded = {_folded(_listed_at(model, path)): stamp for model in present for path, stamp in model.stamps.items()}
    told: set[Path] = set()
    for model in models:
        if not model.folder.exists or model.folder.path in told:
            continue
        told.add(model.folder.path)
        for found in scan_folder(model.folder.path, root).files:
            place = _listed_at(model, found.path)
            same = folded.get(_folded(place))
            if place in listed or (same is not None and same.inode == found.stamp.inode):
                continue  # the second: a file system that does not tell A from a
            wanted = any(fnmatchcase(found.path, pattern) for pattern in model.spec.allow_patterns)
            yield Unlisted(model.spec.model_id, found.path, found.stamp.size, wanted)


def _listed_at(model: _Model, path: str) -> str:
    return "/".join((str(model.folder.path), *(part for part in path.split("/") if part not in ("", "."))))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
