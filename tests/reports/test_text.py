"""The text report: the place, the line, the mark under it, what repeats, and the summary."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.reports.conftest import HOSTILE, Report, is_safe

from loadmaster.checks.examples import GOOD, but
from loadmaster.document.document import Document
from loadmaster.document.places import Place
from loadmaster.reports import text
from loadmaster.reports.report import Counts, count
from loadmaster.reports.source_line import columns, marked_line

REPEATED = GOOD.split("[[", 1)[0] + "".join(
    f'[[models."demo-1b@1.0.0".files]]\npath = "f{number}.json"\nsize = {number}\nsha256 = "{"0" * 64}"\n\n'
    for number in range(1, 13)
)


def test_a_clean_file_says_nothing(report: Report) -> None:
    assert list(text.lines(report(GOOD))) == []


def test_what_repeats_in_a_model_is_folded_and_counted(report: Report) -> None:
    made = report(REPEATED)
    folded = "\n".join(text.lines(made))
    number = sum(one.code == "LM403" for one in made.diagnostics)
    assert number == 12
    assert folded.count(" LM403 placeholder-digest: ") == 1
    others = [one.place.line for one in made.diagnostics if one.code == "LM403"][1:]
    named = ", ".join(map(str, others[:8]))
    assert f"= LM403 × 12 in demo-1b@1.0.0: also lines {named} and 3 more; --all shows each" in folded
    whole = "\n".join(text.lines(made, text.Look(fold=False)))
    assert whole.count(" LM403 placeholder-digest: ") == 12
    assert "×" not in whole
    assert count([made]).error + count([made]).warning + count([made]).info == len(made.diagnostics)


def test_two_of_a_kind_are_both_shown(report: Report) -> None:
    made = report(but("size = 612", "size = -1").replace("size = 2147511568", "size = -2"))
    told = "\n".join(text.lines(made))
    assert (told.count(" LM103 "), "×" in told) == (2, False)


def test_the_summary() -> None:
    assert text.summary(Counts(), 2) == "no faults in 2 files"
    assert text.summary(Counts(error=1, info=2), 1) == "1 error, 2 infos in 1 file"
    counts = Counts(warning=1200, safe_fixes=3, unsafe_fixes=1)
    assert text.summary(counts, 1) == (
        "1,200 warnings in 1 file; 3 can be mended by `loadmaster fix`; 1 more by `loadmaster fix --unsafe`"
    )


def test_colour_only_when_asked(report: Report) -> None:
    made = report(but('version = "1.0.0"', 'version = "1.1.0"'))
    plain = list(text.lines(made))
    coloured = list(text.lines(made, text.Look(colour=True)))
    assert "\x1b[1;31merror LM202\x1b[0m" in coloured[0]
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain


def test_hostile_text_is_inert(report: Report) -> None:
    made = report(HOSTILE, "a\x1b[31m\u202e.toml")
    told = "\n".join([*text.lines(made, text.Look(fold=False)), text.summary(count([made]), 1)])
    assert made.diagnostics
    assert is_safe(told)
    assert "a\\u001b[31m\\u202e.toml:" in told
    assert "hf_a…" in told


def test_a_place_over_several_lines_says_where_it_ends(report: Report) -> None:
    made = report(but('version = "1.0.0"', 'version = "1.1.0"'))
    (one,) = made.diagnostics
    long = replace(one, place=Place(one.place.line, 1, one.place.line + 3, 5))
    told = list(text.lines(replace(made, diagnostics=(long,))))
    assert told[2].endswith(f"| {'^' * 17} to line {one.place.line + 3}")


def test_a_conflict_needs_a_side(report: Report) -> None:
    made = report(but("size = 612", "<<<<<<< ours\nsize = 612\n=======\nsize = 620\n>>>>>>> theirs"))
    told = "\n".join([*text.lines(made), text.summary(count([made]), 1)])
    assert "fix: take ours, theirs or both (--take)" in told
    assert "1 merge conflict by `loadmaster fix --take ours|theirs|both`" in told
    assert "--unsafe" not in told


def place(line: int, first: int, last: int) -> Place:
    return Place(line, first, line, last)


def test_the_mark_stands_under_wide_combining_tabs_and_escapes() -> None:
    document = Document.from_text('\ta = "漢字e\u0301\x07" # x')
    told = marked_line(document, place(1, 6, 13), 80)
    assert told.text == '    a = "漢字e\u0301\\u0007" # x'
    assert (told.start, told.end) == (8, 8 + columns('"漢字e\u0301\\u0007"'))


def test_a_long_line_is_cut_around_its_mark() -> None:
    document = Document.from_text(f'a = "{"x" * 500_000}Y{"z" * 500_000}"\r\n')
    told = marked_line(document, place(1, 500_006, 500_007), 60)
    assert columns(told.text) <= 62
    assert told.text[told.start : told.end] == "Y"
    assert told.text.startswith("…")
    assert told.text.endswith("…")


def test_the_mark_survives_a_secret_before_it() -> None:
    token = "hf_" + "a1" * 15
    document = Document.from_text(f'{{ t = "{token}", size = 12 }}')
    column = document.text.index("12") + 1
    told = marked_line(document, place(1, column, column + 2), 80)
    assert told.text == '{ t = "hf_a…", size = 12 }'
    assert told.text[told.start : told.end] == "12"


@given(st.text(max_size=300), st.integers(1, 310), st.integers(0, 310), st.integers(20, 120))
def test_a_mark_is_never_wider_than_what_is_shown(line: str, column: int, length: int, width: int) -> None:
    line = line.replace("\n", " ")
    told = marked_line(Document.from_text(line + "\nnext"), place(1, column, column + length), width)
    assert told.text.isprintable()
    assert 0 <= told.start < told.end
    # One column behind the text may be marked: the end of a line is a place too.
    assert told.end <= max(columns(told.text), 0) + 1
