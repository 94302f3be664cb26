"""`detente compare`: two files, runs or variants in the same worlds."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.shared import computing_options, expected, into, keep, progress_bar, seed_option, show, worlds_option

if TYPE_CHECKING:
    from sim.montecarlo.runners import Runner
    from sim.runs import Result
    from sim.scenario.loader import Loaded


@click.command("compare")
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@click.option("--set", "overrides", metavar="PATH=VALUE", multiple=True, help="Change one field of B; repeatable.")
@click.option("--claims", type=click.Choice(["drawn", "all"]), help="In B: draw each claim, or take all as true.")
@click.option(
    "--only-source", metavar="NAME", multiple=True, help="In B: only this source's claims (see `detente list claims`)."
)
@click.option("--without-source", metavar="NAME", multiple=True, help="In B: all but this source's; repeatable.")
@worlds_option()
@seed_option
@computing_options("compare-A-B-sSEED", "another comparison")
def command(
    first: str,
    second: str | None,
    overrides: tuple[str, ...],
    claims: str | None,
    only_source: tuple[str, ...],
    without_source: tuple[str, ...],
    worlds: int,
    seed: int,
    runner: Runner,
    out: Path | None,
    as_json: bool,
    force: bool,
    dry_run: bool,
) -> None:
    """Play A and B in the same worlds, and show what they assume and what comes out differently.

    A and B are scenario files, bundled scenarios by name, or folders of finished runs. Without B, it is A with what
    --set, --claims, --only-source or --without-source change. An interrupted comparison goes on with the same command.
    """
    changed = {"claims": claims, "only_source": only_source, "without_source": without_source}
    if second is None and not (overrides or any(changed.values())):
        raise click.UsageError("compare with what? Give a second file or run, or --set PATH=VALUE.")
    from sim.comparison import compare
    from sim.report.comparison import tell_comparison
    from sim.runs import Result

    change = f"{zlib.crc32(repr((overrides, changed)).encode()):08x}"  # each change has a folder of its own
    names = [Path(first).stem, *([Path(second).stem] if second else [])]
    names += [f"changed-{change}"] * bool(overrides or any(changed.values()))
    folder = out or Path("results") / f"compare-{'-'.join(names)}-s{seed}"
    how: dict[str, Any] = {"worlds": worlds, "seed": seed, "processes": runner, "force": force}
    if Path(first).is_dir():
        how |= _as_there(Path(first))
    if dry_run:
        click.echo(_planned([p for p in (first, second or first) if p], overrides, how))
        return
    sides = [_side(first, (), {}), _side(second or first, overrides, changed)]  # a mistake in either is told at once
    with into(folder):
        one, two = (
            side if isinstance(side, Result) else _played(side, how | {"out": folder / name})
            for side, name in zip(sides, ("one", "two"), strict=True)
        )
        found = compare(one, two)
        keep(found, folder, "compare")
    show(found.document, f"{tell_comparison(found.document)}\n\nFigure: {folder}", as_json)


def _as_there(folder: Path) -> dict[str, int]:
    """Worlds and seed of a run that is there, so that what it is compared with has the same ones."""
    from sim.runs import open_run

    run = open_run(folder)
    return {"worlds": run.blocks.worlds, "seed": run.seed}


def _side(source: str, overrides: tuple[str, ...], changed: dict[str, Any]) -> Result | tuple[Loaded, dict[str, Any]]:
    """A finished run as it is, or a scenario to play and how claims count; a run that is changed is played again from
    its own file."""
    from sim.runs import ClaimRule, check_sources, open_run
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    given = {k: v for k, v in changed.items() if v}
    if Path(source).is_dir():
        there = open_run(source)
        if not overrides and not given:
            return there
        its = {"claims": there.rule.mode, "only_source": there.rule.only, "without_source": there.rule.without}
        source, given = str(Path(source) / "scenario.yaml"), its | given
    loaded = load(find_scenario(source), overrides)
    only, without = (tuple(given.get(k, ())) for k in ("only_source", "without_source"))
    check_sources(loaded, ClaimRule(given.get("claims", "drawn"), only, without))
    return loaded, given


def _played(side: tuple[Loaded, dict[str, Any]], how: dict[str, Any]) -> Result:
    from sim.runs import run

    with progress_bar() as progress:
        return run(side[0], progress=progress, **side[1], **how)


def _planned(sources: list[str], overrides: tuple[str, ...], how: dict[str, Any]) -> str:
    from sim.scenario.claims import find_scenario
    from sim.scenario.loader import load

    files = [Path(s) / "scenario.yaml" if Path(s).is_dir() else find_scenario(s) for s in sources]
    loaded = [load(files[0]), load(files[1], overrides)]
    seconds = sum(expected(one, how["worlds"], how["processes"]) for one in loaded)
    return f"2 runs of {how['worlds']:,} worlds, seed {how['seed']}: about {seconds:.0f} s"
