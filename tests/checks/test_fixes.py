"""Fixes: each mends its fault, brings no error, does nothing a second time, and changes no more than it says."""

from __future__ import annotations

import difflib
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.engine import check, findings
from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, WITH_MEMORY, but
from loadmaster.checks.fixes import RenameKey, SetValue
from loadmaster.checks.rule import RULES
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.document.document import Document
from loadmaster.errors import EditRefused

if TYPE_CHECKING:
    from .conftest import Told

DEMO = "demo-1b@1.0.0"


def _errors(document: Document) -> Counter[str]:
    return Counter(one.code for one in findings(document) if one.severity is Severity.ERROR)


def _changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line.rstrip("\n") for line in lines if line[0] in "+-"]


def _assert_mends(document: Document, diagnostic: Diagnostic) -> Document:
    fix = diagnostic.fix
    assert fix is not None
    mended = fix.apply(document)
    assert mended.text != document.text
    assert not any(one.code == diagnostic.code and one.path == diagnostic.path for one in findings(mended))
    assert not _errors(mended) - _errors(document)
    assert fix.apply(mended).text == mended.text
    return mended


@pytest.mark.parametrize(
    "code", [code for code, rule in RULES.items() if rule.fix and rule.offline and code != "LM403"]
)
def test_the_fix_of_each_example_mends_it(code: str) -> None:
    document = Document.from_text(RULES[code].bad)
    (diagnostic,) = [one for one in check(document) if one.fix is not None]
    if isinstance(diagnostic.fix, TakeSide):
        pytest.skip("a conflict is decided by a person")
    _assert_mends(document, diagnostic)


@pytest.mark.parametrize("number", ["04", "11", "13", "16", "24", "26", "28"])
def test_reported_cases_are_mended(shared: Path, number: str) -> None:
    (file,) = (shared / "cases").glob(f"{number}_*.toml")
    document = Document.from_bytes(file.read_bytes())
    while fixable := [one for one in check(document) if one.fix is not None]:
        document = _assert_mends(document, fixable[0])
    assert not _errors(document)


def _spoiled(text: str, rng: random.Random) -> str:
    """The text with faults of the kinds that have a fix."""
    lines = text.split("\n")
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(lines))
        line = lines[at]
        key, equals, value = (part.strip() for part in line.partition("="))
        if line.startswith("["):
            lines[at] = rng.choice([line.replace('"', ""), line.replace("files", "file"), line + "\r"])
        elif equals:
            i = rng.randrange(len(key))
            lines[at] = rng.choice(
                [
                    f'{key} = "{value}"' if '"' not in value else f"{key} = 12",
                    f"{key[:i]}{rng.choice('aex_')}{key[i + 1 :]} = {value}",
                    f"{key} = {value.split(',')[0].strip('[]')}",
                    f"{key} = {value[:-1]}, {value[1:]}" if value.startswith('["') else line,
                    f"{key} = {value.upper()}" if key == "sha256" else line,
                    f"path = './{value.strip(chr(34))}'" if key == "path" else line,
                    f"path = 'a\\{value.strip(chr(34))}'" if key == "path" else line,
                    line.replace("hf://", "http://"),
                    f"{line}\nlora_required = true",
                    f"{key} = {rng.choice(['true', '1.5', '0', '14000000000', '2'])}",
                ]
            )
    spoiled = "\n".join(lines)
    return rng.choice([spoiled, spoiled.rstrip("\n"), "\ufeff" + spoiled])


@pytest.mark.parametrize("seed", range(120))
def test_any_fix_that_is_offered_is_true(seed: int) -> None:
    rng = random.Random(seed)
    base = (
        TWO_MODELS
        + SHARDED.removeprefix("schema_version = 1\n")
        + WITH_MEMORY.removeprefix("schema_version = 1\n").replace("demo-1b", "demo-3b")
    )
    document = Document.from_text(_spoiled(base, rng))
    for diagnostic in check(document):
        if diagnostic.fix is not None:
            _assert_mends(document, diagnostic)


def test_a_value_fix_changes_one_line_and_keeps_its_comment(told: Told) -> None:
    text = but('version = "1.0.0"', 'version = "1.1.0"   # as released')
    fix = told(text, "LM202").fix
    assert fix is not None
    assert _changed_lines(text, fix.apply(Document.from_text(text)).text) == [
        '- version = "1.1.0"   # as released',
        '+ version = "1.0.0"   # as released',
    ]


def test_a_moved_key_takes_its_comments_along(told: Told) -> None:
    text = GOOD + "\n# for all downloads\nallow_patterns = [\n  '*.safetensors',  # weights\n  '*.json',\n]  # done\n"
    fix = told(text, "LM105").fix
    assert fix is not None
    mended = fix.apply(Document.from_text(text)).text
    assert "# for all downloads\nallow_patterns = [\n  '*.safetensors',  # weights\n  '*.json',\n]  # done\n" in mended
    assert mended.index("allow_patterns") < mended.index("[[models")
    assert check(Document.from_text(mended)) == []


MISPLACED = '# why\n# and more\nscheduler   =   "x"  # because\n'


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("home", "moved"),
    [
        ("defaults.fps = 24\n", 'defaults.fps = 24\n# why\n# and more\ndefaults.scheduler   =   "x"  # because\n'),
        (
            "defaults = { fps = 24 }  # of all\n",
            '# why\n# and more\n# because\ndefaults = { fps = 24, scheduler = "x" }  # of all\n',
        ),
    ],
    ids=["dotted", "braces"],
)
def test_a_moved_key_takes_its_comments_where_its_table_has_no_header(home: str, moved: str, newline: str) -> None:
    before = but("optional_components = []\n", f"optional_components = []\n{home}")
    text = before.replace("[[models", f"{MISPLACED}\n[[models", 1).replace("\n", newline)
    diagnostic = next(one for one in check(Document.from_text(text)) if one.code == "LM105")
    mended = _assert_mends(Document.from_text(text), diagnostic).text
    assert mended == before.replace(home, moved).replace("[[models", "\n[[models", 1).replace("\n", newline)


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("\n", "\r\n") + "lora_required = true\r\n",
        GOOD + "lora_required = true",
        GOOD.replace("priority = [", "priority = [\n").replace("priority", "lora_required = true\npriority"),
        GOOD.replace(f'\n[models."{DEMO}".sources]\npriority = ', f'\n[models."{DEMO}".sources]\npriority='),
    ],
)
def test_moving_fits_the_file(text: str) -> None:
    document = Document.from_text(text)
    for diagnostic in check(document):
        if diagnostic.code == "LM105":
            document = _assert_mends(document, diagnostic)
    assert ("\r\n" in document.text) == ("\r\n" in text)
    assert {one.code for one in check(document)} <= {"LM006"}


def test_a_key_in_an_inline_table_moves_too(told: Told) -> None:
    inline = GOOD[: GOOD.index(f'\n[models."{DEMO}".sources]')]
    text = inline.replace(
        "optional_components = []", 'sources = { priority = ["local://demo"], lora_required = true }', 1
    )
    _assert_mends(Document.from_text(text), told(text, "LM105"))


def test_a_key_that_is_there_already_is_not_moved(told: Told) -> None:
    assert (
        told(but("optional_components = []", "lora_required = false") + "lora_required = true\n", "LM105").fix is None
    )


def test_a_rename_keeps_comment_and_place(told: Told) -> None:
    text = but("sha256 = ", "# measured\nsha265   =  ")
    diagnostic = told(text, "LM104")
    assert diagnostic.fix is not None
    assert not diagnostic.fix.safe
    mended = diagnostic.fix.apply(Document.from_text(text)).text
    assert mended == text.replace("sha265", "sha256")


def test_a_misspelt_table_is_renamed_in_every_header(told: Told) -> None:
    text = GOOD.replace(f'"{DEMO}".files', f'"{DEMO}".filez')
    mended = _assert_mends(Document.from_text(text), told(text, "LM104"))
    assert mended.text == GOOD


def test_a_rename_that_would_bring_an_error_is_not_offered(told: Told) -> None:
    assert told(but("optional_components = []", "optional_componets = 3"), "LM104").fix is None
    assert told(but('variants = ["fp16", "bf16"]', 'variantz = ["int4"]'), "LM104").fix is None


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ("size = 612", 'size = "612"', 612),
        ("size = 612", "size = 612.0", 612),
        ("optional_components = []", 'optional_components = "vae"', ("vae",)),
        ("optional_components = []", 'lora_required = "true"', True),
        ("optional_components = []", "description = 1", None),
        ('version = "1.0.0"', "version = 1", "1.0.0"),
        ('default_variant = "fp16"', "default_variant = 16", None),
        ("size = 612", 'size = "612 MB"', None),
        ("size = 612", 'size = "0x10"', None),
        ("size = 612", 'size = "0"', None),
        ("size = 612", "size = 612.5", None),
        ("size = 612", "size = true", None),
        ("size = 612", "size = 2024-01-01", None),
    ],
)
def test_a_wrong_type_is_mended_where_one_value_is_meant(told: Told, old: str, new: str, value: object) -> None:
    text = but(old, new)
    if "description" in new:
        text = text.replace('description = "Demo model"\n', "")
        value = "1"
    diagnostic = told(text, "LM102")
    if value is None:
        assert diagnostic.fix is None
        return
    assert isinstance(diagnostic.fix, SetValue)
    assert diagnostic.fix.value == value
    assert diagnostic.fix.safe
    _assert_mends(Document.from_text(text), diagnostic)


def test_a_number_as_text_where_a_float_is_wanted(told: Told) -> None:
    text = but("params_billion = 1.3", 'params_billion = "1.3"', WITH_MEMORY)
    assert _assert_mends(Document.from_text(text), told(text, "LM102")).text == WITH_MEMORY


def test_a_missing_default_is_set_where_one_variant_is_left(told: Told) -> None:
    one = but('variants = ["fp16", "bf16"]\ndefault_variant = "fp16"', 'variants = ["bf16"]')
    assert _assert_mends(Document.from_text(one), told(one, "LM101")).get(("models", DEMO, "default_variant")) == "bf16"
    assert told(but('default_variant = "fp16"\n', ""), "LM101").fix is None


def test_a_default_among_many_is_a_guess(told: Told) -> None:
    text = but('default_variant = "fp16"', 'default_variant = "fp-16"')
    diagnostic = told(text, "LM201")
    assert diagnostic.fix is not None
    assert not diagnostic.fix.safe
    assert "fp16 is the nearest" in diagnostic.message


def test_only_an_absent_schema_version_is_set(told: Told) -> None:
    absent = but("schema_version = 1\n\n", "")
    assert _assert_mends(Document.from_text("# note\n" + absent), told(absent, "LM106")).get(("schema_version",)) == 1
    assert told("\ufeff" + absent, "LM106").fix is None
    later = told(but("schema_version = 1", "schema_version = 2"), "LM106")
    assert later.fix is None
    assert "upgrade loadmaster" in later.message


def test_a_repeated_item_leaves_the_first(told: Told) -> None:
    text = but('["fp16", "bf16"]', '["fp16", "bf16", "fp16", "fp16"]')
    mended = _assert_mends(Document.from_text(text), told(text, "LM213"))
    assert mended.get(("models", DEMO, "variants")) == ["fp16", "bf16"]


@pytest.mark.parametrize(
    ("patterns", "path", "added"),
    [
        ('["*.json"]', "unet/model.safetensors", "*.safetensors"),
        ('["config.json"]', "unet/model.safetensors", "unet/model.safetensors"),
        ('["*.json"]', "unet/model", "unet/model"),
        ('["config.json"]', "unet/model[1].safetensors", "unet/model[[]1].safetensors"),
    ],
)
def test_a_pattern_in_the_manner_of_the_others(told: Told, patterns: str, path: str, added: str) -> None:
    text = but("optional_components = []", f"allow_patterns = {patterns}").replace("unet/model.safetensors", path)
    mended = _assert_mends(Document.from_text(text), told(text, "LM211"))
    assert mended.get(("models", DEMO, "allow_patterns"))[-1] == added


def test_a_backslash_is_not_replaced_where_the_path_is_taken(told: Told) -> None:
    text = but('path = "config.json"', r"path = 'unet\model.safetensors'")
    assert told(text, "LM305").fix is None


def test_every_header_of_an_id_is_quoted() -> None:
    text = TWO_MODELS.replace('"demo-2b@1.0.0"', "demo-2b@1.0.0")
    document = Document.from_text(text)
    (diagnostic,) = check(document)
    assert _assert_mends(document, diagnostic).text == TWO_MODELS


def test_quotes_alone_do_not_mend_an_id_with_a_dot(told: Told) -> None:
    text = GOOD.replace('models."demo-1b@1.0.0"', "models.demo-1.5b")
    assert told(text, "LM004").fix is None
    foreign = "[models.demo-1.5b]\nurl = 1\n[models.demo-1.5b.more]\nx = 1\n"
    mended = _assert_mends(Document.from_text(foreign), told(foreign, "LM004"))
    assert mended.text == '[models."demo-1.5b"]\nurl = 1\n[models."demo-1.5b".more]\nx = 1\n'


def test_what_is_mixed_becomes_what_most_lines_have() -> None:
    mixed = GOOD.replace("\n", "\r\n", 3)
    document = Document.from_text(mixed)
    (diagnostic,) = check(document)
    assert _assert_mends(document, diagnostic).text == GOOD
    crlf = Document.from_text(GOOD.replace("\n", "\r\n").replace("\r\n", "\n", 2))
    (other,) = check(crlf)
    assert other.place.line == 1
    assert _assert_mends(crlf, other).text == GOOD.replace("\n", "\r\n")


TWO_WAY = "<<<<<<< HEAD\nsize = 612\n=======\nsize = 613\n>>>>>>> main\n"
THREE_WAY = "<<<<<<< HEAD\nsize = 612\n||||||| base\nsize = 600\n=======\nsize = 613\n>>>>>>> main\n"


@pytest.mark.parametrize("conflict", [TWO_WAY, THREE_WAY])
def test_a_conflict_is_decided_for_a_side(told: Told, conflict: str) -> None:
    text = but("size = 612\n", conflict)
    document = Document.from_text(text)
    diagnostic = told(text, "LM009")
    assert "config.json: size is 612 in ours, 613 in theirs" in diagnostic.message
    fix = diagnostic.fix
    assert isinstance(fix, TakeSide)
    assert not fix.safe
    with pytest.raises(EditRefused, match="needs a side"):
        fix.apply(document)
    assert fix.with_side("ours").apply(document).text == GOOD
    theirs = fix.with_side("theirs").apply(document)
    assert theirs.text == but("size = 612", "size = 613")
    assert fix.with_side("theirs").apply(theirs).text == theirs.text
    assert "size = 612\nsize = 613\n" in fix.with_side("both").apply(document).text


def test_a_conflict_at_the_top_is_told_by_its_key(told: Told) -> None:
    text = but("schema_version = 1\n", TWO_WAY.replace("size = 612", "schema_version = 1").replace("size", "other"))
    diagnostic = told(text, "LM009")
    assert "schema_version is 1 in ours, absent in theirs" in diagnostic.message
    assert (diagnostic.place.line, diagnostic.place.end_line) == (1, 6)


def test_sides_that_say_the_same_are_told_as_such(told: Told) -> None:
    conflict = TWO_WAY.replace("size = 613", "size  =  612")
    assert "both sides say the same" in told(but("size = 612\n", conflict), "LM009").message


def test_each_conflict_is_told_and_decided_by_itself() -> None:
    text = but("size = 612\n", TWO_WAY).replace(
        '"Demo model"', '"Demo model"\n' + TWO_WAY.replace("size", "lora_required")
    )
    text = text.replace("lora_required = 612", "lora_required = true").replace(
        "lora_required = 613", "lora_required = false"
    )
    document = Document.from_text(text)
    first, second = check(document)
    assert (first.code, second.code) == ("LM009", "LM009")
    assert isinstance(second.fix, TakeSide)
    left = second.fix.with_side("ours").apply(document)
    assert [one.finding.key for one in check(left)] == [first.finding.key]


def test_fixes_of_what_is_gone_do_nothing() -> None:
    for code in ("LM102", "LM104", "LM105", "LM202", "LM209", "LM211", "LM213", "LM305"):
        document = Document.from_text(RULES[code].bad)
        (diagnostic,) = check(document)
        assert diagnostic.fix is not None
        other = Document.from_text("schema_version = 1\n")
        assert diagnostic.fix.apply(other).text == other.text


@pytest.mark.parametrize(("stands", "written"), [("[true]", [1]), ("[1.0]", [1]), ("0.0", -0.0), ("1", True)])
def test_a_value_of_another_type_is_another_value(stands: str, written: object) -> None:
    """`true` is equal to 1 in Python, also inside of a list."""
    document = Document.from_text(f"schema_version = {stands}\n")
    value = tuple(written) if isinstance(written, list) else written
    mended = SetValue("write it", ("schema_version",), value).apply(document)
    assert repr(mended.get(("schema_version",))) == repr(written)


def test_a_key_whose_value_is_no_number_can_be_renamed() -> None:
    document = Document.from_text(but("fps = 24", "guidance_scal = nan", WITH_DEFAULTS))
    fix = RenameKey("rename it", ("models", DEMO, "defaults", "guidance_scal"), "guidance_scale")
    assert "guidance_scale = nan" in fix.apply(document).text
