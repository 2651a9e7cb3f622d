"""Cards, frames and sizes: where they come from and how keys and typed words change them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.manifest.spec import ModelDefaults, ModelSpec
from loadmaster.tui.vram_picking import entries_for, meant_by, picked
from loadmaster.tui.vram_setting import Choice, Chosen, Deck, Origin, Setting, find_deck
from loadmaster.vram.cards import CARDS, Card
from loadmaster.vram.figures import RESOLUTIONS

SPEC = ModelSpec(
    model_id="a@1.0.0",
    version="1.0.0",
    variants=["bf16"],
    default_variant="bf16",
    files=[],
    sources=[],
    resolution_caps=["720p24"],
    defaults=ModelDefaults(frames=24),
)


def no_cards() -> tuple[Card, ...]:
    """A machine without a driver."""
    return ()


def test_without_a_driver_or_a_configuration_there_are_the_known_cards(tmp_path: Path) -> None:
    deck = find_deck(tmp_path, no_cards)
    assert [choice.card for choice in deck.choices] == list(CARDS)
    assert deck.first.card.name == "RTX 4090"
    assert deck.problem == ""


def test_the_machines_largest_card_is_taken_before_those_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "loadmaster.toml").write_text('[cards]\nlab = "96GiB"\n', encoding="utf-8")
    own = (Card("T4", (), 15360), Card("L4", (), 23034), Card("L4", (), 23034))
    deck = find_deck(tmp_path, lambda: own)
    assert [(one.card.name, one.origin) for one in deck.choices[:3]] == [
        ("T4", Origin.MACHINE),
        ("L4", Origin.MACHINE),
        ("lab", Origin.CONFIGURED),
    ]
    assert deck.first.card.name == "L4"
    assert find_deck(tmp_path, no_cards).first.card.name == "lab"


def test_a_card_that_was_chosen_stays_when_the_driver_answers_late() -> None:
    chosen = Chosen()
    own = Choice(Card("L4", (), 23034), Origin.MACHINE)
    chosen.take(picked(chosen.setting, chosen.deck, "card:H200"))
    chosen.take_deck(Deck((own, *chosen.deck.choices)))
    assert chosen.setting.card.name == "H200"
    other = Chosen()
    other.take(other.setting.with_frames(SPEC, 1))
    other.take_deck(Deck((own, *other.deck.choices)))
    assert other.setting.choice == own
    assert other.setting.frames == 33


def test_cards_go_round_and_a_typed_one_has_neighbours() -> None:
    deck = Deck()
    assert deck.step(deck.choices[-1], 1) == deck.choices[0]
    assert deck.step(deck.choices[0], -1) == deck.choices[-1]
    typed = deck.find("20GiB")
    assert typed.origin is Origin.TYPED
    assert deck.step(typed, 1).card.name == "A10G"
    assert deck.step(typed, -1).card.name == "16 GB class"


def test_frames_step_through_the_usual_numbers_and_the_models_own() -> None:
    setting, seen = Setting(), []
    for _ in range(9):
        setting = setting.with_frames(SPEC, 1)
        seen.append(setting.frames)
    assert seen == [33, 49, 81, 121, 161, 241, 241, 241, 241]
    for _ in range(12):
        setting = setting.with_frames(SPEC, -1)
    assert setting.frames == 1
    assert setting.with_own().is_own


@given(st.integers(1, 2000), st.sampled_from([-1, 1]))
def test_a_step_goes_the_way_it_says_from_any_number(frames: int, step: int) -> None:
    stepped = Setting(frames=frames).with_frames(SPEC, step).frames
    assert stepped is not None
    assert (stepped - frames) * step >= 0


@given(st.tuples(st.integers(1, 5000), st.integers(1, 5000)))
def test_a_step_back_returns_from_a_larger_size(size: tuple[int, int]) -> None:
    setting = Setting(size=size)
    larger = setting.with_size(SPEC, 1)
    if larger.size != size:
        assert larger.with_size(SPEC, -1).size in {size, *RESOLUTIONS.values()}


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("57", ["frames:57"]),
        ("57 frames", ["frames:57"]),
        ("4090", ["card:RTX 4090", "frames:4090"]),
        ("24GiB", ["card:24 GB class"]),
        ("20 GiB", ["card:20 GiB"]),
        ("720p", ["size:1280×720"]),
        ("1024x576", ["size:1024×576"]),
        ("0", []),
        ("nothing known", []),
        ("RTX 5090, 81, 1280x720", ["card:RTX 5090\nframes:81\nsize:1280×720"]),
        ("720p,81", ["frames:81\nsize:1280×720"]),
        ("57, 4090, ", ["card:RTX 4090\nframes:57"]),
        ("4090, nothing", []),
        ("57, 81", []),
    ],
)
def test_what_a_typed_text_means(text: str, choices: list[str]) -> None:
    assert [entry.choice for entry in meant_by(Deck(), text)] == choices


def test_every_entry_can_be_picked() -> None:
    deck, start = Deck(), Setting(Choice(Card("none", (), 1000)), frames=3, size=(16, 16))
    for entry in [*entries_for(deck, SPEC), *meant_by(deck, "20GiB"), *meant_by(deck, "57")]:
        assert picked(start, deck, entry.choice) != start, entry
    assert picked(start, deck, "own").is_own
    assert picked(start, deck, "size:1280×720").size == (1280, 720)


def test_several_are_picked_at_once() -> None:
    deck, start = Deck(), Setting(Choice(Card("none", (), 1000)), frames=3, size=(16, 16))
    (entry,) = meant_by(deck, "1280x720, RTX 5090, 81")
    after = picked(start, deck, entry.choice)
    assert (after.card.name, after.frames, after.size) == ("RTX 5090", 81, (1280, 720))
