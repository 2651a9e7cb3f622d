"""Text from a manifest, made safe to show: what cannot be seen is written as an escape.

Everything that a widget shows of a manifest passes through here, once, on its way to the screen.
Markup is not its concern: our widgets draw cells and never read any.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, get_character_cell_size

ELLIPSIS = "…"
_IDEOGRAPHIC_SPACE = "\u3000"
_VARIATION_SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))
_SHARD = re.compile(r"(\d{1,6})-of-(\d{1,6})[^/]*$")
_LEAST_LEAD = 2
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def _escape(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_plain(character: str) -> bool:
    # Variation selectors are printable, but terminals disagree on the width of what they follow.
    return (character.isprintable() and character not in _VARIATION_SELECTORS) or character == _IDEOGRAPHIC_SPACE


def stand_ins(text: str) -> str:
    """`text` with a sign for each character that cannot be seen: as long as before, for a line that is being edited."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_plain(c) else chr(0x2400 + ord(c)) if ord(c) < 0x20 else "�" for c in text)


def visible(text: object, limit: int = 4096) -> str:
    """`text` with control, bidirectional and other unseen characters as escapes; at most `limit` characters of it."""
    raw = text if isinstance(text, str) else str(text)
    cut = len(raw) > limit
    if cut:
        raw = raw[:limit]
    if not (raw.isascii() and raw.isprintable()):
        raw = "".join(c if _is_plain(c) else _escape(c) for c in raw)
    return raw + ELLIPSIS if cut else raw


def head(text: str, width: int) -> str:
    """As much of the beginning as fits into `width` cells, with an ellipsis where something is left out."""
    if len(text) <= width and cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    return _take(text, width - 1) + ELLIPSIS


def middle(text: str, width: int, shared: int = 0) -> str:
    """`text` cut to `width` cells in its middle: the end is what tells the paths of shards apart.

    The number of a shard stays whole. Its first `shared` characters, which its neighbours have as well, go before
    the ones by which folders differ.
    """
    if len(text) <= width and cell_len(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    shard = _SHARD.search(text)
    shown = _shard(text, shard, width, shared) if shard else None
    if shown is not None:
        return shown
    # A whole folder in front reads better than half of one.
    lead = max((width - 1) // 3, 1) if width >= 45 else max(min(width - 30, (width - 1) // 3), 1)
    folder = text.find("/") + 1
    if 0 < folder <= lead + 3 and width - 1 - folder >= 28:
        lead = folder
    return _both_ends(text, lead, width - 1 - lead)


def _shard(text: str, shard: re.Match[str], width: int, shared: int) -> str | None:
    """The path of a shard: its folder, then its number with as much behind it as there is room for.

    None where not even the number has room.
    """
    tails = (shard[0], f"{shard[1]}-of-{shard[2]}{ELLIPSIS}", f"{shard[1]}{ELLIPSIS}")
    fitting = [tail for tail in tails if width - 1 - cell_len(tail) >= _LEAST_LEAD]
    if not fitting:
        return None
    room = width - 1 - cell_len(fitting[0])
    folder = text.rfind("/", 0, shard.start()) + 1
    whole = cell_len(text[:folder])
    if fitting[0] == tails[0] and whole <= room:
        lead = whole or min((width - 1) // 3, room)
        return _both_ends(text, lead, width - 1 - lead)
    if shared + _LEAST_LEAD > room > _LEAST_LEAD:
        return ELLIPSIS + _take(text[shared : shard.start()], room - 1) + ELLIPSIS + fitting[0]
    return _take(text[: shard.start()], room) + ELLIPSIS + fitting[0]


def _both_ends(text: str, lead: int, tail: int) -> str:
    return _take(text, lead) + ELLIPSIS + _take(text[::-1], tail)[::-1]


def short_id(model_id: str, width: int) -> str:
    """A model's id cut to `width` cells: its version tells models apart as much as its name does."""
    if cell_len(model_id) <= width:
        return model_id
    stem, at, version = model_id.rpartition("@")
    room = width - cell_len(at + version)
    return head(stem, room) + at + version if at and room >= 4 else middle(model_id, width)


def short_digest(digest: str) -> str:
    """A digest by its first eight and last six digits; anything else in full."""
    return f"{digest[:8]}{ELLIPSIS}{digest[-6:]}" if len(digest) == 64 else digest


def _take(text: str, width: int) -> str:
    taken: list[str] = []
    for character in text:
        width -= get_character_cell_size(character)
        if width < 0:
            break
        taken.append(character)
    return "".join(taken)
