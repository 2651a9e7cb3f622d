"""LM701 by itself, and LM504, which looks at the whole text: also at comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from loadmaster.checks.diagnostic import Finding, Severity
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.rule import Rule, define
from loadmaster.checks.secret_text import find_secrets, without_secrets
from loadmaster.checks.view import ModelView
from loadmaster.checks.wording import plain

if TYPE_CHECKING:
    from loadmaster.document.document import Document

SECRET = define(
    Rule(
        "LM504",
        "secret",
        Severity.ERROR,
        "A password in a URL, or a token of the Hub or of a cloud, anywhere in the file.",
        "A manifest is committed, shared and logged. Whoever reads it can use the secret, also after it was deleted.",
        "Revoke the secret first, then take it out: clients read it from the environment, as `HF_TOKEN`.",
        bad=but('"Demo model"', '"fetched with hf_' + "aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567" + '"'),
        good=GOOD,
    )
)
PICKLE_WEIGHTS = define(
    Rule(
        "LM701",
        "pickle-weights",
        Severity.INFO,
        "A weight file in a format that can run code when it is loaded: `.pth .pt .bin .ckpt .pkl`.",
        "Such a file is a pickle: loading it runs what its author put in.",
        "Prefer the safetensors of the same weights where the source has them, and load with `weights_only=True`.",
        bad=GOOD.replace("unet/model.safetensors", "unet/model.pth"),
        good=GOOD,
    )
)

_PICKLES = (".pth", ".pt", ".bin", ".ckpt", ".pkl")


def security(view: ModelView) -> Iterator[Finding]:
    """LM701 of one model."""
    for index, file in view.files:
        path = file.path
        if path is not None and path.lower().endswith(_PICKLES):
            suffix = path[path.rindex(".") :]
            message = f"{plain(path)}: loading {suffix} can run code; prefer safetensors"
            yield view.finding(PICKLE_WEIGHTS, ("files", index, "path"), message)


def secrets_in_tables(document: Document, tables: Iterable[int], model_id: str | None) -> list[Finding]:
    """LM504 for the text of some tables, which are those of one model or of none.

    A secret in a value is placed by the value's path, one in a comment or a key by its offsets. Callers look through
    the joined text first, since nearly always there is none.
    """
    found: list[Finding] = []
    for index in tables:
        text = document.tables[index].text
        for secret in find_secrets(text):
            start = document.starts[index] + secret.start
            path = document.path_at(start)
            in_value = _is_in_value(document, path, start)
            shown = secret.cut(text)
            kind = f"{secret.kind} ({plain(shown)}…)" if shown else secret.kind
            where = _name(path) if in_value else "a comment"
            key = (SECRET.code, *(without_secrets(str(name)) for name in path), secret.kind if in_value else "comment")
            found.append(
                Finding(
                    SECRET.code,
                    SECRET.name,
                    SECRET.severity,
                    f"{kind} in {where}: revoke it, then take it out",
                    path,
                    key,
                    model_id=model_id,
                    span=None if in_value else (start, document.starts[index] + secret.end),
                )
            )
    return found


def _is_in_value(document: Document, path: tuple[str | int, ...], at: int) -> bool:
    if not path or isinstance(document.get(path), dict | list):
        return False
    start, end = document.span(path)
    return start <= at < end


def _name(path: tuple[str | int, ...]) -> str:
    return plain(next((name for name in reversed(path) if isinstance(name, str)), "a value"), 40)
