"""`loadmaster`: one command a module, loaded only when it is called, so that each starts as fast as it can."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from loadmaster.cli.streams import ends_with_its_reader, open_missing, silence_broken

COMMANDS: dict[str, tuple[str, str]] = {
    "add-file": ("files:add_file", "Add a file to a model."),
    "add-model": ("models:add_model", "Add a model."),
    "browse": ("browse:browse", "Open a manifest in the app."),
    "check": ("check:check", "Tell the faults of manifests."),
    "copy-model": ("models:copy_model", "Copy a model, comments and all, to a new id."),
    "diff": ("diff:diff", "Compare two manifests by model and field."),
    "explain": ("explain:explain", "Explain a rule."),
    "fill": ("fill:fill_model", "Fill in true sizes and digests."),
    "fix": ("fix:fix", "Apply the fixes that are sure."),
    "merge": ("merge:merge", "Merge two manifests that grew from one; for git."),
    "migrate": ("migrate:migrate", "Bring a manifest to the current schema version."),
    "move-file": ("files:move_file", "Move a file within its model."),
    "new": ("new:new", "Write a new manifest to start from."),
    "recover": ("recover:recover", "Bring back unsaved work that the app left behind."),
    "remove-file": ("files:remove_file", "Remove a file from a model."),
    "remove-model": ("models:remove_model", "Remove a model."),
    "rename-model": ("models:rename_model", "Rename a model in every header."),
    "schema": ("schema:schema", "Write the JSON Schema of the format."),
    "set": ("set:set_value", "Set a field, also of many models at once."),
    "show": ("show:show", "Show a manifest, a model or a variant."),
    "unset": ("set:unset", "Remove a field."),
    "verify": ("verify:verify", "Verify that the files on disk are as listed."),
    "vram": ("vram:vram", "Say which models fit on a card, and why."),
    "why": ("why:why_not", "Say why a model does not load."),
}
"""Each command with its module and name below `loadmaster.cli`, and what help says of it."""


class Commands(click.Group):
    """The commands by name; anything else that comes first is a file to open in the app."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, its module loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(f"loadmaster.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words ask for; a first word that is none is a file for the app.

        Raises UsageError where it is no file either, and rather a slip.
        """
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            if not os.path.lexists(args[0]):
                _refuse_slip(ctx, args)
            args = ["browse", *args]
        return super().resolve_command(ctx, args)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the words, which may already print help."""
        with ends_with_its_reader():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with ends_with_its_reader():
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _refuse_slip(ctx: click.Context, args: list[str]) -> None:
    """Say that a word is no command where it is like one, or where others follow as only a command takes them."""
    from loadmaster.manifest.words import nearest, visible

    word = visible(args[0])
    likely = None if os.sep in word or "." in word else nearest(word, COMMANDS)
    if likely is not None:
        raise click.UsageError(f"there is no command {word}, nor a file; did you mean {likely}?", ctx)
    if len(args) > 1 and not args[1].startswith("-"):
        raise click.UsageError(f"there is no command {word}, nor a file; `loadmaster --help` lists the commands", ctx)


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"loadmaster {version('loadmaster')}")
    ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`loadmaster FILE` opens the file in the app. `loadmaster COMMAND --help` tells more.",
)
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)
@click.pass_context
def loadmaster(ctx: click.Context) -> None:
    """Browse, check and edit manifests of AI model weights without losing a byte.

    Without FILE: $LOADMASTER_MANIFEST, $WAN_MODELS_MANIFEST, models.toml, config/models.toml, else a chooser.
    """
    if ctx.invoked_subcommand is None:
        from loadmaster.cli.browse import browse

        ctx.invoke(browse)


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line. Exit codes: 0 done, 1 faults found or an edit refused, 2 could not run."""
    from loadmaster.errors import EditRefused, LoadmasterError
    from loadmaster.manifest.words import visible

    open_missing()
    try:
        loadmaster.main(args=arguments, prog_name="loadmaster")
    except EditRefused as refusal:
        click.echo(visible(f"loadmaster: {refusal}"), err=True)
        sys.exit(1)
    except LoadmasterError as error:
        click.echo(visible(f"loadmaster: {error}"), err=True)
        sys.exit(2)
    except RecursionError:
        click.echo("loadmaster: the file is nested too deeply to be read.", err=True)
        sys.exit(2)
    except OSError as error:
        from loadmaster.cli.common import error_words

        silence_broken()
        click.echo(visible(f"loadmaster: {error_words(error)}"), err=True)
        sys.exit(2)
