"""`detente`: finds the command, says plainly what went wrong, and sets the exit code.

Exit codes: 0 ok, 1 a run failed, 2 a wrong file or usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from sim.errors import RunError, ScenarioError, UserError, clean, did_you_mean

COMMANDS = {  # the module sim.cli.NAME holds `command`
    "run": "Play a scenario in many worlds and show what came out.",
    "report": "Show a run as one page to look at, print or send.",
    "play": "Take a seat at the table; the model plays the rest.",
    "explain": "Tell one world step by step: who offered what, who refused and why.",
    "compare": "Set two files, runs or variants side by side in the same worlds.",
    "reasons": "Count why an outcome fails: which changes would mend it.",
    "stability": "Say what would last at a table if everyone could leave.",
    "levers": "Say which single change raises an outcome or a value most.",
    "sweep": "Play a scenario at every point of a design, one row a point.",
    "sensitivity": "Say what drives the outcomes: varied fields, or private draws and chance.",
    "discover": "Find the ranges of a sweep's fields in which an outcome is likely.",
    "rivals": "Show what other people's models say of a scenario, and where they part.",
    "export": "Write a table's payoffs and games for other programs: csv, Gambit.",
    "demo": "Write one HTML file for a class: predict, reveal, step through worlds.",
    "replay": "Compute a run again, and say whether every bit agrees.",
    "claims": "Say which claims a scenario rests on, and what each moves.",
    "check": "Check scenario files and show every error at once.",
    "init": "Write a commented scenario to start from.",
    "list": "List scenarios, protocols, forms, strategies, rivals or claims.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
}


class Lazy(click.Group):
    """Lists commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return importlib.import_module(f"sim.cli.{cmd_name}").command if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[Any, Any, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise click.UsageError(f"no command '{args[0]}'{did_you_mean(args[0], list(COMMANDS), 'commands')}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"detente {version('detente')}")
        ctx.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def cli() -> None:
    """Bargaining over a ceasefire, simulated and explained."""


def main(args: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # matrices are small: threads would wait for one another
    try:
        code = cli.main(args=args, prog_name="detente", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        code = 130
    except UserError as error:
        click.echo(clean(str(error) if isinstance(error, ScenarioError) else f"error: {error}"), err=True)
        code = 2
    except RunError as error:
        click.echo(clean(f"error: {error}"), err=True)
        code = 1
    except BrokenPipeError:  # the reader of our output left, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
