"""The first line: which file, whether it is saved, how much it holds, how many faults."""

from __future__ import annotations

from textual.strip import Strip

from loadmaster.manifest.fields import human_bytes
from loadmaster.manifest.words import plural
from loadmaster.tui.fault_index import Counts
from loadmaster.tui.paint import Inked, Line, Piece, join, span, spread
from loadmaster.tui.since import Since
from loadmaster.tui.visible import middle, visible
from loadmaster.tui.widgets.tree_lines import SIGN_INK


class TitleBar(Inked):
    """One line."""

    DEFAULT_CSS = "TitleBar { height: 1; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._file = ""
        self._state = ""
        self._figures: tuple[int, int, int] | None = None
        self._counts: Counts | None = None
        self._marked = 0
        self._on_disk = 0
        self._since: Since | None = None

    def show(self, file: str, state: str, figures: tuple[int, int, int] | None, counts: Counts | None) -> None:
        """A file, its state in a word (empty when saved), models, files and bytes, and faults; None while unknown."""
        self._file, self._state, self._figures, self._counts = file, state, figures, counts
        self.refresh()

    def show_marked(self, number: int) -> None:
        """How many models are marked."""
        if number != self._marked:
            self._marked = number
            self.refresh()

    def show_on_disk(self, number: int) -> None:
        """How many faults were found on disk, which the check of the text does not know."""
        if number != self._on_disk:
            self._on_disk = number
            self.refresh()

    def show_since(self, since: Since | None) -> None:
        """What the models are compared with, and how many differ."""
        if since is not self._since:
            self._since = since
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Name and figures at the left, faults at the right; the figures give way first."""
        width = self.size.width
        on_disk: Line = [Piece(f"  on disk: {self._on_disk}", "error")] if self._on_disk else []
        right = [*self._fault_words(width >= 100), *on_disk, Piece(" ")]
        state: Line = [
            *([Piece(f"  ● {self._state}", "accent")] if self._state else []),
            *([Piece(f"  ◆ {self._marked} marked", "key")] if self._marked else []),
            *self._since_words(24 if width >= 100 else 10),
        ]
        lead: Line = [Piece(" loadmaster", "key"), Piece("  ")]
        figures = self._figure_words()
        room = width - span(right) - span(lead) - span(state) - 2
        if room < span(figures) + 20:
            figures = []
        file = middle(visible(self._file), max(room - span(figures) - 2, 8))
        left = [*lead, Piece(file, "bright"), *state, *([Piece("   "), *figures] if figures else [])]
        return self.draw(spread(left, right, width), width)

    def _since_words(self, room: int) -> Line:
        if self._since is None:
            return []
        parts = zip("+~−", self._since.numbers, strict=True)
        told = [Piece(f" {sign}{number:,}", SIGN_INK[sign]) for sign, number in parts if number]
        told += [Piece(" ~top level", SIGN_INK["~"])] if self._since.top_differs else []
        base = self._since.base
        name = middle(visible(base.short_name or base.name), room)
        return [Piece("  since ", "label"), Piece(name, "header"), *(told or [Piece(" nothing differs", "label")])]

    def _figure_words(self) -> Line:
        if self._figures is None:
            return []
        models, files, size = self._figures
        words = f"{plural(models, 'model')} · {plural(files, 'file')} · {human_bytes(size)}"
        return [Piece(words, "label")]

    def _fault_words(self, wide: bool) -> list[Piece]:
        if not self._file:
            return []
        if self._counts is None:
            return [Piece("checking …", "label")]
        numbers = ((self._counts.errors, "error"), (self._counts.warnings, "warning"), (self._counts.infos, "info"))
        if not self._counts:
            return [Piece("✓ no faults in the file" if self._on_disk else "✓ no faults", "label")]
        if wide:
            words = [[Piece(plural(n, ink) if ink != "info" else f"{n:,} info", ink)] for n, ink in numbers if n]
            return join(words)
        return join([[Piece(f"{ink[0].upper()}{n}", ink)] for n, ink in numbers if n], " ")
