"""What `verify` found: a closing line for people, and all of it as JSON of a versioned form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loadmaster.manifest.spec import ModelSpec
from loadmaster.manifest.words import plural
from loadmaster.reports import json as json_report
from loadmaster.reports.report import FileReport, count, said
from loadmaster.weights.file_state import FileState, count_files, states
from loadmaster.weights.observation import DigestDiffers, Observation, SizeDiffers, Sound, Unlisted

VERSION = 1
"""The version of the form. A new key does not change it; a key that goes or means something else does."""


@dataclass(frozen=True, slots=True)
class Verification:
    """One run: the manifest with the faults found, the models that were looked for, where, and what was seen.

    `folders` names the folder of each model; `complete` is false where the run was stopped.
    """

    report: FileReport
    root: str
    specs: Sequence[ModelSpec]
    folders: dict[str, str]
    seen: Sequence[Observation]
    complete: bool = True


def summary(run: Verification) -> str:
    """One line: how many files are sound, how many of them were read now, and what is not."""
    counts = count_files(run.specs, run.seen)
    sound = counts.read + counts.known
    how = f" ({counts.read:,} read, {counts.known:,} known from before)" if sound else ""
    words = [f"{sound:,} sound{how}", f"{counts.faulty:,} faulty" if counts.faulty else ""]
    words += [f"{counts.absent:,} optional and absent" if counts.absent else ""]
    words += [f"{counts.not_read:,} not read" if counts.not_read else ""]
    unlisted = sum(isinstance(one, Unlisted) for one in run.seen)
    words += [f"{unlisted:,} unlisted" if unlisted else ""]
    told = ", ".join(filter(None, words))
    models = plural(len(run.specs), "model")
    return f"{plural(counts.files, 'file')} of {models} below {said(run.root)}: {told}"


def render(run: Verification) -> str:
    """The run as JSON, in ASCII."""
    return json.dumps(as_data(run), indent=2, allow_nan=False)


def as_data(run: Verification) -> dict[str, Any]:
    """The same as plain data. Paths are exact, so that a program finds what they name."""
    told = states(run.specs, run.seen)
    sizes = {(one.model_id, one.path): one.found for one in run.seen if isinstance(one, SizeDiffers)}
    digests = {(one.model_id, one.path): one.found for one in run.seen if isinstance(one, DigestDiffers)}
    known = {(one.model_id, one.path): one.cached for one in run.seen if isinstance(one, Sound)}
    counts, severities = count_files(run.specs, run.seen), count([run.report])
    return {
        "version": VERSION,
        "file": run.report.file,
        "root": run.root,
        "complete": run.complete,
        "models": [
            {
                "model_id": spec.model_id,
                "folder": run.folders.get(spec.model_id),
                "files": [
                    {
                        "path": path,
                        "state": str(state),
                        "from_cache": known.get((model_id, path), False),
                        "found_size": sizes.get((model_id, path)),
                        "found_sha256": digests.get((model_id, path)),
                    }
                    for (model_id, path), state in told.items()
                    if model_id == spec.model_id
                ],
                "unlisted": [
                    {"path": one.path, "size": one.size, "wanted": one.wanted}
                    for one in run.seen
                    if isinstance(one, Unlisted) and one.model_id == spec.model_id
                ],
            }
            for spec in run.specs
        ],
        "diagnostics": json_report.as_data([run.report])["files"][0]["diagnostics"],
        "summary": {
            "files": counts.files,
            "sound": counts.read + counts.known,
            "read": counts.read,
            "known": counts.known,
            "faulty": counts.faulty,
            "absent": counts.absent,
            "not_read": sum(state is FileState.NOT_READ for state in told.values()),
            "error": severities.error,
            "warning": severities.warning,
            "info": severities.info,
        },
    }
