"""`hf://` sources: which repository, at which revision, below which folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from loadmaster.errors import PathRefused, SourceError
from loadmaster.weights.locate import relative_parts

SCHEME = "hf://"

_COMMIT = re.compile(r"\A[0-9a-f]{40}\Z")
_REPOSITORY = re.compile(r"\A[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}\Z", re.ASCII)
_OTHER_KINDS = ("datasets", "spaces", "buckets", "kernels")
# Revisions that hold slashes of their own; others must have theirs percent-encoded.
_LONG_REVISION = re.compile(r"\A(refs/(?:pr|convert)/[^/]+)(?:/(.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HubSource:
    """A model repository `owner/name`; `revision` None is its default branch; `folder` is empty for the whole."""

    repository: str
    revision: str | None = None
    folder: str = ""

    @property
    def pinned(self) -> bool:
        """Whether the revision is a whole commit, which never moves."""
        return is_commit(self.revision)

    @property
    def text(self) -> str:
        """The source as a URL."""
        revision = f"@{self.revision}" if self.revision else ""
        return f"{SCHEME}{self.repository}{revision}" + (f"/{self.folder}" if self.folder else "")


def is_commit(revision: str | None) -> bool:
    """Whether a revision is a whole commit of forty hexadecimal digits."""
    return revision is not None and _COMMIT.match(revision) is not None


def parse_hub_source(source: str) -> HubSource:
    """The parts of `hf://[models/]owner/name[@revision][/folder]`.

    Raises SourceError of kind `form` for any other text.
    """
    rest = source.removeprefix(SCHEME)
    if rest == source:
        raise _not_a_source(source, "does not start with hf://")
    kind = rest.partition("/")[0]
    if kind in _OTHER_KINDS:
        raise _not_a_source(source, f"names one of the Hub's {kind}, not a model")
    owner, _, rest = rest.removeprefix("models/").partition("/")
    head, slash, folder = rest.partition("/")
    name, at, revision = head.partition("@")
    if at and (long := _LONG_REVISION.match(revision + slash + folder)):
        revision, folder = long[1], long[2] or ""
    if not _REPOSITORY.match(f"{owner}/{name}"):
        raise _not_a_source(source, "does not name a repository as owner/name")
    if at and not revision:
        raise _not_a_source(source, "has no revision after its @")
    try:
        folder = "/".join(relative_parts(folder)) if folder.strip("/") else ""
        parts = relative_parts(unquote(revision)) if revision else ()
    except PathRefused as problem:
        raise _not_a_source(source, str(problem.details["reason"])) from None
    return HubSource(f"{owner}/{name}", "/".join(parts) or None, folder)


def _not_a_source(source: str, reason: str) -> SourceError:
    return SourceError(f"{source} {reason}", {"kind": "form", "source": source})
