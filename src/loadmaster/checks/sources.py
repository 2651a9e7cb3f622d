"""LM501–LM503: where files come from. LM504 and LM505 look beyond one model's values and stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelView
from loadmaster.checks.wording import plain, quoted

_PINNED = "hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567"

SOURCE_SCHEME = define(
    Rule(
        "LM501",
        "source-scheme",
        Severity.WARNING,
        "A source has none of the schemes `local hf s3 https http gs az file`.",
        "Nothing knows how to fetch from it.",
        "Correct the scheme: `hf://org/name@commit`, `local://folder`, `s3://bucket/folder`.",
        bad=but(_PINNED, "hff://acme/demo-1b"),
        good=GOOD,
    )
)
PLAIN_HTTP = define(
    Rule(
        "LM502",
        "plain-http",
        Severity.WARNING,
        "A source is fetched over plain HTTP.",
        "Anyone on the way can read and change what is sent. The digest protects the files, not what is asked for.",
        "Use HTTPS where the server has it.",
        bad=but(_PINNED, "http://models.example.org/demo-1b"),
        good=but(_PINNED, "https://models.example.org/demo-1b"),
        fix="use https (unsafe)",
    )
)
UNPINNED_SOURCE = define(
    Rule(
        "LM503",
        "unpinned-source",
        Severity.WARNING,
        "An `hf://` source names no revision, or a branch.",
        "The repository moves on, and digests and sizes that were right no longer are.",
        "Pin the commit: `hf://org/name@0123456789abcdef0123456789abcdef01234567`. A tag is accepted too.",
        bad=but(_PINNED, "hf://acme/demo-1b@main"),
        good=GOOD,
    )
)

SCHEMES = ("local", "hf", "s3", "https", "http", "gs", "az", "file")
"""The schemes of sources that are known."""

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_REPOSITORY_KINDS = frozenset({"models", "datasets", "spaces"})
_BRANCHES = frozenset({"main", "master", "heads/main", "heads/master", "refs/heads/main", "refs/heads/master"})


def scheme_of(url: str) -> str | None:
    """The scheme of a URL in lower case; None where it has none."""
    match = _URL.match(url)
    return match.group(1).lower() if match else None


def sources(view: ModelView) -> Iterator[Finding]:
    """LM501, LM502 and LM503 of one model."""
    for index, url in view.sources:
        path = ("sources", "priority", index)
        scheme = scheme_of(url)
        if scheme == "hf":
            branch = unpinned(url)
            if branch is not None:
                how = f"follows the branch {plain(branch, 40)}" if branch else "is not pinned"
                yield view.finding(UNPINNED_SOURCE, path, f"{plain(url)} {how}; write a commit behind @")
        elif scheme == "http":
            better = "https" + url[4:]
            where = ("models", view.model_id, *path)
            fix = None
            if better not in [other for _, other in view.sources]:
                fix = SetValue(f"use {plain(better)}", where, better, safe=False)
            yield view.finding(PLAIN_HTTP, path, f"{plain(url)} is fetched without encryption", fix=fix)
        elif scheme not in SCHEMES:
            known = ", ".join(SCHEMES)
            what = f"has the scheme {plain(scheme, 40)}" if scheme else "has no scheme"
            yield view.finding(SOURCE_SCHEME, path, f"{quoted(url)} {what}; known are {known}")


def unpinned(url: str) -> str | None:
    """The branch that an `hf://` URL follows, "" where it names no revision, None where it is pinned or tagged.

    The form is `hf://[models/|datasets/]org/name[@revision][/path]`; a slash in a revision is written `%2F`.
    """
    parts = url.partition("://")[2].partition("?")[0].split("/")
    if parts[0] in _REPOSITORY_KINDS:
        parts = parts[1:]
    # An old repository has a name alone, `hf://gpt2@commit`; its revision ends the first part.
    repository = parts[0] if "@" in parts[0] else "/".join(parts[:2])
    revision = repository.partition("@")[2]
    if revision == "refs" and len(parts) > 2:
        revision = "/".join(parts[1:]).partition("@")[2]
    revision = revision.replace("%2F", "/").replace("%2f", "/")
    if not revision:
        return ""
    return revision if revision in _BRANCHES else None
