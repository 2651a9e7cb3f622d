"""LM207–LM210: shard sets. A set is the files that share folder, stem and suffix around `-00001-of-00006`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import SHARDED, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelFile, ModelView, Path
from loadmaster.checks.wording import plain, shown
from loadmaster.manifest.shard_names import shard_name

_THIRD_AT = SHARDED.index('[[models."demo-4b@1.0.0".files]]\npath = "unet/model-00003')
_THIRD = SHARDED[_THIRD_AT : SHARDED.index('[models."demo-4b@1.0.0".sources]')]

SHARD_MISSING = define(
    Rule(
        "LM207",
        "shard-missing",
        Severity.ERROR,
        "A shard set lacks some of its numbers.",
        "The weights are spread over all shards: without one of them the model does not load.",
        "List the missing files. Where the set was made anew with another number of shards, correct the names.",
        bad=but(_THIRD, "", SHARDED),
        good=SHARDED,
    )
)
SHARD_TOTAL = define(
    Rule(
        "LM208",
        "shard-total",
        Severity.ERROR,
        "The files of one shard set disagree on how many there are.",
        "They come from different runs, or one name was mistyped: the set cannot be put together.",
        "Use the names of one run.",
        bad=but("model-00003-of-00003", "model-00003-of-00004", SHARDED),
        good=SHARDED,
    )
)
SHARD_PART = define(
    Rule(
        "LM209",
        "shard-part",
        Severity.ERROR,
        "`shard_part` contradicts the number in the file's name, or is used twice in a set.",
        "Shards are put together by their number.",
        "Set `shard_part` to the number in the name.",
        bad=but("shard_part = 3", "shard_part = 2", SHARDED),
        good=SHARDED,
        fix="set it",
    )
)
SHARD_WITHOUT_INDEX = define(
    Rule(
        "LM210",
        "shard-without-index",
        Severity.WARNING,
        "A set of safetensors or `.bin` shards has no index beside it.",
        "The index says which tensor lies in which shard; many loaders do not open a set without it.",
        "List the `*.index.json` of the set with `shard_index = true`.",
        bad=but("shard_index = true\n", "", SHARDED),
        good=SHARDED,
    )
)

_INDEXED = (".safetensors", ".bin")


class Shard(NamedTuple):
    """A file with what its name says."""

    file_index: int
    file: ModelFile
    path: str
    number: int
    total: int


@dataclass(slots=True, eq=False, repr=False)
class ShardSet:
    """The shards that share folder, stem and suffix; `digits` is the width of the numbers in the first name."""

    stem: str
    suffix: str
    digits: int
    shards: list[Shard] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The folder, with its slash; empty for the model's own."""
        return self.stem[: self.stem.rfind("/") + 1]

    @property
    def name(self) -> str:
        """The set as part of an identity."""
        return f"{self.stem}-*-of-*{self.suffix}"

    def path_of(self, number: int, total: int) -> str:
        """The path that a shard of the set must have."""
        return f"{self.stem}-{number:0{self.digits}}-of-{total:0{self.digits}}{self.suffix}"


def shard_sets(view: ModelView) -> list[ShardSet]:
    """The shard sets of a model, in the order in which they begin."""
    sets: dict[tuple[str, str], ShardSet] = {}
    for index, file in view.files:
        path = file.path
        if path is None or "-of-" not in path:
            continue
        said = shard_name(path)
        if said is None:
            continue
        stem, number, total, suffix = said
        known = sets.get((stem, suffix))
        if known is None:
            known = sets[stem, suffix] = ShardSet(stem, suffix, len(number))
        known.shards.append(Shard(index, file, path, int(number), int(total)))
    return list(sets.values())


def shards(view: ModelView) -> Iterator[Finding]:
    """LM207, LM208, LM209 and LM210 of one model."""
    sets = shard_sets(view)
    if not sets:
        return
    indexed = {file.path[: file.path.rfind("/") + 1] for _, file in view.files if file.shard_index and file.path}
    for one in sets:
        total = _total(one)
        odd = next((shard for shard in one.shards if shard.total != total or shard.number > total), None)
        if odd is not None:
            yield _disagreeing(view, one, odd, total)
        elif not view.damaged:
            yield from _missing(view, one, total)
        yield from _parts(view, one)
        if not view.damaged and one.suffix.lower() in _INDEXED and one.folder not in indexed:
            first = one.shards[0]
            beside = f"in {plain(one.folder)}" if one.folder else "beside it"
            message = f"the set {plain(one.name)} has no index file {beside}"
            yield view.finding(SHARD_WITHOUT_INDEX, ("files", first.file_index, "path"), message, mark=one.name)


def _total(one: ShardSet) -> int:
    """The total that most of the names give; of equal ones the first."""
    counts: dict[int, int] = {}
    for shard in one.shards:
        counts[shard.total] = counts.get(shard.total, 0) + 1
    return max(counts, key=counts.__getitem__)


def _disagreeing(view: ModelView, one: ShardSet, odd: Shard, total: int) -> Finding:
    if odd.total != total:
        message = f"{plain(odd.path)} is one of {odd.total}, the other files of the set say {total}"
    else:
        message = f"{plain(odd.path)} is number {odd.number} of {total}"
    return view.finding(SHARD_TOTAL, ("files", odd.file_index, "path"), message, mark=one.name)


def _missing(view: ModelView, one: ShardSet, total: int) -> Iterator[Finding]:
    have = sorted({shard.number for shard in one.shards})
    gaps = _gaps(have, total)
    if not gaps:
        return
    count = sum(last - first + 1 for first, last in gaps)
    component = next((shard.file.component for shard in one.shards if shard.file.component), None)
    who = f"{plain(component)}: " if component else ""
    verb = "shard" if count == 1 else "shards"
    told = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in gaps[:_MOST_GAPS])
    more = f" and more, {count} in all," if len(gaps) > _MOST_GAPS else ""
    missing = f"{told}{more} of {total} {'is' if count == 1 else 'are'} missing"
    message = f"{who}{verb} {missing}: {_paths(one, gaps, count, total)}"
    yield view.finding(SHARD_MISSING, ("files", one.shards[0].file_index, "path"), message, mark=one.name)


_MOST_GAPS = 12
_MOST_PATHS = 4


def _gaps(have: Sequence[int], total: int) -> list[tuple[int, int]]:
    """The ranges (both ends inclusive) of 1 to `total` that are not in the sorted `have`."""
    gaps: list[tuple[int, int]] = []
    following = 1
    for number in [*have, total + 1]:
        if number > following:
            gaps.append((following, number - 1))
        following = max(following, number + 1)
    return gaps


def _paths(one: ShardSet, gaps: Sequence[tuple[int, int]], count: int, total: int) -> str:
    """Every missing path where they are few; else the first and the last of each range, which name all between."""
    if count <= _MOST_PATHS:
        numbers = [number for first, last in gaps for number in range(first, last + 1)]
        return ", ".join(plain(one.path_of(number, total)) for number in numbers)
    told = []
    for first, last in gaps[:_MOST_GAPS]:
        path = plain(one.path_of(first, total))
        told.append(path if first == last else f"{path} to {last}")
    return ", ".join(told)


def _parts(view: ModelView, one: ShardSet) -> Iterator[Finding]:
    used: dict[int, str] = {}
    for shard in one.shards:
        part = shard.file.shard_part
        if part is None:
            continue
        where: Path = ("files", shard.file_index, "shard_part")
        if part != shard.number and shard.number > 0:
            fix = SetValue(f"set shard_part to {shard.number}", ("models", view.model_id, *where), shard.number)
            message = f"{plain(shard.path)}: shard_part is {shown(part)}, its name says {shard.number}"
            yield view.finding(SHARD_PART, where, message, fix=fix)
        elif used.setdefault(part, shard.path) != shard.path:
            message = f"{plain(shard.path)}: shard_part {shown(part)} is that of {plain(used[part])} too"
            yield view.finding(SHARD_PART, where, message)
