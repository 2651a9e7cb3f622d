"""One model, checked: what can be kept of it until the model changes, and what must be looked at again each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from loadmaster.checks.across import Summary, summary_of
from loadmaster.checks.config import CheckConfig
from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.dotted_ids import dotted_ids
from loadmaster.checks.families import model_findings
from loadmaster.checks.foreign import below, is_model
from loadmaster.checks.secret_text import find_secrets
from loadmaster.checks.security import secrets_in_tables
from loadmaster.checks.silence import SILENCE_MARK, Silence, is_silenced, table_silences
from loadmaster.checks.text import dotted_id, fault_findings
from loadmaster.checks.view import ModelView
from loadmaster.checks.wreckage import Wreckage

if TYPE_CHECKING:
    from loadmaster.document.document import Document, TextFault


class ModelCheck(NamedTuple):
    """What is known of one model until it changes.

    `findings` have key paths only, so they stay true when lines move. `moving` tells that there are others, with
    offsets, to be made anew. `silences` come with the number of their table among the model's; `used` are the positions
    in them, and `filed` the codes of the file's, that silence one of `findings`' former neighbours. `faulty` tells that
    its own text cannot be read somewhere, `damaged` that this or a broken header beside it may hide a part of the
    model, `wreck` that it is no model at all.
    """

    model_id: str
    findings: tuple[Finding, ...]
    summary: Summary
    is_model: bool
    wreck: bool
    damaged: bool
    faulty: bool
    moving: bool
    newlines: tuple[int, int]
    silences: tuple[tuple[int, Silence], ...] = ()
    used: frozenset[int] = frozenset()
    filed: frozenset[str] = frozenset()


def check_model(
    document: Document, model_id: str, wreckage: Wreckage, config: CheckConfig, filed: frozenset[str]
) -> ModelCheck:
    """Check one model. `filed` are the codes that the file silences."""
    tables = document.model_tables(model_id)
    text = "".join([document.tables[index].text for index in tables])
    faults = document.model_faults(model_id)
    data = document.raw_model(model_id)
    wreck = model_id in wreckage.wrecks
    damaged = model_id in wreckage.hurt or is_damaged(faults)
    dotted = [] if wreck else dotted_ids(model_id, data)
    findings: list[Finding] = []
    summary = Summary()
    if not dotted and not wreck:
        view = ModelView(model_id, data, damaged, visible=bool(tables) and text.isascii() and "\\" not in text)
        findings = model_findings(view)
        summary = summary_of(view)
    secrets = secrets_in_tables(document, tables, model_id) if find_secrets(text) else []
    findings += (secret for secret in secrets if secret.span is None)
    silences = silences_of(document, tables) if SILENCE_MARK in text else ()
    if any(fault.kind == "unquoted-id" for fault in faults):
        # Its tables cannot be edited before their headers have quotes.
        findings = [replace(finding, fix=None) for finding in findings]
    kept, used, gone = silenced(
        document, distinct(config.applied(findings)), anchored(document, tables, silences), filed
    )
    return ModelCheck(
        model_id,
        tuple(kept),
        summary,
        is_model(data) or any(is_model(below(data, names[1:])) for names in dotted),
        wreck,
        damaged,
        is_damaged(faults),
        bool(faults or dotted) or any(secret.span is not None for secret in secrets),
        count_newlines(text),
        silences,
        frozenset(used),
        frozenset(gone),
    )


def moving_findings(document: Document, model_id: str) -> list[Finding]:
    """The findings of a model that have offsets: faults of its text, ids without quotes, secrets in comments."""
    faults = document.model_faults(model_id)
    found = fault_findings(document, faults)
    if not is_damaged(faults):
        found += (dotted_id(document, names) for names in dotted_ids(model_id, document.raw_model(model_id)))
    secrets = secrets_in_tables(document, document.model_tables(model_id), model_id)
    found += (secret for secret in secrets if secret.span is not None)
    return found


def is_damaged(faults: Iterable[TextFault]) -> bool:
    """Whether a part of the text cannot be read, so that what seems absent may only be hidden."""
    return any(fault.kind != "unquoted-id" for fault in faults)


def count_newlines(text: str) -> tuple[int, int]:
    """How many lines of a text end with CRLF, and how many with LF alone."""
    crlf = text.count("\r\n") if "\r" in text else 0
    return crlf, text.count("\n") - crlf


def silences_of(document: Document, tables: Sequence[int]) -> tuple[tuple[int, Silence], ...]:
    """The silences of some tables, each with the number of its table among them."""
    return tuple(
        (number, silence) for number, index in enumerate(tables) for silence in table_silences(document.tables[index])
    )


def anchored(
    document: Document, tables: Sequence[int], silences: Iterable[tuple[int, Silence]]
) -> list[tuple[int, Silence]]:
    """The same silences, each with the offset of its table as it is now."""
    return [(document.starts[tables[number]], silence) for number, silence in silences]


def span_of(document: Document, finding: Finding) -> tuple[int, int]:
    """Where a finding stands, as offsets."""
    return finding.span or document.span(finding.path, finding.what)


def silenced(
    document: Document, findings: Iterable[Finding], silences: Sequence[tuple[int, Silence]], filed: frozenset[str]
) -> tuple[list[Finding], set[int], set[str]]:
    """The findings that are left, the positions of the silences that took the others, and the file's codes that did."""
    kept: list[Finding] = []
    used: set[int] = set()
    gone: set[str] = set()
    if not silences and not filed:
        return list(findings), used, gone
    codes = {silence.code for _, silence in silences}
    for finding in findings:
        if finding.code in filed:
            gone.add(finding.code)
            continue
        by = is_silenced(span_of(document, finding), finding.code, silences) if finding.code in codes else []
        used.update(by)
        if not by:
            kept.append(finding)
    return kept, used, gone


def distinct(findings: list[Finding]) -> list[Finding]:
    """The findings, those with an identity that was there before marked by a number."""
    if len({finding.key for finding in findings}) == len(findings):
        return findings
    seen: dict[tuple[str, ...], int] = {}
    told: list[Finding] = []
    for finding in findings:
        count = seen[finding.key] = seen.get(finding.key, 0) + 1
        told.append(finding if count == 1 else replace(finding, key=(*finding.key, f"#{count}")))
    return told
