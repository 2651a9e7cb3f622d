"""The manifest that the rules' examples are made from: small, whole, and without a fault.

Every figure is made up but plausible: digests have no pattern, sizes are no round numbers, VRAM is above the weights.
"""

from __future__ import annotations

GOOD = """\
schema_version = 1

[models."demo-1b@1.0.0"]
description = "Demo model"
version = "1.0.0"
variants = ["fp16", "bf16"]
default_variant = "fp16"
required_components = ["config", "unet"]
optional_components = []

[[models."demo-1b@1.0.0".files]]
path = "config.json"
size = 612
sha256 = "6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a"
component = "config"

[[models."demo-1b@1.0.0".files]]
path = "unet/model.safetensors"
size = 2147511568
sha256 = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
component = "unet"

[models."demo-1b@1.0.0".sources]
priority = ["hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567"]
"""
"""A healthy manifest: no rule fires on it."""

SHARDED = """\
schema_version = 1

[models."demo-4b@1.0.0"]
variants = ["bf16"]
default_variant = "bf16"

[[models."demo-4b@1.0.0".files]]
path = "unet/model.safetensors.index.json"
size = 72865
sha256 = "bfa2337f1163e195d24151a72298daf34a620543898109be47e414c8daa5b3fe"
component = "unet"
shard_index = true

[[models."demo-4b@1.0.0".files]]
path = "unet/model-00001-of-00003.safetensors"
size = 4987202208
sha256 = "0d727438804ab6e369ee5f9a462876e99cc2385b0c5c5a6d38328e7bae5be9e9"
component = "unet"
shard_part = 1

[[models."demo-4b@1.0.0".files]]
path = "unet/model-00002-of-00003.safetensors"
size = 4987202216
sha256 = "47caccb88d292287fe0d73aae4c9ad13dcf7495e9a1b74efe1a4f7c44376dfd0"
component = "unet"
shard_part = 2

[[models."demo-4b@1.0.0".files]]
path = "unet/model-00003-of-00003.safetensors"
size = 1187202104
sha256 = "7207fa1df8a2b3830a8c594d5d56814093da140a6c09aaa709064b5048aa79be"
component = "unet"
shard_part = 3

[models."demo-4b@1.0.0".sources]
priority = ["hf://acme/demo-4b@0123456789abcdef0123456789abcdef01234567"]
"""
"""A healthy manifest with a shard set and its index."""

_MEMORY = """
[models."demo-1b@1.0.0".vram_estimation]
params_billion = 1.3
family_size = "small"
base_vram_gb = 3.0
per_frame_vram_mb = 96
"""

_DEFAULTS = """
[models."demo-1b@1.0.0".defaults]
fps = 24
frames = 16
precision = "fp16"
"""

WITH_MEMORY = GOOD + _MEMORY
"""The healthy manifest with its memory figures."""

WITH_DEFAULTS = GOOD + _DEFAULTS
"""The healthy manifest with its defaults of inference."""

_SECOND = """
[models."demo-2b@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"

[[models."demo-2b@1.0.0".files]]
path = "model.safetensors"
size = 4295022904
sha256 = "3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f"

[models."demo-2b@1.0.0".sources]
priority = ["hf://acme/demo-2b@0123456789abcdef0123456789abcdef01234567"]
"""

TWO_MODELS = GOOD + _SECOND
"""The healthy manifest with a second model."""


def but(old: str, new: str, text: str = GOOD) -> str:
    """`text` with the first `old` replaced. Raises ValueError where it is not there: an example must show its fault."""
    if old not in text:
        raise ValueError(f"the example has no {old!r}")
    return text.replace(old, new, 1)
