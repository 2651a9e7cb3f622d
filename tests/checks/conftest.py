"""What the tests of the checks share: a short way to say a text and hear the codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loadmaster.checks.diagnostic import Diagnostic
from loadmaster.checks.engine import check
from loadmaster.document.document import Document

Said = Callable[[str], list[str]]
Told = Callable[[str, str], Diagnostic]


@pytest.fixture
def said() -> Said:
    """The codes that a text is told of, in the order of their places."""

    def codes(text: str) -> list[str]:
        return [diagnostic.code for diagnostic in check(Document.from_text(text))]

    return codes


@pytest.fixture
def told() -> Told:
    """The one diagnostic of a code for a text; fails where there is none or more than one."""

    def only(text: str, code: str) -> Diagnostic:
        found = [diagnostic for diagnostic in check(Document.from_text(text)) if diagnostic.code == code]
        assert len(found) == 1, [diagnostic.message for diagnostic in found]
        return found[0]

    return only
