"""A mediator's word when talks open: cheap talk, believed only where the mediator's own interest makes it truthful.

Kydd (2003): a mediator who sees something of a party's private information is credible only within a window of bias; a
message that it would send whatever it saw tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.answers import Belief, Onlooker
from sim.arrays import Bools, Floats, Ints
from sim.beliefs import TIE, bayes
from sim.forecast import Forecast
from sim.outlook import beliefs, forecast, game, stakes
from sim.scenario.features import Subject
from sim.solution import solve

if TYPE_CHECKING:
    from sim.talks import Talks

HALVES = ("below", "above")


@dataclass
class Message:
    """What a mediator says of a party's private matter in n worlds, and whether it is believed. prior, posterior (V,
    n): the odds of each of its `values` before and after; worth (V, V, n): to the mediator, of saying m having seen
    s."""

    mediator: str
    subject: Subject
    values: tuple[str, ...]
    said: Ints
    believed: Bools
    prior: Floats
    posterior: Floats
    worth: Floats


def speak(talks: Talks, worlds: Ints) -> list[Message]:
    """One message for each subject, before the first meeting in some worlds (n,); believed ones move the table's
    beliefs."""
    mediator = talks.table.mediator
    if mediator is None:
        return []
    worlds = worlds[talks.backed(mediator)[worlds]]
    subjects = [mediator.about] if mediator.about is not None else [Subject(actor=p) for p in talks.parties]
    return [_about(talks, worlds, subject) for subject in subjects] if len(worlds) else []


def _about(talks: Talks, worlds: Ints, subject: Subject) -> Message:
    assert talks.table.mediator is not None
    accuracy, by = talks.table.mediator.accuracy, talks.table.mediator.by
    values, of_profile = _values(talks, subject)
    v = len(values)
    seen_if = np.where(np.eye(v, dtype=bool), accuracy, (1 - accuracy) / max(v - 1, 1))  # (true, seen)
    prior = _odds(talks, subject, of_profile, worlds, v)
    posteriors = np.array([bayes(prior, np.repeat(seen_if[:, [s]], len(worlds), axis=1)) for s in range(v)])
    seat = talks.parties.index(subject.actor)
    belief = beliefs(talks, worlds)[seat]
    certain = [_certain(belief, subject, of_profile, tau) for tau in range(v)]
    looks = [_look(talks, worlds, subject.actor, belief)]
    if _moves_forecasts(talks, subject.actor):
        looks += [_look(talks, worlds, subject.actor, c) for c in certain]
    own = _kinds(talks, worlds)
    worth = np.zeros((v, v, len(worlds)))
    for m in range(v):
        told = _updated(belief, subject, of_profile, seen_if[:, m])
        ahead = _look(talks, worlds, subject.actor, told, v) if looks[1:] else looks[0]
        play = game(talks, worlds, ahead, _listening(talks, seat, certain, len(own), ahead, looks[1:]))
        play.beliefs[seat] = told
        found = np.concatenate(solve(play, first=0).values[0][len(talks.parties) :]).reshape(len(own), v, -1)
        expected = (np.array([share for share, _ in own])[:, None] * found).sum(axis=0)
        worth[m] = (posteriors * expected).sum(axis=1)  # (seen, n)
    truth = worth[np.arange(v), np.arange(v)]
    tie = TIE * _stake(talks, worlds) + 1e-12
    believed = np.logical_and.reduce(worth <= truth + tie, axis=(0, 1))
    said = _seen(talks, subject, of_profile, worlds, accuracy, v)
    _believe(talks, subject, of_profile, worlds[believed], seen_if[:, said[believed]])
    talks.believed[subject.actor][worlds] = believed
    return Message(by, subject, values, said, believed, prior, _odds(talks, subject, of_profile, worlds, v), worth)


def _moves_forecasts(talks: Talks, actor: str) -> bool:
    """Whether what is believed of an actor changes what anything is worth: it may break its word, or its type moves a
    stock."""
    lines = [line for stock in talks.model.spec.stocks.values() for line in stock.change]
    return actor in talks.table.renege or any(k.by_type is not None and k.by_type.actor == actor for k in lines)


def _stake(talks: Talks, worlds: Ints) -> Floats:
    """R (n,) of the mediator, worked out like a member's."""
    assert talks.table.mediator is not None
    by, levels = talks.table.mediator.by, talks.model.known_to_all(talks, worlds)
    fc = forecast(talks, worlds, levels, whole=False, onlookers=[by], all_on=True)
    return stakes(fc, len(talks.members), talks.model.actor(by).prior_odds)


def _kinds(talks: Talks, worlds: Ints) -> list[tuple[Floats, Floats]]:
    """How likely the others find it (n,) that the mediator is of some kind, and the odds of its types then (K, n): all
    of them in one, unless it is asked for consent, for its answer then depends on its type."""
    assert talks.table.mediator is not None
    by = talks.table.mediator.by
    odds = talks.odds[by][:, worlds]
    if by not in talks.consenters:
        return [(np.ones(len(worlds)), odds)]
    return [(share, np.eye(len(odds))[:, [k]] * np.ones(len(worlds))) for k, share in enumerate(odds)]


def _look(talks: Talks, worlds: Ints, actor: str, belief: Belief, times: int = 1) -> Forecast:
    """The forecast of those who believe this of an actor, the mediator of each kind looking on so many times."""
    assert talks.table.mediator is not None
    kinds = [o for _, o in _kinds(talks, worlds) for _ in range(times)]
    odds, upper = talks.odds[actor], talks.upper.copy()
    talks.odds[actor] = odds.copy()
    talks.odds[actor][:, worlds] = belief.odds
    if belief.resolve.upper is not None:
        talks.upper[actor] = talks.half(actor).copy()
        talks.upper[actor][worlds] = belief.resolve.upper
    levels = talks.model.known_to_all(talks, worlds)
    fc = talks.look(worlds, levels, whole=True, onlookers=[talks.table.mediator.by] * len(kinds), kinds=kinds)
    talks.odds[actor], talks.upper = odds, upper
    return fc


def _listening(
    talks: Talks, seat: int, certain: list[Belief], kinds: int, fc: Forecast, apart: list[Forecast]
) -> list[Onlooker]:
    """The mediator, of each kind, knowing each truth of the party at `seat`; by forecasts of its own (`apart`) where
    the truth changes them."""
    assert talks.table.mediator is not None
    by, place = talks.table.mediator.by, len(talks.members)
    third = talks.consenters.index(by) if by in talks.consenters else None
    if not apart:
        return [Onlooker(place + k, [(seat, c) for c in certain], third, k) for k in range(kinds)]
    found: list[Onlooker] = []
    for k in range(kinds):
        for c, own in zip(certain, apart, strict=True):
            fc.let_go_by(place + len(found), own, place + k)
            found.append(Onlooker(place + len(found), [(seat, c)], third, k))
    return found


def _values(talks: Talks, subject: Subject) -> tuple[tuple[str, ...], Ints]:
    """What the subject's private matter may be, and which of it each of the actor's profiles is."""
    profiles = talks.model.actor(subject.actor).profiles
    if subject.type is None:
        return HALVES, np.zeros(len(profiles), int)
    values = tuple(dict.fromkeys(p.values[subject.type] for p in profiles))
    return values, np.array([values.index(p.values[subject.type]) for p in profiles])


def _odds(talks: Talks, subject: Subject, of_profile: Ints, worlds: Ints, v: int) -> Floats:
    """The table's odds (V, n) of the private matter."""
    if subject.type is None:
        upper = talks.half(subject.actor)[worlds]
        return np.array([1 - upper, upper])
    odds = talks.odds[subject.actor][:, worlds]
    return np.array([odds[of_profile == k].sum(axis=0) for k in range(v)])


def _updated(belief: Belief, subject: Subject, of_profile: Ints, likelihood: Floats) -> Belief:
    """The belief once something has been seen that is so likely (V,) under each value."""
    if subject.type is not None:
        return replace(belief, odds=bayes(belief.odds, likelihood[of_profile][:, None]))
    upper = np.full(len(belief.stakes), 0.5) if belief.resolve.upper is None else belief.resolve.upper
    upper = bayes(np.array([1 - upper, upper]), likelihood[:, None])[1]
    return replace(belief, resolve=replace(belief.resolve, upper=upper))


def _certain(belief: Belief, subject: Subject, of_profile: Ints, value: int) -> Belief:
    """The belief of one who knows the value."""
    values = len(HALVES) if subject.type is None else of_profile.max() + 1
    return _updated(belief, subject, of_profile, np.eye(values)[value])


def _seen(talks: Talks, subject: Subject, of_profile: Ints, worlds: Ints, accuracy: float, v: int) -> Ints:
    """The value that the mediator sees (n,): the true one with its accuracy, else one of the others, in order."""
    u = talks.model.draws.seen[subject.actor, talks.name][worlds]
    if subject.type is None:
        true = talks.model.draws.upper[subject.actor, talks.name][worlds].astype(int)
    else:
        true = of_profile[talks.model.actor(subject.actor).kind[worlds]]
    other = np.minimum((np.maximum(u - accuracy, 0.0) / max(1 - accuracy, 1e-300) * (v - 1)).astype(int), v - 2)
    return np.where(u < accuracy, true, other + (other >= true))


def _believe(talks: Talks, subject: Subject, of_profile: Ints, worlds: Ints, likelihood: Floats) -> None:
    """The table's members learn: likelihood (V, n) of what was said."""
    if subject.type is None:
        talks.learn_half(subject.actor, worlds, likelihood)
    else:
        talks.learn_type(subject.actor, worlds, likelihood[of_profile])
