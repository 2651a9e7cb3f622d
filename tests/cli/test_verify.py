"""`loadmaster verify`: what is planted is found and nothing else; what it answers, keeps and prints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Invoke, Run, write
from tests.cli.test_terminal import on_terminal
from tests.planted_tree import PlantedTree, digest_of, make_tree, plant, settle

from loadmaster.checks.examples import but
from loadmaster.cli import verify as verify_command
from loadmaster.document.document import Document
from loadmaster.weights.file_stamp import FileStamp
from loadmaster.weights.hashing import HashResult, hash_file
from loadmaster.weights.observe import verify_models


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MODELS_ROOT", raising=False)


@pytest.fixture
def tree(tmp_path: Path) -> PlantedTree:
    """Ten models of a few kilobytes each."""
    return make_tree(tmp_path / "models", 10, 100_000)


@pytest.fixture
def manifest(tree: PlantedTree, tmp_path: Path) -> Path:
    return write(tmp_path / "models.toml", tree.manifest)


def told(output: str) -> dict[str, Any]:
    data = json.loads(output)
    assert isinstance(data, dict)
    return data


def faults(data: dict[str, Any], manifest: Path) -> set[tuple[str, str, str]]:
    """The rule, model and path of each diagnostic."""
    document = Document.from_text(manifest.read_text(encoding="utf-8"))
    found = set()
    for one in data["diagnostics"]:
        entry = document.get(tuple(one["path"][:4])) if len(one["path"]) > 3 else None
        path = entry["path"] if isinstance(entry, dict) else ""
        found.add((one["code"], one["path"][1], path))
    return found


class TestFinding:
    def test_what_is_planted_and_nothing_else(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        planted = plant(tree)
        manifest = write(tmp_path / "models.toml", tree.manifest)
        result = invoke("verify", manifest, "--root", tree.root, "--json")
        data = told(result.stdout)
        extra = next(one for one in planted if one.code == "LM805")
        wanted = {(one.code, one.model_id, "" if one is extra else one.path) for one in planted}
        assert faults(data, manifest) == wanted
        assert len(data["diagnostics"]) == len(planted)
        assert [model["unlisted"] for model in data["models"] if model["unlisted"]] == [
            [{"path": extra.path, "size": 11, "wanted": True}]
        ]
        assert result.exit_code == 1

    def test_a_true_tree_is_clean_and_a_second_run_reads_nothing(
        self, tree: PlantedTree, manifest: Path, invoke: Invoke
    ) -> None:
        first = invoke("verify", manifest, "--root", tree.root)
        assert first.stdout == f"70 files of 10 models below {tree.root}: 70 sound (70 read, 0 known from before)\n"
        assert (first.exit_code, first.stderr) == (0, "")
        again = told(invoke("verify", manifest, "--root", tree.root, "--json").stdout)
        assert again["summary"] == {
            "files": 70, "sound": 70, "read": 0, "known": 70, "faulty": 0, "absent": 0, "not_read": 0,
            "error": 0, "warning": 0, "info": 0,
        }  # fmt: skip
        assert again["complete"] is True
        anew = told(invoke("verify", manifest, "--root", tree.root, "--json", "--no-cache").stdout)
        assert anew["summary"]["read"] == 70

    def test_only_what_changed_is_read_again(self, tree: PlantedTree, manifest: Path, invoke: Invoke) -> None:
        invoke("verify", manifest, "--root", tree.root)
        place = tree.folder(tree.model_ids[0]) / "config.json"
        settle(place, later=60)
        data = told(invoke("verify", manifest, "--root", tree.root, "--json").stdout)
        assert (data["summary"]["read"], data["summary"]["known"]) == (1, 69)
        assert [one["path"] for one in data["models"][0]["files"] if not one["from_cache"]] == ["config.json"]

    def test_states_and_what_was_found_are_told_by_file(
        self, tree: PlantedTree, manifest: Path, invoke: Invoke
    ) -> None:
        model_id = tree.model_ids[0]
        config = tree.folder(model_id) / "config.json"
        size = config.stat().st_size
        config.write_bytes(b"x" * (size + 1))
        (model,) = told(invoke("verify", manifest, model_id, "--root", tree.root, "--json").stdout)["models"]
        states = {one["path"]: (one["state"], one["found_size"]) for one in model["files"]}
        assert states.pop("config.json") == ("size-differs", size + 1)
        assert set(states.values()) == {("sound", None)}
        assert model["folder"] == str(tree.folder(model_id))

    def test_the_way_on_is_told_where_the_disk_may_be_right(
        self, tree: PlantedTree, manifest: Path, invoke: Invoke
    ) -> None:
        model_id = tree.model_ids[0]
        (tree.folder(model_id) / "config.json").write_bytes(b"{}")
        result = invoke("verify", manifest, "--root", tree.root)
        assert f"loadmaster fill {manifest} {model_id} --from {tree.folder(model_id)}" in result.stderr
        assert "--unsafe" not in result.stdout


class TestWhere:
    def test_the_root_of_the_environment(self, tree: PlantedTree, manifest: Path, run: Run) -> None:
        done = run("verify", manifest, MODELS_ROOT=str(tree.root))
        assert (done.returncode, done.stderr) == (0, "")

    def test_no_root_at_all(self, manifest: Path, invoke: Invoke) -> None:
        result = invoke("verify", manifest)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "MODELS_ROOT" in result.stderr

    def test_a_root_that_is_none(self, manifest: Path, invoke: Invoke) -> None:
        result = invoke("verify", manifest, "--root", "nowhere")
        assert (result.exit_code, result.stderr) == (2, "loadmaster: nowhere: there is no such folder\n")

    def test_another_layout(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        name = model_id.partition("@")[0]
        tree.folder(model_id).rename(tree.root / name)
        text = tree.manifest.replace(f"local://wan22/{model_id}", "https://example.org/x")
        manifest = write(tmp_path / "other.toml", text)
        assert invoke("verify", manifest, model_id, "--root", tree.root).exit_code == 1
        assert invoke("verify", manifest, model_id, "--root", tree.root, "--layout", "{root}/{name}").exit_code == 0
        refused = invoke("verify", manifest, "--root", tree.root, "--layout", "{nothing}")
        assert refused.exit_code == 2
        assert "knows no placeholder {nothing}" in refused.stderr

    def test_a_variant_in_a_folder_of_its_own(self, tree: PlantedTree, manifest: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        apart = tree.root / "wan22" / f"{model_id}@fp16"
        tree.folder(model_id).rename(apart)
        for words in ((f"{model_id}#fp16",), (model_id, "--variant", "fp16")):
            data = told(invoke("verify", manifest, *words, "--root", tree.root, "--json").stdout)
            assert [model["folder"] for model in data["models"]] == [str(apart)]
            assert data["summary"]["sound"] == 7
        refused = invoke("verify", manifest, model_id, "--variant", "int4", "--root", tree.root)
        assert refused.exit_code == 2
        assert "there are fp16" in refused.stderr

    def test_a_variant_that_no_model_has(self, tree: PlantedTree, manifest: Path, invoke: Invoke) -> None:
        result = invoke("verify", manifest, "--variant", "int4", "--root", tree.root)
        assert (result.exit_code, result.stderr) == (2, "loadmaster: no model has a variant int4\n")

    def test_files_of_other_models_are_not_unlisted(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        one, two = tree.model_ids[:2]
        text = tree.manifest.replace(f"local://wan22/{two}", f"local://wan22/{one}")
        for place in tree.folder(two).iterdir():
            place.rename(tree.folder(one) / f"{place.name}-2")
        tree.folder(two).rmdir()
        for name in ("unet", "vae", "text_encoder"):
            text = text.replace(
                f'[[models."{two}".files]]\npath = "{name}/', f'[[models."{two}".files]]\npath = "{name}-2/'
            )
        text = text.replace(
            f'[[models."{two}".files]]\npath = "config.json"', f'[[models."{two}".files]]\npath = "config.json-2"'
        )
        manifest = write(tmp_path / "shared.toml", text)
        data = told(invoke("verify", manifest, one, "--root", tree.root, "--json").stdout)
        assert data["diagnostics"] == []

    def test_standard_input(self, tree: PlantedTree, invoke: Invoke) -> None:
        result = invoke("verify", "-", "--root", tree.root, stdin=tree.manifest)
        assert result.exit_code == 0


def test_an_entry_that_nothing_can_be_compared_with(tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
    text = tree.manifest.replace('path = "config.json"\nsize', 'path = "config.json"\nsiez', 1)
    manifest = write(tmp_path / "models.toml", text)
    result = invoke("verify", manifest, "--root", tree.root, "--json")
    assert result.exit_code == 2
    assert f"{tree.model_ids[0]}: 1 entry to compare with lacks a path, size or sha256" in result.stderr
    assert told(result.stdout)["summary"]["sound"] == 69


def test_broken_text_hides_no_other_model(tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
    text = tree.manifest.replace("variants =", "variants = [", 1)
    manifest = write(tmp_path / "models.toml", text)
    result = invoke("verify", manifest, "--root", tree.root, "--json")
    assert told(result.stdout)["summary"]["sound"] == 70


def test_a_cache_that_cannot_be_used_is_said_and_hinders_nothing(
    tree: PlantedTree, manifest: Path, tmp_path: Path, invoke: Invoke
) -> None:
    write(tmp_path / "cache", "a file where the folder should be")
    result = invoke("verify", manifest, "--root", tree.root)
    assert result.exit_code == 0
    assert "digests are not kept" in result.stderr


def test_no_scheduler_answers(
    tree: PlantedTree, manifest: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    assert distributed
    monkeypatch.setattr("loadmaster.weights.cluster.CONNECT_SECONDS", 0.5)
    result = invoke("verify", manifest, "--root", tree.root, "--scheduler", "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "no scheduler answers" in result.stderr


def test_a_schedulers_workers_read_the_files(tree: PlantedTree, manifest: Path, invoke: Invoke, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
    place = tree.folder(tree.model_ids[0]) / "config.json"
    place.write_bytes(b"x" * place.stat().st_size)
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        dashboard_address=None,
        host="127.0.0.1",
        protocol="tcp://",
        local_directory=str(tmp_path / "dask"),
        silence_logs=60,
    ) as cluster:
        result = invoke("verify", manifest, "--root", tree.root, "--json", "--scheduler", cluster.scheduler_address)
    data = told(result.stdout)
    assert faults(data, manifest) == {("LM803", tree.model_ids[0], "config.json")}
    assert (data["summary"]["read"], result.exit_code) == (69, 1)


def test_without_the_library_the_extra_is_named(
    tree: PlantedTree, manifest: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = invoke("verify", manifest, "--root", tree.root, "--scheduler", "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "loadmaster[cluster]" in result.stderr


class TestStopping:
    def test_what_was_read_is_told_and_kept(
        self, tree: PlantedTree, manifest: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
    ) -> None:
        """Ctrl-C after the fifth file, as the terminal sends it."""

        def interrupted(*arguments: Any, **more: Any) -> Iterator[Any]:
            def one_by_one(stamps: Sequence[FileStamp]) -> Iterator[HashResult]:
                for number, stamp in enumerate(stamps):
                    if more["stop"].is_set():
                        return
                    if (result := hash_file(stamp)) is not None:
                        yield result
                    if number == 4:
                        signal.raise_signal(signal.SIGINT)

            yield from verify_models(*arguments, **{**more, "hasher": one_by_one})

        with monkeypatch.context() as patched:
            patched.setattr(verify_command, "verify_models", interrupted)
            result = invoke("verify", manifest, "--root", tree.root, "--json")
        data = told(result.stdout)
        assert result.exit_code == 130
        assert data["complete"] is False
        assert "stopped" in result.stderr
        assert (data["summary"]["read"], data["summary"]["not_read"]) == (5, 65)
        again = told(invoke("verify", manifest, "--root", tree.root, "--json").stdout)
        assert (again["summary"]["read"], again["summary"]["known"]) == (65, 5)

    @pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
    def test_ctrl_c_ends_a_process_that_reads(self, tmp_path: Path) -> None:
        model_id = "demo-1b@1.0.0"
        text = but("size = 2147511568", "size = 8000000000")
        place = tmp_path / "models" / "wan22" / model_id / "unet" / "model.safetensors"
        place.parent.mkdir(parents=True)
        with place.open("wb") as file:
            file.truncate(8_000_000_000)
        manifest = write(tmp_path / "models.toml", text)
        process = subprocess.Popen(
            [sys.executable, "-m", "loadmaster", "verify", str(manifest), "--root", str(tmp_path / "models")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        kept = tmp_path / "cache" / "loadmaster" / "digests-1.sqlite"
        while process.poll() is None and not kept.exists():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        told_out, said = process.communicate()
        assert process.returncode == 130
        assert "1 not read" in told_out
        assert "stopped" in said
        assert "Traceback" not in said


def test_progress_on_a_terminal_and_none_in_a_pipe(tree: PlantedTree, manifest: Path, tmp_path: Path) -> None:
    for arguments in (("--root", str(tree.root)), ("--root", str(tree.root), "--json")):
        out, err = on_terminal(tmp_path, "verify", str(manifest), *arguments, "--no-cache")
        assert "70 of 70 files" in err
        assert "70" in out
    assert "of 70 files" not in out


def test_a_name_is_no_markup(tmp_path: Path) -> None:
    name = "[red]config[@click=app.quit].json"
    folder = tmp_path / "models" / "wan22" / "a@1.0.0"
    folder.mkdir(parents=True)
    write(folder / name, "{}")
    entry = f'path = "{name}"\nsize = 2\nsha256 = "{digest_of(folder / name)}"\n'
    text = f'schema_version = 1\n[models."a@1.0.0"]\nvariants = ["x"]\n[[models."a@1.0.0".files]]\n{entry}'
    manifest = write(tmp_path / "models.toml", text)
    root = str(tmp_path / "models")
    _, err = on_terminal(tmp_path, "verify", str(manifest), "--root", root, "--no-cache", COLUMNS="200")
    assert name in err


def test_the_libraries_of_the_extras_are_not_loaded(tree: PlantedTree, manifest: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from loadmaster.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "verify", str(manifest), "--root", str(tree.root)],
        capture_output=True, text=True, check=True, env={**os.environ},
    )  # fmt: skip
    loaded = set(done.stderr.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert loaded.isdisjoint({"textual", "rich", "distributed", "huggingface_hub", "fsspec", "asyncio", "tomlkit"})
