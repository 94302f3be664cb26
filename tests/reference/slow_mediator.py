"""What a mediator says when talks open, and whether it is believed (Kydd 2003), for one world in plain loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from slow_beliefs import bayes
from slow_demands import focal
from slow_forecast import Game, Values, forecast, refusing
from slow_meeting import Meeting, best, chances, fallbacks, gain, meeting, scored, worth
from slow_solve import at_the_end, foresight, lapsing, solve
from slow_table import Table
from slow_world import Now


@dataclass
class Subject:
    """Something that an actor keeps private: the value of a type, or which half of its prior its resolve is in."""

    actor: str
    type: str | None
    values: list[str]

    def odds(self, table: Table) -> list[float]:
        """What the table thinks of it."""
        if self.type is None:
            w = table.upper[self.actor]
            return [1 - w, w]
        shares = list(zip(table.world.profiles[self.actor], table.odds[self.actor], strict=True))
        return [sum(mu for p, mu in shares if p.values[self.type] == v) for v in self.values]

    def after(self, table: Table, likelihood: list[float]) -> Table:
        """The table once something this likely under each value has been seen."""
        if self.type is None:
            odds = self.odds(table)
            bayes(odds, likelihood)
            return replace(table, upper=table.upper | {self.actor: odds[1]})
        mine = list(table.odds[self.actor])
        profiles = table.world.profiles[self.actor]
        bayes(mine, [likelihood[self.values.index(p.values[self.type])] for p in profiles])
        return replace(table, odds=table.odds | {self.actor: mine})

    def truth(self, table: Table) -> int:
        world = table.world
        if self.type is None:
            return int(world.uniform(f"resolve {self.actor} {table.name}") >= 0.5)
        return self.values.index(world.profiles[self.actor][world.kind[self.actor]].values[self.type])


def subjects(table: Table) -> Iterator[Subject]:
    about = table.rules.mediator.about
    if about is None:
        yield from (Subject(p, None, ["below", "above"]) for p in table.parties)
    elif about.type is None:
        yield Subject(about.actor, None, ["below", "above"])
    else:
        named = [p.values[about.type] for p in table.world.profiles[about.actor]]
        yield Subject(about.actor, about.type, list(dict.fromkeys(named)))


def mediate(table: Table, state: Now, now: int) -> None:
    """One message on each subject; the table's beliefs move where it is believed."""
    feature = table.rules.mediator
    if feature is None or not table.world.backed(feature.claims):
        return
    for subject in subjects(table):
        seen, of = _sees(table, subject, feature.accuracy)
        table.believed[subject.actor] = _credible(table, subject, of, state, now)
        if table.believed[subject.actor]:
            heard = subject.after(table, of[seen])
            table.odds.update(heard.odds)
            table.upper.update(heard.upper)


def _sees(table: Table, subject: Subject, accuracy: float) -> tuple[int, list[list[float]]]:
    """What the mediator sees, and how likely each thing that it may see is under each true value."""
    n, true = len(subject.values), subject.truth(table)
    if n == 1:
        return 0, [[1.0]]
    other = (1 - accuracy) / (n - 1)
    of = [[accuracy if s == v else other for v in range(n)] for s in range(n)]
    u = table.world.uniform(f"mediator {table.name} {subject.actor}")
    if u < accuracy:
        return true, of
    wrong = [v for v in range(n) if v != true]
    return wrong[min(int((u - accuracy) / (1 - accuracy) * (n - 1)), n - 2)], of


def _credible(table: Table, subject: Subject, of: list[list[float]], state: Now, now: int) -> bool:
    """Whether saying what it sees is best for the mediator, whatever it sees, if it is believed."""
    by, n = table.rules.mediator.by, len(subject.values)
    truths = [subject.after(table.seated([by]), [float(v == true) for v in range(n)]) for true in range(n)]
    worth_of = []  # [message][true value]
    for message in range(n):
        told = subject.after(table, of[message]).seated([by])
        game = solve(told, state, now)
        worth_of.append([_told(told, truth, game, subject, by) for truth in truths])
    prior = subject.odds(table)
    for seen in range(n):
        joint = [p * x for p, x in zip(prior, of[seen], strict=True)]
        if sum(joint) <= 1e-300:
            continue
        U = [sum(p * v for p, v in zip(joint, row, strict=True)) / sum(joint) for row in worth_of]
        if U[seen] < max(U) - table.slack(by):
            return False
    return True


def _told(table: Table, truth: Table, game: Game, subject: Subject, by: str) -> float:
    """V of the mediator before the first meeting where all believe as at `table` and the subject is as in `truth`."""
    mine = _along_its_path(truth, game, by)
    value = {by: (mine.none[game.end] if game.over else at_the_end(truth, mine))[by]}
    for t in range(game.end - 1, game.now - 1, -1):
        mine.value[t + 1] = value
        mine.refuse[t] = game.refuse[t] | refusing(table, mine, t, value)
        if table.lapse:
            mine.agreed[t] = game.agreed[t] | {by: lapsing(table, mine, t, [by])[by]}
        value = _value(table, truth, game, mine, t, subject, by)
    return sum(mu * v for mu, v in zip(table.odds[by], value[by], strict=True))


def _along_its_path(truth: Table, game: Game, by: str) -> Game:
    """The game with the mediator's own values taken along the path that it knows the stocks to follow."""
    path = forecast(truth, game.path[game.now], game.now, foresight(truth, game.now))
    mine = replace(game, value={}, refuse=dict(game.refuse))
    for name in ("kept", "agreed", "lapsed", "none", "quiet", "left", "broken", "flow"):
        own, theirs = getattr(path, name), getattr(game, name)
        setattr(mine, name, {t: theirs[t] | {by: rows[by]} for t, rows in own.items()})
    mine.hazard = path.hazard
    return mine


def _value(table: Table, truth: Table, game: Game, mine: Game, t: int, subject: Subject, by: str) -> Values:
    value = [0.0] * len(table.odds[by])
    for j, rho in ({None: 1.0} if table.joint else table.recognition(t)).items():
        if not rho:
            continue
        m = meeting(table, game, t, j)
        as_is = _as_it_is(truth, mine, m, subject, by)
        if j is None:
            tied = focal(table, game, m)
            for k in range(len(value)):
                value[k] += as_is.threshold[by][k]
                for a in tied:
                    own = as_is.chance[by][k][a] if by in table.answering else 1.0
                    value[k] += gain(table, mine, as_is, by, k, a, 1.0, own) / len(tied)
        else:
            puts = [best(table, m, scored(table, game, m, k)) for k in range(len(table.odds[j]))]
            value = [v + rho * worth(table, mine, as_is, by, k, puts) for k, v in enumerate(value)]
    return {by: value}


def _as_it_is(truth: Table, mine: Game, m: Meeting, subject: Subject, by: str) -> Meeting:
    """A meeting as the mediator sees it, who knows how the subject answers."""
    found = replace(m, odds=truth.odds, chance=dict(m.chance), fallback=dict(m.fallback), threshold=dict(m.threshold))
    if subject.actor in found.chance:
        found.chance[subject.actor] = chances(truth, mine, m, subject.actor)
    fallbacks(truth, mine, found, by)
    return found
