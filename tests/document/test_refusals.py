"""What TOML cannot say is refused with a reason, whatever door it comes through: no traceback, and no text changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused

TEXT = """\
schema_version = 1

[models."a@1.0.0"]
variants = ["fp16"]
"""
A = ("models", "a@1.0.0")
LONE = ("\ud800", "b\udcff@1.0.0")


def nested(depth: int) -> Any:
    value: Any = 1
    for number in range(depth):
        value = [value] if number % 2 else {"k": value}
    return value


@pytest.mark.parametrize("lone", LONE, ids=["alone", "in text"])
@pytest.mark.parametrize(
    "change",
    [
        lambda document, lone: document.set(("x",), {lone: 1}),
        lambda document, lone: document.set(("x",), [{"y": {lone: 1}}]),
        lambda document, lone: document.set((lone,), 1),
        lambda document, lone: document.set((*A, lone), 1),
        lambda document, lone: document.set((*A, lone, "fps"), 1),
        lambda document, lone: document.insert_item((*A, lone), 0, "x"),
        lambda document, lone: document.insert_item((*A, "files"), 0, {lone: "x"}),
        lambda document, lone: document.add_model(lone, {}),
        lambda document, lone: document.add_model("b@1.0.0", {lone: 1}),
        lambda document, lone: document.copy_model("a@1.0.0", lone),
        lambda document, lone: document.rename_model("a@1.0.0", lone),
        lambda document, lone: document.replace(0, 0, lone),
    ],
)
def test_a_lone_surrogate(change: Callable[[Document, str], Document], lone: str) -> None:
    with pytest.raises(EditRefused, match="lone surrogate"):
        change(Document.from_text(TEXT), lone)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.set(("x",), nested(101)),
        lambda document: document.set(("x",), nested(30_000)),
        lambda document: document.set(("x",) * 101, 1),
        lambda document: document.set(("x",) * 30_000, 1),
        lambda document: document.set((*A, "defaults", "x"), nested(101)),
        lambda document: document.add_model("b@1.0.0", {"x": nested(30_000)}),
        lambda document: document.insert_item((*A, "variants"), 0, nested(30_000)),
    ],
)
def test_what_is_nested_too_deep(change: Callable[[Document], Document]) -> None:
    with pytest.raises(EditRefused, match="more than 100"):
        change(Document.from_text(TEXT))


@pytest.mark.parametrize("number", [10**1000, -(10**1000), 10**5000], ids=["1,001", "negative", "5,001"])
def test_a_number_of_too_many_digits(number: int) -> None:
    with pytest.raises(EditRefused, match="more than 1,000 digits"):
        Document.from_text(TEXT).set(("x",), number)


def test_what_is_just_within_the_bounds() -> None:
    number = 10**999
    assert Document.from_text(TEXT).set(("x",), number).get(("x",)) == number
    assert Document.from_text(TEXT).set(("x",), nested(98)).get(("x",)) == nested(98)


@pytest.mark.parametrize("others", ["", '\n[models."b@1.0.0"]\nvariants = ["fp16"]\n'])
@pytest.mark.parametrize(("path", "told"), [((*A, "files", 0), "models.a@1.0.0.files.0"), (A, "models.a@1.0.0")])
@pytest.mark.parametrize("value", ["x", [], 3])
def test_a_value_in_place_of_a_table_that_headers_spell(path: KeyPath, told: str, value: Any, others: str) -> None:
    text = TEXT + '\n[[models."a@1.0.0".files]]\npath = "x"\n' + others
    with pytest.raises(EditRefused) as refused:
        Document.from_text(text).set(path, value)
    assert str(refused.value) == f"{told} is a table, and only a table can take its place."


@pytest.mark.parametrize("text", ["", "schema_version = 1\n", "\ufeffschema_version = 1\n"])
def test_a_model_is_put_where_there_was_none(text: str) -> None:
    new = Document.from_text(text).set((*A, "defaults"), {"fps": 24})
    assert new.data["models"] == {"a@1.0.0": {"defaults": {"fps": 24}}}
    assert new.text.startswith(text)
