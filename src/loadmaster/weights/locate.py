"""Where a model's files lie: from an id, a layout and `local://` sources to a folder below the root.

Everything but :func:`find_folder` and :func:`find_file` is string work. The rule that both of those hold is one:
what is read lies below the root, also after every symbolic link is followed.
"""

from __future__ import annotations

import os
import re
import stat
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadmaster.errors import PathRefused
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import words_of

LOCAL_SCHEME = "local://"
PLACEHOLDERS = ("id", "name", "version", "variant")
DEFAULT_TEMPLATES = ("wan22/{id}@{variant}", "wan22/{id}")

_DRIVE = re.compile(r"\A[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Layout:
    """Folder templates relative to the root, tried in order; those that need a variant are skipped without one."""

    templates: tuple[str, ...] = DEFAULT_TEMPLATES


DEFAULT_LAYOUT = Layout()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A folder in which a model may lie: its parts below the root, and what named it (a template or a source)."""

    parts: tuple[str, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """The folder of one model: the first candidate that is there, or else the first one, with `exists` false.

    `trouble` says why a candidate that is there, or may be, was not taken, such as a link that leaves the root.
    """

    path: Path
    exists: bool
    origin: str
    tried: tuple[Path, ...]
    trouble: str = ""


def relative_parts(text: str) -> tuple[str, ...]:
    """The parts of a relative path with `/` between them; `.` and empty parts are dropped.

    Raises PathRefused for what could lead out of the folder or means different things on different systems.
    """
    reason = _why_refused(text)
    parts = tuple(part for part in text.split("/") if part not in ("", "."))
    if not reason and not parts:
        reason = "names no file"
    if reason:
        raise PathRefused(f"{text!r} {reason}", {"path": text, "reason": reason})
    return parts


def _why_refused(text: str) -> str:
    if "\0" in text:
        return "holds a NUL character"
    if "\\" in text:
        return "holds a backslash; the separator is /"
    if text.startswith("/") or _DRIVE.match(text):
        return "is absolute"
    if ".." in text.split("/"):
        return "holds .., which leads out of its folder"
    return ""


def parse_layout(text: str) -> Layout:
    """A layout from a `--layout` argument, such as `{root}/models/{name}/{version}`; `{root}/` may be left out.

    Several templates are separated by commas. Raises PathRefused for unknown placeholders and for paths that
    leave the root.
    """
    templates = []
    for template in filter(None, (piece.strip() for piece in text.split(","))):
        relative = template.removeprefix("{root}").removeprefix("/") if template.startswith("{root}") else template
        _check_template(relative)
        templates.append(relative)
    if not templates:
        raise PathRefused("a layout needs a template such as wan22/{id}", {"path": text, "reason": "is empty"})
    return Layout(tuple(templates))


def _check_template(template: str) -> None:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError as problem:
        raise PathRefused(f"{template!r}: {problem}", {"path": template, "reason": str(problem)}) from None
    for _, name, spec, conversion in fields:
        if name is not None and (name not in PLACEHOLDERS or spec or conversion):
            reason = f"knows no placeholder {{{name}}}; there are {{root}}/ at the start, {known}"
            raise PathRefused(f"the layout {template!r} {reason}", {"path": template, "reason": reason})
    relative_parts(template)


def candidate_folders(
    model_id: str,
    *,
    variant: str | None = None,
    default_variant: str | None = None,
    sources: Sequence[str] = (),
    layout: Layout = DEFAULT_LAYOUT,
) -> tuple[Candidate, ...]:
    """The folders to look in, in order.

    A variant that was asked for looks in its own folder first. Without one, the model's folder comes first and the
    default variant's folder after it. The `local://` sources follow, in their order. What is refused is left out.
    """
    found: dict[tuple[str, ...], Candidate] = {}
    for template, chosen in _templates(layout, variant, default_variant):
        _keep(found, _filled(template, model_id, chosen), template)
    for source in sources:
        if source.startswith(LOCAL_SCHEME):
            _keep(found, source.removeprefix(LOCAL_SCHEME), source)
    return tuple(found.values())


def _templates(layout: Layout, variant: str | None, default: str | None) -> Iterator[tuple[str, str | None]]:
    plain = [template for template in layout.templates if "{variant}" not in template]
    apart = [template for template in layout.templates if "{variant}" in template]
    if variant is not None:
        yield from ((template, variant) for template in (*apart, *plain))
        return
    yield from ((template, None) for template in plain)
    if default is not None:
        yield from ((template, default) for template in apart)


def _filled(template: str, model_id: str, variant: str | None) -> str:
    name, _, version = model_id.rpartition("@") if "@" in model_id else (model_id, "", "")
    return template.format(id=model_id, name=name, version=version, variant=variant or "")


def _keep(found: dict[tuple[str, ...], Candidate], text: str, origin: str) -> None:
    try:
        parts = relative_parts(text)
    except PathRefused:
        return
    found.setdefault(parts, Candidate(parts, origin))


def real_root(root: Path) -> Path:
    """The root with its own links followed: what must stay inside is measured against this."""
    return Path(os.path.realpath(root))


def find_folder(root: Path, candidates: Iterable[Candidate]) -> ModelFolder:
    """The first candidate that is a folder below the root. With no candidate at all, the root itself as absent."""
    base = real_root(root)
    tried: list[Path] = []
    origins: list[str] = []
    trouble = ""
    for candidate in candidates:
        path = base.joinpath(*candidate.parts)
        tried.append(path)
        origins.append(candidate.origin)
        try:
            if not stat.S_ISDIR(path.stat().st_mode):
                continue
        except (FileNotFoundError, NotADirectoryError, ValueError):
            continue
        except OSError as problem:
            trouble = trouble or f"{path}: {words_of(problem)}"
            continue
        if _is_below(path, base):
            return ModelFolder(path, True, candidate.origin, tuple(tried), trouble)
        trouble = trouble or f"{path} is a link that leaves the root"
    if not tried:
        return ModelFolder(base, False, "", (), trouble)
    return ModelFolder(tried[0], False, origins[0], tuple(tried), trouble)


def find_file(root: Path, folder: Path, path: str) -> FileStamp:
    """The regular file that `path` means inside `folder`, with its links followed.

    Raises FileNotFoundError where nothing is there, PathRefused where the path or a link leads out of the root or
    to something that is no regular file, and other OSErrors as they come.
    """
    parts = relative_parts(path)
    lexical = folder.joinpath(*parts)
    try:
        real = os.path.realpath(lexical, strict=True)
        status = os.stat(real)
    except ValueError:  # a lone surrogate has no name on this file system
        raise FileNotFoundError(path) from None
    except NotADirectoryError:
        raise FileNotFoundError(path) from None
    if not _inside(real, os.path.realpath(root)):
        reason = "is a link that leaves the root"
        raise PathRefused(f"{path} {reason}", {"path": path, "reason": reason})
    if not stat.S_ISREG(status.st_mode):
        reason = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
        raise PathRefused(f"{path} {reason}", {"path": path, "reason": reason})
    return FileStamp.of(real, status)


def _is_below(path: Path, base: Path) -> bool:
    return _inside(os.path.realpath(path), str(base))


def _inside(real: str, base: str) -> bool:
    real, base = os.path.normcase(real), os.path.normcase(base)
    return real == base or real.startswith(base.rstrip(os.sep) + os.sep)
