"""LM201–LM203, LM213, LM214: do the keys of a model agree with each other?"""

from __future__ import annotations

from collections.abc import Iterator

from loadmaster.checks.diagnostic import Finding, Fix, Severity
from loadmaster.checks.examples import GOOD, WITH_DEFAULTS, but
from loadmaster.checks.fixes import DropRepeats, SetValue
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.view import ModelView, Path
from loadmaster.checks.wording import listed, plain, quoted
from loadmaster.manifest.model_id import split_model_id
from loadmaster.manifest.words import nearest
from loadmaster.vram.figures import resolution_of
from loadmaster.vram.precisions import bytes_per_weight

DEFAULT_VARIANT = define(
    Rule(
        "LM201",
        "default-variant",
        Severity.ERROR,
        "`default_variant` is not one of `variants`.",
        "Who asks for the model without a variant is given one that does not exist.",
        "Name one of the variants, or add the missing one to them.",
        bad=but('["fp16", "bf16"]', '["bf16"]'),
        good=GOOD,
        refuses=True,
        fix="set it (unsafe unless one is left)",
    )
)
VERSION_MISMATCH = define(
    Rule(
        "LM202",
        "version-mismatch",
        Severity.ERROR,
        "`version` is not the version of the id.",
        "The id wins, so what `version` says is believed by people only.",
        "Set `version` to that of the id; for a new version rename the model.",
        bad=but('version = "1.0.0"', 'version = "1.1.0"'),
        good=GOOD,
        fix="set it",
    )
)
PRECISION_NOT_A_VARIANT = define(
    Rule(
        "LM203",
        "precision-not-a-variant",
        Severity.INFO,
        "`defaults.precision` is not one of `variants`.",
        "Weights are computed with in a precision that none of the builds is stored in: they are converted at each"
        " load."
        " Where a variant is quantised that is as it should be, and nothing is said.",
        "Set `precision` to one of the variants, unless the conversion is meant.",
        bad=but('precision = "fp16"', 'precision = "fp32"', WITH_DEFAULTS),
        good=WITH_DEFAULTS,
    )
)
REPEATED_ITEM = define(
    Rule(
        "LM213",
        "repeated-item",
        Severity.WARNING,
        "A variant, a source or a pattern is listed twice.",
        "The second one does nothing. Perhaps it was to be changed after it was copied.",
        "Drop the second, or write what was meant.",
        bad=but('["fp16", "bf16"]', '["fp16", "bf16", "fp16"]'),
        good=GOOD,
        fix="drop it",
    )
)
RESOLUTION_CAP = define(
    Rule(
        "LM214",
        "resolution-cap",
        Severity.WARNING,
        "A resolution cap is not of the form `720p` or `720p24`.",
        "The cap names the largest output by its height, and optionally frames per second; another form is not"
        " understood.",
        "Write the height and `p`, and the frames per second behind it where they count.",
        bad=but("optional_components = []", 'resolution_caps = ["1280x720"]'),
        good=but("optional_components = []", 'resolution_caps = ["720p24"]'),
    )
)

_SMALLEST_UNQUANTISED = 2
"""Bytes per weight of fp16 and bf16."""
_LISTS: tuple[tuple[Path, str], ...] = (
    (("variants",), "variant"),
    (("sources", "priority"), "source"),
    (("allow_patterns",), "pattern"),
)


def consistency(view: ModelView) -> Iterator[Finding]:
    """LM201, LM202, LM203, LM213 and LM214 of one model."""
    variants = [name for _, name in view.strings("variants")]
    default = view.string("default_variant")
    if default is not None and default not in variants and _all_known(view, variants):
        yield _default_variant(view, default, variants)
    yield from _version(view)
    precision = view.table("defaults").get("precision")
    if isinstance(precision, str) and precision and precision not in variants:
        yield from _precision(view, precision, variants)
    for path, word in _LISTS:
        yield from _repeated(view, path, word)
    for index, cap in view.strings("resolution_caps"):
        if resolution_of(cap) is None:
            message = f"resolution_caps: {quoted(cap)} is not of the form 720p or 720p24"
            yield view.finding(RESOLUTION_CAP, ("resolution_caps", index), message)


def _all_known(view: ModelView, variants: list[str]) -> bool:
    """Whether the list of variants can be relied on: it is there, and each of its items is a string."""
    items = view.data.get("variants")
    return isinstance(items, list) and bool(items) and len(items) == len(variants)


def _default_variant(view: ModelView, default: str, variants: list[str]) -> Finding:
    choices = list(dict.fromkeys(variants))
    likely = choices[0] if len(choices) == 1 else nearest(default, choices)
    fix: Fix | None = None
    hint = ""
    if likely is not None:
        path = ("models", view.model_id, "default_variant")
        fix = SetValue(f"set default_variant to {plain(likely)}", path, likely, safe=len(choices) == 1)
        hint = f"; {plain(likely)} is the nearest" if len(choices) > 1 else ""
    of = listed([plain(name, 40) for name in choices])
    message = f"default_variant {plain(default, 40)} is not one of variants ({of}){hint}"
    return view.finding(DEFAULT_VARIANT, ("default_variant",), message, fix=fix)


def _version(view: ModelView) -> Iterator[Finding]:
    version = view.string("version")
    parts = split_model_id(view.model_id)
    if version is not None and parts is not None and version != parts[1]:
        fix = SetValue(f"set version to {parts[1]}", ("models", view.model_id, "version"), parts[1])
        message = f"version is {plain(version, 40)}, the id says {parts[1]}"
        yield view.finding(VERSION_MISMATCH, ("version",), message, fix=fix)


def _bare(name: str) -> str:
    return name.lower().removesuffix("-dev")


def _precision(view: ModelView, precision: str, variants: list[str]) -> Iterator[Finding]:
    if not variants or _bare(precision) in {_bare(name) for name in variants}:
        return
    sizes = [bytes_per_weight(name) for name in variants]
    if any(size is not None and size < _SMALLEST_UNQUANTISED for size in sizes):
        return
    of = listed([plain(name, 40) for name in variants])
    message = f"precision {plain(precision, 40)} is not one of this model's variants ({of})"
    yield view.finding(PRECISION_NOT_A_VARIANT, ("defaults", "precision"), message)


def _repeated(view: ModelView, path: Path, word: str) -> Iterator[Finding]:
    items = view.strings(str(path[0])) if len(path) == 1 else view.sources
    if len({item for _, item in items}) == len(items):
        return
    where = ("models", view.model_id, *path)
    first: dict[str, int] = {}
    told: set[str] = set()
    for index, item in items:
        if item not in first:
            first[item] = index
        elif item not in told:
            told.add(item)
            fix = DropRepeats(f"drop the second {plain(item, 60)}", where, item)
            message = f"the {word} {quoted(item)} is listed twice"
            yield view.finding(REPEATED_ITEM, (*path, index), message, fix=fix, mark=f"{path[-1]} {plain(item)}")
