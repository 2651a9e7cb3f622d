"""One fault, one diagnostic: of several rules that speak of one thing, one speaks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from loadmaster.checks.engine import findings
from loadmaster.checks.examples import GOOD, SHARDED, TWO_MODELS, WITH_DEFAULTS, but
from loadmaster.document.document import Document

if TYPE_CHECKING:
    from .conftest import Said, Told

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
OF_TWO = "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"
WEIGHTS = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
CONFLICT = "<<<<<<< a\nsize = 612\nsize = 613\n=======\nsize = 620\n>>>>>>> b"


def _path(path: str) -> str:
    return but('path = "config.json"', f"path = '{path}'")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(but("size = 612", CONFLICT), ["LM009"], id="LM009 over LM003"),
        pytest.param(but("size = 612", CONFLICT.replace("612", "")), ["LM009"], id="LM009 over LM001"),
        pytest.param(
            GOOD.replace('"demo-1b@1.0.0"]', "demo-1b@1.0.0]").replace('"demo-1b@1.0.0".', "demo-1b@1.0.0."),
            ["LM004"],
            id="LM004 over LM001, LM008",
        ),
        pytest.param(
            GOOD.replace('models."demo-1b@1.0.0"', "models.demo-1.5b"), ["LM004"], id="LM004 over LM101, LM107"
        ),
        pytest.param(
            GOOD.replace('models."demo-1b@1.0.0"', "models.demo-1.5b@1.0.0"), ["LM004"], id="LM004 with @ and a dot"
        ),
        pytest.param(GOOD.replace('models."demo-1b@1.0.0"', "models.demo.v1.5b"), ["LM004"], id="LM004 over LM008"),
        pytest.param(
            GOOD + '[models.llama.3.1-8b]\nvariants = ["a"]\n', ["LM004"], id="LM004 over LM101, LM104, LM107"
        ),
        pytest.param(GOOD + '[models.foo.bar]\ndescription = "x"\n', ["LM004"], id="LM004 for a table of one field"),
        pytest.param(GOOD + GOOD.removeprefix("schema_version = 1\n"), ["LM003"], id="LM003 over LM212"),
        pytest.param(
            GOOD + GOOD.removeprefix("schema_version = 1\n").replace("config.json", "Config.json"),
            ["LM003"],
            id="LM003 over LM304",
        ),
        pytest.param(but("size = 612", 'size = "-1"'), ["LM102"], id="LM102 over LM103"),
        pytest.param(but('default_variant = "fp16"', "default_variant = 16"), ["LM102"], id="LM102 over LM201"),
        pytest.param(but('["fp16", "bf16"]', '["bf16", 16]'), ["LM102"], id="LM102 over LM201, in the list"),
        pytest.param(but('version = "1.0.0"', "version = 1.1"), ["LM102"], id="LM102 over LM202"),
        pytest.param(
            but('variants = ["fp16", "bf16"]\n', "") + 'variants = ["fp16", "bf16"]\n',
            ["LM105"],
            id="LM105 over LM101",
        ),
        pytest.param(GOOD + 'allow_patterns = ["*"]\n', ["LM105"], id="LM105 over LM104"),
        pytest.param(but("unet/model.safetensors", "config.json"), ["LM212"], id="LM212 over LM304"),
        pytest.param(_path(r"..\config.json"), ["LM301"], id="LM301 over LM305"),
        pytest.param(_path("./../a:b"), ["LM301"], id="LM301 over LM307, LM310"),
        pytest.param(_path(r"C:\config.json"), ["LM302"], id="LM302 over LM305, LM307"),
        pytest.param(_path("//config.json"), ["LM302"], id="LM302 over LM310"),
        pytest.param(
            SHARDED.replace("00002-of-00003", "00002-of-00009").replace("00003-of-00003", "00003-of-00009"),
            ["LM208"],
            id="LM208 over LM207",
        ),
        pytest.param(GOOD.replace(WEIGHTS, EMPTY).replace("2147511568", "134"), ["LM407"], id="LM407 over LM402"),
        pytest.param(GOOD.replace(WEIGHTS, OF_TWO).replace("2147511568", "134"), ["LM407"], id="LM407 over LM403"),
        pytest.param(
            GOOD.replace(WEIGHTS, EMPTY).replace("2147511568", "2147000000"), ["LM402"], id="LM402 over LM406"
        ),
        pytest.param(
            GOOD.replace(WEIGHTS, OF_TWO).replace("2147511568", "2147000000"), ["LM403"], id="LM403 over LM406"
        ),
        pytest.param(
            TWO_MODELS.replace("3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f", WEIGHTS).replace(
                "4295022904", "4295000000"
            ),
            ["LM404"],
            id="LM404 over LM406",
        ),
        pytest.param(but('"bf16"]', '"two words"]'), ["LM108"], id="LM108 over LM604"),
        pytest.param("", ["LM008"], id="LM008 over LM106"),
    ],
)
def test_one_speaks(said: Said, text: str, codes: list[str]) -> None:
    assert said(text) == codes


def test_invented_digests_with_two_sizes_are_told_once_each(said: Said) -> None:
    text = TWO_MODELS.replace(WEIGHTS, OF_TWO).replace(
        "3f4c7e318e3582230d1ab4f3fe0082903320375f13b6b408775abf54b0c6511f", OF_TWO
    )
    assert said(text) == ["LM403", "LM403"]


def test_all_faults_of_a_model_are_told(said: Said) -> None:
    text = GOOD.replace('version = "1.0.0"', 'version = "2.0.0"').replace("size = 612", "size = -1")
    text = text.replace('default_variant = "fp16"', 'default_variant = "int4"').replace("config.json", "con.json")
    assert Counter(said(text)) == Counter(["LM202", "LM201", "LM303", "LM103"])


def test_a_broken_table_hides_no_other_model_and_brings_no_echo(said: Said) -> None:
    broken = TWO_MODELS.replace("size = 612", "size = ").replace("size = 4295022904", "size = 4295000000")
    assert said(broken) == ["LM001", "LM406"]


def test_a_lost_header_brings_no_echo_in_the_model_above(said: Said) -> None:
    broken = SHARDED.replace(
        '[[models."demo-4b@1.0.0".files]]\npath = "unet/model-00003', '[[\npath = "unet/model-00003'
    )
    assert set(said(broken)) == {"LM001"}


def test_a_line_that_hides_a_header_brings_no_echo_in_the_model_below(said: Said) -> None:
    header = '[models."demo-2b@1.0.0"]'
    assert said(TWO_MODELS.replace(header, header[::-1])) == ["LM001"]


def test_a_name_that_only_broken_headers_spell_is_no_model(said: Said) -> None:
    for broken in ('[[models.demo-2b@1.0.0".files]]', '[models."""demo-2b@1.0.0".files]', "[models.x.files"):
        assert set(said(TWO_MODELS.replace('[[models."demo-2b@1.0.0".files]]', broken))) <= {"LM001", "LM215"}


def test_sub_tables_that_are_there_twice_hide_no_duplicate_path(said: Said) -> None:
    twice = GOOD.replace("unet/model.safetensors", "config.json") + '\n[models."demo-1b@1.0.0".sources]\n'
    assert said(twice) == ["LM212", "LM003"]


def test_of_what_cannot_be_read_nothing_is_said_to_be_missing(said: Said) -> None:
    assert said(but("schema_version = 1", "schema_version = one")) == ["LM001"]
    assert said(but('default_variant = "fp16"', "default_variant = fp16")) == ["LM001"]


def test_no_two_findings_have_one_identity() -> None:
    text = TWO_MODELS + GOOD.removeprefix("schema_version = 1\n").replace("size = 612", "size = 1\nsize = 2")
    for change in ("a", "\\u200b", "../x", 'x"\nsize = 3\n#'):
        found = findings(Document.from_text(text.replace("config.json", change)))
        assert len({finding.key for finding in found}) == len(found)


def test_one_missing_key_of_a_file_among_misplaced_ones(told: Told) -> None:
    moved = but("size = 612\n", "") + "size = 612\n"
    assert "size stands in sources" in told(moved, "LM105").message


def test_precision_is_left_alone_where_a_variant_is_quantised(said: Said) -> None:
    text = WITH_DEFAULTS.replace('["fp16", "bf16"]', '["fp16", "fp8"]').replace('n = "fp16"', 'n = "fp32"')
    assert said(text) == []
