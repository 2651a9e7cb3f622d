"""Values as people write them: text to value and back, by the kind of the field."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction

from loadmaster.manifest.field_kinds import Field, Kind

_POWERS = ("", "k", "m", "g", "t", "p")
# 4.7 GiB is 4.7 · 2^30 bytes, 4.7 GB is 4.7 · 10^9: IEC 80000-13 and SI.
_BYTES: dict[str, int] = {
    "b": 1,
    **{f"{letter}b": 1000**power for power, letter in enumerate(_POWERS) if power},
    **{f"{letter}ib": 1024**power for power, letter in enumerate(_POWERS) if power},
}
_BYTE_WORDS = {"byte": 1, "bytes": 1}
_GIBIBYTES = {"gib": Fraction(1), "mib": Fraction(1, 1024), "tib": Fraction(1024)}
_MEBIBYTES = {"mib": Fraction(1), "gib": Fraction(1024), "kib": Fraction(1, 1024)}
_BILLIONS = {"b": Fraction(1), "m": Fraction(1, 1000), "t": Fraction(1000)}

_NUMBER = r"[+-]?(?:[0-9]+(?:_[0-9]+)*)?(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]{1,3})?"
_QUANTITY = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>[A-Za-z]*)")
_WHOLE = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)")
_SPECIAL = re.compile(r"[+-]?(?:inf|nan)")
_LARGEST = 2**63 - 1
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_LONGEST_NUMBER = 100


def parse_value(field: Field, text: str) -> object:
    """The value that a person means by a text, in the kind of the field.

    Sizes take `4.7 GiB`, `9.8 GB`, `1_000`, `0x10`; memory takes GiB and MiB, parameters `14B`; a digest
    may have `sha256:` before it; lists take `a, b` or a TOML array. Bounds are not asked for: that is a check's part.
    Raises ValueError, with a sentence for the person, where the text says no such value.
    """
    match field.kind:
        case Kind.STRING:
            return _digest(text) if field.key == "sha256" else text
        case Kind.BOOLEAN:
            return _boolean(field, text)
        case Kind.INTEGER:
            return _integer(field, text)
        case Kind.FLOAT:
            return _float(field, text)
        case Kind.STRINGS:
            return _strings(field, text)
        case _:
            raise ValueError(f"{field.key} is {field.kind.phrase}: edit its keys one by one")


def format_value(field: Field, value: object) -> str:
    """A value as a form shows it: exact, and read back by `parse_value` as the same value.

    A value of another kind than the field's is shown as TOML writes it, None as nothing.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if field.kind is Kind.STRING else _quoted(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _join(value)
    return _number_text(value)


def human_bytes(size: int) -> str:
    """A number of bytes in decimal units and three digits: `47 B`, `336 MB`, `8.59 GB`."""
    if size < 0:
        return f"-{human_bytes(-size)}"
    if size < 1000:
        return f"{size} B"
    for power, unit in enumerate(("kB", "MB", "GB", "TB", "PB", "EB"), start=1):
        for decimals in (2, 1, 0):
            # Whole numbers all the way: a size may be larger than any float.
            scaled = (size * 10**decimals * 2 + 1000**power) // (2 * 1000**power)
            if scaled < 1000:
                whole, rest = divmod(scaled, 10**decimals)
                return f"{whole}.{rest:0{decimals}} {unit}" if decimals else f"{whole} {unit}"
    return "over 999 EB"


def _digest(text: str) -> str:
    stripped = text.strip()
    return stripped[7:].lstrip() if stripped[:7].lower() == "sha256:" else stripped


def _boolean(field: Field, text: str) -> bool:
    value = _TRUTH.get(text.strip().lower())
    if value is None:
        raise ValueError(f"{field.key} is true or false")
    return value


def _integer(field: Field, text: str) -> int:
    stripped = text.strip()
    if len(stripped) > _LONGEST_NUMBER:
        raise ValueError(f"{field.key} has more digits than a number can have")
    if _WHOLE.fullmatch(stripped):
        value = _whole(field, stripped)
    elif field.unit == "bytes":
        value = _bytes(field, stripped)
    else:
        raise ValueError(f"{field.key} is a whole number{_of(field)}")
    if not -_LARGEST - 1 <= value <= _LARGEST:
        raise ValueError(f"{field.key} is larger than the 64 bits that TOML gives an integer")
    return value


def _whole(field: Field, text: str) -> int:
    try:
        return int(text, 0)
    except ValueError:
        if text.lstrip("+-").startswith("0"):
            raise ValueError(f"{field.key} begins with a 0: a TOML integer does not") from None
        raise ValueError(f"{field.key} is a whole number, with _ only between two digits") from None


def _bytes(field: Field, text: str) -> int:
    match = _QUANTITY.fullmatch(text)
    number = _fraction(match["number"]) if match else None
    unit = match["unit"].lower() if match else ""
    factor = _BYTES.get(unit, _BYTE_WORDS.get(unit))
    if number is None:
        raise ValueError(f"{field.key} is a number of bytes: 9825014472, 9.8 GB, 4.7 GiB")
    if factor is None:
        what = f"{match['unit']} is no unit of size" if match and unit else "a part of a byte is no size"
        raise ValueError(f"{what}: write bytes as a whole number, or kB, MB, GB, TB, KiB, MiB, GiB, TiB")
    size: int = round(number * factor)
    return size


def _float(field: Field, text: str) -> float:
    stripped = text.strip()
    if _SPECIAL.fullmatch(stripped.lower()):
        return float(stripped)
    match = _QUANTITY.fullmatch(stripped) if len(stripped) <= _LONGEST_NUMBER else None
    number = _fraction(match["number"]) if match else None
    if match is None or number is None:
        raise ValueError(f"{field.key} is a number{_of(field)}")
    if not match["unit"]:
        return float(match["number"])
    units = {"GiB": _GIBIBYTES, "10^9": _BILLIONS}.get(field.unit, {})
    if field.unit.startswith("MiB"):
        units = _MEBIBYTES
    factor = units.get(match["unit"].lower())
    if factor is None:
        raise ValueError(f"{match['unit']} is not read here: {field.key} is a number{_of(field)}")
    return float(number * factor)


def _fraction(text: str) -> Fraction | None:
    """The exact value of a decimal; None for what has no digits, as `.` or `e5`."""
    try:
        return Fraction(text.replace("_", ""))
    except ValueError:
        return None


def _of(field: Field) -> str:
    return f", in {field.unit}" if field.unit else ""


def _strings(field: Field, text: str) -> list[str]:
    stripped = text.strip()
    if stripped.startswith("["):
        return _array(field, stripped)
    if stripped.startswith(("'", '"')):
        return _array(field, f"[{stripped}]")
    return _split(stripped)


def _split(text: str) -> list[str]:
    return [item for item in (part.strip() for part in re.split(r"[,\n]", text)) if item]


def _array(field: Field, text: str) -> list[str]:
    try:
        data = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        data = {}
    items = data.get("value")
    if len(data) != 1 or not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f'{field.key} is a list of strings: a, b or ["a", "b"]')
    return items


def _join(items: list[str]) -> str:
    """`a, b` where that reads back as the same list, else a TOML array."""
    plain = ", ".join(items)
    if not plain.startswith(("[", "'", '"')) and _split(plain) == items:
        return plain
    return "[" + ", ".join(_quoted(item) for item in items) + "]" if items else ""


def _quoted(text: str) -> str:
    # JSON's escapes are TOML's, but for U+007F, which JSON leaves bare, and for text without surrogates.
    import json  # a check formats no value

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _number_text(value: object) -> str:
    try:
        return str(value)
    except (ValueError, RecursionError):
        # Python writes no integer of more than 4,300 digits.
        return hex(value) if isinstance(value, int) else "…"
