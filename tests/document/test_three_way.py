"""Two people changed one manifest: what clashes is told, what does not is put together to the byte."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.document.data_merge import ABSENT
from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.document.three_way import Side, differences, put_together, told_path
from loadmaster.errors import EditRefused

A, B = "a@1.0.0", "b@2.0.0"
DIGESTS = ("0f" * 32, "1e" * 32)
BASE = f'''# Kept by hand.
schema_version = 1

# The first.
[models."{A}"]
version = "1.0.0"
variants = ["fp16", "bf16"]

[models."{A}".defaults]
fps = 24 # as trained
frames = 16
steps = 50

[[models."{A}".files]]
path = "x.bin"
size = 1
sha256 = "{DIGESTS[0]}"

[[models."{A}".files]]
path = "y.bin"
size = 2
sha256 = "{DIGESTS[1]}"

[models."{B}"]
version = "2.0.0"
defaults = {{ fps = 8, frames = 9 }}
'''
FPS, FRAMES = ("models", A, "defaults", "fps"), ("models", A, "defaults", "frames")

Edit = Callable[[Document], Document]


def sides(mine: Edit, theirs: Edit) -> tuple[Document, Document, Document]:
    base = Document.from_text(BASE)
    return base, mine(base), theirs(base)


def text_of(mine: Edit, theirs: Edit) -> str:
    return put_together(*sides(mine, theirs)).text


def write(old: str, new: str) -> Edit:
    """What someone does in an editor."""
    assert old in BASE
    return lambda document: Document.from_text(document.text.replace(old, new))


def test_fields_in_lines_that_touch_are_put_together_with_their_comments() -> None:
    mine, theirs = write("fps = 24 # as trained", "fps = 30 # tried"), write("frames = 16", "frames = 33")
    assert text_of(mine, theirs) == BASE.replace("24 # as trained", "30 # tried").replace("frames = 16", "frames = 33")


def test_fields_in_one_line_are_put_together() -> None:
    path = ("models", B, "defaults")
    merged = text_of(lambda one: one.set((*path, "fps"), 12), lambda one: one.set((*path, "frames"), 11))
    assert merged == BASE.replace("{ fps = 8, frames = 9 }", "{ fps = 12, frames = 11 }")


def test_the_same_change_of_both_counts_once() -> None:
    edit = write("fps = 24", "fps = 30")
    both = write("fps = 24 # as trained\nframes = 16", "fps = 30 # as trained\nframes = 33")
    assert text_of(edit, both) == both(Document.from_text(BASE)).text
    (alike, theirs) = differences(*sides(edit, both))
    assert (alike.path, alike.by, alike.clash) == (FPS, Side.BOTH, False)
    assert (theirs.path, theirs.by, theirs.mine, theirs.theirs) == (FRAMES, Side.THEIRS, 16, 33)


def test_a_file_that_moved_down_in_their_list_is_still_the_one_that_i_changed() -> None:
    files = ("models", A, "files")
    new = {"path": "new.bin", "size": 3, "sha256": "2d" * 32}
    together = put_together(*sides(lambda d: d.set((*files, 1, "size"), 20), lambda d: d.insert_item(files, 0, new)))
    assert [(file["path"], file["size"]) for file in together.get(files)] == [
        ("new.bin", 3),
        ("x.bin", 1),
        ("y.bin", 20),
    ]


def test_tables_files_and_models_of_mine_are_carried_over_where_a_line_is_in_the_way() -> None:
    line = ("models", B, "defaults")
    new = {"path": "new.bin", "size": 3, "sha256": "2d" * 32}

    def mine(document: Document) -> Document:
        document = document.set((*line, "fps"), 12).set(("models", B, "sources"), {"priority": ["local://b"]})
        document = document.remove_item(("models", A, "files"), 0).insert_item(("models", A, "files"), 1, new)
        return document.add_model("c@1.0.0", {"version": "1.0.0"})

    together = put_together(*sides(mine, lambda d: d.set((*line, "frames"), 11)))
    assert together.get(line) == {"fps": 12, "frames": 11}
    assert [file["path"] for file in together.get(("models", A, "files"))] == ["y.bin", "new.bin"]
    assert together.get(("models", B, "sources", "priority")) == ["local://b"]
    assert together.model_ids == (A, B, "c@1.0.0")


def test_models_that_both_added_are_both_there() -> None:
    mine = lambda d: Document.from_text(d.text + '\n[models."mine@1.0.0"]\nversion = "1.0.0"\n')  # noqa: E731
    theirs = write("# The first.\n", '# Theirs.\n[models."theirs@1.0.0"]\nversion = "1.0.0"\n\n# The first.\n')
    assert put_together(*sides(mine, theirs)).model_ids == ("theirs@1.0.0", A, B, "mine@1.0.0")


def test_a_comment_that_i_wrote_stays_beside_what_they_removed() -> None:
    mine, theirs = write("# The first.", "# The first of all."), lambda d: d.remove_model(B)
    merged = text_of(mine, theirs)
    assert "# The first of all." in merged
    assert B not in merged


def test_one_field_with_two_values_is_a_clash_until_one_is_chosen() -> None:
    three = sides(write("fps = 24", "fps = 30"), write("fps = 24", "fps = 12"))
    (clash,) = differences(*three)
    assert (clash.path, clash.clash, clash.can_choose) == (FPS, True, True)
    assert (clash.base, clash.mine, clash.theirs) == (24, 30, 12)
    with pytest.raises(EditRefused, match=r"a@1\.0\.0 defaults fps was changed by both"):
        put_together(*three)
    assert put_together(*three, {FPS: Side.MINE}).text == BASE.replace("fps = 24", "fps = 30")
    assert put_together(*three, {FPS: Side.THEIRS}).text == BASE.replace("fps = 24", "fps = 12")


def test_a_chosen_clash_leaves_what_else_both_changed() -> None:
    mine = write("fps = 24 # as trained\nframes = 16", "fps = 30 # as trained\nframes = 17")
    theirs = write("fps = 24 # as trained\nframes = 16\nsteps = 50", "fps = 12 # as trained\nframes = 16\nsteps = 60")
    three = sides(mine, theirs)
    for side, fps in ((Side.MINE, 30), (Side.THEIRS, 12)):
        defaults = put_together(*three, {FPS: side}).get(FPS[:3])
        assert defaults == {"fps": fps, "frames": 17, "steps": 60}


def test_a_key_that_one_removed_and_the_other_changed_can_be_chosen() -> None:
    three = sides(lambda d: d.unset(FPS), write("fps = 24", "fps = 12"))
    (clash,) = differences(*three)
    assert clash.mine is ABSENT
    assert not put_together(*three, {FPS: Side.MINE}).has(FPS)
    assert put_together(*three, {FPS: Side.THEIRS}).get(FPS) == 12


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (lambda d: d.remove_model(A), write("fps = 24", "fps = 12")),
        (lambda d: d.remove_item(("models", A, "files"), 0), write("size = 1\n", "size = 5\n")),
        (lambda d: d.rename_model(A, "c@1.0.0"), write("fps = 24", "fps = 12")),
    ],
)
def test_what_one_took_out_and_the_other_changed_cannot_be_put_together(mine: Edit, theirs: Edit) -> None:
    for three in (sides(mine, theirs), sides(theirs, mine)):
        assert any(one.clash and not one.can_choose for one in differences(*three))
        with pytest.raises(EditRefused):
            put_together(*three, {one.path: Side.MINE for one in differences(*three)})


def test_a_last_line_without_an_end_gets_one_where_something_follows() -> None:
    base = Document.from_text('[models."a@1.0.0"]\nversion = "1.0.0"')
    mine = Document.from_text(base.text.replace('"1.0.0"', '"1.0.1"'))
    theirs = Document.from_text(base.text.replace("[models", "# theirs\n[models"))
    assert put_together(base, mine, theirs).text == '# theirs\n[models."a@1.0.0"]\nversion = "1.0.1"'


def test_paths_are_told_without_what_goes_without_saying() -> None:
    assert told_path(("models", A, "files", "x.bin", "size")) == "a@1.0.0 files x.bin size"
    assert told_path(("schema_version",)) == "schema_version"


# Any edits: what is put together holds both, and nothing else.

_VALUES: tuple[tuple[KeyPath, tuple[object, ...]], ...] = (
    (("schema_version",), (2, 3)),
    (("models", A, "version"), ("1.0.1", "1.0.2")),
    (("models", A, "variants"), (["fp16"], ["bf16", "fp16"], ["fp8"])),
    (FPS, (1, 2)),
    (FRAMES, (3, 4)),
    (("models", A, "defaults", "new"), (5, 6)),
    (("models", A, "files", 0, "size"), (7, 8)),
    (("models", A, "files", 1, "sha256"), ("ab" * 32, "cd" * 32)),
    (("models", B, "defaults", "fps"), (9, 10)),
    (("models", B, "defaults", "frames"), (11, 12)),
    (("models", B, "sources"), ({"priority": ["local://b"]},)),
)
_EDITS = st.lists(
    st.sampled_from([(path, value) for path, values in _VALUES for value in (*values, None)]), min_size=1, max_size=5
)


def changed(document: Document, edits: list[tuple[KeyPath, object]]) -> tuple[Document, dict[KeyPath, object]]:
    done: dict[KeyPath, object] = {}
    for path, value in edits:
        if value is None and not document.has(path):
            continue
        document = document.unset(path) if value is None else document.set(path, value)
        done[path] = value
    return document, done


@given(_EDITS, _EDITS, st.sampled_from(["\n", "\r\n"]))
def test_whatever_two_people_set_is_put_together_or_told_as_a_clash(
    first: list[tuple[KeyPath, object]], second: list[tuple[KeyPath, object]], newline: str
) -> None:
    base = Document.from_text(BASE.replace("\n", newline))
    (mine, ours), (theirs, others) = changed(base, first), changed(base, second)
    clashes = [path for path, other in product(ours, others) if path == other and ours[path] != others[other]]
    told = [one for one in differences(base, mine, theirs) if one.clash]
    real = [p for p in clashes if mine.get(p) != theirs.get(p) and base.get(p) not in (mine.get(p), theirs.get(p))]
    assert len(told) == len(real)
    if told:
        with pytest.raises(EditRefused):
            put_together(base, mine, theirs)
        return
    together = put_together(base, mine, theirs)
    for path, _ in _VALUES:
        kept = theirs.get(path) if mine.get(path) == base.get(path) else mine.get(path)
        assert together.get(path) == kept
    assert newline == "\n" or "\n" not in together.text.replace("\r\n", "")
    assert put_together(base, theirs, mine).data == together.data
