"""The frame of the workbench: its panes and the rules between them; one pane at a time where it is narrow."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from loadmaster.tui.actions import BY_ID
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.manifest_view import ManifestView
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.visible import visible
from loadmaster.tui.vram_setting import Chosen
from loadmaster.tui.widgets.detail.pane import DetailPane
from loadmaster.tui.widgets.fault_list import FaultList
from loadmaster.tui.widgets.frame import Divider, PaneRule, Tab, heavy_for
from loadmaster.tui.widgets.model_tree import ModelTree
from loadmaster.tui.widgets.plain_input import PlainInput
from loadmaster.tui.widgets.pull_rule import PullRule
from loadmaster.tui.widgets.status_bar import StatusBar
from loadmaster.tui.widgets.title_bar import TitleBar

NARROW_BELOW = 96
LOW_BELOW = 20
PANES = ("models", "detail", "faults")


class WorkbenchFrame(Screen[None]):
    """Three panes and what is around them. It shows a `ManifestView`; what the panes say is for the workbench."""

    CSS_PATH: ClassVar = "workbench.tcss"
    AUTO_FOCUS = "#tree"

    def __init__(self) -> None:
        super().__init__()
        self.view: ManifestView | None = None
        self.pane = "models"
        self.chosen = Chosen()

    def compose(self) -> ComposeResult:
        """Title, panes, status."""
        yield TitleBar()
        yield PaneRule(id="pane-tabs")
        with Horizontal(id="upper"):
            with Vertical(id="models"):
                yield PaneRule("Models", id="models-rule")
                yield PlainInput(id="filter", placeholder="id, type, path, digest, rule")
                yield ModelTree(self.chosen, id="tree")
            yield Divider()
            yield DetailPane(self.chosen, id="detail")
        with Vertical(id="faults"):
            yield PullRule("Validation", id="faults-rule")
            yield FaultList(id="fault-list")
        yield StatusBar(self.is_of_use, self.word_of)

    # Parts.

    @property
    def models(self) -> ModelTree:
        """The models."""
        return self.query_one(ModelTree)

    @property
    def detail(self) -> DetailPane:
        """The model that is shown."""
        return self.query_one(DetailPane)

    @property
    def fault_list(self) -> FaultList:
        """The faults."""
        return self.query_one(FaultList)

    @property
    def status(self) -> StatusBar:
        """The last line."""
        return self.query_one(StatusBar)

    def is_of_use(self, action_id: str) -> bool:
        """Whether an action would do something now."""
        return True

    def word_of(self, action_id: str) -> str:
        """What an action does here, in a word."""
        return BY_ID[action_id].label

    # What is told around the panes.

    def show_state(self) -> None:
        """Title and rules: what is unsaved, how much there is."""
        if self.view is None:
            return
        session = self.view.session
        state = self.state_word()
        tally = self.view.faults.totals()
        if session.is_checked:
            self.query_one(TitleBar).show(session.title, state, self.view.totals(), tally)
        else:
            # Counting files reads every table, which the check does aside.
            self.query_one(TitleBar).show(session.title, state, None, None)
        self._show_fault_rule(tally)
        self._show_pane_tabs()
        self._show_where()

    def state_word(self) -> str:
        """What becomes of the file, in a word or two; nothing where it is as it is shown."""
        if self.view is None:
            return ""
        return "unsaved" if self.view.session.dirty else "read-only" if self.view.session.read_only else ""

    def _show_fault_rule(self, tally: Counts) -> None:
        scope = self.fault_list.scope
        note: Line = [Piece(f"{visible(scope)} only", "accent")] if scope else []
        title: list[Piece] = [Piece("Validation", "label")]
        if not tally and self.view is not None and self.view.session.is_checked:
            title.append(Piece("  ✓ nothing to mend", "label"))
        self.query_one("#faults-rule", PaneRule).show(title=title, note=note)
        self.set_class(not tally, "-faultless")

    def _show_pane_tabs(self) -> None:
        name = visible(self.detail.model_id) if self.detail.model_id else "the file"
        rule = self.query_one("#pane-tabs", PaneRule)
        rule.set_tabs_first(True)
        rule.show_tabs((Tab("models", "Models"), Tab("detail", name), Tab("faults", "Validation")), self.pane)

    def focus_pane(self, name: str) -> None:
        """Give the keys to a pane; where there is room for one only, show it."""
        if name == "faults" and self.has_class("-faultless"):
            name = "models"
        self.pane = name
        for pane in PANES:
            self.set_class(pane == name, f"-on-{pane}")
        targets: dict[str, Widget] = {"models": self.models, "detail": self.detail.body, "faults": self.fault_list}
        targets[name].focus()
        self._show_pane_tabs()

    def _show_where(self) -> None:
        if self.view is None:
            return
        if self.detail.where:
            self.status.show_where(self.detail.where)
            return
        path = self.detail.path or (("models", self.detail.model_id) if self.detail.model_id else None)
        if path is None:
            self.status.show_where("")
            return
        place = self.view.document.place(path)
        self.status.show_where(f"{place.line}:{place.column}")

    # Layout.

    def on_pane_rule_tab_chosen(self, message: PaneRule.TabChosen) -> None:
        """A pane was clicked in the narrow layout."""
        self.focus_pane(message.tab_id)

    def on_resize(self, event: events.Resize) -> None:
        """One pane at a time where there is no room for three."""
        narrow = event.size.width < NARROW_BELOW or event.size.height < LOW_BELOW
        self.set_class(narrow, "-narrow")
        self.detail.rule.set_tabs_first(narrow)
        self.call_after_refresh(self._place_joint)

    def on_descendant_focus(self) -> None:
        """The rule of the pane with the keys is heavy."""
        self._show_focus()

    def _show_focus(self) -> None:
        heavy = {pane: heavy_for(self.focused, self.query_one(f"#{pane}")) for pane in PANES}
        for pane in PANES:
            self.query_one(f"#{pane}-rule", PaneRule).set_heavy(heavy[pane])
            if heavy[pane]:
                self.pane = pane
        for pane in PANES:
            self.set_class(pane == self.pane, f"-on-{pane}")
        self._show_pane_tabs()
        self.query_one(Divider).set_sides(heavy["models"], heavy["detail"])

    def _place_joint(self) -> None:
        divider = self.query_one(Divider)
        joint = divider.region.x if divider.display and divider.region.width else None
        self.query_one("#faults-rule", PaneRule).set_joint(joint)

    def on_key(self) -> None:
        """What was said is said until the next key."""
        self.status.hush()
