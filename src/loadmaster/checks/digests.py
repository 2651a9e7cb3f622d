"""LM401–LM403 and LM405–LM407: digests and sizes. Of several that speak of one file the surest speaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.fixes import SetValue
from loadmaster.checks.placeholder_digests import Sign, any_counting, placeholder_sign
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelFile, ModelView
from loadmaster.checks.wording import plain, quoted, shown
from loadmaster.vram.files import is_weight_file

_DIGEST = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
_SIZE = "size = 2147511568"

EMPTY_DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""SHA-256 of nothing."""

SHA256_FORMAT = define(
    Rule(
        "LM401",
        "sha256-format",
        Severity.ERROR,
        "`sha256` is not 64 hexadecimal digits.",
        "Nothing can be compared with it, so the file is never verified.",
        "Hash the file: `sha256sum FILE`. MD5 and SHA-1 digests cannot be turned into SHA-256.",
        bad=but(_DIGEST, "TBD-PIN-FROM-FIRST-DOWNLOAD"),
        good=GOOD,
        refuses=True,
    )
)
EMPTY = define(
    Rule(
        "LM402",
        "empty-digest",
        Severity.ERROR,
        "The digest is that of an empty file beside a size that is not 0, or the size is 0 beside another digest.",
        "Digest and size were not taken from one file: a failed download was hashed, or the size was never filled in.",
        "Take both from the real file, or from the source.",
        bad=but(_DIGEST, EMPTY_DIGEST),
        good=GOOD,
    )
)
PLACEHOLDER = define(
    Rule(
        "LM403",
        "placeholder-digest",
        Severity.ERROR,
        "The digest is invented: that of a trivial text, or typed by hand.",
        "It looks like a checksum and verifies nothing: every true download fails against it, or the check is off."
        " Found are"
        " digests of numbers, letters, common words and runs of zeros, digests that begin like one of those, those"
        " of at most"
        " six different digits, and those that count. It is an error where the text is known and its length is not"
        " `size`.",
        "Hash the file, or take the digest from the source.",
        bad=but(_DIGEST, "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"),
        good=GOOD,
        fix="hash the file",
    )
)
UPPERCASE = define(
    Rule(
        "LM405",
        "uppercase-digest",
        Severity.INFO,
        "The digest has capital digits.",
        "It means the same, but tools that compare texts see another digest, and so does `git diff`.",
        "Write it in lower case.",
        bad=but(_DIGEST, _DIGEST.upper()),
        good=GOOD,
        fix="lower it",
    )
)
ROUND_SIZE = define(
    Rule(
        "LM406",
        "round-size",
        Severity.WARNING,
        "The size of a weight file is a multiple of 10^6 or of 2^20.",
        "Weights are almost never that round: the size was estimated, and a download that is compared with it fails.",
        "Measure the file, or take the size from the source.",
        bad=but(_SIZE, "size = 2147000000"),
        good=GOOD,
    )
)
POINTER_SIZE = define(
    Rule(
        "LM407",
        "pointer-size",
        Severity.ERROR,
        "A weight file of 120 to 140 bytes: a Git LFS pointer was measured.",
        "The repository was cloned without LFS. Size and digest are those of the pointer, not of the weights.",
        "Fetch the weights with `git lfs pull`, then measure and hash them.",
        bad=but(_SIZE, "size = 134"),
        good=GOOD,
    )
)

_DIGITS = 64
_HEXADECIMAL = "0123456789abcdef"
_POINTER_SIZES = range(120, 141)
_MILLION, _MEBI = 10**6, 2**20


def digests(view: ModelView) -> Iterator[Finding]:
    """LM401, LM402, LM403, LM405, LM406 and LM407 of one model, and what LM404 compares, kept in the view.

    LM406 gives way to LM404 later, which knows all models.
    """
    files = view.files
    # Nearly no digest counts, so all of a model are asked at once; a run over the seam between two is no harm.
    counting = any_counting("".join([file.sha256 for _, file in files if file.sha256]))
    for index, file in files:
        digest, size = file.sha256, file.size
        told = size in _POINTER_SIZES and _is_weight(file)
        if told:
            yield _pointer(view, index, size)
        if digest is not None:
            if len(digest) != _DIGITS or digest.strip(_HEXADECIMAL):
                lowered = digest.lower()
                if len(digest) != _DIGITS or lowered.strip(_HEXADECIMAL):
                    yield _malformed(view, index, digest)
                    lowered = ""
                else:
                    yield _uppercase(view, index, digest)
                digest = lowered
            if digest and not told:
                finding = _untrue(view, index, size, digest, counting)
                if finding is not None:
                    told = True
                    yield finding
                elif size:
                    view.comparable.append((digest, index, size))
        if size and not told and (not size % _MILLION or not size % _MEBI) and size > 0 and _is_weight(file):
            yield _round(view, index, size)


def _is_weight(file: ModelFile) -> bool:
    return file.path is not None and is_weight_file(file.path)


def _where(index: int, key: str) -> tuple[str | int, ...]:
    return ("files", index, key)


def _pointer(view: ModelView, index: int, size: int | None) -> Finding:
    message = f"{view.label(index)}: size is {size}, that of a Git LFS pointer and not of weights"
    return view.finding(POINTER_SIZE, _where(index, "size"), message)


def _uppercase(view: ModelView, index: int, digest: str) -> Finding:
    path = ("models", view.model_id, *_where(index, "sha256"))
    fix = SetValue("write it in lower case", path, digest.lower())
    return view.finding(UPPERCASE, _where(index, "sha256"), f"{view.label(index)}: sha256 has capital digits", fix=fix)


def _untrue(view: ModelView, index: int, size: int | None, digest: str, counting: bool) -> Finding | None:
    """LM402, or else LM403."""
    if digest == EMPTY_DIGEST:
        if not size:
            return None
        message = f"{view.label(index)}: sha256 is that of an empty file, size is {shown(size)}"
        return view.finding(EMPTY, _where(index, "sha256"), message)
    if size == 0:
        message = f"{view.label(index)}: size is 0, sha256 is not that of an empty file"
        return view.finding(EMPTY, _where(index, "size"), message)
    sign = placeholder_sign(digest, counting=counting)
    return None if sign is None else _placeholder(view, index, sign, size)


def _placeholder(view: ModelView, index: int, sign: Sign, size: int | None) -> Finding:
    wrong = sign.length is not None and size is not None and sign.length != size
    tail = f", size is {shown(size)}" if wrong else ""
    message = f"{view.label(index)}: sha256 {sign.words}{tail}"
    severity = Severity.ERROR if wrong else Severity.WARNING
    return view.finding(PLACEHOLDER, _where(index, "sha256"), message, severity=severity)


def _round(view: ModelView, index: int, size: int) -> Finding:
    unit = "10^6" if not size % _MILLION else "2^20"
    message = f"{view.label(index)}: size {shown(size)} is a multiple of {unit}; weights are not that round"
    return view.finding(ROUND_SIZE, _where(index, "size"), message)


_TO_DO = re.compile(r"todo|tbd|fixme|xxx|pin|later|fill|unknown|pending|placeholder|none|null|n/?a\b|\?", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=")
_OTHER_LENGTHS = {
    32: "MD5",
    40: "SHA-1, or a git commit",
    56: "SHA-224",
    96: "SHA-384",
    128: "SHA-512",
}


def _malformed(view: ModelView, index: int, digest: str) -> Finding:
    message = f"{view.label(index)}: sha256 is {_looks(digest)}, where 64 hexadecimal digits are wanted"
    return view.finding(SHA256_FORMAT, _where(index, "sha256"), message, refuses=len(digest) != _DIGITS)


def _looks(digest: str) -> str:
    """What a text looks like that is no SHA-256."""
    text = digest.strip()
    bare = text.lower()
    if not bare.strip(_HEXADECIMAL) and bare:
        known = _OTHER_LENGTHS.get(len(bare))
        return f"{len(bare)} digits" + (f", the length of {known}" if known else "")
    for prefix in ("sha256:", "sha256-", "sha256=", "0x"):
        if bare.startswith(prefix):
            return f"{quoted(prefix, 10)} and {len(text) - len(prefix)} characters, a digest with a prefix"
    if _BASE64.fullmatch(text):
        return "a digest in base64"
    size = f"{len(digest)} character{'' if len(digest) == 1 else 's'}"
    if len(digest) == _DIGITS:
        odd = next(character for character in digest.lower() if character not in _HEXADECIMAL)
        return f"64 characters with {quoted(odd)} among them"
    if _TO_DO.search(text):
        return f"{size} of text, a note to do ({plain(text, 40)})"
    if "/" in text or "\\" in text:
        return f"a path ({plain(text, 40)})"
    return f"{size} of text ({plain(text, 40)})"
