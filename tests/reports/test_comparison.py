"""Comparisons: what differs by model and field, and how it is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.conftest import HOSTILE, TOKEN, is_safe

from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, but
from loadmaster.document.comparison import FieldChange, compare
from loadmaster.document.document import Document
from loadmaster.reports import comparison as reports

ID = "demo-1b@1.0.0"


def changes(old: str, new: str) -> list[FieldChange]:
    """The changes of the first model that differs."""
    return list(compare(Document.from_text(old), Document.from_text(new)).models[0].changes)


def told(old: str, new: str) -> list[str]:
    """The lines of the text."""
    return list(reports.text(compare(Document.from_text(old), Document.from_text(new))))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("size = 612", "size = 620", FieldChange("changed", ("files", "config.json", "size"), 612, 620)),
        ('version = "1.0.0"\n', "", FieldChange("removed", ("version",), "1.0.0")),
        ("size = 612\n", "size = 612\nnote = 1\n", FieldChange("added", ("files", "config.json", "note"), None, 1)),
        ("size = 612", "size = 612.0", FieldChange("changed", ("files", "config.json", "size"), 612, 612.0)),
        (
            '["fp16", "bf16"]',
            '["bf16", "fp16"]',
            FieldChange("moved", ("variants",), ["fp16", "bf16"], ["bf16", "fp16"]),
        ),
    ],
)
def test_a_field(old: str, new: str, expected: FieldChange) -> None:
    assert changes(GOOD, but(old, new)) == [expected]


def test_a_file_is_told_by_its_path_wherever_it_stands() -> None:
    blocks = SHARDED.split("[[", 1)[1].split("[[")
    moved = SHARDED.replace("[[" + blocks[1], "").replace("[[" + blocks[2], "[[" + blocks[2] + "[[" + blocks[1])
    (change,) = changes(SHARDED, moved)
    assert (change.kind, change.path) == ("moved", ("files",))
    (gone,) = changes(SHARDED, SHARDED.replace("[[" + blocks[1], ""))
    assert (gone.kind, gone.path) == ("removed", ("files", "unet/model-00001-of-00003.safetensors"))


def test_models_that_came_and_went() -> None:
    assert told(GOOD, TWO_MODELS) == ["+ demo-2b@1.0.0 (1 file, 4.30 GB)"]
    assert told(TWO_MODELS, GOOD) == ["- demo-2b@1.0.0 (1 file, 4.30 GB)"]


def test_a_renamed_model_is_one_change() -> None:
    renamed = GOOD.replace('"demo-1b@1.0.0"', '"demo-1b@2.0.0"').replace('version = "1.0.0"', 'version = "2.0.0"')
    assert told(GOOD, renamed) == ["~ demo-1b@1.0.0 → demo-1b@2.0.0", '    ~ version: "1.0.0" → "2.0.0"']


def test_the_top_level() -> None:
    assert told(GOOD, but("schema_version = 1", "schema_version = 2\nowner = 'me'")) == [
        "~ schema_version: 1 → 2",
        '+ owner: "me"',
    ]


def test_lists_say_what_came_and_went() -> None:
    assert told(GOOD, but('["fp16", "bf16"]', '["fp16", "nf4"]'))[1] == '    ~ variants: -"bf16", +"nf4"'


def test_a_list_of_files_of_which_two_have_one_path_is_compared_whole() -> None:
    twice = GOOD.replace("unet/model.safetensors", "config.json")
    (change,) = changes(GOOD, twice)
    assert (change.kind, change.path) == ("changed", ("files",))


def test_nothing_is_read_as_markup() -> None:
    found = compare(Document.from_text(GOOD), Document.from_text(HOSTILE))
    text = "\n".join(reports.text(found))
    markdown = "\n".join(reports.markdown(found, "a`b", "c|d"))
    data = reports.as_json(found, "a", "b")
    assert is_safe(text)
    assert is_safe(markdown)
    assert TOKEN[4:] not in data
    rows = [line for line in markdown.split("\n") if line.startswith("| ")]
    assert rows
    assert all(len(line.replace("\\|", "").split("|")) == 5 for line in rows)
    assert "``a`b``" in markdown


def test_json_takes_what_json_has_not() -> None:
    new = but("size = 612", "size = 612\nwhen = 2026-01-02\nbig = inf\nnot = [nan]")
    data = json.loads(reports.as_json(compare(Document.from_text(GOOD), Document.from_text(new)), "a", "b"))
    values = {change["path"][-1]: change["new"] for change in data["models"][0]["changes"]}
    assert values == {"when": "2026-01-02", "big": "inf", "not": ["nan"]}


_LEAVES = st.one_of(st.integers(0, 3), st.booleans(), st.sampled_from(["a", "b"]), st.lists(st.sampled_from("ab")))
_FILES = st.lists(st.fixed_dictionaries({"path": st.sampled_from("xyz"), "size": st.integers(0, 2)}), max_size=3)
_MODELS = st.dictionaries(
    st.sampled_from(["a@1.0.0", "b@1.0.0"]),
    st.fixed_dictionaries({}, optional={"files": _FILES, "variants": _LEAVES, "defaults": st.dictionaries(
        st.sampled_from(["fps", "frames"]), _LEAVES)}),
)  # fmt: skip


def _document(models: dict[str, Any]) -> Document:
    document = Document.from_text("schema_version = 1\n")
    for model_id, data in models.items():
        document = document.add_model(model_id, data)
    return document


@given(_MODELS, _MODELS)
def test_two_manifests_differ_exactly_where_their_data_does(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = _document(old), _document(new)
    found = compare(before, after)
    alike = json.dumps(before.data, sort_keys=True) == json.dumps(after.data, sort_keys=True)
    assert bool(found) != alike
    assert not compare(before, before)
    back = compare(after, before)
    assert len(back.models) == len(found.models)
    assert list(reports.text(found)) != [] or alike


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('[models]\n"a@1.0.0" = 3\n', '[models]\n"a@1.0.0" = 4\n', "    ~ (model): 3 → 4"),
        ('[models]\n"a@1.0.0" = 3\n', '[models."a@1.0.0"]\nx = 1\n', "    ~ (model): 3 → a table"),
        (
            '[[models."a@1.0.0"]]\nx = 1\n',
            '[[models."a@1.0.0"]]\nx = 2\n',
            "    ~ (model): -a table, +a table",
        ),
        (
            '[[models."a@1.0.0"]]\nx = 1\n[[models."a@1.0.0"]]\nx = 2\n',
            '[[models."a@1.0.0"]]\nx = 2\n[[models."a@1.0.0"]]\nx = 1\n',
            "    ~ (model): in another order",
        ),
    ],
)
def test_a_model_that_is_no_table(old: str, new: str, line: str) -> None:
    assert told(old, new) == ["~ a@1.0.0", line]
    found = compare(Document.from_text(old), Document.from_text(new))
    assert any("`(model)`" in row for row in reports.markdown(found, "old", "new"))
    assert json.loads(reports.as_json(found, "old", "new"))["models"][0]["changes"][0]["path"] == []
