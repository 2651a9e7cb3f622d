"""The last line: what the next key does, or what the last one did; at the right where one is.

The keys are those that are bound at this moment, so other keys of a keymap file and what cannot be done are told truly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.dom import DOMNode
from textual.screen import Screen
from textual.strip import Strip

from loadmaster.tui.actions import BY_ID, key_label
from loadmaster.tui.paint import Inked, Line, Piece, fit, join, span, spread
from loadmaster.tui.visible import visible

LAST_RANKS = 80
LEAST_SAID = 40
"""Cells that a sentence keeps when keys stand beside it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that can be done now, and the node that does it."""

    rank: int
    key: str
    label: str
    action: str
    node: DOMNode
    id: str


class StatusBar(Inked):
    """One line."""

    DEFAULT_CSS = "StatusBar { height: 1; }"

    def __init__(
        self, is_of_use: Callable[[str], bool], word_of: Callable[[str], str], *, id: str | None = None
    ) -> None:
        """`is_of_use` says whether the action of an id would do something now, `word_of` what it does in a word."""
        super().__init__(id=id)
        self._is_of_use = is_of_use
        self._word_of = word_of
        self._with: tuple[str, ...] = ()
        self._said: Line = []
        self._where: Line = []
        self._hints: list[Line] | None = None
        self._shown: list[tuple[Offer, Line]] = []
        self._spots: list[tuple[int, int, Offer | None]] = []

    def on_mount(self) -> None:
        """Follow the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        # After nearly every key, and after few of them another key can be pressed.
        if self._offered() != self._shown:
            self.refresh()

    def say(self, text: str, ink: str = "value", keys: tuple[str, ...] = ()) -> None:
        """What was done, or why it was not; stands until the next key. `keys` are actions that are offered beside."""
        self._with = keys
        self._said = [Piece(visible(text), ink)] if text else []
        self.refresh()

    def hush(self) -> None:
        """The keys again."""
        if self._said:
            self._said = []
            self.refresh()

    @property
    def said(self) -> str:
        """What is said at the moment."""
        return "".join(piece.text for piece in self._said)

    def show_where(self, where: str) -> None:
        """Where one is."""
        told = [Piece(visible(where), "label")]
        if told != self._where:
            self._where = told
            self.refresh()

    def show_hints(self, hints: list[tuple[str, str]] | None) -> None:
        """Show these keys and words in place of those of the table, or for None the table's again."""
        self._hints = None if hints is None else [_hint(key, word) for key, word in hints]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Keys at the left as far as there is room, the place at the right."""
        width = self.size.width
        right = [Piece("  "), *self._where, Piece(" ")]
        if self._said:
            return self._draw_said(right, width)
        self._shown = self._offered() if self._hints is None else []
        offered: list[tuple[Offer | None, Line]] = [*((None, hint) for hint in self._hints or ()), *self._shown]
        shown = _that_fit(offered, width - span(right) - 2)
        self._spots = []
        at = 1
        for offer, hint in shown:
            self._spots.append((at, at + span(hint), offer))
            at += span(hint) + 2
        return self.draw(spread([Piece(" "), *join([hint for _, hint in shown])], right, width), width)

    def _draw_said(self, right: Line, width: int) -> Strip:
        """What is said, and the keys that go with it as far as there is room."""
        keys: list[tuple[Offer | None, Line]] = [(None, hint) for hint in self._hints or ()]
        self._shown = self._offered()
        keys += [(offer, hint) for offer, hint in self._shown if offer.id in self._with]
        room = width - span(right) - 2
        shown = _that_fit(keys, room - min(span(self._said), LEAST_SAID) - 2)
        used = sum(span(hint) + 2 for _, hint in shown)
        said = fit(self._said, min(span(self._said), room - used))
        self._spots = []
        at = 1 + span(said) + 2
        for offer, hint in shown:
            self._spots.append((at, at + span(hint), offer))
            at += span(hint) + 2
        line = [Piece(" "), *said, *(piece for _, hint in shown for piece in (Piece("  "), *hint))]
        return self.draw(spread(line, right, width), width)

    def _offered(self) -> list[tuple[Offer, Line]]:
        best: dict[str, Offer] = {}
        for key, active in self.screen.active_bindings.items():
            action = BY_ID.get(active.binding.id or "")
            if action is None or not action.footer or not active.enabled or not self._is_of_use(action.id):
                continue
            if action.id not in best or key == action.keys[0]:
                best[action.id] = Offer(
                    action.footer, key, self._word_of(action.id), active.binding.action, active.node, action.id
                )
        ranked = sorted(best.values(), key=lambda offer: offer.rank)
        return [(offer, _hint(key_label(offer.key), offer.label)) for offer in ranked]

    async def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        for start, end, offer in self._spots:
            if start <= event.x < end and offer is not None:
                event.stop()
                await self.app.run_action(offer.action, offer.node)
                return


def _that_fit(offered: list[tuple[Offer | None, Line]], room: int) -> list[tuple[Offer | None, Line]]:
    """Those for which there is room, in their order. Undo, save and help are not crowded out by the others."""
    kept: set[int] = set()
    order = sorted(range(len(offered)), key=lambda i: (not _is_last(offered[i][0]), i))
    for index in order:
        size = span(offered[index][1]) + 2
        if size <= room:
            kept.add(index)
            room -= size
    return [entry for index, entry in enumerate(offered) if index in kept]


def _is_last(offer: Offer | None) -> bool:
    return offer is not None and offer.rank >= LAST_RANKS


def _hint(key: str, word: str) -> Line:
    return [Piece(key, "key"), Piece(f" {word}", "label")]
