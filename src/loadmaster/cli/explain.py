"""`loadmaster explain`: the page of a rule, or the list of all."""

from __future__ import annotations

import click

from loadmaster.cli.common import CannotRun


@click.command("explain")
@click.argument("code", required=False)
@click.option("--table", "as_table", is_flag=True, help="All rules as a Markdown table.")
def explain(code: str | None, as_table: bool) -> None:
    """Explain the rule CODE (LM207 or shard-missing): what it finds, why that matters, what to do, and examples.

    Without CODE: all rules, one a line.
    """
    from loadmaster.checks import catalog  # noqa: F401 - it makes the registry whole
    from loadmaster.checks.explain import UnknownRuleError, rules_table
    from loadmaster.checks.explain import explain as page
    from loadmaster.checks.rule import RULES

    if as_table:
        click.echo(rules_table(), nl=False)
        return
    if code is None:
        rules = sorted(RULES.values(), key=lambda rule: rule.code)
        width = max(len(rule.name) for rule in rules)
        for rule in rules:
            click.echo(f"{rule.code}  {rule.severity:<7}  {rule.name:<{width}}  {rule.summary}")
        return
    try:
        click.echo(page(code), nl=False)
    except UnknownRuleError as error:
        raise CannotRun(f"{error}{_likely(code, [*RULES, *(rule.name for rule in RULES.values())])}") from error


def _likely(code: str, names: list[str]) -> str:
    from loadmaster.manifest.words import nearest

    likely = nearest(code, names) or nearest(code.upper(), names)
    return f"; did you mean {likely}?" if likely else ""
