"""What becomes of those who ask for a model by its id, or by its name alone, when ids come, go or change.

The registry answers a name without a version only where one version of it is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loadmaster.manifest.model_id import split_model_id


def callers_notes(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """What callers notice when the ids of a manifest were `before` and are `after`, a sentence each."""
    gone = [model_id for model_id in before if model_id not in set(after)]
    old, new = _versions(before), _versions(after)
    notes: list[str] = []
    told: set[str] = set()
    for model_id in gone:
        parts = split_model_id(model_id)
        alone = parts is not None and len(old[parts[0]]) == 1 and parts[0] not in new
        if parts is not None and alone:
            told.add(parts[0])
            notes.append(f"Callers that ask for {model_id}, or for {parts[0]} without a version, no longer find it.")
        else:
            notes.append(f"Callers that ask for {model_id} no longer find it.")
    notes += [_note(name, old[name], new.get(name, [])) for name in old if name not in told]
    return tuple(note for note in notes if note)


def _note(name: str, before: list[str], after: list[str]) -> str:
    """What a caller notices that asks for `name` without a version; empty where that is nothing."""
    if len(before) == 1 and len(after) > 1:
        return (
            f"Callers that ask for {name} without a version got {before[0]}; "
            f"with {len(after)} versions there they must name one."
        )
    if len(before) == 1 and len(after) == 1 and before != after:
        return f"Callers that ask for {name} without a version got {before[0]} and now get {after[0]}."
    if len(before) > 1 and len(after) == 1:
        return f"Callers that ask for {name} without a version now get {after[0]}."
    return ""


def _versions(model_ids: Iterable[str]) -> dict[str, list[str]]:
    """The versions of each name, for ids of the right form."""
    versions: dict[str, list[str]] = {}
    for model_id in model_ids:
        parts = split_model_id(model_id)
        if parts is not None:
            versions.setdefault(parts[0], []).append(parts[1])
    return versions
