"""`loadmaster schema`: the format as a JSON Schema."""

from __future__ import annotations

import json

import click


@click.command("schema")
@click.option("--strict", is_flag=True, help="Refuse keys that the format does not know, too.")
def schema(strict: bool) -> None:
    """Print the JSON Schema of the format, for editors and for linters of TOML.

    It is made from the same fields as the check, and refuses what the check calls an error of shape. taplo and tombi
    take it; so editors complete and explain the keys.
    """
    from loadmaster.manifest.json_schema import manifest_schema

    click.echo(json.dumps(manifest_schema(strict=strict), indent=2, ensure_ascii=False))
