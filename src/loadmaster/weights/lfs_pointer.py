"""Git LFS pointers: the short text that lies in place of a file whose bytes were never pulled."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_POINTER_BYTES = 1024
"""The specification keeps pointers below this, so no larger file need be looked at."""

_VERSIONS = ("https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1")
_LINE = re.compile(r"\A[a-z0-9.-]+ [^\r\n]+\Z")
_OID = re.compile(r"\Asha256:([0-9a-f]{64})\Z")
_SIZE = re.compile(r"\A(?:0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True, slots=True)
class LfsPointer:
    """What a pointer promises: the digest and the size in bytes of the real file."""

    sha256: str
    size: int


def parse_pointer(content: bytes | str) -> LfsPointer | None:
    """The pointer that `content` is, or None. Trailing space and CRLF are forgiven, other text is not."""
    if len(content) > MAX_POINTER_BYTES:
        return None
    try:
        text = content.decode("utf-8") if isinstance(content, bytes) else content
    except UnicodeDecodeError:
        return None
    lines = text.rstrip().replace("\r\n", "\n").split("\n")
    if not all(_LINE.match(line) for line in lines):
        return None
    pairs = dict(line.split(" ", 1) for line in lines)
    oid, size = _OID.match(pairs.get("oid", "")), _SIZE.match(pairs.get("size", ""))
    if not lines[0].startswith("version ") or pairs["version"].rstrip() not in _VERSIONS or oid is None or size is None:
        return None
    return LfsPointer(oid[1], int(size[0]))
