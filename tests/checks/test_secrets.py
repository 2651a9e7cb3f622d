"""LM504: secrets anywhere in the file are found, and never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmaster.checks.engine import check
from loadmaster.checks.examples import GOOD, but
from loadmaster.checks.secret_text import find_secrets, without_secrets
from loadmaster.document.document import Document

if TYPE_CHECKING:
    from .conftest import Said, Told

# Made up, and put together here so that no scanner takes this file for a leak.
RANDOM = "Zq3" * 16
SECRETS = [
    ("hf_" + RANDOM[:34], "a Hugging Face token"),
    ("AK" + "IA" + "Q3Z" * 5 + "7", "an AWS access key"),
    ("gh" + "p_" + RANDOM[:36], "a GitHub token"),
    ("github" + "_pat_" + RANDOM[:40], "a GitHub token"),
    ("glpat" + "-" + RANDOM[:20], "a GitLab token"),
    ("AI" + "za" + RANDOM[:35], "a Google API key"),
    ("xo" + "xb-" + "123456789012-" + RANDOM[:20], "a Slack token"),
    ("s" + "k-" + RANDOM[:40], "an API key"),
]


@pytest.mark.parametrize(("secret", "kind"), SECRETS)
def test_tokens_are_found_in_values_and_comments(told: Told, secret: str, kind: str) -> None:
    for text in (but('"Demo model"', f'"see {secret}"'), but("size = 612", f"size = 612 # {secret}")):
        diagnostic = told(text, "LM504")
        assert diagnostic.message.startswith(kind)
        assert secret[:4] in diagnostic.message
        assert secret[:5] not in diagnostic.message
        assert secret[5:12] not in "".join(diagnostic.finding.key)


def test_a_value_is_placed_by_its_path_and_a_comment_by_its_letters(told: Told) -> None:
    secret = SECRETS[0][0]
    value = told(but('"Demo model"', f'"{secret}"'), "LM504")
    assert value.path == ("models", "demo-1b@1.0.0", "description")
    assert value.finding.span is None
    comment = told(f"# top {secret}\n{GOOD}", "LM504")
    assert (comment.place.line, comment.place.column) == (1, 7)
    assert comment.place.end_column - comment.place.column == len(secret)
    assert "a comment" in comment.message


@pytest.mark.parametrize(
    "url",
    [
        "https://me:pa55word@example.org/x",
        "s3://key:secret@bucket/x",
        "https://:pa55word@example.org",
        "https://example.org/x?X-Amz-Signature=0123456789abcdef0123456789abcdef",
        "https://x.blob.core.windows.net/y?sv=1&sig=AbCdEfGhIjKlMnOpQrStUvWx%3D",
        "https://example.org/x?token=abcdefghijklmnop0",
    ],
)
def test_urls_with_a_secret_are_told_without_it(told: Told, url: str) -> None:
    text = but('"hf://acme', f'"{url}", "hf://acme')
    diagnostic = told(text, "LM504")
    assert diagnostic.path == ("models", "demo-1b@1.0.0", "sources", "priority", 0)
    for word in ("pa55word", "secret@", "0123456789abcdef", "AbCdEfGh", "abcdefghij"):
        assert word not in diagnostic.message


@pytest.mark.parametrize(
    "text",
    [
        "hf://acme/demo@0123456789abcdef0123456789abcdef01234567",
        "local://t2v-A14B@2.2.0",
        "https://user@example.org/x",
        "https://user:${TOKEN}@example.org/x",
        "https://user:<token>@example.org/x",
        "https://user:***@example.org/x",
        "https://example.org:8080/a@b",
        "hf_transfer and hf_hub_download_with_a_very_long_name",
        "disk-" + "a" * 30,
        "task-sk-like-words-that-go-on-and-on",
        "sk-learn-and-other-names-of-packages",
        "MAKIA" + "A" * 16,
        "https://example.org/x?key=short",
    ],
)
def test_what_only_looks_like_one_is_quiet(text: str) -> None:
    assert find_secrets(text) == ()


def test_no_message_of_any_rule_shows_a_secret() -> None:
    secret = SECRETS[0][0]
    text = GOOD.replace("config.json", f"../{secret}.exe").replace('"1.0.0"', f'"{secret}"')
    text = text.replace("hf://acme/demo-1b@0123456789abcdef0123456789abcdef01234567", f"http://u:pa55word@x/{secret}")
    text = text.replace('"fp16", "bf16"', f'"{secret}", "{secret}"').replace("optional_components", secret)
    text = text.replace("6dc87b92b4d769af5afb72c61bbf7b120cf50ea2ec1535ea3c317e70945a823a", secret)
    diagnostics = check(Document.from_text(text))
    assert len({one.code for one in diagnostics}) > 6
    for one in diagnostics:
        words = [one.message, *one.finding.key, one.fix.title if one.fix else ""]
        assert not any(secret[:6] in word or "pa55word" in word for word in words), one


def test_a_token_in_a_url_is_told_once(said: Said) -> None:
    url = f"https://me:{SECRETS[0][0]}@example.org/x"
    assert said(but('"hf://acme', f'"{url}", "hf://acme')) == ["LM504"]


@given(st.text(max_size=200), st.sampled_from([secret for secret, _ in SECRETS]))
def test_a_text_without_secrets_has_none(text: str, secret: str) -> None:
    cut = without_secrets(f"{text} {secret} {text}")
    assert secret not in cut
    assert secret[:4] in cut
