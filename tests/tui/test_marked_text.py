"""A marked text is cut so that the first mark is seen, and the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.tui.marked_text import marked

PATH = "high_noise_model/diffusion_pytorch_model-00001-of-00006.safetensors"


def shown(text: str, spans: list[tuple[int, int]], width: int) -> tuple[str, list[str]]:
    pieces = marked(text, spans, width)
    return "".join(piece.text for piece in pieces), [piece.text for piece in pieces if piece.ink == "match"]


@pytest.mark.parametrize(
    ("word", "width", "line"),
    [
        ("noise", 80, PATH),
        ("noise", 40, "high_noise_model/di…0006.safetensors"),
        ("pytorch", 40, "…_pytorch_model-000…0006.safetensors"),
        ("00006", 40, "…ytorch_model-00001-of-00006.safetensors"),
    ],
)
def test_the_mark_and_the_end_stay(word: str, width: int, line: str) -> None:
    start = PATH.index(word)
    text, marks = shown(PATH, [(start, start + len(word))], width)
    assert marks == [word]
    assert len(text) <= width
    assert text.endswith(PATH[-10:])
    assert text.startswith(line[:8])


@given(st.text("abc/", min_size=1, max_size=60), st.integers(8, 40), st.data())
def test_it_fits_and_shows_the_beginning_of_the_first_mark(text: str, width: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    line, marks = shown(text, [(start, end)], width)
    assert len(line) <= width
    assert marks
    assert text[start:end].startswith(marks[0][: min(len(marks[0]), end - start)][:1])
    if len(text) <= width:
        assert line == text
        assert marks == [text[start:end]]
