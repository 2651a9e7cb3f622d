"""True sizes and digests into a model: what is told of its files against what it lists, and the edit that takes it.

Where the values come from (a folder, the Hub, lines of `sha256sum`) makes no difference here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused, PathRefused
from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.hub_listing import ListedFile
from loadmaster.weights.locate import relative_parts
from loadmaster.weights.scan_folder import ProposedFile, propose, spec_vocabulary


@dataclass(frozen=True, slots=True)
class NewValues:
    """A listed file that takes other values; None leaves what stands there."""

    path: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class FillPlan:
    """What is told of a model's files, sorted by what becomes of it.

    `changes` are listed files with other values, `additions` unlisted ones that `allow_patterns` takes. `agreeing`
    counts the listed files that are true already. `left_out` are unlisted files that are not added, each with why.
    `unsized` are listed files with a new digest and the size that stood there before, `sizeless` unlisted ones that
    cannot be added for want of a size. `need_bytes` were told without a digest, `pointers` lie there as Git LFS
    pointers, so that their values are promises. Of `untold` ones, which are listed, nothing was told.
    """

    model_id: str
    changes: tuple[NewValues, ...] = ()
    additions: tuple[ProposedFile, ...] = ()
    agreeing: int = 0
    left_out: tuple[tuple[str, str], ...] = ()
    unsized: tuple[str, ...] = ()
    sizeless: tuple[str, ...] = ()
    need_bytes: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()


def proposals(files: Iterable[ListedFile], spec: ModelSpec) -> tuple[ProposedFile, ...]:
    """What someone else told of files, as entries in the words of `spec`. Files without a path are passed over."""
    by_path = {file.path: file for file in files if file.path is not None}
    sizes = {path: file.size for path, file in by_path.items()}
    entries = propose(sizes, vocabulary=spec_vocabulary(spec), allow_patterns=spec.allow_patterns)
    return tuple(replace(entry, sha256=by_path[entry.path].sha256) for entry in entries)


def plan_fill(document: Document, model_id: str, told: Sequence[ProposedFile]) -> FillPlan:
    """What becomes of each file that was told of. Of two with one path the last counts."""
    listed = _listed(document, model_id)
    by_path = {one.path: one for one in told}
    known = [one for one in by_path.values() if one.path in listed and one.sha256 is not None]
    changes = [change for one in known if (change := _change(listed[one.path], one)) is not None]
    fresh = [one for one in by_path.values() if one.path not in listed]
    left_out = [(one.path, reason) for one in fresh if (reason := _why_left_out(one))]
    wanted = [one for one in fresh if not _why_left_out(one)]
    return FillPlan(
        model_id,
        tuple(changes),
        tuple(one for one in wanted if one.size is not None and one.sha256 is not None),
        len(known) - len(changes),
        tuple(left_out),
        tuple(change.path for change in changes if change.sha256 is not None and by_path[change.path].size is None),
        tuple(one.path for one in wanted if one.size is None and one.sha256 is not None),
        tuple(one.path for one in by_path.values() if one.sha256 is None and (one.path in listed or one in wanted)),
        tuple(one.path for one in by_path.values() if one.pointer and (one.path in listed or one in wanted)),
        tuple(path for path in listed if path not in by_path),
    )


def fill(document: Document, plan: FillPlan, *, add: bool = True) -> Document:
    """The document with all changes of the plan, and its additions with `add`. Raises EditRefused."""
    path: KeyPath = ("models", plan.model_id, "files")
    values = {change.path: change for change in plan.changes}
    for index, entry in enumerate(_entries(document, plan.model_id)):
        change = values.get(entry["path"]) if isinstance(entry, dict) and "path" in entry else None
        if change is not None:
            new = {key: value for key, value in (("size", change.size), ("sha256", change.sha256)) if value is not None}
            document = document.set((*path, index), {**entry, **new})
    additions = plan.additions if add else ()
    if additions and (faults := document.model_faults(plan.model_id)):
        # What cannot be read may be just the entry that seems to be missing.
        line = document.place_at(faults[0].start).line
        raise EditRefused(
            f"{plan.model_id} cannot be read whole (line {line}), so no file is added. Mend it first (s)."
        )
    for addition in additions:
        index = _position(_entries(document, plan.model_id), addition)
        document = document.insert_item(path, index, entry_of(addition))
    return document


def entry_of(file: ProposedFile) -> dict[str, Any]:
    """The entry that a file makes, its keys in the order of the format."""
    entry: dict[str, Any] = {"path": file.path, "size": file.size, "sha256": file.sha256}
    entry |= {"component": file.component} if file.component else {}
    entry |= {"shard_index": True} if file.shard_index else {}
    entry |= {"shard_part": file.shard_part} if file.shard_part is not None else {}
    return entry


def _entries(document: Document, model_id: str) -> list[Any]:
    files = document.model_data(model_id).get("files")
    return list(files) if isinstance(files, list) else []


def _listed(document: Document, model_id: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for entry in _entries(document, model_id):
        if isinstance(entry, dict) and isinstance(path := entry.get("path"), str):
            found.setdefault(path, entry)
    return found


def _change(entry: Mapping[str, Any], told: ProposedFile) -> NewValues | None:
    listed = entry.get("sha256")
    same_digest = isinstance(listed, str) and listed.lower() == told.sha256  # capital digits are true as well
    size = told.size if told.size is not None and not _is(entry.get("size"), told.size) else None
    sha256 = None if same_digest else told.sha256
    return None if size is None and sha256 is None else NewValues(told.path, size, sha256)


def _is(value: object, size: int) -> bool:
    return type(value) is int and value == size


def _why_left_out(file: ProposedFile) -> str:
    try:
        relative_parts(file.path)
    except PathRefused as refusal:
        return str(refusal.details["reason"])
    return "" if file.wanted else "none of allow_patterns takes it"


def _position(entries: Sequence[Any], file: ProposedFile) -> int:
    """Behind the last file of its component, else of its folder, else at the end."""
    folder = file.path.rpartition("/")[0]
    own = [index for index, one in enumerate(entries) if file.component and one.get("component") == file.component]
    beside = [index for index, one in enumerate(entries) if str(one.get("path")).rpartition("/")[0] == folder]
    found = own or beside
    return found[-1] + 1 if found else len(entries)
