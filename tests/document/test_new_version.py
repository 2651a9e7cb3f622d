"""A model under another id: exactly the lines that were chosen name it."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

import pytest

from loadmaster.document.comments import comment_spans
from loadmaster.document.document import Document
from loadmaster.document.new_version import Mention, likely, mentions, new_version, renamed
from loadmaster.document.tables import cut_tables
from loadmaster.errors import EditRefused

TEXT = """\
schema_version = 1  # t2v@1.0.0 lives here

# t2v@1.0.0: the first of its kind, see t2v@1.0.01 and ti2v-t2v@1.0.0
[models."t2v@1.0.0"]
description = "t2v@1.0.0 # no comment"  # also known as v1.0.0
version = "1.0.0"
variants = ["fp16"]  # t2v only
default_variant = "fp16"

[[models."t2v@1.0.0".files]]
path = "t2v@1.0.0/a.json"
size = 3
sha256 = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"

# a word between the tables, on t2v@1.0.0

[models."t2v@1.0.0".sources]
priority = [
    "local://t2v@1.0.0",  # t2v@1.0.0 as copied
    "s3://bucket/t2v/1.0.0",
    'hf://a/b@v1',
]

# ---- what follows is not about t2v@1.0.0 ----

[models."b@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"
"""

OLD = "t2v@1.0.0"
NEW = "t2v@1.1.0"


def changed_lines(old: str, new: str) -> list[str]:
    return sorted(line for line in difflib.ndiff(old.splitlines(), new.splitlines()) if line[:1] in "+-")


def of_kind(found: tuple[Mention, ...], holds: str) -> list[str]:
    return [mention.text for mention in found if mention.holds == holds]


def test_every_string_and_comment_of_the_model_that_names_it_is_offered() -> None:
    found = mentions(Document.from_text(TEXT), OLD)
    assert of_kind(found, "id") == [
        "t2v@1.0.0 # no comment",
        "t2v@1.0.0/a.json",
        "local://t2v@1.0.0",
        "# t2v@1.0.0: the first of its kind, see t2v@1.0.01 and ti2v-t2v@1.0.0",
        "# a word between the tables, on t2v@1.0.0",
        "# t2v@1.0.0 as copied",
    ]
    assert of_kind(found, "version") == ["s3://bucket/t2v/1.0.0", "# also known as v1.0.0"]
    assert of_kind(found, "name") == ["# t2v only"]
    assert [mention.text for mention in likely(found)] == [
        text for text in of_kind(found, "id") if not text.endswith("a.json")
    ]


def test_a_copy_names_the_new_id_where_chosen_and_the_old_model_stays_to_the_byte() -> None:
    document = Document.from_text(TEXT)
    new = new_version(document, OLD, NEW, likely(mentions(document, OLD)))
    copied = tomllib.loads(new.text)["models"][NEW]
    assert copied["version"] == "1.1.0"
    assert copied["description"] == "t2v@1.1.0 # no comment"
    assert copied["files"][0]["path"] == "t2v@1.0.0/a.json"
    assert copied["sources"]["priority"] == ["local://t2v@1.1.0", "s3://bucket/t2v/1.0.0", "hf://a/b@v1"]
    assert "# t2v@1.1.0: the first of its kind, see t2v@1.0.01 and ti2v-t2v@1.0.0\n" in new.text
    assert '"local://t2v@1.1.0",  # t2v@1.1.0 as copied\n' in new.text
    assert new.remove_model(NEW).text == TEXT


def test_nothing_is_rewritten_that_was_not_chosen() -> None:
    document = Document.from_text(TEXT)
    new = new_version(document, OLD, NEW, (), write_version=False)
    assert new.text == document.copy_model(OLD, NEW).text
    assert new.model_data(NEW) == document.model_data(OLD)


def test_a_rename_changes_the_headers_the_version_and_what_was_chosen() -> None:
    document = Document.from_text(TEXT)
    found = mentions(document, OLD)
    new = renamed(document, OLD, NEW, [mention for mention in found if mention.holds == "version"])
    assert changed_lines(TEXT, new.text) == sorted(
        [
            '- [models."t2v@1.0.0"]',
            '- description = "t2v@1.0.0 # no comment"  # also known as v1.0.0',
            '- version = "1.0.0"',
            '+ [models."t2v@1.1.0"]',
            '+ description = "t2v@1.0.0 # no comment"  # also known as v1.1.0',
            '+ version = "1.1.0"',
            '- [[models."t2v@1.0.0".files]]',
            '+ [[models."t2v@1.1.0".files]]',
            '- [models."t2v@1.0.0".sources]',
            '+ [models."t2v@1.1.0".sources]',
            '-     "s3://bucket/t2v/1.0.0",',
            '+     "s3://bucket/t2v/1.1.0",',
        ]
    )


def test_another_name_is_written_where_only_the_name_stood() -> None:
    document = Document.from_text(TEXT)
    new = renamed(document, OLD, "wan@1.0.0", mentions(document, OLD))
    assert 'variants = ["fp16"]  # wan only\n' in new.text
    assert '"s3://bucket/t2v/1.0.0",' in new.text
    assert "# ---- what follows is not about t2v@1.0.0 ----" in new.text


def test_a_rename_does_not_give_a_version_to_a_model_without() -> None:
    document = Document.from_text(TEXT.replace('version = "1.0.0"\n', ""))
    assert not renamed(document, OLD, NEW).has(("models", NEW, "version"))
    assert new_version(document, OLD, NEW).get(("models", NEW, "version")) == "1.1.0"


def test_an_id_that_is_there_is_refused() -> None:
    document = Document.from_text(TEXT)
    with pytest.raises(EditRefused, match="already"):
        new_version(document, OLD, "b@1.0.0")


def test_models_written_inline_are_copied_with_their_strings() -> None:
    document = Document.from_text('models = { "a@1.0.0" = { sources = { priority = ["local://a@1.0.0"] } } }\n')
    new = new_version(document, "a@1.0.0", "a@2.0.0", mentions(document, "a@1.0.0"))
    assert new.data["models"]["a@2.0.0"]["sources"]["priority"] == ["local://a@2.0.0"]


def test_published_manifests_come_back_to_the_byte(shared: Path) -> None:
    for path in sorted((shared / "manifests").glob("*.toml")):
        document = Document.from_bytes(path.read_bytes())
        for model_id in document.model_ids:
            new_id = model_id.rpartition("@")[0] + "@9.9.9"
            new = new_version(document, model_id, new_id, mentions(document, model_id))
            assert new.remove_model(new_id).text == document.text
            back = renamed(document, model_id, new_id, likely(mentions(document, model_id)))
            again = renamed(back, new_id, model_id, likely(mentions(back, new_id)))
            assert again.text == document.text


def test_a_comment_is_found_behind_any_value_and_in_none() -> None:
    text = "# top\n[a.\"#k\"] # head\r\n'#q' = \"#s\" # one\nlist = [ # two\n  '#x', # three\n]\n"
    text += "long = '''\n# no\n''' # four\n"
    table = cut_tables(text)[-1]
    found = [table.text[start:end] for start, end in comment_spans(table)]
    assert found == ["# top", "# head", "# one", "# two", "# three", "# four"]
