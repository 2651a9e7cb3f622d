"""What the tests of the reports share: a manifest with hostile text and a secret, checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD
from loadmaster.document.document import Document
from loadmaster.reports.report import FileReport

TOKEN = "hf_" + "abcdefghijklmnopqrstuvwxyz0123"

HOSTILE = GOOD.replace(
    'path = "config.json"', 'path = "a\u202eb<&\\"]]>%,:\x9b31m/../c"\nnotes = "' + TOKEN + '\\u0007"'
).replace("hf://acme", f"https://user:{TOKEN}@evil.example/<!--&-->")
"""Bidirectional and control characters, markup of every format, and a token."""

Report = Callable[..., FileReport]


@pytest.fixture
def report() -> Report:
    """The report of a text, under a file's name."""

    def report_it(text: str, file: str = "config/models.toml") -> FileReport:
        document = Document.from_text(text)
        return FileReport(file, document, check(document))

    return report_it


def is_safe(output: str) -> bool:
    """Whether a report holds no raw control or bidirectional character, and no more of the secret than may be shown."""
    return all(character.isprintable() or character == "\n" for character in output) and TOKEN[4:] not in output
