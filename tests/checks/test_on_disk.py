"""What was seen on disk, told of the manifest: one fault once, at its place, with the disk's value where it is true."""

from __future__ import annotations

import pytest

from loadmaster.checks.config import CheckConfig
from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.engine import locate
from loadmaster.checks.examples import SHARDED, TWO_MODELS, WITH_MEMORY, but
from loadmaster.checks.observed import counted
from loadmaster.checks.on_disk import disk_findings
from loadmaster.document.document import Document
from loadmaster.weights.observation import (
    DigestDiffers,
    HeaderDisagrees,
    HeaderReason,
    Missing,
    MissingReason,
    Observation,
    ParametersDiffer,
    PointerLies,
    PrecisionDiffers,
    SizeDiffers,
    Sound,
    Unlisted,
    Unreadable,
)

MODEL = "demo-1b@1.0.0"
UNET = "unet/model.safetensors"
TRUE = "5" * 64


def told(*seen: Observation, text: str = TWO_MODELS, config: CheckConfig | None = None) -> list[Diagnostic]:
    document = Document.from_text(text)
    found = counted(document, disk_findings(document, seen), config or CheckConfig())
    return [locate(document, one) for one in found]


@pytest.mark.parametrize(
    ("seen", "code", "line", "column", "word"),
    [
        (Missing(MODEL, UNET, "/models/x"), "LM801", 18, 8, "is not in /models/x"),
        (Unreadable(MODEL, UNET, "is a folder"), "LM801", 18, 8, "cannot be used: is a folder"),
        (SizeDiffers(MODEL, UNET, 2147511568, 1000), "LM802", 19, 8, "has 1,000 bytes on disk, and 2,147,511,568 are"),
        (DigestDiffers(MODEL, UNET, "9a1f" + "0" * 60, TRUE), "LM803", 20, 10, "the sha256 555555555555…, not 9a1f"),
        (PointerLies(MODEL, UNET, TRUE, 7, True), "LM804", 18, 8, "promises the file that is listed"),
        (PointerLies(MODEL, UNET, TRUE, 7, False), "LM804", 18, 8, "promises another file: 7 bytes"),
        (Unlisted(MODEL, "x.bin", 2000), "LM805", 3, 1, "x.bin (2.00 kB) lies in the model's folder"),
        (Unlisted(MODEL, "x.md", 2000, False), "LM805", 3, 1, "none of allow_patterns takes it"),
        (HeaderDisagrees(MODEL, UNET, HeaderReason.UNREADABLE, "is cut"), "LM806", 18, 8, f"{UNET}: is cut"),
    ],
)
def test_each_is_told_once_at_its_place(seen: Observation, code: str, line: int, column: int, word: str) -> None:
    (one,) = told(seen)
    assert (one.code, one.place.line, one.place.column) == (code, line, column)
    assert word in one.message
    assert one.severity is (Severity.INFO if code == "LM805" else Severity.ERROR)


def test_what_is_sound_or_optional_and_absent_is_no_fault() -> None:
    assert told(Sound(MODEL, UNET, TRUE), Missing(MODEL, "config.json", "/x", optional=True)) == []


def test_a_model_without_its_folder_is_one_fault() -> None:
    gone = [Missing(MODEL, path, "/x", MissingReason.FOLDER) for path in ("config.json", UNET)]
    (one,) = told(*gone)
    assert (one.code, one.place.line) == ("LM801", 3)
    assert one.message == "there is no folder /x; all 2 required files are missing"
    optional = [Missing(MODEL, path, "/x", MissingReason.FOLDER, optional=True) for path in ("config.json", UNET)]
    assert told(*optional) == []


def test_a_reason_that_all_files_share_is_one_fault() -> None:
    links = [Unreadable(MODEL, path, "is a link that leaves the root") for path in ("config.json", UNET)]
    (one,) = told(*links)
    assert (one.code, one.place.line) == ("LM801", 3)
    assert "none of its 2 files can be used" in one.message
    assert len(told(*links, Sound(MODEL, "other.bin", TRUE))) == 2


def test_the_disk_is_taken_only_where_both_values_are_true() -> None:
    document = Document.from_text(TWO_MODELS)
    differs = SizeDiffers(MODEL, UNET, 2147511568, 1000)
    assert disk_findings(document, [differs])[0].fix is None
    (one,) = disk_findings(document, [differs], {(MODEL, UNET): TRUE})
    assert one.fix is not None
    assert not one.fix.safe
    mended = one.fix.apply(document)
    assert mended.get(("models", MODEL, "files", 1)) == {
        "path": UNET, "size": 1000, "sha256": TRUE, "component": "unet",
    }  # fmt: skip
    assert one.fix.apply(mended) is mended


def test_a_digest_is_taken_and_nothing_else_changes() -> None:
    document = Document.from_text(TWO_MODELS)
    (one,) = disk_findings(document, [DigestDiffers(MODEL, UNET, "0" * 64, TRUE)])
    assert one.fix is not None
    old = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
    assert one.fix.apply(document).text == TWO_MODELS.replace(old, TRUE)


def test_a_mix_up_is_named_and_offers_no_fix() -> None:
    (one,) = told(DigestDiffers(MODEL, UNET, "0" * 64, TRUE, bytes_of="config.json"))
    assert one.message.endswith("they are those of config.json")
    assert one.fix is None
    (one,) = told(SizeDiffers(MODEL, UNET, 9, 612, size_of="config.json"))
    assert one.message.endswith("config.json is listed with as many")


def test_a_fix_whose_file_is_gone_does_nothing() -> None:
    document = Document.from_text(TWO_MODELS)
    (one,) = disk_findings(document, [DigestDiffers(MODEL, UNET, "0" * 64, TRUE)])
    assert one.fix is not None
    without = document.remove_item(("models", MODEL, "files"), 1)
    assert one.fix.apply(without) is without
    moved = document.move_item(("models", MODEL, "files"), 1, 0)
    assert one.fix.apply(moved).get(("models", MODEL, "files", 0, "sha256")) == TRUE


def test_all_that_a_header_says_of_one_file_is_one_fault() -> None:
    model, shard, index = "demo-4b@1.0.0", "unet/model-00002-of-00003.safetensors", "unet/model.safetensors.index.json"
    found = told(
        HeaderDisagrees(model, shard, HeaderReason.TENSORS_NOT_IN_SHARD, "block.1", index, 3),
        HeaderDisagrees(model, shard, HeaderReason.TENSORS_NOT_IN_INDEX, "layer.9", index),
        HeaderDisagrees(model, index, HeaderReason.SHARD_NOT_LISTED, "unet/model-00004-of-00004.safetensors"),
        HeaderDisagrees(model, index, HeaderReason.SHARD_NOT_LISTED, "unet/model-00005-of-00005.safetensors"),
        text=SHARDED,
    )
    assert [one.code for one in found] == ["LM806", "LM806"]
    assert "names 2 shards that are not listed" in found[0].message
    assert "puts block.1 and 2 more into it" in found[1].message
    assert "holds layer.9, which" in found[1].message


def test_what_headers_count_is_advice() -> None:
    found = told(
        ParametersDiffer(MODEL, 1.3, 14.29, "unet"), PrecisionDiffers(MODEL, "fp32", ("fp16", "bf16"), "unet"),
        text=WITH_MEMORY,
    )  # fmt: skip
    assert [(one.code, one.severity) for one in found] == [("LM806", Severity.INFO)] * 2
    assert found[0].message == "the weights of unet are stored as fp32, which is none of the variants (fp16, bf16)"
    assert found[1].message == "params_billion is 1.3, and the headers of unet count 14.3 · 10^9"
    assert "params_billion = 1.3" in WITH_MEMORY.split("\n")[found[1].place.line - 1]


def test_comments_and_configuration_count() -> None:
    missing = Missing(MODEL, UNET, "/x")
    line = f'path = "{UNET}"'
    assert told(missing, text=but(line, line + "  # loadmaster: ignore[LM801]")) == []
    assert told(missing, text="# loadmaster: ignore-file[LM801]\n" + TWO_MODELS) == []
    assert told(missing, config=CheckConfig(ignore=("LM8",))) == []
    assert told(missing, config=CheckConfig(severities={"LM801": Severity.INFO}))[0].severity is Severity.INFO


def test_two_entries_of_one_path_have_two_identities() -> None:
    document = Document.from_text(TWO_MODELS)
    twice = disk_findings(document, [Missing(MODEL, UNET, "/x"), Missing(MODEL, UNET, "/x")])
    assert len({one.key for one in counted(document, twice)}) == 2


def test_what_cannot_be_seen_is_shown_as_escapes() -> None:
    (one,) = told(Unlisted(MODEL, "a\x1b[31m\u202eb", 1))
    assert "\\u001b" in one.message
    assert "\x1b" not in one.message
