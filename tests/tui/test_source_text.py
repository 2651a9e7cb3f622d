"""What the Source pane is made of: its lines, the buffer that they are edited in, their colours. No app is needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.document.document import Document
from loadmaster.tui.widgets.detail.source_buffer import SourceBuffer
from loadmaster.tui.widgets.detail.source_colours import (
    LONG_BASIC,
    LONGEST_READ,
    PLAIN,
    LineStates,
    pieces_of,
    state_after,
    tokens_of,
)
from loadmaster.tui.widgets.detail.source_text import (
    Region,
    SourceText,
    common_head,
    followed,
    region_of,
    replaced_between,
    spans_of,
    splices_between,
)

LINES = st.sampled_from(
    ["", "a = 1", 'b = "x\u2028y"', "# c\x0c", "[t]", "\ta\u0085= 2", '[models."m@1.0.0"]', 's = """', '"""', "[[f]]"]
)
Edit = Callable[[SourceBuffer], object]
EDITS: list[Edit] = [
    lambda buffer: buffer.insert("x"),
    lambda buffer: buffer.insert("[m]\n\n"),
    SourceBuffer.break_line,
    SourceBuffer.delete_left,
    SourceBuffer.delete_right,
    SourceBuffer.delete_word_left,
    SourceBuffer.delete_to_end,
    SourceBuffer.delete_to_start,
    SourceBuffer.move_home,
    SourceBuffer.move_end,
    lambda buffer: buffer.move_columns(1),
    lambda buffer: buffer.move_columns(-1, select=True),
    lambda buffer: buffer.move_words(1, select=True),
    lambda buffer: buffer.move_lines(1),
    lambda buffer: buffer.move_lines(-1, select=True),
    lambda buffer: buffer.indent(1),
    lambda buffer: buffer.indent(-1),
    lambda buffer: buffer.move_to(99, 99),
]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = newline.join(draw(st.lists(LINES, min_size=1, max_size=10)))
    return Document.from_text(text + draw(st.sampled_from(["", newline])))


@given(documents(), st.data())
def test_what_was_typed_is_all_that_changes(document: Document, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(document.tables) - 1))
    region = region_of(document, (document.starts[index], document.starts[index + 1]))
    base = list(region.lines)
    assert document.text[slice(*region.span)] == "\n".join(base)
    buffer = SourceBuffer(region.lines, document.newline, region.goes_on)
    for edit in data.draw(st.lists(st.sampled_from(EDITS), max_size=12)):
        edit(buffer)
        assert 0 <= buffer.column <= buffer.length(buffer.row)
    old = Region(region.start, region.line, base, region.goes_on)
    new = document
    for start, end, text in splices_between(base, region.lines, document.newline):
        new = new.replace(region.start + start, region.start + end, text)
    assert new.text == document.text[: old.start] + "\n".join(region.lines) + document.text[old.span[1] :]
    change = replaced_between(document, new)
    if change.start < max(change.old_end, change.new_end):
        assert followed(old, change) == region.span


@pytest.mark.parametrize(("first", "second"), [("\n", "\r\n"), ("\r\n", "\n")])
def test_lines_that_end_otherwise_stay_where_two_others_change(first: str, second: str) -> None:
    text = f"a = 1{first}b = 2{second}c = 3{first}d = 4{second}"
    old = text.split("\n")
    new = [old[0].replace("1", "10"), old[1], old[2].replace("3", "30"), *old[3:]]
    document = Document.from_text(text)
    for start, end, piece in splices_between(old, new, first):
        document = document.replace(start, end, piece)
    assert document.text == text.replace("1", "10").replace("3", "30")


def test_a_line_added_at_the_end_of_a_region_ends_as_the_others() -> None:
    document = Document.from_text("[a]\r\nx = 1\r\n[b]\r\n")
    region = region_of(document, (document.starts[1], document.starts[2]))
    base = list(region.lines)
    buffer = SourceBuffer(region.lines, "\r\n", region.goes_on)
    buffer.move_to(1, 99)
    buffer.insert("\ny = 2")
    for start, end, text in splices_between(base, region.lines, "\r\n"):
        document = document.replace(region.start + start, region.start + end, text)
    assert document.text == "[a]\r\nx = 1\r\ny = 2\r\n[b]\r\n"


@given(st.text("ab", max_size=40), st.text("ab", max_size=40))
def test_a_common_head(left: str, right: str) -> None:
    size = common_head(left, right)
    assert left[:size] == right[:size]
    assert size == min(len(left), len(right)) or left[size] != right[size]


def test_rows_are_numbered_as_in_the_file_with_a_gap_between() -> None:
    document = Document.from_text("[models.a]\nx = 1\n[models.b]\n[models.a.c]\ny = 2")
    text = SourceText.of(document, "a")
    rows = [text.row(row) for row in range(text.count)]
    assert [row.number if row else None for row in rows] == [1, 2, None, 4, 5]
    assert text.text(4) == "y = 2"
    assert text.nearest(3) in (1, 3)
    assert text.holds(5)
    assert not text.holds(3)


def test_a_model_without_tables_of_its_own_is_shown_in_the_whole_file() -> None:
    document = Document.from_text('models = { "a" = { x = 1 } }\n')
    assert spans_of(document, "a") == [(0, document.starts[-1])]


def test_of_two_equal_lines_the_one_in_the_region_was_put_in() -> None:
    old = Document.from_text("[models.a]\n[models.b]\n")
    region = region_of(old, old.model_spans("a")[0])
    new = old.replace(10, 10, "\n[models.c]")
    span = followed(region, replaced_between(old, new))
    assert span is not None
    assert new.text[slice(*span)] == "[models.a]\n[models.c]"


def test_undone_outside_of_it_a_region_moves_along() -> None:
    old = Document.from_text("[models.a]\nx = 1\n[models.b]\ny = 1\n")
    new = old.replace(0, 0, "# more\n")
    region = region_of(old, old.model_spans("b")[0])
    span = followed(region, replaced_between(old, new))
    assert span is not None
    assert new.text[slice(*span)] == "[models.b]\ny = 1\n"
    assert followed(region, replaced_between(old, old.replace(10, 25, "z"))) is None


# Moving and selecting.


def buffer_of(text: str, row: int = 0, column: int = 0) -> SourceBuffer:
    buffer = SourceBuffer(text.split("\n"), "\n")
    buffer.move_to(row, column)
    return buffer


def test_up_and_down_keep_the_column_where_they_began() -> None:
    buffer = buffer_of("long line\nx\nlong line", 0, 7)
    buffer.move_lines(1)
    assert (buffer.row, buffer.column) == (1, 1)
    buffer.move_lines(1)
    assert (buffer.row, buffer.column) == (2, 7)
    assert buffer.move_lines(1) is False


def test_words_end_where_signs_begin() -> None:
    buffer = buffer_of('size = "4.7 GiB"')
    stops = []
    while buffer.column < 16:
        buffer.move_words(1)
        stops.append(buffer.column)
    assert stops == [4, 6, 9, 10, 11, 15, 16] or stops[0] == 4
    buffer.move_words(-1)
    assert buffer.column == 15


def test_home_goes_to_the_text_and_then_to_the_margin() -> None:
    buffer = buffer_of("    x = 1", 0, 9)
    buffer.move_home()
    assert buffer.column == 4
    buffer.move_home()
    assert buffer.column == 0


def test_a_new_line_is_indented_as_the_one_before() -> None:
    buffer = buffer_of("priority = [\n    'a',", 1, 8)
    buffer.break_line()
    assert buffer.lines[2] == "    "


def test_selected_lines_are_indented_together_and_stay_selected() -> None:
    buffer = buffer_of("a\nb\nc")
    buffer.move_to(1, 1, select=True)
    buffer.indent(1)
    assert buffer.lines == ["    a", "    b", "c"]
    assert buffer.selection is not None
    buffer.indent(-1)
    assert buffer.lines == ["a", "b", "c"]


def test_the_caret_does_not_go_behind_a_carriage_return() -> None:
    buffer = SourceBuffer(["a\r", "b\r"], "\r\n", goes_on=True)
    buffer.move_end()
    buffer.insert("x")
    buffer.move_lines(1)
    buffer.move_end()
    buffer.insert("y")
    assert buffer.lines == ["ax\r", "by\r"]


# Colours.


def inks(text: str, state: int = PLAIN) -> list[tuple[str, str]]:
    return [(text[token.start : token.end].strip(), token.ink) for token in tokens_of(text, state)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[[models."a@1.0.0".files]] # x', ('[[models."a@1.0.0".files]]', "header")),
        ("# note", ("# note", "comment")),
        ("fps = 24", ("24", "number")),
        ("fps = 24", ("fps", "label")),
        ('"a.b".c = true', ('"a.b".c', "label")),
        ("x = true # why", ("# why", "comment")),
        ('x = "a # b"', ('"a # b"', "string")),
        ("x = 'a\\'", ("'a\\'", "string")),
        ('x = "open', ('"open', "string")),
        ("<<<<<<< HEAD", ("<<<<<<< HEAD", "warning")),
    ],
)
def test_a_line_in_inks(text: str, wanted: tuple[str, str]) -> None:
    assert wanted in inks(text)


@given(st.text(max_size=60), st.sampled_from([PLAIN, LONG_BASIC]))
def test_the_inks_cover_the_line(text: str, state: int) -> None:
    line = text.replace("\n", "")
    tokens = tokens_of(line, state)
    assert [token.start for token in tokens] == [0, *(token.end for token in tokens[:-1])]
    assert tokens[-1].end == len(line)


def test_a_string_over_lines_is_a_string_on_each() -> None:
    lines = ['d = """', "fps = 24", 'end""" # x', "fps = 24"]
    states = LineStates()
    assert [states.state(lines, index) for index in range(4)] == [PLAIN, LONG_BASIC, LONG_BASIC, PLAIN]
    assert inks(lines[1], LONG_BASIC) == [("fps = 24", "string")]
    lines[0] = "d = 1"
    states.cut(0)
    assert states.state(lines, 1) == PLAIN


def test_only_the_beginning_of_a_very_long_line_is_read() -> None:
    line = 'x = "' + "y" * 1_000_000
    tokens = tokens_of(line)
    assert tokens[-1].end == len(line)
    assert tokens[-1].ink == "string"
    assert len("".join(piece.text for piece in pieces_of(line, tokens, 500_000, 500_080))) == 80
    assert len(line) > LONGEST_READ
    assert state_after(line, PLAIN) == PLAIN


def test_a_tab_between_values_is_space_and_in_a_string_an_escape() -> None:
    text = 'a\t= "x\ty"'
    shown = "".join(piece.text for piece in pieces_of(text, tokens_of(text), 0, len(text)))
    assert shown == 'a    = "x\\ty"'
