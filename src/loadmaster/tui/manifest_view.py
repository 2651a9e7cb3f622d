"""What the widgets ask of the open manifest: figures that are derived from the session and kept until they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from loadmaster.checks.diagnostic import Finding
from loadmaster.document.places import KeyPath, Place
from loadmaster.manifest.model_id import model_type
from loadmaster.tui.fault_index import FaultIndex
from loadmaster.tui.vram_figures import spec_of
from loadmaster.vram.estimate import estimate_vram

if TYPE_CHECKING:
    from loadmaster.document.document import Document
    from loadmaster.manifest.spec import ModelSpec
    from loadmaster.session import Session
    from loadmaster.tui.vram_setting import Setting
    from loadmaster.vram.estimate import VramEstimate
    from loadmaster.vram.figures import Size

T = TypeVar("T")

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


@dataclass(slots=True)
class _Memory:
    """A model as it was read, and the estimates that were asked of it."""

    spec: ModelSpec | None
    estimates: dict[tuple[str, int | None, Size | None], VramEstimate] = field(default_factory=dict)


class ManifestView:
    """The session with its faults by place and its figures by model."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.faults = FaultIndex(session.findings_by_model)
        # What was derived of models, with the data that it was derived from.
        self._derived: dict[tuple[Callable[[Mapping[str, Any]], Any], str], tuple[Mapping[str, Any], Any]] = {}
        self._counted: dict[str, tuple[int, int]] = {}  # what `totals` adds up; empty until it is asked
        self._groups: tuple[tuple[str, ...], list[tuple[str, list[str]]]] = ((), [])
        self._memory: dict[str, _Memory] = {}
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
        if models is None or self.document.is_whole:
            self._counted = {}
            self._memory.clear()
        else:
            for model_id in models:
                self._memory.pop(model_id, None)
                if model_id in self._counted:
                    self._counted[model_id] = self.derived(_count, model_id)
        self._places.clear()
        self.faults = FaultIndex(self.session.findings_by_model, self.faults)

    def derived(self, derive: Callable[[Mapping[str, Any]], T], model_id: str) -> T:
        """What `derive` makes of the data of a model; done once for as long as the model stays as it is."""
        data = self.document.model_data(model_id)
        known = self._derived.get((derive, model_id))
        if known is None or known[0] is not data:
            known = self._derived[derive, model_id] = data, derive(data)
        value: T = known[1]
        return value

    def summary(self, model_id: str) -> Summary:
        """The figures of a model."""
        return self.derived(summarise, model_id)

    def estimate(self, model_id: str, variant: str, setting: Setting) -> VramEstimate | None:
        """The memory that a variant needs under a setting; None where the model cannot be read."""
        memory = self._memory.get(model_id)
        if memory is None:
            memory = self._memory[model_id] = _Memory(spec_of(model_id, self.document.model_data(model_id)))
        if memory.spec is None:
            return None
        key = (variant, setting.frames, setting.size)
        known = memory.estimates.get(key)
        if known is None:
            known = memory.estimates[key] = estimate_vram(memory.spec, *key)
        return known

    def totals(self) -> tuple[int, int, int]:
        """Models, files and bytes of the whole manifest."""
        if not self._counted:
            self._counted = {model_id: self.derived(_count, model_id) for model_id in self.document.model_ids}
        counted = self._counted.values()
        return len(counted), sum([files for files, _ in counted]), sum([size for _, size in counted])

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
        ids = self.document.model_ids
        if self._groups[0] != ids:
            by_type: dict[str, list[str]] = {}
            for model_id in ids:
                by_type.setdefault(model_type(model_id) or UNTYPED, []).append(model_id)
            order = sorted(by_type, key=lambda name: (name == UNTYPED, name))
            self._groups = ids, [(name, sorted(by_type[name], key=str.casefold)) for name in order]
        return self._groups[1]


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


def variants_of(data: Mapping[str, Any]) -> list[str]:
    """The variants of a model, where they are a list of nothing but strings; else none."""
    variants = strings(data.get("variants"))
    return variants if variants and len(variants) == len(data["variants"]) else []


def component_of(file: Mapping[str, Any]) -> str:
    """The component that a file names, or what stands for none."""
    component = file.get("component")
    return component if isinstance(component, str) and component else NO_COMPONENT


def _count(data: Mapping[str, Any]) -> tuple[int, int]:
    """How many files a model has, and how many bytes they are."""
    files = files_of(data)
    return len(files), _total(files, range(len(files)))


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
    return Summary(*_count(data), components)


def _need(required: bool, optional: bool) -> str:
    if required and optional:
        return "both"
    return "required" if required else "optional" if optional else "unlisted"


def _total(files: Sequence[Mapping[str, Any]], indices: Iterable[int]) -> int:
    return sum(size_of(files[index]) or 0 for index in indices)


def _is_part(file: Mapping[str, Any]) -> bool:
    part = file.get("shard_part")
    return isinstance(part, int) and not isinstance(part, bool)
