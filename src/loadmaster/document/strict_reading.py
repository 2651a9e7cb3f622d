"""A file's data, strictly: UTF-8, TOML 1.0, no more than a reader can bear; or one error that says why not.

`Document` reads what it can of a damaged text. This is for callers that want a whole manifest or none.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from loadmaster.document.limits import MAX_DIGITS, MAX_KEY_PARTS, MAX_NESTING, excess
from loadmaster.document.scan import KEY
from loadmaster.errors import ManifestValidationError
from loadmaster.manifest.words import visible

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# What `tomllib` says at the end of its messages.
_AT_LINE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)")
_BARE_AT = re.compile(r"\s*\[+[^\]\"'@#]*@")
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|\Z)")
# `excess` looks at what stands below headers; a long header takes `tomllib` as long.
_LONG_HEADER = re.compile(rf"^[ \t]*+\[\[?[ \t]*+(?:{KEY}[ \t]*+\.[ \t]*+){{{MAX_KEY_PARTS}}}", re.M)


def read_data(path: Path) -> dict[str, Any]:
    """The data of a file. Raises FileNotFoundError, and ManifestValidationError for what cannot be read."""
    return parse(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a file. Raises FileNotFoundError, and ManifestValidationError for what is no UTF-8 text."""
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(errno.ENOENT, "there is no such manifest", os.fspath(path)) from error
    except IsADirectoryError as error:
        raise _unreadable(path, "it is a folder, not a file") from error
    except (OSError, ValueError) as error:
        # On Windows a folder answers with PermissionError.
        reason = "it is a folder, not a file" if os.path.isdir(path) else str(getattr(error, "strerror", None) or error)
        raise _unreadable(path, reason) from error
    if raw.startswith(_BYTE_ORDER_MARK):
        raise _unreadable(path, "it begins with a byte-order mark, which TOML does not know: remove it", 1, 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = len(raw[raw.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")) + 1
        what = (
            "it is UTF-16, not UTF-8" if raw.startswith(_UTF_16_MARKS) else f"byte 0x{raw[error.start]:02x} is no UTF-8"
        )
        raise _unreadable(path, what, line, column) from error


def parse(text: str, path: Path) -> dict[str, Any]:
    """The data of a text. Raises ManifestValidationError for what is no TOML, or more than a reader can bear."""
    lines = text.split("\n")
    beyond = _beyond_reading(text) if _is_out_of_the_ordinary(lines) else None
    if beyond is not None:
        sentence, start, _ = beyond
        line = text.count("\n", 0, start) + 1
        raise _unreadable(path, sentence, line, start - text.rfind("\n", 0, start))
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _unreadable(path, "it is nested deeper than can be read") from error
    except ValueError as error:
        match = _AT_LINE.search(str(error))
        reason = visible(_AT_LINE.sub("", str(error)).strip())
        if match is None:
            raise _unreadable(path, reason) from error
        line, column = int(match[1]), int(match[2])
        raise _unreadable(path, reason + _hint(lines[line - 1 : line]), line, column) from error


def _beyond_reading(text: str) -> tuple[str, int, int] | None:
    found = excess(text)
    header = None if found else _LONG_HEADER.search(text)
    return (f"a key of more than {MAX_KEY_PARTS} parts", *header.span()) if header else found


def _is_out_of_the_ordinary(lines: list[str]) -> bool:
    """Whether a text may hold what `excess` looks for. That looks closely, and takes half as long as the reading."""
    depth = 0
    for line in lines:
        if len(line) > 2 * MAX_KEY_PARTS and (len(line) > MAX_DIGITS or max(map(line.count, ".[{")) >= MAX_KEY_PARTS):
            return True
        # An inline table ends on its line: only arrays go on over lines.
        if depth or "[" in line:
            depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")
            if depth > MAX_NESTING // 2:
                return True
            depth = max(depth, 0)
    return False


def _hint(lines: list[str]) -> str:
    """What a line at which reading stopped gives away of the reason."""
    if any(map(_CONFLICT.match, lines)):
        return "; a merge conflict is left in the file"
    if any(map(_BARE_AT.match, lines)):
        return '; an id with @ stands in quotes: [models."name@1.0.0"]'
    return ""


def _unreadable(path: Path, reason: str, line: int | None = None, column: int | None = None) -> ManifestValidationError:
    name = visible(str(path))
    where = name if line is None else f"{name}:{line}:{column}"
    message = f"{where}: {reason}"
    return ManifestValidationError(message, {"file": str(path), "line": line, "column": column}, [message])
