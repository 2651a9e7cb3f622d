"""Random values as data and as TOML spells them, with comments that each carry a mark of their own."""

from __future__ import annotations

import re
from random import Random
from typing import Any

MARK = re.compile(r"c\d+;")

WORDS = ("fp16", "bf16", "int8", "unet", "vae", "text_encoder", "720p24", "1080p24", "*.json", "hf://org/repo@main")
TRICKY = (
    "a # b",
    "[models.x]",
    "it's",
    'say "no"',
    "x = [",
    "{",
    "caf\u00e9",
    "back\\slash",
    "tab\there",
    "]",
    '"""',
    "",
    "\u6a21\u578b",
)
REMARKS = ("", " needed", ' [models."x@1.0.0"]', " it's [ {", ' """', " = 1", " caf\u00e9", "  ", " '''", " # again")


class Spelling:
    """How one document is written. Every choice is made anew now and then, so that neighbours differ too."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = 0
        self.literal = self.maybe(0.2)
        self.aligned = self.maybe(0.2)
        self.tight = self.maybe(0.1)
        self.gap = rng.choice((1, 1, 1, 0, 2))
        self.comments = rng.choice((0.0, 0.15, 0.4))
        self.multi_line = rng.choice((0.1, 0.5, 0.9))
        self.odd = False
        """Set once a spelling is chosen that an edit may refuse."""

    def maybe(self, chance: float) -> bool:
        return self.rng.random() < chance

    # Comments

    def comment(self) -> str:
        self.count += 1
        space = "" if self.maybe(0.1) else " "
        return f"#{space}c{self.count};{self.rng.choice(REMARKS)}"

    def block(self, indent: str = "") -> list[str]:
        """No comment line, one, or a few."""
        if not self.maybe(self.comments):
            return []
        return [indent + self.comment() for _ in range(self.rng.choice((1, 1, 1, 2, 3)))]

    def trailing(self) -> str:
        if not self.maybe(self.comments / 2):
            return ""
        return self.rng.choice((" ", "  ", "\t", "")) + self.comment()

    # Values

    def string(self, text: str | None = None) -> str:
        if text is None:
            text = self.rng.choice(TRICKY) if self.maybe(0.2) else self.rng.choice(WORDS)
        literal = not self.literal if self.maybe(0.1) else self.literal
        if literal and "'" not in text:
            return f"'{text}'"
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'

    def long_string(self) -> str:
        inner = self.rng.choice(
            (
                'first\n[models."fake@1.0.0"]\n[[also.not.one]]\npath = "x"\n',
                "# no comment\n\n  [\n",
                "one line",
                "\\\n   folded\n",
                'a "quote" ]',
            )
        )
        if "\\" not in inner and self.maybe(0.4):
            return f"'''\n{inner}'''"
        return f'"""\n{inner}"""'

    def scalar(self) -> str:
        kind = self.rng.randrange(12)
        if kind < 5:
            return self.string()
        return (
            lambda: self.rng.choice(("24", "-3", "0x1F", "1_000_000", "0o17", "8_590_000_000", "+7")),
            lambda: self.rng.choice(("7.5", "1e3", "-0.0", "inf", "nan", "14.0", "6.02e-23")),
            lambda: self.rng.choice(("true", "false")),
            lambda: self.rng.choice(("1979-05-27T07:32:00Z", "1979-05-27 07:32:00", "07:32:00", "1979-05-27")),
            lambda: self.string(),
            lambda: self.rng.choice(("1", "1.0", "true")),
            self.long_string,
        )[kind - 5]()

    def inline(self, pairs: list[tuple[str, str]]) -> str:
        pad, equals, comma = ("", "=", ",") if self.maybe(0.2) else (" ", " = ", ", ")
        if not pairs:
            return self.rng.choice(("{}", "{ }"))
        return "{" + pad + comma.join(f"{key}{equals}{value}" for key, value in pairs) + pad + "}"

    def array(self, items: list[str], indent: str = "") -> str:
        if not items:
            if self.maybe(self.comments / 2):
                return f"[ {self.comment()}\n{indent}  {self.comment()}\n{indent}]"
            return self.rng.choice(("[]", "[ ]", "[\n" + indent + "]"))
        style = self.rng.random()
        if style < self.multi_line:
            return self._lines(items, indent)
        if style > 0.95 and len(items) > 2:
            return self._packed(items, indent)
        pad, comma = (" ", ", ") if self.maybe(0.2) else ("", ",") if self.maybe(0.1) else ("", ", ")
        return f"[{pad}{comma.join(items)}{',' if self.maybe(0.2) else ''}{pad}]"

    def _lines(self, items: list[str], indent: str) -> str:
        """Every item on a line of its own, with the comments that people put there."""
        step = indent + self.rng.choice(("    ", "  ", "\t", ""))
        if self.maybe(0.08):
            return self._commas_first(items, step, indent)
        closes_behind = self.maybe(0.08)
        lines = ["[" + self.trailing()]
        for number, item in enumerate(items):
            if self.maybe(self.comments / 3):
                lines += ["", step + self.comment(), ""]
            elif self.maybe(0.05):
                lines.append("")
            lines += self.block(step)
            is_last = number == len(items) - 1
            comma = "," if not is_last or self.maybe(0.7) else ""
            lines.append(step + item + comma + ("" if is_last and closes_behind else self.trailing()))
        if closes_behind:
            self.odd = self.odd or "#" in "".join(lines)
            return "\n".join(lines) + " ]"
        if self.maybe(self.comments / 3):
            lines += ([""] if self.maybe(0.5) else []) + [step + self.comment()]
        lines.append(indent + "]")
        return "\n".join(lines)

    def _commas_first(self, items: list[str], step: str, indent: str) -> str:
        self.odd = True
        lines = ["["]
        for number, item in enumerate(items):
            lines.append(step + (", " if number else "  ") + item + self.trailing())
        return "\n".join([*lines, indent + "]"])

    def _packed(self, items: list[str], indent: str) -> str:
        """Several items on one line, perhaps with comments: which belongs to which is not plain."""
        lines = ["["]
        has_comment = False
        for number in range(0, len(items), 2):
            remark = self.trailing()
            has_comment = has_comment or bool(remark)
            lines.append(indent + "  " + ", ".join(items[number : number + 2]) + "," + remark)
        self.odd = self.odd or has_comment
        if self.maybe(0.5) and not has_comment:
            lines[-1] += " ]"
        else:
            lines.append(indent + "]")
        return "\n".join(lines)


def random_scalar(rng: Random, like: Any = None) -> Any:
    """A plain value to set; mostly of the type of `like`."""
    kinds = {bool: 0, int: 1, float: 2, str: 3}
    kind = kinds.get(type(like), 3) if rng.random() < 0.8 else rng.randrange(4)
    if kind == 0:
        return rng.random() < 0.5
    if kind == 1:
        return rng.choice((0, 1, -5, 30, 4_700_000_000, 2**53))
    if kind == 2:
        return rng.choice((0.0, 1.0, 7.25, -2.5, float("inf"), 1e100))
    return rng.choice((*WORDS, *TRICKY, "two\nlines", "\u0001", "'", "'''"))


def random_value(rng: Random, depth: int = 0) -> Any:
    """A plain value of any kind."""
    kind = rng.randrange(8) if depth < 2 else 0
    if kind < 5:
        return random_scalar(rng)
    if kind == 5:
        return [random_scalar(rng, "") for _ in range(rng.randrange(4))]
    if kind == 6:
        return random_table(rng, depth + 1)
    return [random_table(rng, depth + 1) for _ in range(rng.randrange(3))]


def random_table(rng: Random, depth: int = 1) -> dict[str, Any]:
    """A plain table."""
    names = ("fps", "frames", "scheduler", "path", "size", "component", "a key", "x.y", "optional")
    return {rng.choice(names): random_value(rng, depth) for _ in range(rng.randrange(4))}
