"""Every rule has a page, an example that fires it alone, and one on which nothing fires."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check
from loadmaster.checks.explain import UnknownRuleError, explain, find_rule, rules_table
from loadmaster.checks.rule import RULES, Rule, define
from loadmaster.document.document import Document

OFFLINE = [rule for rule in RULES.values() if rule.offline]
# What is mended only with the disk at hand.
FIXED_ELSEWHERE = {"LM403"}


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.code)
def test_bad_example_fires_its_rule_alone(rule: Rule) -> None:
    assert {diagnostic.code for diagnostic in check(Document.from_text(rule.bad))} == {rule.code}


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.code)
def test_good_example_fires_nothing(rule: Rule) -> None:
    assert check(Document.from_text(rule.good)) == []


@pytest.mark.parametrize("code", list(RULES))
def test_page_says_what_why_and_how(code: str) -> None:
    page = explain(code)
    rule = RULES[code]
    for part in (rule.name, str(rule.severity), rule.summary, rule.why, rule.mend, "## Fails", "## Passes"):
        assert part in page
    assert len(rule.why) > 20
    assert len(rule.mend) > 10
    assert page.isascii() or page.replace("\n", "").isprintable()


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.code)
def test_fix_is_offered_where_the_page_promises_one(rule: Rule) -> None:
    offered = any(diagnostic.fix is not None for diagnostic in check(Document.from_text(rule.bad)))
    assert offered == (bool(rule.fix) and rule.code not in FIXED_ELSEWHERE)


def test_registry_is_that_of_the_written_rules(shared: Path) -> None:
    rows = re.findall(
        r"^\| (LM\d{3}) \| ([a-z0-9-]+) \| (error|warning|info)[^|]*\|.*\| *(R?)[^|]*\|$",
        (shared / "RULES.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert len(rows) > 50
    for code, name, severity, refuses in rows:
        assert RULES[code].name == name
        assert RULES[code].severity is Severity(severity), code
        assert RULES[code].refuses == bool(refuses), code


def test_codes_are_in_order_and_taken_once() -> None:
    assert list(RULES) == sorted(RULES)
    with pytest.raises(ValueError, match="LM403"):
        define(RULES["LM403"])


def test_a_rule_is_found_by_code_in_any_case_and_by_name() -> None:
    assert find_rule("lm207") is RULES["LM207"]
    assert find_rule("shard-missing") is RULES["LM207"]


def test_an_unknown_rule_names_its_neighbours() -> None:
    with pytest.raises(UnknownRuleError, match="LM201 to LM215"):
        explain("LM299")


def test_table_lists_every_rule_once() -> None:
    lines = rules_table().splitlines()
    assert [line.split(" ")[1] for line in lines[2:]] == list(RULES)
    assert all(len(re.split(r"(?<!\\)\|", line)) == 7 for line in lines)
