"""A line to type in that does not blink, and in which every character can be seen."""

from __future__ import annotations

from rich.text import Text
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

    @property
    def _value(self) -> Text:
        return Text(stand_ins(self.value), no_wrap=True, overflow="ignore", end="")
