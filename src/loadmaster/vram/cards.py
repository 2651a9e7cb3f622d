"""Graphics cards: what their driver reports, found by name or by size, and the machine's own.

Cards are named rather than told by a round size: an L4 and a 4090 are both sold as 24 GB and differ by 1.5 GiB.
"""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

RESERVED_MIB = 512
"""What driver and display keep for themselves; not usable by a model."""

MIB_PER_GIB = 1024


@dataclass(frozen=True, slots=True)
class Card:
    """A card: `mib` as its driver reports, `free_mib` where a driver was asked, other names it is found by."""

    name: str
    aliases: tuple[str, ...]
    mib: int
    free_mib: int | None = None

    @property
    def usable_gib(self) -> float:
        """GiB that a model may take: what the driver reports less `RESERVED_MIB`."""
        return max(0, self.mib - RESERVED_MIB) / MIB_PER_GIB

    @property
    def free_gib(self) -> float | None:
        """GiB free when the driver was asked, or None where it was not."""
        return None if self.free_mib is None else self.free_mib / MIB_PER_GIB


# MiB as drivers report them. A class also answers to cards that are sold with that memory only.
CARDS: tuple[Card, ...] = (
    Card("12 GB class", ("RTX 3080 Ti", "RTX 4070", "RTX 4070 Super", "RTX 4070 Ti", "RTX 5070"), 12288),
    Card("T4", (), 15360),
    Card("16 GB class", ("RTX 4070 Ti Super", "RTX 4080", "RTX 4080 Super", "RTX 5070 Ti", "RTX 5080"), 16380),
    Card("A10G", (), 23028),
    Card("L4", (), 23034),
    Card("24 GB class", (), 24564),
    Card("RTX 3090", (), 24564),
    Card("RTX 4090", (), 24564),
    Card("RTX 5090", (), 32607),
    Card("A100 40 GB", ("A100-SXM4-40GB", "A100-PCIE-40GB"), 40960),
    Card("L40S", (), 46068),
    Card("A40", (), 46068),
    Card("RTX A6000", (), 49140),
    Card("RTX 6000 Ada", ("RTX 6000 Ada Generation",), 49140),
    Card("H100 80 GB", ("H100", "H100 80GB HBM3", "H100 PCIe"), 81559),
    Card("A100 80 GB", ("A100-SXM4-80GB", "A100 80GB PCIe"), 81920),
    Card("H200", (), 143771),
)
"""The cards known by name, smallest first."""

_MAKER = re.compile(r"nvidia|geforce|tesla|quadro|rtx|[^a-z0-9]+")
_AMOUNT = re.compile(r"(\d{1,7}(?:\.\d{1,3})?)\s*(gib|gb|g|mib|mb)", re.IGNORECASE | re.ASCII)


def _plain(name: str) -> str:
    """A name without its maker, series, spaces and dashes, so that `4090` and `NVIDIA GeForce RTX 4090` are one."""
    return _MAKER.sub("", name.lower())


def _of_size(amount: float, unit: str) -> Card:
    """A card of a stated size: the class of that size where the table has one, else the size as it stands."""
    if unit.lower().startswith("m"):
        return Card(f"{amount:g} MiB", (), int(amount))
    for card in CARDS:
        if card.name == f"{amount:g} GB class":
            return card
    # Makers say GB and mean GiB: 80 GB of an A100 are 81,920 MiB.
    return Card(f"{amount:g} GiB", (), int(amount * MIB_PER_GIB))


def find_card(text: str, own: Sequence[Card] = ()) -> Card:
    """The card that `text` names: `4090`, `RTX 4090`, `L40S`, or a size such as `24GiB`, `24 GB`, `24564 MiB`.

    `own` are cards from the machine or the configuration; they come first. Raises ValueError that names the
    nearest cards where there is none, or all of them where a name stands for several.
    """
    wanted = _plain(text)
    for cards in (own, CARDS):
        for card in cards:
            if wanted and wanted in {_plain(name) for name in (card.name, *card.aliases)}:
                return card
    amount = _AMOUNT.fullmatch(text.strip())
    if amount:
        card = _of_size(float(amount[1]), amount[2])
        if card.mib <= RESERVED_MIB:
            raise ValueError(f"{text.strip()} is less than driver and display keep for themselves ({RESERVED_MIB} MiB)")
        return card
    raise ValueError(_no_such_card(text, wanted, (*own, *CARDS)))


def _no_such_card(text: str, wanted: str, cards: Sequence[Card]) -> str:
    """The sentence for a name that fits no card, with the nearest ones."""
    names: dict[str, str] = {}
    for card in cards:
        for name in (card.name, *card.aliases):
            names.setdefault(_plain(name), card.name if name == card.name else f"{name} ({card.name})")
    nearest = [shown for plain, shown in names.items() if wanted and plain.startswith(wanted)]
    for plain in difflib.get_close_matches(wanted, names, n=3, cutoff=0.5):
        if names[plain] not in nearest:
            nearest.append(names[plain])
    hint = f"; nearest are {', '.join(nearest[:4])}" if nearest else ""
    return f"no card is called {text.strip()!r}{hint}. A size works too: 24GiB"


def cards_from(table: Mapping[str, object]) -> tuple[Card, ...]:
    """A user's own cards from configuration: name to MiB as an integer, or to a size such as `"24GiB"`.

    Raises ValueError with the name of the first entry that is neither.
    """
    cards = []
    for name, size in table.items():
        amount = _AMOUNT.fullmatch(size.strip()) if isinstance(size, str) else None
        if amount:
            cards.append(Card(name, (), _of_size(float(amount[1]), amount[2]).mib))
        elif isinstance(size, int) and not isinstance(size, bool) and size > 0:
            cards.append(Card(name, (), size))
        else:
            raise ValueError(f'card {name!r}: {size!r} is no size; write MiB as a number, or "24GiB"')
    return tuple(cards)


class _Memory(Protocol):
    """Bytes, as `nvmlDeviceGetMemoryInfo` gives them."""

    @property
    def total(self) -> int: ...
    @property
    def free(self) -> int: ...


class _DriverLibrary(Protocol):
    """The part of `pynvml` (package `nvidia-ml-py`) that is used here."""

    @property
    def NVMLError(self) -> type[Exception]: ...
    def nvmlInit(self) -> object: ...
    def nvmlShutdown(self) -> object: ...
    def nvmlDeviceGetCount(self) -> int: ...
    def nvmlDeviceGetHandleByIndex(self, index: int) -> Any: ...
    def nvmlDeviceGetName(self, handle: Any) -> str | bytes: ...
    def nvmlDeviceGetMemoryInfo(self, handle: Any) -> _Memory: ...


def _driver_library() -> _DriverLibrary | None:
    """`pynvml` where the extra `gpu` is installed."""
    try:
        return cast(_DriverLibrary, importlib.import_module("pynvml"))
    except ImportError:
        return None


def local_cards(library: _DriverLibrary | None = None) -> tuple[Card, ...]:
    """This machine's cards with their free memory, in the driver's order.

    Empty and silent without the extra `gpu`, without a driver, or where the driver does not answer: that is
    normal. `library` stands in for `pynvml` in tests.
    """
    library = library or _driver_library()
    if library is None:
        return ()
    try:
        library.nvmlInit()
    except (library.NVMLError, OSError):
        return ()
    try:
        found = (_local_card(library, index) for index in range(library.nvmlDeviceGetCount()))
        return tuple(card for card in found if card is not None)
    except library.NVMLError:
        return ()
    finally:
        library.nvmlShutdown()


def _local_card(library: _DriverLibrary, index: int) -> Card | None:
    """One card, or None where the driver does not tell its memory (it is shared, or the card was lost)."""
    try:
        handle = library.nvmlDeviceGetHandleByIndex(index)
        name = library.nvmlDeviceGetName(handle)
        memory = library.nvmlDeviceGetMemoryInfo(handle)
    except library.NVMLError:
        return None
    shown = name.decode(errors="replace") if isinstance(name, bytes) else name
    return Card(shown.removeprefix("NVIDIA "), (shown,), memory.total // 2**20, memory.free // 2**20)
