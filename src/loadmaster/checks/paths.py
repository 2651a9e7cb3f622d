"""LM212 and LM301–LM311: the paths of files, as Windows, macOS and Linux would each see them."""

from __future__ import annotations

from collections.abc import Iterator

from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.trial import brings_error
from loadmaster.checks.view import ModelFile, ModelView
from loadmaster.checks.wording import plain
from loadmaster.manifest.paths import (
    PathFault,
    PathFaultKind,
    case_collisions,
    files_as_folders,
    normalised,
    path_faults,
)

_CONFIG = "config.json"
_AGAIN = """
[[models."demo-1b@1.0.0".files]]
path = "{path}"
size = 640
sha256 = "5c08aec6dab883dc7da0a8116dd2ac1aa9d48c7d53e93828ff260dd40131dd66"
"""


def _named(path: str) -> str:
    """The healthy manifest with another path for its first file."""
    return but(f'path = "{_CONFIG}"', f'path = "{path}"')


DUPLICATE_PATH = define(
    Rule(
        "LM212",
        "duplicate-path",
        Severity.ERROR,
        "One path is listed twice in a model.",
        "Both entries speak of one file: their sizes and digests cannot both count.",
        "Remove one of them, or correct its path.",
        bad=GOOD + _AGAIN.format(path=_CONFIG),
        good=GOOD,
    )
)
CASE_COLLISION = define(
    Rule(
        "LM304",
        "case-collision",
        Severity.ERROR,
        "Two paths of a model differ only in case, or in how an accent is written.",
        "On Windows and macOS they are one file: the second download replaces the first.",
        "Rename one of them. Paths are compared after NFC and case folding.",
        bad=GOOD + _AGAIN.format(path="Config.json"),
        good=GOOD,
        refuses=True,
    )
)
FILE_AND_FOLDER = define(
    Rule(
        "LM309",
        "file-and-folder",
        Severity.ERROR,
        "One path is a file, and another one needs a folder of that name.",
        "No disk holds a file and a folder of one name.",
        "Correct one of the two paths.",
        bad=GOOD + _AGAIN.format(path="config.json/extra.json"),
        good=GOOD,
    )
)
TRAVERSAL = define(
    Rule(
        "LM301",
        "path-traversal",
        Severity.ERROR,
        "A path leads out of the model's folder with `..`.",
        "A download would write outside of the folder it was given, over other files. Backslashes and `%2e` count too.",
        "Write the path as it lies below the model's folder.",
        bad=_named("../config.json"),
        good=GOOD,
        refuses=True,
    )
)
ABSOLUTE = define(
    Rule(
        "LM302",
        "absolute-path",
        Severity.ERROR,
        "A path is absolute: it begins at the root, at a drive, at a share or at a home folder.",
        "It names a place on one machine, and a download would write there.",
        "Write the path relative to the model's folder.",
        bad=_named("/srv/models/config.json"),
        good=GOOD,
        refuses=True,
    )
)
RESERVED = define(
    Rule(
        "LM303",
        "windows-reserved-name",
        Severity.ERROR,
        "A part of a path is a name that Windows keeps for a device.",
        "`CON`, `PRN`, `AUX`, `NUL`, `COM1`, `LPT1` and their like cannot be files on Windows, with or without a"
        " suffix.",
        "Rename the file or folder.",
        bad=_named("aux/config.json"),
        good=GOOD,
        refuses=True,
    )
)
BACKSLASH = define(
    Rule(
        "LM305",
        "backslash",
        Severity.ERROR,
        "A backslash stands between the parts of a path.",
        "On Linux and macOS it is a character of the name, so the file lands in the wrong folder and is not found.",
        "Use `/`, on Windows too.",
        bad=_named("unet\\\\config.json"),
        good=_named("unet/config.json"),
        fix="use `/`",
    )
)
TRAILING = define(
    Rule(
        "LM306",
        "trailing-dot-or-space",
        Severity.WARNING,
        "A part of a path ends in a dot or a space, or starts with a space.",
        "Windows drops them, so the file has another name there.",
        "Remove them.",
        bad=_named("unet /config.json"),
        good=GOOD,
    )
)
ILLEGAL = define(
    Rule(
        "LM307",
        "illegal-character",
        Severity.ERROR,
        'A part of a path holds `<`, `>`, `:`, `"`, `|`, `?`, `*` or a control character.',
        "Windows cannot create such a file, and shells and globs read the characters in their own way.",
        "Rename the file.",
        bad=_named("config?.json"),
        good=GOOD,
    )
)
LONG = define(
    Rule(
        "LM308",
        "long-path",
        Severity.WARNING,
        "A part of a path has more than 255 bytes, or the whole path more than 200 characters.",
        "File systems stop at 255 bytes a name, and Windows by default at 260 characters with the folders before it.",
        "Use shorter names.",
        bad=_named(f"{'a' * 90}/{'b' * 90}/{'c' * 30}.json"),
        good=GOOD,
    )
)
UNNORMALISED = define(
    Rule(
        "LM310",
        "unnormalised-path",
        Severity.WARNING,
        "A path holds `.` or an empty part: `./a`, `a//b`, `a/./b`.",
        "It is the same file as the short path, but globs and comparisons see another one.",
        "Write the short path.",
        bad=_named("./config.json"),
        good=GOOD,
        fix="normalise",
    )
)
ODD_FILE = define(
    Rule(
        "LM311",
        "odd-file",
        Severity.WARNING,
        "A file is a program by its suffix, or hidden.",
        "Weights need neither: it was swept in by accident, or is meant to be run.",
        "Take it from the list unless it is needed; then silence the rule on its line.",
        bad=_named(".gitattributes"),
        good=GOOD,
    )
)

_RULES = {
    PathFaultKind.TRAVERSAL: TRAVERSAL,
    PathFaultKind.ABSOLUTE: ABSOLUTE,
    PathFaultKind.RESERVED: RESERVED,
    PathFaultKind.BACKSLASH: BACKSLASH,
    PathFaultKind.TRAILING: TRAILING,
    PathFaultKind.ILLEGAL: ILLEGAL,
    PathFaultKind.LONG: LONG,
    PathFaultKind.UNNORMALISED: UNNORMALISED,
    PathFaultKind.ODD: ODD_FILE,
}


def paths(view: ModelView) -> Iterator[Finding]:
    """LM212 and LM301 to LM311 of one model."""
    known: list[tuple[int, str]] = []
    for index, file in view.files:
        if file.path is not None:
            known.append((index, file.path))
            faults = path_faults(file.path)
            for fault in faults:
                yield _fault(view, index, file, fault)
    yield from _among(view, known)


def _fault(view: ModelView, index: int, file: ModelFile, fault: PathFault) -> Finding:
    path = file.path or ""
    fix: Fix | None = None
    if fault.kind is PathFaultKind.BACKSLASH:
        fix = _rewrite(view, index, normalised(path.replace("\\", "/")))
    elif fault.kind is PathFaultKind.UNNORMALISED:
        fix = _rewrite(view, index, normalised(path))
    return view.finding(_RULES[fault.kind], ("files", index, "path"), f"{plain(path)}: {plain(fault.reason)}", fix=fix)


def _rewrite(view: ModelView, index: int, path: str) -> Fix | None:
    """The fix that writes another path, where no other file has it and nothing else is wrong with it."""

    def write(file: dict[str, object]) -> None:
        file["path"] = path

    if view.trial or not path or brings_error(view, ("files", index), write):
        return None
    return SetValue(f"write {plain(path)}", ("models", view.model_id, "files", index, "path"), path)


def _among(view: ModelView, known: list[tuple[int, str]]) -> Iterator[Finding]:
    """What is wrong between the paths of a model."""
    names = [path for _, path in known]
    unique = set(names)
    if len(unique) != len(names):
        seen: dict[str, int] = {}
        for index, path in known:
            if seen.setdefault(path, index) != index:
                message = f"{plain(path)} is listed twice: it is file {seen[path] + 1} and file {index + 1}"
                yield view.finding(DUPLICATE_PATH, ("files", index, "path"), message)
    told: set[str] = set()
    for first, later in case_collisions(names):
        if names[later] not in told:
            told.add(names[later])
            message = f"{plain(names[later])} and {plain(names[first])} are one file where case does not count"
            yield view.finding(CASE_COLLISION, ("files", known[later][0], "path"), message)
    for file, inner in files_as_folders(names):
        message = f"{plain(names[file])} is a file, and {plain(names[inner])} needs a folder of that name"
        yield view.finding(FILE_AND_FOLDER, ("files", known[file][0], "path"), message)
