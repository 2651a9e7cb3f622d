"""Pictures of the screens where the picture is the point: text and styles, in three sizes, in colour and without.

A picture is kept as plain text, with the styles of each line below it as runs `width×style`. After a change that is
meant, look at the difference of `pytest tests/tui/test_snapshots.py --snapshot-update` before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest
from rich.color import Color
from rich.style import Style
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from tests.tui.hand import Hand

from loadmaster.tui.app import LoadmasterApp
from loadmaster.tui.vram_setting import find_deck

SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "overview": ("wan.toml", ("1",)),
    "files": ("wan.toml", ("2", "l", "j")),
    "vram": ("wan.toml", ("4",)),
    "faults": ("faulty.toml", ("g", "v", "end")),
    "fix": ("faulty.toml", ("g", "v", "end", "k", "k", "k", "k", "k", "f")),
    "editor": ("wan.toml", ("3", "e", "backspace", "x")),
}
STYLED = ("overview", "vram", "faults", "editor")
"""Where a style says more than the text does, the styles are pinned as well, at one size, in colour and without."""


class TextFile(SingleFileSnapshotExtension):
    """One text file for each picture, to be read in a review."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(TextFile)


def _name(colour: Color | None) -> str:
    if colour is None:
        return "-"
    return colour.triplet.hex if colour.triplet is not None else colour.name


def _words(style: Style | None) -> str:
    if style is None:
        return "plain"
    marks = [word for word in ("bold", "dim", "italic", "underline", "reverse") if getattr(style, word)]
    return " ".join([_name(style.color), "on", _name(style.bgcolor), *marks])


def text_of(app: LoadmasterApp) -> str:
    """The screen as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips()) + "\n"


def styles_of(app: LoadmasterApp) -> str:
    """The styles of the screen, line by line, as runs of cells."""
    lines = []
    for number, strip in enumerate(app.screen._compositor.render_strips()):
        cells = [(_words(segment.style), segment.cell_length) for segment in strip]
        runs = [(words, sum(size for _, size in run)) for words, run in groupby(cells, key=lambda cell: cell[0])]
        lines.append(f"{number:>2} " + " | ".join(f"{size}×{words}" for words, size in runs))
    return "\n".join(lines) + "\n"


@asynccontextmanager
async def shown(
    name: str, size: tuple[int, int], samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[LoadmasterApp]:
    """The app with a picture on its screen, on a machine without a card, in a folder of no name."""
    sample, keys = PICTURES[name]
    monkeypatch.setattr("loadmaster.tui.widgets.detail.vram.find_deck", partial(find_deck, machine=tuple))
    monkeypatch.chdir(tmp_path)
    path = Path("models.toml")
    path.write_bytes((samples / sample).read_bytes())
    app = LoadmasterApp(path, keymap=tmp_path / "keymap.toml", state=tmp_path / "state")
    async with app.run_test(size=size) as pilot:
        await app.workers.wait_for_complete()
        hand = Hand(pilot)
        for key in keys:
            await hand.key(key)
            await hand.workers()
            # Where a list stands depends on the size that it had when the key came.
            await hand.painted()
        yield app


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PICTURES)
async def test_text(
    picture: SnapshotAssertion, name: str, size: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown(name, SIZES[size], samples, tmp_path, monkeypatch) as app:
        assert text_of(app) == picture


@pytest.mark.parametrize("colour", ["colour", "monochrome"])
@pytest.mark.parametrize("name", STYLED)
async def test_styles(
    picture: SnapshotAssertion, name: str, colour: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if colour == "monochrome":
        monkeypatch.setenv("NO_COLOR", "1")
    async with shown(name, (120, 40), samples, tmp_path, monkeypatch) as app:
        styles = styles_of(app)
        assert styles == picture
    if colour == "monochrome":
        shades = re.findall(r"#(..)(..)(..)", styles)
        assert shades
        assert all(red == green == blue for red, green, blue in shades)


async def test_what_has_a_colour_has_a_sign_or_a_word_as_well(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shown("faults", (120, 40), samples, tmp_path, monkeypatch) as app:
        listed = [line for line in text_of(app).splitlines() if re.search(r"\bLM\d{3}\b", line)]
        assert listed
        assert all(re.search(r"\b[EWI] +(\w+ )?LM\d{3}\b|[EWI]\d", line) for line in listed)
