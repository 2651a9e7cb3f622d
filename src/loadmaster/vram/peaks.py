"""Published peaks of graphics memory to hold the estimate against, each with its setting.

They were gathered from the tables and reports that authors and users of the models published for one GPU; none was
measured by us. Where figures were fitted to them they are given, so that the estimate can be compared; where there
are none the row stands without an estimate.
"""

from __future__ import annotations

from dataclasses import dataclass

from loadmaster.manifest.spec import ModelSpec, VramEstimation
from loadmaster.vram.estimate import VramEstimate, estimate_vram
from loadmaster.vram.figures import Size


@dataclass(frozen=True, slots=True)
class Peak:
    """A published peak in GiB at a size and frames (None where "default" is all that was said), and its setting.

    `estimation` holds the figures to estimate from, declared for bf16 weights, and `variant` the precision of the
    weights in the run. `fitted` marks rows that the figures were fitted to: they show that the formula has the right
    shape, not that it foresees. `bound` is how far (GiB) the estimate may lie from the peak where that was agreed.
    """

    model: str
    size: Size | None
    frames: int | None
    gib: float
    setting: str
    variant: str = "bf16"
    estimation: VramEstimation | None = None
    fitted: bool = False
    bound: float | None = None

    def estimate(self) -> VramEstimate | None:
        """The estimate under the same figures, or None where there are none."""
        if self.estimation is None:
            return None
        spec = ModelSpec(
            model_id=f"{self.model}@1.0.0",
            version="1.0.0",
            variants=["bf16", "fp32"],
            default_variant="bf16",
            files=[],
            sources=[],
            vram_estimation=self.estimation,
        )
        return estimate_vram(spec, self.variant, self.frames, self.size)


_A14B = VramEstimation(params_billion=14.29, family_size="large", base_vram_gb=27.1, per_frame_vram_mb=470)
_TI2V_5B = VramEstimation(params_billion=5.0, family_size="medium", base_vram_gb=9.8, per_frame_vram_mb=129)
_14B = VramEstimation(params_billion=14.29, family_size="large", base_vram_gb=27.1, per_frame_vram_mb=228)
_1_3B = VramEstimation(params_billion=1.3, family_size="small", base_vram_gb=2.92, per_frame_vram_mb=96)

PEAKS: tuple[Peak, ...] = (
    Peak("Wan2.2 T2V-A14B", (832, 480), 81, 41.3, "model offload on", "bf16", _A14B, True, 1.0),
    Peak("Wan2.2 T2V-A14B", (1280, 720), 81, 59.8, "model offload on", "bf16", _A14B, True, 2.0),
    Peak("Wan2.2 I2V-A14B", (832, 480), 81, 41.0, "model offload on", "bf16", _A14B),
    Peak("Wan2.2 I2V-A14B", (1280, 720), 81, 59.7, "model offload on", "bf16", _A14B),
    Peak("Wan2.2 TI2V-5B", (1280, 704), 121, 22.9, "offload, text encoder on the CPU", "bf16", _TI2V_5B, True),
    Peak("Wan2.2 TI2V-5B", (1280, 704), 121, 26.0, "reported by others, at VAE decode", "bf16", _TI2V_5B),
    Peak("Wan2.1 T2V-14B", (1280, 720), 81, 69.1, "weights in fp32", "fp32", _14B, True),
    Peak("Wan2.1 I2V-14B", (1280, 720), 81, 76.7, "weights in fp32; figures of T2V-14B", "fp32", _14B),
    Peak("Wan2.1 T2V-1.3B", (832, 480), 81, 8.19, "text encoder on the CPU; fp32 taken", "fp32", _1_3B, True),
    Peak("CogVideoX-5B", None, None, 33.0, "default"),
    Peak("CogVideoX-5B", None, None, 19.0, "model offload"),
    Peak("CogVideoX-5B", None, None, 11.0, "model offload and tiling"),
    Peak("ConsisID", (720, 480), 49, 37.0, "allocated"),
    Peak("ConsisID", (720, 480), 49, 44.0, "reserved"),
)
"""Every published row, also those that the estimate misses or cannot be made for."""
