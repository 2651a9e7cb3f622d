"""LM404, LM505 and LM215: what can only be seen across models, kept so that one model can change at little cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import TWO_MODELS, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.sources import scheme_of
from loadmaster.checks.view import ModelView
from loadmaster.checks.wording import listed, plain, quoted, shown

if TYPE_CHECKING:
    from loadmaster.document.document import Document

_HF_2B = '"hf://acme/demo-2b@0123456789abcdef0123456789abcdef01234567"'
_HF_1B = '"hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567"'
_SPLIT_AT = TWO_MODELS.index('\n[models."demo-1b@1.0.0".sources]')
_SPLIT_TO = TWO_MODELS.index('\n[models."demo-2b@1.0.0"]')

ONE_DIGEST_TWO_SIZES = define(
    Rule(
        "LM404",
        "one-digest-two-sizes",
        Severity.ERROR,
        "The same digest stands beside different sizes, anywhere in the manifest.",
        "One digest is one file, and one file has one size: one of the entries is wrong, perhaps copied.",
        "Hash and measure the files again, or take both from the source.",
        bad=but(
            "3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f",
            "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4",
            TWO_MODELS,
        ),
        good=TWO_MODELS,
    )
)
SHARED_FOLDER = define(
    Rule(
        "LM505",
        "shared-folder",
        Severity.WARNING,
        "Two models have one `local://` folder.",
        "Files of one replace those of the other, and what is cleaned up for one is gone for both.",
        "Give each model a folder of its own: `local://name@version`.",
        bad=but(_HF_1B, '"local://demo"', but(_HF_2B, '"local://demo/"', TWO_MODELS)),
        good=but(_HF_1B, '"local://demo-1b@1.0.0"', but(_HF_2B, '"local://demo-2b@1.0.0"', TWO_MODELS)),
    )
)
SCATTERED_MODEL = define(
    Rule(
        "LM215",
        "scattered-model",
        Severity.INFO,
        "A model's tables are split by another model's.",
        "TOML allows it, but whoever reads or copies the model misses the part that stands elsewhere.",
        "Move the tables of one model together.",
        bad=TWO_MODELS[:_SPLIT_AT] + TWO_MODELS[_SPLIT_TO:] + TWO_MODELS[_SPLIT_AT:_SPLIT_TO],
        good=TWO_MODELS,
    )
)


class DigestEntry(NamedTuple):
    """A file whose digest and size can be compared with others."""

    model_id: str
    file_index: int
    size: int
    label: str


class FolderEntry(NamedTuple):
    """A `local://` source of a model."""

    model_id: str
    source_index: int


_NOTHING: Mapping[str, Any] = {}
_Entry = TypeVar("_Entry", DigestEntry, FolderEntry)


class Summary(NamedTuple):
    """What the rules across models need of one."""

    digests: tuple[tuple[str, DigestEntry], ...] = ()
    folders: tuple[tuple[str, FolderEntry], ...] = ()


def summary_of(view: ModelView) -> Summary:
    """The summary of one model whose own rules have spoken."""
    model_id = view.model_id
    digests = [
        (digest, DigestEntry(model_id, index, size, view.label(index))) for digest, index, size in view.comparable
    ]
    folders: dict[str, FolderEntry] = {}
    for index, url in view.sources:
        if url[:5].lower() == "local" and scheme_of(url) == "local":
            folders.setdefault(url.partition("://")[2].rstrip("/"), FolderEntry(model_id, index))
    return Summary(tuple(digests), tuple(folders.items()))


class Across(NamedTuple):
    """All models' entries by digest and by folder, and those that clash. Immutable: `updated` gives another."""

    digests: Mapping[str, tuple[DigestEntry, ...]] = _NOTHING
    folders: Mapping[str, tuple[FolderEntry, ...]] = _NOTHING
    clashing: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def updated(self, gone: list[Summary], come: list[Summary]) -> Across:
        """The same without the entries of `gone` and with those of `come`."""
        if gone == come:
            return self
        digests, folders = dict(self.digests), dict(self.folders)
        touched: set[str] = set()
        at: set[str] = set()
        for summary in gone:
            for digest, entry in summary.digests:
                touched.add(digest)
                digests[digest] = tuple(one for one in digests[digest] if one != entry)
            for folder, place in summary.folders:
                at.add(folder)
                folders[folder] = tuple(one for one in folders[folder] if one != place)
        for summary in come:
            for digest, entry in summary.digests:
                touched.add(digest)
                digests[digest] = (*digests.get(digest, ()), entry)
            for folder, place in summary.folders:
                at.add(folder)
                folders[folder] = (*folders.get(folder, ()), place)
        return Across(
            digests,
            folders,
            self.clashing - touched | {digest for digest in touched if _clashes(digests[digest])},
            self.shared - at | {folder for folder in at if len({one.model_id for one in folders[folder]}) > 1},
        )

    def findings(self, order: Callable[[str], int]) -> Iterator[Finding]:
        """LM404 and LM505; `order` tells where in the file a model stands."""
        clashes = [(_sorted(self.digests[digest], order), digest) for digest in self.clashing]
        for entries, digest in sorted(clashes, key=lambda one: (order(one[0][0].model_id), one[0][0].file_index)):
            yield _one_digest(digest, entries)
        shared = [(_sorted(self.folders[folder], order), folder) for folder in self.shared]
        for places, folder in sorted(shared, key=lambda one: (order(one[0][0].model_id), one[0][0].source_index)):
            yield from _one_folder(folder, places)

    def round_sizes_told(self) -> set[tuple[str, int]]:
        """The files (model, index) that LM404 speaks of, so that LM406 is silent there."""
        return {(entry.model_id, entry.file_index) for digest in self.clashing for entry in self.digests[digest]}


def _clashes(entries: tuple[DigestEntry, ...]) -> bool:
    return len(entries) > 1 and len({one.size for one in entries}) > 1


def _sorted(entries: tuple[_Entry, ...], order: Callable[[str], int]) -> list[_Entry]:
    return sorted(entries, key=lambda entry: (order(entry.model_id), entry[1]))


def _one_digest(digest: str, entries: list[DigestEntry]) -> Finding:
    rule = ONE_DIGEST_TWO_SIZES
    first = entries[0]
    other = next(entry for entry in entries if entry.size != first.size)
    places = [f"{shown(one.size)} in {plain(one.model_id, 60)} {one.label}" for one in entries]
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        f"one digest with different sizes: {listed(places, 5)}",
        ("models", other.model_id, "files", other.file_index, "sha256"),
        (rule.code, digest),
        model_id=other.model_id,
    )


def _one_folder(folder: str, places: list[FolderEntry]) -> Iterator[Finding]:
    rule = SHARED_FOLDER
    first = places[0]
    told = {first.model_id}
    for place in places:
        if place.model_id not in told:
            told.add(place.model_id)
            yield Finding(
                rule.code,
                rule.name,
                rule.severity,
                f"{quoted(f'local://{folder}')} is a folder of {plain(first.model_id, 60)} too",
                ("models", place.model_id, "sources", "priority", place.source_index),
                (rule.code, "models", place.model_id, folder),
                model_id=place.model_id,
            )


def scattered(document: Document, model_ids: Iterable[str]) -> list[Finding]:
    """LM215 for models whose tables do not all stand together, placed where one goes on below another one's tables."""
    found: list[Finding] = []
    for model_id in model_ids:
        for before, after in pairwise(document.model_tables(model_id)):
            other = next((name for i in range(before + 1, after) if (name := _model_of(document, i))), None)
            if other is not None:
                found.append(_scattered(document, model_id, other, after))
                break
    return found


def _model_of(document: Document, index: int) -> str | None:
    key = document.tables[index].key
    return key[1] if len(key) > 1 and key[0] == "models" else None


def _scattered(document: Document, model_id: str, other: str, index: int) -> Finding:
    rule = SCATTERED_MODEL
    table, at = document.tables[index], document.starts[index]
    end = at + table.lead + len(table.text[table.lead : table.body].rstrip())
    return Finding(
        rule.code,
        rule.name,
        rule.severity,
        f"{plain(model_id, 60)} goes on here, below tables of {plain(other, 60)}",
        ("models", model_id),
        (rule.code, "models", model_id),
        model_id=model_id,
        what="table",
        span=(at + table.lead, end),
    )
