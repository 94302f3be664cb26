"""`detente schema`: the JSON Schema of the scenario language."""

from __future__ import annotations

import json

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of scenario files.

    Save it beside your scenarios (detente schema > scenario.schema.json) and begin each of them with
    "# yaml-language-server: $schema=scenario.schema.json": editors then complete and check as you type.
    """
    from sim.scenario.schema import Scenario

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
