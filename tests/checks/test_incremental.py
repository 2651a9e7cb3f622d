"""What is checked again after an edit is what a whole check would say."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from loadmaster.checks.config import CheckConfig
from loadmaster.checks.engine import compared, findings, recheck
from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS
from loadmaster.checks.rule import RULES
from loadmaster.document.document import Document
from loadmaster.errors import EditRefused

_DIGESTS = (
    "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a",
    "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35",
    "TODO",
)
_PATHS = ("config.json", "Config.json", "unet/model.safetensors", "../x", "a/b-00001-of-00002.safetensors", "a//b")
_SOURCES = ("local://one", "local://one/", "hf://a/b", "http://x", "hf://a/b@v1")


def _start(seed: int) -> str:
    second = SHARDED.removeprefix("schema_version = 1\n")
    third = WITH_DEFAULTS.removeprefix("schema_version = 1\n").replace("demo-1b", "demo-3b")
    if seed % 2:
        return TWO_MODELS + second + third
    silenced = TWO_MODELS.replace("size = 612", "size = 612  # loadmaster: ignore[LM406]")
    return "# loadmaster: ignore-file[LM701]\n" + silenced + second + third


def _value_edit(rng: random.Random, document: Document) -> tuple[Callable[[Document], Document], set[str]]:
    model_id = rng.choice(document.model_ids)
    files = document.model_data(model_id).get("files")
    index = rng.randrange(len(files)) if isinstance(files, list) and files else 0
    path, value = rng.choice(
        [
            (("files", index, "size"), rng.choice([0, 134, 612, 2_000_000, 4987202208])),
            (("files", index, "sha256"), rng.choice(_DIGESTS)),
            (("files", index, "path"), rng.choice(_PATHS)),
            (("files", index, "component"), rng.choice(["unet", "vae", "config"])),
            (("files", index, "optional"), rng.choice([True, False])),
            (("default_variant",), rng.choice(["fp16", "bf16", "int4", "x y"])),
            (("version",), rng.choice(["1.0.0", "2.0.0"])),
            (("sources", "priority"), rng.sample(_SOURCES, 2)),
            (("variants",), rng.choice([["fp16"], ["fp16", "fp16"], ["bf16", "fp16"]])),
            (("lora",), 3),
        ]
    )
    return lambda one: one.set(("models", model_id, *path), value), {model_id}


def _other_edit(rng: random.Random, document: Document) -> tuple[Callable[[Document], Document], set[str] | None]:
    ids = document.model_ids
    model_id = rng.choice(ids)
    new_id = f"{rng.choice(['a', 'b', 'c'])}@1.{rng.randrange(9)}.0"
    text = document.text
    at = rng.randrange(len(text) + 1)
    kind = rng.randrange(9)
    if kind == 0 and len(ids) > 2:
        return lambda one: one.remove_model(model_id), set()
    if kind == 1 and len(ids) < 8:
        return lambda one: one.copy_model(model_id, new_id), set()
    if kind == 2:
        return lambda one: one.rename_model(model_id, new_id), set()
    if kind == 3:
        return lambda one: one.unset(("models", model_id, "files", 0, "size")), {model_id}
    if kind == 4:
        line = text.find("\n", at) + 1
        return lambda one: one.replace(line, line, "# loadmaster: ignore[LM402]\n"), None
    if kind == 7:
        line = text.find("\n", at) + 1
        comment = rng.choice(["# loadmaster: ignore-file[LM503]\n", "# loadmaster: ignore[LM010, LM402]\n", "\r\n"])
        return lambda one: one.replace(line, line, comment), None
    if kind == 8:
        end = len(text.rstrip("\n"))
        comment = rng.choice(["", " # loadmaster: ignore[LM006, LM005]", "\n"])
        return lambda one: one.replace(end, len(text), comment), None
    if kind == 5:
        return lambda one: one.replace(at, min(at + 3, len(text)), rng.choice(["", '"', "\n", "= "])), None
    return lambda one: one.set(("schema_version",), rng.choice([1, 2])), {""}


@pytest.mark.parametrize("seed", range(10))
def test_incremental_equals_whole(seed: int) -> None:
    rng = random.Random(seed)
    config = CheckConfig(ignore=("LM210",)) if seed % 3 == 2 else CheckConfig()
    document = Document.from_text(_start(seed))
    known = findings(document, config)
    done = 0
    for _ in range(200):
        if not document.model_ids:
            break
        edit, changed = (_value_edit if rng.random() < 0.7 else _other_edit)(rng, document)
        try:
            edited = edit(document)
        except EditRefused:
            continue
        before = known
        # Text edits may touch any model: the callers that know none say None.
        known = recheck(edited, before, changed)
        whole = findings(edited, config)
        assert known.all == whole.all
        new, gone = compared(before, known)
        old_keys, new_keys = {one.key for one in before}, {one.key for one in known}
        assert {one.key for one in new} == new_keys - old_keys
        assert {one.key for one in gone} == old_keys - new_keys
        document = edited
        done += 1
        if done == 50:
            return
        if len(document.text) > 40_000 or any(fault.kind == "syntax" for fault in document.faults):
            document = Document.from_text(_start(seed))
            known = findings(document, config)
    assert done > 30


def test_an_edit_above_changes_no_identity() -> None:
    document = Document.from_text(GOOD.replace("size = 612", "size = 0"))
    moved = Document.from_text("# one\n# more\n" + document.text)
    assert [one.key for one in findings(document)] == [one.key for one in findings(moved)]


def test_a_file_moved_in_the_list_keeps_the_identity_of_its_faults() -> None:
    document = Document.from_text(GOOD.replace("size = 2147511568", "size = 0"))
    moved = document.move_item(("models", "demo-1b@1.0.0", "files"), 1, 0)
    assert moved.text != document.text
    assert [one.key for one in findings(document)] == [one.key for one in findings(moved)]


def test_a_broken_header_beside_a_model_counts_for_it_though_it_did_not_change() -> None:
    whole = Document.from_text(TWO_MODELS.replace('["config", "unet"]', '["config", "unet", "vae"]'))
    at = whole.text.index('[models."demo-2b@1.0.0"]')
    broken = whole.replace(at, at + 24, "[mod")
    known = recheck(broken, findings(whole), {"demo-2b@1.0.0", ""})
    assert "LM205" in {one.code for one in findings(whole)}
    assert "LM205" not in {one.code for one in known}
    assert known.all == findings(broken).all
    assert recheck(whole, known, {"demo-2b@1.0.0", ""}).all == findings(whole).all


def test_a_header_that_is_lost_and_found_again_changes_the_model_above() -> None:
    whole = Document.from_text(SHARDED.replace('"unet/model-00001', '"unet/model-00009', 1))
    at = whole.text.index('[[models."demo-4b@1.0.0".files]]\npath = "unet/model-00003')
    broken = whole.replace(at, at + 32, "[[")
    known = recheck(broken, findings(whole), {""})
    assert known.all == findings(broken).all
    again = recheck(whole, known, {""})
    assert again.all == findings(whole).all


@pytest.mark.parametrize("code", ["LM404", "LM505"])
def test_what_two_models_share_is_told_of_one_and_goes_with_an_edit_of_the_other(code: str) -> None:
    clashing = Document.from_text(RULES[code].bad)
    before = findings(clashing)
    told = next(finding.model_id for finding in before if finding.code == code)
    other = next(model_id for model_id in clashing.model_ids if model_id != told)
    mended = clashing
    for index in range(len(clashing.model_data(other)["files"])):
        mended = mended.set(("models", other, "files", index, "sha256"), f"{index + 1:0>64}")
    mended = mended.set(("models", other, "sources", "priority"), ["hf://acme/other"])
    known = recheck(mended, before, {other})
    assert code not in {one.code for one in known}
    assert known.all == findings(mended).all
    assert recheck(clashing, known, {other}).all == before.all


def test_a_silence_of_the_file_becomes_one_of_its_top_and_back() -> None:
    """The comment that touches the first model's header is at the top as long as no key stands above."""
    text = GOOD.replace("schema_version = 1\n\n", "schema_version = 1\n\n# loadmaster: ignore-file[LM106]\n")
    below = Document.from_text(text)
    top = below.unset(("schema_version",))
    known = recheck(top, findings(below), {""})
    assert known.all == findings(top).all
    assert recheck(below, known, {""}).all == findings(below).all
