"""What git knows of a manifest: its text at the merge base with another revision. The only module that runs git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from loadmaster.document.document import Document
from loadmaster.errors import LoadmasterError


class RevisionError(LoadmasterError):
    """Git cannot tell; the message says what to do."""

    error_code = "REVISION_ERROR"


def document_since(file: Path, revision: str) -> Document | None:
    """The manifest in `file` as it was at the merge base of `revision` and HEAD; None where it was not there yet.

    A link is followed as it led then. Raises RevisionError, with what to do, where git is missing, `file` is in no
    repository, there is no merge base, or a link left the repository.
    """
    folder = file.absolute().parent
    prefix = _git(folder, "rev-parse", "--show-prefix")
    if prefix is None:
        raise RevisionError(f"{file} is in no git repository")
    base = merge_base(folder, revision)
    name = f"{base}:{_text(prefix)}{file.name}"
    if "\n" in name:
        blob = _git(folder, "cat-file", "blob", name)  # git is asked for others by the line
        return None if blob is None else Document.from_bytes(blob)
    told = _git(folder, "cat-file", "--batch", "--follow-symlinks", stdin=os.fsencode(name) + b"\n") or b""
    head, _, rest = told.partition(b"\n")
    if head.startswith(b"symlink "):
        link = os.fsdecode(rest).removesuffix("\n")
        raise RevisionError(f"{file} was a link out of the repository, to {link}; name the file that is meant")
    words = head.split(b" ")
    if len(words) != 3 or words[1] != b"blob":
        return None
    return Document.from_bytes(rest[: int(words[2])])


def merge_base(folder: Path, revision: str) -> str:
    """The commit from which HEAD and `revision` went apart."""
    if _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") is None:
        raise RevisionError(f"git knows no revision {revision!r} here; is it fetched?")
    base = _git(folder, "merge-base", revision, "HEAD")
    if base is None:
        raise RevisionError(
            f"{revision} and HEAD have no commit in common; a shallow clone needs its history "
            "(git fetch --unshallow, or fetch-depth: 0 in a GitHub workflow)"
        )
    return _text(base)


_TRUNKS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
MOST_NAMES = 50


def usual_revision(file: Path) -> str | None:
    """What a manifest is usually compared with: the branch that others start from, else the last commit.

    None where there is no git, or `file` is in no repository or in one without a commit.
    """
    folder = file.absolute().parent
    try:
        for name in (*_TRUNKS, "HEAD"):
            if _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}") is not None:
                return name
    except RevisionError:
        return None
    return None


def revision_names(file: Path) -> list[str]:
    """Branches and tags of the repository that `file` is in, the latest first; none where there is no git."""
    try:
        names = _git(
            file.absolute().parent,
            "for-each-ref",
            "--sort=-committerdate",
            f"--count={MOST_NAMES}",
            "--format=%(refname:short)",
            "refs/heads",
            "refs/remotes",
            "refs/tags",
        )
    except RevisionError:
        return []
    return _text(names).split("\n") if names else []


def _text(output: bytes) -> str:
    return os.fsdecode(output).rstrip("\r\n")


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes | None:
    """What git prints, told `stdin`; None where it answers with an error."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        )
    except OSError as error:
        raise RevisionError("git is needed to look at an earlier revision, and cannot be run here") from error
    return done.stdout if done.returncode == 0 else None
