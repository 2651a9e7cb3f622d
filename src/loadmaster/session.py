"""An open manifest: its document, what is wrong with it, the history of its edits, and its file.

The app and the commands that edit share it. It holds no state that can be derived: what is unsaved, for instance, is
whether the text differs from the text that was read or written last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from loadmaster.checks import engine
from loadmaster.checks.config import DEFAULT, CheckConfig
from loadmaster.checks.diagnostic import Diagnostic, Finding
from loadmaster.checks.engine import Findings
from loadmaster.document import store
from loadmaster.document.collector import without_collection
from loadmaster.document.document import Document
from loadmaster.document.history import History, Step, backward, forward, step_between
from loadmaster.document.line_difference import changed_groups, lines_of
from loadmaster.document.places import KeyPath
from loadmaster.document.store import Loaded, Stamp
from loadmaster.document.tables import Table
from loadmaster.document.unconfirmed import Unconfirmed

Edit = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit, undo or redo did, for whoever shows the manifest.

    `models` are the ids whose tables it touched (the empty name: the top level); `structure` says that a table came,
    went or was renamed, so that a tree must be looked at anew; `cursor` is where the edit was made.
    """

    label: str
    cursor: KeyPath | None = None
    models: frozenset[str] = frozenset()
    structure: bool = False
    new: tuple[Finding, ...] = ()
    gone: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of a difference: the model it lies in (None for the top level) and the 1-based line where each side
    begins; `lines` start with a space, a minus or a plus."""

    model_id: str | None
    table: str
    old_line: int
    new_line: int
    lines: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An edit that was worked out and checked, but not done: `document` is what it leads to from `before`.

    `joined` is the latest step where the edit goes on with it; `step` then stands for both.
    """

    before: Document
    document: Document
    findings: Findings | None
    step: Step
    joined: Step | None = None


class Session:
    """One manifest being worked on. `document` and `findings` follow every edit.

    With `check_now=False` nothing is checked until `check` is called, so that a large file can be shown first.
    """

    def __init__(
        self,
        document: Document,
        path: Path | None = None,
        stamp: Stamp | None = None,
        *,
        writable: bool = True,
        config: CheckConfig = DEFAULT,
        check_now: bool = True,
    ) -> None:
        self.document = document
        self.path = path
        self.stamp = stamp
        self.config = config
        self.history = History()
        self.unconfirmed = Unconfirmed()
        """The digests that were copied with a model and not looked at since."""
        self._writable = writable
        self._saved = document
        self._findings: Findings | None = None
        if check_now:
            self.check()

    @classmethod
    def open(cls, path: Path | str, config: CheckConfig = DEFAULT, *, check_now: bool = True) -> Session:
        """The session of the file at `path`. Raises StoreError where it cannot be read."""
        loaded = store.load(path)
        return cls(
            loaded.document,
            Path(path),
            loaded.stamp,
            writable=loaded.writable,
            config=config,
            check_now=check_now,
        )

    @classmethod
    def from_text(cls, text: str, path: Path | None = None, config: CheckConfig = DEFAULT) -> Session:
        """The session of a text that is no file yet."""
        return cls(Document.from_text(text), path, config=config)

    # What it is

    @property
    def title(self) -> str:
        """The path of its file, or a word for what has none."""
        return str(self.path) if self.path is not None else "(new manifest)"

    @property
    def read_only(self) -> bool:
        """Whether it cannot be saved to its file: not UTF-8, or no permission to write."""
        return not self._writable or not self.document.is_readable

    @property
    def can_be_written(self) -> bool:
        """Whether its file may be written, as far as could be told when it was read."""
        return self._writable

    @property
    def dirty(self) -> bool:
        """Whether the text differs from the file as it was read or written last."""
        if self.document is self._saved:
            return False
        mine, saved = self.document.tables, self._saved.tables
        return len(mine) != len(saved) or mine.alike(saved, _say_the_same)[0] < len(mine)

    @property
    def saved_document(self) -> Document:
        """The document as it was read or written last."""
        return self._saved

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong, in the order of the file's models; empty until it is checked."""
        return self._findings.all if self._findings is not None else ()

    @property
    def findings_by_model(self) -> Mapping[str | None, tuple[Finding, ...]]:
        """The same by the model that they speak of, None for the file: see `Findings.parts`."""
        return self._findings.parts if self._findings is not None else {}

    @property
    def is_checked(self) -> bool:
        """Whether `findings` speak of the document."""
        return self._findings is not None

    def check(self) -> tuple[Finding, ...]:
        """Check the whole document. Costs about 0.5 ms a model with 20 files."""
        with without_collection():
            self._findings = engine.findings(self.document, self.config)
        return self._findings.all

    def locate(self, finding: Finding) -> Diagnostic:
        """The finding with its place in the text as it is now."""
        return engine.locate(self.document, finding)

    # Edits

    def apply(self, edit: Edit, label: str, cursor: KeyPath | None = None, back: KeyPath | None = None) -> Change:
        """Do `edit` as one step of undo. Raises EditRefused, and then nothing has changed.

        `cursor` is where it was made; `back` where the cursor belongs after an undo, if that is another place.
        """
        new = edit(self.document)
        if new is self.document:
            return Change(label, cursor)
        step = step_between(self.document, new, label, cursor, back)
        if not step.old and not step.new:
            return Change(label, cursor)
        self.history = self.history.did(step)
        return self._went(new, step, step.cursor)

    def preview(self, edit: Edit) -> tuple[Document, tuple[Finding, ...], tuple[Finding, ...]]:
        """What `edit` would give: the document, and the findings that would come and go. Raises EditRefused."""
        new = edit(self.document)
        if new is self.document:
            return new, (), ()
        step = step_between(self.document, new, "")
        findings = self._rechecked(new, step)
        come, gone = _difference(self._findings, findings)
        return new, come, gone

    def prepare(
        self, edit: Edit, label: str, cursor: KeyPath | None = None, *, joining: Step | None = None
    ) -> Prepared:
        """Work `edit` out without doing it, in any thread; `take` does it. Raises EditRefused.

        Where `joining` is the latest step, both become one step of undo: typing goes on where it was.
        """
        before, findings, done = self.document, self._findings, self.history.done
        new = edit(before)
        step = step_between(before, new, label, cursor)
        if findings is not None:
            changed = None if new.is_whole or before.is_whole else step.models
            findings = engine.recheck(new, findings, changed)
        if joining is not None and done and done[-1] is joining:
            both = step_between(backward(before, joining), new, joining.label, cursor)
            return Prepared(before, new, findings, both, joining)
        return Prepared(before, new, findings, step)

    def take(self, prepared: Prepared) -> Change | None:
        """Do a prepared edit; None, and nothing is done, where the document is another one by now."""
        if prepared.before is not self.document or (prepared.findings is None) != (self._findings is None):
            return None
        history = self.history
        if prepared.joined is not None:
            history = History(history.done[:-1], history.undone)
        if prepared.step.old or prepared.step.new:
            history = history.did(prepared.step)
        step = prepared.step
        if prepared.joined is not None:
            step = step_between(prepared.before, prepared.document, step.label, step.cursor)
        come, gone = _difference(self._findings, prepared.findings)
        self.history, self.document, self._findings = history, prepared.document, prepared.findings
        return Change(step.label, step.cursor, step.models, not step.keeps_headers, come, gone)

    def undo(self) -> Change | None:
        """Take back the latest edit; None where there is none."""
        if not self.history.done:
            return None
        step = self.history.done[-1]
        self.history = self.history.undid()
        return self._went(backward(self.document, step), step, step.back or step.cursor)

    def redo(self) -> Change | None:
        """Do the latest undone edit again; None where there is none."""
        if not self.history.undone:
            return None
        step = self.history.undone[-1]
        self.history = self.history.redid()
        return self._went(forward(self.document, step), step, step.cursor)

    def _went(self, document: Document, step: Step, cursor: KeyPath | None) -> Change:
        findings = self._rechecked(document, step)
        come, gone = _difference(self._findings, findings)
        self.document, self._findings = document, findings
        return Change(step.label, cursor, step.models, not step.keeps_headers, come, gone)

    def _rechecked(self, document: Document, step: Step) -> Findings | None:
        if self._findings is None:
            return None
        changed = None if document.is_whole or self.document.is_whole else step.models
        return engine.recheck(document, self._findings, changed)

    # The file

    def difference(self) -> list[Hunk]:
        """What saving would change in the file, table by table."""
        return difference(self._saved, self.document)

    def save(self, path: Path | None = None, *, force: bool = False) -> None:
        """Write the text to its file, or to `path`, which is its file from then on.

        Raises ChangedOnDisk where someone else has changed the file meanwhile (not with `force`), StoreError where it
        cannot be written; then nothing was written.
        """
        target = path or self.path
        assert target is not None, "a manifest without a file needs a path to be saved to"
        stamp = self.stamp if target == self.path else None
        document = self.document  # it may be edited on while a large one is being written in a thread
        self.stamp = store.save(target, document, stamp, force=force)
        self.path, self._saved, self._writable = target, document, True

    def stand_on(self, loaded: Loaded) -> None:
        """Take note of what the file says by now: what is unsaved is told against that. The document stays."""
        self.stamp, self._saved, self._writable = loaded.stamp, loaded.document, loaded.writable

    def has_changed_outside(self) -> bool:
        """Whether the file says something else by now. Raises StoreError where it cannot be read."""
        return self.path is not None and self.stamp is not None and store.has_changed(self.path, self.stamp)

    def reload(self) -> Change:
        """Take the file as it is now, as one step of undo. Raises StoreError."""
        assert self.path is not None
        loaded = store.load(self.path)
        change = self.apply(lambda _: loaded.document, "reload")
        self.stand_on(loaded)
        return change


def _say_the_same(one: Table, other: Table) -> bool:
    return one.text == other.text


def _difference(before: Findings | None, after: Findings | None) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that came and those that went, by identity."""
    if before is None or after is None or before is after:
        return (), ()
    return engine.compared(before, after)


def difference(old: Document, new: Document, context: int = 1) -> list[Hunk]:
    """What differs between two documents: a hunk for each table that changed, with `context` lines around."""
    step = step_between(old, new, "")
    old_line = old.place_at(old.starts[step.first]).line if step.first < len(old.tables) else 1
    new_line = new.place_at(new.starts[step.first]).line if step.first < len(new.tables) else 1
    before, after = lines_of(step.old), lines_of(step.new)
    hunks: list[Hunk] = []
    for group in changed_groups(step.old, step.new, context):
        lines: list[str] = []
        for kind, i1, i2, j1, j2 in group:
            if kind == "equal":
                lines += (f" {line}" for line in before[i1:i2])
                continue
            lines += (f"-{line}" for line in before[i1:i2])
            lines += (f"+{line}" for line in after[j1:j2])
        first_old, first_new = old_line + group[0][1], new_line + group[0][3]
        ranges = [(range(i1, i2), range(j1, j2)) for kind, i1, i2, j1, j2 in group if kind != "equal"]
        come = [(new, new_line + j, after[j]) for _, lines_of_new in ranges for j in lines_of_new]
        gone = [(old, old_line + i, before[i]) for lines_of_old, _ in ranges for i in lines_of_old]
        # Blank lines and comments above a header stand, for the text, in the table before it.
        telling = (one for one in (*come, *gone) if one[2].strip() and not one[2].lstrip().startswith("#"))
        document, line, _ = next(telling, (*come, *gone)[0])
        model_id, table = _owner(document, line)
        hunks.append(Hunk(model_id, table, first_old, first_new, tuple(lines)))
    return hunks


def _owner(document: Document, line: int) -> tuple[str | None, str]:
    key = document.tables[document.table_at(document.offset_of(line))].key
    if key[:1] == ("models",) and len(key) > 1:
        return key[1], ".".join(key[2:])
    return None, ".".join(key)
