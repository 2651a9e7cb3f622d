"""LM801–LM806: what was seen on disk, told of the manifest that is wrong about it.

One fault is one finding: a model whose whole folder is absent is not told file by file, and what a header and an index
say of each other is told once for each file. A file that is optional and absent is no fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.later import (
    ABSENT_FILE,
    DIGEST_DIFFERS,
    HEADER_DISAGREES,
    POINTER_ON_DISK,
    SIZE_DIFFERS,
    UNLISTED_FILE,
)
from loadmaster.checks.observed import Listed, TakeValues, finding
from loadmaster.checks.wording import listed as told_list
from loadmaster.checks.wording import plain
from loadmaster.manifest.values import human_bytes
from loadmaster.weights.observation import (
    DigestDiffers,
    HeaderDisagrees,
    HeaderReason,
    Missing,
    MissingReason,
    Observation,
    ParametersDiffer,
    PointerLies,
    PrecisionDiffers,
    SizeDiffers,
    Unlisted,
    Unreadable,
)

if TYPE_CHECKING:
    from loadmaster.document.document import Document

Measured = Mapping[tuple[str, str], str]
"""The sha256 of files that were read, by model id and path."""

_DIGITS = 12


def disk_findings(
    document: Document, observations: Iterable[Observation], measured: Measured | None = None
) -> list[Finding]:
    """The faults that `observations` tell of, in the order in which they were made; each model's together.

    `measured` gives the digests of files whose size differs, where somebody has read them: only then can the disk's
    values be taken, since a size without its digest would not be true.
    """
    listed = Listed(document)
    by_model: dict[str, list[Observation]] = {}
    for one in observations:
        by_model.setdefault(one.model_id, []).append(one)
    found: list[Finding] = []
    for model_id, seen in by_model.items():
        found += _of_model(listed, model_id, seen, measured or {})
    return found


def _of_model(listed: Listed, model_id: str, seen: Sequence[Observation], measured: Measured) -> Iterator[Finding]:
    for rest in (_as_one_missing(model_id, seen), _as_one_unreadable(model_id, seen)):
        if rest is not None:
            yield rest
            return
    headers: dict[str, list[HeaderDisagrees]] = {}
    for one in seen:
        match one:
            case Missing(optional=False):
                message = f"{plain(one.path)} is not in {plain(one.looked_in)}"
                yield finding(
                    ABSENT_FILE, model_id, listed.place(model_id, one.path, "path"), message, ("files", one.path)
                )
            case Unreadable():
                message = f"{plain(one.path)} cannot be used: {plain(one.reason)}"
                yield finding(
                    ABSENT_FILE, model_id, listed.place(model_id, one.path, "path"), message, ("files", one.path)
                )
            case SizeDiffers():
                yield _size_differs(listed, one, measured.get((model_id, one.path)))
            case DigestDiffers():
                yield _digest_differs(listed, one)
            case PointerLies():
                yield _pointer(listed, one)
            case Unlisted():
                yield _unlisted(one)
            case HeaderDisagrees():
                headers.setdefault(one.path, []).append(one)
            case ParametersDiffer() | PrecisionDiffers():
                yield _hint(one)
            case _:
                pass
    for path, reasons in headers.items():
        message = f"{plain(path)}: {'; '.join(_header_words(reasons))}"
        yield finding(HEADER_DISAGREES, model_id, listed.place(model_id, path, "path"), message, ("files", path))


def _as_one_missing(model_id: str, seen: Sequence[Observation]) -> Finding | None:
    """One finding for a model whose folder is not there, where any of its files is required."""
    missing = [one for one in seen if isinstance(one, Missing) and one.reason is MissingReason.FOLDER]
    wanted = sum(not one.optional for one in missing)
    if not wanted:
        return None
    files = "its required file is" if wanted == 1 else f"all {wanted:,} required files are"
    message = f"there is no folder {plain(missing[0].looked_in)}; {files} missing"
    return finding(ABSENT_FILE, model_id, ("models", model_id), message, ("(folder)",), what="table")


def _as_one_unreadable(model_id: str, seen: Sequence[Observation]) -> Finding | None:
    """One finding for a model of which no file at all can be used, all for one reason."""
    unreadable = [one for one in seen if isinstance(one, Unreadable)]
    reasons = {one.reason for one in unreadable}
    others = any(not isinstance(one, (Unreadable, Unlisted)) for one in seen)
    if len(unreadable) < 2 or len(reasons) != 1 or others:
        return None
    message = f"none of its {len(unreadable):,} files can be used: each {plain(reasons.pop())}"
    return finding(ABSENT_FILE, model_id, ("models", model_id), message, ("(folder)",), what="table")


def _size_differs(listed: Listed, one: SizeDiffers, sha256: str | None) -> Finding:
    message = f"{plain(one.path)} has {one.found:,} bytes on disk, and {one.listed:,} are listed"
    if one.size_of is not None:
        message += f"; {plain(one.size_of)} is listed with as many"
    fix = None
    if sha256 is not None and one.size_of is None:
        title = f"take the disk's size and sha256 for {plain(one.path)}"
        fix = TakeValues(title, one.model_id, one.path, one.found, sha256)
    return finding(
        SIZE_DIFFERS, one.model_id, listed.place(one.model_id, one.path, "size"), message, ("files", one.path), fix=fix
    )


def _digest_differs(listed: Listed, one: DigestDiffers) -> Finding:
    found = f"{one.found[:_DIGITS]}…"
    message = f"the bytes of {plain(one.path)} on disk have the sha256 {found}, not {plain(one.listed[:_DIGITS])}…"
    fix = None
    if one.bytes_of is not None:
        message += f"; they are those of {plain(one.bytes_of)}"
    else:
        fix = TakeValues(f"take the disk's sha256 for {plain(one.path)}", one.model_id, one.path, sha256=one.found)
    return finding(
        DIGEST_DIFFERS,
        one.model_id,
        listed.place(one.model_id, one.path, "sha256"),
        message,
        ("files", one.path),
        fix=fix,
    )


def _pointer(listed: Listed, one: PointerLies) -> Finding:
    if one.agrees:
        promise = "it promises the file that is listed"
    else:
        promise = f"it promises another file: {one.promised_size:,} bytes, sha256 {one.promised_sha256[:_DIGITS]}…"
    message = f"a Git LFS pointer lies in place of {plain(one.path)}; {promise}"
    return finding(
        POINTER_ON_DISK, one.model_id, listed.place(one.model_id, one.path, "path"), message, ("files", one.path)
    )


def _unlisted(one: Unlisted) -> Finding:
    taken = "" if one.wanted else "; none of allow_patterns takes it"
    message = f"{plain(one.path)} ({human_bytes(one.size)}) lies in the model's folder and is not listed{taken}"
    return finding(UNLISTED_FILE, one.model_id, ("models", one.model_id), message, ("files", one.path), what="table")


def _hint(one: ParametersDiffer | PrecisionDiffers) -> Finding:
    """Advice: what a header says beside a figure or a name that people round and choose."""
    where = f" of {plain(one.component)}" if one.component else ""
    if isinstance(one, ParametersDiffer):
        path: tuple[str | int, ...] = ("models", one.model_id, "vram_estimation", "params_billion")
        message = f"params_billion is {one.declared:g}, and the headers{where} count {one.counted:.3g} · 10^9"
        mark = "params_billion"
    else:
        path = ("models", one.model_id, "variants")
        variants = told_list([plain(variant) for variant in one.variants])
        message = f"the weights{where} are stored as {one.stored}, which is none of the variants ({variants})"
        mark = "variants"
    return finding(HEADER_DISAGREES, one.model_id, path, message, (mark,), severity=Severity.INFO)


def _header_words(reasons: Sequence[HeaderDisagrees]) -> Iterator[str]:
    """What there is to say of one file, several shards that an index names in one go."""
    shards = [one.detail for one in reasons if one.reason is HeaderReason.SHARD_NOT_LISTED]
    if shards:
        what = "a shard that is" if len(shards) == 1 else f"{len(shards)} shards that are"
        yield f"the index names {what} not listed: {told_list([plain(shard) for shard in shards], 3)}"
    for one in reasons:
        more = "" if one.count == 1 else f" and {one.count - 1:,} more"
        against = plain(one.against or "the index")
        match one.reason:
            case HeaderReason.TENSORS_NOT_IN_SHARD:
                yield f"{against} puts {plain(one.detail)}{more} into it, and it does not hold that"
            case HeaderReason.TENSORS_NOT_IN_INDEX:
                yield f"it holds {plain(one.detail)}{more}, which {against} does not put there"
            case HeaderReason.UNREADABLE | HeaderReason.CONTRADICTS_FILE:
                yield plain(one.detail)
            case _:
                pass
