"""Where `fill` has true values from: lines of `sha256sum` and the like, a folder, the Hub."""

from __future__ import annotations

import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from loadmaster.cli.common import CannotRun, require_folder, say
from loadmaster.cli.reading_progress import reading_progress
from loadmaster.cli.verify import digest_cache
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import plural
from loadmaster.weights.filling import proposals
from loadmaster.weights.hub_listing import ListedFile
from loadmaster.weights.scan_folder import ProposedFile


@dataclass(slots=True)
class Told:
    """What a source told of a model's files; `incomplete` says that some of it could not be had, and why was said.

    `source` and `pinned` are the `hf://` source that answered, and the same with the commit that did.
    """

    files: list[ProposedFile] = field(default_factory=list)
    incomplete: bool = False
    source: str | None = None
    pinned: str | None = None


def is_interactive() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def from_sums(origin: str, spec: ModelSpec, below: str | None, only: str | None) -> Told:
    """What a text of digests tells; `origin` is a file, or - for standard input.

    `below` is the folder that stands before the model's paths, `only` the file that a lone digest is of. Raises
    CannotRun where the text cannot be read, or where a guess would have to be made and there is nobody to ask.
    """
    from loadmaster.weights.sums import align, parse_sums

    sums = parse_sums(_text(origin))
    for fault in sums.faults:
        say(f"{origin}:{fault.line}: {fault.reason}")
    entries = [_named(entry, spec, only) for entry in sums.entries]
    if not entries:
        raise CannotRun(f"{origin}: there is no line of sha256sum, Git LFS or a Hub tree in it")
    listed = [file.path for file in spec.files]
    if below is not None:
        folder = below.strip("/") + "/"
        own = [
            replace(one, path=one.path[len(folder) :])
            for one in entries
            if one.path is not None and one.path.startswith(folder)
        ]
        return Told(list(proposals(own, spec)), bool(sums.faults))
    aligned = align(entries, listed, spec.model_id)
    if aligned.rivals:
        folders = ", ".join(sorted(prefix.rstrip("/") or "." for prefix in (aligned.prefix, *aligned.rivals)))
        raise CannotRun(f"{origin}: the model's files lie in several folders there; choose one with --below: {folders}")
    if aligned.elsewhere:
        say(f"{origin}: {plural(len(aligned.elsewhere), 'line')} outside {aligned.prefix.rstrip('/')} passed over")
    return Told(list(proposals(aligned.entries, spec)), bool(sums.faults))


def _text(origin: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if origin == "-" else Path(origin).read_bytes()
    except OSError as error:
        raise CannotRun(f"{origin}: {error.strerror or error}") from error
    return raw.decode("utf-8", errors="replace")


def _named(entry: ListedFile, spec: ModelSpec, only: str | None) -> ListedFile:
    """The entry with a path, also where its line has none: a lone pointer is of the one file that can be meant."""
    if entry.path is not None:
        return entry
    if only is None and len(spec.files) != 1:
        raise CannotRun("a line names no file; say which one it is of with --file PATH")
    return replace(entry, path=only or spec.files[0].path)


def from_folder(
    folder: Path, spec: ModelSpec, root: Path | None, workers: int | None, use_cache: bool, stop: threading.Event
) -> Told:
    """What the files of a folder are, those read that the model lists or that its `allow_patterns` take."""
    from loadmaster.weights.measure import NotMeasured, measure_folder
    from loadmaster.weights.scan_folder import scan_folder

    require_folder(folder)
    told = Told()
    for trouble in scan_folder(folder, root).troubles:
        hint = "; --root DIR says how far links may lead" if "leaves the root" in trouble else ""
        say(f"{folder}: {trouble}{hint}")
        told.incomplete = True
    with reading_progress() as on_progress, digest_cache(use_cache) as cache:
        for one in measure_folder(
            folder, spec, root=root, cache=cache, workers=workers, stop=stop, on_progress=on_progress
        ):
            if isinstance(one, NotMeasured):
                say(f"{folder}: {one.path}: {one.reason}")
                told.incomplete = True
            else:
                told.files.append(one)
    return told


def from_hub(spec: ModelSpec, wanted: str | None, *, offline: bool) -> Told:
    """What the Hub tells of the model at its `hf://` source, small files outside LFS read to be hashed.

    `wanted` is the source to ask, if not the model's first. Raises CannotRun where it cannot be asked.
    """
    from loadmaster.weights.hub import Hub
    from loadmaster.weights.hub_cache import read_cached
    from loadmaster.weights.hub_source import SCHEME, parse_hub_source

    source = wanted or next((one for one in spec.sources if one.startswith(SCHEME)), None)
    if source is None:
        raise CannotRun(f"{spec.model_id} has no hf:// source; name one with --source hf://owner/name")
    try:
        place = parse_hub_source(source)
        hub = Hub()
        if offline:
            model = read_cached(place)
        else:
            model = hub.read(place)
            model = hub.with_small_digests(model, _interesting(model.files, spec))
    except LoadmasterError as error:
        raise CannotRun(str(error)) from error
    if not model.complete:
        say("the Hub's cache holds only the files that were downloaded, so others are not told of")
    return Told(list(proposals(model.files, spec)), source=source, pinned=model.pinned_source)


def _interesting(files: Sequence[ListedFile], spec: ModelSpec) -> Collection[str]:
    listed = {file.path for file in spec.files}
    return [one.path for one in proposals(files, spec) if one.path in listed or one.wanted]


def with_sizes(told: Told, sizes: Mapping[str, int]) -> Told:
    """The same with these sizes, in bytes, by path. Raises CannotRun for a file that nothing was told of."""
    known = {one.path for one in told.files}
    for path in sizes:
        if path not in known:
            raise CannotRun(f"--size: nothing was told of {path}")
    told.files = [replace(one, size=sizes.get(one.path, one.size)) for one in told.files]
    return told


def asked_sizes(paths: Sequence[str], listed: Mapping[str, int]) -> dict[str, int]:
    """The sizes of files that were told without, as a person gives them; Enter keeps what is listed."""
    found = {}
    for path in paths:
        known = listed.get(path)
        text = click.prompt(f"size of {path}", default=None if known is None else str(known), err=True)
        found[path] = size_of(text, f"size of {path}")
    return found


def size_of(text: str, what: str) -> int:
    """A size as people write it: 9825014472, 9.8GB, 4.7GiB. Raises CannotRun."""
    from loadmaster.manifest.fields import field_of, parse_value

    field = field_of("files", "size")
    assert field is not None
    try:
        size = parse_value(field, text)
    except ValueError as error:
        raise CannotRun(f"{what}: {error}") from error
    assert isinstance(size, int)
    return size
