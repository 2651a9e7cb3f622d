"""Hostile manifests: whatever a text holds is shown inert in every pane, sheet, input, sentence and title.

Every picture on the way is looked at: no link, no action hidden in a style, no character that a terminal obeys, and
each line exactly as wide as the screen.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from tests.tui.hand import Hand

from loadmaster.tui.app import LoadmasterApp

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

MARKUP = "[bold red]x[/] [@click=app.quit]y[/] [link=http://z]z[/] [/] [[ $accent [$error]"
ESCAPED = "\\u001b[31m\\u001b]8;;http://z\\u0007 \\u0000 \\u009b2J \\u202eabc\\u2066 \\u200b \\ufeff \\r\\n\\t"
BIDI = "\u202eabc\u2066def\u2069 \u200f\u061c \u200b\u2028\u2029\u0085\ufeff"
WIDE = "日本語" * 20 + "e\u0301o\u0308\u0323" * 20 + "👩\u200d👩\u200d👧🇩🇪☺\ufe0f\U000e0041" + "ｱ" * 9 + "\u1160ᄀ가"
QUOTES = '\\" \' \\\\ # = ] } \\"\\"\\"'

TEMPLATE = """schema_version = 1
[models."t2v-{name}@1.0.0"]
description = "{text}"
version = "{text}"
variants = ["{text}", "fp16", "{text}"]
default_variant = "{text}"
lora_required = "{text}"
required_components = ["{text}"]
resolution_caps = ["{text}"]
"{text}" = "{text}"

[models."t2v-{name}@1.0.0".defaults]
scheduler = "{text}"
fps = "{text}"

[models."t2v-{name}@1.0.0".vram_estimation]
family_size = "{text}"

[models."t2v-{name}@1.0.0".sources]
priority = ["{text}", "{text}"]

[[models."t2v-{name}@1.0.0".files]]
path = "{text}"
size = 0
sha256 = "{text}"
component = "{text}"

[[models."t2v-{name}@1.0.0".files]]
path = "{text}"
size = "{text}"
sha256 = "{text}"
component = "{text}"
"""

HUGE = """schema_version = 99999999999999999999999999999999999999
[models."t2v-huge@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"
version = 1e999
[models."t2v-huge@1.0.0".defaults]
fps = -inf
frames = 9223372036854775808
height = {digits}
width = 0x{digits}
guidance_scale = 1e308
[models."t2v-huge@1.0.0".vram_estimation]
params_billion = 1e308
base_vram_gb = 1e308
per_frame_vram_mb = 1e308
[[models."t2v-huge@1.0.0".files]]
path = "a.bin"
size = {digits}
sha256 = "{digits}"
shard_part = {digits}
[models."t2v-huge@1.0.0".sources]
priority = ["hf://a/b"]
"""

TREE = ("l", "j", "l", "j", "enter", "escape", "k", "k", "space", "y", "i", "escape", "escape")
SHEETS = ("c", "escape", "r", "escape", "a", "escape", "d", "escape", "v", "escape", "escape", "g", "2", "enter")
OVERVIEW = ("1", "home", "e", "x", "enter", "j", "j", "e", "e", "x", "escape", "j", "escape", "end", "e", "escape", "y")
FILES = ("2", "home", "i", "escape", "e", "x", "escape", "F", "tab", "x", "escape", "l", "l", "e", "escape", "J", "y")
TABS = ("3", "j", "e", "x", "escape", "4", "j", "j", "i", "escape", "p", "escape", "5", "j", "e", "x", "escape", "u")
FAULTS = ("n", "n", "N", "tab", "home", "j", "i", "escape", "f", "escape", "m", "space", "y", "f", "enter")
FILTER = ("escape", "slash", "a", "j", "enter", "escape", "colon", "x", "escape", "question_mark", "escape")
END = ("w", "down", "pagedown", "escape", "q", "escape", "U", "u", "u", "u")
WALK = (*TREE, *SHEETS, *OVERVIEW, *FILES, *TABS, *FAULTS, *FILTER, *END)


def _is_obeyed(character: str) -> bool:
    """Whether a terminal may do something else than draw a character: controls, and what turns the direction."""
    return unicodedata.category(character) == "Cc" or unicodedata.bidirectional(character) in OBEYED


OBEYED = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN", "B"}


def look(driver: Driver) -> str:
    """The screen, once it is seen to be inert."""
    strips = driver.app.screen._compositor.render_strips()
    for strip in strips:
        for segment in strip:
            style = segment.style
            assert style is None or (style.link is None and "@click" not in style.meta), segment
        assert not [c for c in set(strip.text) if _is_obeyed(c)], ascii(strip.text)
        assert cell_len(strip.text) == driver.app.size.width, ascii(strip.text)
    return "\n".join(strip.text for strip in strips)


async def walk(driver: Driver, keys: tuple[str, ...] = WALK) -> str:
    """Press keys and look at each picture; gives all that was seen."""
    hand, seen = Hand(driver.pilot), [look(driver)]
    driver.app.exit = lambda *_, **__: None  # type: ignore[method-assign]
    for key in keys:
        await hand.key(key)
        await hand.workers()
        assert driver.app._exception is None, f"{key}: {driver.app._exception!r}"
        seen.append(look(driver))
    return "\n".join(seen)


HOSTILE = {
    "markup": ("[b]m[/b]", MARKUP, "[bold red]x[/]"),
    "escapes": ("m\\u001b[31m", ESCAPED, "\\x1b[31m"),
    "bidirectional": ("\u202em\u2066", BIDI, "\\u202eabc"),
    "wide": ("日本語日本語e\u0301", WIDE, "日本語"),
    "quotes": ("#]}'=", QUOTES, "' \\ # = ] }"),
    "empty": ("", "", "t2v-@1.0.0"),
}
NARROW = ["markup", "wide", "escapes"]


@pytest.mark.parametrize(
    ("name", "size"), [*((name, (120, 40)) for name in HOSTILE), *((name, (80, 24)) for name in NARROW)]
)
async def test_text_is_inert_wherever_it_is_shown(opened: Opener, name: str, size: tuple[int, int]) -> None:
    model, text, shown = HOSTILE[name]
    async with opened(TEMPLATE.format(name=model, text=text), size) as driver:
        assert shown in await walk(driver)


LARGE = {
    "long-line": '[models."a@1.0.0"]\ndescription = "' + "[b]日\\u001b" * 80_000 + '"\n',
    "long-comment": '[models."a@1.0.0"] # ' + "x" * 1_000_000 + "\ndescription = 'a'\n",
    "long-id": f'[models."{"x" * 100_000}@1.0.0"]\ndescription = "a"\n',
    "many-keys": '[models."a@1.0.0"]\n' + "".join(f"key_{number} = {number}\n" for number in range(10_000)),
    "many-items": '[models."a@1.0.0"]\nvariants = [' + '"fp16", ' * 10_000 + "]\n",
    "deep-array": '[models."a@1.0.0"]\nx = ' + "[" * 3_000 + "]" * 3_000 + "\n",
    "deep-inline": '[models."a@1.0.0"]\nx = ' + "{a = " * 300 + "1" + "}" * 300 + "\n",
    "deep-header": '[models."a@1.0.0".' + ".".join("a" * 2_000) + "]\nx = 1\n",
    "huge-numbers": HUGE.format(digits="9" * 400),
    "more-digits-than-python-reads": HUGE.format(digits="9" * 5_000),
    "more-digits-than-python-writes": HUGE.format(digits="9").replace("= 9\n", "= 0x" + "f" * 5_000 + "\n"),
    "raw-controls": '[models."a@1.0.0"]\ndescription = "\x1b[31m\x07\x00"\n',
    "newlines-of-all-kinds": '[models."a@1.0.0"]\r\ndescription = "a"\n\rb = 1\x0b\x0c\x85\u2028\n',
}


@pytest.mark.parametrize("name", LARGE)
async def test_no_text_is_too_large_or_odd(opened: Opener, name: str) -> None:
    keys = (
        *TREE,
        "1",
        "j",
        "i",
        "escape",
        "e",
        "escape",
        "2",
        "4",
        "5",
        "j",
        "l",
        "h",
        "end",
        "home",
        *FAULTS,
        "q",
        "escape",
    )
    async with opened(LARGE[name], (100, 30)) as driver:
        await walk(driver, keys)


@pytest.mark.parametrize("name", ["[b]m[@click=app.quit]x[/].toml", "\u202em\x1b[31m\n.toml", "日本語" * 20 + ".toml"])
async def test_the_name_of_the_file_is_inert_in_title_and_sentences(tmp_path: Path, manifest: str, name: str) -> None:
    from tests.tui.conftest import Driver

    path = tmp_path / name
    try:
        path.write_text(manifest)
    except OSError:
        pytest.skip("this file system has no such names")
    app = LoadmasterApp(path, keymap=tmp_path / "keymap.toml", state=tmp_path / "state")
    async with app.run_test(size=(100, 30)) as pilot:
        await app.workers.wait_for_complete()
        driver = Driver(pilot, app, path)
        seen = await walk(
            driver, ("y", "tab", "j", "y", "d", "escape", "1", "e", "x", "enter", "w", "escape", "q", "escape")
        )
        if name.startswith("[b]"):
            assert "[b]m[@click=app.quit]x[/].toml" in seen
