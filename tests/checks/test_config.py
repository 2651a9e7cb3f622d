"""Configuration: which rules count, how much, and where it is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadmaster.checks.config import DEFAULT, CheckConfig, ConfigError, config_of, find_config, load_config
from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check, findings, recheck
from loadmaster.checks.examples import TWO_MODELS
from loadmaster.document.document import Document

FAULTY = TWO_MODELS.replace("size = 612", "size = 0").replace("size = 4295022904", "size = 4295000000")


def _codes(config: CheckConfig) -> list[str]:
    return [one.code for one in check(Document.from_text(FAULTY), config)]


def test_all_rules_by_default() -> None:
    assert _codes(DEFAULT) == ["LM402", "LM406"]


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        (("LM4",), (), ["LM402", "LM406"]),
        (("LM402",), (), ["LM402"]),
        (("LM5",), (), []),
        ((), ("LM4",), []),
        ((), ("LM406",), ["LM402"]),
        (("LM406",), ("LM4",), ["LM406"]),
        (("LM4",), ("LM406",), ["LM402"]),
        (("LM406",), ("LM406",), []),
    ],
)
def test_the_longer_beginning_wins(select: tuple[str, ...], ignore: tuple[str, ...], codes: list[str]) -> None:
    assert _codes(CheckConfig(select=select, ignore=ignore)) == codes


def test_a_severity_is_changed() -> None:
    config = CheckConfig(severities={"LM406": Severity.ERROR, "LM402": Severity.INFO})
    assert [one.severity for one in check(Document.from_text(FAULTY), config)] == [Severity.INFO, Severity.ERROR]


def test_models_are_chosen_by_glob() -> None:
    assert _codes(CheckConfig(models=("demo-2*",))) == ["LM406"]
    assert [one.code for one in findings(Document.from_text("x = 1\n"), CheckConfig(models=("demo-2*",)))] == ["LM008"]


def test_a_recheck_keeps_the_configuration() -> None:
    document = Document.from_text(FAULTY)
    known = findings(document, CheckConfig(ignore=("LM402",)))
    edited = document.set(("models", "demo-1b@1.0.0", "lora_required"), True)
    assert [one.code for one in recheck(edited, known, {"demo-1b@1.0.0"})] == ["LM406"]


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "project" / "config"
    inner.mkdir(parents=True)
    assert load_config(inner) == DEFAULT or find_config(inner) is not None
    (tmp_path / "loadmaster.toml").write_text('ignore = ["LM5"]\n')
    assert load_config(inner).ignore == ("LM5",)
    (tmp_path / "project" / "pyproject.toml").write_text('[project]\nname = "x"\n')
    assert load_config(inner).ignore == ("LM5",)
    (tmp_path / "project" / "pyproject.toml").write_text(
        '[tool.loadmaster]\nselect = ["LM4"]\nmodels = ["t2v-*"]\n[tool.loadmaster.severity]\nLM406 = "error"\n'
    )
    found = load_config(inner)
    assert found == CheckConfig(select=("LM4",), severities={"LM406": Severity.ERROR}, models=("t2v-*",))
    (inner / "loadmaster.toml").write_text("")
    assert load_config(inner) == DEFAULT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"select": "LM4"}, "select is a list of strings"),
        ({"ignore": [4]}, "ignore is a list of strings"),
        ({"select": ["LM999"]}, "there is no rule LM999"),
        ({"ignore": [""]}, "there is no rule"),
        ({"severity": {"LM4": "error"}}, "there is no rule LM4"),
        ({"severity": {"LM406": "fatal"}}, "is error, warning or info"),
        ({"severity": "error"}, "severity is a table"),
    ],
)
def test_what_cannot_be_meant_is_refused(data: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        config_of(data, "loadmaster.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loadmaster.toml").write_text("select = [\n")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
