"""Existence and size at other sources, asked over loopback through the real libraries."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from loadmaster.errors import ExtraMissing, SourceError
from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.remote import RemoteFile, ask_remote, compare_with_remote, without_secrets
from loadmaster.weights.source_observation import SourceAgrees, SourceDiffers, SourceLacksFile, SourceUnavailable

FILES = {"/m/a.bin": 5, "/m/x y/b#1.bin": 7, "/m/none.bin": 0}
STATUS = {"/m/secret.bin": 403, "/m/broken.bin": 500, "/m/gone.bin": 410}


class Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.send_response(STATUS.get(path, 200 if path in FILES else 404))
        self.send_header("Content-Length", str(FILES.get(path, 0)))
        self.end_headers()
        if self.command == "GET" and path in FILES:
            self.wfile.write(bytes(FILES[path]))

    do_GET = do_HEAD

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    pytest.importorskip("fsspec", reason="the extra remote is not installed")
    pytest.importorskip("aiohttp", reason="the extra remote is not installed")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/m"
    gc.collect()  # a session is closed when it is let go: now, not in the depth of a test to come
    server.shutdown()
    thread.join()
    server.server_close()


def test_existence_and_size_over_http(web: str) -> None:
    paths = ["a.bin", "x y/b#1.bin", "none.bin", "absent.bin", "gone.bin"]
    assert list(ask_remote(web, paths)) == [
        RemoteFile("a.bin", True, 5),
        RemoteFile("x y/b#1.bin", True, 7),
        RemoteFile("none.bin", True, 0),
        RemoteFile("absent.bin", False),
        RemoteFile("gone.bin", False),
    ]


def test_what_is_denied_or_broken_is_not_told_as_absent(web: str) -> None:
    found = list(ask_remote(web + "/", ["secret.bin", "broken.bin"]))
    assert [file.trouble for file in found] == ["denied", "unreachable"]


def test_a_server_that_is_not_there(web: str) -> None:
    assert list(ask_remote("http://127.0.0.1:9/m", ["a.bin"])) == [RemoteFile("a.bin", False, trouble="unreachable")]


@pytest.mark.parametrize(
    "source", ["hf://a/b", "local://a", "a/b", "file:///etc", "github://a/b", "simplecache::http://x/", "http"]
)
def test_other_schemes_are_refused(source: str) -> None:
    with pytest.raises(SourceError):
        list(ask_remote(source, ["a"]))


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ExtraMissing, match=r"loadmaster\[remote\]"):
        list(ask_remote("https://example.org/x", ["a"]))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://me:secret@example.org/x?sig=abc#f", "https://example.org/x"),
        ("s3://bucket/key", "s3://bucket/key"),
        ("https://[broken/", "a source whose URL cannot be read"),
    ],
)
def test_what_is_shown_of_a_url_holds_no_secret(source: str, shown: str) -> None:
    assert without_secrets(source) == shown


class TestCompare:
    SOURCE = "https://me:secret@example.org/x"
    SHOWN = "https://example.org/x"

    def compare(self, *found: RemoteFile) -> list[Any]:
        files = [FileSpec(name, 5, "0" * 64) for name in ("a", "b", "c", "d")]
        spec = ModelSpec("m@1.0.0", "1.0.0", ["fp16"], "fp16", files, [self.SOURCE])
        return list(compare_with_remote(spec, self.SOURCE, found))

    def test_each_file_is_told_once(self) -> None:
        found = (RemoteFile("a", True, 5), RemoteFile("b", True, 6), RemoteFile("c", False), RemoteFile("d", True))
        assert self.compare(*found) == [
            SourceAgrees("m@1.0.0", "a", self.SHOWN, False),
            SourceDiffers("m@1.0.0", "b", self.SHOWN, 5, 6, "0" * 64, None),
            SourceLacksFile("m@1.0.0", "c", self.SHOWN),
            SourceAgrees("m@1.0.0", "d", self.SHOWN, False),
        ]

    def test_a_source_that_fails_for_all_is_told_once(self) -> None:
        found = (RemoteFile("a", False, trouble="denied"), RemoteFile("b", False, trouble="denied"))
        (seen,) = self.compare(*found)
        assert isinstance(seen, SourceUnavailable)
        assert seen.kind == "denied"
        assert "secret" not in repr(seen)

    def test_one_that_fails_for_some_is_told_for_each(self) -> None:
        found = (RemoteFile("a", False, trouble="unreachable"), RemoteFile("b", True, 5))
        assert [type(seen) for seen in self.compare(*found)] == [SourceUnavailable, SourceAgrees]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A moto server with one bucket, and credentials in the environment as a person has them."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    pytest.importorskip("s3fs", reason="the extra remote is not installed")
    moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")
    boto3 = pytest.importorskip("boto3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="ai-models")
    client.put_object(Bucket="ai-models", Key="wan22/m@1.0.0/a.bin", Body=b"12345")
    client.put_object(Bucket="ai-models", Key="wan22/m@1.0.0/x/b #1?.bin", Body=b"1")
    client.close()
    yield endpoint
    server.stop()


def test_existence_and_size_on_s3(store: str) -> None:
    found = ask_remote(
        "s3://ai-models/wan22/m@1.0.0", ["a.bin", "x/b #1?.bin", "absent", "x"], options={"endpoint_url": store}
    )
    assert list(found) == [
        RemoteFile("a.bin", True, 5),
        RemoteFile("x/b #1?.bin", True, 1),
        RemoteFile("absent", False),
        RemoteFile("x", False),
    ]
