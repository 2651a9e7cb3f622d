"""Damaged documents: no traceback, and every fault names a line that is there."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, WITH_MEMORY
from loadmaster.document.document import Document

CLEAN = TWO_MODELS + SHARDED.removeprefix("schema_version = 1\n")


def _damaged(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    kind = rng.randrange(6)
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 2:
        return text[: rng.randrange(len(text))]
    elif kind == 3:
        quotes = [i for i, character in enumerate(text) if character in "\"'"]
        i = rng.choice(quotes)
        return text[:i] + rng.choice(["'", "", '"""', "]", "\x00", "é"]) + text[i + 1 :]
    elif kind == 4:
        lines.insert(at, rng.choice(["<<<<<<< a", "=======", ">>>>>>> b", "[", "[[models]]", "models = 1", "a = {"]))
    else:
        lines[at] = lines[at][::-1]
    return "\n".join(lines)


def _assert_places(text: str) -> None:
    diagnostics = check(Document.from_text(text))
    lines = text.count("\n") + 1
    for one in diagnostics:
        assert 1 <= one.place.line <= one.place.end_line <= lines
        assert one.place.column >= 1
        assert one.place.end_line > one.place.line or one.place.end_column >= one.place.column
        assert one.message
        assert one.message.isprintable()
    assert diagnostics == sorted(diagnostics, key=lambda one: (one.place.line, one.place.column, one.code))


@pytest.mark.parametrize("seed", range(500))
def test_damage_is_told_with_its_line(seed: int) -> None:
    rng = random.Random(seed)
    text = _damaged(CLEAN, rng)
    _assert_places(text if seed % 2 else _damaged(text or CLEAN, rng))


@pytest.mark.parametrize("name", ["wan22-published-1.toml", "wan-real-values.toml"])
def test_damage_of_published_manifests(shared: Path, name: str) -> None:
    text = (shared / "manifests" / name).read_text(encoding="utf-8")
    rng = random.Random(1)
    for _ in range(30):
        _assert_places(_damaged(text, rng))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    [
        *("variants", "default_variant", "version", "files", "sources", "allow_patterns", "required_components"),
        *(
            "optional_components",
            "defaults",
            "vram_estimation",
            "resolution_caps",
            "path",
            "priority",
            "size",
            "sha256",
        ),
    ]
)


@given(st.dictionaries(_FIELDS, _VALUES, max_size=5), st.dictionaries(_FIELDS, _VALUES, max_size=5))
def test_any_data_is_judged(model: dict[str, object], file: dict[str, object]) -> None:
    from loadmaster.checks.families import model_findings
    from loadmaster.checks.view import ModelView

    data = {"files": [file, {"path": "a.bin", "size": 10**4000, "sha256": "é" * 64}], **model}
    found = model_findings(ModelView("demo@1.0.0", data))
    assert all(finding.message for finding in found)


@pytest.mark.parametrize("text", [GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, WITH_MEMORY])
def test_the_starting_points_are_healthy(text: str) -> None:
    assert check(Document.from_text(text)) == []


def test_bytes_that_are_no_text_are_told_at_the_first_of_them() -> None:
    (found,) = check(Document.from_bytes(GOOD.replace("Demo", "D\u00e9mo").encode("latin-1")))
    assert (found.code, found.place.line, found.place.column) == ("LM002", 4, 17)
    assert "0xe9" in found.message
