"""Text of a manifest is shown as it is: no markup is read, no escape reaches the terminal, nothing crashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

MARKUP = "[bold red]x[/] [@click=app.quit]y[/] [link=http://z]"
ESCAPES = "\\u001b]0;t\\u0007 \\u202eabc \\u0000"

TEMPLATE = """schema_version = 1
[models."{name}@1.0.0"]
description = "{text}"
variants = ["{text}"]
default_variant = "{text}"
required_components = ["{text}"]
"{text}" = "{text}"

[models."{name}@1.0.0".defaults]
scheduler = "{text}"

[models."{name}@1.0.0".sources]
priority = ["{text}"]

[[models."{name}@1.0.0".files]]
path = "{text}"
size = 1
sha256 = "{text}"
component = "{text}"
"""

KEYS = (
    "space", "j", "space", "j", "1", "2", "l", "l", "l", "i", "escape", "3", "j", "j", "enter", "escape", "4", "5",
    "y", "n", "n", "N", "f", "escape", "i", "escape", "g", "escape", "colon", "escape", "tab", "m", "space", "slash",
    "a", "escape", "escape",
)  # fmt: skip


async def _walk(opened: Opener, text: str, size: tuple[int, int]) -> str:
    seen = []
    async with opened(text, size) as driver:
        for key in KEYS:
            await driver.press(key)
            seen.append(driver.screen)
            assert driver.app.return_value is None
    return "\n".join(seen)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_markup_is_shown_as_it_stands(opened: Opener, size: tuple[int, int]) -> None:
    seen = await _walk(opened, TEMPLATE.format(name="[b]m[/b]", text=MARKUP), size)
    assert "[bold red]x[/]" in seen
    assert "[b]m[/b]" in seen


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_control_and_bidirectional_characters_are_written_out(opened: Opener, size: tuple[int, int]) -> None:
    seen = await _walk(opened, TEMPLATE.format(name="m\\u001b", text=ESCAPES), size)
    assert "\\x1b]0;t\\x07" in seen
    assert not {"\x1b", "\x07", "\u202e", "\x00"} & set(seen)


async def test_wide_and_combining_characters_keep_the_frame(opened: Opener) -> None:
    async with opened(TEMPLATE.format(name="m", text="日本語e\u0301" * 30), (120, 40)) as driver:
        for key in KEYS:
            await driver.press(key)
            assert len(driver.lines) == 40


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "a = " + "[" * 3000,
        "schema_version = 1\nmodels = 3\n",
        'models = { "a@1.0.0" = { variants = ["fp16"] } }\n',
        "<<<<<<< a\nschema_version = 1\n=======\nschema_version = 2\n>>>>>>> b\n",
        '[models."a@1.0.0"]\ndescription = "' + "x" * 1_000_000 + '"\n',
        '[models."a@1.0.0"]\n' + "".join(f"key_{number} = {number}\n" for number in range(10_000)),
        'schema_version = 1\n[models."b@1.0.0"]\nvariants = 1\nfiles = [1, {path = 3, size = true}]\nsources = 3\n'
        "defaults = [1]\nvram_estimation = 'x'\nrequired_components = [1]\noptional_components = {a = 1}\n",
        '[models."a@1.0.0"]\n[models."a@1.0.0".vram_estimation]\nbase_vram_gb = nan\nparams_billion = inf\n',
    ],
    ids=["empty", "blank", "deep", "no-table", "inline", "conflict", "long", "many", "types", "not-a-number"],
)
async def test_no_text_is_too_odd_to_be_shown(opened: Opener, text: str) -> None:
    assert await _walk(opened, text, (100, 30))
