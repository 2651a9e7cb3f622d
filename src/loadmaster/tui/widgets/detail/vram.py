"""VRAM: what each variant needs against a card, how far one can go, what that rests on, and the declared figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath
from loadmaster.manifest.spec import ModelSpec
from loadmaster.tui.actions import BY_ID, bindings_for
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Piece
from loadmaster.tui.screens.vram_pick import VramPickScreen
from loadmaster.tui.values import BLANK_ROW, FieldRow, table_rows
from loadmaster.tui.vram_figures import Figures, figures_of, spec_of
from loadmaster.tui.vram_picking import choice_of, entries_for, meant_by, picked
from loadmaster.tui.vram_setting import Chosen, Deck, Setting, find_deck
from loadmaster.tui.widgets.detail.defaults import own_faults, table_notice
from loadmaster.tui.widgets.detail.vram_head import VramHead
from loadmaster.tui.widgets.detail.vram_ladder import column_at, ladder_of, ladder_rows
from loadmaster.tui.widgets.detail.vram_rows import (
    Chart,
    FigureRow,
    basis_rows,
    chart_rows,
    paragraph,
    verdict_row,
    words_rows,
)
from loadmaster.tui.widgets.field_list import FieldList
from loadmaster.vram.estimate import VramEstimate


class VramList(FieldList):
    """The figures and the keys of the table `vram_estimation`, under one cursor.

    The verdict in words and the ladder are those of the chosen variant: the default one until another is chosen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("fields"), *bindings_for("vram")]

    class SettingChanged(Message):
        """The figures are for another card, other frames or another size now, wherever they are shown."""

    def __init__(self, chosen: Chosen, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chosen = chosen
        self.view: ManifestView | None = None
        self.spec: ModelSpec | None = None
        self._data: dict[str, Any] | None = None
        self.figures: Figures | None = None
        self.variant: str | None = None
        self.column = 0

    # Rows.

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """See `FieldList`. Another model starts at its default variant."""
        if model_id != self.model_id:
            self.variant, self.column = None, 0
        mark = self.mark if model_id == self.model_id else None
        self.view = view
        super().show(view, model_id)
        if mark is None and self.estimate is not None:
            mark = ("bar", self.estimate.variant)
        index = self._row_of(mark or ())
        if index is not None and index != self.cursor:
            self.set_cursor(index)

    def make_rows(self, view: ManifestView, model_id: str) -> list[FieldRow]:
        """See `FieldList`."""
        data = view.document.model_data(model_id)
        if data is not self._data:
            self._data, self.spec = data, spec_of(model_id, data)
        self.figures = figures_of(self.spec, self.chosen.setting)
        base: KeyPath = ("models", model_id, "vram_estimation")
        table = data.get("vram_estimation")
        declared = table_rows(view, model_id, "vram_estimation", base, table if isinstance(table, dict) else {})
        return [
            *self._figure_rows(),
            *table_notice(table, "vram_estimation"),
            *declared,
            *own_faults(view, model_id, base),
            *(basis_rows(view.document, self.estimate) if self.estimate is not None else ()),
        ]

    def _figure_rows(self) -> Iterator[FieldRow]:
        figures, estimate = self.figures, self.estimate
        if self.chosen.deck.problem:
            yield FieldRow(draw=paragraph("cards", self.chosen.deck.problem, "warning"))
        if figures is None or estimate is None or self.view is None:
            said = "No figures: the model has no variant, or a key that cannot be read. See its faults."
            yield FieldRow("", ([Piece(said, "default")],), heading=True)
            yield BLANK_ROW
            return
        document, chart = self.view.document, Chart(figures)
        yield from chart_rows(document, chart, estimate)
        yield verdict_row(document, chart, estimate)
        yield BLANK_ROW
        ladder = ladder_of(figures, estimate, self._column_of)
        if ladder is not None:
            yield from ladder_rows(document, ladder)
            yield BLANK_ROW
        yield from words_rows(chart, estimate)
        yield BLANK_ROW

    def row_height(self, index: int, width: int) -> int:
        """See `LineList`. Bars and rungs need not be drawn to be measured."""
        row = self.rows[index]
        return 1 if isinstance(row, FigureRow) and row.is_line else super().row_height(index, width)

    @property
    def estimate(self) -> VramEstimate | None:
        """The estimate of the chosen variant."""
        if self.figures is None:
            return None
        return self.figures.of(self.variant) or self.figures.default

    # The cursor.

    @property
    def findings(self) -> Sequence[Finding]:
        """The faults under the cursor; a row of figures has those of the keys that it is made of."""
        if self.mark and self.view is not None and self.model_id is not None:
            return self.view.faults.under(self.model_id, ("models", self.model_id, "vram_estimation"))
        return super().findings

    @property
    def mark(self) -> tuple[str | int, ...]:
        """What the cursor is on, where that is a row of figures."""
        return self.row.mark if isinstance(self.row, FigureRow) else ()

    def _row_of(self, mark: tuple[str | int, ...]) -> int | None:
        rows = enumerate(self.rows)
        return next((i for i, row in rows if mark and isinstance(row, FigureRow) and row.mark == mark), None)

    def go_to_bar(self, variant: str) -> bool:
        """Put the cursor on the bar of a variant; false where it has none."""
        index = self._row_of(("bar", variant))
        if index is not None:
            self.set_cursor(index)
        return index is not None

    def _column_of(self, frames: int) -> int | None:
        """The column of the cursor where it is on the ladder's row of some frames, and the keys are here."""
        on_it = self.mark == ("rung", frames)
        return self.column if on_it and self.has_focus else None

    def _show_again(self) -> None:
        if self.view is not None:
            pane = self.parent
            assert isinstance(pane, Vram)
            before = self.mark, self.path
            # What can be done on a row does not hang on a setting: only who stands on another row is told of.
            with self.prevent(self.Moved):
                # With its head at once, not by a message: the screen is painted once then.
                pane.show(self.view, self.model_id)
            if (self.mark, self.path) != before:
                self.post_message(self.Moved(self))

    # What the keys do.

    def _set(self, setting: Setting) -> None:
        if self.chosen.take(setting):
            self._show_again()
            self.post_message(self.SettingChanged())

    def action_card(self, step: int) -> None:
        """The next card, or the one before."""
        setting = self.chosen.setting
        self._set(replace(setting, choice=self.chosen.deck.step(setting.choice, step)))

    def action_frames(self, step: int) -> None:
        """More frames, or fewer."""
        self._set(self.chosen.setting.with_frames(self.spec, step))

    def action_size(self, step: int) -> None:
        """A larger size, or a smaller one."""
        self._set(self.chosen.setting.with_size(self.spec, step))

    def action_own(self) -> None:
        """The frames and the size of the model itself."""
        self._set(self.chosen.setting.with_own())

    @work(exclusive=True, group="sheet")
    async def action_pick(self) -> None:
        """Choose card, frames or size from a list, or type any."""
        deck = self.chosen.deck
        entries = entries_for(deck, self.spec)
        present = choice_of(self.chosen.setting)
        screen = VramPickScreen(entries, present, lambda text: list(meant_by(deck, text)))
        choice = await self.app.push_screen_wait(screen)
        if choice:
            self._set(picked(self.chosen.setting, deck, choice))

    def action_rung(self, step: int) -> None:
        """Along a row of the ladder."""
        if self.figures is not None:
            self.column = min(max(self.column + step, 0), len(self.figures.resolutions()) - 1)
            self.refresh_row(self.cursor)

    def action_choose(self) -> None:
        """The variant of the bar under the cursor, or the frames and the size of the ladder's cell."""
        kind, *rest = self.mark or ("",)
        if kind == "bar":
            self.variant = str(rest[0])
            self._show_again()
        elif kind == "rung" and self.figures is not None:
            size = self.figures.resolutions()[self.column].size
            self._set(replace(self.chosen.setting, frames=int(rest[0]), size=size))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done on this row."""
        if action == "rung":
            return self.mark[:1] == ("rung",)
        if action in ("choose", "edit"):
            return (self.mark[:1] in (("rung",), ("bar",))) is (action == "choose")
        return super().check_action(action, parameters)

    def activate(self) -> None:
        """See `LineList`."""
        if self.mark:
            self.action_choose()
        else:
            super().activate()

    def click_row(self, index: int, line: int, x: int) -> bool:
        """Choose the cell of the ladder under the mouse."""
        if self.figures is not None and self.mark[:1] == ("rung",):
            self.column = min(max(column_at(x), 0), len(self.figures.resolutions()) - 1)
            self.refresh_row(index)
        return False


class Vram(Vertical):
    """The list with its head."""

    DEFAULT_CSS = """
    Vram { height: 1fr; }
    Vram VramList { height: 1fr; }
    """

    class CardsFound(Message):
        """The driver and the configuration were asked."""

        def __init__(self, problem: str) -> None:
            super().__init__()
            self.problem = problem

    def __init__(self, chosen: Chosen, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.chosen = chosen
        self._keys: dict[str, str] = {}
        self._asked_for: tuple[Path | None] | None = None

    def compose(self) -> ComposeResult:
        """Head, list."""
        yield VramHead()
        yield VramList(self.chosen, id="vram-list")

    @property
    def table(self) -> VramList:
        """The list, which takes the keys."""
        return self.query_one(VramList)

    def show(self, view: ManifestView, model_id: str | None) -> None:
        """Show the figures of a model, and at the head what they are for."""
        self.table.show(view, model_id)
        self._show_head()

    def find_cards(self, path: Path | None) -> None:
        """Ask driver and configuration for the cards beside a manifest, once for each."""
        folder = path.parent if path is not None else None
        if self._asked_for != (folder,):
            self._asked_for = (folder,)
            self._find_cards(folder)

    @work(thread=True, exclusive=True, group="cards")
    def _find_cards(self, folder: Path | None) -> None:
        deck = find_deck(folder)
        self.app.call_from_thread(self._take_deck, deck)

    def _take_deck(self, deck: Deck) -> None:
        self.chosen.take_deck(deck)
        self.post_message(self.CardsFound(deck.problem))

    def on_descendant_focus(self) -> None:
        """The keys act now."""
        self._keys = self._bound()
        self._show_head()

    def on_descendant_blur(self) -> None:
        """They do not."""
        self._keys = {}
        self._show_head()

    def _show_head(self) -> None:
        self.query_one(VramHead).show(self.chosen.setting, self.table.estimate, self._keys)

    def _bound(self) -> dict[str, str]:
        """The first key of each action of the pane, as it is bound."""
        keys: dict[str, str] = {}
        for key, active in self.screen.active_bindings.items():
            action = BY_ID.get(active.binding.id or "")
            if action is not None and action.where == "vram" and (action.id not in keys or key == action.keys[0]):
                keys[action.id] = key
        return keys
