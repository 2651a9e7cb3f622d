"""The commands that change a file: they write what was asked for and no more, once, or nothing."""

from __future__ import annotations

import difflib
import sys
import tomllib
from pathlib import Path

import pytest
from tests.cli.conftest import Invoke, Run, write

from loadmaster.checks.examples import GOOD, TWO_MODELS, WITH_DEFAULTS
from loadmaster.document.store import load

FPS = 'models."t2v-A14B@2.2.0".defaults.fps'
DIGEST = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"


def changed_lines(before: bytes, after: bytes) -> list[bytes]:
    """The lines that went and came, with a minus or a plus before them."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    return [line.encode() for line in difflib.ndiff(old, new) if line[:1] in "-+"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_one_line_of_each_published_manifest(shared: Path, tmp_path: Path, run: Run, number: int, newline: str) -> None:
    text = (shared / "manifests" / f"wan22-published-{number}.toml").read_bytes().decode()
    before = text.replace("\r\n", "\n").replace("\n", newline).encode()
    file = tmp_path / "models.toml"
    file.write_bytes(before)
    done = run("set", file, FPS, "30")
    after = file.read_bytes()
    if number == 2:  # it has no table of defaults
        assert done.returncode == 1
        assert "skipped" in done.stderr
        assert after == before
        assert run("set", file, FPS, "30", "--create").returncode == 0
        assert tomllib.loads(file.read_bytes().decode())["models"]["t2v-A14B@2.2.0"]["defaults"] == {"fps": 30}
        return
    assert (done.returncode, done.stdout) == (0, "")
    end = b"\r" if newline == "\r\n" else b""
    assert changed_lines(before, after) == [b"- fps = 24" + end, b"+ fps = 30" + end]


@pytest.mark.parametrize(
    "arguments",
    [
        ["set", 'models."demo-1b@1.0.0".version', "1.0.1"],
        ["unset", 'models."demo-1b@1.0.0".version'],
        ["add-model", "new@1.0.0", "--variants", "fp16"],
        ["copy-model", "demo-1b", "demo-1b@2.0.0"],
        ["rename-model", "demo-1b", "demo-1b@2.0.0"],
        ["remove-model", "demo-2b"],
        ["add-file", "demo-1b", "a.json", "--size", "12", "--sha256", DIGEST],
        ["move-file", "demo-1b", "config.json", "--to", "1"],
        ["remove-file", "demo-1b", "config.json"],
        ["fix"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_diff_shows_what_the_command_would_write(invoke: Invoke, tmp_path: Path, arguments: list[str]) -> None:
    text = TWO_MODELS.rstrip("\n") if arguments == ["fix"] else TWO_MODELS
    file = write(tmp_path / "models.toml", text)
    command, *rest = arguments
    shown = invoke(command, "models.toml", *rest, "--diff")
    assert shown.exit_code == 0
    assert file.read_text() == text
    assert shown.stdout.startswith("--- a/models.toml\n+++ b/models.toml\n@@ ")
    assert invoke(command, "models.toml", *rest).exit_code == 0
    lines = difflib.unified_diff(
        text.splitlines(keepends=True), file.read_text().splitlines(keepends=True), "a/models.toml", "b/models.toml"
    )
    marked = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    assert shown.stdout == "".join(marked)


class TestSet:
    """set and unset."""

    def test_many_models_at_once(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", TWO_MODELS)
        assert invoke("set", file, 'models."demo-*".lora_required', "yes").exit_code == 0
        models = tomllib.loads(file.read_text())["models"]
        assert [model["lora_required"] for model in models.values()] == [True, True]

    def test_a_value_is_read_by_the_type_of_its_field(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", WITH_DEFAULTS)
        for path, value in (
            ('files["config.json"].size', "1.5 kB"),
            ('files["unet/*"].sha256', f"sha256:{DIGEST}"),
            ("defaults.fps", "0x10"),
            ("variants", "fp16, nf4"),
            ("models.demo-1b.notes", "{ by = 'me' }"),
            ("models.demo-1b@1.0.0.owner", "me and you"),
        ):
            assert invoke("set", file, path, value).exit_code == 0
        model = tomllib.loads(file.read_text())["models"]["demo-1b@1.0.0"]
        assert (model["files"][0]["size"], model["files"][1]["sha256"]) == (1500, DIGEST)
        assert (model["defaults"]["fps"], model["variants"]) == (16, ["fp16", "nf4"])
        assert (model["notes"], model["owner"]) == ({"by": "me"}, "me and you")

    def test_an_error_is_written_and_said(self, run: Run, good: Path) -> None:
        done = run("set", good, "default_variant", "nf4")
        assert (done.returncode, done.stdout) == (0, "")
        assert ": LM201 " in done.stderr
        assert 'default_variant = "nf4"' in good.read_text()

    def test_a_slip_is_written_and_said_with_what_was_meant(self, run: Run, tmp_path: Path) -> None:
        file = write(tmp_path / "w.toml", WITH_DEFAULTS)
        done = run("set", "w.toml", 'models."*".defaults.fsp', "5")
        assert (done.returncode, done.stdout) == (0, "")
        written, warning = done.stderr.splitlines()
        assert written == 'w.toml: models."demo-1b@1.0.0".defaults.fsp set to 5'
        line = file.read_text().split("\n").index("fsp = 5") + 1
        assert warning.startswith(f"w.toml:{line}:1: LM104 ")
        assert "fps" in warning

    def test_many_slips_of_one_kind_are_counted(self, run: Run, tmp_path: Path) -> None:
        model = GOOD.removeprefix("schema_version = 1\n")
        text = GOOD + "".join(model.replace("demo-1b@1.0", f"demo-1b@1.{number}") for number in range(1, 9))
        write(tmp_path / "models.toml", text)
        told = run("set", "models.toml", 'models."*".descripton', "x").stderr.splitlines()
        assert told[0] == 'models.toml: models."demo-1b@1.0.0".descripton and 8 fields more set to "x"'
        assert sum(': LM104 "descripton"' in line for line in told) == 5
        assert told[-1] == "models.toml: LM104 4 times more; `loadmaster check models.toml` tells of all"
        gone = run("unset", "models.toml", 'models."*".descripton')
        assert gone.stderr == 'models.toml: models."demo-1b@1.0.0".descripton and 8 fields more removed\n'

    def test_a_difference_says_nothing_of_what_was_written(self, run: Run, good: Path) -> None:
        assert run("set", good, "version", "1.0.0").stderr.endswith(": nothing to change\n")
        done = run("set", good, "description", "x", "--diff")
        assert (done.returncode, done.stderr) == (0, "")

    def test_a_secret_is_not_said_again(self, run: Run, good: Path) -> None:
        token = "hf_" + "abcdefghijklmnopqrstuvwxyz0123"
        assert token not in run("set", good, "description", token).stderr

    @pytest.mark.parametrize("value", ["1\nother = 2", "1\n[models.x]\ny = 1"])
    def test_a_value_is_one_value(self, invoke: Invoke, good: Path, value: str) -> None:
        assert invoke("set", good, 'models."*".extra', value).exit_code == 0
        assert tomllib.loads(good.read_text())["models"]["demo-1b@1.0.0"]["extra"] == value

    @pytest.mark.parametrize(
        ("path", "value"),
        [("models.nobody.version", "1"), ("defaults.fps", "fast"), ("files[7].size", "1"), ("a b", "1"), ("", "1")],
    )
    def test_what_means_nothing_is_told(self, invoke: Invoke, tmp_path: Path, path: str, value: str) -> None:
        file = write(tmp_path / "models.toml", WITH_DEFAULTS)
        done = invoke("set", file, path, value)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr.startswith("loadmaster: ")
        assert file.read_text() == WITH_DEFAULTS

    def test_the_same_value_changes_nothing(self, invoke: Invoke, good: Path) -> None:
        before = good.stat().st_mtime_ns
        assert invoke("set", good, "version", "1.0.0").exit_code == 0
        assert good.stat().st_mtime_ns == before

    def test_unset_takes_the_comment_along(self, invoke: Invoke, tmp_path: Path) -> None:
        text = GOOD.replace("description", "# for people\ndescription")
        file = write(tmp_path / "models.toml", text)
        assert invoke("unset", file, "description").exit_code == 0
        assert file.read_text() == GOOD.replace('description = "Demo model"\n', "")
        assert invoke("unset", file, "description").exit_code == 1

    def test_a_file_that_is_no_utf_8_is_refused(self, invoke: Invoke, tmp_path: Path) -> None:
        file = tmp_path / "models.toml"
        raw = GOOD.encode().replace(b"Demo", b"D\xe9mo")
        file.write_bytes(raw)
        done = invoke("set", file, "version", "1.0.1")
        assert (done.exit_code, file.read_bytes()) == (1, raw)
        assert "not UTF-8" in done.stderr

    def test_a_broken_table_does_not_stop_the_others(self, invoke: Invoke, tmp_path: Path) -> None:
        text = TWO_MODELS.replace('[models."demo-2b@1.0.0"]\n', '[models."demo-2b@1.0.0"]\nbroken =\n')
        file = write(tmp_path / "models.toml", text)
        assert invoke("set", file, 'models."demo-1b@1.0.0".version', "1.0.1").exit_code == 0
        assert file.read_text() == text.replace('version = "1.0.0"', 'version = "1.0.1"')


class TestModels:
    """add-model, copy-model, rename-model, remove-model."""

    def test_add(self, invoke: Invoke, good: Path) -> None:
        done = invoke("add-model", good, "new@2.0.1", "--variants", "fp16,bf16", "--source", "local://new@2.0.1")
        assert done.exit_code == 0
        assert ": LM101 files is missing" in done.stderr
        assert tomllib.loads(good.read_text())["models"]["new@2.0.1"] == {
            "version": "2.0.1",
            "variants": ["fp16", "bf16"],
            "default_variant": "fp16",
            "sources": {"priority": ["local://new@2.0.1"]},
        }
        assert good.read_text().startswith(GOOD)
        assert invoke("add-model", good, "new@2.0.1", "--variants", "fp16").exit_code == 1
        assert invoke("add-model", good, "new", "--variants", "fp16").exit_code == 2
        assert invoke("add-model", good, "other@1.0.0", "--variants", " , ").exit_code == 2

    def test_a_copy_is_a_new_version(self, invoke: Invoke, tmp_path: Path) -> None:
        text = GOOD.replace("size = 612", "size = 612  # as of demo-1b@1.0.0").replace(
            'priority = ["', 'priority = ["local://demo-1b@1.0.0", "'
        )
        file = write(tmp_path / "models.toml", text)
        done = invoke("copy-model", "models.toml", "demo-1b", "demo-1b@1.1.0")
        assert (done.exit_code, done.stdout) == (0, "")
        assert file.read_text().startswith(text)
        copy = file.read_text().removeprefix(text)
        assert '\nversion = "1.1.0"\n' in copy
        assert '[[models."demo-1b@1.1.0".files]]\n' in copy
        line = file.read_text()[: file.read_text().rindex("# as of")].count("\n") + 1
        assert f"models.toml:{line}:13: a comment still holds demo-1b@1.0.0\n" in done.stderr
        assert "sources.priority[0] still holds demo-1b@1.0.0\n" in done.stderr
        assert "size and sha256 of 2 files were copied, unconfirmed" in done.stderr
        assert "Callers that ask for demo-1b without a version got 1.0.0" in done.stderr

    def test_the_new_id_can_be_written_wherever_the_old_one_is(self, invoke: Invoke, tmp_path: Path) -> None:
        text = GOOD.replace("size = 612", "size = 612  # as of demo-1b@1.0.0").replace(
            'priority = ["', 'priority = ["local://demo-1b@1.0.0", "'
        )
        file = write(tmp_path / "models.toml", text)
        done = invoke("rename-model", "models.toml", "demo-1b", "demo-1b@1.1.0", "--rewrite")
        assert (done.exit_code, done.stderr) == (0, "")
        assert file.read_text() == text.replace("demo-1b@1.0.0", "demo-1b@1.1.0").replace('"1.0.0"', '"1.1.0"')

    def test_the_version_can_be_kept(self, invoke: Invoke, good: Path) -> None:
        assert invoke("copy-model", good, "demo-1b", "demo-1b@1.1.0", "--keep-version").exit_code == 0
        assert good.read_text().count('version = "1.0.0"') == 2

    def test_a_version_that_was_another_stays(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", GOOD.replace('version = "1.0.0"', 'version = "0.9"'))
        invoke("copy-model", file, "demo-1b", "demo-1b@1.1.0")
        assert file.read_text().count('version = "0.9"') == 2

    def test_rename_names_every_header(self, invoke: Invoke, good: Path) -> None:
        done = invoke("rename-model", good, "demo-1b@1.0.0", "show-1b@1.0.0")
        assert (done.exit_code, done.stderr) == (0, "")
        assert good.read_text() == GOOD.replace('"demo-1b@1.0.0"', '"show-1b@1.0.0"')

    def test_rename_to_a_new_version(self, invoke: Invoke, good: Path) -> None:
        assert invoke("rename-model", good, "demo-1b", "demo-1b@2.0.0").exit_code == 0
        expected = GOOD.replace('"demo-1b@1.0.0"', '"demo-1b@2.0.0"').replace('version = "1.0.0"', 'version = "2.0.0"')
        assert good.read_text() == expected

    def test_remove_leaves_the_rest(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", TWO_MODELS)
        assert invoke("remove-model", file, "demo-2b").exit_code == 0
        assert file.read_text() == GOOD

    @pytest.mark.parametrize("command", ["copy-model", "rename-model", "remove-model"])
    def test_a_model_that_is_none(self, invoke: Invoke, good: Path, command: str) -> None:
        more = [] if command == "remove-model" else ["x@1.0.0"]
        done = invoke(command, good, "demo-1", *more)
        assert (done.exit_code, good.read_text()) == (2, GOOD)
        assert "did you mean demo-1b" in done.stderr

    def test_an_id_that_is_taken(self, invoke: Invoke, tmp_path: Path) -> None:
        file = write(tmp_path / "models.toml", TWO_MODELS)
        assert invoke("copy-model", file, "demo-1b", "demo-2b@1.0.0").exit_code == 1
        assert invoke("rename-model", file, "demo-1b", "demo-2b@1.0.0").exit_code == 1
        assert file.read_text() == TWO_MODELS

    def test_a_name_of_two_versions_says_which(self, invoke: Invoke, good: Path) -> None:
        invoke("copy-model", good, "demo-1b", "demo-1b@1.1.0")
        done = invoke("remove-model", good, "demo-1b")
        assert done.exit_code == 2
        assert "several versions: demo-1b@1.0.0, demo-1b@1.1.0" in done.stderr


class TestFiles:
    """add-file, move-file, remove-file."""

    @staticmethod
    def paths(file: Path) -> list[str]:
        """The paths of the first model, in order."""
        model = next(iter(tomllib.loads(file.read_text())["models"].values()))
        return [entry["path"] for entry in model["files"]]

    def test_a_file_comes_behind_those_of_its_component(self, invoke: Invoke, good: Path) -> None:
        more = ["--size", "4.1GiB", "--sha256", f"sha256:{DIGEST}", "--component", "config", "--optional"]
        assert invoke("add-file", good, "demo-1b", "b.json", *more).exit_code == 0
        assert self.paths(good) == ["config.json", "b.json", "unet/model.safetensors"]
        entry = tomllib.loads(good.read_text())["models"]["demo-1b@1.0.0"]["files"][1]
        assert entry == {
            "path": "b.json",
            "size": 4402341478,
            "sha256": DIGEST,
            "component": "config",
            "optional": True,
        }

    def test_a_file_at_a_position(self, invoke: Invoke, good: Path) -> None:
        more = ["--size", "9", "--sha256", DIGEST, "--shard-part", "1", "--at", "0"]
        assert invoke("add-file", good, "demo-1b", "x-00001-of-00001.gguf", *more).exit_code == 0
        assert self.paths(good)[0] == "x-00001-of-00001.gguf"
        assert invoke("add-file", good, "demo-1b", "y", *more[:4], "--at", "9").exit_code == 1

    def test_a_path_that_is_listed_is_refused(self, invoke: Invoke, good: Path) -> None:
        done = invoke("add-file", good, "demo-1b", "config.json", "--size", "9", "--sha256", DIGEST)
        assert (done.exit_code, good.read_text()) == (1, GOOD)

    def test_a_size_that_is_none(self, invoke: Invoke, good: Path) -> None:
        assert invoke("add-file", good, "demo-1b", "x", "--size", "big", "--sha256", DIGEST).exit_code == 2
        assert invoke("add-file", good, "demo-1b", "x").exit_code == 2

    @pytest.mark.parametrize(
        ("path", "where", "expected"),
        [
            ("a", ["--to", "2"], "bca"),
            ("c", ["--to", "0"], "cab"),
            ("a", ["--before", "c"], "bac"),
            ("a", ["--after", "c"], "bca"),
            ("c", ["--before", "a"], "cab"),
            ("c", ["--after", "a"], "acb"),
            ("b", ["--after", "b"], "abc"),
        ],
    )
    def test_move(self, invoke: Invoke, tmp_path: Path, path: str, where: list[str], expected: str) -> None:
        head, middle = GOOD.split("[[", 1)[0], '[[models."demo-1b@1.0.0".files]]\npath = "{}"\n\n'
        file = write(tmp_path / "models.toml", head + "".join(middle.format(name) for name in "abc"))
        assert invoke("move-file", file, "demo-1b", path, *where).exit_code == 0
        assert self.paths(file) == list(expected)

    def test_move_needs_one_place(self, invoke: Invoke, good: Path) -> None:
        assert invoke("move-file", good, "demo-1b", "config.json").exit_code == 2
        assert invoke("move-file", good, "demo-1b", "config.json", "--to", "1", "--after", "x").exit_code == 2

    def test_remove(self, invoke: Invoke, good: Path) -> None:
        assert invoke("remove-file", good, "demo-1b", "config.json").exit_code == 0
        assert self.paths(good) == ["unet/model.safetensors"]
        done = invoke("remove-file", good, "demo-1b", "config.jsn")
        assert done.exit_code == 2
        assert "lists no file config.jsn" in done.stderr


def test_a_file_that_someone_else_changed_is_not_overwritten(
    invoke: Invoke, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def and_then_they_write(file: Path) -> object:
        loaded = load(file)
        write(good, TWO_MODELS)
        return loaded

    monkeypatch.setattr("loadmaster.cli.common.load", and_then_they_write)
    done = invoke("set", good, "version", "1.0.1")
    assert (done.exit_code, good.read_text()) == (2, TWO_MODELS)
    assert "changed by someone else" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["rename-model", "demo-1b", "demo-1b@2.0.0"], ["copy-model", "demo-1b", "x@1.0.0"], ["remove-model", "demo-1b"]],
    ids=lambda arguments: arguments[0],
)
def test_a_model_with_an_open_conflict_is_left_alone(tmp_path: Path, run: Run, arguments: list[str]) -> None:
    conflict = "<<<<<<< ours\nsize = 612\n=======\nsize = 620\n>>>>>>> theirs"
    file = write(tmp_path / "models.toml", GOOD.replace("size = 612", conflict))
    before = file.read_bytes()
    done = run(arguments[0], file, *arguments[1:])
    assert done.returncode == 1
    assert "conflict on line" in done.stderr
    assert "fix --take" in done.stderr
    assert file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there, arguments are text")
@pytest.mark.parametrize(
    "arguments",
    [
        ["rename-model", "demo-1b", "b\udcff@1.0.0"],
        ["copy-model", "demo-1b", "b\udcff@1.0.0"],
        ["add-model", "b\udcff@1.0.0", "--variants", "fp16"],
        ["add-model", "b@1.0.0", "--variants", "\udcff"],
        ["set", 'models."demo-1b@1.0.0"."k\udcff"', "1"],
        ["unset", 'models."demo-1b@1.0.0"."k\udcff"'],
        ["remove-model", "b\udcff"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_arguments_that_are_no_utf_8_are_refused(good: Path, run: Run, arguments: list[str]) -> None:
    before = good.read_bytes()
    done = run(arguments[0], good, *arguments[1:])
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert good.read_bytes() == before
