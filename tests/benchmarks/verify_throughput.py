"""How fast `verify` reads, side by side with `sha256sum` run with as many processes, and what a second run costs.

Run it by hand: `python tests/benchmarks/verify_throughput.py [FOLDER] [--gigabytes 2] [--workers 2]`. It writes a tree
of twenty models into FOLDER (default: a temporary one), reads it a few times and removes it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from loadmaster.manifest.spec import FileSpec, ModelSpec
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.hashing import default_workers
from loadmaster.weights.observation import Sound
from loadmaster.weights.observe import Where, verify_models

MODELS = 20
FILES = 4
ROUNDS = 3
LONG_AGO = 1_600_000_000


def make_tree(root: Path, total: int) -> list[ModelSpec]:
    """Twenty models of four files each, `total` bytes in all, of bytes that no file system can store as holes."""
    size = total // (MODELS * FILES)
    specs = []
    for number in range(MODELS):
        model_id = f"t2v-{number:02d}@1.0.0"
        folder = root / "wan22" / model_id
        folder.mkdir(parents=True)
        files = []
        for part in range(FILES):
            content = os.urandom(1 << 20) * (size // (1 << 20) + 1)
            (folder / f"{part}.bin").write_bytes(content[:size])
            os.utime(folder / f"{part}.bin", (LONG_AGO, LONG_AGO))
            files.append(FileSpec(f"{part}.bin", size, hashlib.sha256(content[:size]).hexdigest()))
        specs.append(ModelSpec(model_id, "1.0.0", ["fp16"], "fp16", files, []))
    return specs


def best_of(action: Callable[[], None]) -> float:
    """The least of a few times, in seconds: what disturbs a measurement only ever makes it longer."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measures and prints."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--gigabytes", type=float, default=2.0)
    arguments.add_argument("--workers", type=int, default=default_workers())
    given = arguments.parse_args()
    root = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        measure(root, int(given.gigabytes * 1e9), given.workers)
    finally:
        shutil.rmtree(root)


def measure(root: Path, total: int, workers: int) -> None:
    """Prints the throughput of each way of reading the tree, and the time of a second run."""
    specs = make_tree(root, total)
    paths = [str(path) for path in sorted(root.rglob("*.bin"))]
    cache_path = root / "cache.sqlite"

    def ours(cache: DigestCache | None = None) -> None:
        seen = list(verify_models(specs, Where(root), cache=cache, workers=workers))
        assert all(isinstance(one, Sound) for one in seen), "the tree is true"
        assert len(seen) == len(paths)

    def theirs(program: list[str]) -> Callable[[], None]:
        names = "\0".join(paths).encode()
        batch = -(-len(paths) // workers // 4)
        command = ["xargs", "-0", "-P", str(workers), "-n", str(batch), *program]

        def run() -> None:
            subprocess.run(command, input=names, stdout=subprocess.DEVNULL, check=True)

        return run

    def second_run() -> None:
        with DigestCache(cache_path) as cache:
            ours(cache)

    first = best_of(ours)
    print(f"verify_models, {workers} threads      {first:7.3f} s  {total / first / 1e9:6.2f} GB/s")
    for program in (["sha256sum"], ["openssl", "dgst", "-sha256"]):
        if shutil.which(program[0]):
            seconds = best_of(theirs(program))
            label = f"{program[0]}, {workers} processes"
            print(f"{label:<28} {seconds:7.3f} s  {total / seconds / 1e9:6.2f} GB/s  verify is {seconds / first:.2f} x")
    second_run()
    again = best_of(second_run)
    print(f"verify_models, second run    {again:7.3f} s  {first / again:6.1f} x faster than the first")


if __name__ == "__main__":
    main()
