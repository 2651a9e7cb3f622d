"""The named inks that everything is drawn with, and what each is on a background under the theme of the moment.

The app holds them once. As component classes of each widget they were styled again with it: with a dozen widgets on
the screen a pane that got the keys cost a thousand rounds through the style sheet.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.css.styles import RenderStyles

INKS = (
    "value", "bright", "label", "faint", "default", "accent", "key", "error", "warning", "info", "match", "rule",
    "added", "removed", "string", "number", "comment", "header",
)  # fmt: skip

GROUNDS = ("cursor", "cursor-away", "band")
"""Inks that are the background of a line."""


class Brushes(dict[str, Style]):
    """The terminal style of each ink on one background, made when it is first asked for."""

    def __init__(self, app: App[int], background: Color) -> None:
        super().__init__()
        self._app = app
        self._background = background

    def __missing__(self, ink: str) -> Style:
        style = self[ink] = on_background(self._app.get_component_styles(f"ink--{ink}"), self._background)
        return style


def on_background(styles: RenderStyles, background: Color) -> Style:
    """An ink as the terminal is told it: shades are mixed with what they lie on."""
    if styles.has_rule("background"):
        background += styles.background
    color = background + styles.color if styles.has_rule("color") else None
    return styles.text_style + Style.from_color(color and color.rich_color, background.rich_color)


class InkedApp(App[int], inherit_bindings=False):
    """An app whose widgets draw with the inks."""

    COMPONENT_CLASSES: ClassVar = {f"ink--{name}" for name in (*INKS, *GROUNDS)}
    DEFAULT_CSS = """
    InkedApp {
        & > .ink--value { color: $foreground 92%; }
        & > .ink--bright { color: $foreground; text-style: bold; }
        & > .ink--label { color: $foreground 60%; }
        & > .ink--faint { color: $foreground 42%; }
        & > .ink--default { color: $foreground 50%; text-style: italic; }
        & > .ink--accent { color: $accent; }
        & > .ink--key { color: $accent; text-style: bold; }
        & > .ink--error { color: $text-error; }
        & > .ink--warning { color: $text-warning; }
        & > .ink--info { color: $text-secondary; }
        & > .ink--match { color: $accent; text-style: underline; }
        & > .ink--rule { color: $foreground 26%; }
        & > .ink--added { color: $text-success; }
        & > .ink--removed { color: $text-error; }
        & > .ink--string { color: $text-success; }
        & > .ink--number { color: $text-secondary; }
        & > .ink--comment { color: $foreground 50%; text-style: italic; }
        & > .ink--header { color: $accent; text-style: bold; }
        & > .ink--cursor { background: $accent 22%; }
        & > .ink--cursor-away { background: $foreground 8%; }
        & > .ink--band { background: $foreground 4%; }
    }
    /* Dark shades on light paper stand out less than light ones on dark paper. */
    InkedApp.-light-mode {
        & > .ink--label { color: $foreground 72%; }
        & > .ink--faint { color: $foreground 60%; }
        & > .ink--default { color: $foreground 62%; }
        & > .ink--comment { color: $foreground 62%; }
        & > .ink--rule { color: $foreground 34%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._brushes: dict[Color, Brushes] = {}

    def brushes(self, background: Color) -> Brushes:
        """The inks on a background."""
        found = self._brushes.get(background)
        if found is None:
            found = self._brushes[background] = Brushes(self, background)
        return found

    def refresh_css(self, animate: bool = True) -> None:
        """The theme is another one: mix the inks anew, and draw with them."""
        super().refresh_css(animate)
        self._brushes.clear()
        for screen in self.screen_stack:
            screen.query("*").refresh()
