"""TOML in inks, line by line: only what is on the screen is ever read.

Measured on a slice of 100 KB: a key in Textual's `TextArea` costs 41 ms (380 ms at 1 MB), a reading by tree-sitter 13;
a line read here takes 4 µs, and a screen has fifty.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from loadmaster.tui.paint import Piece
from loadmaster.tui.visible import visible

LONGEST_READ = 8_000
"""Characters of a line that are read for colours; what comes behind them goes on in the last one."""

PLAIN, LONG_BASIC, LONG_LITERAL = 0, 1, 2
"""What a line begins in: nothing, or a string that runs over lines in double or in single quotes."""

_CLOSING = {LONG_BASIC: re.compile(r'(?:\\.|[^\\])*?"""', re.S), LONG_LITERAL: re.compile(r".*?'''", re.S)}
_NAME = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\])*\"|'[^']*')"
_KEY = re.compile(rf"\s*{_NAME}(?:\s*\.\s*{_NAME})*\s*(?==)")
_HEADER = re.compile(r"\s*\[\[?(?:[\w.\- ]|\"(?:\\.|[^\"\\])*\"?|'[^']*'?)*\]{0,2}(?=\s*(?:#|\Z))")
_CONFLICT = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?:[ \t]|\Z)")
_TOKEN = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<long>\"\"\"|''')"
    r"|(?P<string>\"(?:\\.|[^\"\\])*\"?|'[^']*'?)"
    r"|(?P<number>(?<![\w-])[+-]?\d[\w.+:-]*|\b(?:true|false|inf|nan)\b)",
    re.S,
)


class Token(NamedTuple):
    """The characters from `start` to `end` of a line, in one ink."""

    start: int
    end: int
    ink: str


def tokens_of(text: str, state: int = PLAIN) -> Sequence[Token]:
    """The inks of a line that begins in `state`. They cover all of it, in order."""
    if len(text) <= LONGEST_READ:
        return _read(text, state)[0]
    tokens = list(_read(text[:LONGEST_READ], state)[0])
    last = tokens[-1]
    return [*tokens[:-1], Token(last.start, len(text), last.ink)]


def state_after(text: str, state: int) -> int:
    """What the next line begins in."""
    if '"""' not in text and "'''" not in text:
        return state
    return _read(text, state)[1]


@lru_cache(maxsize=2048)
def _read(text: str, state: int) -> tuple[Sequence[Token], int]:
    tokens: list[Token] = []
    at = 0
    if _CONFLICT.match(text):
        return [Token(0, len(text), "warning")], state
    if state != PLAIN:
        closing = _CLOSING[state].match(text)
        if closing is None:
            return [Token(0, len(text), "string")], state
        at = closing.end()
        tokens.append(Token(0, at, "string"))
    else:
        header = _HEADER.match(text)
        key = None if header else _KEY.match(text)
        first = header or key
        if first is not None and first.end():
            at = first.end()
            tokens.append(Token(0, at, "header" if header else "label"))
    return _read_rest(text, at, tokens)


def _read_rest(text: str, at: int, tokens: list[Token]) -> tuple[Sequence[Token], int]:
    while at < len(text):
        found = _TOKEN.search(text, at)
        if found is None:
            tokens.append(Token(at, len(text), "faint" if tokens else "value"))
            break
        if found.start() > at:
            tokens.append(Token(at, found.start(), "faint"))
        if found.lastgroup != "long":
            tokens.append(Token(found.start(), found.end(), found.lastgroup or "value"))
            at = found.end()
            continue
        inside = LONG_BASIC if found.group() == '"""' else LONG_LITERAL
        closing = _CLOSING[inside].match(text, found.end())
        if closing is None:
            tokens.append(Token(found.start(), len(text), "string"))
            return tokens, inside
        tokens.append(Token(found.start(), closing.end(), "string"))
        at = closing.end()
    return tokens or [Token(0, len(text), "value")], PLAIN


def pieces_of(text: str, tokens: Sequence[Token], start: int, end: int) -> list[Piece]:
    """The characters from `start` to `end` of a line as they are shown: what cannot be seen as escapes.

    A tab between values takes four cells; inside a string or a comment it is written as an escape.
    """
    pieces: list[Piece] = []
    for token in tokens:
        if token.end <= start:
            continue
        if token.start >= end:
            break
        part = text[max(token.start, start) : min(token.end, end)]
        if "\t" in part and token.ink not in ("string", "comment"):
            part = part.replace("\t", "    ")
        pieces.append(Piece(visible(part), token.ink))
    return pieces


class LineStates:
    """What each line of a region begins in, found as far down as it is asked for."""

    def __init__(self) -> None:
        self._states = [PLAIN]

    def state(self, lines: Sequence[str], index: int) -> int:
        """The state in which a line begins."""
        states = self._states
        while len(states) <= index:
            states.append(state_after(lines[len(states) - 1], states[-1]))
        return states[index]

    def cut(self, index: int) -> None:
        """A line says something else now: forget what follows from it."""
        del self._states[max(index, 0) + 1 :]
