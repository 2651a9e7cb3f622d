"""`check --online` and `fill --from-hub`: the real libraries against loopback servers."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Invoke, Run, write
from tests.hub_server import COMMIT, CONFIG, LATER, REPO, TOKEN, WEIGHTS_SHA, Exchange, hub_server

from loadmaster.document.document import Document

MODEL = "demo-5b@1.0.0"
CONFIG_SHA = hashlib.sha256(CONFIG).hexdigest()
PINNED = f"hf://{REPO}@{COMMIT}"
OTHER = "7d" * 32


def manifest_text(*sources: str, size: int = 2818839170, sha256: str = WEIGHTS_SHA, more: str = "") -> str:
    """A manifest that is true of the loopback Hub, but for what is given."""
    return f"""\
schema_version = 1

# the weights
[models."{MODEL}"]
variants = ["bf16"]
default_variant = "bf16"
allow_patterns = ["*.pth", "*.json"]

[[models."{MODEL}".files]]
path = "config.json"
size = {len(CONFIG)}
sha256 = "{CONFIG_SHA}"
component = "config"

[[models."{MODEL}".files]]
path = "Wan2.2_VAE.pth"  # large
size = {size}
sha256 = "{sha256}"
component = "vae"
{more}
[models."{MODEL}".sources]
priority = {json.dumps(list(sources))}
"""


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Exchange]:
    pytest.importorskip("huggingface_hub", reason="the extra hub is not installed")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with hub_server() as exchange:
        exchange.file("config.json", CONFIG)
        monkeypatch.setenv("HF_ENDPOINT", exchange.endpoint)
        yield exchange


def codes(output: str) -> list[tuple[str, int]]:
    return [(one["code"], one["line"]) for one in json.loads(output)["files"][0]["diagnostics"]]


def online(invoke: Invoke, file: Path, *words: str) -> Any:
    return invoke("check", file, "--online", "--format", "json", "--select", "LM9", *words)


class TestHub:
    def test_a_manifest_that_is_true_of_its_source(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        file = write(tmp_path / "models.toml", manifest_text(PINNED))
        result = online(invoke, file)
        assert (codes(result.stdout), result.exit_code, result.stderr) == ([], 0, "")

    def test_what_differs_and_what_is_missing(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        gone = f'\n[[models."{MODEL}".files]]\npath = "gone.json"\nsize = 5\nsha256 = "{OTHER}"\n'
        text = manifest_text(PINNED, size=5, more=gone).replace(CONFIG_SHA, OTHER)
        file = write(tmp_path / "models.toml", text)
        result = online(invoke, file)
        assert codes(result.stdout) == [("LM903", 12), ("LM903", 17), ("LM902", 22)]
        assert result.exit_code == 1
        assert "fill FILE MODEL --from-hub" in result.stderr

    def test_all_rules_are_told_together_in_the_order_of_places(
        self, exchange: Exchange, tmp_path: Path, invoke: Invoke
    ) -> None:
        exchange.model(f"/api/models/{REPO}")
        file = write(tmp_path / "models.toml", manifest_text(f"hf://{REPO}", size=5))
        result = invoke("check", file, "--online", "--format", "json")
        lines = [line for _, line in codes(result.stdout)]
        assert lines == sorted(lines)
        assert {code for code, _ in codes(result.stdout)} == {"LM903", "LM701", "LM503"}

    def test_gone_or_private_is_one_fault_and_no_token_is_shown(
        self, exchange: Exchange, tmp_path: Path, run: Run
    ) -> None:
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", 401, message=f"bad {TOKEN}")
        file = write(tmp_path / "models.toml", manifest_text(PINNED))
        done = run("check", file, "--online")
        assert done.returncode == 1
        assert "error LM901 repository-gone" in done.stdout
        assert "gone, or private, or you are not logged in" in done.stdout
        assert TOKEN not in done.stdout + done.stderr

    def test_a_branch_that_moved(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}", sha=LATER)
        exchange.file("config.json", CONFIG, commit=LATER)
        folder = tmp_path / "hub" / ("models--" + REPO.replace("/", "--")) / "refs"
        folder.mkdir(parents=True)
        write(folder / "main", COMMIT)
        file = write(tmp_path / "models.toml", manifest_text(f"hf://{REPO}"))
        result = online(invoke, file)
        assert codes(result.stdout) == [("LM904", 22)]
        assert result.exit_code == 0
        assert online(invoke, file, "--strict").exit_code == 1

    def test_the_network_is_no_fault_of_the_manifest(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", 429)
        file = write(tmp_path / "models.toml", manifest_text(PINNED))
        result = online(invoke, file)
        assert (codes(result.stdout), result.exit_code) == ([], 2)
        assert "too many requests" in result.stderr

    def test_a_repository_is_asked_once(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        text = manifest_text(PINNED)
        second = text.partition("# the weights")[2].replace("demo-5b@1.0.0", "demo-5b@1.0.1")
        file = write(tmp_path / "models.toml", text + second)
        assert online(invoke, file).exit_code == 0
        assert len([path for _, path, _ in exchange.asked if path.startswith("/api/")]) == 1

    def test_only_the_models_that_are_asked_for(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", manifest_text(PINNED) + manifest_text("local://x").replace(
            "schema_version = 1", "").replace("demo-5b@1.0.0", "other@1.0.0"))  # fmt: skip
        assert online(invoke, file, "--model", "other@1.0.0").exit_code == 0
        assert exchange.asked == []

    def test_what_is_silenced_stays_silent(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        text = manifest_text(PINNED, size=5).replace("size = 5\n", "size = 5  # loadmaster: ignore[LM903]\n")
        assert codes(online(invoke, write(tmp_path / "models.toml", text)).stdout) == []


def cached(folder: Path, sha256: str = WEIGHTS_SHA) -> None:
    """A local cache that lists the files of the commit, none of them downloaded."""
    model = folder / ("models--" + REPO.replace("/", "--"))
    (model / "trees").mkdir(parents=True)
    files = {
        "config.json": {"size": len(CONFIG), "blob_id": "0" * 40},
        "Wan2.2_VAE.pth": {"size": 135, "blob_id": "1" * 40, "lfs_sha256": sha256, "lfs_size": 2818839170},
    }
    write(model / "trees" / f"{COMMIT}.json", json.dumps({"format_version": 1, "files": files}))


class TestOffline:
    def test_the_cache_speaks_without_a_network(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
    ) -> None:
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setitem(sys.modules, "huggingface_hub", None)
        cached(tmp_path / "hub", OTHER)
        file = write(tmp_path / "models.toml", manifest_text(PINNED, "https://example.org/never-asked"))
        result = invoke("check", file, "--offline", "--format", "json", "--select", "LM9")
        assert codes(result.stdout) == [("LM903", 18)]

    def test_what_the_cache_does_not_know_is_said_and_no_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
    ) -> None:
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        file = write(tmp_path / "models.toml", manifest_text(PINNED))
        result = invoke("check", file, "--offline", "--select", "LM9")
        assert result.exit_code == 0
        assert f"the local cache of the Hub does not know {REPO}" in result.stderr

    def test_fill_from_the_cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke) -> None:
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        cached(tmp_path / "hub")
        file = write(tmp_path / "models.toml", manifest_text(PINNED, size=5, sha256=OTHER))
        result = invoke("fill", file, MODEL, "--from-hub", "--offline")
        assert result.exit_code == 0
        assert "no sha256 is told, their bytes are needed: config.json" in result.stderr
        assert file.read_text(encoding="utf-8") == manifest_text(PINNED)


def test_without_the_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, invoke: Invoke
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    file = write(tmp_path / "models.toml", manifest_text(PINNED))
    result = online(invoke, file)
    assert result.exit_code == 2
    assert "loadmaster[hub]" in result.stderr
    assert invoke("fill", file, MODEL, "--from-hub").exit_code == 2


class TestFillFromHub:
    def test_values_are_taken_and_the_commit_is_pinned(
        self, exchange: Exchange, tmp_path: Path, invoke: Invoke
    ) -> None:
        exchange.model(f"/api/models/{REPO}")
        file = write(tmp_path / "models.toml", manifest_text(f"hf://{REPO}", size=5, sha256=OTHER))
        result = invoke("fill", file, MODEL, "--from-hub")
        assert result.exit_code == 0
        assert file.read_text(encoding="utf-8") == manifest_text(PINNED)
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        assert invoke("check", file, "--online", "--select", "LM9").exit_code == 0

    def test_the_source_may_stay_as_it_is(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}")
        file = write(tmp_path / "models.toml", manifest_text(f"hf://{REPO}", size=5))
        assert invoke("fill", file, MODEL, "--from-hub", "--no-pin").exit_code == 0
        assert file.read_text(encoding="utf-8") == manifest_text(f"hf://{REPO}")

    def test_small_files_are_read_and_hashed(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        file = write(tmp_path / "models.toml", manifest_text(PINNED).replace(CONFIG_SHA, OTHER))
        assert invoke("fill", file, MODEL, "--from-hub").exit_code == 0
        assert file.read_text(encoding="utf-8") == manifest_text(PINNED)

    def test_unlisted_files_are_added_where_the_patterns_take_them(
        self, exchange: Exchange, tmp_path: Path, invoke: Invoke
    ) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        document = Document.from_text(manifest_text(PINNED)).remove_item(("models", MODEL, "files"), 1)
        file = write(tmp_path / "models.toml", document.text)
        result = invoke("fill", file, MODEL, "--from-hub", "--add")
        assert "not added (none of allow_patterns takes it): .gitattributes, sub/big.txt" in result.stderr
        files = Document.from_text(file.read_text(encoding="utf-8")).get(("models", MODEL, "files"))
        assert files[1] == {
            "path": "Wan2.2_VAE.pth", "size": 2818839170, "sha256": WEIGHTS_SHA, "component": "vae",
        }  # fmt: skip

    def test_another_source_than_the_first(self, exchange: Exchange, tmp_path: Path, invoke: Invoke) -> None:
        exchange.model(f"/api/models/{REPO}")
        file = write(tmp_path / "models.toml", manifest_text("local://x", size=5))
        nothing = invoke("fill", file, MODEL, "--from-hub")
        assert nothing.exit_code == 2
        assert "has no hf:// source" in nothing.stderr
        assert invoke("fill", file, MODEL, "--from-hub", "--source", f"hf://{REPO}").exit_code == 0
        assert file.read_text(encoding="utf-8") == manifest_text("local://x")


@contextmanager
def web_server(files: dict[str, int]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path in files else 404)
            self.send_header("Content-Length", str(files.get(self.path, 0)))
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class TestOtherStores:
    @pytest.fixture(autouse=True)
    def libraries(self, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("fsspec", reason="the extra remote is not installed")
        pytest.importorskip("aiohttp", reason="the extra remote is not installed")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    def test_existence_and_size_over_http(self, tmp_path: Path, invoke: Invoke) -> None:
        with web_server({"/m/config.json": len(CONFIG), "/m/Wan2.2_VAE.pth": 5}) as address:
            file = write(tmp_path / "models.toml", manifest_text(f"{address}/m", f"{address}/nothing"))
            result = online(invoke, file)
        assert codes(result.stdout) == [("LM903", 17), ("LM902", 22)]
        assert result.exit_code == 1

    def test_a_server_that_is_not_there(self, tmp_path: Path, invoke: Invoke) -> None:
        file = write(tmp_path / "models.toml", manifest_text("http://127.0.0.1:9/m"))
        result = online(invoke, file)
        assert (codes(result.stdout), result.exit_code) == ([], 2)
        assert "http://127.0.0.1:9/m cannot be reached" in result.stderr
