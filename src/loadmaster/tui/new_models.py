"""A new model, a copy of one under a new id, and another id for one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from loadmaster.document.document import Document
from loadmaster.document.new_version import Mention, mentions, new_version, renamed
from loadmaster.document.places import KeyPath
from loadmaster.errors import EditRefused
from loadmaster.manifest.callers import callers_notes
from loadmaster.manifest.fields import Field, Kind, field_of
from loadmaster.manifest.model_id import model_type, split_model_id
from loadmaster.manifest.words import plural
from loadmaster.tui.difference import tally
from loadmaster.tui.form_fields import FormField, form_fields, read_form
from loadmaster.tui.judging import Edit
from loadmaster.tui.manifest_view import component_of, files_of, strings
from loadmaster.tui.new_files import judge_form
from loadmaster.tui.paint import Line, Piece
from loadmaster.tui.screens.form import FormScreen, FormVerdict, Texts
from loadmaster.tui.screens.new_id import Asked, IdVerdict, NewIdScreen, Rewriting, spans_of
from loadmaster.tui.visible import visible

if TYPE_CHECKING:
    from loadmaster.checks.diagnostic import Finding
    from loadmaster.tui.screens.workbench_structure import WorkbenchStructure

_ID = Field(
    "models",
    "id",
    Kind.STRING,
    "Id",
    "name@MAJOR.MINOR.PATCH; t2v, i2v or ti2v in the name tells its type.",
    required=True,
)


class NewModels:
    """The hand for models that are not there yet, or not by that name."""

    def __init__(self, workbench: WorkbenchStructure) -> None:
        self._bench = workbench

    # A new one.

    async def add(self) -> None:
        """Ask for a new model and put it behind the last."""
        view = self._bench.view
        assert view is not None
        fields = _model_form(self._bench)

        def edit_of(data: dict[str, Any]) -> Edit:
            model_id, model = _new_model(data)
            return lambda document: document.add_model(model_id, model)

        def judge(texts: Texts) -> FormVerdict:
            model_id = texts.get("id", "").strip()
            verdict = judge_form(view.session, fields, texts, ("models", model_id), edit_of)
            # That it has no files yet is plain: they are added next. What is wrong with the id has the model's path.
            new = tuple(
                (finding, "id" if len(finding.path) == 2 else key)
                for finding, key in verdict.new
                if finding.path[2:] != ("files",)
            )
            remark = "Its files are added next: a, then f."
            return FormVerdict(
                new, verdict.gone, verdict.refusals, verdict.refusal, verdict.readings, (remark,) if model_id else ()
            )

        title: Line = [Piece("New model", "bright")]
        texts = await self._bench.app.push_screen_wait(FormScreen(title, fields, judge, "add it"))
        if texts is None:
            return
        data = read_form(fields, texts)[0]
        path: KeyPath = ("models", _new_model(data)[0])
        if self._bench.editing.apply(edit_of(data), f"add {path[1]}", path):
            self._bench.reveal(path)

    # A copy.

    async def copy(self, model_id: str) -> None:
        """Ask for the id of a copy, and what is rewritten in it."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        found = mentions(view.document, model_id)

        def edit_of(new_id: str, chosen: frozenset[Hashable]) -> Edit:
            picked = _picked(found, chosen)
            return lambda document: new_version(document, model_id, new_id, picked, write_version="version" in chosen)

        def judge(new_id: str, chosen: frozenset[Hashable]) -> IdVerdict:
            return self._judge(model_id, new_id, edit_of(new_id, chosen), is_copy=True)

        asked = Asked(
            [Piece("New version of ", "label"), Piece(visible(model_id), "bright")],
            "make the copy",
            next_id(model_id, view.document.model_ids),
            model_id.partition("@")[0],
            lambda new_id: rewritings(view.document, model_id, new_id, found, is_copy=True),
            judge,
        )
        answer = await self._bench.app.push_screen_wait(NewIdScreen(asked))
        if answer is None:
            return
        label = f"copy {model_id} to {answer.model_id}"
        cursor: KeyPath = ("models", answer.model_id)
        if self._bench.editing.apply(edit_of(answer.model_id, answer.chosen), label, cursor, ("models", model_id)):
            view.session.unconfirmed.mark(view.document, answer.model_id)
            self._bench.reveal(cursor)

    # Another id.

    async def rename(self, model_id: str) -> None:
        """Ask for another id of a model, and what is rewritten along."""
        view = self._bench.view
        if view is None or self._bench.editing.is_read_only():
            return
        found = mentions(view.document, model_id)

        def edit_of(new_id: str, chosen: frozenset[Hashable]) -> Edit:
            picked = _picked(found, chosen)
            return lambda document: renamed(document, model_id, new_id, picked, write_version="version" in chosen)

        def judge(new_id: str, chosen: frozenset[Hashable]) -> IdVerdict:
            if new_id == model_id:
                return IdVerdict(refusal="Type another version, or another id.", is_calm=True)
            return self._judge(model_id, new_id, edit_of(new_id, chosen), is_copy=False)

        asked = Asked(
            [Piece("Rename ", "label"), Piece(visible(model_id), "bright")],
            "rename",
            model_id,
            model_id.partition("@")[0],
            lambda new_id: rewritings(view.document, model_id, new_id, found, is_copy=False),
            judge,
        )
        answer = await self._bench.app.push_screen_wait(NewIdScreen(asked))
        if answer is None:
            return
        view.session.unconfirmed.follow(model_id, answer.model_id)
        self._bench.follow_id(model_id, answer.model_id)
        cursor: KeyPath = ("models", answer.model_id)
        label = f"rename {model_id} to {answer.model_id}"
        if self._bench.editing.apply(edit_of(answer.model_id, answer.chosen), label, cursor, ("models", model_id)):
            self._bench.reveal(cursor)

    async def rename_component(self, model_id: str, name: str) -> None:
        """Ask for another name of a component: in its files and in both lists."""
        view = self._bench.view
        field = field_of("files", "component")
        if view is None or field is None or self._bench.editing.is_read_only():
            return
        hint = "In all files of the component, and in the lists of components."
        fields = [FormField("component", "component", field, name, (), hint)]

        def edit_of(data: dict[str, Any]) -> Edit:
            new = str(data.get("component", "")).strip()
            if not new:
                raise ValueError("A component needs a name.")
            return lambda document: _component_renamed(document, model_id, name, new)

        def judge(texts: Texts) -> FormVerdict:
            return judge_form(view.session, fields, texts, ("models", model_id), edit_of)

        title: Line = [Piece("Rename component ", "label"), Piece(visible(name), "bright")]
        texts = await self._bench.app.push_screen_wait(FormScreen(title, fields, judge, "rename"))
        if texts is not None:
            data = read_form(fields, texts)[0]
            label = f"rename component {name} to {data['component']}"
            self._bench.editing.apply(edit_of(data), label, ("models", model_id))

    def _judge(self, model_id: str, new_id: str, edit: Edit, *, is_copy: bool) -> IdVerdict:
        view = self._bench.view
        assert view is not None
        try:
            document, new, _ = view.session.preview(edit)
        except (ValueError, EditRefused) as refusal:
            return IdVerdict(refusal=str(refusal))
        own = view.faults.of_model(model_id)
        known = {(finding.code, finding.path[2:]) for finding in own}
        fresh = tuple(one for one in new if (one.code, one.path[2:]) not in known)
        notes: list[str] = []
        if is_copy:
            notes += _copy_notes(document, new_id, [one for one in new if one not in fresh])
        if model_type(new_id) != model_type(model_id):
            notes.append(f"Its type becomes {model_type(new_id) or 'none'}; it was {model_type(model_id) or 'none'}.")
        notes += callers_notes(view.document.model_ids, document.model_ids)
        return IdVerdict(fresh, tuple(notes))


def next_id(model_id: str, there: Sequence[str]) -> str:
    """The id of the next minor version that is free; the same id where it has no version."""
    parts = split_model_id(model_id)
    if parts is None:
        return model_id
    major, minor, _ = (int(part) for part in parts[1].split("."))
    while True:
        minor += 1
        candidate = f"{parts[0]}@{major}.{minor}.0"
        if candidate not in there:
            return candidate


def rewritings(
    document: Document, model_id: str, new_id: str, found: Sequence[Mention], *, is_copy: bool
) -> list[Rewriting]:
    """What can be rewritten when a model is copied or renamed to `new_id`: `version`, and what names the old id."""
    old, new = split_model_id(model_id), split_model_id(new_id)
    rows: list[Rewriting] = []
    version = document.get(("models", model_id, "version"))
    if new is not None and version != new[1] and (is_copy or version is not None):
        before = "not in the file" if version is None else str(version)
        after = f"{before} → {new[1]}"
        rows.append(Rewriting("version", "version", before, after, ((len(after) - len(new[1]), len(after)),)))
    for number, mention in enumerate(found):
        part = new_id
        if mention.holds != "id":
            which = 0 if mention.holds == "name" else 1
            if old is None or new is None or old[which] == new[which]:
                continue
            part = new[which]
        after = mention.rewritten(new_id)
        spans = spans_of(mention.spans, len(part))
        rows.append(Rewriting(number, _where(mention), mention.text, after, spans, mention.is_likely))
    return rows


def _where(mention: Mention) -> str:
    if mention.kind == "comment":
        return "comment"
    if mention.kind == "source":
        return f"source {int(mention.path[-1]) + 1}"
    return f"file {int(mention.path[1]) + 1}" if mention.path[0] == "files" else str(mention.path[0])


def _picked(found: Sequence[Mention], chosen: frozenset[Hashable]) -> list[Mention]:
    return [mention for number, mention in enumerate(found) if number in chosen]


def _copy_notes(document: Document, new_id: str, repeated: Sequence[Finding]) -> list[str]:
    files = files_of(document.model_data(new_id))
    digests = sum(1 for file in files if isinstance(file.get("sha256"), str))
    notes = []
    if digests:
        notes.append(
            f"{plural(digests, 'digest')} {'is' if digests == 1 else 'are'} copied, and marked as not confirmed "
            "until edited or hashed."
        )
    if repeated:
        notes.append(f"{plural(len(repeated), 'fault')} of the model come along: {', '.join(tally(repeated))}.")
    return notes


def _model_form(bench: WorkbenchStructure) -> list[FormField]:
    assert bench.view is not None
    own = form_fields(bench.view, "model", ("models", ""), {}, ("description", "variants", "default_variant"))
    by_key = {one.key: one for one in own}
    sources = field_of("sources", "priority")
    assert sources is not None
    return [
        FormField("id", "id", _ID, "", (), _ID.doc),
        by_key["description"],
        by_key["variants"],
        FormField(
            "default_variant",
            "default_variant",
            by_key["default_variant"].field,
            "",
            (),
            by_key["default_variant"].hint,
            "the first of the variants",
        ),
        FormField("sources", "sources", sources, "", (), sources.doc),
    ]


def _new_model(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Id and data of a new model, in the order of the format. Raises ValueError where the id is missing."""
    model_id = str(data.get("id", "")).strip()
    if not model_id:
        raise ValueError("A model needs an id.")
    parts = split_model_id(model_id)
    model: dict[str, Any] = {}
    if "description" in data:
        model["description"] = data["description"]
    if parts is not None:
        model["version"] = parts[1]
    variants = strings(data.get("variants"))
    if variants:
        model["variants"] = variants
    default = data.get("default_variant") or (variants[0] if variants else None)
    if default:
        model["default_variant"] = default
    if data.get("sources"):
        model["sources"] = {"priority": data["sources"]}
    return model_id, model


def _component_renamed(document: Document, model_id: str, name: str, new: str) -> Document:
    for index, file in enumerate(files_of(document.model_data(model_id))):
        if component_of(file) == name:
            document = document.set(("models", model_id, "files", index, "component"), new)
    for key in ("required_components", "optional_components"):
        path: KeyPath = ("models", model_id, key)
        listed = document.get(path)
        if isinstance(listed, list) and name in listed:
            at = listed.index(name)
            document = document.remove_item(path, at) if new in listed else document.set((*path, at), new)
    return document
