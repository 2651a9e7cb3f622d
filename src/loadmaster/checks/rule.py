"""What a rule is, and the registry of all of them.

A family's module defines its rules beside the functions that apply them. `loadmaster explain` and the table of the
README are made from what is written here, and tests hold that `bad` fires its rule alone and `good` nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from loadmaster.checks.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the validation.

    `severity` is the one that it has unless a finding or the configuration says otherwise. `refuses` tells that
    `ModelRegistry` does not load what breaks it; where only some of its findings are meant, each finding knows.
    `summary`, `why` and `mend` are its page: what it finds, why that matters, what to do; `fix` is what its fix does,
    empty where there is none. `bad` and `good` are whole manifests, but for rules that need the disk or the network
    (`offline` is False), where they tell a situation.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    mend: str
    bad: str
    good: str
    refuses: bool = False
    fix: str = ""
    offline: bool = True


_DEFINED: dict[str, Rule] = {}


def define(rule: Rule) -> Rule:
    """Enter `rule` into the registry and give it back. Raises ValueError for a code that is taken."""
    if rule.code in _DEFINED:
        raise ValueError(f"{rule.code} is defined twice")
    _DEFINED[rule.code] = rule
    return rule


class _Registry(Mapping[str, Rule]):
    """All rules by code, in the order of the codes; the modules that define them are loaded when it is first asked."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}

    def _all(self) -> dict[str, Rule]:
        if not self._rules:
            import loadmaster.checks.catalog  # noqa: F401  (the families define their rules as they are loaded)

            self._rules = {code: _DEFINED[code] for code in sorted(_DEFINED)}
        return self._rules

    def __getitem__(self, code: str) -> Rule:
        return self._all()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


RULES: Mapping[str, Rule] = _Registry()
"""Every rule by its code, in the order of the codes."""
