"""What the widgets ask of the open manifest: figures that are derived from the session and kept until they change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath, Place
from loadmaster.manifest.model_id import model_type
from loadmaster.tui.fault_index import FaultIndex

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.session import Session

UNTYPED = "other"
NO_COMPONENT = "no component"


@dataclass(frozen=True, slots=True)
class Component:
    """The files of a model that share a component. `need` is required, optional, both or unlisted."""

    name: str
    need: str
    files: tuple[int, ...]
    size: int
    shards: int
    indexes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a model."""

    files: int
    size: int
    components: tuple[Component, ...]


class ManifestView:
    """The session with its faults by place and its figures by model."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.faults = FaultIndex(session.findings)
        self._summaries: dict[str, Summary] = {}
        self._places: dict[tuple[KeyPath, str, tuple[int, int] | None], Place] = {}
        self.checked_document = session.document if session.is_checked else None
        self.mark_saved()

    def mark_saved(self) -> None:
        """The file is as the document now."""
        self._saved_findings = tuple(self.session.findings)

    def since_saved(self) -> tuple[list[Finding], list[Finding]]:
        """The findings that came and those that went since the file was read or saved."""
        now, then = self.session.findings, self._saved_findings
        known, left = {finding.key for finding in then}, {finding.key for finding in now}
        return [f for f in now if f.key not in known], [f for f in then if f.key not in left]

    @property
    def document(self) -> Document:
        """The document of the moment."""
        return self.session.document

    def absorb(self, models: Iterable[str] | None) -> None:
        """Forget what was derived from these models, or from all of them."""
        if models is None:
            self._summaries.clear()
        else:
            for model_id in models:
                self._summaries.pop(model_id, None)
        self._places.clear()
        self.faults = FaultIndex(self.session.findings, self.faults)

    def summary(self, model_id: str) -> Summary:
        """The figures of a model."""
        known = self._summaries.get(model_id)
        if known is None:
            known = self._summaries[model_id] = summarise(self.document.model_data(model_id))
        return known

    def totals(self) -> tuple[int, int, int]:
        """Models, files and bytes of the whole manifest."""
        summaries = [self.summary(model_id) for model_id in self.document.model_ids]
        return len(summaries), sum(s.files for s in summaries), sum(s.size for s in summaries)

    def place(self, finding: Finding) -> Place:
        """Where a finding stands. Looked up once for a text."""
        key = (finding.path, finding.what, finding.span)
        known = self._places.get(key)
        if known is None:
            if finding.span is not None:
                known = self.document.place_at(*finding.span)
            else:
                known = self.document.place(finding.path, finding.what)
            self._places[key] = known
        return known

    def groups(self) -> list[tuple[str, list[str]]]:
        """The models by type, then id. Models without a type come last."""
        by_type: dict[str, list[str]] = {}
        for model_id in self.document.model_ids:
            by_type.setdefault(model_type(model_id) or UNTYPED, []).append(model_id)
        order = sorted(by_type, key=lambda name: (name == UNTYPED, name))
        return [(name, sorted(by_type[name], key=str.casefold)) for name in order]


def files_of(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The file tables of a model; an item that is no table reads as an empty one, so that indices hold."""
    files = data.get("files")
    if not isinstance(files, list):
        return []
    return [item if isinstance(item, dict) else {} for item in files]


def size_of(file: Mapping[str, Any]) -> int | None:
    """The size of a file where one is given."""
    size = file.get("size")
    return size if isinstance(size, int) and not isinstance(size, bool) else None


def strings(value: object) -> list[str]:
    """The strings of a list; of anything else none."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def component_of(file: Mapping[str, Any]) -> str:
    """The component that a file names, or what stands for none."""
    component = file.get("component")
    return component if isinstance(component, str) and component else NO_COMPONENT


def summarise(data: Mapping[str, Any]) -> Summary:
    """The figures of a model's plain data, whatever shape it has."""
    files = files_of(data)
    required, optional = strings(data.get("required_components")), strings(data.get("optional_components"))
    members: dict[str, list[int]] = {name: [] for name in (*required, *optional)}
    for index, file in enumerate(files):
        members.setdefault(component_of(file), []).append(index)
    components = tuple(
        Component(
            name,
            _need(name in required, name in optional),
            tuple(indices),
            _total(files, indices),
            sum(1 for i in indices if _is_part(files[i])),
            sum(1 for i in indices if files[i].get("shard_index") is True),
        )
        for name, indices in members.items()
    )
    return Summary(len(files), _total(files, range(len(files))), components)


def _need(required: bool, optional: bool) -> str:
    if required and optional:
        return "both"
    return "required" if required else "optional" if optional else "unlisted"


def _total(files: Sequence[Mapping[str, Any]], indices: Iterable[int]) -> int:
    return sum(size_of(files[index]) or 0 for index in indices)


def _is_part(file: Mapping[str, Any]) -> bool:
    part = file.get("shard_part")
    return isinstance(part, int) and not isinstance(part, bool)
