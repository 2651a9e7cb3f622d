"""Random manifests: every way to spell one that people have been seen to use, and some that nobody would."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from random import Random
from typing import Any

from .random_values import Spelling

IDS = ("t2v-A14B@2.2.0", "ti2v-5B@2.2.0", "vae@1.0.0", "i2v_x@0.1.0", "a@10.0.3")
COMPONENTS = ("unet", "unet", "vae", "text_encoder", "config", None)
MODEL_KEYS = (
    "description",
    "version",
    "variants",
    "default_variant",
    "resolution_caps",
    "required_components",
    "lora_required",
    "allow_patterns",
    "x_note",
    "an odd key",
    "x_list",
)
SUB_TABLES = {
    "defaults": ("fps", "frames", "scheduler", "precision", "guidance_scale"),
    "vram_estimation": ("params_billion", "family_size", "base_vram_gb"),
    "sources": ("priority", "x_mirror"),
}
LISTS = {"variants", "resolution_caps", "required_components", "allow_patterns", "priority"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A text that `tomllib` reads, and whether every spelling in it is ordinary."""

    text: str
    is_ordinary: bool

    @property
    def data(self) -> dict[str, Any]:
        return tomllib.loads(self.text.removeprefix("\ufeff"))


@dataclass(slots=True)
class _Chunk:
    """A table, or a file with its sub-tables: lines that stay together when tables are put out of order."""

    lines: list[str]
    model: int
    is_file: bool = False
    tails: list[list[str]] = field(default_factory=list)


class _Maker(Spelling):
    def __init__(self, rng: Random) -> None:
        super().__init__(rng)
        self.models = rng.choice(("models", "models", "models", "models", '"models"', "'models'", '"mod\\u0065ls"'))
        self.indent = rng.choice(("", "", "", "  ", "\t"))
        self.pad = " " if self.maybe(0.1) else ""
        self.dot = " . " if self.maybe(0.1) else "."

    # Keys and headers

    def key(self, name: str) -> str:
        if not name.replace("_", "").isalnum() or self.maybe(0.04):
            return f"'{name}'" if self.maybe(0.3) else f'"{name}"'
        return name

    def model_key(self, model_id: str) -> str:
        kind = self.rng.random()
        if kind < 0.1:
            return '"' + model_id.replace("@", "\\u0040") + '"'
        return f"'{model_id}'" if (kind < 0.2) != self.literal else f'"{model_id}"'

    def header(self, parts: list[str], is_array: bool = False, indent: str = "") -> list[str]:
        pad = " " if self.maybe(0.05) else self.pad
        left, right = ("[[", "]]") if is_array else ("[", "]")
        line = f"{indent}{left}{pad}{self.dot.join(parts)}{pad}{right}{self.trailing()}"
        return [*self.block(indent), line]

    # The keys of a table

    def body(self, pairs: list[tuple[str, str]], indent: str = "") -> list[str]:
        """Pairs with blank lines and comments about them; a value of several lines is one entry."""
        lines: list[str] = []
        width = max((len(key) for key, _ in pairs), default=0) if self.aligned else 0
        equals = "=" if self.tight else " = "
        for key, value in pairs:
            if self.maybe(self.comments / 3):
                lines += ["", indent + self.comment(), ""]
            elif self.maybe(0.08):
                lines.append("")
            lines += self.block(indent)
            between = f"{key:<{width}}{equals}" if self.aligned else f"{key}{equals}"
            lines.append(indent + between + value + self.trailing())
        return lines

    def tail(self) -> list[str]:
        """What parts a table from the next: a footer, blank lines, comments behind them."""
        lines = self.block() if self.maybe(0.2) else []
        gap = self.gap if self.maybe(0.9) else self.rng.randrange(3)
        lines += [""] * gap
        if self.maybe(self.comments / 2):
            lines += [*([""] if not gap else []), self.comment(), "", *([""] if self.maybe(0.2) else [])]
        return lines

    def value(self, name: str, indent: str = "") -> str:
        if name in LISTS:
            count = self.rng.randrange(5)
            return self.array([self.string() for _ in range(count)], indent)
        if name == "x_note" and self.maybe(0.5):
            return self.long_string()
        if name.startswith("x_") or name == "an odd key":
            kind = self.rng.randrange(4)
            if kind == 0:
                return self.array([self.array(["1", "2"], indent + "  "), "[]", self.scalar()], indent)
            if kind == 1:
                return self.inline([("a", self.scalar_on_line()), ("b", self.array(["1", "2"], indent))])
            if kind == 2:
                return self.array([self.inline([("url", self.string())]) for _ in range(self.rng.randrange(3))], indent)
        return self.scalar()

    def scalar_on_line(self) -> str:
        return self.string() if self.maybe(0.5) else self.rng.choice(("1", "2.5", "true"))

    def picked(self, names: tuple[str, ...], most: int) -> list[str]:
        return self.rng.sample(names, self.rng.randrange(1, min(most, len(names)) + 1))

    def pairs(self, names: list[str], indent: str = "") -> list[tuple[str, str]]:
        return [(self.key(name), self.value(name, indent)) for name in names]

    # Models

    def file_pairs(self) -> list[tuple[str, str]]:
        number = self.rng.randrange(100)
        pairs = [("path", self.string(f"unet/model-{number:05d}.safetensors")), ("size", str(number * 1000))]
        component = self.rng.choice(COMPONENTS)
        if component:
            pairs.append(("component", f'"{component}"'))
        if self.maybe(0.2):
            pairs.append(("optional", "true"))
        return pairs

    def model(self, number: int) -> list[_Chunk]:
        model_id = IDS[number]
        spelled = self.model_key(model_id)
        prefix = [self.models, spelled]
        main = self.pairs(self.picked(MODEL_KEYS, 6))
        chunks: list[_Chunk] = []
        for name, keys in SUB_TABLES.items():
            kind = self.rng.random()
            own = self.pairs(self.picked(keys, 4), self.indent)
            if kind < 0.4:
                parts = [*prefix, self.key(name)]
                lines = [*self.header(parts, indent=self.indent), *self.body(own, self.indent), *self.tail()]
                chunks.append(_Chunk(lines, number))
                if self.maybe(0.15):
                    deeper = [
                        *self.header([*parts, "more"], indent=self.indent),
                        *self.body([("deep", "1")]),
                        *self.tail(),
                    ]
                    chunks.append(_Chunk(deeper, number))
            elif kind < 0.55:
                main += [(f"{self.key(name)}{self.dot}{key}", value) for key, value in own]
            elif kind < 0.7:
                main.append((self.key(name), self.inline([(key, self.scalar_on_line()) for key, _ in own])))
        if self.maybe(0.1):
            deep = self.header([*prefix, "extra", self.key("in it")], indent=self.indent)
            chunks.append(_Chunk([*deep, *self.body(self.pairs(["x_note"])), *self.tail()], number))
        chunks += self.files(prefix, main, number)
        if self.maybe(0.2):
            self.rng.shuffle(main)  # dotted keys of one table stand apart
        if self.maybe(0.85) or not chunks:
            lines = [*self.header([self.models, self.model_key(model_id)]), *self.body(main), *self.tail()]
            chunks.insert(0 if self.maybe(0.8) else self.rng.randrange(len(chunks) + 1), _Chunk(lines, number))
        return chunks

    def files(self, prefix: list[str], main: list[tuple[str, str]], number: int) -> list[_Chunk]:
        kind = self.rng.random()
        count = self.rng.randrange(1, 6)
        if kind < 0.1:
            return []
        if kind < 0.2:
            main.append(("files", self.array([self.inline(self.file_pairs()) for _ in range(count)])))
            return []
        indent = self.indent if self.maybe(0.3) else ""
        chunks = []
        headed = self.maybe(0.4)
        for position in range(count):
            parts = [*prefix, "files"]
            header = self.header(parts, True, indent)
            if headed:  # a comment heads a run of files, the others have none
                header = ([indent + self.comment()] if position % 3 == 0 else []) + header[-1:]
            lines = [*header, *self.body(self.file_pairs(), indent), *self.tail()]
            if self.maybe(0.06):
                sub = self.header([*parts, "meta"], indent=indent)
                lines += [*sub, *self.body([("etag", '"x"')], indent), *self.tail()]
            if self.maybe(0.06):
                for part in range(2):
                    sub = self.header([*parts, "parts"], True, indent)
                    lines += [*sub, *self.body([("number", str(part))], indent), *self.tail()]
            chunks.append(_Chunk(lines, number, is_file=True))
        return chunks

    # The whole

    def root(self) -> tuple[list[str], list[_Chunk]]:
        pairs = [("schema_version", "1")] if self.maybe(0.9) else []
        chunks: list[_Chunk] = []
        if self.maybe(0.2):
            pairs.append((f"meta{self.dot}owner", self.string()))
        elif self.maybe(0.15):
            lines = [*self.header(["meta"]), *self.body([("owner", self.string()), ("tags", self.array(["1"]))])]
            chunks.append(_Chunk([*lines, *self.tail()], -1))
        if self.maybe(0.15):
            for _ in range(2):
                lines = [*self.header(["notices"], True), *self.body([("text", self.string())]), *self.tail()]
                chunks.append(_Chunk(lines, -1))
        if self.maybe(0.1):
            lines = self.header(["tool", self.key("x y")])
            chunks.append(_Chunk([*lines, *self.body(self.pairs(["x_note", "x_list"])), *self.tail()], -1))
        if self.maybe(0.1):
            chunks.append(_Chunk([*self.header([self.models]), *self.tail()], -1))
        top = [self.comment(), *([""] if self.maybe(0.6) else [])] if self.maybe(self.comments) else []
        return [*top, *self.body(pairs), *self.tail()], chunks

    def odd_models(self) -> list[str]:
        """Models that have no tables of their own."""
        self.odd = True
        first, second = self.model_key(IDS[0]), self.model_key(IDS[1])
        kind = self.rng.randrange(4)

        def one() -> list[tuple[str, str]]:
            return [("version", '"1.0.0"'), ("variants", self.array(["'fp16'"]))]

        if kind == 0:
            return self.body([(f"{self.models}{self.dot}{first}{self.dot}{key}", value) for key, value in one()])
        if kind == 1:
            return self.body([(self.models, self.inline([(first, self.inline(one())), (second, self.inline([]))]))])
        if kind == 2:
            inner = self.inline([(f"{first}.version", "'1'"), (f"{first}.defaults.fps", "24"), (second, "{}")])
            return self.body([(self.models, inner)])
        table = [(first, self.inline(one())), (f"{second}.version", "'1'"), (f"{second}.defaults.fps", "24")]
        lines = [*self.header([self.models]), *self.body(table), *self.tail()]
        third = self.header([self.models, self.model_key(IDS[2])])
        return [*lines, *third, *self.body(one())] if self.maybe(0.5) else lines

    def lines(self) -> list[str]:
        lines, chunks = self.root()
        if self.maybe(0.05):
            return [*lines, *self.odd_models()]
        for number in range(self.rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 4))):
            chunks += self.model(number)
        self._scatter(chunks)
        for chunk in chunks:
            lines += chunk.lines
        if self.maybe(0.2):
            lines += ["", self.comment()]
        return lines

    def _scatter(self, chunks: list[_Chunk]) -> None:
        """Put some tables out of order; the last of `[[files]]` before a sub-table stays the one it belongs to."""
        if chunks and self.maybe(0.3):
            for _ in range(self.rng.randrange(1, 4)):
                chunk = chunks.pop(self.rng.randrange(len(chunks)))
                chunks.insert(self.rng.randrange(len(chunks) + 1), chunk)

    def manifest(self) -> Manifest:
        lines = self.lines()
        if self.maybe(0.1):
            lines = [line or self.rng.choice(("", "  ", "\t")) for line in lines]
        newline = "\r\n" if self.maybe(0.2) else "\n"
        text = "\n".join(lines)
        if not self.maybe(0.15):
            text += "\n"
        elif self.maybe(0.5):
            text = text.rstrip("\n")
        if self.maybe(0.1):
            text += "\n" * self.rng.randrange(3)
        text = text.replace("\n", newline)
        if newline == "\r\n" and self.maybe(0.1):
            self.odd = True  # mixed: one line ends as on other systems
            text = text.replace("\r\n", "\n", 1)
        if self.maybe(0.1):
            text = "\ufeff" + text
        return Manifest(text, not self.odd)


def random_manifest(rng: Random) -> Manifest:
    """A manifest that `tomllib` can read, its byte-order mark aside."""
    return _Maker(rng).manifest()
