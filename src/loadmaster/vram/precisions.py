"""How many bytes one weight takes, by the name of a variant.

Three families are known: plain number formats, formats whose blocks carry scales, and the block types of GGUF.
A name outside them has no figure, and nothing is guessed for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

GGUF_SOURCE = "gguf 0.19.0, gguf/constants.py, GGML_QUANT_SIZES"
PLAIN_SOURCE = "width of the number format"
BITSANDBYTES_SOURCE = "bitsandbytes, functional.get_4bit_type: blocks of 64 with one 4-byte scale"
MICROSCALING_SOURCE = "OCP Microscaling Formats 1.0: blocks of 32 with a 1-byte scale"

MIXED = "mixes block types; counted as its main one, so the file is somewhat larger"
SCALES_LEFT_OUT = "counted without its scales"


@dataclass(frozen=True, slots=True)
class Precision:
    """A way to store weights: `block` of them take `block_bytes` bytes. `note` says what the figure leaves out."""

    name: str
    block: int
    block_bytes: int
    source: str
    note: str = ""

    @property
    def bytes_per_weight(self) -> float:
        """Bytes one weight takes, with the scales of its block."""
        return self.block_bytes / self.block


# Weights in a block and bytes of the block. The package also lists whole numbers wider than a byte: no weights.
_GGUF_BLOCKS: dict[str, tuple[int, int]] = {
    "f64": (1, 8),
    "f32": (1, 4),
    "f16": (1, 2),
    "i8": (1, 1),
    "q8_0": (32, 34),
    "q8_1": (32, 40),
    "q8_k": (256, 292),
    "q6_k": (256, 210),
    "q5_0": (32, 22),
    "q5_1": (32, 24),
    "q5_k": (256, 176),
    "q4_0": (32, 18),
    "q4_1": (32, 20),
    "q4_k": (256, 144),
    "q3_k": (256, 110),
    "q2_k": (256, 84),
    "q1_0": (128, 18),
    "iq4_nl": (32, 18),
    "iq4_xs": (256, 136),
    "iq3_s": (256, 110),
    "iq3_xxs": (256, 98),
    "iq2_s": (256, 82),
    "iq2_xs": (256, 74),
    "iq2_xxs": (256, 66),
    "iq1_m": (256, 56),
    "iq1_s": (256, 50),
    "tq2_0": (256, 66),
    "tq1_0": (256, 54),
    "mxfp4": (32, 17),
    "nvfp4": (64, 36),
}

_PLAIN: dict[str, Precision] = {
    "fp32": Precision("fp32", 1, 4, PLAIN_SOURCE),
    "fp16": Precision("fp16", 1, 2, PLAIN_SOURCE),
    "bf16": Precision("bf16", 1, 2, PLAIN_SOURCE),
    "fp8": Precision("fp8", 1, 1, PLAIN_SOURCE),
    "int8": Precision("int8", 1, 1, PLAIN_SOURCE),
    "int4": Precision("int4", 2, 1, PLAIN_SOURCE, SCALES_LEFT_OUT),
    "fp4": Precision("fp4", 2, 1, PLAIN_SOURCE, SCALES_LEFT_OUT),
    "nf4": Precision("nf4", 64, 36, BITSANDBYTES_SOURCE),
    "mxfp8": Precision("mxfp8", 32, 33, MICROSCALING_SOURCE),
}

PRECISIONS: dict[str, Precision] = {
    **{name: Precision(name, block, size, GGUF_SOURCE) for name, (block, size) in _GGUF_BLOCKS.items()},
    **_PLAIN,
}
"""Every precision with a name of its own, by that name in lower case with `_` between parts."""

# Other spellings of the same format.
_ALIASES = {
    "fp64": "f64",
    "float64": "f64",
    "float32": "fp32",
    "float16": "fp16",
    "half": "fp16",
    "bfloat16": "bf16",
    "uint4": "int4",
    "mxfp4_moe": "mxfp4",
}

# Recipes of GGUF files named after no block type: the type that most of their tensors have.
_MIXES = {"iq3_xs": "iq3_s", "iq3_m": "iq3_s", "iq2_m": "iq2_s"}

_FP8 = re.compile(r"(?:fp|float)8(?:_?e[345]m[234](?:fn|fnuz|b11fnuz)?)?(?:_scaled)?\Z")
_K_MIX = re.compile(r"(q[2-6]_k)_(?:xs|s|m|l|xl)\Z")


@lru_cache(maxsize=512)
def precision_of(variant: str) -> Precision | None:
    """The precision that a variant's name stands for, or None where it is not known.

    Case and the choice of `-` or `_` do not count, a `-dev` suffix is dropped, `fp8_e4m3fn` and its like are
    `fp8`, and `Q4_K_M` is read as its main block type `Q4_K` with a note that says so.
    """
    name = variant.lower().removesuffix("-dev").replace("-", "_")
    name = _ALIASES.get(name, name)
    if name in PRECISIONS:
        return PRECISIONS[name]
    if _FP8.match(name):
        return PRECISIONS["fp8"]
    mix = _K_MIX.match(name)
    main = mix[1] if mix else _MIXES.get(name)
    if main is None:
        return None
    base = PRECISIONS[main]
    return Precision(name, base.block, base.block_bytes, base.source, MIXED)


def bytes_per_weight(variant: str) -> float | None:
    """Bytes one weight takes at this variant, or None: "unknown precision".

    >>> bytes_per_weight("BF16-dev"), bytes_per_weight("Q4_K_M"), bytes_per_weight("turbo")
    (2.0, 0.5625, None)
    """
    precision = precision_of(variant)
    return None if precision is None else precision.bytes_per_weight
