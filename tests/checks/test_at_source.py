"""What sources told, said of the manifest: one fault once, at its place, and weather apart from faults."""

from __future__ import annotations

from typing import Any

import pytest

from loadmaster.checks.at_source import source_findings, source_troubles
from loadmaster.checks.diagnostic import Diagnostic, Severity
from loadmaster.checks.engine import locate
from loadmaster.checks.examples import GOOD
from loadmaster.document.document import Document
from loadmaster.weights.source_observation import (
    AskedSource,
    RevisionMoved,
    SourceAgrees,
    SourceDiffers,
    SourceLacksFile,
    SourceUnavailable,
)

MODEL = "demo-1b@1.0.0"
SOURCE = "hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567"
CONFIG, UNET = "config.json", "unet/model.safetensors"
OLD = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
TRUE = "5" * 64
AGREES = SourceAgrees(MODEL, CONFIG, SOURCE, True)


def asked(*seen: Any, source: str = SOURCE, pinned: str | None = None) -> AskedSource:
    return AskedSource(MODEL, 0, source, seen, pinned)


def told(*seen: Any) -> list[Diagnostic]:
    document = Document.from_text(GOOD)
    return [locate(document, one) for one in source_findings(document, [asked(*seen)])]


@pytest.mark.parametrize("kind", ["gone-or-private", "gated", "disabled", "no-revision", "form", "denied"])
def test_a_source_that_refuses_is_a_fault_of_the_source(kind: str) -> None:
    (one,) = told(SourceUnavailable(MODEL, SOURCE, kind, "acme/demo-1b is gone, or private, or …"))
    assert (one.code, one.place.line, one.place.column) == ("LM901", 24, 13)
    assert one.message.startswith("acme/demo-1b is gone")


@pytest.mark.parametrize("kind", ["unreachable", "busy", "offline", "not-cached", "damaged"])
def test_weather_is_no_fault_of_the_manifest(kind: str) -> None:
    seen = asked(SourceUnavailable(MODEL, SOURCE, kind, "the Hub cannot be reached"))
    assert source_findings(Document.from_text(GOOD), [seen, seen]) == []
    assert source_troubles([seen, seen]) == ["the Hub cannot be reached"]


def test_a_file_that_is_not_there() -> None:
    (one,) = told(AGREES, SourceLacksFile(MODEL, UNET, SOURCE))
    assert (one.code, one.place.line) == ("LM902", 18)
    assert one.message == f"{UNET} is not at {SOURCE}"
    assert told(AGREES, SourceLacksFile(MODEL, UNET, SOURCE, optional=True)) == []


def test_a_source_that_has_no_file_at_all_is_one_fault() -> None:
    (one,) = told(SourceLacksFile(MODEL, CONFIG, SOURCE), SourceLacksFile(MODEL, UNET, SOURCE))
    assert (one.code, one.place.line) == ("LM902", 24)
    assert "none of the 2 files" in one.message


def test_the_values_of_the_source_are_taken() -> None:
    (one,) = told(AGREES, SourceDiffers(MODEL, UNET, SOURCE, 2147511568, 2147511569, OLD, TRUE))
    assert (one.code, one.place.line) == ("LM903", 19)
    assert one.message.startswith(f"{UNET} has 2,147,511,569 bytes, not 2,147,511,568, and the sha256 5555")
    assert one.fix is not None
    assert not one.fix.safe
    mended = one.fix.apply(Document.from_text(GOOD))
    assert mended.text == GOOD.replace("2147511568", "2147511569").replace(OLD, TRUE)


def test_only_what_differs_is_taken() -> None:
    (one,) = told(SourceDiffers(MODEL, UNET, SOURCE, 2147511568, 2147511568, OLD, TRUE))
    assert one.place.line == 20
    assert one.fix is not None
    assert one.fix.title == f"take the source's sha256 for {UNET}"
    assert one.fix.apply(Document.from_text(GOOD)).text == GOOD.replace(OLD, TRUE)


def test_a_size_without_its_digest_is_not_taken() -> None:
    (one,) = told(SourceDiffers(MODEL, UNET, SOURCE, 2147511568, 7, OLD, None))
    assert (one.code, one.fix) == ("LM903", None)


def test_a_revision_that_moved_is_pinned_where_all_agrees() -> None:
    text = GOOD.replace(SOURCE, "hf://acme/demo-1b")
    document = Document.from_text(text)
    moved = RevisionMoved(MODEL, "hf://acme/demo-1b", "main", "a" * 40, "b" * 40)
    pinned = "hf://acme/demo-1b@" + "b" * 40

    def found(*seen: Any) -> Any:
        return source_findings(document, [asked(moved, *seen, source="hf://acme/demo-1b", pinned=pinned)])[0]

    one = found(AGREES, SourceAgrees(MODEL, UNET, SOURCE, True))
    assert (one.code, one.severity) == ("LM904", Severity.WARNING)
    assert one.message == "main was at aaaaaaa when it was seen last and is at bbbbbbb now"
    assert one.fix.apply(document).text == text.replace("hf://acme/demo-1b", pinned)
    assert one.fix.apply(one.fix.apply(document)).text == one.fix.apply(document).text
    assert found(AGREES, SourceAgrees(MODEL, UNET, SOURCE, False)).fix is None
    assert found(AGREES, SourceDiffers(MODEL, UNET, SOURCE, 1, 2, OLD, TRUE)).fix is None


def test_two_sources_are_two_faults() -> None:
    document = Document.from_text(GOOD)
    lacks = SourceLacksFile(MODEL, UNET, SOURCE)
    agrees = SourceAgrees(MODEL, CONFIG, SOURCE, True)
    found = source_findings(document, [asked(agrees, lacks), asked(agrees, lacks, source="https://example.org/x")])
    assert len({one.key for one in found}) == 2


def test_no_secret_of_a_url_is_shown() -> None:
    seen = asked(AGREES, SourceLacksFile(MODEL, UNET, "x"), source="https://me:geheimniskraemer@example.org/x")
    (one,) = source_findings(Document.from_text(GOOD), [seen])
    assert "geheimniskraemer" not in one.message
    assert "geheimniskraemer" not in " ".join(one.key)
