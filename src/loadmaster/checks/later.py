"""LM8xx and LM9xx: what `verify` finds on disk and `--online` at the source. Here are their pages only."""

from __future__ import annotations

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.rule import Rule, define


def _later(
    code: str, name: str, severity: Severity, words: tuple[str, str, str], situations: tuple[str, str], fix: str
) -> Rule:
    summary, why, mend = words
    bad, good = situations
    return define(Rule(code, name, severity, summary, why, mend, bad, good, fix=fix, offline=False))


_DISK = "take the disk's value"
_SOURCE = "take the source's value"

ABSENT_FILE = _later(
    "LM801",
    "file-missing",
    Severity.ERROR,
    (
        "A listed file is not on disk.",
        "The model is incomplete and will not load.",
        "Download it, or mark it `optional` where the model works without it.",
    ),
    (
        "vae/model.safetensors is listed; the folder vae is empty.",
        "Every file that is not optional lies in the folder.",
    ),
    "",
)
SIZE_DIFFERS = _later(
    "LM802",
    "size-differs",
    Severity.ERROR,
    (
        "A file on disk has another size than the manifest says.",
        "The download broke off, the file was replaced, or the manifest was written by hand.",
        "Download the file again; where the disk is right, take its size and digest.",
    ),
    ("size = 2147511568, and the file has 1,073,741,824 bytes.", "Both are 2,147,511,568 bytes."),
    _DISK,
)
DIGEST_DIFFERS = _later(
    "LM803",
    "digest-differs",
    Severity.ERROR,
    (
        "A file on disk has another digest than the manifest says.",
        "Its bytes are not those that were meant: damaged, replaced, or of another revision.",
        "Download the file again; where the disk is right, take its digest.",
    ),
    ("The size is right, the SHA-256 of the bytes is another.", "The SHA-256 of the bytes is that of the manifest."),
    _DISK,
)
POINTER_ON_DISK = _later(
    "LM804",
    "pointer-on-disk",
    Severity.ERROR,
    (
        "A Git LFS pointer lies where the weights should.",
        "The repository was cloned without LFS: the file is a note of some 130 bytes that says where the weights are.",
        "Run `git lfs pull`, or download the file from the Hub.",
    ),
    ("model.safetensors begins with «version https://git-lfs…».", "model.safetensors holds the weights."),
    "",
)
UNLISTED_FILE = _later(
    "LM805",
    "unlisted-file",
    Severity.INFO,
    (
        "A file lies in the model's folder and is not in the manifest.",
        "Nobody verifies it, and a clean-up may remove it.",
        "Add it to the manifest, or remove it.",
    ),
    ("The folder holds README.md, the manifest does not list it.", "All files of the folder are listed."),
    "",
)
HEADER_DISAGREES = _later(
    "LM806",
    "header-disagrees",
    Severity.ERROR,
    (
        "The header of a safetensors file, or the index of a shard set, does not agree with the files.",
        "The index names tensors or shards that are not there, so loading stops midway.",
        "Download the set again, all of one revision.",
    ),
    ("The index names a shard 4 of 4; three lie in the folder.", "The index names the shards that lie there."),
    "",
)
REPOSITORY_GONE = _later(
    "LM901",
    "repository-gone",
    Severity.ERROR,
    (
        "The repository of a source is gone, private, needs a login, or has no such revision.",
        "Nobody without access can download the model. The Hub answers alike in all three cases.",
        "Name a repository that is there, or set `HF_TOKEN` where you have access.",
    ),
    ("hf://acme/demo-1b answers 401.", "hf://acme/demo-1b answers with its files."),
    "",
)
MISSING_AT_SOURCE = _later(
    "LM902",
    "file-missing-at-source",
    Severity.ERROR,
    (
        "A listed file is not at the source.",
        "It was renamed or removed there, or never was: a download stops at it.",
        "Correct the path, or pin a revision that has the file.",
    ),
    (
        "The repository has model-00001-of-00002.safetensors, not model.safetensors.",
        "The repository has every listed file.",
    ),
    "",
)
DIFFERS_AT_SOURCE = _later(
    "LM903",
    "differs-at-source",
    Severity.ERROR,
    (
        "Size or digest of a file differ at the source.",
        "What is downloaded fails its verification.",
        "Take the source's values and pin the commit, or pin the commit that the values are of.",
    ),
    ("The source gives another SHA-256 for config.json.", "Sizes and digests are those of the source."),
    _SOURCE,
)
REVISION_MOVED = _later(
    "LM904",
    "revision-moved",
    Severity.WARNING,
    (
        "The branch or tag that a source names has moved on.",
        "Tomorrow's download is another model than yesterday's.",
        "Pin the commit that the manifest's digests are of.",
    ),
    ("main was at 0123456 when the digests were taken and is at 89abcde.", "The source names a commit."),
    _SOURCE,
)
