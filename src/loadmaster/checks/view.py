"""What a rule sees of one model: its data and spec, and the words in which its findings are told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.rule import Rule
from loadmaster.checks.secret_text import find_secrets, without_secrets
from loadmaster.checks.wording import plain
from loadmaster.manifest.paths import path_key
from loadmaster.manifest.reader import Reading, ShapeFault, read_model
from loadmaster.manifest.spec import FileSpec

Path = tuple[str | int, ...]
_SHORTEST_SECRET = 20


class PartialFile(NamedTuple):
    """A file of which something required is missing or of a wrong type: what can be read of it, the rest None."""

    path: str | None
    size: int | None
    sha256: str | None
    optional: bool
    component: str | None
    shard_index: bool
    shard_part: int | None


ModelFile = FileSpec | PartialFile


class Places(NamedTuple):
    """Which files have a path, and which need a folder, by the paths' keys: see `manifest.paths.path_key`."""

    files: dict[str, set[int]]
    folders: dict[str, set[int]]


class ModelView:
    """One model as the rules see it. Values of a wrong type are absent here, so that one fault is told once.

    `files` holds each file with its index in the list; `damaged` tells that a part of the model's text cannot be read,
    so that what is absent may only be hidden. A view for a `trial` of a fix
    wants no fixes itself. `visible` tells that its text is such that nothing in it can be hidden from the eye.
    """

    __slots__ = (
        "_item_keys",
        "_places",
        "comparable",
        "damaged",
        "data",
        "files",
        "model_id",
        "reading",
        "trial",
        "visible",
    )

    def __init__(
        self, model_id: str, data: Any, damaged: bool = False, *, trial: bool = False, visible: bool = False
    ) -> None:
        self.model_id = model_id
        self.data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        self.damaged = damaged
        self.trial = trial
        self.visible = visible
        self.reading: Reading = read_model(model_id, data)
        self.files: list[tuple[int, ModelFile]] = self._read_files()
        self.comparable: list[tuple[str, int, int]] = []
        """Digest, index and size of the files whose digest may be true, once the family of digests has spoken."""
        self._item_keys: dict[Path, list[str]] = {}
        self._places: Places | None = None

    def _read_files(self) -> list[tuple[int, ModelFile]]:
        files: list[tuple[int, ModelFile]] = []
        for index, file in enumerate(self.reading.files):
            if file is not None:
                files.append((index, file))
            elif isinstance(self.data["files"][index], dict):
                files.append((index, _partial(self.data["files"][index])))
        return files

    @property
    def faults(self) -> tuple[ShapeFault, ...]:
        """The faults of its shape."""
        return self.reading.faults

    def strings(self, key: str) -> list[tuple[int, str]]:
        """The strings of one of the model's lists, each with its index."""
        items = self.data.get(key)
        if not isinstance(items, list):
            return []
        return [(index, item) for index, item in enumerate(items) if isinstance(item, str)]

    def string(self, key: str) -> str | None:
        """One of the model's strings, or None where it is absent, empty or none."""
        value = self.data.get(key)
        return value if isinstance(value, str) and value else None

    def table(self, key: str) -> Mapping[str, Any]:
        """One of the model's tables; empty where it is absent or none."""
        value = self.data.get(key)
        return value if isinstance(value, dict) else {}

    @property
    def sources(self) -> list[tuple[int, str]]:
        """The URLs of the model, each with its index in `sources.priority`."""
        items = self.table("sources").get("priority")
        if not isinstance(items, list):
            return []
        return [(index, item) for index, item in enumerate(items) if isinstance(item, str)]

    @property
    def places(self) -> Places:
        """The places that the model's files take."""
        if self._places is None:
            places = self._places = Places({}, {})
            for index, file in self.files:
                key = path_key(file.path or "")
                places.files.setdefault(key, set()).add(index)
                end = key.find("/")
                while end != -1:
                    places.folders.setdefault(key[:end], set()).add(index)
                    end = key.find("/", end + 1)
        return self._places

    def label(self, index: int) -> str:
        """How a message names a file: by its path, else by its number."""
        file = self.data["files"][index]
        path = file.get("path") if isinstance(file, dict) else None
        return plain(path) if isinstance(path, str) and path else f"file {index + 1}"

    def finding(
        self,
        rule: Rule,
        path: Path,
        message: str,
        *,
        what: Literal["value", "key", "table"] = "value",
        severity: Severity | None = None,
        fix: Fix | None = None,
        mark: str | None = None,
        refuses: bool | None = None,
    ) -> Finding:
        """A finding of `rule` at `path`, counted from the model. `mark` stands in the identity in place of the path."""
        key = (mark,) if mark is not None else self.key_of(path)
        return Finding(
            code=rule.code,
            name=rule.name,
            severity=severity or rule.severity,
            message=message,
            path=("models", self.model_id, *path),
            key=(rule.code, "models", self.model_id, *key),
            model_id=self.model_id,
            what=what,
            fix=fix,
            refuses=rule.refuses if refuses is None else refuses,
        )

    def key_of(self, path: Path) -> tuple[str, ...]:
        """The path as part of an identity: a file by its `path`, an item of a list by its text, never by its place."""
        names: list[str] = []
        for depth, name in enumerate(path):
            if isinstance(name, int):
                names.append(self._item_name(path[:depth], name))
            else:
                # A key of our own may be anything; what is shorter is no secret.
                names.append(name if len(name) < _SHORTEST_SECRET else without_secrets(name))
        return tuple(names)

    def _item_name(self, path: Path, index: int) -> str:
        names = self._item_keys.get(path)
        if names is None:
            names = self._item_keys[path] = _item_names(self._at(path))
        return names[index] if index < len(names) else str(index)

    def _at(self, path: Path) -> object:
        value: Any = self.data
        for name in path:
            try:
                value = value[name]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def _partial(data: Mapping[str, Any]) -> PartialFile:
    def text(key: str) -> str | None:
        value = data.get(key)
        return value if isinstance(value, str) and value else None

    def whole(key: str) -> int | None:
        value = data.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    return PartialFile(
        text("path"),
        whole("size"),
        text("sha256"),
        data.get("optional") is True,
        text("component"),
        data.get("shard_index") is True,
        whole("shard_part"),
    )


def _item_names(items: object) -> list[str]:
    """A name for each item of a list that does not depend on where it stands: of equal ones the second is `x#2`."""
    if not isinstance(items, list):
        return []
    found = [item.get("path") if isinstance(item, dict) else item for item in items]
    texts = [name if isinstance(name, str) else "" for name in found]
    if find_secrets("\n".join(texts)):
        texts = [without_secrets(text) for text in texts]
    seen: dict[str, int] = {}
    names: list[str] = []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        names.append(text if text and seen[text] == 1 else f"{text}#{seen[text]}")
    return names
