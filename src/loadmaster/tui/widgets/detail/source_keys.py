"""The keys of the Source pane while it is edited: those that every editor and every shell has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from loadmaster.tui.widgets.detail.source_buffer import SourceBuffer

Press = Callable[[SourceBuffer, int], object]
"""What a key does to a buffer, on a screen of so many lines. It answers False where the lines end."""


def _lines(step: int, select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_lines(step, select)


def _pages(step: int, select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_lines(step * page, select) and None


def _columns(step: int, select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_columns(step, select)


def _words(step: int, select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_words(step, select)


def _home(select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_home(select)


def _end(select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_end(select)


def _first(select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_to(0, 0, select)


def _last(select: bool = False) -> Press:
    return lambda buffer, page: buffer.move_to(len(buffer.lines), len(buffer.lines[-1]), select)


def _do(act: Callable[[SourceBuffer], object]) -> Press:
    return lambda buffer, page: act(buffer) and None


KEYS: Mapping[str, Press] = {
    "up": _lines(-1),
    "down": _lines(1),
    "shift+up": _lines(-1, select=True),
    "shift+down": _lines(1, select=True),
    "pageup": _pages(-1),
    "pagedown": _pages(1),
    "shift+pageup": _pages(-1, select=True),
    "shift+pagedown": _pages(1, select=True),
    "left": _columns(-1),
    "right": _columns(1),
    "shift+left": _columns(-1, select=True),
    "shift+right": _columns(1, select=True),
    "ctrl+left": _words(-1),
    "ctrl+right": _words(1),
    "ctrl+shift+left": _words(-1, select=True),
    "ctrl+shift+right": _words(1, select=True),
    "home": _home(),
    "ctrl+a": _home(),
    "shift+home": _home(select=True),
    "end": _end(),
    "ctrl+e": _end(),
    "shift+end": _end(select=True),
    "ctrl+home": _first(),
    "ctrl+end": _last(),
    "ctrl+shift+home": _first(select=True),
    "ctrl+shift+end": _last(select=True),
    "enter": _do(SourceBuffer.break_line),
    "backspace": _do(SourceBuffer.delete_left),
    "delete": _do(SourceBuffer.delete_right),
    "ctrl+d": _do(SourceBuffer.delete_right),
    "ctrl+w": _do(SourceBuffer.delete_word_left),
    "ctrl+k": _do(SourceBuffer.delete_to_end),
    "ctrl+u": _do(SourceBuffer.delete_to_start),
    "tab": _do(lambda buffer: buffer.indent(1)),
    "shift+tab": _do(lambda buffer: buffer.indent(-1)),
}
