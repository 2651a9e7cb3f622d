"""`loadmaster fill`: what is invented becomes true, with a difference that touches nothing else."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Invoke, Run, write
from tests.planted_tree import PlantedTree, digest_of, invented, make_tree

from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, TWO_MODELS, but
from loadmaster.document.document import Document

MODEL = "demo-1b@1.0.0"
UNET = "unet/model.safetensors"
TRUE = "5c" * 32
OTHER = "7d" * 32


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MODELS_ROOT", raising=False)


@pytest.fixture
def tree(tmp_path: Path) -> PlantedTree:
    return make_tree(tmp_path / "models", 2, 20_000)


def text_of(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


def listed(file: Path, model_id: str = MODEL) -> dict[str, Any]:
    files = Document.from_text(text_of(file)).get(("models", model_id, "files"))
    return {one["path"]: one for one in files}


class TestFromFolder:
    def test_invented_values_become_true_and_nothing_else_changes(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke
    ) -> None:
        before = invented(tree.manifest)
        manifest = write(tmp_path / "models.toml", before)
        assert any(one.code.startswith("LM40") for one in check(Document.from_text(before)))
        for model_id in tree.model_ids:
            assert invoke("fill", manifest, model_id, "--from", tree.folder(model_id)).exit_code == 0
        after = text_of(manifest)
        assert not any(one.code.startswith("LM40") for one in check(Document.from_text(after)))
        assert invoke("verify", manifest, "--root", tree.root).exit_code == 0
        lines = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm=""))[2:]
        assert {line[1:].split(" = ")[0] for line in lines if line[0] in "+-"} == {"size", "sha256"}
        assert after == tree.manifest

    def test_what_became_of_the_files_is_told(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        folder = tree.folder(model_id)
        (folder / "vae/model.safetensors").unlink()
        write(folder / "config.json", "{}")
        write(folder / "more.json", "[]")
        write(folder / "README.md", "hello")
        manifest = write(tmp_path / "models.toml", tree.manifest)
        result = invoke("fill", manifest, model_id, "--from", folder)
        assert f"{model_id}: 1 file with other values, 5 true already" in result.stderr
        assert "listed, and nothing was told of them: vae/model.safetensors" in result.stderr
        assert "1 unlisted file could be added with --add: more.json" in result.stderr
        assert "README" not in result.stderr
        assert "more.json" not in listed(manifest, model_id)
        assert listed(manifest, model_id)["config.json"]["size"] == 2

    def test_unlisted_files_are_added_when_asked(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        document = Document.from_text(tree.manifest)
        shard = document.get(("models", model_id, "files", 1))
        manifest = write(tmp_path / "models.toml", document.remove_item(("models", model_id, "files"), 1).text)
        assert invoke("fill", manifest, model_id, "--from", tree.folder(model_id), "--add").exit_code == 0
        assert listed(manifest, model_id)[shard["path"]] == shard

    def test_pointers_are_taken_at_their_word(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{TRUE}\nsize 77\n"
        write(tree.folder(model_id) / "vae/model.safetensors", pointer)
        manifest = write(tmp_path / "models.toml", tree.manifest)
        result = invoke("fill", manifest, model_id, "--from", tree.folder(model_id))
        assert "their bytes are not here: vae/model.safetensors" in result.stderr
        entry = listed(manifest, model_id)["vae/model.safetensors"]
        assert (entry["size"], entry["sha256"]) == (77, TRUE)

    @pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
    def test_links_lead_no_further_than_the_root(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        blobs = tmp_path / "cache" / "blobs"
        snapshot = tmp_path / "cache" / "snapshots" / "abc"
        blobs.mkdir(parents=True)
        snapshot.mkdir(parents=True)
        write(blobs / "1", "{}")
        (snapshot / "config.json").symlink_to(blobs / "1")
        manifest = write(tmp_path / "models.toml", tree.manifest)
        refused = invoke("fill", manifest, model_id, "--from", snapshot)
        assert refused.exit_code == 1
        assert "config.json: is a link that leaves the root; --root DIR says how far" in refused.stderr
        assert text_of(manifest) == tree.manifest
        assert invoke("fill", manifest, model_id, "--from", snapshot, "--root", tmp_path / "cache").exit_code == 0
        assert listed(manifest, model_id)["config.json"]["sha256"] == digest_of(blobs / "1")

    def test_no_such_folder(self, good: Path, invoke: Invoke) -> None:
        result = invoke("fill", good, MODEL, "--from", "nowhere")
        assert (result.exit_code, result.stderr) == (2, "loadmaster: nowhere: there is no such folder\n")


class TestFromSums:
    def fill(self, invoke: Invoke, file: Path, text: str, *words: str) -> Any:
        return invoke("fill", file, MODEL, "--from-sums", "-", *words, stdin=text)

    def test_lines_of_sha256sum_keep_the_size_that_stands_there(self, good: Path, invoke: Invoke) -> None:
        result = self.fill(invoke, good, f"{TRUE}  ./{UNET}\n")
        assert result.exit_code == 0
        assert f"the size that stood there stays, as none was told: {UNET}" in result.stderr
        old = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
        assert text_of(good) == GOOD.replace(old, TRUE)

    def test_sizes_can_be_given(self, good: Path, invoke: Invoke) -> None:
        sums = f"{TRUE}  {UNET}\n{OTHER}  vae/model.safetensors\n"
        result = self.fill(invoke, good, sums, "--size", f"{UNET}=2GiB", "--size", "vae/model.safetensors=507_591_892")
        assert result.exit_code == 0
        assert listed(good)[UNET]["size"] == 2 * 2**30
        assert listed(good)["vae/model.safetensors"] == {
            "path": "vae/model.safetensors", "size": 507591892, "sha256": OTHER, "component": "vae",
        }  # fmt: skip

    def test_a_new_file_without_a_size_is_refused_whole(self, good: Path, invoke: Invoke) -> None:
        result = self.fill(invoke, good, f"{TRUE}  {UNET}\n{OTHER}  vae/model.safetensors\n")
        assert result.exit_code == 1
        assert "no size is told of vae/model.safetensors: give --size PATH=BYTES, or --no-add" in result.stderr
        assert text_of(good) == GOOD
        assert self.fill(invoke, good, f"{TRUE}  {UNET}\n{OTHER}  vae/x.json\n", "--no-add").exit_code == 0
        assert list(listed(good)) == ["config.json", UNET]

    @pytest.mark.parametrize("size", ["unet=1", f"{UNET}", f"{UNET}=many", "=5"])
    def test_a_size_that_says_nothing(self, good: Path, invoke: Invoke, size: str) -> None:
        result = self.fill(invoke, good, f"{TRUE}  {UNET}\n", "--size", size)
        assert result.exit_code == 2
        assert "--size" in result.stderr

    def test_pointers_and_the_hubs_tree_bring_sizes(self, good: Path, invoke: Invoke, tmp_path: Path) -> None:
        pointer = f"==> {UNET} <==\nversion https://git-lfs.github.com/spec/v1\noid sha256:{TRUE}\nsize 77\n"
        assert self.fill(invoke, good, pointer).exit_code == 0
        assert listed(good)[UNET]["size"] == 77
        tree = f'[{{"type":"file","path":"{UNET}","size":9,"oid":"x","lfs":{{"oid":"{OTHER}","size":9}}}}]'
        write(tmp_path / "tree.json", tree)
        assert invoke("fill", good, MODEL, "--from-sums", "tree.json").exit_code == 0
        assert (listed(good)[UNET]["size"], listed(good)[UNET]["sha256"]) == (9, OTHER)

    def test_a_listing_of_several_models_is_cut_to_this_one(self, good: Path, invoke: Invoke) -> None:
        sums = f"{TRUE}  /data/wan22/{MODEL}/{UNET}\n{OTHER}  /data/wan22/other@1.0.0/vae.safetensors\n"
        result = self.fill(invoke, good, sums)
        assert result.exit_code == 0
        assert f"1 line outside /data/wan22/{MODEL} passed over" in result.stderr
        assert listed(good)[UNET]["sha256"] == TRUE
        assert len(listed(good)) == 2

    def test_where_two_folders_fit_one_is_asked_for(self, good: Path, invoke: Invoke) -> None:
        sums = f"{TRUE}  one/{UNET}\n{OTHER}  two/{UNET}\n"
        refused = self.fill(invoke, good, sums)
        assert refused.exit_code == 2
        assert "choose one with --below: one, two" in refused.stderr
        assert self.fill(invoke, good, sums, "--below", "two").exit_code == 0
        assert listed(good)[UNET]["sha256"] == OTHER

    def test_a_lone_pointer_needs_its_file(self, good: Path, invoke: Invoke) -> None:
        refused = self.fill(invoke, good, TRUE + "\n")
        assert refused.exit_code == 2
        assert "--file PATH" in refused.stderr
        assert self.fill(invoke, good, TRUE + "\n", "--file", UNET).exit_code == 0
        assert listed(good)[UNET]["sha256"] == TRUE

    def test_lines_that_cannot_be_used_are_told(self, good: Path, invoke: Invoke) -> None:
        result = self.fill(invoke, good, f"hello\n{'a' * 32}  x\n{TRUE}  {UNET}\n")
        assert "-:1: this is no line of sha256sum" in result.stderr
        assert "-:2: this is MD5 by its length" in result.stderr
        assert listed(good)[UNET]["sha256"] == TRUE
        assert result.exit_code == 1
        nothing = self.fill(invoke, good, "hello\n")
        assert nothing.exit_code == 2


class TestWriting:
    def test_diff_writes_nothing(self, good: Path, invoke: Invoke) -> None:
        result = invoke("fill", good, MODEL, "--from-sums", "-", "--diff", stdin=f"{TRUE}  {UNET}\n")
        assert result.exit_code == 0
        assert f'+sha256 = "{TRUE}"' in result.stdout
        assert text_of(good) == GOOD

    def test_nothing_to_change(self, good: Path, invoke: Invoke) -> None:
        digest = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
        result = invoke("fill", good, MODEL, "--from-sums", "-", stdin=f"{digest}  {UNET}\n")
        assert result.exit_code == 0
        assert f"{good}: nothing to change" in result.stderr

    @pytest.mark.parametrize("words", [(), ("--from", ".", "--from-hub"), ("--from", ".", "--from-sums", "-")])
    def test_one_source_at_a_time(self, good: Path, invoke: Invoke, words: tuple[str, ...]) -> None:
        result = invoke("fill", good, MODEL, *words)
        assert result.exit_code == 2
        assert "needs one of" in result.stderr

    def test_an_error_that_it_brings_is_said(self, tmp_path: Path, invoke: Invoke) -> None:
        manifest = write(tmp_path / "models.toml", TWO_MODELS)
        unet = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
        result = invoke("fill", manifest, "demo-2b", "--from-sums", "-", stdin=f"{unet}  model.safetensors\n")
        assert result.exit_code == 0
        assert "LM404" in result.stderr

    def test_a_pipe_is_written_without_a_question(self, good: Path, run: Run) -> None:
        done = run("fill", good, MODEL, "--from-sums", "-", stdin=f"{TRUE}  {UNET}\n")
        assert (done.returncode, done.stdout) == (0, "")
        assert listed(good)[UNET]["sha256"] == TRUE

    def test_windows_newlines_stay(self, tmp_path: Path, invoke: Invoke) -> None:
        manifest = write(tmp_path / "models.toml", GOOD.replace("\n", "\r\n"))
        assert invoke("fill", manifest, MODEL, "--from-sums", "-", stdin=f"{TRUE}  {UNET}\n").exit_code == 0
        old = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
        assert text_of(manifest) == GOOD.replace("\n", "\r\n").replace(old, TRUE)

    def test_a_model_whose_table_is_broken_is_refused(self, tmp_path: Path, invoke: Invoke) -> None:
        manifest = write(tmp_path / "models.toml", but("size = 2147511568", "size = = 5"))
        before = text_of(manifest)
        result = invoke("fill", manifest, MODEL, "--from-sums", "-", "--size", f"{UNET}=5", stdin=f"{TRUE}  {UNET}\n")
        assert result.exit_code == 1
        assert text_of(manifest) == before


Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Runs the command on a terminal and types the answers; gives what it answered and all that was shown."""
    pytest.importorskip("pty")
    import pty

    def run_it(*arguments: str | Path, answers: str) -> tuple[int, str]:
        import sys

        shown: list[bytes] = []
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(tmp_path)
            os.environ["TERM"] = "dumb"
            os.execv(sys.executable, [sys.executable, "-m", "loadmaster", *map(str, arguments)])
        os.write(terminal, answers.encode())
        while True:
            try:
                piece = os.read(terminal, 65536)
            except OSError:
                piece = b""
            if not piece:
                break
            shown.append(piece)
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), b"".join(shown).decode()

    return run_it


class TestAsking:
    def test_the_difference_comes_first_and_no_writes_nothing(self, good: Path, tmp_path: Path, ask: Ask) -> None:
        write(tmp_path / "sums", f"{TRUE}  {UNET}\n")
        code, shown = ask("fill", good, MODEL, "--from-sums", "sums", answers="\nn\n")
        assert code == 1
        assert shown.index("size of unet/model.safetensors [2147511568]") < shown.index(f'+sha256 = "{TRUE}"')
        assert shown.index(f'+sha256 = "{TRUE}"') < shown.index("write this to")
        assert text_of(good) == GOOD

    def test_sizes_are_asked_for(self, good: Path, tmp_path: Path, ask: Ask) -> None:
        write(tmp_path / "sums", f"{TRUE}  {UNET}\n{OTHER}  vae.safetensors\n")
        code, _ = ask("fill", good, MODEL, "--from-sums", "sums", answers="2GiB\n336MB\ny\n")
        assert code == 0
        assert listed(good)[UNET]["size"] == 2 * 2**30
        assert listed(good)["vae.safetensors"]["size"] == 336_000_000

    def test_unlisted_files_are_offered(self, tmp_path: Path, ask: Ask) -> None:
        tree = make_tree(tmp_path / "models", 1, 5000)
        model_id = tree.model_ids[0]
        write(tree.folder(model_id) / "more.json", "[]")
        manifest = write(tmp_path / "models.toml", tree.manifest)
        code, shown = ask("fill", manifest, model_id, "--from", tree.folder(model_id), answers="y\ny\n")
        assert code == 0
        assert "add 1 unlisted file (more.json)?" in shown
        assert "more.json" in listed(manifest, model_id)

    def test_yes_asks_nothing(self, good: Path, tmp_path: Path, ask: Ask) -> None:
        write(tmp_path / "sums", f"{TRUE}  {UNET}\n")
        code, _ = ask("fill", good, MODEL, "--from-sums", "sums", "--size", f"{UNET}=5", "--yes", answers="")
        assert code == 0
        assert listed(good)[UNET]["size"] == 5
