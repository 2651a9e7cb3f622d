"""Whether files are at an `https://`, `s3://` or like source, and how large: asked through fsspec (extra `remote`).

Only existence and size are asked. An ETag is no digest of the file: for an upload in parts it is one of digests.
Credentials come from the environment as each store's own tools read them; no URL is repeated with a password or query.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from loadmaster.errors import ExtraMissing, SourceError
from loadmaster.manifest.spec import ModelSpec
from loadmaster.weights.source_observation import (
    SourceAgrees,
    SourceDiffers,
    SourceLacksFile,
    SourceObservation,
    SourceUnavailable,
)

SCHEMES = ("https", "http", "s3", "gs", "az")
TIMEOUT_SECONDS = 20.0
WORKERS = 8

_WEB = ("http", "https")
_ABSENT = (404, 410)
_DENIED = (401, 403, 407)


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """What a source tells of one file: whether it is there, and its size in bytes where it says so.

    `trouble` is a word for why it could not be asked (`denied`, `unreachable`), or empty; `exists` is then false.
    """

    path: str
    exists: bool
    size: int | None = None
    trouble: str = ""


def ask_remote(
    source: str, paths: Sequence[str], *, options: Mapping[str, Any] | None = None, workers: int = WORKERS
) -> Iterator[RemoteFile]:
    """What is known of each path below the source, in the order of `paths`, a few asked at once.

    `options` go to fsspec's file system, such as `endpoint_url` for a store of one's own. Raises SourceError of kind
    `form` for a scheme not in SCHEMES, ExtraMissing where the library for it is not installed.
    """
    scheme = _scheme(source)
    system = _file_system(scheme, options or {})
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="remote") as pool:
        yield from pool.map(partial(_ask, system, source), paths)


def compare_with_remote(spec: ModelSpec, source: str, found: Sequence[RemoteFile]) -> Iterator[SourceObservation]:
    """One observation for each listed file that was asked for; where all failed alike, one for the source."""
    told = without_secrets(source)
    troubles = {file.trouble for file in found}
    if found and len(troubles) == 1 and (trouble := next(iter(troubles))):
        yield SourceUnavailable(spec.model_id, told, trouble, _sentence(told, trouble))
        return
    by_path = {file.path: file for file in found}
    for file in spec.files:
        there = by_path.get(file.path)
        if there is None:
            continue
        if there.trouble:
            reason = _sentence(f"{told} ({file.path})", there.trouble)
            yield SourceUnavailable(spec.model_id, told, there.trouble, reason)
        elif not there.exists:
            yield SourceLacksFile(spec.model_id, file.path, told, file.optional)
        elif there.size not in (None, file.size):
            yield SourceDiffers(spec.model_id, file.path, told, file.size, there.size, file.sha256, None)
        else:
            yield SourceAgrees(spec.model_id, file.path, told, by_digest=False)


def without_secrets(source: str) -> str:
    """The URL without user, password, query and fragment: what may be shown."""
    try:
        parts = urlsplit(source)
        netloc = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, netloc, parts.path, "", ""))
    except ValueError:
        return "a source whose URL cannot be read"


def _scheme(source: str) -> str:
    scheme = source.partition("://")[0].lower()
    # Not whatever fsspec knows: it has file systems that unpack, cache or chain others.
    if "://" not in source or scheme not in SCHEMES:
        known = ", ".join(SCHEMES)
        message = f"{without_secrets(source)} is none of the sources that can be asked for size: {known}"
        raise SourceError(message, {"kind": "form"})
    return scheme


def _file_system(scheme: str, options: Mapping[str, Any]) -> Any:
    try:
        fsspec: Any = import_module("fsspec")
        return fsspec.filesystem(scheme, skip_instance_cache=True, **{**_defaults(scheme), **options})
    except ImportError:
        message = f"to ask {scheme}:// sources, the extra is needed: pip install 'loadmaster[remote]'"
        raise ExtraMissing(message, {"extra": "remote", "scheme": scheme}) from None


def _defaults(scheme: str) -> dict[str, Any]:
    if scheme in _WEB:
        aiohttp: Any = import_module("aiohttp")
        return {"client_kwargs": {"timeout": aiohttp.ClientTimeout(total=TIMEOUT_SECONDS), "trust_env": True}}
    if scheme == "s3":
        times = {"connect_timeout": TIMEOUT_SECONDS, "read_timeout": TIMEOUT_SECONDS, "retries": {"max_attempts": 2}}
        return {"config_kwargs": times, "use_listings_cache": False}
    return {}


def _ask(system: Any, source: str, path: str) -> RemoteFile:
    try:
        facts = system.info(_place(source, path))
    except Exception as problem:  # every store has its own errors; what they mean is all that is passed on
        trouble = _trouble(problem)
        return RemoteFile(path, False, trouble=trouble)
    if facts.get("type") == "directory":
        return RemoteFile(path, False)
    size = facts.get("size")
    return RemoteFile(path, True, size if type(size) is int else None)


def _place(source: str, path: str) -> str:
    parts = urlsplit(source)
    if parts.scheme in _WEB:
        return urlunsplit(parts._replace(path=posixpath.join(parts.path, quote(path)), fragment=""))
    return posixpath.join(source, path)  # `#` and `?` are ordinary letters of a key


def _trouble(problem: Exception) -> str:
    """Empty for "there is none"; fsspec tells every failure over HTTP as that, so its cause is asked."""
    status = _status(problem)
    if status in _ABSENT:
        return ""
    if status in _DENIED or isinstance(problem, PermissionError) or "Credentials" in type(problem).__name__:
        return "denied"
    if isinstance(problem, FileNotFoundError) and status is None and not _has_network_cause(problem):
        return ""
    return "unreachable"


def _status(problem: BaseException | None) -> int | None:
    while problem is not None:
        code = getattr(problem, "status", None)
        if isinstance(code, int):
            return code
        problem = problem.__cause__
    return None


def _has_network_cause(problem: BaseException) -> bool:
    cause = problem.__cause__
    if cause is None:
        return False
    return isinstance(cause, OSError) or any(parent.__name__ == "ClientError" for parent in type(cause).__mro__)


def _sentence(what: str, trouble: str) -> str:
    if trouble == "denied":
        return f"{what} asks for credentials that are not there or not enough"
    return f"{what} cannot be reached"
