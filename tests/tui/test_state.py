"""What the app remembers comes back; what is damaged is as good as nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.tui.state import (
    MOST_BYTES,
    MOST_MANIFESTS,
    AppState,
    Whereabouts,
    _state_of,
    read_state,
    state_path,
    write_state,
)

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

STATE = AppState(
    "loadmaster-light",
    33,
    9,
    {
        "/a/models.toml": Whereabouts(
            (("model", "a@1.0.0"), ("component", "a@1.0.0", "unet")),
            (("group", "t2v"),),
            ("file", "a", "unet", 3),
            "vram",
        ),
        "/b \udcff/models.toml": Whereabouts(),
    },
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    write_state(tmp_path / "state", STATE)
    assert read_state(tmp_path / "state") == STATE
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["app.json"]


def test_nothing_is_remembered_where_there_is_nothing(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none") == AppState()
    (tmp_path / "file").write_text("")
    write_state(tmp_path / "file", STATE)  # cannot be written: not told, not raised
    assert read_state(tmp_path / "file") == AppState()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"manifests": 3, "theme": []}'])
def test_a_damaged_file_is_none(tmp_path: Path, raw: bytes) -> None:
    state_path(tmp_path).write_bytes(raw)
    assert read_state(tmp_path) == AppState()


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    write_state(tmp_path, STATE)
    with state_path(tmp_path).open("ab") as file:
        file.write(b" " * MOST_BYTES)
    assert read_state(tmp_path) == AppState()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["file", "open", "node"]), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["theme", "models_width", "faults_height", "manifests"]), JSON))
def test_whatever_stands_in_the_file_is_read_or_passed_over(data: dict[str, object]) -> None:
    state = _state_of(data)
    assert 0 <= state.models_width < 1000
    json.dumps([list(where.open_nodes) for where in state.manifests.values()])


def test_the_latest_manifests_are_kept_and_the_oldest_forgotten(tmp_path: Path) -> None:
    state = AppState()
    for number in range(MOST_MANIFESTS + 5):
        state = state.with_manifest(tmp_path / f"{number}.toml", Whereabouts(tab="files"))
    state = state.with_manifest(tmp_path / "20.toml", Whereabouts(tab="vram"))
    assert len(state.manifests) == MOST_MANIFESTS
    assert list(state.manifests)[:2] == [str(tmp_path / "20.toml"), str(tmp_path / f"{MOST_MANIFESTS + 4}.toml")]
    assert state.whereabouts(tmp_path / "20.toml").tab == "vram"
    assert state.whereabouts(tmp_path / "0.toml") == Whereabouts()


async def test_where_one_was_comes_back_with_the_manifest(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "j", "j", "l", "j")
        node = driver.node()
        await driver.press("4", "t", ")", "}", "tab", "tab")
        sizes = (driver.bench.models.region, driver.bench.fault_list.region)
        await driver.press("q")
    async with opened() as driver:
        await driver.until(lambda: driver.bench.detail.tab_id == "vram")
        assert driver.node() == node == ("file", "t2v-small@1.0.0", "unet", 0)
        assert driver.app.theme == "loadmaster-light"
        assert (driver.bench.models.region, driver.bench.fault_list.region) == sizes


async def test_what_is_no_longer_in_the_manifest_is_passed_over(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "l", "j", "q")
    async with opened(manifest[manifest.index('[models."i2v-other') :]) as driver:
        assert driver.node() == ("model", "i2v-other@2.0.0")


async def test_a_file_kept_by_hand_cannot_break_the_start(opened: Opener, tmp_path: Path) -> None:
    where = {
        "file": str(tmp_path / "models.toml"),
        "open": [["model", 3], ["x", "y"], ["component", "t2v-small@1.0.0"]],
        "folded": [["group", 7]],
        "node": ["file", "t2v-small@1.0.0", "unet", 99],
        "tab": "nothing",
    }
    data = {"theme": "nothing", "models_width": 999, "faults_height": 999, "manifests": [where]}
    (tmp_path / "state").mkdir()
    state_path(tmp_path / "state").write_text(json.dumps(data))
    async with opened() as driver:
        assert "i2v-other@2.0.0" in driver.screen
        assert driver.bench.detail.region.width >= 40
