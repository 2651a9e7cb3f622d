"""What is wrong with the path of a file, as Windows, macOS and Linux would each see it, judged alike on any system.

Pure text: nothing here asks a disk. Manifests travel, so a path must be good on every system at once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from loadmaster.manifest.words import quoted

LONGEST_PART = 255
"""Bytes of a part in UTF-8: the limit of ext4, APFS and others; NTFS counts 255 UTF-16 units."""
LONGEST_PATH = 200
"""Characters of a whole path, so that with a folder before it Windows' 260 are kept."""
EXECUTABLE_SUFFIXES = (".exe", ".bat", ".cmd", ".ps1", ".sh", ".scr", ".com")


class PathFaultKind(StrEnum):
    """What can be wrong with a path."""

    TRAVERSAL = "traversal"
    ABSOLUTE = "absolute"
    RESERVED = "reserved"
    BACKSLASH = "backslash"
    TRAILING = "trailing"
    ILLEGAL = "illegal"
    LONG = "long"
    UNNORMALISED = "unnormalised"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class PathFault:
    """One fault of a path: its kind, the part that is meant, and a clause that says what is wrong: "a part is .."."""

    kind: PathFaultKind
    part: str
    reason: str


_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|\Z)", re.IGNORECASE)
_ILLEGAL = re.compile(r'[<>:"|?*\x00-\x1f\x7f-\x9f]')
_DRIVE = re.compile(r"[A-Za-z]:")
# Encoded twice is decoded twice by a careless server; nobody decodes more often.
_DECODINGS = 3
_SEPARATORS = re.compile(r"[/\\]")
# `..`, with the dots and spaces that Windows drops behind a name.
_CLIMB = re.compile(r"\.\.[. ]*\Z")
# A path of which nothing can be said; nearly all are like that, and the long way is not taken for them.
_WORD = r"[A-Za-z0-9_](?:[A-Za-z0-9_.+=@,-]*[A-Za-z0-9_+=@-])?"
_HARMLESS = re.compile(
    rf"(?!.*(?:{'|'.join(map(re.escape, EXECUTABLE_SUFFIXES))})\Z)"
    r"(?!(?:.*/)?(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|\Z))"
    rf"{_WORD}(?:/{_WORD})*\Z",
    re.IGNORECASE | re.ASCII,
)


def path_faults(path: str) -> tuple[PathFault, ...]:
    """All faults of one path, each kind at most once, in the order of `PathFaultKind`; none for a healthy one.

    A path that climbs or is absolute is not told of its backslashes, its characters and its spelling besides.
    """
    if len(path) <= LONGEST_PATH and _HARMLESS.match(path):
        return ()
    return tuple(_faults(path))


def normalised(path: str) -> str:
    """The path without `.` and empty parts: `./a//b/.` is `a/b`. Backslashes and `..` stay."""
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def path_key(path: str) -> str:
    """What two paths share that one folder cannot hold on a system that ignores case: NFC and case folding."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def case_collisions(paths: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The pairs (first, later), by index, of paths that differ and have the same `path_key`.

    Equal paths are no collision: they are one path, twice.
    """
    first: dict[str, int] = {}
    pairs = []
    for index, path in enumerate(paths):
        earlier = first.setdefault(path_key(path), index)
        if paths[earlier] != path:
            pairs.append((earlier, index))
    return tuple(pairs)


def files_as_folders(paths: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The pairs (file, inner), by index, where one path is a file and the first other one below it says a folder."""
    places: dict[str, int] = {}
    for index, path in enumerate(paths):
        places.setdefault(path, index)
    pairs: dict[int, int] = {}
    for index, path in enumerate(paths):
        for folder in _folders(path):
            if folder in places:
                pairs.setdefault(places[folder], index)
    return tuple(sorted(pairs.items()))


def _folders(path: str) -> Iterator[str]:
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def _faults(path: str) -> Iterator[PathFault]:
    parts = _SEPARATORS.split(path)
    outside = list(_outside(path, parts))
    yield from outside
    yield from _reserved(parts)
    if not outside and "\\" in path:
        yield PathFault(PathFaultKind.BACKSLASH, path, "its parts are separated by a backslash")
    names = [part for part in parts if part not in ("", ".") and not _CLIMB.match(part)]
    yield from _trailing(names)
    if not outside:
        yield from _illegal(names)
    yield from _long(path, names)
    if not outside and normalised(path) != path:
        short = normalised(path)
        reason = (
            f"it is a long way to write {quoted(short)}" if short else "it is the model's folder, and names no file"
        )
        yield PathFault(PathFaultKind.UNNORMALISED, path, reason)
    # Of `..%2fx` it is told that it climbs, not that it is hidden.
    yield from _odd([name for name in names if not (outside and name.startswith(".."))])


def _outside(path: str, parts: list[str]) -> Iterator[PathFault]:
    """What leads out of the model's folder."""
    climbing = next(filter(_CLIMB.match, parts), None)
    if climbing is not None:
        yield PathFault(
            PathFaultKind.TRAVERSAL, climbing, f"the part {quoted(climbing)} leads out of the model's folder"
        )
    elif "%" in path:
        plain = path
        for _ in range(_DECODINGS):
            plain = unquote(plain)
        if any(map(_CLIMB.match, _SEPARATORS.split(plain))):
            yield PathFault(
                PathFaultKind.TRAVERSAL, path, f"it means {quoted(plain)} and leads out of the model's folder"
            )
    if path.startswith(("/", "\\")):
        yield PathFault(PathFaultKind.ABSOLUTE, path, "it begins at the root")
    elif _DRIVE.match(path):
        yield PathFault(PathFaultKind.ABSOLUTE, path, f"it begins with the drive {path[:2]}")
    elif path == "~" or path.startswith(("~/", "~\\")):
        yield PathFault(PathFaultKind.ABSOLUTE, path, "it begins at a home folder")


def _reserved(parts: list[str]) -> Iterator[PathFault]:
    device = next(filter(_RESERVED.match, parts), None)
    if device is not None:
        yield PathFault(PathFaultKind.RESERVED, device, f"{quoted(device)} is a name that Windows keeps for a device")


def _trailing(names: list[str]) -> Iterator[PathFault]:
    for name in names:
        if name.endswith((".", " ")):
            how = "ends in a dot" if name.endswith(".") else "ends in a space"
        elif name.startswith(" "):
            how = "starts with a space"
        else:
            continue
        yield PathFault(PathFaultKind.TRAILING, name, f"the part {quoted(name)} {how}")
        return


def _illegal(names: list[str]) -> Iterator[PathFault]:
    for name in names:
        match = _ILLEGAL.search(name)
        if match:
            what = (
                f"the character {match[0]}"
                if match[0].isprintable()
                else f"the control character U+{ord(match[0]):04X}"
            )
            yield PathFault(PathFaultKind.ILLEGAL, name, f"the part {quoted(name)} holds {what}")
            return


def _long(path: str, names: list[str]) -> Iterator[PathFault]:
    for name in names:
        # `surrogatepass`: data that was not read from a file may hold what UTF-8 cannot.
        size = len(name.encode("utf-8", "surrogatepass"))
        if size > LONGEST_PART:
            yield PathFault(PathFaultKind.LONG, name, f"a part has {size} bytes, more than {LONGEST_PART}")
            return
    if len(path) > LONGEST_PATH:
        yield PathFault(PathFaultKind.LONG, path, f"it has {len(path)} characters, more than {LONGEST_PATH}")


def _odd(names: list[str]) -> Iterator[PathFault]:
    hidden = next((name for name in names if name.startswith(".")), None)
    if hidden is not None:
        yield PathFault(PathFaultKind.ODD, hidden, f"{quoted(hidden)} is hidden")
    elif names and names[-1].lower().endswith(EXECUTABLE_SUFFIXES):
        suffix = names[-1][names[-1].rindex(".") :]
        yield PathFault(PathFaultKind.ODD, names[-1], f"{suffix} is the suffix of a program")
