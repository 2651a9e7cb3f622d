"""LM901–LM904: what a source told, said of the manifest that names it.

A source that could not be asked (no network, no copy in the cache, a store that is busy) says nothing of the manifest:
that is no finding but a trouble, told beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.later import DIFFERS_AT_SOURCE, MISSING_AT_SOURCE, REPOSITORY_GONE, REVISION_MOVED
from loadmaster.checks.observed import Listed, TakeValues, finding
from loadmaster.checks.wording import plain
from loadmaster.document.places import KeyPath
from loadmaster.weights.source_observation import (
    AskedSource,
    RevisionMoved,
    SourceAgrees,
    SourceDiffers,
    SourceLacksFile,
    SourceObservation,
    SourceUnavailable,
)

if TYPE_CHECKING:
    from loadmaster.document.document import Document

REFUSED = frozenset({"form", "gone-or-private", "gated", "disabled", "no-revision", "denied"})
"""The kinds of no answer that are a fault of what the manifest names, or of who asks. The others are weather."""


@dataclass(frozen=True, slots=True)
class PinSource:
    """Write the commit that answered into a source. It is offered only where that commit has what is listed."""

    title: str
    model_id: str
    source: str
    pinned: str
    safe: bool = False

    def apply(self, document: Document) -> Document:
        """The document with the source pinned; as it is where that source is named no more."""
        path: KeyPath = ("models", self.model_id, "sources", "priority")
        sources = document.get(path)
        if not isinstance(sources, list) or self.source not in sources:
            return document
        return document.set((*path, sources.index(self.source)), self.pinned)


def source_findings(document: Document, asked: Iterable[AskedSource]) -> list[Finding]:
    """The faults that the sources' answers tell of, source by source."""
    listed = Listed(document)
    return [one for source in asked for one in _of_source(listed, source)]


def source_troubles(asked: Iterable[AskedSource]) -> list[str]:
    """A sentence for each source that could not be asked, each once."""
    sentences = (
        one.reason
        for source in asked
        for one in source.seen
        if isinstance(one, SourceUnavailable) and one.kind not in REFUSED
    )
    return list(dict.fromkeys(sentences))


def _of_source(listed: Listed, asked: AskedSource) -> Iterator[Finding]:
    seen = asked.seen
    place: KeyPath = ("models", asked.model_id, "sources", "priority", asked.index)
    lacking = [one for one in seen if isinstance(one, SourceLacksFile) and not one.optional]
    found_some = any(isinstance(one, (SourceAgrees, SourceDiffers)) for one in seen)
    if len(lacking) > 1 and not found_some:
        message = f"{plain(asked.source)} has none of the {len(lacking):,} files that are listed"
        yield finding(MISSING_AT_SOURCE, asked.model_id, place, message, ("sources", asked.source))
        lacking = []
    for one in seen:
        if isinstance(one, SourceUnavailable) and one.kind in REFUSED:
            yield finding(REPOSITORY_GONE, asked.model_id, place, plain(one.reason, 300), ("sources", asked.source))
        elif isinstance(one, SourceDiffers):
            yield _differs(listed, asked, one)
        elif isinstance(one, RevisionMoved):
            yield _moved(asked, one, place)
    for absent in lacking:
        message = f"{plain(absent.path)} is not at {plain(asked.source)}"
        where = listed.place(asked.model_id, absent.path, "path")
        yield finding(MISSING_AT_SOURCE, asked.model_id, where, message, ("files", absent.path, asked.source))


def _differs(listed: Listed, asked: AskedSource, one: SourceDiffers) -> Finding:
    sizes = one.found_size not in (None, one.listed_size)
    digests = one.found_sha256 is not None and one.found_sha256 != one.listed_sha256.lower()
    parts = []
    if sizes:
        parts.append(f"{one.found_size:,} bytes, not {one.listed_size:,}")
    if digests:
        parts.append(f"the sha256 {(one.found_sha256 or '')[:12]}…, not {plain(one.listed_sha256[:12])}…")
    message = f"{plain(one.path)} has {', and '.join(parts)}, at {plain(asked.source)}"
    fix = None
    if one.found_sha256 is not None:  # a size without its digest would not be true
        what = " and ".join([*(["size"] if sizes else []), *(["sha256"] if digests else [])])
        size = one.found_size if sizes else None
        sha256 = one.found_sha256 if digests else None
        fix = TakeValues(f"take the source's {what} for {plain(one.path)}", asked.model_id, one.path, size, sha256)
    where = listed.place(asked.model_id, one.path, "size" if sizes else "sha256")
    mark = ("files", one.path, asked.source)
    return finding(DIFFERS_AT_SOURCE, asked.model_id, where, message, mark, fix=fix)


def _moved(asked: AskedSource, one: RevisionMoved, place: KeyPath) -> Finding:
    message = f"{plain(one.revision)} was at {one.known[:7]} when it was seen last and is at {one.found[:7]} now"
    fix = None
    if asked.pinned is not None and _all_agree(asked.seen):
        title = f"pin the source to {one.found[:7]}, whose files are those that are listed"
        fix = PinSource(title, asked.model_id, asked.source, asked.pinned)
    return finding(REVISION_MOVED, asked.model_id, place, message, ("sources", asked.source), fix=fix)


def _all_agree(seen: Sequence[SourceObservation]) -> bool:
    files = [one for one in seen if not isinstance(one, RevisionMoved)]
    return bool(files) and all(isinstance(one, SourceAgrees) and one.by_digest for one in files)
