"""The cards that a project names in its configuration, beside those that are known.

[cards]                 # in loadmaster.toml; [tool.loadmaster.cards] in pyproject.toml
"lab A" = "20GiB"
"render box" = 48601    # MiB, as the driver reports
"""

from __future__ import annotations

from pathlib import Path

from loadmaster.checks.config import ConfigError, find_config, read_table
from loadmaster.vram.cards import Card, cards_from

KEY = "cards"


def configured_cards(folder: Path) -> tuple[Card, ...]:
    """The cards of the configuration that counts in `folder`, in its order. Raises ConfigError."""
    file = find_config(folder)
    table = {} if file is None else read_table(file).get(KEY, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{file}: {KEY} is a table of names and sizes", {"file": str(file), "key": KEY})
    try:
        return cards_from(table)
    except ValueError as error:
        raise ConfigError(f"{file}: {KEY}: {error}", {"file": str(file), "key": KEY}) from None
