"""A line to type in that does not blink, and in which every character can be seen."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.widgets import Input

from loadmaster.tui.visible import stand_ins


class PlainInput(Input):
    """An input whose text may come from a manifest: what cannot be seen has a sign of one cell in its place."""

    def __init__(
        self,
        value: str | None = None,
        placeholder: str = "",
        *,
        select_on_focus: bool = True,
        id: str | None = None,
    ) -> None:
        super().__init__(value, placeholder, select_on_focus=select_on_focus, compact=True, id=id)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        # Textual looks for bindings only when a key has come back from the widget, and writes letters at once. Where
        # keys come faster than they are dealt with, a backspace would so act behind the letters that follow it.
        if event.is_printable:
            return
        bindings = self._bindings.key_to_bindings.get(event.key, ())
        for binding in bindings:
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return

    @property
    def _value(self) -> Text:
        return Text(stand_ins(self.value), no_wrap=True, overflow="ignore", end="")
