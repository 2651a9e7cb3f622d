"""The person's own editor: called at the line, given a copy, and what it made of that taken over."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loadmaster.tui.external_editor import NoEditor, command_at, edited_text, editor_of
from loadmaster.tui.screens import workbench_source

if TYPE_CHECKING:
    from tests.tui.conftest import Opener

FILE = Path("/tmp/x/models.toml")


@pytest.mark.parametrize(
    ("editor", "command"),
    [
        (["vi"], ["vi", "+7", str(FILE)]),
        (["/usr/bin/nano", "-w"], ["/usr/bin/nano", "-w", "+7", str(FILE)]),
        (["emacs", "-nw"], ["emacs", "-nw", "+7", str(FILE)]),
        (["code"], ["code", "--wait", "--goto", f"{FILE}:7"]),
        (["hx"], ["hx", f"{FILE}:7"]),
        (["subl"], ["subl", "--wait", f"{FILE}:7"]),
        (["/opt/my editor"], ["/opt/my editor", str(FILE)]),
    ],
)
def test_an_editor_is_given_the_line_in_its_own_way(editor: list[str], command: list[str]) -> None:
    assert command_at(editor, FILE, 7) == command


def test_visual_comes_before_editor_and_words_are_parted_as_in_a_shell() -> None:
    assert editor_of({"VISUAL": "code --new-window", "EDITOR": "vi"}) == ["code", "--new-window"]
    assert editor_of({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]


def test_without_an_editor_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoEditor, match=r"\$EDITOR"):
        editor_of({})


def test_the_copy_is_exact_and_for_its_owner_alone_and_then_gone() -> None:
    text = "a = 1\r\n# \u2028\nb"
    seen: list[Path] = []

    def run(command: Sequence[str]) -> int:
        file = Path(command[-1])
        assert file.read_bytes() == text.encode()
        assert file.name == "models.toml"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.write_bytes(b"b = 2\r\n")
        seen.append(file)
        return 0

    assert edited_text(text, "/else/where/models.toml", 1, ["vi"], run) == "b = 2\r\n"
    assert not seen[0].exists()


def test_a_failure_takes_nothing_over() -> None:
    with pytest.raises(OSError, match="nothing was taken over"):
        edited_text("a = 1\n", "models.toml", 1, ["vi"], lambda _: 1)


async def test_what_the_editor_changed_is_one_step_and_checked(
    opened: Opener, manifest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []

    def run(command: Sequence[str]) -> int:
        lines.append(command[1])
        file = Path(command[-1])
        file.write_text(file.read_text().replace("fps = 24", "fps = 0"))
        return 0

    monkeypatch.setattr(workbench_source, "run_in_terminal", run)
    monkeypatch.setenv("VISUAL", "vi")
    async with opened() as driver:
        monkeypatch.setattr(driver.app, "suspend", contextlib.nullcontext)
        await driver.press("j", "j", "3", "j", "E")
        assert lines == [f"+{manifest.split(chr(10)).index('frames = 16') + 1}"]
        view = driver.bench.view
        assert view is not None
        assert view.document.text == manifest.replace("fps = 24", "fps = 0")
        assert "edit in vi   brings LM103   1 line in 1 model" in driver.said
        assert driver.path.read_text() == manifest
        await driver.press("u")
        assert view.document.text == manifest


async def test_what_is_being_typed_goes_along(opened: Opener, manifest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbench_source, "run_in_terminal", lambda _: 0)
    async with opened() as driver:
        monkeypatch.setattr(driver.app, "suspend", contextlib.nullcontext)
        await driver.press("j", "j", "s", "e", "x", "escape", "E")
        assert "nothing was changed" in driver.said
        view = driver.bench.view
        assert view is not None
        assert view.document.text != manifest


async def test_a_terminal_that_cannot_be_lent_is_told(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "vi")
    async with opened() as driver:
        await driver.press("E")
        assert "cannot be lent" in driver.said
