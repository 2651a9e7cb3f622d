"""What a manifest says, as values: files, defaults, memory figures, models.

The field names are the keys of the format. Lists are lists, as callers of the registry expect them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One file of a model: `path` relative with `/`, `size` in bytes, `sha256` in hexadecimal digits.

    `shard_index` marks the index of a sharded component; `shard_part` counts shards from 1.
    """

    path: str
    size: int
    sha256: str
    optional: bool = False
    component: str | None = None
    shard_index: bool = False
    shard_part: int | None = None


@dataclass(frozen=True, slots=True)
class VramEstimation:
    """Declared memory: parameters in 10^9, GiB before the first frame, MiB per frame and mebipixel."""

    params_billion: float = 1.0
    family_size: str = "medium"
    base_vram_gb: float = 8.0
    per_frame_vram_mb: float = 128.0


@dataclass(frozen=True, slots=True)
class ModelDefaults:
    """Defaults of inference: frames per second, frames, steps, scales; tiles in pixels, chunks in frames."""

    fps: int = 24
    frames: int = 16
    scheduler: str = "ddim"
    precision: str = "fp16"
    guidance_scale: float = 7.5
    num_inference_steps: int = 50
    image_guidance_scale: float | None = None
    text_guidance_scale: float | None = None
    vae_tile_size: int = 512
    vae_decode_chunk_size: int = 8


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model. `model_id` is the whole id, `sources` the flat list of `sources.priority`.

    `model_type` is told by the id's name (see `manifest.model_id.model_type`); the reader fills it in.
    `defaults` and `vram_estimation` are None where their tables are absent.
    """

    model_id: str
    version: str
    variants: list[str]
    default_variant: str
    files: list[FileSpec]
    sources: list[str]
    description: str = ""
    resolution_caps: list[str] = field(default_factory=list)
    required_components: list[str] = field(default_factory=list)
    optional_components: list[str] = field(default_factory=list)
    lora_required: bool = False
    allow_patterns: list[str] = field(default_factory=lambda: ["*"])
    defaults: ModelDefaults | None = None
    vram_estimation: VramEstimation | None = None
    model_type: str | None = None


@dataclass(frozen=True, slots=True)
class NormalizedModelId:
    """The parts of a reference: `model_id` is the name without the version."""

    model_id: str
    version: str
    variant: str | None = None
