"""The estimate held against published peaks; the table is printed with every row, also those that it misses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from loadmaster.vram.peaks import PEAKS, Peak

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "vram_peaks.py"


def test_the_table_is_printed_with_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", str(SCRIPT)], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    with capsys.disabled():
        print(f"\n{done.stdout}")
    lines = done.stdout.splitlines()
    assert len(lines) == len(PEAKS) + 2
    for peak, line in zip(PEAKS, lines[2:], strict=True):
        assert line.startswith(peak.model)
        assert line.endswith(peak.setting)
        assert f"{peak.gib:g}" in line
    assert "NOT held" not in done.stdout


@pytest.mark.parametrize("peak", [peak for peak in PEAKS if peak.bound is not None], ids=lambda peak: peak.setting)
def test_agreed_bounds_hold(peak: Peak) -> None:
    estimate = peak.estimate()
    assert estimate is not None
    assert estimate.point == pytest.approx(peak.gib, abs=peak.bound)


def test_the_two_rows_with_an_agreed_bound() -> None:
    agreed = {(peak.size, peak.frames, peak.gib, peak.bound) for peak in PEAKS if peak.bound is not None}
    assert agreed == {((832, 480), 81, 41.3, 1.0), ((1280, 720), 81, 59.8, 2.0)}


def test_every_peak_with_figures_lies_in_the_range() -> None:
    for peak in PEAKS:
        estimate = peak.estimate()
        if estimate is not None:
            assert estimate.low is not None
            assert estimate.high is not None
            assert estimate.low <= peak.gib <= estimate.high, peak
            assert not estimate.contradiction
