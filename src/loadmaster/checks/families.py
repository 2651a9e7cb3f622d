"""The families of rules that look at one model alone, in the order in which they speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from loadmaster.checks import components, consistency, digests, paths, security, shape, shards, sources, vram
from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.invisible import INVISIBLE, walk_invisible
from loadmaster.checks.view import ModelView


def _invisible(view: ModelView) -> Iterator[Finding]:
    if view.visible or view.trial:
        return
    for path, is_key, message in walk_invisible(view.data):
        yield view.finding(INVISIBLE, path, message, what="key" if is_key else "value")


FAMILIES: tuple[Callable[[ModelView], Iterator[Finding]], ...] = (
    _invisible,
    shape.shape,
    consistency.consistency,
    components.components,
    shards.shards,
    paths.paths,
    digests.digests,
    sources.sources,
    vram.vram,
    security.security,
)


def model_findings(view: ModelView) -> list[Finding]:
    """All that the rules say of one model by itself."""
    found: list[Finding] = []
    for family in FAMILIES:
        found.extend(family(view))
    return found
