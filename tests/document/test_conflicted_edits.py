"""Edits of a text with an open merge conflict: beside it they work, on it they are refused; no side is rewritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loadmaster.document.document import Document
from loadmaster.errors import EditRefused


def file(path: str) -> str:
    return f'[[models."a@1.0.0".files]]\npath = "{path}"\nsize = 7\n\n'


CONFLICT = f"<<<<<<< ours\n{file('x')}=======\n{file('y')}>>>>>>> theirs\n"
END = """\
[models."a@1.0.0".sources]
priority = ["x://a"]

[models."b@1.0.0"]
variants = ["fp16"]

[[models."b@1.0.0".files]]
path = "one"
size = 1

[[models."b@1.0.0".files]]
path = "two"
size = 2
"""
TEXT = f'[models."a@1.0.0"]\nvariants = ["fp16"]\n\n{file("a")}{CONFLICT}{file("b")}{file("c")}{END}'
A = ("models", "a@1.0.0")
B = ("models", "b@1.0.0")
FILES = (*A, "files")

Change = Callable[[Document], Document]


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.move_item(FILES, 0, 2),
        lambda document: document.move_item(FILES, 2, 0),
        lambda document: document.move_item(FILES, 1, 3),
        lambda document: document.remove_item(FILES, 1),
        lambda document: document.copy_item(FILES, 1),
        lambda document: document.insert_item(FILES, 1, {"path": "n", "size": 1}),
        lambda document: document.insert_item(FILES, 2, {"path": "n", "size": 1}),
        lambda document: document.unset(FILES),
        lambda document: document.set(FILES, []),
        lambda document: document.rename_model("a@1.0.0", "c@1.0.0"),
        lambda document: document.copy_model("a@1.0.0", "c@1.0.0"),
        lambda document: document.remove_model("a@1.0.0"),
        lambda document: document.unset(A),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_touches_a_conflict_is_refused(change: Change, newline: str) -> None:
    document = Document.from_text(TEXT.replace("\n", newline))
    with pytest.raises(EditRefused, match=r"conflict.*line 8.*Decide it first"):
        change(document)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.set((*A, "variants"), ["fp16", "bf16"]),
        lambda document: document.set((*A, "sources", "priority"), ["y://a"]),
        lambda document: document.set((*A, "defaults"), {"fps": 24}),
        lambda document: document.rename_model("b@1.0.0", "c@1.0.0"),
        lambda document: document.copy_model("b@1.0.0", "c@1.0.0"),
        lambda document: document.remove_model("b@1.0.0"),
        lambda document: document.add_model("c@1.0.0", {"variants": ["fp16"]}),
        lambda document: document.move_item((*B, "files"), 0, 1),
        lambda document: document.remove_item((*B, "files"), 0),
        lambda document: document.copy_item((*B, "files"), 0),
        lambda document: document.insert_item((*B, "files"), 1, {"path": "n", "size": 1}),
        lambda document: document.set(("schema_version",), 1),
    ],
)
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_beside_a_conflict_an_edit_is_the_same_on_either_side(change: Change, side: str) -> None:
    document = Document.from_text(TEXT)
    decided = document.side("ours" if side == "ours" else "theirs")
    new = change(document)
    assert CONFLICT in new.text
    assert new.side("ours" if side == "ours" else "theirs").data == change(decided).data


@pytest.mark.parametrize("to", [2, 3])
def test_files_behind_a_conflict_change_places(to: int) -> None:
    new = Document.from_text(TEXT).move_item(FILES, 5 - to, to)
    assert [one["path"] for one in new.get(FILES)] == ["a", "x", "c", "b"]
    assert [one["path"] for one in new.side("theirs").get(FILES)] == ["a", "y", "c", "b"]


ELSEWHERE = f"""\
<<<<<<< ours
[models."z@1.0.0"]
variants = ["fp16"]

=======
[models."y@1.0.0"]
variants = ["fp16"]

[models."b@1.0.0".defaults]
fps = 24

>>>>>>> theirs
{END}"""


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.rename_model("b@1.0.0", "c@1.0.0"),
        lambda document: document.copy_model("b@1.0.0", "c@1.0.0"),
        lambda document: document.remove_model("b@1.0.0"),
        lambda document: document.rename_model("a@1.0.0", "y@1.0.0"),
        lambda document: document.add_model("y@1.0.0", {"variants": ["bf16"]}),
    ],
    ids=["rename", "copy", "remove", "rename to theirs", "add theirs"],
)
def test_a_model_that_only_the_other_side_tells_more_of(change: Change) -> None:
    with pytest.raises(EditRefused, match=r"conflict.*line 1\b.*Decide it first"):
        change(Document.from_text(ELSEWHERE))


def test_what_lies_within_one_side_is_a_part_of_the_conflict() -> None:
    inner = file("x") + file("inner") + file("z")
    document = Document.from_text(TEXT.replace(file("x"), inner))
    with pytest.raises(EditRefused, match=r"conflict.*line 8.*Decide it first"):
        document.set((*FILES, 2, "size"), 8)
