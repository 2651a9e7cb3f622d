"""The two themes of our own. One accent colour; severity has its own three; everything else is a shade of the text."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="loadmaster-dark",
    primary="#5fc9b8",
    secondary="#7fb2e5",
    accent="#5fc9b8",
    foreground="#d5dade",
    background="#13171b",
    surface="#181d22",
    panel="#20262c",
    error="#f0707a",
    warning="#e3b05a",
    success="#84c18a",
    dark=True,
    variables={
        "text-error": "#f28b90",
        "text-warning": "#e6bd70",
        "text-secondary": "#8fbbe8",
        "text-success": "#93c999",
        "scrollbar": "#343d45",
        "scrollbar-hover": "#46525c",
        "scrollbar-active": "#5fc9b8",
        "scrollbar-background": "#13171b",
        "scrollbar-background-hover": "#13171b",
        "scrollbar-background-active": "#13171b",
        "scrollbar-corner-color": "#13171b",
        "input-selection-background": "#5fc9b8 35%",
        "border": "#5fc9b8",
    },
)

LIGHT = Theme(
    name="loadmaster-light",
    primary="#0b7468",
    secondary="#2a6399",
    accent="#0b7468",
    foreground="#20262b",
    background="#fafaf7",
    surface="#f2f2ee",
    panel="#e8e8e3",
    error="#b3232f",
    warning="#8a5a00",
    success="#2f6b36",
    dark=False,
    variables={
        "text-error": "#b3232f",
        "text-warning": "#855700",
        "text-secondary": "#2a6399",
        "text-success": "#2f6b36",
        "scrollbar": "#c9cac4",
        "scrollbar-hover": "#b0b2ab",
        "scrollbar-active": "#0b7468",
        "scrollbar-background": "#fafaf7",
        "scrollbar-background-hover": "#fafaf7",
        "scrollbar-background-active": "#fafaf7",
        "scrollbar-corner-color": "#fafaf7",
        "input-selection-background": "#0b7468 25%",
        "border": "#0b7468",
    },
)

SIXTEEN = Theme(
    name="loadmaster-16",
    primary="#55ffff",
    secondary="#ff55ff",
    accent="#55ffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    error="#ff5555",
    warning="#ffff55",
    success="#55ff55",
    dark=True,
    variables={
        "text-error": "#ff5555",
        "text-warning": "#ffff55",
        "text-secondary": "#ff55ff",
        "text-success": "#55ff55",
        "scrollbar": "#555555",
        "scrollbar-hover": "#aaaaaa",
        "scrollbar-active": "#55ffff",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "scrollbar-corner-color": "#000000",
        "input-selection-background": "#0000aa",
        "border": "#55ffff",
    },
)
"""For terminals of 16 colours: each is one of theirs. Shades between them would all come out as white or grey."""

FEW_COLOURS_CSS = """
.-few-colours .ink--cursor { background: #0000aa; }
.-few-colours .ink--cursor-away { background: #000000; }
.-few-colours .ink--band { background: #000000; }
.-few-colours .input--selection { text-style: reverse; }
"""
"""A row's background, where a shade of the accent would come out as black."""

OWN_THEMES = (DARK, LIGHT, SIXTEEN)


def has_few_colours(color_system: str | None) -> bool:
    """Whether a terminal of this colour system, as Rich names them, shows 16 colours or none."""
    return color_system not in ("256", "truecolor")
