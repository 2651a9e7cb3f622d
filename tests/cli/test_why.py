"""`loadmaster why`: the steps of a load up to the first obstacle, with its line and the way out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Invoke, Run, write
from tests.hub_server import COMMIT, REPO, TOKEN, Exchange, hub_server
from tests.planted_tree import FAULTS, PlantedTree, make_tree, settle

from loadmaster.checks.examples import TWO_MODELS, but
from loadmaster.document.document import Document


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("MODELS_ROOT", raising=False)


@pytest.fixture
def tree(tmp_path: Path) -> PlantedTree:
    return make_tree(tmp_path / "models", 2, 20_000)


def steps(output: str) -> list[dict[str, Any]]:
    data = json.loads(output)
    assert data["obstacle"] is any(step["state"] == "obstacle" for step in data["steps"])
    found: list[dict[str, Any]] = data["steps"]
    return found


def last(invoke: Invoke, file: Path, *words: str | Path) -> dict[str, Any]:
    """The last step, which is the only one that may be an obstacle."""
    result = invoke("why", file, *words, "--json")
    told = steps(result.stdout)
    assert all(step["state"] != "obstacle" for step in told[:-1])
    assert result.exit_code == int(told[-1]["state"] == "obstacle")
    return told[-1]


def names(invoke: Invoke, file: Path, *words: str | Path) -> list[tuple[str, str]]:
    return [(step["name"], step["state"]) for step in steps(invoke("why", file, *words, "--json").stdout)]


class TestRegistry:
    def test_a_fault_of_the_model_stands_before_those_of_others(self, tmp_path: Path, invoke: Invoke) -> None:
        text = TWO_MODELS.replace('default_variant = "fp16"', 'default_variant = "int4"')
        file = write(tmp_path / "models.toml", text)
        step = last(invoke, file, "demo-2b")
        assert (step["name"], step["code"], step["line"]) == ("registry", "LM201", 28)
        assert step["says"].startswith("the registry refuses the manifest: ")
        assert step["says"].endswith("(and 1 more)")
        assert step["way_out"]

    def test_a_fault_of_another_model_stops_this_one_too(self, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", but("size = 612", "size = -1", TWO_MODELS))
        step = last(invoke, file, "demo-2b")
        assert (step["name"], step["code"], step["line"]) == ("registry", "LM103", 13)

    def test_broken_text(self, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", but("size = 612", "size = = 612", TWO_MODELS))
        step = last(invoke, file, "demo-2b")
        assert (step["name"], step["code"], step["line"]) == ("registry", "LM001", 13)

    def test_what_a_comment_silences_is_refused_all_the_same(self, tmp_path: Path, invoke: Invoke) -> None:
        text = but("size = 612", "size = -1  # loadmaster: ignore[LM103]", TWO_MODELS)
        file = write(tmp_path / "models.toml", text)
        assert invoke("check", file).exit_code == 0
        step = last(invoke, file, "demo-1b")
        assert (step["name"], step["code"], step["line"]) == ("registry", "LM103", 13)


class TestModel:
    @pytest.mark.parametrize(
        ("reference", "says", "way_out"),
        [
            ("demo-1c", "there is no model demo-1c", "did you mean demo-1b?"),
            ("zzz", "there is no model zzz", "there are demo-1b@1.0.0, demo-2b@1.0.0"),
        ],
    )
    def test_there_is_none(self, tmp_path: Path, invoke: Invoke, reference: str, says: str, way_out: str) -> None:
        step = last(invoke, write(tmp_path / "models.toml", TWO_MODELS), reference)
        assert (step["name"], step["says"], step["way_out"]) == ("model", says, way_out)

    def test_several_versions(self, tmp_path: Path, invoke: Invoke) -> None:
        text = Document.from_text(TWO_MODELS).copy_model("demo-1b@1.0.0", "demo-1b@1.1.0").text
        text = text.replace('version = "1.0.0"', "", 2)
        step = last(invoke, write(tmp_path / "models.toml", text), "demo-1b")
        assert "several versions: demo-1b@1.0.0, demo-1b@1.1.0" in step["says"]

    @pytest.mark.parametrize("words", [("demo-1b#int4",), ("demo-1b", "--variant", "int4")])
    def test_no_such_variant(self, good: Path, invoke: Invoke, words: tuple[str, ...]) -> None:
        step = last(invoke, good, *words)
        assert (step["name"], step["line"]) == ("variant", 6)
        assert step["says"] == "int4 is none of the variants (fp16, bf16)"

    def test_an_entry_that_cannot_be_true(self, tmp_path: Path, invoke: Invoke) -> None:
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        digest = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a"
        file = write(tmp_path / "models.toml", but(digest, empty))
        step = last(invoke, file, "demo-1b")
        assert (step["name"], step["code"], step["line"]) == ("entries", "LM402", 14)


class TestDisk:
    def test_nothing_stands_in_the_way(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", tree.manifest)
        order = ["registry", "model", "variant", "entries", "folder", "files", "headers", "sources"]
        assert names(invoke, file, tree.model_ids[0], "--root", tree.root) == [(name, "fine") for name in order]

    @pytest.mark.parametrize("fault", [name for name in FAULTS if name != "extra"])
    def test_what_is_planted_is_the_obstacle(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke, fault: str
    ) -> None:
        model_id = tree.model_ids[1]
        code, path = FAULTS[fault](tree, model_id)
        file = write(tmp_path / "models.toml", tree.manifest)
        step = last(invoke, file, model_id, "--root", tree.root)
        assert (step["state"], step["code"]) == ("obstacle", code)
        line = tree.manifest.split("\n")[step["line"] - 1]
        entry = next((one for one in tree.entries[model_id] if one["path"] == path), {"": model_id})
        assert any(str(value) in line for value in entry.values())
        assert step["way_out"]
        assert last(invoke, file, tree.model_ids[0], "--root", tree.root)["state"] == "fine"

    def test_an_extra_file_stops_nothing(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        FAULTS["extra"](tree, tree.model_ids[0])
        file = write(tmp_path / "models.toml", tree.manifest)
        assert last(invoke, file, tree.model_ids[0], "--root", tree.root)["state"] == "fine"

    def test_quick_reads_nothing_but_knows_what_was_read(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke
    ) -> None:
        file = write(tmp_path / "models.toml", tree.manifest)
        words = (tree.model_ids[0], "--root", tree.root, "--quick")
        assert names(invoke, file, *words)[-2:] == [("files", "unknown"), ("sources", "unknown")]
        assert invoke("verify", file, "--root", tree.root).exit_code == 0
        assert names(invoke, file, *words)[-2:] == [("headers", "fine"), ("sources", "fine")]
        settle(tree.folder(tree.model_ids[0]) / "config.json", later=60)
        told = steps(invoke("why", file, *words, "--json").stdout)
        assert told[-2]["says"] == "sizes agree; 1 file not read"

    def test_without_a_root_the_disk_is_not_looked_at(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", tree.manifest)
        assert names(invoke, file, tree.model_ids[0])[-2:] == [("disk", "unknown"), ("sources", "unknown")]

    def test_the_way_to_take_the_disk_at_its_word(self, tree: PlantedTree, tmp_path: Path, invoke: Invoke) -> None:
        model_id = tree.model_ids[0]
        FAULTS["short"](tree, model_id)
        step = last(invoke, write(tmp_path / "models.toml", tree.manifest), model_id, "--root", tree.root)
        assert f"loadmaster fill FILE {model_id} --from {tree.folder(model_id)}" in step["way_out"]


def test_for_people_each_step_is_a_line(tree: PlantedTree, tmp_path: Path, run: Run) -> None:
    FAULTS["missing"](tree, tree.model_ids[0])
    file = write(tmp_path / "models.toml", tree.manifest)
    done = run("why", file, tree.model_ids[0], "--root", tree.root)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines[:5]] == [
        ["ok", "registry"], ["ok", "model"], ["ok", "variant"], ["ok", "entries"], ["ok", "folder"],
    ]  # fmt: skip
    assert lines[5].startswith(f"NO files    {file}:")
    assert "LM801 vae/model.safetensors is not in" in lines[5]
    assert lines[6].startswith("   way out  ")
    assert len(lines) == 7


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Exchange]:
    pytest.importorskip("huggingface_hub", reason="the extra hub is not installed")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with hub_server() as exchange:
        monkeypatch.setenv("HF_ENDPOINT", exchange.endpoint)
        yield exchange


class TestSources:
    def manifest(self, tree: PlantedTree, tmp_path: Path) -> Path:
        model_id = tree.model_ids[0]
        sources = f'["local://wan22/{model_id}", "hf://{REPO}@{COMMIT}"]'
        return write(tmp_path / "models.toml", tree.manifest.replace(f'["local://wan22/{model_id}"]', sources))

    def served(self, exchange: Exchange, tree: PlantedTree) -> None:
        entries = tree.entries[tree.model_ids[0]]
        siblings = [
            {
                "rfilename": one["path"],
                "size": one["size"],
                "blobId": "0" * 40,
                "lfs": {"sha256": one["sha256"], "size": one["size"], "pointerSize": 130},
            }
            for one in entries
        ]
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}", siblings=siblings)

    def test_a_missing_file_is_sent_to_a_source_that_has_it(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke, exchange: Exchange
    ) -> None:
        self.served(exchange, tree)
        FAULTS["missing"](tree, tree.model_ids[0])
        file = self.manifest(tree, tmp_path)
        words = (tree.model_ids[0], "--root", tree.root)
        assert last(invoke, file, *words)["way_out"] == f"download it from hf://{REPO}@{COMMIT}"
        assert exchange.asked == []
        told = last(invoke, file, *words, "--online")
        assert told["way_out"] == f"download it from hf://{REPO}@{COMMIT}, which has every listed file"

    def test_a_source_that_is_gone_is_named(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke, exchange: Exchange
    ) -> None:
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", 401)
        FAULTS["no folder"](tree, tree.model_ids[0])
        told = last(invoke, self.manifest(tree, tmp_path), tree.model_ids[0], "--root", tree.root, "--online")
        assert told["name"] == "folder"
        assert "gone, or private, or you are not logged in" in told["way_out"]

    def test_without_a_disk_the_sources_decide(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke, exchange: Exchange
    ) -> None:
        file = self.manifest(tree, tmp_path)
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", 401)
        told = last(invoke, file, tree.model_ids[0], "--online")
        assert (told["name"], told["code"], told["state"]) == ("sources", "LM901", "obstacle")
        self.served(exchange, tree)
        told = last(invoke, file, tree.model_ids[0], "--online")
        assert (told["name"], told["state"]) == ("source", "fine")

    def test_a_sound_disk_needs_no_source(
        self, tree: PlantedTree, tmp_path: Path, invoke: Invoke, exchange: Exchange
    ) -> None:
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", 401)
        told = last(invoke, self.manifest(tree, tmp_path), tree.model_ids[0], "--root", tree.root, "--online")
        assert (told["name"], told["state"]) == ("source", "unknown")
