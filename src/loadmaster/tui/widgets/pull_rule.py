"""The rule above a pane, as something to take hold of."""

from __future__ import annotations

from textual import events
from textual.message import Message

from loadmaster.tui.widgets.frame import PaneRule


class PullRule(PaneRule):
    """A rule that the mouse can pull up and down."""

    DEFAULT_CSS = "PullRule { pointer: ns-resize; }"

    class Pulled(Message):
        """The rule was pulled to a line of the screen."""

        can_replace_pending = True

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

        def can_replace(self, message: Message) -> bool:
            """Only the last place counts."""
            return isinstance(message, PullRule.Pulled)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of it."""
        self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of it."""
        self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pull it along."""
        if self.app.mouse_captured is self and event.button and event.screen_y != self.region.y:
            self.post_message(self.Pulled(event.screen_y))
