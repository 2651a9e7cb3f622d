"""The Source pane: the text as it stands in the file, looked at and edited freely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.style import Style

from loadmaster.tui import source_editing
from loadmaster.tui.widgets.detail import source_text
from loadmaster.tui.widgets.detail.source import Source
from loadmaster.tui.widgets.detail.source_view import SourceView

if TYPE_CHECKING:
    from tests.tui.conftest import Driver, Opener

SMALL = "t2v-small@1.0.0"
OTHER = "i2v-other@2.0.0"


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause in the typing is made by the test, not by the clock."""
    monkeypatch.setattr(Source, "PAUSE", 3600.0)


def source_of(driver: Driver) -> Source:
    return driver.bench.query_one(Source)


def text_of(driver: Driver) -> str:
    view = driver.bench.view
    assert view is not None
    return view.document.text


def codes(driver: Driver) -> set[str]:
    view = driver.bench.view
    assert view is not None
    return {finding.code for finding in view.session.findings}


async def pause(driver: Driver) -> None:
    """Nothing is typed for a while."""
    source_of(driver).pause_over()
    await driver.app.workers.wait_for_complete()
    await driver.settle()


async def edit_at(driver: Driver, text: str, model: bool = True) -> None:
    """Edit the first model's text, from the line on that begins with `text`."""
    await driver.press("j", "j", "s")
    source = source_of(driver)
    line = next(number for number, line in enumerate(text_of(driver).split("\n"), 1) if line.startswith(text))
    source.go_to_line(line)
    await driver.press("e")
    assert source.is_editing


# To look at.


async def test_the_lines_of_a_model_have_the_numbers_of_the_file(opened: Opener, manifest: str) -> None:
    async with opened(size=(120, 60)) as driver:
        await driver.press("j", "j", "s")
        lines = manifest.split("\n")
        for number in range(4, lines.index("") + 20):
            assert any(line.rstrip().endswith(f" {number}  {lines[number - 1]}".rstrip()) for line in driver.lines)
        assert "schema_version" not in "\n".join(driver.lines[2:])


async def test_a_fault_is_marked_in_the_margin_and_told_behind_its_line(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("s")
        marked = driver.line_with('version = "2.0.1"')
        assert " E " in marked or " W " in marked
        while 'version = "2.0.1"' not in source_of(driver).line_text:
            await driver.press("j")
        assert "LM202" in driver.line_with('version = "2.0.1"')
        assert driver.bench.detail.findings[0].code == "LM202"


async def test_cursor_and_selected_field_follow_each_other(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "3")
        while driver.bench.detail.path != ("models", SMALL, "defaults", "frames"):
            await driver.press("j")
        await driver.press("5")
        assert source_of(driver).line_text == "frames = 16"
        await driver.press("j")
        assert driver.bench.detail.path == ("models", SMALL, "defaults", "precision")
        await driver.press("3")
        assert driver.bench.detail.path == ("models", SMALL, "defaults", "precision")


async def test_a_file_of_the_tree_is_gone_to_in_the_text(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("j", "j", "s", "escape", "l", "j", "j", "j", "l", "j")
        assert driver.node() == ("file", SMALL, "unet", 0)
        assert driver.bench.detail.path == ("models", SMALL, "files", 0)


async def test_who_reads_the_text_goes_on_reading_it_from_fault_to_fault(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("s")
        for _ in range(4):
            await driver.press("n")
            assert driver.bench.detail.tab_id == "source"
            assert driver.said.split()[1] in {finding.code for finding in source_of(driver).findings}


async def test_the_tree_goes_along_to_a_fault_of_the_text(opened: Opener) -> None:
    async with opened('schema_version = 1\n[models."a@1.0.0"]\nx = \n[models."b@1.0.0"]\ny = \n') as driver:
        await driver.press("n", "n")
        assert driver.bench.detail.model_id == driver.bench.models.model_id == "b@1.0.0"
        assert source_of(driver).line == 5


async def test_tables_that_lie_apart_are_shown_with_a_gap_between(opened: Opener, manifest: str) -> None:
    apart = manifest + f'\n[models."{SMALL}".late]\nx = 1\n'
    async with opened(apart, size=(120, 70)) as driver:
        await driver.press("j", "j", "s")
        assert "⋯" in driver.line_with("⋯")
        assert OTHER not in "\n".join(line[33:] for line in driver.lines[:50])
        last = len(apart.rstrip().split("\n"))
        assert driver.line_with(f" {last}  x = 1")
        source_of(driver).go_to_line(last)
        await driver.press("e", "end")
        await driver.press("2")
        await pause(driver)
        assert text_of(driver) == apart.replace("x = 1", "x = 12")


async def test_the_caret_goes_on_from_one_region_to_the_next(opened: Opener, manifest: str) -> None:
    apart = manifest + f'\n[models."{SMALL}".late]\nx = 1\n'
    async with opened(apart, size=(120, 70)) as driver:
        await edit_at(driver, "frames")
        await driver.press("end", "0", "0")
        await driver.press("ctrl+end", "down")
        assert text_of(driver) != apart
        await driver.press("down", "down", "end", "2")
        await pause(driver)
        assert text_of(driver) == apart.replace("frames = 16", "frames = 1600").replace("x = 1\n", "x = 12\n")
        await driver.press("up", "up", "up", "x")
        await pause(driver)
        assert source_of(driver).line_text.startswith("x")


async def test_without_a_model_the_file_is_shown(opened: Opener) -> None:
    async with opened("schema_version = 1\n# nothing yet\n") as driver:
        assert "2  # nothing yet" in driver.screen


async def test_of_a_large_file_without_a_model_only_its_own_tables_are_shown(
    opened: Opener, manifest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_text, "WHOLE_UP_TO", 100)
    async with opened(manifest + "\n[broken\nx = 1\n", size=(120, 60)) as driver:
        driver.bench.reveal(("schema_version",))
        await driver.settle()
        assert "2  schema_version = 1" in driver.screen
        assert "[broken" in driver.screen
        assert "fps" not in driver.screen.partition("Validation")[0]
        source_of(driver).go_to_line(manifest.split("\n").index("frames = 16") + 1)
        await driver.settle()
        assert "frames = 16" in driver.screen
        assert "2  schema_version = 1" in driver.screen


# To edit.


async def test_what_is_typed_counts_after_a_pause_as_one_step(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "frames")
        await driver.press("end", "backspace", "backspace", "8", "1")
        assert text_of(driver) == manifest
        assert "frames = 81" in driver.screen
        await pause(driver)
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 81")
        view = driver.bench.view
        assert view is not None
        assert [step.label for step in view.session.history.done] == [f"edit the text of {SMALL}"]
        await driver.press("escape", "u")
        assert text_of(driver) == manifest


async def test_typing_goes_on_in_the_same_step_until_there_is_a_long_pause(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        now = [0.0]
        source_of(driver).clock = lambda: now[0]
        await edit_at(driver, "frames")
        await driver.press("end", "1")
        await pause(driver)
        now[0] = 0.5
        await driver.press("2")
        await pause(driver)
        now[0] = 5.0
        await driver.press("3")
        await pause(driver)
        view = driver.bench.view
        assert view is not None
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 16123")
        assert len(view.session.history.done) == 2
        await driver.press("escape", "u")
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 1612")
        await driver.press("u")
        assert text_of(driver) == manifest
        await driver.press("U", "U")
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 16123")


async def test_typing_and_taking_back_leaves_no_step(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        source_of(driver).clock = lambda: 0.0
        await edit_at(driver, "frames")
        await driver.press("end", "1")
        await pause(driver)
        await driver.press("backspace")
        await pause(driver)
        view = driver.bench.view
        assert view is not None
        assert text_of(driver) == manifest
        assert not view.session.history.done
        assert "unsaved" not in driver.lines[0]


async def test_a_broken_table_stays_and_the_rest_goes_on_working(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("end", "enter", "x", "equals_sign", "quotation_mark")
        await pause(driver)
        assert "LM001" in codes(driver)
        assert "LM001" in driver.line_with('x="')
        assert 'x="' in driver.screen
        await driver.press("escape")
        await driver.press("escape", "k", "k")
        assert driver.bench.detail.model_id == OTHER
        await driver.press("1", "escape", "j", "j", "2")
        assert "unet.safetensors" in driver.screen
        await driver.press("u")
        assert text_of(driver) == manifest


async def test_a_header_may_be_broken_while_it_is_typed(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, f'[models."{SMALL}"]')
        await driver.press("end", "backspace", "backspace")
        await pause(driver)
        assert source_of(driver).is_editing
        assert driver.line_with(f'[models."{SMALL}').rstrip().endswith(SMALL) or "LM00" in driver.screen
        assert "fps = 24" in driver.screen
        await driver.press("quotation_mark", "right_square_bracket")
        await pause(driver)
        assert text_of(driver) == manifest
        await driver.press("escape")
        assert driver.bench.detail.model_id == SMALL
        assert driver.bench.models.model_id == SMALL


async def test_while_its_only_header_is_broken_the_lines_stay(opened: Opener) -> None:
    text = '[models."a@1.0.0"]\nfps = 1\n[models."b@1.0.0"]\nfps = 2\n'
    async with opened(text) as driver:
        await driver.press("s", "home", "up", "e", "home", "delete")
        await pause(driver)
        view = driver.bench.view
        assert view is not None
        assert view.document.model_ids == ("b@1.0.0",)
        assert source_of(driver).is_editing
        await driver.press("left_square_bracket")
        await pause(driver)
        await driver.press("escape")
        assert text_of(driver) == text
        assert driver.bench.detail.model_id == driver.bench.models.model_id == "a@1.0.0"


async def test_what_was_just_typed_is_undone_first(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "frames")
        await driver.press("end", "1")
        await pause(driver)
        source_of(driver).clock = lambda: 1e9
        await driver.press("2", "ctrl+z")
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 161")


async def test_undo_comes_by_what_was_saved(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        source_of(driver).clock = lambda: 0.0
        await edit_at(driver, "frames")
        await driver.press("end", "1", "ctrl+s", "enter", "2")
        await pause(driver)
        await driver.press("ctrl+z")
        assert text_of(driver) == driver.path.read_text() == manifest.replace("frames = 16", "frames = 161")


async def test_another_id_in_the_header_is_another_model(opened: Opener) -> None:
    async with opened('[models."a@1.0.0"]\nversion = "1.0.0"\n') as driver:
        await driver.press("s", "home", "e", "end", "left", "left", "backspace", "7", "escape")
        assert driver.bench.detail.model_id == "a@1.0.7"
        assert driver.bench.models.model_id == "a@1.0.7"
        assert source_of(driver).line == 1


async def test_letters_are_typed_and_control_keys_act(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("end", "q", "u", "n", "1", "question_mark", "slash")
        assert "# as trainedqun1?/" in driver.screen
        await driver.press("ctrl+s")
        assert "+ fps = 24 # as trainedqun1?/" in driver.screen
        await driver.press("enter")
        assert driver.path.read_text() == manifest.replace("# as trained", "# as trainedqun1?/")
        assert source_of(driver).is_editing
        await driver.press("ctrl+z")
        assert text_of(driver) == manifest
        assert "qun1" not in driver.screen
        await driver.press("ctrl+y")
        assert "qun1" in driver.screen


async def test_leaving_the_app_asks_for_what_was_just_typed(opened: Opener) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("x", "ctrl+q")
        assert "unsaved changes" in driver.screen


async def test_undo_brings_the_caret_back_to_where_it_was_typed(opened: Opener) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("end", "x")
        await pause(driver)
        await driver.press("down", "down", "down", "ctrl+z")
        assert source_of(driver).line_text == "fps = 24 # as trained"
        await driver.press("y")
        assert "# as trainedy" in driver.screen


async def test_keys_that_go_elsewhere_end_the_editing_and_keep_what_was_typed(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "frames")
        await driver.press("end", "0")
        await driver.pilot.click("#tree", offset=(10, 1))
        await driver.settle()
        assert not source_of(driver).is_editing
        assert text_of(driver) == manifest.replace("frames = 16", "frames = 160")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
async def test_new_lines_end_as_those_of_the_file(opened: Opener, manifest: str, newline: str) -> None:
    raw = manifest.replace("\n", newline).encode()
    async with opened(raw) as driver:
        await edit_at(driver, "frames")
        await driver.press("end", "enter", "a", "equals_sign", "1")
        await pause(driver)
        assert text_of(driver).encode() == raw.replace(b"frames = 16", b"frames = 16" + newline.encode() + b"a=1")
        await driver.press("up", "end", "delete")
        await pause(driver)
        assert text_of(driver).encode() == raw.replace(b"frames = 16", b"frames = 16a=1")


async def test_what_is_not_edited_stays_to_the_byte(opened: Opener) -> None:
    odd = (
        'schema_version = 1\r\n[models."a@1.0.0"]\n# \u2028 \u0085 \x0c \u2029\r\nfps = 1\nd = """\r\n\u2028\n"""\r\n'
        "\t\tx = 1\r\n"
    )
    async with opened(odd.encode()) as driver:
        await driver.press("s")
        source_of(driver).go_to_line(4)
        await driver.press("e", "end", "2")
        source_of(driver).go_to_line(4)
        await driver.press("down", "down", "down", "down", "end", "3")
        await pause(driver)
        assert text_of(driver) == odd.replace("fps = 1", "fps = 12").replace("x = 1", "x = 13")


async def test_a_file_that_is_no_utf8_is_only_looked_at(opened: Opener) -> None:
    raw = b'[models."a@1.0.0"]\nx = "\xff"\n'
    async with opened(raw) as driver:
        await driver.press("s", "e")
        assert not source_of(driver).is_editing
        assert "UTF-8" in driver.said


async def test_a_large_text_is_checked_aside(opened: Opener, manifest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_editing, "AT_ONCE_UP_TO", 0)
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("end", "enter", "x")
        await pause(driver)
        assert "LM001" in codes(driver)
        await driver.press("backspace", "backspace", "y")
        await driver.press("escape")
        assert text_of(driver) == manifest.replace("# as trained", "# as trainedy")


async def test_select_copy_cut_paste(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        await driver.press("home", "home", "shift+down", "ctrl+x")
        await driver.press("down", "ctrl+v")
        await pause(driver)
        fps = "fps = 24 # as trained\n"
        assert text_of(driver) == manifest.replace(f"{fps}frames = 16\n", f"frames = 16\n{fps}")


async def test_the_mouse_puts_the_caret_and_selects(opened: Opener, manifest: str) -> None:
    async with opened() as driver:
        await edit_at(driver, "fps")
        source = source_of(driver)
        row = source.cursor - int(source.scroll_offset.y)
        at = 1 + source.lead_width + len("fps = ")
        await driver.pilot.click("#source", offset=(at, row))
        await driver.press("3")
        assert source.line_text == "fps = 324 # as trained"
        await driver.pilot.mouse_down("#source", offset=(at, row))
        await driver.pilot.hover("#source", offset=(at + 3, row))
        await driver.pilot.mouse_up("#source", offset=(at + 3, row))
        assert source.buffer is not None
        assert source.buffer.selected_text == "324"
        await driver.press("9")
        await pause(driver)
        assert text_of(driver) == manifest.replace("fps = 24", "fps = 9")


async def test_a_second_click_begins_to_edit(opened: Opener) -> None:
    async with opened() as driver:
        await driver.press("s")
        await driver.pilot.click("#source", offset=(20, 2), times=2)
        await driver.settle()
        assert source_of(driver).is_editing


# Hostile text.

HOSTILE = (
    '[models."a@1.0.0"]\n'
    '"[@click=app.quit]k[/]" = "[bold]b[/] \x1b[31m \u202e \u200b"\n'
    'wide = "日本語 e\u0301 x"\n'
    "# \x1b]0;title\x07 [link=http://z]z[/]\n"
)


@pytest.mark.parametrize("size", [(120, 34), (80, 24)])
async def test_what_cannot_be_seen_is_shown_as_escapes(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(HOSTILE, size) as driver:
        await driver.press("s", "e")
        screen = driver.screen
        assert "\x1b" not in screen
        assert "\u202e" not in screen
        assert "[@click=app.quit]k[/]" in screen
        assert "\\x1b[31m \\u202e \\u200b" in screen
        assert driver.app.return_value is None


async def test_the_caret_stands_on_its_character_whatever_is_before_it(opened: Opener) -> None:
    async with opened(HOSTILE) as driver:
        await driver.press("s")
        source_of(driver).go_to_line(3)
        await driver.press("e", "end", "left", "left")
        assert caret(driver) == "x"
        source_of(driver).blur()
    async with opened('[models."a@1.0.0"]\n# \x1b\u202eab\n') as driver:
        await driver.press("s")
        source_of(driver).go_to_line(2)
        await driver.press("e", "end", "left")
        assert caret(driver) == "b"


def caret(driver: Driver) -> str:
    """What is drawn the other way round."""
    source = source_of(driver)
    strips = [source.render_line(y) for y in range(source.size.height)]
    return "".join(segment.text for strip in strips for segment in strip if (segment.style or Style()).reverse)


async def test_a_line_of_a_megabyte_is_edited_at_its_end(opened: Opener) -> None:
    long = f'[models."a@1.0.0"]\nx = "{"y" * 1_000_000}"\nz = 1\n'
    async with opened(long) as driver:
        await driver.press("s")
        source_of(driver).go_to_line(2)
        await driver.press("e", "end", "left", "w")
        await pause(driver)
        assert caret(driver) == '"'
        assert text_of(driver) == long.replace('y"\n', 'yw"\n')
        await driver.press("home")
        assert "x = " in driver.screen


async def test_who_goes_to_a_line_sees_the_header_of_its_table(opened: Opener, manifest: str) -> None:
    async with opened(size=(80, 24)) as driver:
        await driver.press("g", *"36", "enter")
        await driver.hand.painted()
        assert source_of(driver).line == 36
        assert 'priority = ["hf' in driver.screen
        assert '[models."t2v-small@1.0.0".sources]' in driver.screen


def test_it_can_be_drawn_before_a_text_was_given_to_it() -> None:
    """A narrow screen draws a tab as soon as it is chosen."""
    text, tokens = SourceView().tokens(0)
    assert text == ""
    assert all(token.end == 0 for token in tokens)
