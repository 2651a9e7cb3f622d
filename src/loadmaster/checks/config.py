"""Which rules count and how much: what a project, or a command's options, say of them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.errors import LoadmasterError

OWN_FILE = "loadmaster.toml"
PROJECT_FILE = "pyproject.toml"


class ConfigError(LoadmasterError):
    """A configuration cannot be read, or asks for what is not there; `details` holds `file` and `key`."""

    error_code = "CONFIG_ERROR"


@dataclass(frozen=True, slots=True)
class CheckConfig:
    """What is checked. `select` and `ignore` hold codes or their beginnings (`LM4`); an empty `select` takes all.

    The longer beginning wins, and `ignore` where they are equal. `severities` gives rules another severity. `models`
    are globs of the ids to check; empty takes all.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    models: tuple[str, ...] = ()

    @property
    def is_default(self) -> bool:
        """Whether it changes nothing."""
        return not (self.select or self.ignore or self.severities or self.models)

    def takes_rule(self, code: str) -> bool:
        """Whether the rule is checked."""
        taken = max((len(prefix) for prefix in self.select if code.startswith(prefix)), default=0 if self.select else 1)
        left = max((len(prefix) for prefix in self.ignore if code.startswith(prefix)), default=0)
        return taken > left

    def takes_model(self, model_id: str | None) -> bool:
        """Whether findings of the model count; those of the whole file always do."""
        return not self.models or model_id is None or any(fnmatchcase(model_id, glob) for glob in self.models)

    def applied(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that count, with the severities that they have here."""
        if self.is_default:
            return list(findings)
        return [
            replace(finding, severity=self.severities.get(finding.code, finding.severity))
            for finding in findings
            if self.takes_rule(finding.code) and self.takes_model(finding.model_id)
        ]


DEFAULT = CheckConfig()
"""All rules, as they are."""


def find_config(folder: Path) -> Path | None:
    """The nearest file of configuration in `folder` or above it.

    `loadmaster.toml`, or a `pyproject.toml` that has a table `[tool.loadmaster]`; where both are, the first.
    Raises ConfigError where a `pyproject.toml` cannot be read, or the folder cannot be named in full.
    """
    try:
        folder = folder.absolute()
    except OSError as error:
        raise ConfigError(f"{folder}: the folder that we are in is gone", {"file": str(folder)}) from error
    for place in (folder, *folder.parents):
        # `os.path` takes a folder that is closed to us for one without the file, where `Path` would raise.
        own = place / OWN_FILE
        if os.path.isfile(own):
            return own
        project = place / PROJECT_FILE
        if os.path.isfile(project) and "loadmaster" in _table(_read(project), "tool"):
            return project
    return None


def load_config(folder: Path) -> CheckConfig:
    """The configuration that counts in `folder`; the default where there is none. Raises ConfigError."""
    file = find_config(folder)
    return DEFAULT if file is None else read_config(file)


def read_config(file: Path) -> CheckConfig:
    """The configuration that a file holds. Raises ConfigError."""
    return config_of(read_table(file), str(file))


def read_table(file: Path) -> Mapping[str, Any]:
    """All that a file of configuration holds for us, `[tool.loadmaster]` of a `pyproject.toml`. Raises ConfigError."""
    data = _read(file)
    return _table(_table(data, "tool"), "loadmaster") if file.name == PROJECT_FILE else data


def config_of(data: Mapping[str, Any], file: str = "") -> CheckConfig:
    """The configuration that plain data tells: `select`, `ignore`, `models` as lists, `severity` as a table.

    Raises ConfigError for another type, for a code that no rule begins with, and for what is no severity. Other keys
    are left to others.
    """
    severities: dict[str, Severity] = {}
    severity = data.get("severity", {})
    if not isinstance(severity, dict):
        raise ConfigError(f"{file}: severity is a table of rules", {"file": file, "key": "severity"})
    for code, word in severity.items():
        _known((code,), "severity", file, whole=True)
        if word not in list(Severity):
            raise ConfigError(
                f"{file}: severity.{code} is error, warning or info", {"file": file, "key": f"severity.{code}"}
            )
        severities[code] = Severity(word)
    return CheckConfig(
        select=_known(_strings(data, "select", file), "select", file),
        ignore=_known(_strings(data, "ignore", file), "ignore", file),
        severities=severities,
        models=_strings(data, "models", file),
    )


def _known(codes: tuple[str, ...], key: str, file: str, *, whole: bool = False) -> tuple[str, ...]:
    from loadmaster.checks.rule import RULES

    for code in codes:
        if code not in RULES and (whole or not code or not any(known.startswith(code) for known in RULES)):
            raise ConfigError(f"{file}: {key}: there is no rule {code}", {"file": file, "key": key, "code": code})
    return codes


def _strings(data: Mapping[str, Any], key: str, file: str) -> tuple[str, ...]:
    items = data.get(key, [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ConfigError(f"{file}: {key} is a list of strings", {"file": file, "key": key})
    return tuple(items)


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: cannot be read: {error}", {"file": str(file)}) from None
