"""A newcomer's first hour, from the README alone: 80×24, the keyboard only.

Rename a model, replace a source, mend three faults, and see the difference of exactly those lines before it is saved.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.tui.hand import Hand

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

OLD_ID, NEW_ID = "t2v-small@1.0.0", "t2v-small@1.1.0"
SOURCE = "hf://org/small-v2@1234567890abcdef1234567890abcdef12345678"

NEWCOMER = """# What the team runs.
schema_version = 1

[models."t2v-small@1.0.0"]
description = "Text to video, small"   # the one for demos
version = "1.0.0"
variants = ["fp16", "bf16"]
default_variant = "fp16"
lora_required = "false"                # LM102
resolution_cap = ["720p24"]            # LM104

[models."t2v-small@1.0.0".defaults]
fps    = 24
frames = 0                             # LM103

[[models."t2v-small@1.0.0".files]]
path   = 'model.safetensors'
size   = 4987202208
sha256 = "20eb789667fa5e60e7516bf509512f6cb61f01b0aa0695eadaea930c13892b36"

[models."t2v-small@1.0.0".sources]
priority = ["hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e"]
"""


EXPECTED = [
    '-[models."t2v-small@1.0.0"]',
    '+[models."t2v-small@1.1.0"]',
    '-version = "1.0.0"',
    '+version = "1.1.0"',
    '-lora_required = "false"                # LM102',
    '-resolution_cap = ["720p24"]            # LM104',
    "+lora_required = false                # LM102",
    '+resolution_caps = ["720p24"]            # LM104',
    '-[models."t2v-small@1.0.0".defaults]',
    '+[models."t2v-small@1.1.0".defaults]',
    "-frames = 0                             # LM103",
    "+frames = 16                             # LM103",
    '-[[models."t2v-small@1.0.0".files]]',
    '+[[models."t2v-small@1.1.0".files]]',
    '-[models."t2v-small@1.0.0".sources]',
    '-priority = ["hf://org/small@921dbaf3f1674a56f47e83fb80a34bac8a8f203e"]',
    '+[models."t2v-small@1.1.0".sources]',
    f'+priority = ["{SOURCE}"]',
]
"""Header by header the new id, with its version; the source; the three mends. Nothing else."""


CHANGED = re.compile(r"^.{1,2} +(\d+) ([−+]) (.*?) *.?│.?$", re.M)
"""A line of the sheet of the difference: its number, what happens to it, its text."""


async def press(driver: Driver, *keys: str) -> None:
    """Press keys, each once the last one has been answered."""
    hand = Hand(driver.pilot)
    for key in keys:
        await hand.key(key)
        await hand.workers()
        await hand.painted()


async def write(driver: Driver, text: str) -> None:
    """Replace what stands in the line by a text."""
    await press(driver, "home", "ctrl+k", *text, "enter")


async def walk_to(driver: Driver, *path: str | int) -> None:
    """Down to a field, as one who sees where the cursor is."""
    for _ in range(40):
        if driver.bench.detail.path == ("models", NEW_ID, *path):
            return
        await press(driver, "down")
    raise AssertionError(f"{path} is not to be found in\n{driver.screen}")


async def difference_seen(driver: Driver) -> list[str]:
    """The lines that go and come in the sheet of the difference, paged through from its top to its end."""
    seen: dict[str, None] = {}
    while True:
        before = driver.screen
        seen |= dict.fromkeys("".join(match.groups()) for match in CHANGED.finditer(before))
        await press(driver, "pagedown")
        if driver.screen == before:
            return [line.lstrip("0123456789").replace("−", "-", 1) for line in seen]


async def test_a_newcomer_renames_replaces_mends_and_sees_exactly_those_lines(opened: Opener) -> None:
    async with opened(NEWCOMER, (80, 24)) as driver:
        await press(driver, "r")
        await write(driver, NEW_ID)
        assert NEW_ID in driver.screen

        await press(driver, "1")
        await walk_to(driver, "sources", "priority", 0)
        await press(driver, "enter")
        await write(driver, SOURCE)
        assert SOURCE[:30] in driver.screen

        for code, by_hand in (("LM102", ""), ("LM103", "16"), ("LM104", "")):
            await press(driver, "n")
            assert code in driver.said
            await press(driver, "e" if by_hand else "f")
            if by_hand:
                await write(driver, by_hand)
            else:
                assert "fix it" in driver.screen
                await press(driver, "enter")

        await press(driver, "w")
        for line, expected in zip(await difference_seen(driver), EXPECTED, strict=True):
            assert expected.startswith(line.removesuffix("…"))
        await press(driver, "enter")
        await driver.settle()
        assert driver.changed_lines(NEWCOMER, driver.path.read_text()) == EXPECTED
        assert "unsaved" not in driver.lines[0]
        assert driver.bench.view is not None
        assert not driver.bench.view.session.findings
