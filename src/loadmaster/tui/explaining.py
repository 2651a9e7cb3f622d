"""What is said of a rule or a field when someone asks."""

from __future__ import annotations

from loadmaster.checks.diagnostic import Finding
from loadmaster.checks.rule import RULES
from loadmaster.document.places import KeyPath
from loadmaster.manifest.fields import Field, format_value
from loadmaster.tui.figure_sources import sum_words
from loadmaster.tui.paint import SEVERITY_INK, Line, Piece

Explanation = tuple[Line, list[tuple[str, str]]]
"""A title and paragraphs."""

RULE_PAGE = "What it finds"
"""The heading with which the page of a rule begins."""


def explain_finding(finding: Finding) -> Explanation:
    """A fault: what it says here, then the page of its rule."""
    ink = SEVERITY_INK[finding.severity]
    title: Line = [Piece(f"{finding.severity.letter} {finding.code}  ", ink), Piece(finding.name, "bright")]
    paragraphs = [("", finding.message)]
    rule = RULES.get(finding.code)
    if rule is not None:
        paragraphs += [(RULE_PAGE, rule.summary), ("Why it matters", rule.why), ("What to do", rule.mend)]
        if rule.bad and rule.offline:
            paragraphs += [("Fails", rule.bad.strip("\n")), ("Passes", rule.good.strip("\n"))]
    if finding.fix is not None:
        paragraphs.insert(1, ("Fix (f)", finding.fix.title + ("" if finding.fix.safe else " — a guess: look at it")))
    return title, paragraphs


def explain_field(field: Field, path: KeyPath, value: object, place: str = "") -> Explanation:
    """A field of the format; `place` tells in words where it stands in the file."""
    title: Line = [Piece(field.key, "bright"), Piece(f"  {field.title}", "label")]
    facts = [f"{field.kind.phrase}" + (f", in {field.unit}" if field.unit else "")]
    facts.append("required" if field.required else "may be absent")
    if field.has_default:
        facts.append(f"{format_value(field, field.default) or 'empty'} where it is absent")
    if field.minimum is not None:
        facts.append(f"{'more than' if field.exclusive_minimum else 'at least'} {field.minimum:g}")
    if field.maximum is not None:
        facts.append(f"at most {field.maximum:g}")
    paragraphs = [("", field.doc), ("The format", "; ".join(facts) + ".")]
    if field.choices:
        paragraphs.append(("Often", ", ".join(field.choices)))
    if field.key == "size" and isinstance(value, int) and not isinstance(value, bool):
        paragraphs.append(("Here", sum_words(value)))
    elif field.example is not None:
        paragraphs.append(("For example", format_value(field, field.example)))
    where = " › ".join(str(part) for part in path)
    paragraphs.append(("Where", f"{where}   {place}".rstrip()))
    return title, paragraphs
