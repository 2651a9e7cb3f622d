"""Cards: the table, finding one by what a person types, and the machine's own."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.vram.cards import CARDS, Card, cards_from, find_card, local_cards


@pytest.mark.parametrize(
    ("text", "mib"),
    [
        ("4090", 24564),
        ("RTX 4090", 24564),
        ("rtx-4090", 24564),
        ("NVIDIA GeForce RTX 4090", 24564),
        ("3090", 24564),
        ("24 GB class", 24564),
        ("24GiB", 24564),
        ("24 GB", 24564),
        ("24g", 24564),
        ("12GiB", 12288),
        ("16 gb", 16380),
        ("10GiB", 10240),
        ("80GB", 81920),
        ("23.5 GiB", 24064),
        ("24564 MiB", 24564),
        ("T4", 15360),
        ("Tesla T4", 15360),
        ("a10g", 23028),
        ("L4", 23034),
        ("5090", 32607),
        ("L40S", 46068),
        ("A40", 46068),
        ("A6000", 49140),
        ("6000 Ada", 49140),
        ("A100 40GB", 40960),
        ("a100-80gb", 81920),
        ("NVIDIA A100-SXM4-80GB", 81920),
        ("H100", 81559),
        ("H100 80GB", 81559),
        ("h200", 143771),
        ("4080", 16380),
    ],
)
def test_a_card_is_found_by_name_or_size(text: str, mib: int) -> None:
    assert find_card(text).mib == mib


def test_usable_is_what_the_driver_reports_less_half_a_gibibyte() -> None:
    assert find_card("4090").usable_gib == (24564 - 512) / 1024
    assert round(find_card("4090").usable_gib, 1) == 23.5
    assert round(find_card("L4").usable_gib, 1) == 22.0
    assert Card("tiny", (), 100).usable_gib == 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("4091", "RTX 4090"),
        ("a100", "A100 80 GB"),
        ("A100", "A100 40 GB"),
        ("L40", "L40S"),
        ("RTX 6000", "RTX 6000 Ada"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, named: str) -> None:
    with pytest.raises(ValueError, match="no card is called") as refused:
        find_card(text)
    assert named in str(refused.value)


@pytest.mark.parametrize("text", ["", "rtx", "24", "GiB", "-4GiB", "0GiB", "512 MiB", "4090 Laptop", "\n"])
def test_what_names_no_card_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        find_card(text)


@given(st.text(max_size=30))
def test_any_text_gives_a_card_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert find_card(text).usable_gib > 0


def test_every_card_is_found_by_each_of_its_names() -> None:
    for card in CARDS:
        for name in (card.name, *card.aliases):
            assert find_card(name) == card
    assert list(CARDS) == sorted(CARDS, key=lambda card: card.mib)


def test_a_persons_own_cards_come_first() -> None:
    own = cards_from({"lab": "20GiB", "RTX 4090": 24000, "small": "16 GB"})
    assert find_card("LAB", own) == Card("lab", (), 20480)
    assert find_card("4090", own).mib == 24000
    assert find_card("small", own).mib == 16380
    assert find_card("3090", own).mib == 24564


@pytest.mark.parametrize("size", ["large", 0, -1, True, 1.5, None, []])
def test_an_own_card_of_no_size_is_named(size: object) -> None:
    with pytest.raises(ValueError, match="lab"):
        cards_from({"lab": size})


class DriverError(Exception):
    """What a stand-in raises in place of `pynvml.NVMLError`."""


@dataclass
class Memory:
    total: int
    free: int


@dataclass
class Driver:
    """Stands in for `pynvml`: cards by index, None for one whose memory the driver does not tell."""

    cards: list[tuple[str | bytes, Memory | None]]
    starts: bool = True
    calls: list[str] = field(default_factory=list)
    NVMLError: type[Exception] = DriverError

    def nvmlInit(self) -> None:
        self.calls.append("init")
        if not self.starts:
            raise DriverError("Driver Not Loaded")

    def nvmlShutdown(self) -> None:
        self.calls.append("shutdown")

    def nvmlDeviceGetCount(self) -> int:
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index: int) -> int:
        return index

    def nvmlDeviceGetName(self, handle: int) -> str | bytes:
        return self.cards[handle][0]

    def nvmlDeviceGetMemoryInfo(self, handle: int) -> Memory:
        memory = self.cards[handle][1]
        if memory is None:
            raise DriverError("Not Supported")
        return memory


def test_the_machines_cards_with_their_free_memory() -> None:
    driver = Driver(
        [
            ("NVIDIA GeForce RTX 4090", Memory(24564 * 2**20, 20000 * 2**20)),
            (b"Tesla T4", Memory(15360 * 2**20, 15000 * 2**20 + 5)),
        ]
    )
    first, second = local_cards(driver)
    assert (first.mib, first.free_mib) == (24564, 20000)
    assert first.name == "GeForce RTX 4090"
    assert first.free_gib == 20000 / 1024
    assert (second.name, second.mib, second.free_mib) == ("Tesla T4", 15360, 15000)
    assert driver.calls == ["init", "shutdown"]
    assert find_card("4090", (first, second)) is first
    assert find_card("4090").free_gib is None


def test_a_card_whose_memory_is_not_told_is_left_out() -> None:
    driver = Driver([("NVIDIA GB10", None), ("L4", Memory(23034 * 2**20, 1))])
    assert [card.name for card in local_cards(driver)] == ["L4"]
    assert driver.calls == ["init", "shutdown"]


def test_no_driver_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    driver = Driver([], starts=False)
    assert local_cards(driver) == ()
    assert driver.calls == ["init"]
    assert capfd.readouterr() == ("", "")


def test_no_library_is_silent_and_nothing_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys; import loadmaster.vram.cards as cards; assert 'pynvml' not in sys.modules; "
        "sys.modules['pynvml'] = None; print(cards.local_cards())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("()\n", "")
