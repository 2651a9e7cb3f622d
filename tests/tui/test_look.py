"""What is drawn where there is little room: what tells things apart is never what gives way."""

from __future__ import annotations

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
