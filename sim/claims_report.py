"""Which sentence matters: the claims that a scenario rests on, what rests on each, and how much each moves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.influence import ENOUGH
from sim.errors import at_least
from sim.flips import Flip, backing, documents, flip, groups
from sim.montecarlo.playing import Progress
from sim.montecarlo.runners import Runner
from sim.runs import run
from sim.scenario.loader import Loaded, given
from sim.store.rows import identity, keeping

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class ClaimsReport:
    """What a scenario rests on: `document` as in claims.json."""

    document: dict[str, Any]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row an outcome and a claim screened, or a claim, group or document flipped: the effect of true against
        false with its interval. Without a row where there is no contrast."""
        import pandas as pd

        looked = [("screened", c, v["influence"]) for c, v in self.document["claims"].items()]
        looked += [(f["kind"], f["name"], f["influence"]) for f in self.document["flips"]]
        rows = [
            {"kind": kind, "name": name, "outcome": outcome, **effect}
            for kind, name, influence in looked
            for outcome, effect in influence.items()
            if effect is not None
        ]
        return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["kind", "name", "outcome"])

    def figures(self) -> dict[str, Figure]:
        """name -> figure: for every outcome, what moves it."""
        from sim.report.claims import tornado

        return {f"claims_{o}": tornado(self.document, o) for o in self.document["outcomes"]}


def claims(
    scenario: Loaded | Path | str,
    worlds: int = 2000,
    seed: int = 1,
    *,
    top: int = 10,
    flip_worlds: int = 1000,
    processes: int | Runner = 1,
    out: Path | str | None = None,
    force: bool = False,
    progress: Progress = lambda done, of: None,
) -> ClaimsReport:
    """Its document: `claims` screened from a run of `worlds`, most important first, and `flips`, in the same
    `flip_worlds` worlds: the first `top` of them, those that are too seldom off to be screened, every group of claims
    that share a term, and every document; `opens`: issues that are not on the table without them. top = 0: no flips.

    With `out`, what is finished is kept there, and the same call goes on from it. `progress(done, of)` counts worlds,
    those of a flip once. Raises UserError for a folder of another report, without `force`.
    """
    loaded, out = given(scenario), None if out is None else Path(out)
    at_least(1, flip_worlds=flip_worlds)

    def flipped(done: int, of: int) -> None:
        progress(worlds + done * flip_worlds, worlds + of * flip_worlds)

    with keeping(out, identity("claims", loaded, seed=seed), force) as kept:
        how: dict[str, Any] = {"out": None if out is None else out / "screened", "force": force, "progress": progress}
        summary = run(loaded, worlds, seed, processes=processes, **how).document
        found = {c: {"backs": backs, **summary["claims"][c]} for c, backs in backing(loaded.scenario).items()}
        screened = dict(sorted(found.items(), key=lambda item: -_size(item[1]["influence"])))
        flips = _flips(loaded, screened, top) if top else []
        moves = flip(loaded, flips, flip_worlds, seed, processes=processes, kept=kept, progress=flipped)
    about = {"scenario": summary["scenario"], "worlds": worlds, "flip_worlds": flip_worlds if top else 0, "seed": seed}
    return ClaimsReport(about | _document(loaded, screened, flips, moves))


def _document(
    loaded: Loaded, screened: dict[str, Any], flips: list[Flip], moves: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """What is said of every claim that was screened, in their order, and of every flip, the largest first."""
    issues = loaded.scenario.issues.items()
    return {
        "outcomes": list(loaded.scenario.outcomes),
        "claims": {
            c: {
                **{k: getattr(loaded.claims[c], k) for k in ("author", "source", "kind", "strength", "says")},
                **said,
            }
            for c, said in screened.items()
        },
        "flips": [
            {
                "kind": f.kind,
                "name": f.name,
                "claims": list(f.claims),
                "influence": moves.get(f.name, {}),
                "opens": [n for n, i in issues if i.claims and set(i.claims) <= set(f.claims)],
            }
            for f in sorted(flips, key=lambda f: -_size(moves.get(f.name, {})))
        ],
    }


def planned(loaded: Loaded, worlds: int, top: int) -> tuple[int, int]:
    """About how many flips there are to be, and how many runs they take: which ones, only the screening says."""
    used = list(backing(loaded.scenario))
    often = [c for c in used if ENOUGH <= loaded.claims[c].strength * worlds <= worlds - ENOUGH]
    screened = {c: {"influence": {"": True}} for c in often} | {c: {"influence": {}} for c in used if c not in often}
    flips = _flips(loaded, screened, top) if top else []
    return len(flips), sum(1 if len(f.claims) == 1 else 2 for f in flips) + bool(flips)


def _size(influence: dict[str, Any]) -> float:
    """The greatest effect on any outcome; −1 where there is no contrast."""
    return max((abs(v["estimate"]) for v in influence.values() if v is not None), default=-1.0)


def _flips(loaded: Loaded, screened: dict[str, Any], top: int) -> list[Flip]:
    blind = [c for c, told in screened.items() if not any(told["influence"].values())]
    single = list(dict.fromkeys([*list(screened)[:top], *blind]))
    found = [Flip("claim", c, (c,)) for c in single]
    found += [Flip("group", " + ".join(g), g) for g in groups(loaded.scenario)]
    for source, claims in documents(loaded.scenario, loaded.claims).items():
        if len(claims) > 1:
            found.append(Flip("document", source, claims))
        elif claims[0] not in single:
            found.append(Flip("claim", claims[0], claims))
    return found
