"""Which key mends a fault that has no fix of its own."""

from __future__ import annotations

from loadmaster.checks.diagnostic import Finding
from loadmaster.manifest.fields import field_at
from loadmaster.tui.actions import BY_ID, key_label


def way_out(finding: Finding, going: str = "") -> str:
    """What to do about a fault by hand: keys and words, without a full stop.

    `going` is the action that goes to the fault, where the cursor is not at its place.
    """
    way = _way_at(finding)
    return f"{_key(going)} goes there, {way}" if going else way


def _way_at(finding: Finding) -> str:
    path = finding.path
    if finding.code == "LM107":
        return f"{_key('parts.rename')} renames the model"
    if finding.code.startswith("LM4") and path[2:3] == ("files",) and path[-1] in ("sha256", "size"):
        return f"{_key('tab.disk')} {_key('disk.fill')} takes the disk's value, {_key('field.edit')} edits"
    if field_at(path) is not None and finding.span is None:
        return f"{_key('field.edit')} edits the value"
    return f"{_key('tab.source')} shows its lines"


def _key(action_id: str) -> str:
    return key_label(BY_ID[action_id].keys[0])
