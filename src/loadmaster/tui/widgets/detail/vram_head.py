"""The head of the VRAM pane: which card, how many frames, which size; with the keys that change them."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from loadmaster.tui.actions import key_label
from loadmaster.tui.paint import BLANK, Inked, Line, Piece, span, spread
from loadmaster.tui.visible import head, visible
from loadmaster.tui.vram_setting import Setting
from loadmaster.vram.estimate import VramEstimate
from loadmaster.vram.figures import size_words

_LONGEST_NAME = 26


class VramHead(Inked):
    """One line where there is room, else two. The keys are shown while they act: when the pane has them."""

    DEFAULT_CSS = "VramHead { height: auto; }"

    def __init__(self) -> None:
        super().__init__()
        self._card: Line = ()
        self._asked: Line = ()

    def show(self, setting: Setting, estimate: VramEstimate | None, keys: Mapping[str, str]) -> None:
        """Show a setting; what it leaves open is told as the estimate took it. `keys` are those of the actions."""
        card = setting.card
        told = f"{card.usable_gib:.1f} GiB usable"
        if card.free_gib is not None:
            told += f", {card.free_gib:.1f} free"
        origin = f"  {setting.choice.origin}" if setting.choice.origin else ""
        # The keys on both sides of the name: together they would look like a box to tick.
        self._card = [
            Piece("card ", "label"),
            *_keys(keys, "vram.previous_card"),
            Piece(head(visible(card.name), _LONGEST_NAME), "bright"),
            *([Piece(" "), *key] if (key := _keys(keys, "vram.next_card")) else [Piece(" ")]),
            Piece(f" {told}"),
            Piece(origin, "label"),
        ]
        self._asked = [] if estimate is None else _asked(setting, estimate, keys)
        self._fold()

    def on_resize(self) -> None:
        """One line or two."""
        self._fold()

    def _fold(self) -> None:
        self.styles.height = 1 if self._fits() else 2
        self.refresh()

    def _fits(self) -> bool:
        return not self._asked or span(self._card) + span(self._asked) + 6 <= self.size.width

    def render_line(self, y: int) -> Strip:
        """The card at the left, what is asked of it at the right or below."""
        width = self.size.width
        left: Line = [Piece("  "), *self._card]
        if self._fits():
            line: Line = spread(left, [*self._asked, Piece(" ")], width) if y == 0 else BLANK
        else:
            line = left if y == 0 else [Piece("  "), *self._asked]
        return self.draw(line, width)


def _asked(setting: Setting, estimate: VramEstimate, keys: Mapping[str, str]) -> list[Piece]:
    return [
        *_keys(keys, "vram.fewer_frames", "vram.more_frames"),
        Piece("frames ", "label"),
        _value(str(estimate.frames) if estimate.frames < 10**9 else "beyond all", setting.frames is not None),
        Piece("   "),
        *_keys(keys, "vram.smaller", "vram.larger"),
        Piece("size ", "label"),
        _value(size_words(estimate.size), setting.size is not None),
    ]


def _value(text: str, chosen: bool) -> Piece:
    return Piece(text, "bright") if chosen else Piece(text, "default")


def _keys(keys: Mapping[str, str], *actions: str) -> list[Piece]:
    labels = [key_label(keys[action]) for action in actions if action in keys]
    return [Piece(" ".join(labels) + " ", "key")] if labels else []
