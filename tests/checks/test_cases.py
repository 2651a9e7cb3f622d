"""Faults that people reported: each file says what its table asks, and nothing else of severity error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.engine import check
from loadmaster.document.document import Document

CASES = {
    "01": {"LM503"},
    "02": {"LM402"},
    "03": {"LM401"},
    "04": {"LM405"},
    "06": {"LM406"},
    "07": {"LM402"},
    "09": {"LM207"},
    "11": {"LM211"},
    "13": {"LM305"},
    "16": {"LM201", "LM203"},
    "17": set(),
    "18": {"LM503"},
    "19": {"LM601"},
    "21": set(),
    "23": {"LM003"},
    "24": {"LM105"},
    "26": {"LM004"},
    "28": {"LM202"},
    "29": {"LM204", "LM205", "LM206"},
}


def _checked(shared: Path, number: str) -> list[Diagnostic]:
    (file,) = (shared / "cases").glob(f"{number}_*.toml")
    return check(Document.from_bytes(file.read_bytes()))


@pytest.mark.parametrize("number", list(CASES))
def test_case_says_what_it_must_and_no_other_error(shared: Path, number: str) -> None:
    found = _checked(shared, number)
    assert CASES[number] <= {one.code for one in found}
    assert {one.code for one in found if one.severity is Severity.ERROR} <= CASES[number]


def test_every_case_is_here(shared: Path) -> None:
    assert {file.name[:2] for file in (shared / "cases").glob("*.toml")} == set(CASES)


def test_a_healthy_case_is_silent(shared: Path) -> None:
    assert _checked(shared, "21") == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("02", "sha256 is that of an empty file, size is 47"),
        ("03", "27 characters of text"),
        ("03", "64 hexadecimal digits"),
        ("09", "shard 3 of 4 is missing: unet/model-00003-of-00004.safetensors"),
        ("11", "no pattern matches image_encoder/pytorch_model.bin"),
        ("16", "default_variant fp16 is not one of variants (bf16)"),
        ("19", "base_vram_gb 12.0 is below 14.0 B × 2 bytes (fp16) = 26.1 GiB"),
        ("23", "on line 3 and on line 26"),
        ("28", "version is 1.1.0, the id says 1.0.0"),
        ("29", "vae is a required component, and no file has it"),
    ],
)
def test_messages_name_what_was_found_and_wanted(shared: Path, number: str, words: str) -> None:
    assert any(words in one.message for one in _checked(shared, number))


def test_only_hub_sources_without_a_commit_are_unpinned(shared: Path) -> None:
    assert [(one.place.line, one.place.column) for one in _checked(shared, "18")] == [(22, 38), (22, 59)]


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        ("ArtRiv", "settings in the tables whisper, pyannote"),
        ("DJ-Game", "a table of models with name, parameters"),
        ("KevinAHM", "a table of models with backend"),
        ("caestrada1103", "a table of models with family"),
        ("egeselbzgyk", r"a list of \[\[model\]\] with id"),
        ("hagatopaxi", r"a list of \[\[model\]\] with id"),
    ],
)
def test_another_kind_of_file_is_told_once(shared: Path, name: str, looks: str) -> None:
    (file,) = (shared / "foreign").glob(f"{name}*.toml")
    errors = [one for one in check(Document.from_bytes(file.read_bytes())) if one.severity is Severity.ERROR]
    assert [one.code for one in errors if one.code != "LM004"] == ["LM008"]
    message = next(one.message for one in errors if one.code == "LM008")
    assert re.search(looks, message)


def test_ids_that_fell_apart_are_told_one_by_one(shared: Path) -> None:
    (file,) = (shared / "foreign").glob("DJ-Game*.toml")
    found = [one for one in check(Document.from_bytes(file.read_bytes())) if one.code == "LM004"]
    assert [one.message.split()[2] for one in found] == ["qwen2.5-72b", "qwen2.5-14b", "qwen2.5-0.5b", "qwen2.5-1b"]
    assert [one.place.line for one in found] == [4, 15, 70, 81]
