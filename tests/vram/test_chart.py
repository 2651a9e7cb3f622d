"""Ranges as bars: what is drawn where, at any width and for any figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.vram.chart import Axis, Part, Run, axis_for, bar_runs, label_runs
from loadmaster.vram.fit import Fit, fit_of
from loadmaster.vram.formula import Need

A14B = Need(34.2, 41.3, 47.4)
FP8 = Need(20.9, 28.0, 32.2)


def text(runs: list[Run]) -> str:
    return "".join(characters for characters, _ in runs)


def test_bars_stand_under_their_axis() -> None:
    axis = axis_for([A14B, FP8, None], 23.5, 50)
    assert axis == Axis(50.0, 10.0, 50)
    assert text(label_runs(axis, 23.5)) == "0         10        20 ┊      30        40        ".ljust(50)
    assert text(bar_runs(A14B, axis, 23.5)) == "├─────────┼─────────┼──┊──────┼───▒▒▒▒▒▒▒█▒▒▒▒▒▒──"
    assert text(bar_runs(FP8, axis, 23.5)) == "├─────────┼─────────▓▓▓┊▒▒▒▒█▒▒▒▒───────┼─────────"
    assert text(bar_runs(None, axis, 23.5)) == "·" * 23 + "┊" + "·" * 26


def test_the_point_is_seen_also_on_the_line_of_the_card() -> None:
    axis = Axis(50.0, 10.0, 50)
    assert text(bar_runs(Need(22.0, 23.4, 26.0), axis, 23.5))[20:28] == "┼─▓█▒▒▒─"


def test_a_far_larger_card_does_not_press_the_bars_together() -> None:
    axis = axis_for([Need(4.0, 5.0, 6.0)], 139.9, 40)
    assert axis.top < 10
    assert Part.USABLE not in {part for _, part in bar_runs(Need(4.0, 5.0, 6.0), axis, 139.9)}
    assert Part.BEYOND not in {part for _, part in bar_runs(Need(4.0, 5.0, 6.0), axis, 139.9)}


def test_without_a_card_or_a_need() -> None:
    assert text(label_runs(axis_for([], None, 20), None)).startswith("0 ")
    assert axis_for([None], 23.5, 20).holds(23.5)


amounts = st.floats(0, 1e308) | st.floats(0, 200)


@st.composite
def needs(draw: st.DrawFn) -> Need:
    low, point, high = sorted((draw(amounts), draw(amounts), draw(amounts)))
    return Need(low, point, high)


@given(st.lists(needs() | st.none(), min_size=1, max_size=4), amounts | st.none(), st.integers(-3, 240))
def test_every_line_is_as_wide_as_the_axis(several: list[Need | None], usable: float | None, width: int) -> None:
    axis = axis_for(several, usable, width)
    assert axis.width == max(width, 4)
    for runs in (label_runs(axis, usable), *(bar_runs(need, axis, usable) for need in several)):
        assert len(text(runs)) == axis.width
    assert all(text(bar_runs(need, axis, usable)).count("█") == (need is not None) for need in several)


@given(needs(), st.floats(0.1, 200), st.integers(12, 200))
def test_what_is_drawn_never_contradicts_the_verdict(need: Need, usable: float, width: int) -> None:
    axis = axis_for([need], usable, width)
    parts = {part for _, part in bar_runs(need, axis, usable)}
    fit = fit_of(need, usable)
    if fit is Fit.FITS:
        assert Part.BEYOND not in parts
    if fit is Fit.TOO_BIG:
        assert Part.WITHIN not in parts


@given(st.lists(st.floats(0, 500), min_size=2, max_size=8), st.integers(4, 120))
def test_more_is_never_further_left(values: list[float], width: int) -> None:
    axis = axis_for([Need(0, 0, max(values))], None, width)
    columns = [axis.column(value) for value in sorted(values)]
    assert columns == sorted(columns)


@pytest.mark.parametrize(("value", "column"), [(-1.0, 0), (float("nan"), 0), (float("inf"), 9), (99.0, 9)])
def test_no_amount_leaves_the_axis(value: float, column: int) -> None:
    assert Axis(10.0, 5.0, 10).column(value) == column
