"""What was seen of a model's files on disk, file by file, as plain values.

An observation judges nothing: which of them is a fault, of what severity and in what words, is for `checks` to say.
`path` is the path as the manifest lists it, relative to the model's folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MissingReason(StrEnum):
    """Why a listed file is not there."""

    FILE = "file"
    FOLDER = "folder"


class HeaderReason(StrEnum):
    """In what a header or an index does not agree."""

    UNREADABLE = "unreadable"
    """The header or the index cannot be read as one; `detail` is the sentence."""
    CONTRADICTS_FILE = "contradicts-file"
    """Offsets or shapes do not fit the file; `detail` is the sentence."""
    SHARD_NOT_LISTED = "shard-not-listed"
    """The index names a shard that the manifest does not list; `detail` is its path."""
    TENSORS_NOT_IN_SHARD = "tensors-not-in-shard"
    """The index puts tensors into this shard that it does not hold; `detail` names one, `count` says how many."""
    TENSORS_NOT_IN_INDEX = "tensors-not-in-index"
    """The shard holds tensors that the index does not put there; `detail` names one, `count` says how many."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The file is as the manifest says. `cached` tells that its digest was known and it was not read again."""

    model_id: str
    path: str
    sha256: str
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """No file is there. An optional one may be absent without harm.

    `looked_in` is the folder in which it was sought. With the reason `folder` the model's whole folder is absent.
    """

    model_id: str
    path: str
    looked_in: str
    reason: MissingReason = MissingReason.FILE
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something is there that cannot be read or must not be: a folder, a link that leaves the root, no permission.

    `reason` goes on after the path: "is a link that leaves the root".
    """

    model_id: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SizeDiffers:
    """Sizes in bytes. The digest was not computed: it cannot agree.

    `size_of` is another file of the model that is listed with the size found, a hint at a mix-up, or None.
    """

    model_id: str
    path: str
    listed: int
    found: int
    size_of: str | None = None


@dataclass(frozen=True, slots=True)
class DigestDiffers:
    """The size agrees and the sha256 does not. `bytes_of` is another listed file whose digest was found, or None."""

    model_id: str
    path: str
    listed: str
    found: str
    bytes_of: str | None = None


@dataclass(frozen=True, slots=True)
class PointerLies:
    """A Git LFS pointer lies in the file's place. `agrees`: what it promises is what the manifest lists."""

    model_id: str
    path: str
    promised_sha256: str
    promised_size: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A file in the model's folder that no entry names. `wanted`: one of `allow_patterns` takes it."""

    model_id: str
    path: str
    size: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class HeaderDisagrees:
    """A file whose size and digest are as listed, but whose header or index is at odds with the rest.

    `path` is the file at fault; `against` the index or shard that says otherwise, where there is one.
    """

    model_id: str
    path: str
    reason: HeaderReason
    detail: str
    against: str | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class ParametersDiffer:
    """The headers count other parameters than `params_billion` declares; both in 10^9. A hint, not proof.

    `counted` is the count of the set of files that comes nearest, `component` the component it belongs to.
    """

    model_id: str
    declared: float
    counted: float
    component: str | None


@dataclass(frozen=True, slots=True)
class PrecisionDiffers:
    """Most parameters of the main component are stored in a type that is none of the variants'. Advice at most:
    published fp32 weights are often run as bf16."""

    model_id: str
    stored: str
    variants: tuple[str, ...]
    component: str | None


Observation = (
    Sound
    | Missing
    | Unreadable
    | SizeDiffers
    | DigestDiffers
    | PointerLies
    | Unlisted
    | HeaderDisagrees
    | ParametersDiffer
    | PrecisionDiffers
)


def is_sound(observation: Observation) -> bool:
    """Whether all is as it should be: the file agrees, or it is optional and absent."""
    return isinstance(observation, Sound) or (isinstance(observation, Missing) and observation.optional)
