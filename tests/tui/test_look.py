"""What is drawn where there is little room: what tells things apart is never what gives way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tui.conftest import DIGEST_1, MANIFEST, NARROW, WIDE, Opener

HEAD = MANIFEST[: MANIFEST.index("[[models")]


def file_table(path: str, number: int, component: str = "unet") -> str:
    return f"""[[models."t2v-small@1.0.0".files]]
path = "{path}"
size = {1_234_567_000 + number}
sha256 = "{DIGEST_1}"
component = "{component}"
shard_part = {number}

"""


SHARDS = HEAD + "".join(
    file_table(f"{folder}_noise_model/diffusion_pytorch_model-{number:05}-of-00012.safetensors", number)
    for folder in ("high", "low")
    for number in range(1, 13)
)


async def test_shards_and_their_folders_are_told_apart_in_the_table(opened: Opener) -> None:
    for size in (NARROW, WIDE):
        async with opened(SHARDS, size) as driver:
            await driver.press("enter", "2")
            assert "high_n" in driver.line_with("…00001-of-00012.safetensors")
            assert driver.line_with("…00011-of-00012.safetensors")
            await driver.press("end")
            assert any("low_no" in line and "…00011-of-00012.safetensors" in line for line in driver.lines)


FAULTY = (
    "\n" * 15_999
    + """schema_version = 1

[models."ti2v-5b@2.2.0"]
variants = ["fp16"]
default_variant = "bf16"
required_components = ["unet"]
optional_components = ["unet"]

[models."ti2v-5b@3.0.0"]
variants = ["fp16"]
default_variant = "bf16"

[models."ti2v-14b@3.0.0"]
variants = ["fp16"]
default_variant = "bf16"
"""
)


async def test_a_place_far_down_and_a_long_name_are_whole_in_the_faults(opened: Opener) -> None:
    async with opened(FAULTY, NARROW) as driver:
        await driver.press("tab", "tab")
        assert "required-and-optional" in driver.screen
        assert "16004:" in driver.line_with("LM201")
        assert "…" not in driver.line_with("LM201")


async def test_a_fault_names_the_version_where_a_name_occurs_twice(opened: Opener) -> None:
    async with opened(FAULTY, WIDE) as driver:
        await driver.press("shift+tab", "end")
        lines = [line for line in driver.lines if "default_variant bf16 is not" in line]
        assert len([line for line in lines if "ti2v-5b@2.2.0 " in line]) == 1
        assert len([line for line in lines if "ti2v-5b@3.0.0 " in line]) == 1
        assert len([line for line in lines if "ti2v-14b  " in line]) == 1


UNCLOSED = (
    HEAD
    + file_table("first.safetensors", 1)
    + file_table("second.safetensors", 2).replace(f'"{DIGEST_1}"', f'"{DIGEST_1}')
    + file_table("third.safetensors", 3)
)


async def test_a_file_whose_text_cannot_be_read_says_why_in_its_row_and_its_card(opened: Opener) -> None:
    async with opened(UNCLOSED, NARROW) as driver:
        await driver.press("enter", "2")
        rows = driver.lines[4:7]
        assert [("E LM001" in row) for row in rows] == [False, True, False]
        await driver.press("down")
        assert "E LM001 the string is not closed" in driver.screen


WRONG_FILE = HEAD + (
    '[[models."t2v-small@1.0.0".files]]\npath = "../a/rather/long/path/that/leads/out/of/the/folder/u.safetensors"\n'
    f'size = -5\nsha256 = "no digest"\ncomponent = "{"unit"}"\n'
)


async def test_the_card_lists_all_faults_of_the_file_those_of_the_cell_first(opened: Opener) -> None:
    async with opened(WRONG_FILE, (80, 40)) as driver:
        await driver.press("enter", "2", "right", "right", "right", "right")
        first = next(line for line in driver.lines[5:] if " LM" in line)
        assert "LM401" in first
        assert "LM301" in driver.screen
        assert "LM103" in driver.screen


async def test_a_fault_that_has_no_room_ends_in_an_ellipsis(opened: Opener) -> None:
    async with opened(WRONG_FILE, NARROW) as driver:
        await driver.press("enter", "2")
        assert driver.lines[-3].rstrip().endswith("…")


async def test_no_count_of_faults_is_cut_and_the_verdict_has_words_at_80_columns(opened: Opener) -> None:
    faulty = MANIFEST.replace("unet.safetensors", "unet.bin").replace(DIGEST_1, "00" * 32, 1)
    faulty = faulty.replace('variants = ["fp16", "bf16"]', 'variants = ["fp16", "bf16"]\nallow_patterns = ["*.json"]')
    async with opened(faulty, NARROW) as driver:
        await driver.press("j", "j", "enter")
        row = driver.line_with("unet           required")
        assert "E1 W1 I1" in row
        assert "…" not in row
        await driver.press("end")
        assert "f fits" in driver.line_with("fp16 ★  ├")


async def test_the_fault_of_a_line_without_room_behind_it_is_told_below_the_source(opened: Opener) -> None:
    wrong = MANIFEST.replace('default_variant = "fp16"', f'default_variant = "fp12"  # {"so long that " * 5}', 1)
    async with opened(wrong, NARROW) as driver:
        await driver.press("j", "j", "enter", "5")
        driver.bench.detail.go_to(("models", "t2v-small@1.0.0", "default_variant"))
        await driver.settle()
        assert "E LM201 default_variant fp12 is not one of" in driver.lines[-3] + driver.lines[-2]
        assert driver.line_with("▌E ")
        await driver.press("1")
        assert "E LM201" not in driver.lines[-2]


async def test_a_line_of_a_difference_that_is_cut_says_so(opened: Opener) -> None:
    async with opened(MANIFEST, NARROW) as driver:
        await driver.press("j", "j", "enter", "2", "l", "l", "l", "l", "enter")
        await driver.type("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        await driver.press("enter", "w")
        lines = [line for line in driver.lines if "sha256 = " in line]
        assert lines
        assert all("…" in line.rstrip(" │")[-2:] for line in lines if not line.rstrip(" │").endswith('"'))


async def test_the_disk_pane_names_the_key_for_a_root_at_80_columns(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MODELS_ROOT", raising=False)
    async with opened(MANIFEST, NARROW) as driver:
        await driver.press("enter", "6")
        assert driver.lines[4].strip() == "R names one"


async def test_a_component_has_its_whole_name_in_the_tree(opened: Opener) -> None:
    text = MANIFEST.replace('component = "unet"', 'component = "image_encoder"')
    async with opened(text, WIDE) as driver:
        await driver.press("j", "j", "l")
        assert "▸ image_encoder  1 1.23 GB" in driver.screen


NO_VERSION = """schema_version = 1

[models.qwen2]
variants = ["fp16"]
default_variant = "fp16"

[[models.qwen2.files]]
path = "config.json"
size = 4096
"""


async def test_words_for_what_is_not_there_and_for_little(opened: Opener) -> None:
    async with opened(NO_VERSION, NARROW) as driver:
        await driver.press("slash", "q")
        assert "1 of 1 model" in driver.said
        assert "models" not in driver.said
        await driver.press("enter", "enter", "1")
        assert driver.line_with("  version").split()[:5] == ["version", "none", "nor", "in", "the"]
        await driver.press("a")
        assert "sources: none yet" in driver.screen
        await driver.press("escape", "2", "right", "i")
        assert "4,096 bytes = 4.10 kB" in driver.screen
        assert "0.00 GiB" not in driver.screen


async def test_the_overview_keeps_sizes_and_fault_counts_at_any_width(opened: Opener) -> None:
    faulty = MANIFEST.replace("unet.safetensors", "unet.bin").replace(DIGEST_1, "00" * 32, 1)
    faulty = faulty.replace('variants = ["fp16", "bf16"]', 'variants = ["fp16", "bf16"]\nallow_patterns = ["*.json"]')
    faulty = faulty.replace('"unet"', '"image_encoder"')
    for width in (120, 100, 60, 40):
        async with opened(faulty, (width, 30)) as driver:
            await driver.press("j", "j", "enter", "1")
            row = next(line for line in driver.lines if "image_enc" in line and "1.23 GB" in line)
            assert "1.23 GB  E1 W1 I1" in row
            assert "image_encoder" in row or width == 40
            assert "1 file" in row or width == 40


async def test_shards_and_their_folders_are_told_apart_on_disk_at_60_columns(opened: Opener) -> None:
    async with opened(SHARDS, (60, 40)) as driver:
        await driver.press("enter", "6")
        for folder, number in (("high", 1), ("low_", 12)):
            shard = f"…{number:05}-of-00012.safetensors"
            assert [line for line in driver.lines if folder in line and shard in line], driver.screen
        assert not [line for line in driver.lines if "-of-00012…" in line]


TINY = (40, 10)


async def test_the_chooser_keeps_the_ends_of_paths_and_the_way_out_on_a_tiny_screen(opened: Opener) -> None:
    async with opened(MANIFEST, TINY) as driver:
        await driver.press("o")
        assert "models.toml" in driver.screen
        assert "changed" not in driver.screen
        assert "esc back" in driver.screen
    async with opened(MANIFEST, NARROW) as driver:
        await driver.press("o")
        assert driver.line_with("models.toml  changed ")


async def test_values_in_conflict_are_whole_and_the_way_out_is_seen_on_a_tiny_screen(
    opened: Opener, samples: Path
) -> None:
    async with opened((samples / "broken" / "merge_conflict.toml").read_bytes(), TINY) as driver:
        await driver.press("C")
        assert driver.line_with("2,147,511,568").split()[1:3] == ["ours", "2,147,511,568"]
        assert driver.line_with("2,147,511,576").split()[1:3] == ["theirs", "2,147,511,576"]
        assert "o ours  t theirs  b both  esc back" in driver.screen
