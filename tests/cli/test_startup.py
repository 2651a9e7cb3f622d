"""What a command loads: each pays only for what it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# Of an extra, of the app, of the network, or slow to load without need.
_FOREIGN = frozenset(
    [
        "textual",
        "rich",
        "tomlkit",
        "huggingface_hub",
        "httpx",
        "requests",
        "urllib.request",
        "http.client",
        "ssl",
        "asyncio",
        "socket",
        "watchfiles",
        "platformdirs",
        "numpy",
        "pydantic",
        "difflib",
        "subprocess",
        "importlib.metadata",
    ]
)

_SCRIPT = """
import json, sys
sys.argv = ["loadmaster", *json.loads(sys.argv[1])]
from loadmaster.cli.main import main
try:
    main()
except SystemExit as end:
    code = end.code
json.dump({"code": code, "modules": sorted(sys.modules)}, sys.stderr)
"""


def loaded(*arguments: str) -> tuple[int, set[str]]:
    """What a fresh process has loaded once the command is done, and what it answered."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, json.dumps(arguments)], capture_output=True, check=True, text=True
    )
    told = json.loads(done.stderr.splitlines()[-1])
    return told["code"], set(told["modules"])


@pytest.mark.parametrize("form", ["text", "json", "github", "junit"])
def test_check_loads_neither_the_app_nor_the_network(good: Path, form: str) -> None:
    code, modules = loaded("check", str(good), "--format", form)
    assert code == 0
    assert modules.isdisjoint(_FOREIGN)
    assert not any(name.startswith(("loadmaster.tui", "loadmaster.weights")) for name in modules)


def test_only_the_format_that_is_asked_for_is_loaded(good: Path) -> None:
    _, modules = loaded("check", str(good))
    assert {name for name in modules if name.startswith("loadmaster.reports.")} == {
        "loadmaster.reports.report",
        "loadmaster.reports.text",
        "loadmaster.reports.source_line",
    }


def test_help_loads_no_command() -> None:
    code, modules = loaded("--help")
    assert code == 0
    assert not any(name.startswith(("loadmaster.checks", "loadmaster.document")) for name in modules)
