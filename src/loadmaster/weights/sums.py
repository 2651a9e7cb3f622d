"""Sizes and digests that were told elsewhere: `sha256sum` and its kin, Git LFS pointers and lists, Hub trees.

One text may hold several of the first two kinds; JSON stands alone. Nothing is read but the text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from loadmaster.weights.hub_listing import ListedFile, files_in_json
from loadmaster.weights.lfs_pointer import parse_pointer

_HEX = r"[0-9A-Fa-f]{64}"
_GNU = re.compile(rf"\A(?P<escaped>\\?)(?P<sha>{_HEX}) [ *](?P<path>[^\n]+)\Z", re.DOTALL)
_TAGGED = re.compile(rf"\A(?P<escaped>\\?)SHA(?:2-)?256 ?\((?P<path>.+)\) ?= ?(?P<sha>{_HEX})\Z", re.DOTALL)
_LFS_LIST = re.compile(rf"\A(?P<sha>{_HEX}) [-*] (?P<path>[^\n]+?)(?: \([0-9.]+ [kKMGTP]?B\))?\Z")
_BARE = re.compile(rf"\A(?:sha256:)?(?P<sha>{_HEX})\Z")
_HEAD = re.compile(r"\A==> (?P<path>.+) <==\Z")
_OTHER_TAG = re.compile(r"\A\\?(?P<name>[A-Z0-9-]{2,12}) ?\(.+\) ?= ?[0-9A-Fa-f]+\Z")
_OTHER_HEX = re.compile(r"\A\\?(?P<hex>[0-9A-Fa-f]{32,128}) [ *].")
_ESCAPE = re.compile(r"\\([\\nr])")
_ESCAPED = re.compile(r"\A(?:[^\\]|\\[\\nr])+\Z")
_ESCAPES = {"\\": "\\", "n": "\n", "r": "\r"}
_BY_LENGTH = {32: "MD5", 40: "SHA-1", 56: "SHA-224", 96: "SHA-384", 128: "SHA-512"}

MAX_TEXT_CHARACTERS = 100_000_000


@dataclass(frozen=True, slots=True)
class SumFault:
    """A line (from 1) that could not be used, and why, as a sentence."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What a text told. An entry's path is None for a lone pointer or digest, its size None where none was given,
    its sha256 None for a file of the Hub outside LFS."""

    entries: tuple[ListedFile, ...]
    faults: tuple[SumFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """The entries of one model, the folder that was taken off them, and the entries that lie outside it.

    `rivals` are other folders that fit as well: where there are any, the choice was a guess and must be asked for.
    """

    entries: tuple[ListedFile, ...]
    prefix: str
    elsewhere: tuple[ListedFile, ...] = ()
    rivals: tuple[str, ...] = ()


def parse_sums(text: str) -> Sums:
    """All entries of a text, in order; never raises.

    Blank lines and lines that start with `#` are passed over. Of two lines for one path that agree one is kept, of two
    that differ the first, with a fault.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_TEXT_CHARACTERS:
        return Sums((), (SumFault(1, "", "the text is over 100 million characters"),))
    if text.lstrip()[:1] in ("{", "["):
        return _from_json(text)
    entries: dict[str | None, ListedFile] = {}
    faults: list[SumFault] = []
    for line, content, entry in _entries(text):
        if isinstance(entry, str):
            faults.append(SumFault(line, content, entry))
        elif entry.path not in entries:
            entries[entry.path] = entry
        elif not _agree(entry, entries[entry.path]):
            what = f"{entry.path} stands" if entry.path is not None else "files without a path stand"
            faults.append(SumFault(line, content, f"{what} here a second time, with other values"))
        elif entry.size is not None:
            entries[entry.path] = entry
    return Sums(tuple(entries.values()), tuple(faults))


def align(entries: Iterable[ListedFile], listed: Sequence[str], model_id: str = "") -> Aligned:
    """The entries of one model, told by its `listed` paths, without the folder that stands before them.

    `sha256sum /data/wan22/*/*` on another machine names files by another root, and of several models. The folder in
    which the most listed paths lie is the model's; where several have as many, one that bears the `model_id` is.
    Where no listed path is found all entries stay as they are.
    """
    found = tuple(entries)
    wanted = set(listed)
    votes: Counter[str] = Counter()
    for entry in found:
        votes.update(prefix for prefix in _folders_of(entry.path or "") if (entry.path or "")[len(prefix) :] in wanted)
    if not votes:
        return Aligned(found, "")
    most = max(votes.values())
    best = sorted(prefix for prefix, count in votes.items() if count == most)
    named = [prefix for prefix in best if model_id and model_id in prefix.split("/")]
    prefix = named[0] if len(named) == 1 else best[0]
    own = [entry for entry in found if entry.path is None or entry.path.startswith(prefix)]
    return Aligned(
        tuple(entry if entry.path is None else replace(entry, path=entry.path[len(prefix) :]) for entry in own),
        prefix,
        tuple(entry for entry in found if entry.path is not None and not entry.path.startswith(prefix)),
        () if len(named) == 1 else tuple(best[1:]),
    )


def _folders_of(path: str) -> Iterator[str]:
    """The empty prefix and each folder prefix of a path, with its slash."""
    yield ""
    for end, character in enumerate(path):
        if character == "/":
            yield path[: end + 1]


def _from_json(text: str) -> Sums:
    try:
        return Sums(tuple(files_in_json(text)))
    except json.JSONDecodeError as problem:
        return Sums((), (SumFault(problem.lineno, "", f"this looks like JSON and is none: {problem.msg}"),))
    except RecursionError:
        return Sums((), (SumFault(1, "", "this JSON is nested too deeply to be read"),))
    except ValueError as problem:
        return Sums((), (SumFault(1, "", str(problem)),))


def _entries(text: str) -> Iterator[tuple[int, str, ListedFile | str]]:
    """Each entry with the line it starts on and that line's text, or in place of the entry why there is none."""
    lines = text.split("\n")
    heading: str | None = None
    number = 0
    while number < len(lines):
        line = lines[number].removesuffix("\r")
        number += 1
        if not line.strip() or line.startswith("#"):
            continue
        if match := _HEAD.match(line):
            heading = match["path"]
        elif line.startswith("version http"):
            start = number - 1
            while number < len(lines) and re.match(r"[a-z0-9.-]+ \S", lines[number]):
                if lines[number].startswith("version http"):
                    break
                number += 1
            pointer = parse_pointer("\n".join(lines[start:number]))
            entry = ListedFile(_plain(heading), pointer.size, pointer.sha256) if pointer else None
            yield start + 1, line, entry or "this starts like a Git LFS pointer and is none"
            heading = None
        else:
            yield number, line, _one_line(line)


def _one_line(line: str) -> ListedFile | str:
    for pattern in (_LFS_LIST, _GNU, _TAGGED):
        if match := pattern.match(line):
            escaped = match.groupdict().get("escaped")
            path = _unescaped(match["path"]) if escaped else match["path"]
            return (
                ListedFile(_plain(path), None, match["sha"].lower())
                if path
                else "this line has an unknown escape in its path"
            )
    if match := _BARE.match(line.strip()):
        return ListedFile(None, None, match["sha"].lower())
    if match := _OTHER_TAG.match(line):
        return f"this is {match['name']}; SHA256 is wanted"
    if match := _OTHER_HEX.match(line):
        return f"this is {_BY_LENGTH.get(len(match['hex']), 'no SHA-256')} by its length; SHA256 is wanted"
    return "this is no line of sha256sum, Git LFS or a Hub tree"


def _agree(one: ListedFile, other: ListedFile) -> bool:
    return one.sha256 == other.sha256 and (None in (one.size, other.size) or one.size == other.size)


def _unescaped(path: str) -> str | None:
    """The path with its escapes undone, or None where `sha256sum` would not have written it so."""
    if not _ESCAPED.match(path):
        return None
    return _ESCAPE.sub(lambda match: _ESCAPES[match[1]], path)


def _plain(path: str | None) -> str | None:
    """`./a` as `a`; other oddities are for the checks of the manifest to tell."""
    while path is not None and path.startswith("./") and len(path) > 2:
        path = path[2:]
    return path
