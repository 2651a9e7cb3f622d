"""Sizes and digests from the Hub, at one commit.

The library `huggingface_hub` (extra `hub`) is imported only when it is needed, with its telemetry off. Tokens come from
the environment or the Hub's own login, are never taken as arguments and never part of what is said: no text of the
library or the server is passed on.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from loadmaster.errors import ExtraMissing, SourceError
from loadmaster.weights.hub_listing import ListedFile, files_in
from loadmaster.weights.hub_source import HubSource

SMALL_FILE_BYTES = 1_000_000
"""Files outside LFS up to this are fetched to be hashed: 1 MB."""

TIMEOUT_SECONDS = 20.0


class HubTrouble(StrEnum):
    """Why the Hub has no answer: the `kind` in a SourceError's details."""

    FORM = "form"
    GONE_OR_PRIVATE = "gone-or-private"
    GATED = "gated"
    DISABLED = "disabled"
    NO_REVISION = "no-revision"
    NO_FILE = "no-file"
    BUSY = "busy"
    OFFLINE = "offline"
    UNREACHABLE = "unreachable"
    NOT_CACHED = "not-cached"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class HubModel:
    """What a repository holds at one commit. Paths are relative to the source's folder.

    `offline` tells that it was read from the local cache, and may not be all of it where `complete` is false.
    """

    source: HubSource
    commit: str
    files: tuple[ListedFile, ...]
    license: str | None = None
    gated: bool = False
    offline: bool = False
    complete: bool = True

    @property
    def pinned_source(self) -> str:
        """The source as a URL that names this commit."""
        return replace(self.source, revision=self.commit).text

    @property
    def need_bytes(self) -> tuple[ListedFile, ...]:
        """The files whose sha256 the Hub does not tell: they are outside LFS."""
        return tuple(file for file in self.files if file.needs_bytes)


@dataclass(frozen=True, slots=True)
class Hub:
    """How to reach the Hub: `endpoint` None is the library's own, `cache` None its own folder; times in seconds."""

    endpoint: str | None = None
    cache: Path | None = None
    timeout: float = TIMEOUT_SECONDS

    def read(self, source: HubSource) -> HubModel:
        """All files of the source with size and digest, in one request.

        Raises SourceError whose `kind` is a HubTrouble, or ExtraMissing without the library.
        """
        library = _library()
        api = library.HfApi(endpoint=self._endpoint())
        try:
            info = api.model_info(
                source.repository, revision=source.revision, files_metadata=True, timeout=self.timeout
            )
        except Exception as problem:  # the library, httpx and the parsers each have their own roots
            raise _told(problem, source) from None
        return _model(source, info)

    def with_small_digests(
        self, model: HubModel, paths: Collection[str] | None = None, limit: int = SMALL_FILE_BYTES
    ) -> HubModel:
        """The model with the sha256 of files outside LFS, up to `limit` bytes each, read from their bytes.

        `paths` limits it to these. A local copy in the Hub's cache is used where there is one. Larger files stay in
        `need_bytes`. Raises SourceError as `read` does, also where bytes are not those that the git id names.
        """
        digests = dict(self._small_digests(model, paths, limit))
        files = (replace(file, sha256=digests.get(file.path, file.sha256)) for file in model.files)
        return replace(model, files=tuple(files))

    def _small_digests(
        self, model: HubModel, paths: Collection[str] | None, limit: int
    ) -> Iterator[tuple[str | None, str]]:
        with tempfile.TemporaryDirectory(prefix="loadmaster-hub-") as folder:
            for file in model.need_bytes:
                wanted = paths is None or file.path in paths
                if file.path is not None and wanted and file.size is not None and file.size <= limit:
                    content = self._content(model, file.path, folder)
                    if file.git_id is not None and git_blob_id(content) != file.git_id:
                        message = f"{file.path}: the bytes that came are not those that {model.commit[:12]} names"
                        raise SourceError(message, {"kind": HubTrouble.DAMAGED, "path": file.path})
                    yield file.path, hashlib.sha256(content).hexdigest()

    def _content(self, model: HubModel, path: str, folder: str) -> bytes:
        library = _library()
        source = model.source
        name = f"{source.folder}/{path}" if source.folder else path
        cached = library.try_to_load_from_cache(source.repository, name, cache_dir=self.cache, revision=model.commit)
        if isinstance(cached, str):
            return Path(cached).read_bytes()
        api = library.HfApi(endpoint=self._endpoint())
        try:
            # Into a folder of our own: to look at a model is no reason to fill a person's cache.
            place = api.hf_hub_download(
                source.repository, name, revision=model.commit, cache_dir=folder, etag_timeout=self.timeout
            )
        except Exception as problem:
            raise _told(problem, source, path) from None
        return Path(place).read_bytes()

    def _endpoint(self) -> str | None:
        # The library reads the variable when it is imported; asked here, a later change counts too.
        return self.endpoint or os.environ.get("HF_ENDPOINT") or None


def git_blob_id(content: bytes) -> str:
    """The id that git gives these bytes as a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _library() -> Any:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        return import_module("huggingface_hub")
    except ImportError:
        message = "to ask the Hub, huggingface_hub is needed: pip install 'loadmaster[hub]'"
        raise ExtraMissing(message, {"extra": "hub"}) from None


def _model(source: HubSource, info: Any) -> HubModel:
    siblings = [_plain(sibling) for sibling in info.siblings or ()]
    try:
        listed = tuple(files_in({"siblings": siblings}))
    except ValueError as problem:
        raise SourceError(f"{source.repository}: the answer {problem}", {"kind": HubTrouble.DAMAGED}) from None
    if not info.sha:
        raise SourceError(f"{source.repository}: the answer names no commit", {"kind": HubTrouble.DAMAGED})
    card = info.card_data
    return HubModel(
        source,
        info.sha,
        below(listed, source.folder),
        license=card.license if card is not None and isinstance(card.license, str) else None,
        gated=bool(info.gated),
    )


def _plain(sibling: Any) -> dict[str, Any]:
    lfs = sibling.lfs
    return {
        "rfilename": sibling.rfilename,
        "size": sibling.size,
        "blobId": sibling.blob_id,
        "lfs": {"sha256": lfs.sha256, "size": lfs.size} if lfs is not None else None,
    }


def below(files: tuple[ListedFile, ...], folder: str) -> tuple[ListedFile, ...]:
    """The files below a folder, their paths relative to it; all of them for an empty one."""
    if not folder:
        return files
    prefix = folder + "/"
    return tuple(
        replace(file, path=file.path[len(prefix) :])
        for file in files
        if file.path is not None and file.path.startswith(prefix)
    )


_SENTENCES = {
    HubTrouble.FORM: "{what} is not a name that the Hub can have",
    HubTrouble.GONE_OR_PRIVATE: "{what} is gone, or private, or you are not logged in; the Hub answers all three alike",
    HubTrouble.GATED: "{what} is gated: its owner must let you in, and you must be logged in",
    HubTrouble.DISABLED: "{what} was disabled by the Hub",
    HubTrouble.NO_REVISION: "{what} has no revision {revision}",
    HubTrouble.NO_FILE: "{what} has no file {path} at this revision",
    HubTrouble.BUSY: "the Hub asks to wait before it is asked again (too many requests)",
    HubTrouble.OFFLINE: "HF_HUB_OFFLINE is set, so the Hub was not asked about {what}",
    HubTrouble.UNREACHABLE: "the Hub cannot be reached about {what}{how}",
}

# Names along the line of a library's exception, the first that is known counts. Names rather than classes: they outlive
# the moves of classes between the library's modules and its change of HTTP client.
_BY_NAME = {
    "GatedRepoError": HubTrouble.GATED,
    "DisabledRepoError": HubTrouble.DISABLED,
    "RepositoryNotFoundError": HubTrouble.GONE_OR_PRIVATE,
    "RevisionNotFoundError": HubTrouble.NO_REVISION,
    "HFValidationError": HubTrouble.FORM,
    "OfflineModeIsEnabled": HubTrouble.OFFLINE,
    "RemoteEntryNotFoundError": HubTrouble.NO_FILE,
}
_BY_STATUS = {
    401: HubTrouble.GONE_OR_PRIVATE,
    403: HubTrouble.GATED,
    404: HubTrouble.GONE_OR_PRIVATE,
    429: HubTrouble.BUSY,
}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _told(problem: Exception, source: HubSource, path: str = "") -> SourceError:
    """The library's exception in our words; its own text, which may hold anything, stays behind."""
    chain: list[BaseException] = []
    link: BaseException | None = problem
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or link.__context__
    status = next((code for item in chain if (code := _status(item)) is not None), None)
    names = (parent.__name__ for item in chain for parent in type(item).__mro__)
    kind = next((_BY_NAME[name] for name in names if name in _BY_NAME), None)
    kind = kind or _BY_STATUS.get(status or 0, HubTrouble.UNREACHABLE)
    how = f": it answered {status}" if status else f" ({_WORD.sub(' ', type(problem).__name__).lower()})"
    message = _SENTENCES[kind].format(
        what=source.repository, revision=source.revision or "main", path=path or "of that name", how=how
    )
    return SourceError(message, {"kind": kind, "source": source.text, "status": status})


def _status(problem: BaseException) -> int | None:
    code = getattr(getattr(problem, "response", None), "status_code", None)
    return code if isinstance(code, int) else None
