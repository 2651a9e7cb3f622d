"""Editing one value where it stands: a line to type in, and under it what the value would bring, before it counts.

The editor knows nothing of documents: it is given a function that says what a text would do, and posts what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field
from loadmaster.tui.paint import BLANK, SEVERITY_INK, Inked, Line, Piece, wrap
from loadmaster.tui.values import unit_of
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.field_list import fault_lines
from loadmaster.tui.widgets.form_line import FormNote
from loadmaster.tui.widgets.line_list import LineList
from loadmaster.tui.widgets.plain_input import PlainInput

WIDEST = 76
NARROWEST = 44
_AROUND = 4
"""Cells beside the text: the border, a space at both sides, the caret behind the end."""

SHOWN_CHOICES = 8
SHOWN_FAULTS = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a typed text would do: the faults that come and go, how the value is read, or why it cannot be."""

    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()
    reading: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """What is edited: a field at a path, its text as it stands, choices to pick from, a hint."""

    path: KeyPath
    field: Field
    text: str
    choices: tuple[str, ...] = ()
    hint: str = ""
    scope: str = ""
    """Which models the edit goes to, where some are marked."""
    several: bool = False
    """Whether it goes to more than the one that is shown: then the same text can be news too."""
    faults: tuple[Finding, ...] = ()
    """What is wrong with the value as it stands."""


class EditorInput(PlainInput):
    """A line to type in. Up and down pick from the choices, Tab keeps and goes on, Escape leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave as it was", show=False),
        Binding("tab", "go_on(1)", "next field", show=False),
        Binding("shift+tab", "go_on(-1)", "previous field", show=False),
        Binding("down", "choose(1)", "next choice", show=False),
        Binding("up", "choose(-1)", "previous choice", show=False),
    ]

    class Leave(Message):
        """Escape."""

    class GoOn(Message):
        """Tab: keep, then the next field."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Choose(Message):
        """An arrow: another of the choices."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def action_leave(self) -> None:
        """Leave the value as it was."""
        self.post_message(self.Leave())

    def action_go_on(self, step: int) -> None:
        """Keep, then the next field."""
        self.post_message(self.GoOn(step))

    def action_choose(self, step: int) -> None:
        """Take another of the choices."""
        self.post_message(self.Choose(step))


class ChoiceList(LineList):
    """The values to pick from; the cursor is on the one that is typed."""

    can_focus = False

    class Picked(Message):
        """A choice was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, choices: Sequence[str]) -> None:
        super().__init__()
        self.choices = list(choices)
        self.typed = ""

    @property
    def takes_keys(self) -> bool:
        """The line above hands the arrows on."""
        return True

    def row_count(self) -> int:
        """One for each choice."""
        return len(self.choices)

    def can_stand_on(self, index: int) -> bool:
        """The mark is drawn only on what is typed."""
        return self.choices[index] == self.typed

    def row_lines(self, index: int, width: int) -> list[Line]:
        """The choice."""
        choice = self.choices[index]
        return [[Piece(visible(choice), "bright" if choice == self.typed else "label")]]

    def on_click(self, event: events.Click) -> None:
        """Pick it."""
        event.stop()
        index = event.y + int(self.scroll_offset.y)
        if 0 <= index < len(self.choices):
            self.post_message(self.Picked(index))

    def show_typed(self, text: str) -> None:
        """Mark what is typed."""
        self.typed = text
        if text in self.choices:
            self.cursor = self.choices.index(text)
        self.refresh()


class VerdictLines(Inked):
    """What the value would bring."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = []

    def show(self, lines: list[Line]) -> None:
        """Write it; the height follows."""
        self._lines = lines
        self.display = bool(lines)
        self.styles.height = len(lines)
        self.refresh()

    @property
    def height_wanted(self) -> int:
        """The lines that there are to say."""
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line."""
        return self.draw(self._lines[y] if y < len(self._lines) else BLANK, self.size.width)


class FieldEditor(Vertical):
    """The editor of one value, laid over the form at the value's place."""

    class Kept(Message):
        """Enter or Tab: the text shall count. `step` says which field comes next, 0 for none."""

        def __init__(self, editor: FieldEditor, text: str, step: int) -> None:
            super().__init__()
            self.editor = editor
            self.text = text
            self.step = step

    class Left(Message):
        """Escape: the value stays as it was."""

    def __init__(self, edited: Edited, origin: Offset, judge: Callable[[str], Verdict]) -> None:
        super().__init__()
        self.edited = edited
        self.origin = origin
        # Held here, not looked up: an editor can be closed again before it is mounted.
        self._line = EditorInput(edited.text)
        self._below = VerdictLines()
        self._choices = ChoiceList(edited.choices)
        self._judge = judge
        self._said_at = 0

    def compose(self) -> ComposeResult:
        """The line, what it brings, the choices."""
        with Horizontal():
            yield self._line
            yield FormNote(unit_of(self.edited.field))
        yield self._below
        if self.edited.choices:
            yield self._choices

    def on_mount(self) -> None:
        """Take the keys; the hint stands until something is typed."""
        self._line.focus()
        self._show(self.edited.text)

    def on_resize(self) -> None:
        """What is said below the line made it taller or shorter, or is said in another width now."""
        self.place_in(self._room())
        if self.size.width != self._said_at:
            self._said_at = self.size.width
            self._show(self.text)

    def _room(self) -> Size:
        return self.parent.size if isinstance(self.parent, Widget) else self.app.size

    def follow(self, origin: Offset) -> None:
        """The value stands elsewhere now: lie there."""
        self.origin = origin
        self.place_in(self._room())

    def place_in(self, room: Size) -> None:
        """Lie at the value, inside an area of this size: moved up or to the left where it would not fit."""
        # Further left rather than with a value that is seen in part, such as a digest.
        wanted = min(max(cell_len(self.edited.text) + _AROUND, NARROWEST), WIDEST)
        width = min(max(room.width - self.origin.x + 1, wanted), WIDEST, room.width)
        x = min(self.origin.x - 1, room.width - width)
        y = min(self.origin.y, room.height - self.outer_size.height)
        self.styles.width = width
        # As many choices as there is room for: the others come into view with the arrows.
        left = room.height - 1 - self._below.height_wanted
        self._choices.styles.height = max(min(len(self.edited.choices), SHOWN_CHOICES, left), 1)
        self.styles.offset = (max(x, 0), max(y, 0))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what the text would bring."""
        event.stop()
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps."""
        event.stop()
        self._keep(0)

    def on_editor_input_go_on(self, message: EditorInput.GoOn) -> None:
        """Tab keeps and goes on."""
        message.stop()
        self._keep(message.step)

    def on_editor_input_leave(self, message: EditorInput.Leave) -> None:
        """Escape leaves."""
        message.stop()
        self.post_message(self.Left())

    def on_editor_input_choose(self, message: EditorInput.Choose) -> None:
        """An arrow writes another of the choices into the line."""
        message.stop()
        choices = self.edited.choices
        if not choices:
            return
        text = self.text
        index = choices.index(text) + message.step if text in choices else (0 if message.step > 0 else -1)
        self._write(choices[index % len(choices)])

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """A click writes the choice into the line."""
        message.stop()
        self._write(self.edited.choices[message.index])
        self._line.focus()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._line.value

    def refuse(self, reason: str) -> None:
        """Say why the value cannot be kept."""
        self._write_verdict(Verdict(refusal=reason))

    def _write(self, text: str) -> None:
        self._line.value = text
        self._line.cursor_position = len(text)

    def _keep(self, step: int) -> None:
        self.post_message(self.Kept(self, self.text, step))

    def _show(self, text: str) -> None:
        verdict = Verdict() if text == self.edited.text and not self.edited.several else self._judge(text)
        self._write_verdict(verdict)
        if self.edited.choices:
            self._choices.show_typed(text)

    def _standing_lines(self, verdict: Verdict, width: int) -> list[Line]:
        """The faults that the value has already: in full while it stands, in a word once something else is typed."""
        told = {finding.code for finding in (*verdict.new, *verdict.gone)}
        still = [finding for finding in self.edited.faults[:SHOWN_FAULTS] if finding.code not in told]
        if self.text == self.edited.text:
            return [line for finding in still for line in fault_lines(finding, width)]
        if verdict.refusal:
            return []
        return [
            [Piece(f"{finding.severity.letter} {finding.code} stays", SEVERITY_INK[finding.severity])]
            for finding in still
        ]

    def _write_verdict(self, verdict: Verdict) -> None:
        width = max(self.size.width - 2, 24)
        lines: list[Line] = []
        if verdict.refusal:
            lines += [[Piece(part, "error")] for part in wrap("✕ " + visible(verdict.refusal), width)]
        elif verdict.reading:
            lines.append([Piece(verdict.reading, "label")])
        for finding in verdict.new[:SHOWN_FAULTS]:
            lines += fault_lines(finding, width)
        if len(verdict.new) > SHOWN_FAULTS:
            lines.append([Piece(f"and {len(verdict.new) - SHOWN_FAULTS} more", "label")])
        if verdict.gone:
            codes = ", ".join(dict.fromkeys(finding.code for finding in verdict.gone))
            lines.append([Piece("✓ mends ", "added"), Piece(codes, "added")])
        lines += self._standing_lines(verdict, width)
        if (not lines or self.text == self.edited.text) and self.edited.hint:
            lines += [[Piece(part, "faint")] for part in wrap(self.edited.hint, width)[:2]]
        if self.edited.scope:
            lines.insert(0, [Piece(f"◆ {self.edited.scope}", "accent")])
        self._below.show([[Piece(" "), *line] for line in lines])
