"""The small commands, the list of all, and what every command does with a wrong call."""

from __future__ import annotations

import json
import re
import stat
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.cli.conftest import Invoke, Run, write

from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, WITH_DEFAULTS, but
from loadmaster.cli.main import COMMANDS, loadmaster
from loadmaster.document.document import Document
from loadmaster.manifest.json_schema import manifest_schema

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_its_help(invoke: Invoke, name: str) -> None:
    done = invoke(name, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: loadmaster {name} ")


def test_the_list_of_commands(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"loadmaster {version('loadmaster')}\n"


def test_the_app_needs_a_terminal(run: Run, good: Path) -> None:
    done = run(good)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr
    assert run("absent.toml").stderr == "loadmaster: absent.toml: there is no such file.\n"


class TestExplain:
    """explain"""

    @pytest.mark.parametrize("word", ["LM207", "lm207", "shard-missing"])
    def test_a_rule(self, invoke: Invoke, word: str) -> None:
        done = invoke("explain", word)
        assert done.exit_code == 0
        assert done.stdout.startswith("# LM207 shard-missing\n")

    def test_all_rules(self, invoke: Invoke) -> None:
        lines = invoke("explain").stdout.splitlines()
        assert lines == sorted(lines)
        assert any(line.startswith("LM207  error    shard-missing ") for line in lines)
        assert len(invoke("explain", "--table").stdout.splitlines()) == len(lines) + 2

    def test_no_rule(self, invoke: Invoke) -> None:
        done = invoke("explain", "shard-mising")
        assert (done.exit_code, done.stdout) == (2, "")
        assert "did you mean shard-missing?" in done.stderr


def test_schema_prints_the_schema(run: Run) -> None:
    assert json.loads(run("schema").stdout) == manifest_schema()
    assert json.loads(run("schema", "--strict").stdout) == manifest_schema(strict=True)


class TestNew:
    """new"""

    def test_a_manifest_without_a_fault(self, invoke: Invoke, tmp_path: Path) -> None:
        done = invoke("new")
        assert (done.exit_code, done.stdout) == (0, "")
        assert check(Document.from_bytes((tmp_path / "models.toml").read_bytes())) == []
        assert stat.S_IMODE((tmp_path / "models.toml").stat().st_mode) & 0o111 == 0

    def test_nothing_is_overwritten(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", "mine")
        (tmp_path / "link.toml").symlink_to("nowhere.toml")
        for name in ("models.toml", "link.toml", "."):
            assert invoke("new", name).exit_code == 1
        assert file.read_text() == "mine"
        assert not (tmp_path / "nowhere.toml").exists()

    def test_a_folder_that_is_not_there(self, invoke: Invoke) -> None:
        assert invoke("new", "absent/models.toml").exit_code == 2


class TestMigrate:
    """migrate: no step yet, so it only says where a manifest stands."""

    def test_the_current_version(self, invoke: Invoke, good: Path) -> None:
        done = invoke("migrate", good)
        assert (done.exit_code, done.stdout, good.read_text()) == (0, "", GOOD)
        assert "schema version 1, the current one" in done.stderr

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("schema_version = 2", "Upgrade loadmaster"),
            ('schema_version = "7"', "Upgrade loadmaster"),
            ("", "schema_version is missing"),
            ("schema_version = true", "no version"),
            ('schema_version = "one"', "no version"),
            ("schema_version = 0", "No step leads"),
        ],
    )
    def test_what_cannot_be_migrated_stays(self, invoke: Invoke, tmp_path: Path, line: str, words: str) -> None:
        text = but("schema_version = 1", line)
        file = write(tmp_path / "models.toml", text)
        done = invoke("migrate", file)
        assert (done.exit_code, file.read_text()) == (1, text)
        assert words in done.stderr


class TestShow:
    """show"""

    def test_the_list(self, invoke: Invoke, good: Path) -> None:
        done = invoke("show", good)
        assert (done.exit_code, done.stdout.split()[:4]) == (0, ["demo-1b@1.0.0", "-", "fp16*", "bf16"])

    def test_one_model(self, invoke: Invoke, good: Path) -> None:
        assert "unet/model.safetensors" in invoke("show", good, "demo-1b").stdout
        assert json.loads(invoke("show", good, "demo-1b#bf16", "--json").stdout)["variant"] == "bf16"
        assert invoke("show", "-", "demo-1b", stdin=GOOD).exit_code == 0

    def test_no_such_model_or_variant(self, invoke: Invoke, good: Path) -> None:
        assert invoke("show", good, "demo-2b").exit_code == 2
        assert invoke("show", good, "demo-1b#int4").exit_code == 2

    @pytest.mark.parametrize(
        "line",
        [
            'sha256 = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a"',
            'path = "config.json"',
            "size = 612",
        ],
    )
    def test_a_file_that_lacks_something_hides_no_other(self, invoke: Invoke, tmp_path: Path, line: str) -> None:
        file = write(tmp_path / "models.toml", but(f"{line}\n", ""))
        done = invoke("show", file, "demo-1b")
        assert done.exit_code == 0
        assert "cannot be read whole, see `loadmaster check`" in done.stderr
        rows = done.stdout.split("  files  2, ")[1].splitlines()[1:]
        assert len(rows) == 2
        assert "unet/model.safetensors" in rows[1]
        assert ("files[0]" if "path" in line else "config.json") in rows[0]

    @pytest.mark.parametrize("files", ["files = 3", "files = []", 'files = [1, {}, { path = 2, size = "x" }]'])
    def test_files_that_are_none(self, invoke: Invoke, tmp_path: Path, files: str) -> None:
        text = f'schema_version = 1\n[models."a@1.0.0"]\nvariants = ["fp16"]\ndefault_variant = "fp16"\n{files}\n'
        done = invoke("show", write(tmp_path / "models.toml", text), "a")
        assert done.exit_code == 0
        assert "cannot be read whole" in done.stderr

    @pytest.mark.parametrize("value", ["nan", "inf", "-inf", "0x" + "f" * 5000])
    def test_json_is_json(self, invoke: Invoke, tmp_path: Path, value: str) -> None:
        for old, new in (
            ("frames = 16", f"guidance_scale = {value}"),
            ("frames = 16", f"frames = {value}"),
            ('description = "Demo model"', f"description = {value}"),
            ("size = 612", f"size = {value}"),
            ("size = 612", f"size = 612\nshard_part = {value}"),
        ):
            file = write(tmp_path / "models.toml", but(old, new, WITH_DEFAULTS))
            for words in ([file], [file, "demo-1b"]):
                shown = invoke("show", *words, "--json")
                assert shown.exit_code == 0
                json.loads(shown.stdout, parse_constant=pytest.fail)
                assert invoke("show", *words).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"], ["show"], ["set"], ["unset"], ["add-model"], ["copy-model"], ["rename-model"], ["remove-model"],
        ["add-file"], ["move-file"], ["remove-file"], ["fix"], ["diff"], ["migrate"],
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_is_one_calm_line(invoke: Invoke, arguments: list[str]) -> None:
    more = {
        "set": ["version", "1"], "unset": ["version"], "add-model": ["x@1.0.0", "--variants", "a"],
        "copy-model": ["a", "b@1.0.0"], "rename-model": ["a", "b@1.0.0"], "remove-model": ["a"],
        "add-file": ["a", "b", "--size", "1", "--sha256", "x"], "move-file": ["a", "b", "--to", "0"],
        "remove-file": ["a", "b"], "diff": ["absent.toml"],
    }  # fmt: skip
    done = invoke(*arguments, "absent.toml", *more.get(arguments[0], []))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "loadmaster: absent.toml: there is no such file.\n"


def test_every_command_is_a_module_of_its_own() -> None:
    assert loadmaster.list_commands(None) == sorted(COMMANDS)  # type: ignore[arg-type]
    assert all(":" in home for home, _ in COMMANDS.values())


def test_the_hooks_for_pre_commit_call_commands_that_are_there() -> None:
    text = (REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: loadmaster (\S+)$", text, re.MULTILINE)
    assert entries == ["check", "fix"]
    assert set(entries) <= set(COMMANDS)
    (pattern, *others) = set(re.findall(r"^  files: (.+)$", text, re.MULTILINE))
    assert not others
    assert re.search(pattern, "config/models.toml")
    assert not re.search(pattern, "my-models.toml")


def test_names_in_a_manifest_are_shown_as_escapes(invoke: Invoke, tmp_path: Path) -> None:
    text = GOOD.replace("demo-1b@1.0.0", "demo\\u001b[31m\\u202e")
    write(tmp_path / "models.toml", text)
    for arguments in (["show", "models.toml"], ["check", "models.toml"], ["diff", "models.toml", "-"]):
        done = invoke(*arguments, stdin="schema_version = 1\n")
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
        assert "demo\\u001b[31m\\u202e" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["check", ""],
        ["check", "models.toml", ""],
        ["fix", ""],
        ["verify", "models.toml", "--root", ""],
        ["why", "models.toml", "demo-1b", "--root", ""],
        ["fill", "models.toml", "demo-1b", "--from", ""],
    ],
)
def test_an_empty_name_is_not_the_current_folder(invoke: Invoke, good: Path, words: list[str]) -> None:
    done = invoke(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is empty; is a variable unset?" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["chek", "models.toml"], "there is no command chek, nor a file; did you mean check?"),
        (["chek"], "there is no command chek, nor a file; did you mean check?"),
        (["chek", "--strict", "models.toml"], "did you mean check?"),
        (["frobnicate", "models.toml"], "there is no command frobnicate, nor a file; `loadmaster --help` lists"),
        (["absent.toml"], "absent.toml: there is no such file."),
        (["absent"], "absent: there is no such file."),
        (["folder/check"], "folder/check: there is no such file."),
    ],
)
def test_a_slip_in_a_command_is_told_as_such(run: Run, good: Path, words: list[str], told: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "browse" not in done.stderr


def test_a_file_that_is_called_like_a_slip_is_opened(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "chek", GOOD)
    assert "needs a terminal" in run("chek").stderr
