"""`loadmaster check`: what it says where, and what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Invoke, Run, git, write

from loadmaster.checks.examples import GOOD, TWO_MODELS, but

BAD_VERSION = but('version = "1.0.0"', 'version = "1.1.0"')
UNPINNED = but("@0123456789abcdef0123456789abcdef01234567", "")


def codes(output: str) -> list[str]:
    """The codes in a JSON report, in order."""
    return [one["code"] for file in json.loads(output)["files"] for one in file["diagnostics"]]


def test_a_clean_manifest_is_said_to_be_clean(run: Run, good: Path) -> None:
    done = run("check", good)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no faults in 1 file\n", "")


def test_an_error_is_shown_with_its_line_and_answers_1(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "models.toml", BAD_VERSION)
    done = run("check", "models.toml")
    assert done.returncode == 1
    assert done.stderr == ""
    line = BAD_VERSION.split("\n").index('version = "1.1.0"') + 1
    told = done.stdout.split("\n")
    assert told[0].startswith(f"models.toml:{line}:11: error LM202 version-mismatch: ")
    assert told[1] == f'{line} | version = "1.1.0"'
    assert told[2] == f"{'':{len(str(line))}} |           ^^^^^^^"
    assert told[3].endswith("= fix: set version to 1.0.0")
    assert "1 error in 1 file; 1 can be mended by `loadmaster fix`" in told
    assert "\x1b" not in done.stdout


def test_json_has_the_form_that_is_promised(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "models.toml", BAD_VERSION)
    report: dict[str, Any] = json.loads(run("check", "models.toml", "--format", "json").stdout)
    assert list(report) == ["version", "files", "summary"]
    assert report["version"] == 1
    assert report["summary"] == {"error": 1, "warning": 0, "info": 0}
    (file,) = report["files"]
    assert list(file) == ["file", "diagnostics"]
    (one,) = file["diagnostics"]
    keys = ["code", "name", "severity", "message", "path", "line", "column", "end_line", "end_column", "fix"]
    assert list(one) == keys
    assert one["path"] == ["models", "demo-1b@1.0.0", "version"]
    assert one["fix"] == {"title": "set version to 1.0.0", "safe": True}
    assert one["end_column"] - one["column"] == len('"1.1.0"')


def test_a_warning_answers_1_only_when_strict(invoke: Invoke, tmp_path: Path) -> None:
    write(tmp_path / "models.toml", UNPINNED)
    assert invoke("check", "models.toml").exit_code == 0
    assert invoke("check", "models.toml", "--strict").exit_code == 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["LM202", "LM503"]),
        (["--select", "LM5"], ["LM503"]),
        (["--select", "unpinned-source"], ["LM503"]),
        (["--select", "lm202,LM503"], ["LM202", "LM503"]),
        (["--ignore", "LM2"], ["LM503"]),
        (["--ignore", "LM2", "--ignore", "LM503"], []),
    ],
)
def test_rules_can_be_chosen(invoke: Invoke, tmp_path: Path, options: list[str], expected: list[str]) -> None:
    text = but("@0123456789abcdef0123456789abcdef01234567", "", BAD_VERSION)
    write(tmp_path / "models.toml", text)
    assert codes(invoke("check", "models.toml", "--format", "json", *options).stdout) == expected


def test_a_rule_that_is_none_is_refused(invoke: Invoke, good: Path) -> None:
    done = invoke("check", good, "--select", "LM999")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "no rule LM999" in done.stderr


def test_models_can_be_chosen(invoke: Invoke, tmp_path: Path) -> None:
    text = TWO_MODELS.replace('default_variant = "fp16"', 'default_variant = "nf4"')
    write(tmp_path / "models.toml", text)
    assert codes(invoke("check", "models.toml", "--format", "json").stdout) == ["LM201", "LM201"]
    for name in ("demo-2*", "demo-2b", "demo-2b@1.0.0", "demo-2?", "demo-[2]b", "demo-2?@1.0.0", "demo-2b@*"):
        assert codes(invoke("check", "models.toml", "--format", "json", "--model", name).stdout) == ["LM201"]
    assert codes(invoke("check", "models.toml", "--format", "json", "--model", "demo-[1-2]b").stdout) == ["LM201"] * 2
    bare = write(tmp_path / "bare.toml", text.replace("demo-2b@1.0.0", "demo-2b"))
    assert "LM107" in codes(invoke("check", bare, "--format", "json", "--model", "demo-2b").stdout)
    assert invoke("check", "models.toml", "--model", "demo-[3]b").exit_code == 2
    missed = invoke("check", "models.toml", "--model", "demo-3b")
    assert missed.exit_code == 2
    assert "did you mean demo-" in missed.stderr


def test_the_project_says_which_rules_count(invoke: Invoke, tmp_path: Path) -> None:
    inside = tmp_path / "config"
    inside.mkdir()
    write(inside / "models.toml", UNPINNED)
    write(tmp_path / "loadmaster.toml", 'ignore = ["LM503"]\n')
    assert codes(invoke("check", "config/models.toml", "--format", "json").stdout) == []
    assert codes(invoke("check", "config/models.toml", "--format", "json", "--select", "LM503").stdout) == ["LM503"]
    write(tmp_path / "loadmaster.toml", '[severity]\nLM503 = "error"\n')
    assert invoke("check", "config/models.toml").exit_code == 1
    write(tmp_path / "loadmaster.toml", "ignore = 1\n")
    assert invoke("check", "config/models.toml").exit_code == 2


def test_a_folder_means_every_models_toml_in_it(invoke: Invoke, tmp_path: Path) -> None:
    for folder in ("a", "b/c", ".hidden", "node_modules/x"):
        (tmp_path / folder).mkdir(parents=True)
        write(tmp_path / folder / "models.toml", BAD_VERSION)
    write(tmp_path / "a" / "other.toml", "x")
    report = json.loads(invoke("check", ".", "--format", "json").stdout)
    assert [Path(file["file"]) for file in report["files"]] == [Path("a/models.toml"), Path("b/c/models.toml")]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert invoke("check", empty).exit_code == 2


def test_a_file_named_twice_is_checked_once(invoke: Invoke, good: Path) -> None:
    assert len(json.loads(invoke("check", good, good, "--format", "json").stdout)["files"]) == 1


def test_standard_input(run: Run, tmp_path: Path) -> None:
    done = run("check", "-", stdin=BAD_VERSION)
    assert done.returncode == 1
    assert done.stdout.startswith("<stdin>:")
    named = run("check", "-", "--stdin-filename", "config/models.toml", "--format", "json", stdin=BAD_VERSION)
    assert json.loads(named.stdout)["files"][0]["file"] == "config/models.toml"


def test_what_cannot_be_read_answers_2_and_hides_nothing(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "bad.toml", BAD_VERSION)
    done = run("check", "absent.toml", "bad.toml", "--format", "json")
    assert done.returncode == 2
    assert codes(done.stdout) == ["LM202"]
    assert done.stderr == "loadmaster: absent.toml: there is no such file.\n"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"[" * 5000, b"x = " + b"9" * 6000, b"\x00\x1b[31m"]
)
def test_nothing_ends_in_a_traceback(invoke: Invoke, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "models.toml").write_bytes(raw)
    for form in ("text", "json", "github", "sarif", "junit"):
        done = invoke("check", "models.toml", "--format", form)
        assert done.exit_code == 1
        assert isinstance(done.exception, SystemExit)
        assert "\x1b" not in done.stdout + done.stderr


def test_usage_that_is_none_answers_2(run: Run) -> None:
    assert run("check").returncode == 2
    assert run("check", "x", "--format", "yaml").returncode == 2


def test_a_reader_that_has_read_enough_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "loadmaster", "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


class TestSince:
    """--since: only what the merge base did not have."""

    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        folder = tmp_path / "repository"
        (folder / "config").mkdir(parents=True)
        git(folder, "init", "-q", "-b", "main")
        write(folder / "config" / "models.toml", UNPINNED)
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "legacy")
        git(folder, "checkout", "-qb", "work")
        return folder

    def test_only_what_is_new(self, invoke: Invoke, repository: Path) -> None:
        file = repository / "config" / "models.toml"
        assert codes(invoke("check", file, "--since", "main", "--format", "json").stdout) == []
        # A line above moves everything; identity is not a matter of lines.
        write(file, "# a new line\n" + but('version = "1.0.0"', 'version = "9.0.0"', UNPINNED))
        assert codes(invoke("check", file, "--format", "json").stdout) == ["LM202", "LM503"]
        assert codes(invoke("check", file, "--since", "main", "--format", "json").stdout) == ["LM202"]

    def test_it_is_the_merge_base_that_counts(self, invoke: Invoke, repository: Path) -> None:
        file = repository / "config" / "models.toml"
        git(repository, "checkout", "-q", "main")
        write(file, but('version = "1.0.0"', 'version = "9.0.0"', UNPINNED))
        git(repository, "commit", "-qam", "main goes on and has a fault that we have not")
        git(repository, "checkout", "-q", "work")
        write(file, but('version = "1.0.0"', 'version = "8.0.0"', UNPINNED))
        assert codes(invoke("check", file, "--since", "main", "--format", "json").stdout) == ["LM202"]

    def test_a_file_that_was_not_there_is_all_new(self, invoke: Invoke, repository: Path) -> None:
        file = write(repository / "other.toml", UNPINNED)
        assert codes(invoke("check", file, "--since", "main", "--format", "json").stdout) == ["LM503"]

    @pytest.mark.parametrize(
        ("link", "target"),
        [("models.toml", "config/models.toml"), ("config/other.toml", "models.toml"), ("b/m.toml", "../models.toml")],
    )
    def test_a_link_is_followed_as_it_led_then(self, invoke: Invoke, repository: Path, link: str, target: str) -> None:
        (repository / "b").mkdir()
        for name, leads in (("models.toml", "config/models.toml"), (link, target)):
            (repository / name).unlink(missing_ok=True)
            (repository / name).symlink_to(leads)
        git(repository, "add", ".")
        git(repository, "commit", "-qm", "links")
        done = invoke("check", repository / link, "--since", "HEAD", "--format", "json")
        assert codes(done.stdout) == []
        write(repository / "config" / "models.toml", but('version = "1.0.0"', 'version = "9.0.0"', UNPINNED))
        assert codes(invoke("check", repository / link, "--since", "HEAD", "--format", "json").stdout) == ["LM202"]

    def test_a_link_that_leaves_the_repository(self, invoke: Invoke, repository: Path, good: Path) -> None:
        (repository / "away.toml").symlink_to(good)
        git(repository, "add", ".")
        git(repository, "commit", "-qm", "away")
        done = invoke("check", repository / "away.toml", "--since", "HEAD")
        assert (done.exit_code, "was a link out of the repository" in done.stderr) == (2, True)

    def test_a_link_that_leads_nowhere_had_nothing(self, invoke: Invoke, repository: Path) -> None:
        (repository / "later.toml").symlink_to("config/later.toml")
        git(repository, "add", ".")
        git(repository, "commit", "-qm", "nowhere")
        write(repository / "config" / "later.toml", UNPINNED)
        file = repository / "later.toml"
        assert codes(invoke("check", file, "--since", "HEAD", "--format", "json").stdout) == ["LM503"]

    @pytest.mark.parametrize("ref", ["no-such", "--output=x", ""])
    def test_an_unknown_revision(self, invoke: Invoke, repository: Path, ref: str) -> None:
        done = invoke("check", repository / "config" / "models.toml", f"--since={ref}")
        assert (done.exit_code, "git knows no revision" in done.stderr) == (2, True)

    def test_no_commit_in_common(self, invoke: Invoke, repository: Path) -> None:
        git(repository, "checkout", "-q", "--orphan", "alone")
        git(repository, "commit", "-qm", "alone")
        done = invoke("check", repository / "config" / "models.toml", "--since", "main")
        assert (done.exit_code, "fetch-depth: 0" in done.stderr) == (2, True)

    def test_no_repository(self, invoke: Invoke, tmp_path: Path) -> None:
        folder = tmp_path / "plain"
        folder.mkdir()
        done = invoke("check", write(folder / "models.toml", GOOD), "--since", "main")
        assert (done.exit_code, "in no git repository" in done.stderr) == (2, True)

    def test_no_git(self, invoke: Invoke, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(repository))
        done = invoke("check", repository / "config" / "models.toml", "--since", "main")
        assert (done.exit_code, "git is needed" in done.stderr) == (2, True)

    def test_standard_input_with_the_name_of_its_file(self, invoke: Invoke, repository: Path) -> None:
        file = repository / "config" / "models.toml"
        done = invoke("check", "-", "--since", "main", "--stdin-filename", file, "--format", "json", stdin=UNPINNED)
        assert codes(done.stdout) == []
        assert invoke("check", "-", "--since", "main", stdin=UNPINNED).exit_code == 2


def test_a_file_of_another_kind_is_one_fault_that_says_what_it_is(shared: Path, invoke: Invoke) -> None:
    files = sorted((shared / "foreign").glob("*.toml"))
    assert files
    for file in files:
        done = invoke("check", file, "--format", "json")
        errors = [one for one in json.loads(done.stdout)["files"][0]["diagnostics"] if one["severity"] == "error"]
        assert done.exit_code == 1
        assert {one["code"] for one in errors} <= {"LM004", "LM008", "LM504"}, file.name


def test_a_conflict_is_one_fault_and_the_rest_is_checked(invoke: Invoke, tmp_path: Path) -> None:
    conflict = "<<<<<<< ours\nsize = 612\n||||||| base\nsize = 600\n=======\nsize = 620\n>>>>>>> theirs"
    write(tmp_path / "models.toml", but("size = 612", conflict, BAD_VERSION))
    done = invoke("check", "models.toml", "--format", "json")
    assert (done.exit_code, codes(done.stdout)) == (1, ["LM202", "LM009"])


def test_the_published_manifests(shared: Path, invoke: Invoke) -> None:
    files = sorted((shared / "manifests").glob("wan22-published-*.toml"))
    found = [codes(invoke("check", file, "--format", "json").stdout) for file in files]
    assert [told.count("LM403") for told in found] == [51, 3, 6, 6]
    assert [told.count("LM402") for told in found] == [3, 0, 3, 3]
    assert "LM204" in found[3]
    real = invoke("check", shared / "manifests" / "wan-real-values.toml", "--format", "json")
    assert real.exit_code == 0
