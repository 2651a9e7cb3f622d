"""Any text makes a document: it never raises, is at fault just where `tomllib` says so, and keeps the rest."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from loadmaster.document.document import Document
from loadmaster.document.plain import same

GOOD = '\n[models."good@1.0.0"]\nversion = "1.0.0"\n'

# Each breaks a manifest in its own way, most of them a reader too; the model behind them stays readable.
HOSTILE = {
    "open brackets": "x = " + "[" * 200_000 + "\n",
    "closed brackets": "x = " + "[" * 3000 + "]" * 3000 + "\n",
    "open braces": "x = " + "{a=" * 3000 + "\n",
    "a long number": "x = " + "9" * 5000 + "\n",
    "a long hexadecimal number": "x = 0x" + "f" * 500_000 + "\n",
    "a long number in groups": "x = " + "9_" * 5000 + "9\n",
    "a long fraction": "x = 1." + "9" * 500_000 + "\n",
    "a long dotted key": ".".join(["a"] * 20_000) + " = 1\n",
    "a long dotted key with spaces": " . ".join(["a"] * 20_000) + " = 1\n",
    "a long dotted key in quotes": ".".join(['"a"'] * 20_000) + " = 1\n",
    "a long dotted key in braces": "x = {" + ".".join(["a"] * 20_000) + " = 1}\n",
    "a long dotted header": "[" + ".".join(["a"] * 20_000) + "]\n",
    "a long dotted header of a model": "[models." + ".".join(["a"] * 20_000) + "]\n",
    "a long line without a value": "x" * 1_000_000 + "\n",
    "a long line with an open string": 'x = "' + "x" * 1_000_000 + "\n",
    "a lone carriage return": "a = 1\rb = 2\n",
    "many carriage returns": "\r" * 100_000 + "\n",
    "a null character": 'a = "\0"\n',
    "a null character in a comment": "# \0\n",
    "a header without its bracket": '[models."a@1.0.0"\nx = 1\n',
    "a header without its second bracket": '[[models."a@1.0.0".files]\nx = 1\n',
    "a header without its quote": '[models."a@1.0.0\nx = 1\n',
    "a header just begun": "[\n",
    "an empty header": "[]\n",
    "a header that ends in a dot": "[models.]\n",
    "a header without quotes": "[models.b@1.0.0]\nx = 1\n",
    "an open array": "x = [1,\n2\n",
    "an open string in an array": 'x = ["a,\n2]\n',
    "an open long string": 'x = """abc\n',
    "an open long literal string": "x = '''abc\n",
    "an open inline table": "x = {a = 1,\n",
    "quotes": '"' * 100_000 + "\n",
    "literal quotes": "x = " + "'" * 100_000 + "\n",
    "quotes behind a long string": 'x = """' + '"' * 100_000 + "\n",
    "a header with spaces that never ends": "[a" + " " * 500_000 + "b]\n",
    "many open arrays": "x = [\n" * 20_000,
    "many open long strings": 'x = """\n' * 20_001,
    "many headers just begun": "[\n" * 20_000,
    "many backslashes": 'x = "' + "\\" * 100_001 + '"\n',
    "one table many times": '[models."a@1.0.0"]\nx = 1\n' * 2000,
    "one key many times": "a = 1\n" * 30_000,
    "an escape beyond Unicode": 'a = "\\UFFFFFFFF"\n',
    "a key with an escape beyond Unicode": '"\\UFFFFFFFF" = 1\n',
    "a header with an escape beyond Unicode": '[models."\\UFFFFFFFF"]\n',
    "a header with half an escape": '[models."\\ud800"]\nx = 1\n',
    "a header with an unknown escape": '[models."\\q"]\nx = 1\n',
    "a line separator": "a = 1\u2028b = 2\n",
    "a form feed": "a = 1\n\x0c\n",
    "no date": "a = 0000-00-00T99:99:99\n",
    "a conflict": "<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n",
    "many conflicts just begun": "<<<<<<< a\n" * 10_000,
    "models that are a number": "models = 3\n",
    "models that are a list": "models = []\n",
    "a model that is half spelled at the top": 'models."half@1.0.0".x = 1\n[models."half@1.0.0"]\ny = 1\n',
    "models half spelled many times": "models.a.x = 1\n" + "[models.a.x]\ny = 1\n" * 300,
}

# Odd, long or large, and yet right.
PLAIN = {
    "nothing": "",
    "a hexadecimal number to the bound": "x = 0x" + "f" * 1000 + "\n",
    "a long comment": "# " + "x" * 1_000_000 + "\n",
    "a long string": 'x = "' + "x" * 1_000_000 + '"\n',
    "many spaces": " " * 500_000 + "\n",
    "many comments": "#\n" * 100_000,
    "many keys": "".join(f"k{i} = {i}\n" for i in range(20_000)),
    "many tables": "".join(f"[t{i}]\nk = {i}\n" for i in range(10_000)),
    "nested to the bound": "x = " + "[" * 100 + "]" * 100 + "\n",
    "brackets in a comment": "# " + "[" * 5000 + "\n",
    "brackets in a string": 'x = "' + "[" * 5000 + '"\n',
    "a number in a string": 'x = "' + "9" * 5000 + '"\n',
    "dots in a string": 'x = "' + "a." * 5000 + '"\n',
    "header in a long string": 'x = """\n[models."fake@1.0.0"]\n"""\n',
    "header in an array": 'x = [\n["[models.fake]"],\n]\n',
    "conflict marks in a comment": "# <<<<<<< a\n",
}

# Ours of what the public suite holds, for those who have no copy of it.
VALID = [
    "a = 1\r\nb = 2\r\n",
    "[ a . 'b' . \"c\" ]\nx = 1",
    "[a.b]\n[a]\nx = 1\n[a.c]\n",
    "[[a]]\n[a.b]\n[[a]]\n[a.b]\n",
    "[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\n[c]\n[[a]]\n",
    "a.b = 1\na.c = 2\n[d]\ne.f = 1\n",
    'a = { b.c = 1, d = ["x", { e = 1979-05-27 07:32:00 }] }\n',
    "a = [\n  [1, 2], # one\n  # two\n  [3,],\n]\n",
    "a = '''\n''quoted'''''\n",
    'a = """\\\n   trimmed """""\n',
    "x = 1979-05-27T07:32:00.999999-07:00\ny = 07:32:00\nz = 1979-05-27\n",
    "a = inf\nb = -nan\nc = 0xDEAD_beef\nd = 6.26e-34\n",
    '[""]\n"" = 2\n[models.""]\nx = 1\n[models."\\u0000"]\ny = 1\n',
    '"\\u0061" = 1\n["\\U00000062"]\nc = 1\n',
    "[models]\n[models.x]\ny = 1\n",
    "[models]\nz = 2\n[models.x]\ny = 1\n",
    "models = { x = { y = 1 } }\n",
    "models.x.y = 1\n[other]\n",
    "[[models]]\nx = 1\n[models.y]\nz = 1\n",
    "[models.x]\n[[models.x.files]]\npath = 'a'\n[models.x.files.more]\ny = 1\n[[models.x.files]]\n",
]
INVALID = [
    "a = 1\na = 2\n",
    "[a]\n[a]\n",
    "[a]\n[[a]]\n",
    "[[a]]\n[a]\n",
    "a = []\n[[a]]\n",
    "a = {}\n[a.b]\n",
    "a.b = 1\n[a]\n",
    "[a.b]\n[a]\nb.c = 1\n",
    "[a]\nb.c = 1\n[a.b]\n",
    "[[a.b]]\n[a]\nb.c = 2\n",
    "a = { b = 1,\n c = 2 }\n",
    "a = { b = 1, }\n",
    "a = 01\n",
    "a = \n",
    "= 1\n",
    "a = 1 b = 2\n",
    "[a] b = 1\n",
    "[[a]\n",
    "[ [a]]\n",
    "[a]]\n",
    'a = "\n"\n',
    "a = 'x\n",
    "# \x7f\n",
    "[a] # \x01\n",
    '[a."\\x41"]\n',
    "[models.a@1]\n",
]


def read(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None


def judge(raw: bytes) -> None:
    """One document of the suite: the text comes back, and `tomllib` has the same view of it."""
    document = Document.from_bytes(raw)
    try:
        expected = read(raw.decode("utf-8"))
    except UnicodeDecodeError:
        assert [fault.kind for fault in document.text_faults] == ["encoding"]
        assert not document.is_readable
        return
    assert document.text.encode("utf-8") == raw
    assert "".join(table.text for table in document.tables) == document.text
    assert (not document.faults) == (expected is not None), document.faults
    if expected is not None:
        assert same(document.data, expected)
        assert document.model_ids == (tuple(expected["models"]) if isinstance(expected.get("models"), dict) else ())


def test_the_public_suite_is_judged_as_by_tomllib(shared: Path) -> None:
    suite = shared / "toml-test"
    names = [name for name in (suite / "files-toml-1.0.0").read_text().split() if name.endswith(".toml")]
    assert len(names) > 600
    for name in names:
        try:
            judge((suite / name).read_bytes())
        except Exception as error:
            raise AssertionError(name) from error


@pytest.mark.parametrize("text", VALID)
def test_a_valid_text_has_no_fault_and_the_data_of_tomllib(text: str) -> None:
    assert read(text) is not None
    judge(text.encode())


@pytest.mark.parametrize("text", INVALID)
def test_an_invalid_text_has_a_fault_in_the_text(text: str) -> None:
    assert read(text) is None
    judge(text.encode())
    for fault in Document.from_text(text).faults:
        assert 0 <= fault.start <= fault.end <= len(text)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_raises_and_the_model_behind_it_stays_readable(name: str) -> None:
    text = HOSTILE[name] + GOOD
    document = Document.from_text(text)
    assert document.faults
    assert document.text == text
    assert "good@1.0.0" in document.model_ids
    assert document.model_data("good@1.0.0") == {"version": "1.0.0"}
    assert document.data["models"]["good@1.0.0"] == {"version": "1.0.0"}
    assert document.place(("models", "good@1.0.0")).line == text.count("\n") - 1
    fault = document.faults[0]
    document.place_at(fault.start, fault.end)
    document.path_at(fault.start)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_model_behind_damage_can_still_be_edited(name: str) -> None:
    text = HOSTILE[name] + GOOD
    edited = Document.from_text(text).set(("models", "good@1.0.0", "version"), "1.0.1")
    assert edited.text == text.replace('"1.0.0"', '"1.0.1"')


@pytest.mark.parametrize("name", PLAIN)
def test_a_long_or_odd_text_that_is_right_has_no_fault(name: str) -> None:
    text = PLAIN[name] + GOOD
    judge(text.encode())
    assert Document.from_text(text).model_data("good@1.0.0") == {"version": "1.0.0"}


def test_a_byte_order_mark_is_one_fault_and_hides_nothing() -> None:
    document = Document.from_bytes(b"\xef\xbb\xbfschema_version = 1\n" + GOOD.encode())
    assert [fault.kind for fault in document.faults] == ["byte-order-mark"]
    assert document.data == {"schema_version": 1, "models": {"good@1.0.0": {"version": "1.0.0"}}}


def test_bytes_that_are_no_text_are_shown_and_not_edited() -> None:
    document = Document.from_bytes(b'x = "\xff"\n' + GOOD.encode())
    assert document.faults[0].kind == "encoding"
    assert document.model_data("good@1.0.0") == {"version": "1.0.0"}


def test_models_that_are_a_number_are_one_fault_and_not_one_a_header() -> None:
    document = Document.from_text("schema_version = 1\nmodels = 3\n" + GOOD)
    (fault,) = document.faults
    assert (fault.kind, document.text[fault.start : fault.end], fault.path) == ("defined-twice", "models", ("models",))
    assert fault.first == document.text.index("[")
    assert document.unset(("schema_version",)).text == "models = 3\n" + GOOD


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_a_text_cut_off_anywhere_keeps_the_models_before_the_cut(cut: int) -> None:
    first = '[models."a@1.0.0"]\nversion = "1.0.0"\n\n[[models."a@1.0.0".files]]\npath = "x"\n'
    second = (
        '[models."b@1.0.0"]\nresolution_caps = [\n    "a", # one\n]\ndefaults = { fps = 24 }\nnotes = """\nlong\n"""\n'
    )
    document = Document.from_text(first + second[:cut])
    assert document.model_data("a@1.0.0") == {"version": "1.0.0", "files": [{"path": "x"}]}
    assert not document.model_faults("a@1.0.0")
