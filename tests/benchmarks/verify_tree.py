"""What `verify` finds in a tree of twenty models with planted faults, what a second run costs, and what `fill` mends.

Run it by hand from the top of the checkout: `python -m tests.benchmarks.verify_tree [FOLDER] [--gigabytes 2]`. The tree
is written into FOLDER (default: a temporary one) with holes for its data, and removed afterwards.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.planted_tree import PlantedTree, invented, make_tree, plant

from loadmaster.checks.engine import check
from loadmaster.document.document import Document
from loadmaster.weights.cache import DigestCache
from loadmaster.weights.observation import is_sound
from loadmaster.weights.observe import Where, verify_models
from loadmaster.weights.partial_spec import partial_spec

MODELS = 20


def run(place: Path, *arguments: str) -> tuple[int, str, float]:
    """What a command answered and printed, and how long it took."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(place / "cache")}
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "loadmaster", *arguments], capture_output=True, text=True, check=False, env=environment
    )
    return done.returncode, done.stdout, time.perf_counter() - start


def faults(place: Path, manifest: Path, tree: PlantedTree) -> tuple[set[tuple[str, str, str]], float]:
    """What `verify` tells, as rule, model and path, and how long it took."""
    _, told, seconds = run(place, "verify", str(manifest), "--root", str(tree.root), "--json")
    found = set()
    for one in json.loads(told)["diagnostics"]:
        entry = Document.from_text(manifest.read_text(encoding="utf-8")).get(tuple(one["path"][:4]))
        path = entry["path"] if isinstance(entry, dict) and "path" in entry else ""
        if one["code"] == "LM805":
            path = one["message"].partition(" (")[0]
        found.add((one["code"], one["path"][1], path))
    return found, seconds


def measure_reading(tree: PlantedTree, place: Path) -> None:
    """Prints what the verification itself costs, without the start of a process: anew, and a second time."""
    document = Document.from_text(tree.manifest)
    specs = [partial_spec(model_id, document.model_data(model_id)) for model_id in document.model_ids]
    times = []
    for _ in range(3):
        with DigestCache(place / "digests.sqlite") as cache:
            start = time.perf_counter()
            seen = list(verify_models(specs, Where(tree.root), cache=cache))
            times.append(time.perf_counter() - start)
        assert all(is_sound(one) for one in seen), "the tree is true"
    again = min(times[1:])
    print(f"verification of {len(seen)} files: first {times[0]:.3f} s, again {again:.4f} s: {times[0] / again:.0f} x")


def fill_all(place: Path, tree: PlantedTree) -> None:
    """Prints what `fill` makes of a manifest whose digests and sizes are all invented."""
    manifest = place / "invented.toml"
    before = invented(tree.manifest)
    manifest.write_text(before, encoding="utf-8")
    bad = [one.code for one in check(Document.from_text(before)) if one.code.startswith("LM40")]
    for model_id in tree.model_ids:
        code, _, _ = run(place, "fill", str(manifest), model_id, "--from", str(tree.folder(model_id)), "--yes")
        assert code == 0, model_id
    after = manifest.read_text(encoding="utf-8")
    left = [one.code for one in check(Document.from_text(after)) if one.code.startswith("LM40")]
    print(f"LM40x before fill: {len(bad)}, after: {len(left)}")
    changed = {line[1:].split(" = ")[0] for line in differing(before, after)}
    print(f"keys that fill touched: {sorted(changed)}; the text is the true one: {after == tree.manifest}")
    found, _ = faults(place, manifest, tree)
    print(f"verify after fill finds: {sorted(found)}")


def differing(before: str, after: str) -> list[str]:
    """The lines that a difference takes out or puts in."""
    lines = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm=""))[2:]
    return [line for line in lines if line[0] in "+-"]


def main() -> None:
    """Makes the tree, measures and prints."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--gigabytes", type=float, default=2.0)
    given = arguments.parse_args()
    place = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        tree = make_tree(place / "models", MODELS, int(given.gigabytes * 1e9))
        measure_reading(tree, place)
        fill_all(place, tree)
        planted = plant(tree)
        manifest = place / "models.toml"
        manifest.write_text(tree.manifest, encoding="utf-8")
        shutil.rmtree(place / "cache")
        found, first = faults(place, manifest, tree)
        _, second = faults(place, manifest, tree)
        wanted = {(one.code, one.model_id, one.path) for one in planted}
        print(f"planted {len(wanted)}, found {len(found)}, not found {wanted - found}, too many {found - wanted}")
        print(f"the command with what it starts: {first:.2f} s, again {second:.2f} s")
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
