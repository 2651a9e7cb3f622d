"""`loadmaster vram`: what it prints where, and when it answers 2."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from loadmaster.cli.vram import vram
from loadmaster.vram import cards

DIGEST = "9a1f7a246a0fcaa59d71e0ac1210004f45b67b58c323c3458d81a81adf5a8eb4"
MODEL = """
[models."{id}"]
variants = {variants}
default_variant = "{default}"
resolution_caps = ["720p24"]

[models."{id}".defaults]
frames = {frames}

[models."{id}".vram_estimation]
params_billion = {params}
base_vram_gb = {base}
per_frame_vram_mb = 470

[[models."{id}".files]]
path = "unet/model.safetensors"
size = 28580000008
sha256 = "{digest}"
component = "unet"

[models."{id}".sources]
priority = ["local://x"]
"""


def model(model_id: str, **more: Any) -> str:
    fields = {"variants": '["bf16", "fp8"]', "default": "bf16", "frames": 81, "params": 14.29, "base": 27.1, **more}
    return MODEL.format(id=model_id, digest=DIGEST, **fields)


GOOD = "schema_version = 1\n" + model("t2v-A14B@2.2.0") + model("ti2v-5b@2.2.0", frames=16, params=5.0, base=9.8)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on a manifest's text, on a machine without a driver."""
    monkeypatch.setattr("loadmaster.cli.vram.local_cards", lambda: ())

    def run_it(text: str, *arguments: str) -> Result:
        file = tmp_path / "models.toml"
        file.write_text(text, encoding="utf-8")
        return CliRunner().invoke(vram, [str(file), *arguments])

    return run_it


def lines(result: Result) -> list[list[str]]:
    """The columns of the table that was printed."""
    table = result.stdout.split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in table]


def test_every_model_and_variant_with_its_verdict(run: Callable[..., Result]) -> None:
    result = run(GOOD, "--gpu", "24GiB")
    assert result.exit_code == 0
    assert result.stderr == ""
    header, *rows = lines(result)
    assert header == ["model", "variant", "frames", "size", "low", "point", "high", "floor", "against 23.5", "largest"]
    assert rows == [
        ["t2v-A14B@2.2.0", "bf16*", "81", "832×480", "34.2", "41.3", "47.4", "26.6", "too big", "none"],
        ["t2v-A14B@2.2.0", "fp8", "81", "832×480", "20.9", "28.0", "32.2", "13.3", "doubtful", "16 × 1280×720"],
        ["ti2v-5b@2.2.0", "bf16*", "16", "832×480", "11.2", "12.6", "14.5", "9.3", "fits", "49 × 832×480"],
        ["ti2v-5b@2.2.0", "fp8", "16", "832×480", "6.5", "7.9", "9.1", "4.7", "fits", "81 × 832×480"],
    ]


def test_what_it_rests_on_stands_below_and_is_said_once(run: Callable[..., Result]) -> None:
    said = run(GOOD, "--gpu", "RTX 4090").stdout
    for words in (
        "RTX 4090, 23.5 GiB usable",
        "batch 1",
        "text encoder off the card",
        "VAE decoding can peak higher",
        "needs block offload or a smaller variant",
        "t2v-A14B@2.2.0: params_billion 14.29, base_vram_gb 27.1, per_frame_vram_mb 470 (line 11)",
        "params_billion 14.29, base_vram_gb 27.1",
        "unet 28.6 GB of weights",
    ):
        assert said.count(words) == 1, words


def test_frames_size_and_variant_can_be_asked_for(run: Callable[..., Result]) -> None:
    result = run(GOOD, "t2v-A14B", "--frames", "81", "--size", "1280x720", "--variant", "bf16", "--gpu", "a100-80gb")
    assert lines(result)[1:] == [
        ["t2v-A14B@2.2.0", "bf16*", "81", "1280×720", "43.4", "59.8", "68.7", "26.6", "fits", "81 × 1280×720"]
    ]
    by_label = run(GOOD, "t2v-A14B@2.2.0#bf16", "--frames", "81", "--size", "720p", "--gpu", "A100 80 GB")
    assert lines(by_label) == lines(result)


def test_a_variant_that_no_model_lists_is_estimated_with_a_doubt(run: Callable[..., Result]) -> None:
    result = run(GOOD, "t2v*", "--variant", "Q4_K_M")
    assert [row[:2] for row in lines(result)[1:]] == [["t2v-A14B@2.2.0", "Q4_K_M"]]
    assert "Q4_K_M is not one of this model's variants (bf16, fp8)" in result.stdout


def test_unknown_precision_gets_no_number(run: Callable[..., Result]) -> None:
    result = run("schema_version = 1\n" + model("a@1.0.0", variants='["bf16", "turbo"]'), "--gpu", "4090")
    assert lines(result)[2] == ["a@1.0.0", "turbo", "81", "832×480", "–", "–", "–", "–", "unknown precision", "–"]


def test_no_verdict_while_the_figures_contradict(run: Callable[..., Result]) -> None:
    result = run("schema_version = 1\n" + model("a@1.0.0", base=12.0, params=14.0), "--gpu", "H200")
    assert [row[-2:] for row in lines(result)[1:]] == [["no verdict: LM601", "–"]] * 2
    assert "12 is below 14 B × 2 bytes (bf16) = 26.1 GiB: the declared figures cannot be true" in result.stdout


def test_without_a_card_there_are_figures_and_no_verdict(run: Callable[..., Result]) -> None:
    result = run(GOOD)
    assert lines(result)[0][-2:] == ["fits", "largest"]
    assert [row[-2:] for row in lines(result)[1:]] == [["–", "–"]] * 4
    assert "--gpu 24GiB" in result.stdout


def test_the_machines_own_card_is_taken(run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    own = (cards.Card("T4", ("Tesla T4",), 15360, 9216), cards.Card("RTX 4090", (), 24564, 10240))
    monkeypatch.setattr("loadmaster.cli.vram.local_cards", lambda: own)
    assert "RTX 4090, 23.5 GiB usable, 10.0 free now" in run(GOOD).stdout
    assert "T4, 14.5 GiB usable, 9.0 free now" in run(GOOD, "--gpu", "t4").stdout
    assert "L4, 22.0 GiB usable\n" in run(GOOD, "--gpu", "L4").stdout


def test_a_card_of_the_configuration(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "loadmaster.toml").write_text('[cards]\n"lab A" = "20GiB"\nbig = 98304\n', encoding="utf-8")
    assert "big, 95.5 GiB usable" in run(GOOD, "--gpu", "BIG").stdout
    assert "lab A, 19.5 GiB usable" in run(GOOD).stdout
    (tmp_path / "loadmaster.toml").write_text('[cards]\nlab = "much"\n', encoding="utf-8")
    wrong = run(GOOD)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "card 'lab': 'much' is no size" in wrong.stderr


def test_a_card_of_pyproject(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.loadmaster.cards]\nlab = "20GiB"\n', encoding="utf-8")
    assert "lab, 19.5 GiB usable" in run(GOOD, "--gpu", "lab").stdout
    (tmp_path / "pyproject.toml").write_text("[tool.loadmaster]\ncards = 3\n", encoding="utf-8")
    assert "cards is a table of names and sizes" in run(GOOD).stderr


def test_json_has_every_figure_with_its_formula_and_keys(run: Callable[..., Result]) -> None:
    result = run(GOOD, "--gpu", "4090", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["version"] == 1
    assert told["card"] == {"name": "RTX 4090", "mib": 24564, "usable_gib": 23.48828125, "free_gib": None}
    assert [(one["model"], one["variant"]) for one in told["estimates"]] == [
        ("t2v-A14B@2.2.0", "bf16"),
        ("t2v-A14B@2.2.0", "fp8"),
        ("ti2v-5b@2.2.0", "bf16"),
        ("ti2v-5b@2.2.0", "fp8"),
    ]
    fp8 = told["estimates"][1]
    assert fp8["point"] == pytest.approx(27.9595, abs=1e-4)
    assert fp8["verdict"] == {"fit": "doubtful", "words": "doubtful: 20.9–32.2 GiB against 23.5 usable"}
    assert fp8["largest_that_fits"] == {"frames": 16, "size": [1280, 720]}
    assert fp8["weight_files"] == {"unet": 28580000008}
    assert (fp8["frames_from"], fp8["size_from"], fp8["default"]) == ("defaults", "assumed", False)
    point = fp8["traces"]["point"]
    assert point["figures"] == "0.50 + 13.30 + 14.16 = 27.96"
    assert ["models", "t2v-A14B@2.2.0", "vram_estimation", "base_vram_gb"] in point["paths"]


def test_a_model_that_cannot_be_read_is_told_on_stderr_and_the_rest_goes_on(run: Callable[..., Result]) -> None:
    broken = '\n[models."b@1.0.0"]\nvariants = ["bf16"]\n'
    result = run(GOOD + broken, "--gpu", "4090")
    assert result.exit_code == 0
    assert len(lines(result)) == 5
    assert result.stderr.startswith("b@1.0.0 cannot be read")
    alone = run(GOOD + broken, "b@1.0.0")
    assert alone.exit_code == 2
    assert alone.stdout == ""


def test_a_broken_table_does_not_hide_the_other_models(run: Callable[..., Result]) -> None:
    result = run(GOOD.replace("frames = 16", "frames = = 16"), "--gpu", "4090")
    assert result.exit_code == 0
    assert lines(result)[1][:3] == ["t2v-A14B@2.2.0", "bf16*", "81"]
    assert "has faults in its text" in result.stderr


def test_nothing_of_the_app_or_the_network_is_loaded() -> None:
    code = (
        "import sys, loadmaster.cli.vram; "
        "print(sorted({'textual', 'rich', 'pynvml', 'socket', 'ssl', 'http'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--gpu", "4091"], "nearest are RTX 4090"),
        (["--size", "0x480"], "is no size"),
        (["--size", "wide"], "is no size"),
        (["--frames", "0"], "--frames"),
        (["--frames", "many"], "--frames"),
        (["--variant", "fp61"], "no known precision; they have bf16, fp8"),
        (["t2v-A14B@2.2.1"], "did you mean t2v-A14B@2.2.0?"),
        (["zzz*"], "there are t2v-A14B@2.2.0, ti2v-5b@2.2.0"),
    ],
)
def test_what_cannot_be_answered_is_said_on_stderr_with_two(
    run: Callable[..., Result], arguments: list[str], said: str
) -> None:
    result = run(GOOD, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr.replace("\n", " ")


def test_a_file_that_is_not_there_and_one_without_models(run: Callable[..., Result], tmp_path: Path) -> None:
    missing = CliRunner().invoke(vram, [str(tmp_path / "none.toml")])
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "none.toml" in missing.stderr
    empty = run("schema_version = 1\n")
    assert (empty.exit_code, empty.stdout) == (2, "")
    assert "no models" in empty.stderr


def test_standard_input() -> None:
    result = CliRunner().invoke(vram, ["-", "--gpu", "4090"], input=GOOD)
    assert result.exit_code == 0
    assert len(lines(result)) == 5


def test_hostile_names_are_shown_inert(run: Callable[..., Result]) -> None:
    text = "schema_version = 1\n" + model("[red]x\\u001b[31m\\u202e@1.0.0", variants='["[bold]"]', default="[bold]")
    result = run(text, "--gpu", "4090")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout + result.stderr
    assert "\u202e" not in result.stdout + result.stderr
    assert "[red]x" in result.stdout
    assert "[bold]*" in result.stdout


def test_a_hexadecimal_number_of_frames_beyond_all_bounds(run: Callable[..., Result]) -> None:
    text = "schema_version = 1\n" + model("a@1.0.0", frames="0x" + "f" * 5000)
    for arguments in ([], ["--json"], ["--gpu", "4090"], ["--gpu", "4090", "--json"]):
        result = run(text, *arguments)
        assert result.exit_code in (0, 2), result.exception
        assert not isinstance(result.exception, (ValueError, OverflowError))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_gets_bars_that_fits_eighty_columns(tmp_path: Path) -> None:
    import pty

    file = tmp_path / "models.toml"
    file.write_text(GOOD, encoding="utf-8")
    code = f"from loadmaster.cli.vram import vram; vram([{str(file)!r}, '--gpu', '4090'])"
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "TERM": "xterm", "PYTHONUTF8": "1"}
    with subprocess.Popen([sys.executable, "-c", code], stdout=theirs, env=environment) as process:
        os.close(theirs)
        seen = b""
        try:
            while chunk := os.read(ours, 4096):
                seen += chunk
        except OSError:
            pass  # how Linux says that the other side has closed
    os.close(ours)
    assert process.returncode == 0
    text = re.sub(r"\x1b\[[0-9;]*m", "", seen.decode()).replace("\r", "")
    assert re.search(r"^  bf16 ★ ├.*█.*  34\.2 –  41\.3 –  47\.4  x too big +none$", text, re.MULTILINE)
    assert re.search(r"^  fp8 +├.*┊.*█.*  20\.9 –  28\.0 –  32\.2  \? doubtful +16 × 1280×720$", text, re.MULTILINE)
    assert re.search(r"^fits +ti2v-5b@2.2.0 bf16 fp8$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) <= 80
