"""What a difference changes of comments alone: no field tells of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loadmaster.session import Hunk

_CODE = re.compile(r"""(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*'|["'])*""")


def comment_lines(hunks: Sequence[Hunk]) -> int:
    """How many lines differ by their comment; a replaced line counts once, one that goes with its value not at all."""
    return sum(_of_hunk(hunk) for hunk in hunks)


def _of_hunk(hunk: Hunk) -> int:
    gone, come = ([_parted(line[1:]) for line in hunk.lines if line[:1] == sign] for sign in "-+")
    staying = {code for code, _ in gone} & {code for code, _ in come} | {""}
    before, after = (Counter(comment for code, comment in side if code in staying and comment) for side in (gone, come))
    return max((before - after).total(), (after - before).total())


def _parted(line: str) -> tuple[str, str]:
    """The code of a line, without its blanks, and its comment."""
    found = _CODE.match(line)
    end = found.end() if found else len(line)
    return "".join(line[:end].split()), line[end:].rstrip()
