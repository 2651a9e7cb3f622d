"""Why a model does not load: what the registry, the variant, the disk and the sources say, in the order of a load.

The account ends at the first obstacle, with its place in the manifest and the way out. Nothing is read or asked but
what the caller allows.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from loadmaster.checks.at_source import REFUSED, source_findings
from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.engine import findings, locate
from loadmaster.checks.observed import counted
from loadmaster.checks.on_disk import disk_findings
from loadmaster.checks.refusals import model_refusals, root_refusals
from loadmaster.checks.rule import RULES
from loadmaster.checks.wording import listed, plain
from loadmaster.document.document import Document
from loadmaster.document.places import Place
from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.values import human_bytes
from loadmaster.manifest.words import nearest, path_text
from loadmaster.weights.ask_sources import Asking, ask_sources, can_be_asked
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.file_state import count_files
from loadmaster.weights.locate import DEFAULT_LAYOUT, Layout, ModelFolder
from loadmaster.weights.observation import Observation
from loadmaster.weights.observe import Where, locate_model, verify_models
from loadmaster.weights.partial_spec import comparable_spec
from loadmaster.weights.progress import Progress
from loadmaster.weights.remote import without_secrets
from loadmaster.weights.source_observation import AskedSource, SourceUnavailable

# Rules of entries whose errors no file on disk can satisfy; those of sources, memory and secrets stop no load.
_ENTRY_RULES = ("LM2", "LM3", "LM4")


class StepState(StrEnum):
    """How a step of a load went."""

    FINE = "fine"
    UNKNOWN = "unknown"
    """It was not looked at, or could not be."""
    OBSTACLE = "obstacle"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, how it went, and in a sentence what was found.

    `place` is where the manifest says what stands in the way, `code` the rule that tells it, and `way_out` what to do.
    """

    name: str
    state: StepState
    says: str
    code: str = ""
    place: Place | None = None
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What may be looked at: the disk below `root` (None: not at all), and the sources as `asking` says (None: not).

    With `read` false no file is read; only what the cache knows of digests counts then.
    """

    root: Path | None = None
    layout: Layout = DEFAULT_LAYOUT
    asking: Asking | None = None
    read: bool = True
    cache: DigestCache | None = None
    workers: int | None = None
    stop: threading.Event | None = None
    on_progress: Callable[[Progress], None] | None = None


def why(document: Document, reference: str, variant: str | None = None, look: Look = Look()) -> Iterator[Step]:
    """The steps of loading a model, up to the first obstacle.

    `reference` is an id, with or without `#variant`, or a name of which there is one version.
    """
    name, _, inside = reference.partition("#")
    steps = _Steps(document, name, variant or inside or None, look)
    for step in steps.all():
        yield step
        if step.state is StepState.OBSTACLE:
            return


def meant_id(document: Document, name: str) -> str | None:
    """The id that a name means: itself, or the one version that there is of it; None where there is none or several."""
    ids = document.model_ids
    found = [name] if name in ids else [one for one in ids if one.partition("@")[0] == name]
    return found[0] if len(found) == 1 else None


class _Steps:
    """The steps of one load, each made only when the one before it was no obstacle."""

    def __init__(self, document: Document, name: str, variant: str | None, look: Look) -> None:
        self.document = document
        self.name = name
        self.model_id = meant_id(document, name) or name
        self.variant = variant
        self.look = look
        self.spec: ModelSpec = comparable_spec(self.model_id, document.model_data(self.model_id))[0]
        self.findings = findings(document)
        self.is_on_disk = False

    def all(self) -> Iterator[Step]:
        """All steps in order."""
        yield self.registry()
        yield self.model()
        yield self.chosen_variant()
        yield self.entries()
        if self.look.root is None:
            yield Step("disk", StepState.UNKNOWN, "it was not looked at: no root is known (--root, or MODELS_ROOT)")
        else:
            yield from self.disk(self.look.root)
        yield from self.sources()

    def registry(self) -> Step:
        """Whether the registry loads the manifest; it refuses all of it for a fault of any model."""
        refused = [one for one in self.findings if one.refuses]
        refused.sort(key=lambda one: one.model_id not in (None, self.model_id))
        if refused:
            more = len(refused) - 1
            others = f" (and {more:,} more)" if more else ""
            return self._obstacle("registry", refused[0], f"the registry refuses the manifest: {{}}{others}")
        # A comment can silence a rule for a check, not for the registry.
        hidden = root_refusals(self.document.data)
        hidden += [
            one for name in self.document.model_ids for one in model_refusals(name, self.document.raw_model(name))
        ]
        if hidden:
            one = hidden[0]
            says = f"the registry refuses the manifest: {path_text(one.path)} {one.clause}"
            return Step("registry", StepState.OBSTACLE, says, one.code, self.document.place(one.path), _mend(one.code))
        count = len(self.document.model_ids)
        return Step("registry", StepState.FINE, f"loads the manifest, {count:,} model{'' if count == 1 else 's'}")

    def model(self) -> Step:
        """Whether the manifest has the model."""
        ids = self.document.model_ids
        if self.model_id in ids:
            return Step("model", StepState.FINE, f"{self.model_id} is listed")
        versions = [one for one in ids if one.partition("@")[0] == self.name]
        if versions:
            says = f"{plain(self.name)} has several versions: {listed(versions)}"
            return Step("model", StepState.OBSTACLE, says, way_out="ask for one of them by its whole id")
        likely = nearest(self.name, ids) or nearest(self.name, [one.partition("@")[0] for one in ids])
        way_out = f"did you mean {likely}?" if likely else f"there are {listed(list(ids))}"
        return Step("model", StepState.OBSTACLE, f"there is no model {plain(self.name)}", way_out=way_out)

    def chosen_variant(self) -> Step:
        """Whether the model has the variant that was asked for."""
        if self.variant is None:
            return Step("variant", StepState.FINE, f"{plain(self.spec.default_variant)}, the default")
        if self.variant in self.spec.variants:
            return Step("variant", StepState.FINE, f"{plain(self.variant)} is one of the variants")
        variants = listed([plain(one) for one in self.spec.variants])
        default = plain(self.spec.default_variant)
        return Step(
            "variant",
            StepState.OBSTACLE,
            f"{plain(self.variant)} is none of the variants ({variants})",
            place=self.document.place(("models", self.model_id, "variants")),
            way_out=f"ask for one of them (the default is {default}), or list it once its files are there",
        )

    def entries(self) -> Step:
        """Whether what is listed can be true of any files at all."""
        wrong = [
            one
            for one in self.findings
            if one.model_id == self.model_id and one.severity is Severity.ERROR and one.code.startswith(_ENTRY_RULES)
        ]
        if wrong:
            return self._obstacle("entries", wrong[0], "{}" + _more(wrong))
        size = human_bytes(sum(file.size for file in self.spec.files))
        return Step("entries", StepState.FINE, f"{_files(len(self.spec.files))} listed, {size}")

    def disk(self, root: Path) -> Iterator[Step]:
        """Where the model lies, whether its files are those that are listed, and what their headers say."""
        where = Where(root, self.variant, self.look.layout)
        folder = locate_model(self.spec, where)
        seen: list[Observation] = []
        if folder.exists:
            yield Step("folder", StepState.FINE, f"{plain(str(folder.path), 200)} ({plain(folder.origin)})")
            seen = self._seen(where)
        else:
            yield self._no_folder(folder)
        found = counted(self.document, disk_findings(self.document, seen))
        wrong = [one for one in found if one.severity is Severity.ERROR]
        files = [one for one in wrong if one.code != "LM806"]
        if files:
            yield self._obstacle("files", files[0], "{}" + _more(files), self._way_to_file(files[0], folder))
        counts = count_files([self.spec], seen)
        unread = f"; {_files(counts.not_read)} not read" if counts.not_read else ""
        absent = f"; {_files(counts.absent)} optional and absent" if counts.absent else ""
        state = StepState.UNKNOWN if counts.not_read else StepState.FINE
        sound = counts.read + counts.known
        words = "sizes agree" if counts.not_read else f"{_files(sound)} as listed"
        yield Step("files", state, f"{words}{absent}{unread}")
        if wrong:
            yield self._obstacle("headers", wrong[0], "{}" + _more(wrong))
        self.is_on_disk = not counts.not_read
        if self.is_on_disk:
            yield Step("headers", StepState.FINE, "agree with the files and their index")

    def _seen(self, where: Where) -> list[Observation]:
        look = self.look
        return list(
            verify_models(
                [self.spec],
                where,
                cache=look.cache,
                workers=look.workers,
                stop=look.stop,
                on_progress=look.on_progress,
                hasher=None if look.read else lambda stamps: (),
                others=[
                    comparable_spec(name, self.document.model_data(name))[0]
                    for name in self.document.model_ids
                    if name != self.model_id
                ],
            )
        )

    def _no_folder(self, folder: ModelFolder) -> Step:
        tried = listed([plain(str(path), 200) for path in folder.tried])
        trouble = f"; {plain(folder.trouble, 300)}" if folder.trouble else ""
        place = self.document.place(("models", self.model_id), "table")
        says = f"the model lies in none of the folders where it is looked for: {tried}{trouble}"
        return Step("folder", StepState.OBSTACLE, says, "LM801", place, self._from_sources("the model"))

    def _way_to_file(self, finding: Finding, folder: ModelFolder) -> str:
        if finding.code == "LM801":
            return self._from_sources("it")
        if finding.code in ("LM802", "LM803"):
            again = self._from_sources("it again")
            return f"{again}; where the disk is right: loadmaster fill FILE {self.model_id} --from {folder.path}"
        return _mend(finding.code)

    def _from_sources(self, what: str) -> str:
        """Where the missing can be had: from the first source that has it, or from any, as far as is known."""
        remote = [one for one in self.spec.sources if can_be_asked(one)]
        if not remote:
            return f"put {what} there: none of the sources is one to download from"
        if self.look.asking is None:
            return f"download {what} from {plain(without_secrets(remote[0]), 200)}"
        told = [(one, self._fault_of(one)) for one in self._asked()]
        good = next((one for one, fault in told if not fault), None)
        if good is not None:
            return f"download {what} from {plain(without_secrets(good.source), 200)}, which has every listed file"
        return "; ".join(f"{plain(without_secrets(one.source), 200)}: {fault}" for one, fault in told)

    def sources(self) -> Iterator[Step]:
        """What the sources say, in the order in which they are tried; they stop a load only where the disk lacks it."""
        if self.look.asking is None:
            names = listed([plain(without_secrets(one), 200) for one in self.spec.sources])
            needed = "not needed, all lies on disk" if self.is_on_disk else "not asked"
            yield Step("sources", StepState.FINE if self.is_on_disk else StepState.UNKNOWN, f"{needed}: {names}")
            return
        asked = list(self._asked())
        for one in asked:
            fault = self._fault_of(one)
            shown = plain(without_secrets(one.source), 200)
            state = StepState.UNKNOWN if fault else StepState.FINE
            yield Step("source", state, f"{shown}: {fault or 'has every listed file'}")
            if not fault:
                return
        if not self.is_on_disk and self.look.root is None and asked:
            wrong = source_findings(self.document, asked)
            if wrong:
                yield self._obstacle("sources", wrong[0], "no source can give the model: {}")

    def _asked(self) -> Sequence[AskedSource]:
        return list(ask_sources([self.spec], self.look.asking or Asking(), stop=self.look.stop))

    def _fault_of(self, asked: AskedSource) -> str:
        """The first thing that is wrong with a source, or why it could not be asked; empty where it has all."""
        wrong = [one for one in source_findings(self.document, [asked]) if one.severity is Severity.ERROR]
        if wrong:
            return wrong[0].message
        silent = (one for one in asked.seen if isinstance(one, SourceUnavailable) and one.kind not in REFUSED)
        return next((plain(one.reason, 300) for one in silent), "")

    def _obstacle(self, name: str, finding: Finding, sentence: str, way_out: str = "") -> Step:
        place = locate(self.document, finding).place
        says = sentence.replace("{}", finding.message, 1)
        return Step(name, StepState.OBSTACLE, says, finding.code, place, way_out or _way_out(finding))


def _way_out(finding: Finding) -> str:
    if finding.fix is not None and finding.span is None:
        unsafe = "" if finding.fix.safe else " --unsafe"
        return f"{finding.fix.title} (loadmaster fix{unsafe})"
    return _mend(finding.code)


def _mend(code: str) -> str:
    return RULES[code].mend if code in RULES else f"loadmaster explain {code}"


def _more(found: Sequence[Finding]) -> str:
    return f" (and {len(found) - 1:,} more)" if len(found) > 1 else ""


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
