"""The registry and the check judge alike: what one refuses, the other tells as a fault that refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loadmaster import Document, check
from loadmaster.model_registry import ManifestValidationError, ModelRegistry, SchemaVersionError

DIGEST = "d1fea36899d00c2501b836c13ad65af56e2f9529ba622e50886d3f5c3e6c02bc"
LINES = f"""\
schema_version = 1
[models."t2v@1.0.0"]
variants = ["fp16", "bf16"]
default_variant = "fp16"
lora_required = false
[models."t2v@1.0.0".defaults]
fps = 24
[[models."t2v@1.0.0".files]]
path = "a/config.json"
size = 251
sha256 = "{DIGEST}"
[[models."t2v@1.0.0".files]]
path = "A/vae.bin"
size = 252
sha256 = "{DIGEST[::-1]}"
shard_part = 1
[models."t2v@1.0.0".sources]
priority = ["local://x"]
[models."i2v@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"
files = [{{ path = "x.bin", size = 3, sha256 = "{DIGEST[:32][::-1] + DIGEST[32:]}" }}]
sources = {{ priority = ["local://y"] }}""".split("\n")
VALUES = [
    '""',
    '"x"',
    '"../x"',
    '"C:x"',
    '"nul"',
    '"A/CONFIG.json"',
    "-1",
    "0",
    "true",
    "[]",
    '["a b"]',
    "[1]",
    "{}",
    "nan",
]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 3))):
        index = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[index].partition(" = ")
        match draw(st.sampled_from(["value", "value", "delete", "cut", "insert", "twice"])):
            case "value" if equals:
                lines[index] = f"{key} = {draw(st.sampled_from(VALUES))}"
            case "cut":
                lines[index] = lines[index][: draw(st.integers(0, len(lines[index])))]
            case "insert":
                at = draw(st.integers(0, len(lines[index])))
                lines[index] = lines[index][:at] + draw(st.sampled_from("\"'[]{}=.@#é\\\n")) + lines[index][at:]
            case "twice":
                lines.insert(index, lines[index])
            case _:
                if len(lines) > 1:
                    del lines[index]
    return "\n".join(lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=damaged())
def test_they_agree_on_damaged_manifests(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(text.encode())
    told = check(Document.from_text(text))
    refused = None
    try:
        ModelRegistry(path)
    except (ManifestValidationError, SchemaVersionError) as error:
        refused = error
    # A key that stands in another table is told as misplaced, and not as missing besides.
    misplaced = any(diagnostic.code == "LM105" for diagnostic in told)
    refusing = sorted({str(diagnostic.path) for diagnostic in told if diagnostic.finding.refuses})
    assert bool(refusing) == (refused is not None) or misplaced, (refusing, refused)


@pytest.mark.parametrize("id_as_spelled", ["t2v.v1.5", "t2v-1.5", "llama.3.1-8b", "a.b.c.d"])
@pytest.mark.parametrize("rest", ['description = "x"', 'variants = ["fp16"]', "files = []"])
@pytest.mark.parametrize("others", ["", "\n".join(LINES) + "\n"])
def test_an_id_that_lost_its_quotes_is_one_fault_for_both(
    tmp_path: Path, id_as_spelled: str, rest: str, others: str
) -> None:
    text = f"{others or 'schema_version = 1'}\n[models.{id_as_spelled}]\n{rest}\n"
    assert _refusing_codes(text) == ({"LM004"} if others or "description" not in rest else {"LM004", "LM008"})
    (line,) = _refused(tmp_path, text)
    assert f'[models."{id_as_spelled}"]' in line


def test_a_digit_that_goes_on_behind_a_dot_is_an_id_for_both(tmp_path: Path) -> None:
    text = "\n".join(LINES) + "\n[models.qwen2.5-72b]\nx = 1\n"
    assert _refusing_codes(text) == {"LM004"}
    (line,) = _refused(tmp_path, text)
    assert '[models."qwen2.5-72b"]' in line


@pytest.mark.parametrize("table", ["[models.foo.extra]\nx = 1", "[models.foo]\nx = 1\n[models.foo.bar]\nfiles = []"])
def test_a_table_of_a_model_is_no_id_for_either(tmp_path: Path, table: str) -> None:
    text = "\n".join(LINES) + f"\n{table}\n"
    assert "LM107" in _refusing_codes(text)
    assert "LM004" not in _refusing_codes(text)
    assert not any("in quotes" in line for line in _refused(tmp_path, text))


def _refusing_codes(text: str) -> set[str]:
    return {diagnostic.code for diagnostic in check(Document.from_text(text)) if diagnostic.finding.refuses}


def _refused(folder: Path, text: str) -> list[str]:
    path = folder / "models.toml"
    path.write_bytes(text.encode())
    with pytest.raises(ManifestValidationError) as caught:
        ModelRegistry(path)
    return caught.value.errors
