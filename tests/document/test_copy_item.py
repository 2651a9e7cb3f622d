"""A file copied behind itself, with the comments that are its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadmaster.document.document import Document
from loadmaster.errors import EditRefused

TEXT = """\
[models."a@1.0.0"]
variants = ["fp16"]

# the codec  \\_ checked by hand
[[models."a@1.0.0".files]]
path = "vae.pth"   # as published
size = 3
component = "vae"

# all shards
[[models."a@1.0.0".files]]
path = "u-1.bin"
size = 4
component = "unet"

[[models."a@1.0.0".files]]
path = "u-2.bin"
size = 5
component = "unet"

[models."a@1.0.0".sources]
priority = ["x://y"]
"""
FILES = ("models", "a@1.0.0", "files")


def test_a_copy_stands_behind_with_its_comments() -> None:
    new = Document.from_text(TEXT).copy_item(FILES, 0)
    block = TEXT[TEXT.index("# the codec") : TEXT.index("# all shards")]
    assert new.text == TEXT.replace(block, block + block)
    assert new.get((*FILES, 1)) == new.get((*FILES, 0))
    assert new.remove_item(FILES, 1).text == TEXT


def test_the_heading_of_a_run_is_not_doubled() -> None:
    new = Document.from_text(TEXT).copy_item(FILES, 1)
    assert new.text.count("# all shards") == 1
    assert [file["path"] for file in new.get(FILES)] == ["vae.pth", "u-1.bin", "u-1.bin", "u-2.bin"]
    assert new.remove_item(FILES, 2).text == TEXT


def test_items_of_arrays_and_inline_tables_are_copied_too() -> None:
    document = Document.from_text('[models."a@1.0.0"]\nfiles = [ { path = "a" }, { path = "b" } ]\n')
    new = document.copy_item(FILES, 0)
    assert new.text == '[models."a@1.0.0"]\nfiles = [ { path = "a" }, { path = "a" }, { path = "b" } ]\n'


def test_an_item_that_is_not_there_is_refused() -> None:
    with pytest.raises(EditRefused):
        Document.from_text(TEXT).copy_item(FILES, 3)


def test_every_file_of_the_published_manifests(shared: Path) -> None:
    for path in sorted((shared / "manifests").glob("*.toml")):
        document = Document.from_bytes(path.read_bytes())
        for model_id in document.model_ids:
            files = ("models", model_id, "files")
            for index in range(len(document.get(files))):
                new = document.copy_item(files, index)
                assert new.get((*files, index + 1)) == document.get((*files, index))
                assert new.remove_item(files, index + 1).text == document.text
