"""A line of a form: a label, a control for the kind of value, a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from loadmaster.tui.paint import Inked, Line, Piece, cell, span, spread
from loadmaster.tui.widgets.plain_input import PlainInput

MARK_WIDTH = 3
"""The cells before a label: the mark of the line that has the keys, and the letter of a fault."""

GAP = 2


class FormChanged(Message):
    """A control of a form says something else, or another one has the keys."""

    def __init__(self, line: FormLine) -> None:
        super().__init__()
        self.line = line


class FormAccepted(Message):
    """Enter in a control: the form shall count."""


class FormInput(PlainInput):
    """A line to type in. Up and down pick from the choices; where there are none they go to another line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("ctrl+s", "submit", show=False),
    ]

    def __init__(self, text: str, choices: Sequence[str] = (), placeholder: str = "") -> None:
        super().__init__(text, placeholder, select_on_focus=False)
        self.choices = tuple(choices)

    def action_step(self, step: int) -> None:
        """Another choice, or another line."""
        if not self.choices:
            (self.screen.focus_next if step > 0 else self.screen.focus_previous)()
            return
        index = self.choices.index(self.value) + step if self.value in self.choices else (0 if step > 0 else -1)
        self.value = self.choices[index % len(self.choices)]
        self.cursor_position = len(self.value)


class Switch(Inked, can_focus=True):
    """Yes or no: space or an arrow turns it over."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,left,right,h,l", "turn", show=False),
        Binding("down,j", "app.focus_next", show=False),
        Binding("up,k", "app.focus_previous", show=False),
        Binding("enter,ctrl+s", "accept", show=False),
    ]
    DEFAULT_CSS = "Switch { height: 1; width: 1fr; }"

    def __init__(self, on: bool) -> None:
        super().__init__()
        self.on = on

    @property
    def value(self) -> str:
        """`true`, or nothing: what is not said is false."""
        return "true" if self.on else ""

    def action_turn(self) -> None:
        """Turn it over."""
        self.on = not self.on
        self.refresh()
        self._tell()

    def action_accept(self) -> None:
        """The form shall count."""
        self.post_message(FormAccepted())

    def on_click(self, event: events.Click) -> None:
        """Turn it over."""
        event.stop()
        self.focus()
        self.action_turn()

    def _tell(self) -> None:
        if isinstance(self.parent, FormLine):
            self.post_message(FormChanged(self.parent))

    def on_focus(self) -> None:
        """Draw it as the one with the keys."""
        self.refresh()

    def on_blur(self) -> None:
        """See `on_focus`."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Both words, a dot at the one that counts."""
        ink = "key" if self.has_focus else "bright"
        words: Line = [
            Piece(" "),
            Piece("○ " if self.on else "● ", "label" if self.on else ink),
            Piece("no", "label" if self.on else ink),
            Piece("   "),
            Piece("● " if self.on else "○ ", ink if self.on else "label"),
            Piece("yes", ink if self.on else "label"),
        ]
        return self.draw(words, self.size.width)


class FormLabel(Inked):
    """The label, with the mark of the line that has the keys and of what is wrong with it."""

    DEFAULT_CSS = "FormLabel { height: 1; }"

    def __init__(self, text: str, width: int) -> None:
        """`width` is that of the longest label of the form."""
        super().__init__()
        self.text = text
        self.styles.width = MARK_WIDTH + width + GAP
        self.here = False
        self.grade = ""

    def render_line(self, y: int) -> Strip:
        """Mark, letter, label."""
        mark = Piece("▌" if self.here else " ", "accent")
        letter = cell({"error": "E", "warning": "W", "info": "I"}.get(self.grade, ""), 2, self.grade or "value")
        label = Piece(self.text, "bright" if self.here else "label")
        return self.draw([mark, letter, label], self.size.width)


class FormNote(Inked):
    """What stands at the right end of a line: a unit, a word."""

    DEFAULT_CSS = "FormNote { width: auto; height: 1; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.styles.width = span([Piece(text)]) + 2 if text else 0

    def render_line(self, y: int) -> Strip:
        """The word, at the right."""
        return self.draw(spread([], [Piece(self.text, "label"), Piece(" ")], self.size.width), self.size.width)


class FormLine(Horizontal):
    """One line of a form."""

    DEFAULT_CSS = "FormLine { height: 1; }"

    def __init__(
        self, name: str, label: str, control: FormInput | Switch, note: str = "", label_width: int | None = None
    ) -> None:
        """`label_width` is that of the longest label of the form, where there are several."""
        super().__init__(name=name)
        self.label = FormLabel(label, label_width or len(label))
        self.control = control
        self.note = note

    def compose(self) -> ComposeResult:
        """Label, control, note."""
        yield self.label
        yield self.control
        yield FormNote(self.note)

    @property
    def text(self) -> str:
        """What is typed or chosen."""
        return self.control.value

    def show_grade(self, grade: str) -> None:
        """Mark how bad what is typed is: `error`, `warning`, `info` or empty."""
        if grade != self.label.grade:
            self.label.grade = grade
            self.label.refresh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell the form."""
        event.stop()
        self.post_message(FormChanged(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Tell the form."""
        event.stop()
        self.post_message(FormAccepted())

    def on_descendant_focus(self) -> None:
        """The keys go here."""
        self.label.here = True
        self.label.refresh()
        self.post_message(FormChanged(self))

    def on_descendant_blur(self) -> None:
        """They do not any more."""
        self.label.here = False
        self.label.refresh()
