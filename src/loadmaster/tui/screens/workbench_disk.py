"""What the workbench does with the Disk pane: which models are meant, and what is filled in, shown first."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work

from loadmaster.document.document import Document
from loadmaster.errors import EditRefused
from loadmaster.manifest.words import plural
from loadmaster.session import difference
from loadmaster.tui.difference import difference_maker, fault_remark
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.difference import DifferenceScreen
from loadmaster.tui.screens.root import RootScreen
from loadmaster.tui.screens.workbench_panes import WorkbenchPanes
from loadmaster.tui.widgets.detail.disk import Disk
from loadmaster.tui.widgets.detail.disk_table import DiskTable, tally_of
from loadmaster.tui.widgets.title_bar import TitleBar
from loadmaster.weights.filling import FillPlan, fill


class WorkbenchDisk(WorkbenchPanes):
    """A workbench that verifies files and fills in what is true of them."""

    @property
    def disk(self) -> Disk:
        """The pane."""
        return self.query_one(Disk)

    def _meant(self, model_id: str) -> list[str]:
        """The model, or all marked ones where it is one of them."""
        if self.view is None or model_id not in self.marks:
            return [model_id]
        return [one for one in self.view.document.model_ids if one in self.marks]

    def on_disk_table_verify_asked(self, message: DiskTable.VerifyAsked) -> None:
        """Read files."""
        self.disk.verify(self._meant(message.model_id))
        self.refresh_bindings()

    def on_disk_table_fill_asked(self, message: DiskTable.FillAsked) -> None:
        """Read what is not known yet, then fill it in."""
        if self.editing.is_read_only():
            return
        if message.addition is not None:
            self.disk.fill([message.model_id], {message.model_id: (message.addition,)})
        else:
            self.disk.fill(self._meant(message.model_id), {})
        self.refresh_bindings()

    def on_disk_table_stop_asked(self) -> None:
        """End the read."""
        self.disk.stop()

    def on_disk_table_root_asked(self) -> None:
        """Name a root."""
        self._ask_root()

    def on_disk_root_asked(self) -> None:
        """It is needed first."""
        self._ask_root()

    @work(exclusive=True, group="sheet")
    async def _ask_root(self) -> None:
        root = await self.app.push_screen_wait(RootScreen(self.disk.root))
        if root is not None:
            self.disk.set_root(root)

    def on_disk_ended(self, message: Disk.Ended) -> None:
        """Digests that were hashed and agree are confirmed."""
        if self.view is None:
            return
        for model_id, digest in message.sound:
            self.view.session.unconfirmed.confirm(model_id, digest)
        said = "Stopped; what was read is kept." if message.stopped else self._found()
        if self.is_current:
            self.status.say(said, "label" if message.stopped else "value")
        self.refresh_bindings()

    def _found(self) -> str:
        return f"{tally_of(self.disk.table.rows)}."

    def on_disk_faults_counted(self, message: Disk.FaultsCounted) -> None:
        """The first line counts what is wrong in the text; what lies on disk comes beside."""
        self.query_one(TitleBar).show_on_disk(message.number)

    @work(exclusive=True, group="sheet")
    async def on_disk_filled(self, message: Disk.Filled) -> None:
        """Show what would be filled in, and do it as one step."""
        view = self.view
        if view is None:
            return

        def edit(document: Document) -> Document:
            for plan in message.plans:
                document = fill(document, plan, add=message.add)
            return document

        try:
            document, new, gone = view.session.preview(edit)
        except EditRefused as refusal:
            self.status.say(str(refusal), "error")
            return
        if document.text == view.document.text:
            self.status.say(_nothing(message.plans), "label")
            return
        title, label = _told(message.plans, message.add)
        lines = difference_maker(difference(view.document, document))
        if await self.ask(
            DifferenceScreen(title, lines, [*_remarks(message.plans), fault_remark(new, gone)], "fill in")
        ):
            cursor = ("models", message.plans[0].model_id)
            if self.editing.apply(edit, label, cursor):
                for plan in message.plans:
                    if message.add:
                        self.disk.know_additions(plan)
                    for change in plan.changes:
                        view.session.unconfirmed.confirm(plan.model_id, change.sha256)
                self.detail.refresh_content()


def _nothing(plans: Sequence[FillPlan]) -> str:
    left_out = [path for plan in plans for path, _ in plan.left_out]
    if left_out:
        return f"{left_out[0]} is not added: {plans[0].left_out[0][1]}."
    agreeing = sum(plan.agreeing for plan in plans)
    return f"Nothing to fill in: {plural(agreeing, 'file')} true already."


def _told(plans: Sequence[FillPlan], add: bool) -> tuple[Line, str]:
    models = f" in {len(plans)} models" if len(plans) > 1 else f" in {plans[0].model_id}"
    count = sum(len(plan.additions if add else plan.changes) for plan in plans)
    what = f"add {plural(count, 'file')}" if add else f"fill {plural(count, 'file')} from disk"
    return [Piece(what[0].upper() + what[1:], "bright"), Piece(models, "label")], f"{what}{models}"


def _remarks(plans: Sequence[FillPlan]) -> list[Line]:
    pointers = [path for plan in plans for path in plan.pointers]
    if not pointers:
        return []
    return [[Piece(f"{plural(len(pointers), 'file')} are Git LFS pointers: what they promise is taken.", "warning")]]
