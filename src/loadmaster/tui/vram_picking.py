"""What can be picked for the memory figures, and what a typed text means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from loadmaster.manifest.spec import ModelSpec
from loadmaster.tui.screens.palette import Entry
from loadmaster.tui.vram_figures import frames_words
from loadmaster.tui.vram_setting import Choice, Deck, Setting, own_frames
from loadmaster.vram.figures import parse_size, size_words
from loadmaster.vram.fit import frames_choices, resolutions_of

_FRAMES = re.compile(r"\A\s*([1-9][0-9]{0,6})\s*(?:f|frames?)?\s*\Z", re.IGNORECASE)

OWN = "own"
TOGETHER = "\n"
"""Stands between the choices of an entry that means several."""


def entries_for(deck: Deck, spec: ModelSpec | None) -> list[Entry]:
    """The cards, the usual numbers of frames and the resolutions of a model, and what the model itself gives."""
    entries = [_card_entry(choice) for choice in deck.choices]
    if spec is not None:
        entries += [_frames_entry(count) for count in frames_choices(spec)]
        entries += [
            Entry(f"size:{size_words(one.size)}", size_words(one.size), one.label) for one in resolutions_of(spec)
        ]
        entries.append(Entry(OWN, "as the model says", f"{frames_words(own_frames(spec))}, the smallest size"))
    return entries


def meant_by(deck: Deck, text: str) -> Iterator[Entry]:
    """What a text means by itself: a size, a number of frames, a card, or several of them with commas between."""
    several = [part.strip() for part in text.split(",")]
    if len(several) > 1:
        yield from _meant_together(deck, [part for part in several if part])
    with suppress(ValueError):
        size = parse_size(text)
        yield Entry(f"size:{size_words(size)}", size_words(size), "width × height")
    with suppress(ValueError):
        yield _card_entry(deck.find(text))
    frames = _FRAMES.match(text)
    if frames:
        yield _frames_entry(int(frames[1]))


def _meant_together(deck: Deck, parts: Sequence[str]) -> Iterator[Entry]:
    """One entry for all parts, in whatever order; none where one means nothing, or the same as another."""
    chosen: dict[str, Entry] = {}
    for part in parts:
        kinds = {entry.choice.partition(":")[0]: entry for entry in meant_by(deck, part)}
        kind = next((kind for kind in kinds if kind not in chosen), None)
        if kind is None:
            return
        chosen[kind] = kinds[kind]
    if chosen:
        entries = [chosen[kind] for kind in ("card", "frames", "size") if kind in chosen]
        yield Entry(TOGETHER.join(entry.choice for entry in entries), ", ".join(entry.label for entry in entries))


def picked(setting: Setting, deck: Deck, choice: str) -> Setting:
    """The setting after an entry was taken, by its choice."""
    for part in choice.split(TOGETHER)[:-1]:
        setting = picked(setting, deck, part)
    choice = choice.split(TOGETHER)[-1]
    kind, _, value = choice.partition(":")
    if kind == "frames":
        return replace(setting, frames=int(value))
    if kind == "size":
        return replace(setting, size=parse_size(value))
    return setting.with_own() if kind == OWN else replace(setting, choice=deck.find(value))


def choice_of(setting: Setting) -> str:
    """The choice of the entry that stands for the card of a setting."""
    return _card_entry(setting.choice).choice


def _card_entry(choice: Choice) -> Entry:
    card = choice.card
    told = f"{card.usable_gib:.1f} GiB usable"
    if card.free_gib is not None:
        told += f", {card.free_gib:.1f} free"
    return Entry(f"card:{card.name}", card.name, told, str(choice.origin))


def _frames_entry(count: int) -> Entry:
    return Entry(f"frames:{count}", frames_words(count))
