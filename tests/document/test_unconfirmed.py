"""Copied digests are not confirmed until someone looked at them."""

from __future__ import annotations

from loadmaster.document.document import Document
from loadmaster.document.unconfirmed import Unconfirmed

DOCUMENT = Document.from_text(
    '[models."a@1.0.0"]\nfiles = [{ path = "x", sha256 = "11" }, { path = "y", sha256 = "22" }, { path = "z" }, 4]\n'
)
FILE = {"path": "x", "sha256": "11"}


def test_all_digests_of_a_copy_are_held_and_one_goes_when_it_is_confirmed() -> None:
    state = Unconfirmed()
    assert state.mark(DOCUMENT, "a@1.0.0") == 2
    assert state.holds("a@1.0.0", FILE)
    state.confirm("a@1.0.0", "11")
    assert not state.holds("a@1.0.0", FILE)
    assert state.count(DOCUMENT, "a@1.0.0") == 1


def test_another_digest_another_model_and_none_are_not_held() -> None:
    state = Unconfirmed()
    state.mark(DOCUMENT, "a@1.0.0")
    assert not state.holds("a@1.0.0", {"sha256": "33"})
    assert not state.holds("b@1.0.0", FILE)
    assert not state.holds("a@1.0.0", {"path": "z"})
    assert not state.holds("a@1.0.0", {"sha256": 4})


def test_a_renamed_model_keeps_its_state_under_both_ids() -> None:
    state = Unconfirmed()
    state.mark(DOCUMENT, "a@1.0.0")
    state.follow("a@1.0.0", "b@1.0.0")
    assert state.holds("b@1.0.0", FILE)
    assert state.holds("a@1.0.0", FILE)
