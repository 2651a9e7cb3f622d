"""`loadmaster fix`: the fixes that are sure, those that guess when asked, and merge conflicts for one side."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from loadmaster.checks.config import CheckConfig, load_config
from loadmaster.checks.diagnostic import Finding, Fix
from loadmaster.checks.engine import findings, locate
from loadmaster.checks.text_fixes import TakeSide
from loadmaster.cli.common import DIFF, CannotRun, GivenPath, change_manifest, codes_of, say
from loadmaster.document.conflicts import Side
from loadmaster.document.document import Document
from loadmaster.document.store import reason_of
from loadmaster.errors import EditRefused, LoadmasterError

ROUNDS = 20
"""A fix may make room for another; what still changes after as many rounds would never end."""


@dataclass
class Outcome:
    """What was done and what was left: lines for a person, and whether a fix was refused."""

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unsafe: int = 0
    undecided: int = 0
    without: int = 0


@click.command("fix")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=GivenPath())
@click.option("--select", multiple=True, metavar="CODES", help="Only the fixes of these rules: LM202, or LM4.")
@click.option("--unsafe", is_flag=True, help="Also those that guess, such as a key renamed by likeness.")
@click.option(
    "--take",
    type=click.Choice(("ours", "theirs", "both")),
    help="Decide merge conflicts. Without --select and --unsafe nothing else is mended then.",
)
@DIFF
def fix(files: tuple[Path, ...], select: tuple[str, ...], unsafe: bool, take: Side | None, only_diff: bool) -> None:
    """Mend what is sure in each FILE, and tell what was done and what was left.

    Each fix changes the text as an edit by hand would, and comments stay. Answers 0 where all that was asked for is
    done, 1 where a fix was refused, 2 where a file could not be read or written.
    """
    codes = codes_of(select)
    answer = 0
    for file in files:
        try:
            refused = _mend_file(file, codes, lambda finding: _chosen(finding, codes, unsafe, take), only_diff)
            answer = max(answer, int(refused))
        except (CannotRun, LoadmasterError) as error:
            say(f"loadmaster: {error}")
            answer = max(answer, error.exit_code if isinstance(error, CannotRun) else 2)
        except BrokenPipeError:
            raise
        except OSError as error:
            say(f"loadmaster: {file}: {reason_of(error)[1]}")
            answer = 2
    sys.exit(answer)


def _mend_file(file: Path, codes: Sequence[str], wanted: Callable[[Finding], Fix | None], only_diff: bool) -> bool:
    """Mend one file and tell of it; gives whether a fix was refused."""
    config = load_config(file.parent)
    outcome = Outcome()

    def change(document: Document) -> Document:
        mended = mend(document, config, wanted, outcome, str(file))
        _count_left(mended, config, outcome, codes)
        return mended

    change_manifest(file, change, only_diff, unchanged="")
    _tell(file, outcome, only_diff)
    return bool(outcome.refused)


def _chosen(finding: Finding, codes: Sequence[str], unsafe: bool, take: Side | None) -> Fix | None:
    """The fix to apply for a finding, if any."""
    mending = finding.fix
    if mending is None or (codes and not finding.code.startswith(tuple(codes))):
        return None
    if isinstance(mending, TakeSide):
        return mending.with_side(take) if take else None
    if take and not (codes or unsafe):
        return None
    return mending if mending.safe or unsafe else None


def mend(
    document: Document,
    config: CheckConfig,
    wanted: Callable[[Finding], Fix | None],
    outcome: Outcome,
    file: str = "",
) -> Document:
    """`document` with the wanted fixes applied, round after round until none of them changes anything."""
    refused: set[tuple[str, ...]] = set()
    for _ in range(ROUNDS):
        before = document
        for finding in findings(document, config):
            mending = wanted(finding)
            if mending is None or finding.key in refused:
                continue
            # Looked up before the fix, whose place is where the fault was.
            line = locate(before, finding).place.line
            try:
                mended = mending.apply(document)
            except EditRefused as refusal:
                refused.add(finding.key)
                outcome.refused.append(f"{file}:{line}: {finding.code} {mending.title}: {refusal}")
                continue
            if mended.text != document.text:
                outcome.done.append(f"{file}:{line}: {finding.code} {mending.title}")
            document = mended
        if document.text == before.text:
            break
    return document


def _count_left(document: Document, config: CheckConfig, outcome: Outcome, codes: Sequence[str]) -> None:
    """Count the faults that are left, by why they are."""
    for finding in findings(document, config):
        if codes and not finding.code.startswith(tuple(codes)):
            continue
        if isinstance(finding.fix, TakeSide):
            outcome.undecided += 1
        elif finding.fix is None or finding.fix.safe:
            outcome.without += 1
        else:
            outcome.unsafe += 1


def _tell(file: Path, outcome: Outcome, only_diff: bool) -> None:
    """What was done on stdout, unless the difference stands there; what was left on stderr."""
    from loadmaster.manifest.words import plural, visible

    for line in outcome.done:
        click.echo(visible(line), err=only_diff)
    for line in outcome.refused:
        say(line)
    left = []
    if outcome.undecided:
        left.append(f"{plural(outcome.undecided, 'merge conflict')} to decide with --take ours, theirs or both")
    if outcome.unsafe:
        left.append(f"{plural(outcome.unsafe, 'fault')} with a fix that guesses (--unsafe)")
    if outcome.without:
        left.append(f"{plural(outcome.without, 'fault')} that only you can mend")
    did = plural(len(outcome.done), "fix").replace("fixs", "fixes")
    say(f"{file}: {did} {'to apply' if only_diff else 'applied'}" + (f"; left: {', '.join(left)}" if left else ""))
