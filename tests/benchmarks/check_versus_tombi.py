"""`loadmaster check` beside `tombi lint` with the same schema, in turn, on 100 models of 20 files without a fault.

    python tests/benchmarks/check_versus_tombi.py [--rounds 15] [--manifest FILE]

Prints the medians and their ratio, which should be no more than 1.5. Both run as processes of their own, so start-up
counts. tombi comes with `pip install --group peers`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from loadmaster.manifest.json_schema import manifest_schema

MODELS, FILES = 100, 20
TARGET = 1.5


def manifest(models: int, files: int) -> str:
    """A manifest without a fault: shard sets with their index, pinned sources, VRAM above the weights."""
    return "schema_version = 1\n\n" + "\n".join(_model(number, files) for number in range(models))


def _model(number: int, files: int) -> str:
    model_id = f"{('t2v', 'i2v', 'ti2v')[number % 3]}-{number:05d}@1.{number % 10}.0"
    header = f'models."{model_id}"'
    shards = files - 4
    listed = [("config.json", 612, "config", ""), ("vae/model.safetensors", 335_000_008, "vae", "")]
    listed += [("text_encoder/model.safetensors", 4_290_000_008, "text_encoder", "")]
    listed += [("unet/model.safetensors.index.json", 20_011, "unet", "shard_index = true\n")]
    listed += [
        (
            f"unet/model-{part:05d}-of-{shards:05d}.safetensors",
            4_900_000_008 + 8 * part,
            "unet",
            f"shard_part = {part}\n",
        )
        for part in range(1, shards + 1)
    ]
    lines = [
        f'# Model {number}\n[{header}]\ndescription = "Model {number}"\nversion = "1.{number % 10}.0"\n'
        'variants = ["bf16", "fp8"]\ndefault_variant = "bf16"\n'
        'required_components = ["config", "vae", "text_encoder", "unet"]\noptional_components = []\n'
        f'\n[{header}.defaults]\nfps = 24\nframes = 81\nprecision = "bf16"\n'
        f"\n[{header}.vram_estimation]\nparams_billion = 5.0\nbase_vram_gb = 9.9\nper_frame_vram_mb = 129\n"
    ]
    for path, size, component, more in listed:
        digest = hashlib.sha256(f"{model_id}/{path}".encode()).hexdigest()
        lines.append(
            f'[[{header}.files]]\npath = "{path}"\nsize = {size + number}\nsha256 = "{digest}"\n'
            f'component = "{component}"\n{more}'
        )
    commit = hashlib.sha1(model_id.encode()).hexdigest()
    lines.append(f'[{header}.sources]\npriority = ["local://x/{model_id}", "hf://Org/model-{number}@{commit}"]\n')
    return "\n".join(lines)


def environment(folder: Path) -> dict[str, str]:
    """This process's, with bytecode kept in `folder`: an installed package has its own."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def measured(command: list[str], folder: Path) -> float:
    """Seconds that a command takes; it must answer 0."""
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL, env=environment(folder)
    )
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} answered {done.returncode}:\n{done.stdout.decode()}{done.stderr.decode()}")
    return taken


def main() -> None:
    """Measure both in turn, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--manifest", type=Path, help="a manifest without a fault; else one is made")
    arguments = parser.parse_args()
    rounds: int = arguments.rounds
    tombi = shutil.which("tombi", path=str(Path(sys.executable).parent)) or shutil.which("tombi")
    if tombi is None:
        raise SystemExit("tombi is not installed: pip install --group peers")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = arguments.manifest is None
        text = manifest(MODELS, FILES) if made else arguments.manifest.read_text(encoding="utf-8")
        (folder / "models.toml").write_text(text, encoding="utf-8")
        (folder / "schema.json").write_text(json.dumps(manifest_schema()), encoding="utf-8")
        (folder / "tombi.toml").write_text('[[schemas]]\npath = "schema.json"\ninclude = ["models.toml"]\n')
        commands = {
            "loadmaster check": [sys.executable, "-m", "loadmaster", "check", "--strict", "models.toml"],
            "tombi lint": [tombi, "lint", "--offline", "models.toml"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                taken = measured(command, folder)
                if number:  # the first round warms the disk's cache and ours
                    times[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    what = f"{MODELS} models × {FILES} files" if made else str(arguments.manifest)
    print(f"{what}, {len(text):,} bytes, {rounds} rounds in turn, {os.cpu_count()} cores")
    for name, median in medians.items():
        print(f"{name:<17} median {median * 1000:6.0f} ms   fastest {min(times[name]) * 1000:6.0f} ms")
    ratio = medians["loadmaster check"] / medians["tombi lint"]
    print(f"ratio {ratio:.2f} (target: no more than {TARGET})")


if __name__ == "__main__":
    main()
