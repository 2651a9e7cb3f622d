"""The page of a rule, and the table of all of them, as Markdown."""

from __future__ import annotations

from loadmaster.checks.diagnostic import Severity
from loadmaster.checks.rule import RULES, Rule
from loadmaster.manifest.words import visible


class UnknownRuleError(KeyError):
    """There is no rule of that code; the message names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])


def find_rule(code: str) -> Rule:
    """The rule of a code (`LM207`, in any case) or of a name (`shard-missing`). Raises UnknownRuleError."""
    wanted = code.strip()
    rule = RULES.get(wanted.upper()) or next((rule for rule in RULES.values() if rule.name == wanted.lower()), None)
    if rule is None:
        family = [known for known in RULES if known.startswith(wanted.upper()[:3])]
        near = family if wanted.upper().startswith("LM") and family else list(RULES)
        raise UnknownRuleError(f"there is no rule {wanted}; there are {near[0]} to {near[-1]}")
    return rule


def explain(code: str) -> str:
    """The page of a rule: what it finds, why that matters, how to mend it, an example that fails and one that passes.

    Raises UnknownRuleError.
    """
    rule = find_rule(code)
    parts = [
        f"# {rule.code} {rule.name}",
        f"**{rule.severity}**{', and the registry refuses the manifest' if rule.refuses else ''}. {rule.summary}",
        f"## Why\n\n{rule.why}",
        f"## How to mend it\n\n{rule.mend}",
    ]
    if rule.fix:
        parts.append(f"Fix: {rule.fix}.")
    if rule.offline:
        parts.append(f"## Fails\n\n{_block(rule.bad)}")
        parts.append(f"## Passes\n\n{_block(rule.good)}")
        parts.append(f"Silence it on a line with `# loadmaster: ignore[{rule.code}]`.")
    else:
        parts.append(f"## Fails\n\n{rule.bad}")
        parts.append(f"## Passes\n\n{rule.good}")
        parts.append(_ASKED.get(rule.code[:3], "").strip())
    return "\n\n".join(parts) + "\n"


_ASKED = {
    "LM8": "Found by `loadmaster verify`, which reads the files on disk.",
    "LM9": "Found by `loadmaster check --online`, which asks the source.",
}


def _block(text: str) -> str:
    """A manifest as a block of code; what cannot be seen (a mark, a carriage return) as an escape."""
    lines = text.split("\n")
    ended = lines[-1] == ""
    shown = "\n".join(visible(line) for line in (lines[:-1] if ended else lines))
    return f"```toml\n{shown}\n```" + ("" if ended else "\n\n(no newline at the end)")


def rules_table() -> str:
    """All rules as a Markdown table for the README, in the order of their codes."""
    lines = ["| code | name | severity | finds | fix |", "|---|---|---|---|---|"]
    for rule in RULES.values():
        severity = f"**{rule.severity}**" if rule.severity is Severity.ERROR else str(rule.severity)
        finds = rule.summary.replace("|", "\\|")
        lines.append(f"| {rule.code} | {rule.name} | {severity}{' R' if rule.refuses else ''} | {finds} | {rule.fix} |")
    return "\n".join(lines) + "\n"
