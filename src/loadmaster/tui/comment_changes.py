"""What a difference changes of comments and blank lines alone: no field tells of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from loadmaster.session import Hunk

_CODE = re.compile(r"""(?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*'|["'])*""")


def comment_lines(hunks: Sequence[Hunk]) -> int:
    """How many lines differ by a comment or by blanks only; a replaced line counts once."""
    return sum(_of_hunk(hunk) for hunk in hunks)


def _of_hunk(hunk: Hunk) -> int:
    gone, come = ([line[1:] for line in hunk.lines if line[:1] == sign] for sign in "-+")
    codes_gone, codes_come = Counter(map(_code, gone)), Counter(map(_code, come))
    # What says the same on both sides, or nothing, differs by its comment.
    real = [
        sum((one - other).values()) - (one - other)[""]
        for one, other in ((codes_gone, codes_come), (codes_come, codes_gone))
    ]
    return max(len(gone) - real[0], len(come) - real[1])


def _code(line: str) -> str:
    found = _CODE.match(line)
    return "".join(found[0].split()) if found else line
