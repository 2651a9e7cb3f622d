"""LM204–LM206 and LM211: components and patterns against the files that are listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import translate
from functools import lru_cache

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.fixes import AddItem
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelView
from loadmaster.checks.wording import plain

_UNET = 'component = "unet"\n'

REQUIRED_AND_OPTIONAL = define(
    Rule(
        "LM204",
        "required-and-optional",
        Severity.ERROR,
        "A component is in `required_components` and in `optional_components`.",
        "Programs disagree on which list wins: one waits for the files, another goes on without.",
        "Take it out of one of the lists.",
        bad=but("optional_components = []", 'optional_components = ["unet"]'),
        good=GOOD,
    )
)
COMPONENT_WITHOUT_FILE = define(
    Rule(
        "LM205",
        "component-without-file",
        Severity.ERROR,
        "A required component that no file names.",
        "It can never be on disk, so the model is never complete.",
        "List its files with `component`, or take it out of `required_components`.",
        bad=but('["config", "unet"]', '["config", "unet", "vae"]'),
        good=GOOD,
    )
)
COMPONENT_ONLY_OPTIONAL = define(
    Rule(
        "LM206",
        "component-only-optional",
        Severity.ERROR,
        "A required component all of whose files are optional.",
        "A download may leave all of it out and call the model complete.",
        "Take `optional` from at least one of its files, or move the component to `optional_components`.",
        bad=but(_UNET, _UNET + "optional = true\n"),
        good=GOOD,
    )
)
PATTERN_MISSES_FILE = define(
    Rule(
        "LM211",
        "pattern-misses-file",
        Severity.ERROR,
        "No glob of `allow_patterns` matches a listed file.",
        "A download takes only what a pattern matches, so the file never arrives. For an optional file this is a"
        " warning.",
        "Add a pattern. A glob is matched against the whole path, and `*` crosses `/`.",
        bad=but("optional_components = []", 'allow_patterns = ["*.json"]'),
        good=but("optional_components = []", 'allow_patterns = ["*.json", "*.safetensors"]'),
        fix="add a pattern",
    )
)

_GLOB = re.compile(r"[*?\[]")
_SUFFIX_GLOB = re.compile(r"\*(\.[A-Za-z0-9_.-]+)\Z")


def components(view: ModelView) -> Iterator[Finding]:
    """LM204, LM205, LM206 and LM211 of one model."""
    required = view.strings("required_components")
    if required:
        yield from _required(view, required)
    patterns = view.data.get("allow_patterns")
    if isinstance(patterns, list):
        strings = tuple(item for item in patterns if isinstance(item, str))
        if len(strings) == len(patterns):
            yield from _missed(view, strings)


def _required(view: ModelView, required: list[tuple[int, str]]) -> Iterator[Finding]:
    names = {name for _, name in required}
    told: set[str] = set()
    for index, name in view.strings("optional_components"):
        if name in names and name not in told:
            told.add(name)
            message = f"{plain(name)} is in required_components and in optional_components"
            yield view.finding(REQUIRED_AND_OPTIONAL, ("optional_components", index), message)
    if view.damaged or not isinstance(view.data.get("files"), list):
        return
    files: dict[str, list[str]] = {}
    only_optional = names.copy()
    for _, file in view.files:
        if file.component is not None:
            files.setdefault(file.component, []).append(file.path or "")
            if not file.optional:
                only_optional.discard(file.component)
    seen: set[str] = set()
    for index, name in required:
        if name in seen:
            continue
        seen.add(name)
        if name not in files:
            message = f"{plain(name)} is a required component, and no file has it"
            yield view.finding(COMPONENT_WITHOUT_FILE, ("required_components", index), message)
        elif name in only_optional:
            what = (
                f"its only file {plain(files[name][0])} is"
                if len(files[name]) == 1
                else f"all its {len(files[name])} files are"
            )
            message = f"{plain(name)} is a required component, and {what} optional"
            yield view.finding(COMPONENT_ONLY_OPTIONAL, ("required_components", index), message)


def _missed(view: ModelView, patterns: tuple[str, ...]) -> Iterator[Finding]:
    matches = matcher(patterns)
    for index, file in view.files:
        if file.path is not None and not matches(file.path):
            pattern = _pattern_for(file.path, patterns)
            where = ("models", view.model_id, "allow_patterns")
            yield view.finding(
                PATTERN_MISSES_FILE,
                ("files", index, "path"),
                f"no pattern matches {plain(file.path)}",
                severity=Severity.WARNING if file.optional else Severity.ERROR,
                fix=AddItem(f"add the pattern {plain(pattern)}", where, pattern),
            )


@lru_cache(maxsize=256)
def matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path is taken by one of `patterns`, as on the Hub: by `fnmatchcase`, and `folder/` is `folder/*`."""
    patterns = tuple(f"{pattern}*" if pattern.endswith("/") else pattern for pattern in patterns)
    suffixes = tuple(pattern[1:] for pattern in patterns if pattern[:1] == "*" and not _GLOB.search(pattern, 1))
    others = [pattern for pattern in patterns if pattern[:1] != "*" or _GLOB.search(pattern, 1)]
    other = re.compile("|".join(f"(?:{translate(pattern)})" for pattern in others)) if others else None

    def matches(path: str) -> bool:
        return path.endswith(suffixes) or (other is not None and other.match(path) is not None)

    return matches


def _pattern_for(path: str, patterns: tuple[str, ...]) -> str:
    """A pattern in the manner of the others: by suffix where one of them is, else the path itself."""
    dot = path.rfind(".")
    if dot > path.rfind("/") + 1 and any(_SUFFIX_GLOB.match(pattern) for pattern in patterns):
        suffix = path[dot:]
        if not _GLOB.search(suffix):
            return f"*{suffix}"
    return re.sub(r"[*?\[]", lambda match: f"[{match.group()}]", path)
