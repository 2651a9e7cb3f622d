"""What went wrong in an edit: data, comments, bytes outside, newlines, and what was read of the new document."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from loadmaster.document.document import Document
from loadmaster.document.grouping import group_of

from .page import Page, Path, Remark, Thing, at_path, read_page
from .random_edits import FREE, Edit, typed


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind` is invalid, data, comment, bytes, newline or stale."""

    kind: str
    message: str


def judge(old: Document, new: Document, edit: Edit) -> list[Fault]:
    """All that is wrong with `new`, which `edit` made of `old`."""
    try:
        data = tomllib.loads(new.text.removeprefix("\ufeff"))
    except ValueError as error:
        return [Fault("invalid", str(error))]
    faults = [*_data(data, edit), *_bytes(old, new, edit), *_newlines(old.text, new.text), *stale(new)]
    faults += [Fault("comment", told) for told in _comments(read_page(old.text), read_page(new.text), old, edit)]
    return faults


def _data(data: Any, edit: Edit) -> list[Fault]:
    if _pruned(typed(data)) == _pruned(typed(edit.expected)):
        return []
    return [Fault("data", f"{data} is not {edit.expected}")]


def _pruned(data: Any) -> Any:
    """A manifest whose last model went has none, with or without a header that says so."""
    if isinstance(data, dict) and data.get("models") == {}:
        return {name: value for name, value in data.items() if name != "models"}
    return data


def stale(new: Document) -> list[Fault]:
    """Where a document made by an edit differs from one read afresh of the same text."""
    fresh = Document.from_text(new.text)
    found: list[str] = []
    if [(t.text, t.reading, t.lead, t.header) for t in new.tables] != [
        (t.text, t.reading, t.lead, t.header) for t in fresh.tables
    ]:
        found.append(f"tables {[t.text for t in new.tables]} for {[t.text for t in fresh.tables]}")
    if new.model_ids != fresh.model_ids:
        found.append(f"model_ids {new.model_ids} for {fresh.model_ids}")
    if typed(new.data) != typed(fresh.data):
        found.append(f"data {new.data} for {fresh.data}")
    if new.faults != fresh.faults:
        found.append(f"faults {new.faults} for {fresh.faults}")
    if new.conflicts != fresh.conflicts:
        found.append("conflicts")
    found += (
        f"model_data of {name}"
        for name in fresh.model_ids
        if typed(new.model_data(name)) != typed(fresh.model_data(name))
    )
    return [Fault("stale", told) for told in found]


def _newlines(old: str, new: str) -> list[Fault]:
    found: list[str] = []
    has_crlf, has_lf = "\r\n" in old, "\n" in old.replace("\r\n", "")
    if has_crlf and not has_lf and "\n" in new.replace("\r\n", ""):
        found.append("a lone line feed in a file of CRLF")
    if has_lf and not has_crlf and "\r\n" in new:
        found.append("a CRLF in a file of line feeds")
    if old.startswith("\ufeff") != new.startswith("\ufeff") or "\ufeff" in new[1:]:
        found.append("the byte-order mark")
    if old.strip("\ufeff") and new.strip("\ufeff") and old.endswith("\n") != new.endswith("\n"):
        found.append("the final newline")
    return [Fault("newline", told) for told in found]


# Bytes outside of what the edit may touch


def _bytes(old: Document, new: Document, edit: Edit) -> list[Fault]:
    before, after = _cores(old, edit), _cores(new, edit)
    if before != after:
        return [Fault("bytes", f"other tables are now {after}, were {before}")]
    start, end = _may_change(old, edit)
    if old.text[:start] != new.text[:start]:
        return [Fault("bytes", f"changed before offset {start}: {old.text[:start]!r} to {new.text[:start]!r}")]
    rest = old.text[end:]
    if not new.text.endswith(rest):
        return [Fault("bytes", f"changed behind offset {end}: {rest!r}")]
    return []


def _cores(document: Document, edit: Edit) -> list[str]:
    """The tables that are not the edit's, without what parts them from the next."""
    if document.is_whole:
        return []
    tables = [table for table in document.tables if group_of(table) not in edit.models]
    return [table.text[: table.tail].rstrip("\r\n") for table in tables if table.header is not None]


def _may_change(old: Document, edit: Edit) -> tuple[int, int]:
    """The narrowest span in which the edit has to stay."""
    page = read_page(old.text)
    mark = 1 if old.text.startswith("\ufeff") else 0
    pair = page.thing("pair", edit.path) or page.thing("item", edit.path)
    if pair and edit.kind in {"set", "insert", "remove", "move"}:
        becomes_tables = edit.kind == "insert" and not at_path(tomllib.loads(old.text[mark:]), edit.path)
        if not becomes_tables:
            # The value itself, which ends where the thing ends.
            return pair.start + mark, pair.end + mark
    if edit.models == {""}:
        return 0, len(old.text)  # a new table of the top level goes to the end
    groups = [index for index, table in enumerate(old.tables) if group_of(table) in edit.models]
    if old.is_whole or not groups or edit.kind in {"add", "copy"}:
        return 0, len(old.text)
    first, last = groups[0], groups[-1]
    start = old.starts[first - 1] + old.tables[first - 1].tail if first else 0
    # Behind the last table nothing changes; a comment that heads the next table least of all.
    return max(0, start - 2), old.starts[last + 1]


# Comments


@dataclass(slots=True)
class _Comments:
    old: Page
    new: Page
    edit: Edit
    found: dict[str, list[Remark]]
    image: set[Path]
    headings: dict[str, tuple[Path, ...]]

    def judge(self) -> list[str]:
        told = []
        for remark in self.old.remarks:
            wrong = self.copied(remark) if self.edit.kind == "copy" else self.wrong(remark)
            if wrong:
                told.append(f"{remark.mark} ({remark.place} {remark.owner}): {wrong}")
        return told

    def moved(self, path: Path) -> Path | None:
        return self.edit.moved(path)

    def copied(self, remark: Remark) -> str:
        """A comment of a copied model stands in both; every other one is where it was."""
        found = self.found[remark.mark]
        table = self.table_of(remark)
        own = table is not None and table[:2] == self.edit.path
        if not own or remark.place == "apart":
            # What stands apart behind a model's last table, or between tables that are parted, is not copied.
            most = 2 if own or remark.after.path[:2] == self.edit.path else 1
            if not 1 <= len(found) <= most:
                return f"stands {len(found)} times"
            return "" if any(_same_place(remark, one, remark.owner) for one in found) else "has moved"
        if len(found) != 2:
            return f"stands {len(found)} times, not in both models"
        if remark.place == "below":
            return ""
        copy_of = self.moved(remark.owner)
        fits = [one for one in found if _same_place(remark, one, remark.owner)]
        copies = [one for one in found if copy_of is not None and _same_place(remark, one, copy_of)]
        return "" if fits and copies else "is not with the copy"

    def table_of(self, remark: Remark) -> Path | None:
        if remark.place == "above" and remark.after.kind == "header":
            return remark.after.path
        return None if remark.before is None else remark.before.table

    def wrong(self, remark: Remark) -> str:
        found = self.found[remark.mark]
        if len(found) > 1:
            return f"stands {len(found)} times"
        now = found[0] if found else None
        if any(self.moved((*path, 0)) == FREE or self.moved(path) in {FREE, None} for path in remark.inside):
            return ""
        if remark.place == "behind":
            return self._behind(remark, now)
        if remark.place == "above":
            return self._above(remark, now)
        if remark.place == "below" and not remark.inside:
            return self._below(remark, now)
        return self._apart(remark, now)

    def _behind(self, remark: Remark, now: Remark | None) -> str:
        owners = remark.beside if remark.before and remark.before.path in remark.beside else (remark.owner,)
        targets = [self.moved(path) for path in owners]
        if FREE in targets:
            return ""
        if all(target is None for target in targets):
            return "has outlived its owner" if now else ""
        if now is None:
            return "is lost"
        return "" if now.place == "behind" and now.owner in targets else f"is now {now.place} {now.owner}"

    def _above(self, remark: Remark, now: Remark | None) -> str:
        targets: tuple[Path | None, ...] = self.headings.get(remark.mark, (self.moved(remark.owner),))
        if FREE in targets:
            return ""
        if targets == (None,):
            return "has outlived its owner" if now else ""
        if now is None:
            return "is lost"
        return "" if now.place == "above" and now.owner in targets else f"is now {now.place} {now.owner}"

    def _below(self, remark: Remark, now: Remark | None) -> str:
        assert remark.before is not None
        table = self.moved(remark.before.table) if remark.before.table else ()
        if table == FREE:
            return ""
        if table is None:
            return "has outlived its table" if now else ""
        if now is None:
            return "is lost"
        if now.place in {"above", "behind"}:
            return f"is now {now.place} {now.owner}"
        return "" if now.before is None or now.before.table == table else f"is now in {now.before.table}"

    def _apart(self, remark: Remark, now: Remark | None) -> str:
        before = None if remark.before is None else self.moved(remark.before.path)
        after = self.slot(remark.after)
        is_between_gone = remark.before is not None and before in {None, FREE} and self.is_gone(remark.after)
        if now is None:
            return "" if is_between_gone else "is lost"
        if now.place in {"above", "behind"}:
            return f"is now {now.place} {now.owner}"
        if now.after.path in after or now.after.path not in self.image or is_between_gone:
            return ""
        return f"stands above {now.after.path}, not {sorted(map(str, after))}"

    def is_gone(self, thing: Thing) -> bool:
        return thing.kind != "end" and self.moved(thing.path) in {None, FREE}

    def slot(self, thing: Thing) -> set[Path]:
        """What a comment that stands apart may be above afterwards: the next thing that is left."""
        index = self.old.things.index(thing)
        while self.is_gone(self.old.things[index]):
            index += 1
        following = self.old.things[index]
        if self.edit.kind == "move" and following.path[:-1] == self.edit.path and following.kind in {"header", "item"}:
            return {following.path}  # what stands apart keeps its position
        moved = self.moved(following.path)
        return {following.path if moved is None else moved}


def _same_place(old: Remark, new: Remark, owner: Path) -> bool:
    if old.place in {"above", "behind"}:
        return new.place == old.place and new.owner == owner
    return new.place in {"below", "apart"}


def _comments(old: Page, new: Page, document: Document, edit: Edit) -> list[str]:
    found: dict[str, list[Remark]] = defaultdict(list)
    for remark in new.remarks:
        found[remark.mark].append(remark)
    image = {moved for thing in old.things if (moved := edit.moved(thing.path)) is not None}
    if edit.kind == "move":
        image |= {thing.path for thing in old.things}
    known = {remark.mark for remark in old.remarks}
    told = [f"{mark} is new" for mark in found if mark not in known]
    return told + _Comments(old, new, edit, found, image, _headings(old, document, edit)).judge()


def _headings(page: Page, document: Document, edit: Edit) -> dict[str, tuple[Path, ...]]:
    """Where the comments go that head a run of files of one component, if one of the run is touched."""
    if edit.kind not in {"remove", "move", "insert"} or (*edit.path, 0) not in page.headers:
        return {}
    items = at_path(document.data, edit.path)
    above = defaultdict(list)
    for remark in page.remarks:
        if remark.place == "above" and remark.after.kind == "header" and remark.owner[:-1] == edit.path:
            above[int(remark.owner[-1])].append(remark.mark)
    headings: dict[str, tuple[Path, ...]] = {}
    together = _follow_directly(page, edit.path)
    for first, marks in above.items():
        component = items[first].get("component")
        run = [first]
        for number in range(first + 1, len(items)):
            if component is None or items[number].get("component") != component or number in above:
                break
            if number not in together:
                break
            run.append(number)
        if len(run) > 1:
            heads = _heads(run, edit)
            headings |= {mark: tuple((*edit.path, number) for number in heads) for mark in marks}
    return headings


def _follow_directly(page: Page, path: Path) -> set[int]:
    """The numbers of the files that stand right behind the one before, with no other table between."""
    found: set[int] = set()
    previous: Path = ()
    size = len(path)
    for header in page.headers:
        if header[:size] == path and len(header) == size + 1 and previous[: size + 1] == (*path, int(header[size]) - 1):
            found.add(int(header[size]))
        previous = header
    return found


def _heads(run: list[int], edit: Edit) -> list[int]:
    """The numbers that the file below a run's heading may have afterwards."""

    def number(old: int) -> int:
        moved = edit.moved((*edit.path, old))
        return -1 if moved is None else int(moved[-1])

    if edit.kind == "remove":
        return [number(run[1] if edit.index == run[0] else run[0])]
    if edit.kind == "insert":
        return [number(run[0]), number(run[0]) - 1] if edit.index == run[0] else [number(run[0])]
    if edit.index not in run:
        return [number(run[0])]
    rest = min(number(member) for member in run if member != edit.index)
    return [edit.to if edit.to == rest - 1 else rest]
