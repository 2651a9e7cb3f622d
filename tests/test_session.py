"""An open manifest: edits, undo and redo, the difference, the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadmaster.checks.engine import findings
from loadmaster.document import store
from loadmaster.document.document import Document
from loadmaster.document.store import Stamp
from loadmaster.errors import ChangedOnDisk, EditRefused
from loadmaster.session import Session, difference

MODEL = "wan-vae@2.2.0"


@pytest.fixture
def session(tmp_path: Path, samples: Path) -> Session:
    path = tmp_path / "models.toml"
    path.write_bytes((samples / "tiny.toml").read_bytes())
    return Session.open(path)


def test_an_edit_can_be_undone_and_redone_to_the_byte(session: Session) -> None:
    before = session.document.text
    change = session.apply(lambda document: document.set(("models", MODEL, "default_variant"), "bf16"), "set it")
    after = session.document.text
    assert session.dirty
    assert change.models == {MODEL}
    assert not change.structure
    assert [finding.code for finding in change.new] == ["LM201"]
    undone = session.undo()
    assert undone is not None
    assert [finding.code for finding in undone.gone] == ["LM201"]
    assert (session.document.text, session.dirty) == (before, False)
    session.redo()
    assert (session.document.text, session.dirty) == (after, True)
    assert session.redo() is None


def test_a_new_edit_ends_what_could_be_redone(session: Session) -> None:
    session.apply(lambda document: document.set(("schema_version",), 2), "one")
    session.undo()
    session.apply(lambda document: document.set(("models", MODEL, "version"), "2.2.0"), "two")
    assert session.redo() is None
    assert session.undo() is not None
    assert session.undo() is None


def test_a_refused_edit_leaves_everything(session: Session) -> None:
    before = (session.document, session.history, session.findings)
    with pytest.raises(EditRefused):
        session.apply(lambda document: document.unset(("models", MODEL, "nothing")), "unset it")
    assert (session.document, session.history, session.findings) == before


def test_a_preview_changes_nothing_and_tells_what_would_come(session: Session) -> None:
    before = session.document
    document, new, gone = session.preview(lambda one: one.set(("models", MODEL, "version"), "9.0.0"))
    assert document is not before
    assert [finding.code for finding in new] == ["LM202"]
    assert gone == ()
    assert session.document is before
    assert not session.history.done


def test_findings_follow_structure_edits_and_their_undo(session: Session) -> None:
    change = session.apply(lambda document: document.copy_model(MODEL, "wan-vae@2.3.0"), "copy")
    assert change.structure
    assert session.findings == findings(session.document, session.config).all
    session.apply(lambda document: document.remove_model(MODEL), "remove")
    assert session.findings == findings(session.document, session.config).all
    session.undo()
    session.undo()
    assert session.findings == findings(session.document, session.config).all


def test_saving_shows_the_difference_first_and_then_has_none(session: Session) -> None:
    assert session.path is not None
    session.apply(lambda document: document.set(("models", MODEL, "description"), "VAE"), "describe")
    hunks = session.difference()
    assert [line for hunk in hunks for line in hunk.lines if line[0] in "+-"] == ['+description = "VAE"']
    assert hunks[0].model_id == MODEL
    session.save()
    assert session.path.read_text() == session.document.text
    assert not session.dirty
    assert session.difference() == []
    session.undo()
    assert session.dirty


@pytest.mark.parametrize("above", ["", "\n", "\n# A word about it.\n"])
def test_a_hunk_is_named_by_what_came_or_went_not_by_the_lines_around(above: str) -> None:
    start = '[models."a@1.0.0"]\nversion = "1.0.0"\n\n[models."a@1.0.0".sources]\npriority = []\n'
    with_b = Document.from_text(f'{start}{above}[models."b@1.0.0"]\nversion = "1.0.0"\n')
    without = Document.from_text(start)
    for old, new in ((without, with_b), (with_b, without)):
        assert [(hunk.model_id, hunk.table) for hunk in difference(old, new)] == [("b@1.0.0", "")]


def test_a_file_changed_outside_is_not_written_over_and_can_be_taken(session: Session) -> None:
    assert session.path is not None
    theirs = session.path.read_text() + "# theirs\n"
    session.apply(lambda document: document.set(("schema_version",), 2), "mine")
    mine = session.document.text
    session.path.write_text(theirs)
    assert session.has_changed_outside()
    with pytest.raises(ChangedOnDisk):
        session.save()
    session.reload()
    assert session.document.text == theirs
    assert not session.dirty
    session.undo()
    assert session.document.text == mine


def test_mine_can_stand_on_what_the_file_says_by_now(session: Session) -> None:
    assert session.path is not None
    theirs = session.path.read_text() + "# theirs\n"
    session.apply(lambda document: document.set(("schema_version",), 2), "mine")
    mine = session.document.text
    session.path.write_text(theirs)
    session.stand_on(store.load(session.path))
    assert (session.document.text, session.dirty, session.has_changed_outside()) == (mine, True, False)
    assert "-# theirs" in session.difference()[-1].lines
    session.save()
    assert session.path.read_text() == mine


def test_what_is_edited_while_a_file_is_written_is_unsaved(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.apply(lambda document: document.set(("schema_version",), 2), "written")
    write = store.save

    def edit_meanwhile(path: Path, document: Document, stamp: Stamp | None, *, force: bool = False) -> Stamp:
        session.apply(lambda one: one.set(("schema_version",), 3), "meanwhile")
        return write(path, document, stamp, force=force)

    monkeypatch.setattr(store, "save", edit_meanwhile)
    session.save()
    assert session.path is not None
    assert session.path.read_text() == session.saved_document.text
    assert session.dirty


def test_a_whole_session_without_a_check_has_no_findings(samples: Path) -> None:
    session = Session.open(samples / "tiny.toml", check_now=False)
    assert session.findings == ()
    session.apply(lambda document: document.set(("schema_version",), 9), "break it")
    assert not session.is_checked
    assert [finding.code for finding in session.check()] == ["LM106"]


def test_an_undo_tells_where_the_cursor_was_before_the_edit() -> None:
    session = Session.from_text('[models."a@1.0.0"]\nvariants = ["x", "y"]\n')
    path = ("models", "a@1.0.0", "variants")
    done = session.apply(lambda document: document.move_item(path, 0, 1), "move", (*path, 1), (*path, 0))
    undone, redone = session.undo(), session.redo()
    assert undone is not None
    assert redone is not None
    assert (done.cursor, undone.cursor, redone.cursor) == ((*path, 1), (*path, 0), (*path, 1))
