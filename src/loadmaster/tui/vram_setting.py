"""What the estimates of the app are for: a card, a number of frames and a size; and the cards to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from loadmaster.checks.own_cards import configured_cards
from loadmaster.errors import LoadmasterError
from loadmaster.manifest.spec import ModelDefaults, ModelSpec
from loadmaster.vram.cards import CARDS, Card, find_card, local_cards
from loadmaster.vram.figures import Size
from loadmaster.vram.fit import frames_choices, resolutions_of
from loadmaster.vram.inputs import SMALLEST_SIZE

T = TypeVar("T")

USUAL_CARD = find_card("RTX 4090")
"""Taken where neither the driver nor the configuration has a card."""

_FEW_FRAMES = (1, 5, 9)
_MANY_FRAMES = (161, 241)


class Origin(StrEnum):
    """Where a card comes from, in words."""

    MACHINE = "in this machine"
    CONFIGURED = "from the configuration"
    KNOWN = ""
    TYPED = "as typed"


@dataclass(frozen=True, slots=True)
class Choice:
    """A card that can be chosen, and where it comes from."""

    card: Card
    origin: Origin = Origin.KNOWN


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards to choose from: this machine's, those of the configuration, then the known ones from the smallest.

    `problem` tells what is wrong with the configuration, or nothing.
    """

    choices: tuple[Choice, ...] = tuple(Choice(card) for card in CARDS)
    problem: str = ""

    @property
    def first(self) -> Choice:
        """The one to begin with: the machine's largest, else the first of the configuration, else a usual one."""
        machine = [choice for choice in self.choices if choice.origin is Origin.MACHINE]
        if machine:
            return max(machine, key=lambda choice: choice.card.mib)
        own = [choice for choice in self.choices if choice.origin is Origin.CONFIGURED]
        return own[0] if own else Choice(USUAL_CARD)

    def step(self, choice: Choice, step: int) -> Choice:
        """The card `step` further on, around the end. From one that is not in the deck, the next larger or smaller."""
        if choice in self.choices:
            return self.choices[(self.choices.index(choice) + step) % len(self.choices)]
        by_size = sorted(self.choices, key=lambda other: other.card.mib)
        larger = [other for other in by_size if other.card.mib > choice.card.mib]
        smaller = [other for other in by_size if other.card.mib <= choice.card.mib]
        if step > 0:
            return larger[0] if larger else by_size[0]
        return smaller[-1] if smaller else by_size[-1]

    def find(self, text: str) -> Choice:
        """The card that a name or a size means. Raises ValueError as `find_card` does."""
        card = find_card(text, [choice.card for choice in self.choices if choice.origin is not Origin.KNOWN])
        known = next((choice for choice in self.choices if choice.card == card), None)
        return known or Choice(card, Origin.TYPED)


def find_deck(folder: Path | None, machine: Callable[[], Sequence[Card]] = local_cards) -> Deck:
    """Ask the driver and the configuration that counts in `folder`. Takes as long as the driver does; never raises."""
    problem = ""
    configured: tuple[Card, ...] = ()
    if folder is not None:
        try:
            configured = configured_cards(folder)
        except LoadmasterError as error:
            problem = str(error)
    own = [Choice(card, Origin.MACHINE) for card in machine()]
    own += [Choice(card, Origin.CONFIGURED) for card in configured]
    # Twins of a machine are one choice: what fits on one fits on the other.
    return Deck((*dict.fromkeys(own), *(Choice(card) for card in CARDS)), problem)


@dataclass(frozen=True, slots=True)
class Setting:
    """A card, and frames and a size; None for those takes what each model gives."""

    choice: Choice = field(default_factory=lambda: Choice(USUAL_CARD))
    frames: int | None = None
    size: Size | None = None

    @property
    def card(self) -> Card:
        """The card."""
        return self.choice.card

    @property
    def is_own(self) -> bool:
        """Whether frames and size are those of the model."""
        return self.frames is None and self.size is None

    def with_frames(self, spec: ModelSpec | None, step: int) -> Setting:
        """The next usual number of frames up or down from the present one; the same at the end."""
        present = self.frames or own_frames(spec)
        choices = {*_FEW_FRAMES, *_MANY_FRAMES, *(frames_choices(spec, present) if spec else (present,))}
        return replace(self, frames=_neighbour(sorted(choices), present, step))

    def with_size(self, spec: ModelSpec | None, step: int) -> Setting:
        """The next resolution up or down from the present size; the same at the end."""
        present = self.size or SMALLEST_SIZE
        sizes = {resolution.size for resolution in resolutions_of(spec)} if spec else set()
        return replace(self, size=_neighbour(sorted({*sizes, present}, key=_pixels), present, step))

    def with_own(self) -> Setting:
        """The model's own frames and size again."""
        return replace(self, frames=None, size=None)


def own_frames(spec: ModelSpec | None) -> int:
    """The frames that a model gives, else the format's default."""
    own = spec.defaults.frames if spec is not None and spec.defaults is not None else 0
    return own if own >= 1 else ModelDefaults().frames


def _pixels(size: Size) -> tuple[int, Size]:
    return size[0] * size[1], size


def _neighbour(choices: list[T], present: T, step: int) -> T:
    index = choices.index(present) + step
    return choices[min(max(index, 0), len(choices) - 1)]


class Chosen:
    """The setting of the moment, shared by all that shows figures, and the deck it was chosen from."""

    def __init__(self) -> None:
        self.deck = Deck()
        self.setting = Setting(self.deck.first)
        self._chosen = False

    def take_deck(self, deck: Deck) -> None:
        """Take what the driver and the configuration say; a card that was chosen already stays."""
        self.deck = deck
        if not self._chosen:
            self.setting = replace(self.setting, choice=deck.first)

    def take(self, setting: Setting) -> bool:
        """Choose another setting; whether it is another one."""
        changed = setting != self.setting
        self._chosen = self._chosen or setting.choice != self.setting.choice
        self.setting = setting
        return changed
