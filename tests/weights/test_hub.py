"""The Hub: the real library against a loopback server that speaks the recorded exchange, and the local cache alone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.hub_server import COMMIT, CONFIG, LATER, REPO, TOKEN, WEIGHTS_SHA, Exchange, hub_server

from loadmaster.errors import ExtraMissing, SourceError
from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.hub import Hub, HubModel, HubTrouble, git_blob_id
from loadmaster.weights.hub_cache import cached_commit, read_cached
from loadmaster.weights.hub_listing import ListedFile
from loadmaster.weights.hub_source import HubSource, parse_hub_source
from loadmaster.weights.source_observation import (
    RevisionMoved,
    SourceAgrees,
    SourceDiffers,
    SourceLacksFile,
    compare_with_hub,
)

SOURCE = HubSource(REPO, COMMIT)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class TestSource:
    @pytest.mark.parametrize(
        ("text", "source"),
        [
            (f"hf://{REPO}", HubSource(REPO)),
            (f"hf://{REPO}/", HubSource(REPO)),
            (f"hf://models/{REPO}", HubSource(REPO)),
            (f"hf://{REPO}@{COMMIT}", HubSource(REPO, COMMIT)),
            (f"hf://{REPO}@v1.0/sub/folder", HubSource(REPO, "v1.0", "sub/folder")),
            (f"hf://{REPO}@feature%2Fx/sub", HubSource(REPO, "feature/x", "sub")),
            (f"hf://{REPO}@refs/pr/7/sub", HubSource(REPO, "refs/pr/7", "sub")),
            (f"hf://{REPO}/vae", HubSource(REPO, None, "vae")),
        ],
    )
    def test_its_parts(self, text: str, source: HubSource) -> None:
        assert parse_hub_source(text) == source

    @pytest.mark.parametrize(
        "text",
        [
            "s3://a/b",
            "hf://",
            "hf://gpt2",
            "hf://datasets/a/b",
            "hf://a/b/../c",
            "hf://a/b@",
            "hf://a/b@..%2F..",
            "hf://a/b@..",
            "hf://a b/c",
            "hf://../x",
            "hf://a/b\n",
        ],
    )
    def test_what_names_no_model_is_refused(self, text: str) -> None:
        with pytest.raises(SourceError) as refusal:
            parse_hub_source(text)
        assert refusal.value.details["kind"] == HubTrouble.FORM

    def test_only_a_whole_commit_is_pinned(self) -> None:
        assert HubSource(REPO, COMMIT).pinned
        assert not HubSource(REPO, COMMIT[:12]).pinned
        assert not HubSource(REPO).pinned


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchange]:
    pytest.importorskip("huggingface_hub", reason="the extra hub is not installed")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    with hub_server() as exchange:
        yield exchange


@pytest.fixture
def hub(exchange: Exchange, tmp_path: Path) -> Hub:
    return Hub(endpoint=exchange.endpoint, cache=tmp_path / "cache")


class TestOnline:
    def test_a_pinned_commit_gives_sizes_and_digests_in_one_request(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        model = hub.read(SOURCE)
        assert (model.commit, model.license, model.gated, model.offline) == (COMMIT, "apache-2.0", False, False)
        assert model.files[1] == ListedFile("Wan2.2_VAE.pth", 2818839170, WEIGHTS_SHA, "0" * 40)
        assert [file.path for file in model.need_bytes] == [".gitattributes", "config.json", "sub/big.txt"]
        ((method, asked, authorization),) = exchange.asked
        assert (method, urlsplit(asked).query.lower()) == ("GET", "blobs=true")
        assert authorization == f"Bearer {TOKEN}"

    def test_an_unpinned_source_is_answered_with_the_commit_to_pin(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}")
        model = hub.read(HubSource(REPO))
        assert model.pinned_source == f"hf://{REPO}@{COMMIT}"

    def test_a_folder_of_a_repository_is_all_there_is(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}")
        model = hub.read(HubSource(REPO, None, "sub"))
        assert [file.path for file in model.files] == ["big.txt"]

    def test_small_files_are_fetched_and_hashed_and_large_ones_are_not(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        exchange.file("config.json", CONFIG)
        model = hub.with_small_digests(hub.read(SOURCE), paths=["config.json", "sub/big.txt"])
        digests = {file.path: file.sha256 for file in model.files}
        assert digests["config.json"] == sha(CONFIG)
        assert [file.path for file in model.need_bytes] == [".gitattributes", "sub/big.txt"]
        assert not any("big.txt" in path or "gitattributes" in path for _, path, _ in exchange.asked)
        assert hub.cache is not None
        assert not hub.cache.exists()

    def test_a_copy_in_the_local_cache_is_not_fetched(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        assert hub.cache is not None
        make_cache(hub.cache, snapshot={"config.json": CONFIG})
        model = hub.with_small_digests(hub.read(SOURCE), paths=["config.json"])
        assert {file.path: file.sha256 for file in model.files}["config.json"] == sha(CONFIG)
        assert len(exchange.asked) == 1

    def test_bytes_that_are_not_those_of_the_commit_are_refused(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        exchange.file("config.json", CONFIG.replace(b"Wan", b"Wax"))
        with pytest.raises(SourceError, match="not those") as refusal:
            hub.with_small_digests(hub.read(SOURCE), paths=["config.json"])
        assert refusal.value.details["kind"] == HubTrouble.DAMAGED

    @pytest.mark.parametrize(
        ("status", "code", "kind"),
        [
            (401, "", HubTrouble.GONE_OR_PRIVATE),
            (401, "RepoNotFound", HubTrouble.GONE_OR_PRIVATE),
            (404, "RepoNotFound", HubTrouble.GONE_OR_PRIVATE),
            (404, "RevisionNotFound", HubTrouble.NO_REVISION),
            (403, "GatedRepo", HubTrouble.GATED),
            (401, "GatedRepo", HubTrouble.GATED),
            (429, "", HubTrouble.BUSY),
            (500, "", HubTrouble.UNREACHABLE),
        ],
    )
    def test_errors_are_told_by_kind(
        self, exchange: Exchange, hub: Hub, status: int, code: str, kind: HubTrouble
    ) -> None:
        exchange.error(f"/api/models/{REPO}/revision/{COMMIT}", status, code, f"no: {TOKEN}")
        with pytest.raises(SourceError) as refusal:
            hub.read(SOURCE)
        assert refusal.value.details["kind"] == kind
        assert refusal.value.details["status"] == status

    def test_a_401_is_told_as_gone_private_or_not_logged_in(self, exchange: Exchange, hub: Hub) -> None:
        exchange.error(f"/api/models/{REPO}", 401)
        with pytest.raises(SourceError, match="gone, or private, or you are not logged in"):
            hub.read(HubSource(REPO))

    def test_a_file_that_cannot_be_fetched_is_told(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        exchange.error(f"/{REPO}/resolve/{COMMIT}/config.json", 404, "EntryNotFound")
        with pytest.raises(SourceError, match=r"no file config\.json") as refusal:
            hub.with_small_digests(hub.read(SOURCE), paths=["config.json"])
        assert refusal.value.details["kind"] == HubTrouble.NO_FILE

    @pytest.mark.parametrize(("status", "code"), [(401, ""), (403, "GatedRepo"), (500, ""), (404, "RevisionNotFound")])
    def test_a_token_is_never_part_of_what_is_said(
        self, exchange: Exchange, hub: Hub, status: int, code: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        exchange.error(f"/api/models/{REPO}", status, code, f"your token {TOKEN} is not welcome")
        with pytest.raises(SourceError) as refusal:
            hub.read(HubSource(REPO))
        said = [str(refusal.value), repr(refusal.value), str(refusal.value.details), *capfd.readouterr()]
        assert not any(TOKEN in text for text in said)
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__

    def test_a_token_is_not_part_of_a_failed_fetch(self, exchange: Exchange, hub: Hub) -> None:
        exchange.model(f"/api/models/{REPO}/revision/{COMMIT}")
        exchange.error(f"/{REPO}/resolve/{COMMIT}/config.json", 401, "", f"your token {TOKEN} is not welcome")
        with pytest.raises(SourceError) as refusal:
            hub.with_small_digests(hub.read(SOURCE), paths=["config.json"])
        assert TOKEN not in "".join(traceback.format_exception(refusal.value))

    def test_a_server_that_is_not_there_is_told_as_unreachable(self, exchange: Exchange, tmp_path: Path) -> None:
        hub = Hub(endpoint="http://127.0.0.1:9", cache=tmp_path)
        with pytest.raises(SourceError) as refusal:
            hub.read(SOURCE)
        assert refusal.value.details["kind"] == HubTrouble.UNREACHABLE

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"id": "x", "siblings": [{}]}'])
    def test_an_answer_of_another_kind_is_told(self, exchange: Exchange, hub: Hub, body: bytes) -> None:
        exchange.answers[f"/api/models/{REPO}"] = (200, {}, body)
        with pytest.raises(SourceError):
            hub.read(HubSource(REPO))

    def test_the_endpoint_may_be_named_by_the_environment(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", exchange.endpoint)
        exchange.model(f"/api/models/{REPO}")
        assert Hub().read(HubSource(REPO)).commit == COMMIT


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ExtraMissing, match=r"loadmaster\[hub\]"):
        Hub().read(SOURCE)


def test_importing_the_layer_imports_no_network_library() -> None:
    program = (
        "import sys, loadmaster.weights.hub, loadmaster.weights.hub_cache, loadmaster.weights.observe\n"
        "print([name for name in ('huggingface_hub', 'httpx', 'fsspec', 'distributed', 'ssl') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def make_cache(
    cache: Path, *, refs: dict[str, str] | None = None, tree: object = None, snapshot: dict[str, bytes] | None = None
) -> Path:
    """A cache as the library lays it out: links to blobs named by git id, or by sha256 for weights."""
    folder = cache / ("models--" + REPO.replace("/", "--"))
    for name, commit in (refs or {}).items():
        (folder / "refs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "refs" / name).write_text(commit)
    if tree is not None:
        (folder / "trees").mkdir(parents=True, exist_ok=True)
        content = tree if isinstance(tree, str) else json.dumps(tree)
        (folder / "trees" / f"{COMMIT}.json").write_text(content)
    for name, content_bytes in (snapshot or {}).items():
        blob = folder / "blobs" / (sha(content_bytes) if name.endswith(".pth") else git_blob_id(content_bytes))
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(content_bytes)
        place = folder / "snapshots" / COMMIT / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(os.path.relpath(blob, place.parent))
    return folder


TREE = {
    "format_version": 1,
    "files": {
        "config.json": {"size": len(CONFIG), "blob_id": git_blob_id(CONFIG)},
        "Wan2.2_VAE.pth": {"size": 9, "blob_id": "0" * 40, "lfs_sha256": WEIGHTS_SHA, "lfs_size": 9},
    },
}


class TestOffline:
    def test_the_tree_tells_of_files_that_were_never_downloaded(self, tmp_path: Path) -> None:
        make_cache(tmp_path, refs={"main": COMMIT}, tree=TREE)
        model = read_cached(HubSource(REPO), tmp_path)
        assert (model.commit, model.offline, model.complete) == (COMMIT, True, True)
        assert model.files[1] == ListedFile("Wan2.2_VAE.pth", 9, WEIGHTS_SHA, "0" * 40)

    def test_it_is_the_tree_that_the_library_reads(self, tmp_path: Path) -> None:
        library = pytest.importorskip("huggingface_hub", reason="the extra hub is not installed")
        make_cache(tmp_path, refs={"main": COMMIT}, tree=TREE)
        if not hasattr(library, "get_cached_repo_tree"):
            pytest.skip("this huggingface_hub has no trees yet")
        theirs = {file.path: file.size for file in library.get_cached_repo_tree(REPO, cache_dir=tmp_path)}
        assert {file.path: file.size for file in read_cached(SOURCE, tmp_path).files} == theirs

    @pytest.mark.parametrize("tree", [None, "{", '{"format_version": 2, "files": {}}', "[" * 99999, "[]"])
    def test_without_a_tree_the_snapshot_tells_of_what_it_holds(self, tmp_path: Path, tree: str | None) -> None:
        make_cache(tmp_path, tree=tree, snapshot={"config.json": CONFIG, "x/vae.pth": b"weights"})
        model = read_cached(SOURCE, tmp_path)
        assert not model.complete
        assert model.files == (
            ListedFile("config.json", len(CONFIG), None, git_blob_id(CONFIG)),
            ListedFile("x/vae.pth", 7, sha(b"weights"), None),
        )

    def test_an_empty_tree_is_not_taken_for_an_answer(self, tmp_path: Path) -> None:
        make_cache(tmp_path, tree={"format_version": 1, "files": {}})
        with pytest.raises(SourceError):
            read_cached(SOURCE, tmp_path)

    @pytest.mark.parametrize("reference", [None, "", "not a commit", "../../../etc"])
    def test_what_the_cache_does_not_know_is_told(self, tmp_path: Path, reference: str | None) -> None:
        make_cache(tmp_path, refs={"main": reference} if reference is not None else None, tree=TREE)
        assert cached_commit(HubSource(REPO), tmp_path) is None
        with pytest.raises(SourceError, match="does not know") as refusal:
            read_cached(HubSource(REPO), tmp_path)
        assert refusal.value.details["kind"] == HubTrouble.NOT_CACHED

    def test_branches_with_slashes_have_references(self, tmp_path: Path) -> None:
        make_cache(tmp_path, refs={"refs/pr/1": COMMIT})
        assert cached_commit(HubSource(REPO, "refs/pr/1"), tmp_path) == COMMIT
        assert cached_commit(HubSource(REPO, "other"), tmp_path) is None


class TestCompare:
    def spec(self, *files: FileSpec) -> ModelSpec:
        return ModelSpec("m@1.0.0", "1.0.0", ["bf16"], "bf16", list(files), [SOURCE.text])

    def model(self, *files: ListedFile, **more: Any) -> HubModel:
        return HubModel(more.pop("source", SOURCE), COMMIT, files, **more)

    def test_each_listed_file_is_told_once(self) -> None:
        listed = [FileSpec(name, 5, "AB" * 32) for name in ("same", "size", "sha", "unknown", "absent")]
        model = self.model(
            ListedFile("same", 5, "ab" * 32),
            ListedFile("size", 6, "ab" * 32),
            ListedFile("sha", 5, "cd" * 32),
            ListedFile("unknown", 5, None),
        )
        source = SOURCE.text
        assert list(compare_with_hub(self.spec(*listed), model)) == [
            SourceAgrees("m@1.0.0", "same", source, True),
            SourceDiffers("m@1.0.0", "size", source, 5, 6, "AB" * 32, "ab" * 32),
            SourceDiffers("m@1.0.0", "sha", source, 5, 5, "AB" * 32, "cd" * 32),
            SourceAgrees("m@1.0.0", "unknown", source, False),
            SourceLacksFile("m@1.0.0", "absent", source),
        ]

    def test_a_listing_that_is_not_whole_tells_of_no_absence(self) -> None:
        assert list(compare_with_hub(self.spec(FileSpec("x", 1, "0" * 64)), self.model(complete=False))) == []

    def test_a_revision_that_moved(self) -> None:
        model = self.model(source=HubSource(REPO))
        assert list(compare_with_hub(self.spec(), model, known_commit=LATER)) == [
            RevisionMoved("m@1.0.0", f"hf://{REPO}", "main", LATER, COMMIT)
        ]
        assert list(compare_with_hub(self.spec(), model, known_commit=COMMIT)) == []
        assert list(compare_with_hub(self.spec(), self.model(), known_commit=LATER)) == []


@pytest.mark.skipif(not os.environ.get("LOADMASTER_REAL_HUB"), reason="set LOADMASTER_REAL_HUB=1 to ask the real Hub")
def test_the_real_hub_tells_the_true_digest() -> None:
    hub = Hub()
    model = hub.with_small_digests(hub.read(SOURCE), paths=["config.json"])
    files = {file.path: file for file in model.files}
    assert (files["Wan2.2_VAE.pth"].size, files["Wan2.2_VAE.pth"].sha256) == (2818839170, WEIGHTS_SHA)
    assert files["config.json"].sha256 == "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
