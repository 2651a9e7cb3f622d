"""The tables of a list, such as a model's files, as elements; and which comment heads a run of them.

A comment above a file that is followed by others of its component without a comment of their own is their heading:
it stays to head the next when that file goes or moves.
"""

from __future__ import annotations

from dataclasses import dataclass

from loadmaster.document.document import Document
from loadmaster.document.places import KeyPath


@dataclass(frozen=True, slots=True)
class Element:
    """One item of a list of tables: the indices of its tables, and the members of the run that its comment heads."""

    tables: tuple[int, ...]
    heads: tuple[int, ...] = ()

    @property
    def is_together(self) -> bool:
        """Whether its tables follow one another in the file."""
        return self.tables[-1] - self.tables[0] == len(self.tables) - 1


def elements(document: Document, path: KeyPath) -> list[Element]:
    """The items of the list of tables at `path`, in order."""
    grouped: dict[int, list[int]] = {}
    size = len(path)
    for index, known in document.layout(path):
        if known[:size] == path and len(known) > size and isinstance(known[size], int):
            grouped.setdefault(int(known[size]), []).append(index)
    found = [Element(tuple(grouped[number])) for number in sorted(grouped)]
    components = [document.tables[element.tables[0]].data.get("component") for element in found]
    leads = [document.tables[element.tables[0]].lead for element in found]
    result = []
    for number, element in enumerate(found):
        end = number + 1
        if leads[number] and components[number] is not None:
            while end < len(found) and components[end] == components[number] and not leads[end]:
                if found[end].tables[0] != found[end - 1].tables[-1] + 1:
                    break  # other tables stand between: what heads those before does not head this one
                end += 1
        result.append(Element(element.tables, tuple(range(number, end)) if end - number > 1 else ()))
    return result
