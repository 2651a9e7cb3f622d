"""A loopback server that speaks the Hub's recorded exchange, for the real `huggingface_hub` to talk to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from loadmaster.weights.hub import git_blob_id

REPO = "Wan-AI/Wan2.2-TI2V-5B"
COMMIT = "921dbaf3f1674a56f47e83fb80a34bac8a8f203e"
LATER = "a064a6c71f5be440641209c07bf2a5ce7a2ff5e4"
WEIGHTS_SHA = "20eb789667fa5e60e7516bf509512f6cb61f01b0aa0695eadaea930c13892b36"
CONFIG = b'{"_class_name": "WanModel"}\n'
TOKEN = "hf_" + "abcdefghij" * 3


@dataclass
class Exchange:
    """What the loopback Hub answers, and what it was asked."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    endpoint: str = ""

    def model(self, path: str, sha: str = COMMIT, **more: Any) -> None:
        body = {"id": REPO, "sha": sha, "gated": False, "cardData": {"license": "apache-2.0"}, "siblings": SIBLINGS}
        self.answers[path] = (200, {"Content-Type": "application/json"}, json.dumps(body | more).encode())

    def file(self, name: str, content: bytes, commit: str = COMMIT) -> None:
        headers = {"ETag": f'"{git_blob_id(content)}"', "X-Repo-Commit": commit}
        self.answers[f"/{REPO}/resolve/{commit}/{name}"] = (200, headers, content)

    def error(self, path: str, status: int, code: str = "", message: str = "") -> None:
        headers = {"X-Error-Code": code} if code else {}
        headers |= {"X-Error-Message": message} if message else {}
        self.answers[path] = (status, headers, json.dumps({"error": message}).encode())


SIBLINGS = [
    {"rfilename": ".gitattributes", "size": 5, "blobId": git_blob_id(b"12345")},
    {
        "rfilename": "Wan2.2_VAE.pth",
        "size": 2818839170,
        "blobId": "0" * 40,
        "lfs": {"sha256": WEIGHTS_SHA, "size": 2818839170, "pointerSize": 135},
    },
    {"rfilename": "config.json", "size": len(CONFIG), "blobId": git_blob_id(CONFIG)},
    {"rfilename": "sub/big.txt", "size": 1_000_001, "blobId": "1" * 40},
]


def handler(exchange: Exchange) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            exchange.asked.append((self.command, self.path, self.headers.get("Authorization")))
            status, headers, body = exchange.answers.get(path, (404, {}, b"{}"))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@contextmanager
def hub_server() -> Iterator[Exchange]:
    """The server, as long as the block lasts."""
    exchange = Exchange()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(exchange))
    exchange.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield exchange
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
