"""Draw the pictures of the README: the real app, headless, on the sample manifests.

    python screenshots/make.py [NAME…]

Writes an SVG for each picture below, and a PNG beside it where `rsvg-convert` is installed. No sample is changed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
REPOSITORY = FOLDER.parent
CELL_WIDTH = 12.2
"""The width that Rich gives a cell in its SVG."""


@dataclass(frozen=True)
class Picture:
    """A file, the keys pressed before the picture is taken, a size in cells, and a theme."""

    name: str
    sample: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 34)
    theme: str = "loadmaster-dark"


PICTURES = (
    Picture("overview", "wan.toml", ("l",)),
    Picture("vram", "wan.toml", ("j", "j", "4")),
    Picture("defaults-editing", "faulty.toml", ("j", "j", "3", "enter", "0")),
    Picture("save", "wan.toml", ("3", "enter", "ctrl+u", "3", "0", "enter", "w")),
    Picture("fix", "faulty.toml", ("n", "n", "n", "n", "f")),
    Picture("narrow-overview", "wan.toml", ("enter",), (80, 24)),
)


async def draw(picture: Picture) -> str:
    """The SVG of a picture."""
    from loadmaster.tui.app import LoadmasterApp

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)  # what the person who draws has remembered shall not show
        sample = Path("sample_manifests") / picture.sample
        app = LoadmasterApp(sample, keymap=place / "keymap.toml", state=place / "state")
        async with app.run_test(size=picture.size) as pilot:
            app.theme = picture.theme
            await app.workers.wait_for_complete()
            await pilot.pause()
            for key in picture.keys:
                await pilot.press(key)
            await pilot.pause()
            return tidy(app.export_screenshot(title=f"loadmaster {picture.sample}"))


def tidy(svg: str) -> str:
    """Make the SVG the same from run to run, and begin each text at its first visible cell.

    Rich numbers its classes by chance, and some renderers drop the spaces at the beginning of a text.
    """
    pattern = (
        r'<text class="(?P<name>[^"]*)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)" textLength="(?P<length>[\d.]+)"'
        r"(?P<rest>[^>]*)>(?P<text>[^<]*)</text>"
    )
    return re.sub(pattern, _moved, re.sub(r"terminal-\d+", "terminal", svg))


def _moved(match: re.Match[str]) -> str:
    text = match["text"]
    lead = trail = 0
    while text.startswith("&#160;"):
        text, lead = text[6:], lead + 1
    while text.endswith("&#160;"):
        text, trail = text[:-6], trail + 1
    if not text:
        return ""
    x = float(match["x"]) + lead * CELL_WIDTH
    length = float(match["length"]) - (lead + trail) * CELL_WIDTH
    head = f'<text class="{match["name"]}" x="{x:g}" y="{match["y"]}" textLength="{length:g}"{match["rest"]}>'
    return f"{head}{text}</text>"


def main(names: list[str]) -> int:
    """Draw all pictures, or those named."""
    os.chdir(REPOSITORY)
    convert = shutil.which("rsvg-convert")
    for picture in PICTURES:
        if names and picture.name not in names:
            continue
        target = FOLDER / f"{picture.name}.svg"
        target.write_text(asyncio.run(draw(picture)), encoding="utf-8")
        if convert:
            subprocess.run([convert, "-w", "1400", "-o", str(target.with_suffix(".png")), str(target)], check=True)
        print(target.relative_to(REPOSITORY))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
