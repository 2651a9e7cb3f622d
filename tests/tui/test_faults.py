"""The list of faults: folding, going there, fixing, explaining."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.manifest.fields import field_at

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

OTHER = ("models", "i2v-other@2.0.0")


async def test_enter_goes_to_the_field_of_a_fault(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("shift+tab")
        while driver.bench.fault_list.findings[0].code != "LM202":
            await driver.press("j")
        await driver.press("enter")
        assert driver.bench.pane == "detail"
        assert driver.bench.detail.path == (*OTHER, "version")


async def test_n_walks_through_all_faults_and_round(opened: Opener) -> None:
    async with opened() as driver:
        view = driver.bench.view
        assert view is not None
        seen = []
        for _ in range(len(view.session.findings) + 1):
            await driver.press("n")
            seen.append(driver.said[2:7])
        assert sorted(seen[:-1]) == sorted(finding.code for finding in view.session.findings)
        assert seen[-1] == seen[0]
        await driver.press("N")
        assert driver.said[2:7] == seen[-2]


async def test_a_fix_is_shown_before_it_is_applied(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        view = driver.bench.view
        assert view is not None
        await driver.press("enter", "j")
        assert driver.bench.detail.path == (*OTHER, "version")
        await driver.press("f")
        assert '− version = "2.0.1"' in driver.screen
        assert '+ version = "2.0.0"' in driver.screen
        assert "mends LM202" in driver.screen
        assert view.document.text == manifest
        await driver.press("enter")
        assert view.document.text == manifest.replace("2.0.1", "2.0.0")
        assert all(finding.code != "LM202" for finding in view.session.findings)
        await driver.press("u")
        assert view.document.text == manifest


async def test_a_fault_without_a_fix_says_so(opened: Opener) -> None:
    async with opened(MANY) as driver:
        await driver.press("shift+tab", "f")
        assert "has no fix" in driver.said


MANY = """schema_version = 1
[models."m@1.0.0"]
variants = ["fp16"]
default_variant = "fp16"
[models."m@1.0.0".sources]
priority = ["local://m"]
""" + "".join(
    f'[[models."m@1.0.0".files]]\npath = "{number}.json"\nsize = {number}\nsha256 = "no digest"\n'
    for number in range(1, 41)
)


async def test_what_repeats_in_a_model_is_folded(opened: Opener) -> None:
    async with opened(MANY) as driver:
        assert "LM401" in driver.screen
        assert "× 40" in driver.screen
        assert driver.bench.fault_list.row_count() == 1
        await driver.press("shift+tab", "space")
        assert driver.bench.fault_list.row_count() == 41
        await driver.press("j", "space")
        assert driver.bench.fault_list.row_count() == 1


async def test_only_faults_on_the_screen_are_given_their_place(opened: Opener) -> None:
    async with opened(MANY) as driver:
        view = driver.bench.view
        assert view is not None
        await driver.press("shift+tab", "space")
        assert 0 < len(view._places) < 20


async def test_the_faults_of_this_model_only(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "shift+tab")
        every = driver.bench.fault_list.row_count()
        await driver.press("m")
        assert driver.bench.fault_list.row_count() < every
        assert "t2v-small@1.0.0 only" in driver.screen
        await driver.press("m")
        assert driver.bench.fault_list.row_count() == every


async def test_explaining_a_fault_shows_the_page_of_its_rule(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("enter", "j", "i")
        assert "LM202" in driver.screen
        assert "version-mismatch" in driver.screen
        assert "What to do" in driver.screen
        await driver.press("i")
        assert "What to do" not in driver.screen


async def test_explaining_a_field_without_a_fault_shows_its_meaning(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3", "i")
        field = field_at(("models", "t2v-small@1.0.0", "defaults", "fps"))
        assert field is not None
        assert field.doc.split(".")[0] in driver.screen


async def test_at_80_columns_the_sentence_folds_and_the_place_stays(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("shift+tab")
        number = next(n for n, line in enumerate(driver.lines) if "LM202" in line)
        assert ":11" in driver.lines[number]
        assert "2.0.1" in driver.lines[number + 1]


async def test_a_clean_manifest_says_so_and_gives_its_room_away(opened: Opener, clean: str) -> None:
    async with opened(clean) as driver:
        assert "no faults" in driver.lines[0]
        assert "nothing to mend" in driver.screen
        await driver.press("n")
        assert driver.said == "No faults."


def two_of(*names: str) -> str:
    """A manifest of models that all have the same two faults: a version that is not the id's, fps below its least."""
    return "schema_version = 1\n" + "".join(
        f'[models."{name}@1.0.0"]\nversion = "2.0.0"\nvariants = ["fp16"]\ndefault_variant = "fp16"\n'
        f'[models."{name}@1.0.0".defaults]\nfps = 24\nframes = 0\n'
        f'[[models."{name}@1.0.0".files]]\npath = "m.safetensors"\nsize = 1\nsha256 = "{number:064x}"\n'
        f'[models."{name}@1.0.0".sources]\npriority = ["local://{name}"]\n'
        for number, name in enumerate(names, 0x20EB7896)
    )


def path_of(driver: Driver) -> tuple[str | int, ...]:
    """The key path under the cursor of the detail."""
    return driver.bench.detail.path or ()


async def to_model(driver: Driver, model_id: str) -> None:
    """Put the cursor of the tree on a model."""
    row = driver.bench.models.nodes.find(("model", model_id)) or 0
    await driver.press("home", *["j"] * row)


async def test_n_begins_at_the_model_under_the_cursor(opened: Opener) -> None:
    async with opened(two_of("t2v-a", "t2v-b", "t2v-c")) as driver:
        await to_model(driver, "t2v-b@1.0.0")
        await driver.press("n")
        assert driver.bench.detail.model_id == "t2v-b@1.0.0"
        assert driver.said[:1] == "E"


async def test_n_begins_at_the_line_under_the_cursor(opened: Opener) -> None:
    async with opened(two_of("t2v-a", "t2v-b", "t2v-c")) as driver:
        await driver.press("enter", "3", "home")
        assert path_of(driver)[2:] == ("defaults", "fps")
        await driver.press("n")
        assert path_of(driver)[2:] == ("defaults", "frames")
        await driver.press("home", "N")
        assert path_of(driver)[2:] == ("version",)


async def test_n_goes_to_an_error_that_was_just_made(opened: Opener) -> None:
    text = two_of("t2v-a", "t2v-b", "t2v-c")
    async with opened(text) as driver:
        await driver.press("n", "n")
        await driver.press("g", "m")
        await to_model(driver, "t2v-b@1.0.0")
        await driver.press("s", "home", "j", "enter", "end", "backspace", "escape")
        assert "LM001" in [finding.code for finding in driver.bench.view.session.findings]  # type: ignore[union-attr]
        await driver.press("n")
        assert driver.said[2:7] == "LM001"


async def test_n_goes_on_from_the_fault_that_enter_went_to(opened: Opener) -> None:
    async with opened(two_of("t2v-a", "t2v-b", "t2v-c")) as driver:
        await driver.press("shift+tab", "j")
        order = driver.bench.fault_list.order
        gone_to = driver.bench.fault_list.findings[0]
        await driver.press("enter", "n")
        assert driver.bench.fault_list.current is order[order.index(gone_to) + 1]


@pytest.mark.parametrize("row", [1, 3])
async def test_the_fault_under_the_cursor_stays_when_the_scope_changes_twice(opened: Opener, row: int) -> None:
    async with opened(two_of("t2v-a", "t2v-b")) as driver:
        await driver.press("shift+tab", *["j"] * row)
        finding = driver.bench.fault_list.findings[0]
        await driver.press("m", "m")
        assert driver.bench.fault_list.findings[0] is finding


async def test_the_keys_stand_beside_the_fault_that_was_gone_to(opened: Opener) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("n")
        assert "LM202" in driver.lines[-1]
        assert "f fix  n next fault" in driver.lines[-1]


async def test_only_what_folds_is_offered_to_be_folded(opened: Opener) -> None:
    async with opened(MANY) as driver:
        await driver.press("shift+tab")
        assert "↵ unfold" in driver.lines[-1]
        assert "go there" not in driver.lines[-1]
        await driver.press("enter")
        assert "↵ fold" in driver.lines[-1]
        await driver.press("j")
        assert "↵ go there" in driver.lines[-1]
        assert "space fold" in driver.lines[-1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fps = 24", "fps = 0", "LM103 has no fix: ↵ goes there, ↵ edits the value."),
        ("t2v-small@1.0.0", "t2v_small!@1.0.0", "LM107 has no fix: ↵ goes there, r renames the model."),
    ],
)
async def test_a_fault_without_a_fix_names_the_key_that_mends_it(
    opened: Opener, clean: str, old: str, new: str, said: str
) -> None:
    async with opened(clean.replace(old, new)) as driver:
        await driver.press("shift+tab", "f")
        assert driver.said == said
        await driver.press("enter", "f")
        assert driver.said == said.replace("↵ goes there, ", "", 1)


async def test_f_and_i_speak_of_the_fault_that_was_gone_to(opened: Opener) -> None:
    text = (Path(__file__).parents[2] / "sample_manifests" / "faulty.toml").read_text(encoding="utf-8")
    async with opened(text) as driver:
        for _ in range(6):
            await driver.press("n")
            code = driver.said[2:7]
            await driver.press("i")
            assert any(f" {code}  " in line for line in driver.lines)
            await driver.press("escape")


async def test_a_fault_of_the_text_is_gone_to_by_line_and_column(opened: Opener, manifest: str) -> None:
    async with opened(manifest.replace("fps = 24", "fps = = 24")) as driver:
        for _ in driver.bench.fault_list.rows:
            await driver.press("n")
            if "LM001" in driver.said:
                break
        assert driver.bench.fault_list.current is not None
        assert driver.bench.view is not None
        place = driver.bench.view.place(driver.bench.fault_list.current)
        assert place.column > 1
        assert driver.bench.detail.where == f"{place.line}:{place.column}"
