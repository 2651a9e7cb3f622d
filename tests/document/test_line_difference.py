"""Lines that differ: what is told leads from one text to the other, and two edits far apart cost little."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadmaster.document.document import Document
from loadmaster.document.history import step_between
from loadmaster.document.line_difference import MOST_COMPARED, changed_groups, lines_of

LINES = st.sampled_from(["", "a = 1", "b = 2", "# note", "[t]", "[u]", "[[f]]", "x = 1"])
TEXTS = st.lists(LINES, max_size=14).map("\n".join)


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_the_groups_lead_from_the_old_lines_to_the_new(old: str, new: str, context: int) -> None:
    step = step_between(Document.from_text(old), Document.from_text(new), "")
    before, after = lines_of(step.old), lines_of(step.new)
    rebuilt: list[str] = []
    at = 0
    for group in changed_groups(step.old, step.new, context):
        rebuilt += before[at : group[0][1]]
        for kind, i1, i2, j1, j2 in group:
            assert (kind == "equal") <= (before[i1:i2] == after[j1:j2])
            rebuilt += after[j1:j2]
            at = i2
        for kind, i1, i2, _, _ in (group[0], group[-1]):
            assert kind != "equal" or i2 - i1 <= context
    assert rebuilt + before[at:] == after


def test_two_edits_far_apart_are_two_groups_of_a_line_each() -> None:
    # Alike lines in every table: what made a comparison of all lines quadratic.
    text = "".join(f"[[files]]\npath = \"{n}\"\nsize = 1\ncomponent = 'unet'\n\n" for n in range(20_000))
    new = text.replace('path = "0"', 'path = "x"').replace('path = "19999"', 'path = "y"')
    step = step_between(Document.from_text(text), Document.from_text(new), "")
    groups = changed_groups(step.old, step.new, 0)
    assert [[opcode[0] for opcode in group] for group in groups] == [["replace"], ["replace"]]
    assert all(group[0][2] - group[0][1] == 1 for group in groups)


def test_what_is_too_long_to_compare_is_told_as_replaced() -> None:
    size = int(MOST_COMPARED**0.5) + 10
    old = "[a]\n" + "x = 1\n" * size
    new = "[b]\n" + "x = 1\n" * size
    step = step_between(Document.from_text(old), Document.from_text(new), "")
    assert changed_groups(step.old, step.new, 1) == [[("replace", 0, size + 1, 0, size + 1)]]
