"""How many lines of a difference are comments alone."""

from __future__ import annotations

import pytest

from loadmaster.document.document import Document
from loadmaster.session import difference
from loadmaster.tui.comment_changes import comment_lines

BASE = """\
# one
schema_version = 1

[models."a@1.0.0"] # two
x = "#1" # three

[models."a@1.0.0".defaults]
# four
fps = 24
"""


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("# one", "# uno", 1),
        ("# three", "# tre", 1),
        (" # three", "", 1),
        ("# one\n", "# one\n# and a half\n", 1),
        ('"#1"', '"#2"', 0),
        ("fps = 24", "fps = 30", 0),
        ("\n\n[models", "\n\n\n[models", 0),
        ('x = "#1" # three\n', "", 0),
    ],
)
def test_what_differs_by_its_comment_is_counted(old: str, new: str, number: int) -> None:
    changed = Document.from_text(BASE.replace(old, new))
    assert comment_lines(difference(Document.from_text(BASE), changed)) == number
