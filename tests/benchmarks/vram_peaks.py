"""Prints every published peak with its setting beside the estimate under the same figures.

    python tests/benchmarks/vram_peaks.py

A row says whether the peak lies within the estimate's range, and whether an agreed bound holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from loadmaster.vram.peaks import PEAKS, Peak

HEADER = ("model", "size × frames", "peak", "estimate", "range", "off", "verdict", "setting")


def told(peak: Peak) -> tuple[str, ...]:
    """The cells of one row."""
    size = "default" if peak.size is None else f"{peak.size[0]}×{peak.size[1]}×{peak.frames}"
    need = None if (estimate := peak.estimate()) is None else estimate.need
    if need is None:
        return (peak.model, size, f"{peak.gib:g}", "–", "–", "–", "no figures published to estimate from", peak.setting)
    off = need.point - peak.gib
    verdict = "in range" if need.low <= peak.gib <= need.high else "MISSED"
    if peak.bound is not None:
        verdict += f", {'held' if abs(off) <= peak.bound else 'NOT held'} to ± {peak.bound:g}"
    elif abs(off) > 0.05 * peak.gib:
        verdict += f", point misses by {abs(off) / peak.gib:.0%}"
    if peak.fitted:
        verdict += " (fitted to it)"
    cells = (f"{need.point:.1f}", f"{need.low:.1f}–{need.high:.1f}", f"{off:+.1f}", verdict)
    return (peak.model, size, f"{peak.gib:g}", *cells, peak.setting)


def table() -> Iterator[str]:
    """The table's lines, in GiB, every row of it."""
    rows = [HEADER, *map(told, PEAKS)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


if __name__ == "__main__":
    print("Published peaks and the estimate, GiB on one GPU; nothing was measured here.")
    print(*table(), sep="\n")
