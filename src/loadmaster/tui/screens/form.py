"""A form: the fields of something new, judged while they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from loadmaster.checks.diagnostic import Finding
from loadmaster.tui.form_fields import FormField
from loadmaster.tui.paint import BLANK, Line, Piece, join, wrap
from loadmaster.tui.screens.sheet import Hint, Sheet, SheetBody, SheetFoot, SheetHead
from loadmaster.tui.values import unit_of
from loadmaster.tui.visible import visible
from loadmaster.tui.widgets.field_editor import VerdictLines
from loadmaster.tui.widgets.field_list import fault_lines
from loadmaster.tui.widgets.form_line import FormAccepted, FormChanged, FormInput, FormLine, Switch

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormVerdict:
    """What a form would do: the faults that come and go, by which line each is (empty for none), why it cannot be
    (`refusals` by line, `refusal` for all), how a line is read, and remarks."""

    new: tuple[tuple[Finding, str], ...] = ()
    gone: tuple[Finding, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the form cannot be taken as it is."""
        return bool(self.refusals) or bool(self.refusal)


class FormScreen(Sheet[dict[str, str] | None]):
    """Answers what is typed in each line."""

    CSS_PATH: ClassVar[str | list[str | PurePath]] = ["sheet.tcss", "form.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "accept", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(
        self, title: Line, fields: Sequence[FormField], judge: Callable[[Texts], FormVerdict], verb: str
    ) -> None:
        """`verb` is what Enter does, as the foot says it."""
        super().__init__()
        self._head = title
        self._fields = tuple(fields)
        self._judge = judge
        self._verb = verb
        self._here = self._fields[0].key
        self._verdict = FormVerdict()
        self._insisted = False
        self._tallest = 0
        self._told_at = (0, 0)

    def compose(self) -> ComposeResult:
        """Head, lines, what they would bring, foot."""
        with Vertical(id="sheet", classes="form"):
            yield SheetHead(self._head)
            widest = max(len(one.label) for one in self._fields)
            with SheetBody():
                for one in self._fields:
                    yield FormLine(one.key, one.label, _control(one), unit_of(one.field), widest)
                yield VerdictLines()
            yield SheetFoot(self.hints())

    def hints(self) -> Sequence[Hint]:
        """Its keys: those of the line that has them."""
        here = next(one for one in self._fields if one.key == self._here)
        own: list[Hint] = []
        if here.is_switch:
            own = [("space", "yes or no")]
        elif here.choices:
            own = [("↑↓", "pick")]
        return [("↵", self._verb), *own, ("↹", "next field"), ("esc", "back")]

    @property
    def texts(self) -> dict[str, str]:
        """What is typed in each line."""
        return {str(line.name): line.text for line in self.query(FormLine)}

    def line(self, key: str) -> FormLine:
        """The line of a key."""
        return next(line for line in self.query(FormLine) if line.name == key)

    def on_mount(self) -> None:
        """Begin at the first line."""
        self.line(self._here).control.focus()
        self.show_verdict()

    def on_resize(self) -> None:
        """The sentences fold to the width, once that of the sheet is known."""
        self.call_after_refresh(self._fold)

    def _fold(self) -> None:
        if self.is_attached and self._told_at != (self.text_width, self.size.height):
            self._tallest = 0
            self._draw()

    def on_form_changed(self, message: FormChanged) -> None:
        """Judge at once."""
        message.stop()
        if message.line.control.has_focus:
            self._here = str(message.line.name)
        self._insisted = False
        self.show_verdict()

    def on_form_accepted(self, message: FormAccepted) -> None:
        """Enter."""
        message.stop()
        self.action_accept()

    def action_accept(self) -> None:
        """Take the form, or go to the line that cannot be read."""
        self._verdict = self._judge(self.texts)
        if self._verdict.is_refused:
            self._insisted = True
            for key in self._verdict.refusals:
                self.line(key).control.focus()
                break
            self._draw()
            return
        self.dismiss(self.texts)

    def show_verdict(self) -> None:
        """Say what the form would bring."""
        self._verdict = self._judge(self.texts)
        self._draw()

    def _draw(self) -> None:
        verdict = self._verdict
        for line in self.query(FormLine):
            grades = [finding.severity for finding, key in verdict.new if key == line.name]
            worst = min(grades, key=lambda severity: severity.rank, default=None)
            line.show_grade("error" if line.name in verdict.refusals else worst.value if worst else "")
        width = self.text_width
        self._told_at = (width, self.size.height)
        lines = self._lines(width)
        # It never shrinks: a sheet that moves under the eyes is hard to read.
        self._tallest = max(self._tallest, len(lines))
        lines += [BLANK] * (self._tallest - len(lines))
        self.query_one(VerdictLines).show([BLANK, *([Piece("  "), *line] for line in lines)])
        foot = self.query_one(SheetFoot)
        foot.hints = self.hints()
        foot.refresh()

    def _lines(self, width: int) -> list[Line]:
        verdict = self._verdict
        here = next(one for one in self._fields if one.key == self._here)
        lines: list[Line] = []
        typed = self.line(here.key)
        if not here.is_switch and len(typed.text) > typed.control.size.width - 3 > 0:
            # What does not fit into the line is told whole.
            lines += [[Piece(part, "label")] for part in wrap(visible(typed.text), width)[:3]]
        refusal = verdict.refusals.get(here.key, "") or (verdict.refusal if self._insisted or not here.hint else "")
        if refusal:
            lines += [[Piece(part, "error")] for part in wrap("✕ " + visible(refusal), width)]
        elif verdict.readings.get(here.key):
            lines.append([Piece(verdict.readings[here.key], "label")])
        else:
            lines += [[Piece(part, "faint")] for part in wrap(here.hint, width)[:2]]
        if here.choices:
            words = [[Piece(visible(one), "key" if one == typed.text else "label")] for one in here.choices]
            lines.append(join(words, "  "))
        room = max(self.size.height - len(self._fields) - len(lines) - 9, 2)
        faults: list[Line] = []
        order = sorted(verdict.new, key=lambda pair: (pair[1] != here.key, pair[0].severity.rank))
        for finding, _ in order:
            faults += fault_lines(finding, width)
        if len(faults) > room:
            faults = [*faults[: room - 1], [Piece(f"{len(verdict.new)} faults in all", "label")]]
        lines += [BLANK, *faults] if faults else []
        if verdict.gone:
            codes = ", ".join(dict.fromkeys(finding.code for finding in verdict.gone))
            lines.append([Piece("✓ mends ", "added"), Piece(codes, "added")])
        for remark in verdict.remarks:
            lines += [[Piece(part, "label")] for part in wrap(visible(remark), width)]
        return [*lines, BLANK]


def _control(one: FormField) -> FormInput | Switch:
    if one.is_switch:
        return Switch(one.text == "true")
    return FormInput(one.text, one.choices, one.placeholder)
