"""The thin lines of the workbench: a rule with a title above each pane, and the line between two panes.

The rule of the focused pane is heavy: which pane has the keys is told by shape, not only by colour.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from loadmaster.tui.paint import Inked, Line, Piece, fit, span


@dataclass(frozen=True, slots=True)
class Tab:
    """A name in a rule that can be chosen."""

    id: str
    title: str
    key: str = ""


class PaneRule(Inked):
    """One line: the title of a pane at the left, tabs and notes at the right."""

    DEFAULT_CSS = "PaneRule { height: 1; width: 1fr; }"

    class TabChosen(Message):
        """A tab was clicked."""

        def __init__(self, rule: PaneRule, tab_id: str) -> None:
            super().__init__()
            self.rule = rule
            self.tab_id = tab_id

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title: Line = [Piece(title, "label")]
        self.note: Line = ()
        self.tabs: tuple[Tab, ...] = ()
        self.active_tab = ""
        self.heavy = False
        self.joint: int | None = None
        self.tabs_first = False
        self._spots: list[tuple[int, int, str]] = []

    def show(self, *, title: Line | None = None, note: Line | None = None) -> None:
        """Write another title or note."""
        if title is not None:
            self.title = title
        if note is not None:
            self.note = note
        self.refresh()

    def show_tabs(self, tabs: tuple[Tab, ...], active: str) -> None:
        """Offer these tabs, one of which is open."""
        self.tabs, self.active_tab = tabs, active
        self.refresh()

    def set_tabs_first(self, first: bool) -> None:
        """Whether the tabs stand at the left, and no title before them."""
        if first != self.tabs_first:
            self.tabs_first = first
            self.refresh()

    def set_heavy(self, heavy: bool) -> None:
        """Whether the pane below has the keys."""
        if heavy != self.heavy:
            self.heavy = heavy
            self.refresh()

    def set_joint(self, x: int | None) -> None:
        """Where a line from above ends in this rule."""
        if x != self.joint:
            self.joint = x
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The rule."""
        width = self.size.width
        dash, ink = ("━", "accent") if self.heavy else ("─", "rule")
        right: list[Piece] = []
        spots: list[tuple[int, int, str]] = []
        for tab in self.tabs:
            start = span(right)
            active = tab.id == self.active_tab
            right.append(Piece(" "))
            if tab.key:
                right.append(Piece(tab.key + " ", "key" if active else "faint"))
            right.append(Piece(tab.title, ("key" if self.heavy else "bright") if active else "label"))
            right.append(Piece(" "))
            spots.append((start, span(right), tab.id))
            right.append(Piece(dash, ink))
        if self.note:
            right = [Piece(" "), *self.note, Piece(" "), Piece(dash, ink), *right]
        if self.tabs_first:
            right = [Piece(dash, ink), *right]
            self._spots = [(start + 1, end + 1, tab_id) for start, end, tab_id in spots]
            return self.draw([*right, Piece(dash * max(width - span(right), 0), ink)], width)
        room = width - span(right) - 4
        title = fit(self.title, min(span(self.title), max(room, 0)))
        if self.heavy:
            title = [Piece(p.text, "key" if p.ink in ("label", "bright") else p.ink) for p in title]
        left = [Piece(dash, ink), Piece(" "), *title, Piece(" ")] if span(title) else []
        filler = max(width - span(left) - span(right), 0)
        line = [*left, Piece(dash * filler, ink), *right]
        offset = width - span(right)
        self._spots = [(start + offset, end + offset, tab_id) for start, end, tab_id in spots]
        strip = self.draw(line, width)
        if self.joint is not None and 0 <= self.joint < width:
            mark = self.draw([Piece("┷" if self.heavy else "┴", ink)], 1)
            strip = Strip.join([strip.crop(0, self.joint), mark, strip.crop(self.joint + 1, width)])
        return strip

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        for start, end, tab_id in self._spots:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.TabChosen(self, tab_id))


class Divider(Inked):
    """The line between the tree and the detail; the mouse can drag it."""

    DEFAULT_CSS = """
    Divider { width: 1; height: 1fr; pointer: ew-resize; }
    """

    class Dragged(Message):
        """The line was pulled to a column of the screen."""

        can_replace_pending = True

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

        def can_replace(self, message: Message) -> bool:
            """Only the last place counts."""
            return isinstance(message, Divider.Dragged)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sides = (False, False)

    def set_sides(self, left: bool, right: bool) -> None:
        """Whether the rule at the left and at the right is heavy."""
        if self._sides != (left, right):
            self._sides = (left, right)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A joint at the top, a thin line below."""
        if y:
            return self.draw([Piece("│", "rule")], 1)
        left, right = self._sides
        joint = {(False, False): "┬", (True, False): "┭", (False, True): "┮", (True, True): "┯"}[left, right]
        return self.draw([Piece(joint, "accent" if left or right else "rule")], 1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line."""
        event.stop()
        self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of it."""
        event.stop()
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pull it along."""
        if self.app.mouse_captured is self and event.button:
            self.post_message(self.Dragged(event.screen_x))


def heavy_for(focused: Widget | None, pane: Widget) -> bool:
    """Whether the keys go into a pane."""
    return focused is not None and pane in focused.ancestors_with_self
