"""What is shown of a text: escapes for what cannot be seen, and a width that holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from loadmaster.tui.paint import Piece, fit, span, spread, wrap
from loadmaster.tui.visible import head, middle, short_digest, stand_ins, visible

TEXTS = st.text(max_size=60)
WIDTHS = st.integers(min_value=0, max_value=80)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain [b]text[/b]", "plain [b]text[/b]"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("tab\tline\n", "tab\\tline\\n"),
        ("no\u00a0break", "no\\xa0break"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("日本語", "日本語"),
        ("tag\U000e0041", "tag\\U000e0041"),
        (3.5, "3.5"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(raw: object, shown: str) -> None:
    assert visible(raw) == shown


@given(st.text())
def test_nothing_unseen_is_left(text: str) -> None:
    assert all(character.isprintable() or character == "\u3000" for character in visible(text))


def test_a_very_long_text_is_cut() -> None:
    assert len(visible("x" * 1_000_000)) < 5000


@given(TEXTS, WIDTHS)
def test_a_cut_text_never_exceeds_its_width(text: str, width: int) -> None:
    shown = visible(text)
    assert cell_len(head(shown, width)) <= width
    assert cell_len(middle(shown, width)) <= width


@given(TEXTS)
def test_what_fits_is_not_cut(text: str) -> None:
    shown = visible(text)
    width = max(cell_len(shown), 1)  # in no room at all, not even a mark without a letter is shown
    assert head(shown, width) == shown
    assert middle(shown, width) == shown


@pytest.mark.parametrize("width", range(29, 60))
def test_the_end_of_a_path_stays(width: int) -> None:
    path = "high_noise_model/diffusion_pytorch_model-00002-of-00006.safetensors"
    assert middle(path, width).endswith("00002-of-00006.safetensors")
    assert middle(path, width)[0] == "h"


@pytest.mark.parametrize("width", range(14, 60))
def test_the_number_of_a_shard_and_its_folder_stay_whole_or_begin(width: int) -> None:
    name = "diffusion_pytorch_model-00011-of-00020.safetensors"
    for folder in ("high_noise_model", "low_noise_model"):
        shown = middle(f"{folder}/{name}", width)
        assert "00011" in shown
        assert shown[:2] == folder[:2]
    assert middle(f"high_noise_model/{name}", 38) == "high_noise_…00011-of-00020.safetensors"
    assert middle(f"high_noise_model/{name}", 24) == "high_noi…00011-of-00020…"


def test_what_all_folders_begin_with_gives_way_to_what_tells_them_apart() -> None:
    path = "checkpoints/high_noise/model-00001-of-00006.safetensors"
    assert middle(path, 36, len("checkpoints/")) == "…high_noi…00001-of-00006.safetensors"


def test_a_digest_is_told_by_both_ends() -> None:
    assert short_digest("9f86d081" + "0" * 50 + "00a08f") == "9f86d081…00a08f"
    assert short_digest("not a digest") == "not a digest"


@given(st.lists(TEXTS, max_size=5), WIDTHS)
def test_a_fitted_line_is_exactly_as_wide_as_asked(texts: list[str], width: int) -> None:
    line = [Piece(visible(text)) for text in texts]
    assert span(fit(line, width)) == width


@given(TEXTS, TEXTS, st.integers(min_value=0, max_value=200))
def test_what_is_at_the_right_gives_way_last(left: str, right: str, width: int) -> None:
    end = visible(right)
    line = spread([Piece(visible(left))], [Piece(end)], width)
    assert "".join(piece.text for piece in line).endswith(end)
    assert span(line) == max(width, cell_len(end))


@given(TEXTS, st.integers(min_value=4, max_value=40))
def test_wrapped_lines_hold_every_word_and_the_width(text: str, width: int) -> None:
    shown = visible(text)
    lines = wrap(shown, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")


@given(TEXTS)
def test_stand_ins_keep_the_length_so_that_a_cursor_stays_true(text: str) -> None:
    shown = stand_ins(text)
    assert len(shown) == len(text)
    assert all(character.isprintable() or character == "\u3000" for character in shown)
