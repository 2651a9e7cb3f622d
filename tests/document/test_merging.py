"""Three-way merges: what lies apart goes together, comments of both stay, and only true clashes are conflicts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from loadmaster.document.data_merge import keyed
from loadmaster.document.document import Document
from loadmaster.document.merging import Merge, merge
from loadmaster.document.plain import same
from loadmaster.errors import EditRefused

BASE = """\
# All our models
schema_version = 1

# the first
[models."a@1.0.0"]
description = "A"
variants = ["fp16", "bf16"]
default_variant = "fp16"  # for now

# weights
[[models."a@1.0.0".files]]
path = "one.bin"
size = 11
sha256 = "11"

[[models."a@1.0.0".files]]
path = "two.bin"
size = 22
sha256 = "22"

[models."a@1.0.0".defaults]
fps = 24
frames = 16

[models."a@1.0.0".sources]
priority = ["local://a", "hf://x/a"]

[models."b@1.0.0"]
description = "B"
variants = ["fp16"]
default_variant = "fp16"

[[models."b@1.0.0".files]]
path = "b.bin"
size = 33
sha256 = "33"
"""


def but(*pairs: tuple[str, str], text: str = BASE) -> str:
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def data(text: str) -> Any:
    document = Document.from_text(text)
    assert document.faults == ()
    return {key: value for key, value in keyed(document.data).items() if key != "models" or value}


def side(text: str, which: Any) -> Any:
    return data(Document.from_text(text).side(which).text)


ADDED_FILE = '\n# a new one\n[[models."a@1.0.0".files]]\npath = "three.bin"\nsize = 44  # new\nsha256 = "44"\n'
ADDED_MODEL = (
    '\n# number three\n[models."c@1.0.0"]\nvariants = ["fp16"]\n\n[[models."c@1.0.0".files]]\npath = "c.bin"\n'
)


class TestWhatGoesTogether:
    def test_a_side_that_changed_nothing_gives_the_other_to_the_byte(self) -> None:
        other = but(("fps = 24", "fps   =  30 # odd"), ("# weights\n", ""))
        assert merge(BASE, BASE, other) == Merge(other)
        assert merge(BASE, other, BASE) == Merge(other)
        assert merge(BASE, other, other) == Merge(other)

    @pytest.mark.parametrize(
        ("ours", "theirs"),
        [
            (("fps = 24", "fps = 30"), ("frames = 16", "frames = 32")),
            (("size = 11", "size = 12"), ('sha256 = "11"', 'sha256 = "12"')),
            (("size = 11", "size = 12"), ("size = 22", "size = 23")),
            (('description = "A"', 'description = "AA"'), ('description = "B"', 'description = "BB"')),
            (('description = "A"', 'description = "AA"'), ('variants = ["fp16", "bf16"]', 'variants = ["fp16"]')),
            (("fps = 24\nframes = 16\n", ""), ("# weights\n", "# the weights\n")),
            (("fps = 24\n", ""), ("frames = 16\n", "")),
        ],
    )
    def test_neighbouring_lines(self, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
        wanted = but(ours, theirs)
        assert merge(BASE, but(ours), but(theirs)) == Merge(wanted)
        assert merge(BASE, but(theirs), but(ours)) == Merge(wanted)

    def test_comments_of_both_stay(self) -> None:
        ours = but(("fps = 24", "fps = 30  # smooth"), ("# the first", "# the first, ours"))
        theirs = but(("frames = 16", "# more\nframes = 32"), ("# weights", "# weights, theirs"))
        text = merge(BASE, ours, theirs).text
        for comment in (
            "# smooth",
            "# the first, ours",
            "# more\n",
            "# weights, theirs",
            "# for now",
            "# All our models",
        ):
            assert comment in text

    def test_both_added_files_and_models(self) -> None:
        ours = but(('\n[models."a@1.0.0".defaults]', ADDED_FILE + '\n[models."a@1.0.0".defaults]')) + ADDED_MODEL
        theirs = (
            ours.replace("three.bin", "four.bin").replace("c@1.0.0", "d@1.0.0").replace("c.bin", "d.bin")
            .replace("a new one", "their new one").replace("number three", "number four")
        )  # fmt: skip
        done = merge(BASE, ours, theirs)
        assert done.conflicts == ()
        assert not done.whole
        found = data(done.text)["models"]
        assert list(found["a@1.0.0"]["files"]) == ["one.bin", "two.bin", "three.bin", "four.bin"]
        assert list(found) == ["a@1.0.0", "b@1.0.0", "c@1.0.0", "d@1.0.0"]
        for comment in ("# a new one", "# their new one", "# number three", "# number four"):
            assert done.text.count(comment) == 1

    def test_the_same_addition_by_both_stands_once(self) -> None:
        ours, theirs = BASE + ADDED_MODEL, but(("fps = 24", "fps = 30")) + ADDED_MODEL
        assert merge(BASE, ours, theirs) == Merge(theirs)

    def test_fields_added_to_one_new_table_meet(self) -> None:
        ours = BASE + '\n[models."b@1.0.0".defaults]\nfps = 24\n'
        theirs = BASE + '\n[models."b@1.0.0".defaults]\nframes = 16\n'
        done = merge(BASE, ours, theirs)
        assert done.conflicts == ()
        assert data(done.text)["models"]["b@1.0.0"]["defaults"] == {"fps": 24, "frames": 16}

    def test_a_removal_beside_a_change(self) -> None:
        ours = Document.from_text(BASE).remove_item(("models", "a@1.0.0", "files"), 0).text
        theirs = but(("size = 22", "size = 23"))
        for one, other in ((ours, theirs), (theirs, ours)):
            done = merge(BASE, one, other)
            assert done.conflicts == ()
            assert data(done.text)["models"]["a@1.0.0"]["files"] == {
                "two.bin": {"path": "two.bin", "size": 23, "sha256": "22"}
            }

    def test_a_model_removed_beside_a_change(self) -> None:
        ours = Document.from_text(BASE).remove_model("b@1.0.0").text
        done = merge(BASE, ours, but(("fps = 24", "fps = 30")))
        assert (done.conflicts, data(done.text)["models"].keys()) == ((), {"a@1.0.0"})

    def test_a_rename_beside_changes(self) -> None:
        ours = Document.from_text(BASE).rename_model("a@1.0.0", "a@2.0.0").text
        theirs = but(("fps = 24", "fps = 30"), ('description = "B"', 'description = "BB"'))
        wanted = ours.replace("fps = 24", "fps = 30").replace('description = "B"', 'description = "BB"')
        assert merge(BASE, ours, theirs) == Merge(wanted)
        assert merge(BASE, theirs, ours) == Merge(wanted)

    def test_a_rename_with_changes_beside_changes(self) -> None:
        ours = but(("size = 33", "size = 34")).replace("b@1.0.0", "b@2.0.0")
        theirs = but(('description = "B"', 'description = "BB"'))
        wanted = ours.replace('description = "B"', 'description = "BB"')
        assert merge(BASE, ours, theirs) == Merge(wanted)
        assert merge(BASE, theirs, ours) == Merge(wanted)

    def test_the_same_rename_by_both_beside_changes(self) -> None:
        ours = but(("size = 33", "size = 34")).replace("b@1.0.0", "b@2.0.0")
        theirs = but(('description = "B"', 'description = "BB"')).replace("b@1.0.0", "b@2.0.0")
        assert merge(BASE, ours, theirs) == Merge(ours.replace('description = "B"', 'description = "BB"'))

    def test_files_moved_by_one_and_changed_by_the_other(self) -> None:
        moved = Document.from_text(BASE).move_item(("models", "a@1.0.0", "files"), 0, 1).text
        changed = but(("size = 22", "size = 23"), ("size = 11", "size = 12"))
        for one, other in ((moved, changed), (changed, moved)):
            done = merge(BASE, one, other)
            assert done.conflicts == ()
            files = Document.from_text(done.text).get(("models", "a@1.0.0", "files"))
            assert [(one["path"], one["size"]) for one in files] == [("two.bin", 23), ("one.bin", 12)]

    def test_windows_newlines_are_no_change(self) -> None:
        ours = but(("fps = 24", "fps = 30")).replace("\n", "\r\n")
        theirs = but(("frames = 16", "frames = 32"))
        done = merge(BASE, ours, theirs)
        assert done == Merge(but(("fps = 24", "fps = 30"), ("frames = 16", "frames = 32")).replace("\n", "\r\n"))

    def test_an_empty_base(self) -> None:
        done = merge("", BASE, but(("fps = 24", "fps = 30")))
        assert done.conflicts == (("models", "a@1.0.0", "defaults", "fps"),)

    def test_models_written_inside_braces(self) -> None:
        base = 'schema_version = 1\nmodels = { "a@1.0.0" = { variants = ["x"], n = 1, m = 1 } }\n'
        done = merge(base, base.replace("n = 1", "n = 2"), base.replace("m = 1", "m = 2"))
        assert done == Merge(base.replace("n = 1", "n = 2").replace("m = 1", "m = 2"))


HEADED = '[models."a@1.0.0"]\nvariants = ["fp16"]\n\n# weights\n' + "\n".join(
    f'[[models."a@1.0.0".files]]\npath = "f{n}"\nsize = {n}\ncomponent = "unet"\n' for n in range(4)
)


@pytest.mark.parametrize(("at", "to"), [(1, 0), (0, 1), (0, 3), (3, 0), (2, 1), (1, 3)])
@pytest.mark.parametrize("changed", range(4))
def test_a_heading_stays_above_its_files_when_one_side_moves_some(at: int, to: int, changed: int) -> None:
    files = ("models", "a@1.0.0", "files")
    change = (f"size = {changed}", "size = 77")
    for text in (HEADED, HEADED.replace("\n", "\r\n")):
        base = Document.from_text(text)
        moved = base.move_item(files, at, to).text
        wanted = Merge(but(change, text=moved))
        assert merge(text, but(change, text=text), moved) == wanted
        assert merge(text, moved, but(change, text=text)) == wanted


def model(model_id: str, *behind: str) -> str:
    files = "".join(
        f'[[models."{model_id}".files]]\npath = "f{n}"\nsize = {n}\n\n' + "".join(behind[n : n + 1]) for n in range(3)
    )
    return f'[models."{model_id}"]\nvariants = ["fp16"]\n\n{files}[models."{model_id}".sources]\npriority = ["x"]\n\n'


FILES_OF_A = ("models", "a@1.0.0", "files")


@pytest.mark.parametrize(
    "gone",
    [
        lambda document: document.remove_model("b@1.0.0"),
        lambda document: document.remove_item(FILES_OF_A, 1),
        lambda document: document.remove_item(FILES_OF_A, 1).remove_model("b@1.0.0"),
    ],
    ids=["a model", "a file", "both"],
)
@pytest.mark.parametrize(
    "besides",
    [
        lambda document: document,
        lambda document: document.move_item(FILES_OF_A, 0, 1),
        lambda document: document.set((*FILES_OF_A, 0, "size"), 9),
        lambda document: document.set(("models", "a@1.0.0", "defaults", "fps"), 9),
    ],
    ids=["nothing", "a move", "a value", "a table"],
)
@pytest.mark.parametrize(
    "ours",
    [
        lambda document: document.set((*FILES_OF_A, 0, "size"), 9),
        lambda document: document.set((*FILES_OF_A, 2, "size"), 9),
        lambda document: document.set(("models", "a@1.0.0", "sources", "priority"), ["y"]),
        lambda document: document.set(("models", "c@1.0.0", "files", 0, "size"), 9),
        lambda document: document.insert_item(FILES_OF_A, 0, {"path": "n", "size": 1}),
    ],
    ids=["file 0", "file 2", "sources", "another model", "a new file"],
)
def test_a_comment_between_tables_stays_once_when_one_side_takes_one_away(
    gone: Callable[[Document], Document],
    besides: Callable[[Document], Document],
    ours: Callable[[Document], Document],
) -> None:
    between, behind = "# between files\n\n", "# between models\n\n"
    base = Document.from_text(model("a@1.0.0", "", between) + model("b@1.0.0") + behind + model("c@1.0.0"))
    mine, theirs = ours(base).text, besides(gone(base)).text
    for one, other in ((mine, theirs), (theirs, mine)):
        done = merge(base.text, one, other)
        assert done.conflicts == ()
        assert [done.text.count(comment) for comment in (between, behind)] == [1, 1]


class TestConflicts:
    def test_one_field_is_one_conflict_around_its_line(self) -> None:
        done = merge(BASE, but(("fps = 24", "fps = 30  # smooth")), but(("fps = 24", "fps = 12")))
        assert done.conflicts == (("models", "a@1.0.0", "defaults", "fps"),)
        block = "<<<<<<< ours\nfps = 30  # smooth\n=======\nfps = 12  # smooth\n>>>>>>> theirs\n"
        assert done.text == but(("fps = 24\n", block))

    def test_what_does_not_clash_is_merged_around_it(self) -> None:
        ours = but(("fps = 24", "fps = 30"), ("size = 11", "size = 12"))
        theirs = but(("fps = 24", "fps = 12"), ("frames = 16", "frames = 32"), ("size = 33", "size = 34"))
        done = merge(BASE, ours, theirs)
        assert done.conflicts == (("models", "a@1.0.0", "defaults", "fps"),)
        both = (("size = 11", "size = 12"), ("frames = 16", "frames = 32"), ("size = 33", "size = 34"))
        assert side(done.text, "ours") == data(but(("fps = 24", "fps = 30"), *both))
        assert side(done.text, "theirs") == data(but(("fps = 24", "fps = 12"), *both))

    def test_a_file_taken_away_by_one_and_changed_by_the_other(self) -> None:
        away = Document.from_text(BASE).remove_item(("models", "a@1.0.0", "files"), 1).text
        changed = but(("size = 22", "size = 23  # measured"))
        done = merge(BASE, away, changed)
        assert done.conflicts == (("models", "a@1.0.0", "files", "two.bin"),)
        assert "# measured" in done.text
        assert side(done.text, "ours") == data(away)
        assert side(done.text, "theirs") == data(changed)
        done = merge(BASE, changed, away)
        assert side(done.text, "ours") == data(changed)
        assert side(done.text, "theirs") == data(away)

    def test_a_model_taken_away_by_one_and_changed_by_the_other(self) -> None:
        away = Document.from_text(BASE).remove_model("b@1.0.0").text
        changed = but(("size = 33", "size = 34"))
        for one, other in ((away, changed), (changed, away)):
            done = merge(BASE, one, other)
            assert done.conflicts == (("models", "b@1.0.0"),)
            assert side(done.text, "ours") == data(one)
            assert side(done.text, "theirs") == data(other)

    @pytest.mark.parametrize("change", [("", ""), ("size = 33", "size = 34"), ('"B"', '"C"')])
    def test_a_model_renamed_by_one_and_taken_away_by_the_other(self, change: tuple[str, str]) -> None:
        away = Document.from_text(BASE).remove_model("b@1.0.0").text
        renamed = but(change, text=Document.from_text(BASE).rename_model("b@1.0.0", "w@1.0.0").text)
        for one, other in ((away, renamed), (renamed, away)):
            done = merge(BASE, one, other)
            assert (done.conflicts, done.whole) == ((("models", "w@1.0.0"),), False)
            assert side(done.text, "ours") == data(one)
            assert side(done.text, "theirs") == data(other)

    def test_a_model_that_both_renamed_otherwise(self) -> None:
        ours = but(("size = 33", "size = 34"), text=Document.from_text(BASE).rename_model("b@1.0.0", "y@1.0.0").text)
        theirs = but(('"B"', '"C"'), text=Document.from_text(BASE).rename_model("b@1.0.0", "z@1.0.0").text)
        done = merge(BASE, ours, but(("fps = 24", "fps = 30"), text=theirs))
        assert (done.conflicts, done.whole) == ((("models", "y@1.0.0"),), False)
        both = (("size = 33", "size = 34"), ('"B"', '"C"'), ("fps = 24", "fps = 30"))
        assert side(done.text, "ours") == data(but(*both).replace("b@1.0.0", "y@1.0.0"))
        assert side(done.text, "theirs") == data(but(*both).replace("b@1.0.0", "z@1.0.0"))

    def test_fields_that_clash_in_a_model_that_both_renamed_are_within_its_conflict(self) -> None:
        ours = but(("size = 33", "size = 34")).replace("b@1.0.0", "y@1.0.0")
        theirs = but(("size = 33", "size = 35")).replace("b@1.0.0", "z@1.0.0")
        done = merge(BASE, ours, theirs)
        assert (done.conflicts, done.whole) == ((("models", "y@1.0.0"),), False)
        assert side(done.text, "ours") == data(ours)
        assert side(done.text, "theirs") == data(theirs)

    def test_two_conflicts_are_two(self) -> None:
        ours = but(("fps = 24", "fps = 30"), ("size = 33", "size = 34"))
        theirs = but(("fps = 24", "fps = 12"), ("size = 33", "size = 35"))
        done = merge(BASE, ours, theirs)
        assert len(done.conflicts) == 2
        assert len(Document.from_text(done.text).conflicts) == 2

    def test_labels_and_newlines(self) -> None:
        ours, theirs = but(("fps = 24", "fps = 30")), but(("fps = 24", "fps = 12"))
        done = merge(
            BASE.replace("\n", "\r\n"), ours.replace("\n", "\r\n"), theirs.replace("\n", "\r\n"), ("HEAD", "x")
        )
        assert "<<<<<<< HEAD\r\nfps = 30\r\n=======\r\nfps = 12\r\n>>>>>>> x\r\n" in done.text

    def test_lists_are_one_field(self) -> None:
        line = 'priority = ["local://a", "hf://x/a"]'
        done = merge(BASE, but((line, 'priority = ["local://a"]')), but((line, 'priority = ["hf://x/a"]')))
        assert done.conflicts == (("models", "a@1.0.0", "sources", "priority"),)

    def test_two_fields_of_one_line_fall_back_to_lines(self) -> None:
        base = 'schema_version = 1\n[models."a@1.0.0"]\ndefaults = { fps = 1, frames = 1 }\n'
        ours, theirs = (base.replace("fps = 1, frames = 1", f"fps = {n}, frames = {n}") for n in (2, 3))
        done = merge(base, ours, theirs)
        assert done.whole
        assert side(done.text, "ours") == data(ours)
        assert side(done.text, "theirs") == data(theirs)

    def test_what_cannot_be_read_is_shown_whole(self) -> None:
        ours, theirs = but(("fps = 24", "fps = = 30")), but(("fps = 24", "fps = 12"))
        done = merge(BASE, ours, theirs)
        assert done.whole
        assert Document.from_text(done.text).side("ours").text == ours
        assert Document.from_text(done.text).side("theirs").text == theirs

    def test_a_conflict_in_a_side_is_kept(self) -> None:
        half = but(("fps = 24\n", "<<<<<<< a\nfps = 30\n=======\nfps = 31\n>>>>>>> b\n"))
        done = merge(BASE, half, but(("size = 33", "size = 34")))
        assert done.conflicts
        assert "fps = 31" in done.text


NAMES = ("a@1.0.0", "b@1.0.0")
FIELDS = (
    "description",
    "defaults.fps",
    "defaults.frames",
    "default_variant",
    "variants",
    "vram_estimation.params_billion",
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "description": st.sampled_from(["x", "A long one", 'with "quotes"']),
    "default_variant": st.sampled_from(["fp16", "bf16", "fp8"]),
    "variants": st.sampled_from([["fp16"], ["bf16", "fp8"], ["fp16", "bf16", "nf4"]]),
}


def set_field(model: str, field: str, value: Any) -> Callable[[Document], Document]:
    def edit(document: Document) -> Document:
        # Of a model that is gone, a field would come as a model of its own, wherever the text lets it.
        return document.set(("models", model, *field.split(".")), value) if model in document.model_ids else document

    return edit


def on_file(model: str, path: str, key: str, value: Any) -> Callable[[Document], Document]:
    def edit(document: Document) -> Document:
        files = [one["path"] for one in document.get(("models", model, "files"), [])]
        if key == "(gone)":
            return document.remove_item(("models", model, "files"), files.index(path))
        if model not in document.model_ids or (key == "(new)" and path in files):
            return document
        if key == "(new)":
            return document.insert_item(("models", model, "files"), len(files), {"path": path, "size": value})
        return document.set(("models", model, "files", files.index(path), key), value)

    return edit


def commented(needle: str, comment: str) -> Callable[[Document], Document]:
    def edit(document: Document) -> Document:
        at = document.text.find(needle)
        return document if at < 0 else document.replace(at, at, f"# {comment}\n")

    return edit


@st.composite
def edits(draw: st.DrawFn) -> tuple[tuple[str, ...], Callable[[Document], Document]]:
    """An edit and what it touches: two whose names are no beginning of each other lie apart."""
    kind = draw(st.sampled_from(["field", "file", "file", "new file", "gone file", "new model", "gone model"]))
    model = draw(st.sampled_from(NAMES))
    if kind == "field":
        field = draw(st.sampled_from(FIELDS))
        value = draw(VALUES.get(field, st.integers(1, 3)))
        return (model, *field.split(".")), set_field(model, field, value)
    if kind == "new model":
        name = draw(st.sampled_from(["c@1.0.0", "d@1.0.0"]))
        return (name,), lambda document: document.add_model(name, {"variants": ["x"], "files": [{"path": "p"}]})
    if kind == "gone model":
        return (model,), lambda document: document.remove_model(model)
    path = draw(st.sampled_from(["one.bin", "two.bin"] if model == NAMES[0] else ["b.bin"]))
    if kind == "new file":
        path = draw(st.sampled_from(["new.bin", "x/y.bin"]))
        return (model, "files", path), on_file(model, path, "(new)", 5)
    if kind == "gone file":
        return (model, "files", path), on_file(model, path, "(gone)", None)
    key = draw(st.sampled_from(["size", "sha256", "optional"]))
    return (model, "files", path, key), on_file(model, path, key, draw(st.sampled_from([True, 7, "zz"])))


def applied(text: str, some: Sequence[Callable[[Document], Document]]) -> str:
    document = Document.from_text(text)
    for edit in some:
        try:
            document = edit(document)
        except (EditRefused, ValueError):
            continue
    return document.text


def apart(names: Sequence[tuple[str, ...]], others: Sequence[tuple[str, ...]]) -> bool:
    return not any(
        one[: min(len(one), len(other))] == other[: min(len(one), len(other))] for one in names for other in others
    )


SIDES = st.lists(edits(), min_size=1, max_size=4)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@given(SIDES, NEWLINES)
def test_one_side_unchanged_gives_the_other(side_edits: Any, newline: str) -> None:
    base = BASE.replace("\n", newline)
    other = applied(base, [edit for _, edit in side_edits])
    assert merge(base, base, other) == Merge(other)
    assert merge(base, other, base) == Merge(other)


@given(SIDES, SIDES, NEWLINES)
def test_edits_that_lie_apart_commute(one: Any, other: Any, newline: str) -> None:
    base = BASE.replace("\n", newline)
    if not apart([name for name, _ in one], [name for name, _ in other]):
        return
    first, second = [edit for _, edit in one], [edit for _, edit in other]
    ours, theirs = applied(base, first), applied(base, second)
    done, turned = merge(base, ours, theirs), merge(base, theirs, ours)
    note(done.text)
    assert (done.conflicts, turned.conflicts) == ((), ())
    wanted = data(applied(ours, second))
    assert same(data(done.text), wanted)
    assert same(data(turned.text), wanted)
    assert newline == "\n" or "\n" not in done.text.replace("\r\n", "")


@given(SIDES, SIDES, st.booleans())
def test_whatever_clashes_both_sides_can_be_had(one: Any, other: Any, turned: bool) -> None:
    ours, theirs = applied(BASE, [edit for _, edit in one]), applied(BASE, [edit for _, edit in other])
    done = merge(BASE, ours, theirs)
    note(done.text)
    document = Document.from_text(done.text)
    assert bool(document.conflicts) == bool(done.conflicts)
    mine, others = side(done.text, "ours"), side(done.text, "theirs")
    if not done.conflicts:
        assert same(mine, others)
    for path in done.conflicts:
        assert not same(at(mine, path), at(others, path)), json.dumps(path)
        assert same(at(mine, path), at(data(ours), path))
        assert same(at(others, path), at(data(theirs), path))


def at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


@given(SIDES, st.sampled_from(["fps = 24", 'description = "B"', "size = 22", '[models."b@1.0.0"]']))
def test_comments_of_theirs_arrive(one: Any, needle: str) -> None:
    ours = applied(BASE, [edit for _, edit in one])
    theirs = applied(BASE, [commented(needle, "a word of theirs")])
    done = merge(BASE, ours, theirs)
    assert done.conflicts == ()
    assert same(data(done.text), data(ours))
    if needle in ours:
        assert done.text.count("# a word of theirs") == 1
