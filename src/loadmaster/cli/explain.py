"""`loadmaster explain`: the page of a rule, or the list of all."""

from __future__ import annotations

import click

from loadmaster.checks.rule import Rule
from loadmaster.cli.common import CannotRun
from loadmaster.manifest.words import visible


@click.command("explain")
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(("text", "markdown")), default="text", show_default=True)
def explain(code: str | None, form: str) -> None:
    """Explain the rule CODE (LM207 or shard-missing): what it finds, why that matters, what to do, and examples.

    Without CODE: all rules, one a line.
    """
    from loadmaster.checks import catalog  # noqa: F401 - it makes the registry whole
    from loadmaster.checks.rule import RULES

    if code is None:
        rules = sorted(RULES.values(), key=lambda rule: rule.code)
        click.echo(table(rules) if form == "markdown" else listing(rules))
        return
    rule = next((rule for rule in RULES.values() if code.upper() == rule.code or code.lower() == rule.name), None)
    if rule is None:
        raise CannotRun(_unknown(code, [*RULES, *(rule.name for rule in RULES.values())]))
    click.echo(page(rule, markdown=form == "markdown"))


def _unknown(code: str, names: list[str]) -> str:
    from loadmaster.manifest.words import nearest

    likely = nearest(code, names) or nearest(code.upper(), names)
    hint = f"; did you mean {likely}?" if likely else "; `loadmaster explain` lists them"
    return f"there is no rule {code}{hint}"


def page(rule: Rule, *, markdown: bool = False) -> str:
    """The page of a rule, for a terminal or as Markdown."""
    sections = [("What it finds", rule.summary), ("Why it matters", rule.why), ("What to do", rule.mend)]
    if rule.fix:
        sections.append(("Fix", f"`loadmaster fix` can do it: {rule.fix}."))
    if rule.refuses:
        sections.append(("Registry", "`ModelRegistry` does not load a manifest with this fault."))
    sections.append(
        ("Silence", f"`# loadmaster: ignore[{rule.code}]` on the line, or `ignore-file` on top of the file.")
    )
    examples = [("Fails", rule.bad.strip("\n")), ("Passes", rule.good.strip("\n"))]
    if markdown:
        told = [f"# {rule.code} {rule.name}\n\nSeverity: {rule.severity}"]
        told += [f"## {title}\n\n{text}" for title, text in sections]
        fence = "```toml" if rule.offline else "```text"
        told += [f"## {title}\n\n{fence}\n{text}\n```" for title, text in examples]
        return "\n\n".join(told)
    told = [f"{rule.code} {rule.name} ({rule.severity})"]
    told += [f"{title}\n{_indented(_wrapped(text))}" for title, text in sections]
    told += [f"{title}\n{_indented(text)}" for title, text in examples]
    return "\n\n".join(told)


def listing(rules: list[Rule]) -> str:
    """All rules for a terminal, one a line."""
    width = max(len(rule.name) for rule in rules)
    return "\n".join(f"{rule.code}  {rule.severity:<7}  {rule.name:<{width}}  {rule.summary}" for rule in rules)


def table(rules: list[Rule]) -> str:
    """All rules as a Markdown table, as the README shows it."""
    lines = ["| code | name | severity | what it finds | fix |", "|---|---|---|---|---|"]
    lines += [
        f"| {rule.code} | {rule.name} | {rule.severity} | {_cell(rule.summary)} | {_cell(rule.fix)} |" for rule in rules
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _seen(example: str) -> str:
    """An example as it can be printed: that of LM007 holds characters that nobody sees."""
    return "\n".join(map(visible, example.strip("\n").split("\n")))


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, 96, break_long_words=False, break_on_hyphens=False)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.split("\n"))
