"""What an actor's choices may depend on, and what they may never be: worked out by hand from its weights."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from small_worlds import BAZAAR, DOLLAR, FRONT, ZERO_SUM, draws_of, negotiation

from sim.montecarlo.draws import ClaimRule
from sim.payoff.terms import profiles
from sim.scenario.loader import loads
from sim.simulate import simulate

CHOSEN = ("outcome.", "level.", "table.")


# --- an irrelevant term ---


def with_terms(text: str, terms: str) -> str:
    """The scenario with an issue that no table and no stock touches, and with more terms for its first two actors."""
    text = text.replace("issues:\n", "issues:\n  weather: {levels: {foul: 0, fair: 0.7}, start: fair}\n", 1)
    lines = [line for line in text.splitlines()]
    k = lines.index("interests:")
    for actor in ("A", "B"):
        at = next(n for n in range(k, len(lines)) if lines[n].startswith(f"  {actor}:"))
        if lines[at] == f"  {actor}:":
            lines.insert(at + 1, f"    - {{{terms}}}")
        else:
            lines[at] = lines[at].replace("[{", "[{" + terms + "}, {", 1)
    return "\n".join(lines)


IRRELEVANT = {
    "a constant": "term: extra, form: constant, weight: 3",
    "untouched": "term: extra, form: linear, of: weather, weight: {uniform: {low: -4, high: 2}}",
    "untouched condition": "term: extra, form: constant, weight: -2, when: {weather: fair}",
}


@pytest.mark.slow
@pytest.mark.parametrize("normalise", ["true", "false"])
@pytest.mark.parametrize("extra", IRRELEVANT.values(), ids=IRRELEVANT)
@pytest.mark.parametrize("text", [FRONT, DOLLAR], ids=["front", "dollar"])
def test_an_irrelevant_term_changes_no_choice(play, text, extra, normalise):
    sets = (f"normalise={normalise}",)
    without, with_it = play(text, 200, 5, sets), play(with_terms(text, extra), 200, 5, sets)
    columns = [c for c in without if c.startswith(CHOSEN) and ".shortfall." not in c]
    assert without["table.talks.deal_period"].gt(0).any()
    for column in columns:
        assert (without[column] == with_it[column]).all(), column


@pytest.mark.slow
@pytest.mark.parametrize("extra", ["a constant", "untouched"])
def test_an_irrelevant_term_changes_no_choice_where_there_are_ties(play, extra):
    """Packages that leave a party just where it is: what refusing them shows must not hang on rounding."""
    without, with_it = play(BAZAAR, 1000, 5), play(with_terms(BAZAAR, IRRELEVANT[extra]), 1000, 5)
    columns = [c for c in without if c.startswith(CHOSEN) and ".shortfall." not in c]
    assert (without[columns] == with_it[columns]).all(axis=None)


# --- nobody assents to a loss ---


def by_hand(loaded, draws, kind=None, claims_on=True):
    """actor -> (value of every package (N, M), value of the status quo (N,)), for a scenario in which nothing moves.

    kind: the types (N,) by actor; None for the true ones.
    """
    s = loaded.scenario
    issues, n = list(s.issues), draws.worlds
    menu = list(product(*(range(len(s.issues[i].levels.names)) for i in issues)))
    start = tuple(i.levels.index(i.start) for i in s.issues.values())
    found = {}
    for actor in s.actors:
        terms, kinds = s.interests[actor], profiles(s.actors[actor])
        raw = {i.term: draws.weights[actor, i.term] for i in terms}
        total = sum(np.abs(w) for w in raw.values()) if s.normalise else 1.0
        of = draws.kind[actor] if kind is None else kind[actor]
        value, stay = np.zeros((n, len(menu))), np.zeros(n)
        for i in terms:
            scale = np.array([p.scale.get(i.term, 1.0) for p in kinds])[of]
            fixed = np.array([p.set.get(i.term, np.nan) for p in kinds])[of]
            w = np.where(np.isnan(fixed), raw[i.term], fixed) * scale / total
            w = w * draws.backed(i.claims) if claims_on else w
            value += w[:, None] * np.array([phi(i, s, dict(zip(issues, p, strict=True))) for p in menu])
            stay += w * phi(i, s, dict(zip(issues, start, strict=True)))
        found[actor] = value, stay
    return menu, found


def phi(interest, s, levels: dict[str, int]) -> float:
    """One term of BAZAAR's at given levels."""
    at = {i: s.issues[i].levels.values[k] for i, k in levels.items()}
    of = getattr(interest, "of", None)
    if interest.form == "linear":
        return at[of]
    if interest.form == "product":
        return float(np.prod([at[v] for v in of]))
    if interest.form == "ideal":
        return -abs(at[of] - interest.at)
    if interest.form == "threshold":
        return float(at[of] >= interest.at)
    return float(levels["two"] >= 1 and levels["one"] == 0)  # the constant's `when`


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_assents_to_a_loss_by_its_own_values(seed):
    """Every party's true type gains from every deal, and at least its resolve as a share of its stakes."""
    loaded = loads(BAZAAR)
    draws = draws_of(loaded, 600, seed)
    found = simulate(loaded.scenario, draws)
    menu, values = by_hand(loaded, draws)
    agenda = loaded.scenario.tables["talks"].agenda
    terms = np.array([found[f"table.talks.terms.{i}"] for i in agenda]).T
    deals = np.flatnonzero(found["table.talks.deal_period"] > 0)
    assert 20 < len(deals) < 580
    chosen = np.array([menu.index(tuple(terms[w])) for w in deals])
    for party in loaded.scenario.tables["talks"].parties:
        value, stay = values[party]
        gain = value[deals, chosen] - stay[deals]
        assert (gain >= -1e-9).all()
        stakes = by_hand_stakes(loaded, draws, menu, party)[deals]
        assert (gain / stakes >= draws.resolve[party, "talks"][deals] - 1e-6).all()


def by_hand_stakes(loaded, draws, menu, party):
    """R: range over the admissible packages and no deal, all claims on, averaged over the party's types."""
    s = loaded.scenario
    start = tuple(i.levels.index(i.start) for i in s.issues.values())
    # two ≥ mid or one high; not (three high and four low); three never below its start, its lowest
    may = np.array([(p[1] >= 1 or p[0] == 1) and not (p[2] == 2 and p[3] == 0) and p != start for p in menu])
    total = np.zeros(draws.worlds)
    for k, p in enumerate(profiles(s.actors[party])):
        kinds = {a: np.full(draws.worlds, k if a == party else 0) for a in s.actors}
        value, stay = by_hand(loaded, draws, kinds, claims_on=False)[1][party]
        top = np.maximum(value[:, may].max(axis=1), stay)
        total += p.probability * (top - np.minimum(value[:, may].min(axis=1), stay))
    return total


def test_resolve_that_nobody_meets_lets_nothing_pass(play):
    known = play(DOLLAR, 100, 1, ("actors.B.resolve=1.01",))
    assert not known["outcome.agreed"].any()
    private = play(DOLLAR, 400, 1, ("actors.B.resolve={uniform: {low: 0, high: 2}}",))
    hard = private["table.talks.resolve.B"] > 1
    assert not private["outcome.agreed"][hard].any() and private["outcome.agreed"][~hard].any()
    assert (private["table.talks.refusals.B"][hard] > 0).any()


# --- what refusals teach ---


@pytest.mark.parametrize("text", [DOLLAR, FRONT, BAZAAR, ZERO_SUM], ids=["dollar", "front", "bazaar", "zero sum"])
def test_refusals_only_ever_raise_what_others_think_of_a_resolve(text):
    model = negotiation(text)
    talks, risen = model.tables["talks"], 0
    for _ in range(model.spec.horizon):
        before = {p: (talks.low[p].copy(), talks.refusals[p].copy()) for p in talks.parties}
        model.step()
        for party, (low, refusals) in before.items():
            assert (talks.low[party] >= low).all()
            moved = (talks.low[party] > low).any(axis=0)
            assert (talks.refusals[party][moved] > refusals[moved]).all()  # only who refused
            risen += int(moved.sum())
    assert risen > 0 or text is ZERO_SUM
    model.close()


def test_what_is_refused_lies_below_the_true_resolve():
    """Skimming: whoever refuses a gain has a resolve above it, so the belief never excludes the truth."""
    model = negotiation(DOLLAR, 500)
    for _ in range(12):
        model.step()
    talks = model.tables["talks"]
    for party in talks.parties:
        assert (talks.low[party][0] <= model.draws.resolve[party, "talks"] + 1e-9).all()
    model.close()


def test_a_refusal_speaks_for_the_type_that_is_likelier_to_refuse():
    """Bayes: refusing raises the odds of the type that would gain by fighting on, assenting lowers them."""
    model = negotiation(FRONT, 800)
    talks = model.tables["talks"]
    model.step()  # A proposes, B answers
    odds = talks.odds["B"]
    refused, agreed = talks.refusals["B"] > 0, talks.first_deal > 0
    assert refused.sum() > 30 and agreed.sum() > 30
    assert (odds[1, refused] >= 0.3 - 1e-12).all() and (odds[1, refused] > 0.3).any()
    assert (odds[1, agreed] <= 0.3 + 1e-12).all() and (odds[1, agreed] < 0.3).any()
    np.testing.assert_allclose(odds.sum(axis=0), 1)
    nothing_put = ~refused & ~agreed
    assert (odds[1, nothing_put] == 0.3).all()
    model.close()


def test_odds_end_on_the_side_of_the_truth():
    model = negotiation(FRONT, 800)
    for _ in range(model.spec.horizon):
        model.step()
    kind, odds = model.actor("B").kind, model.tables["talks"].odds["B"]
    assert odds[1, kind == 1].mean() > 0.3 > odds[1, kind == 0].mean()
    model.close()


def test_claims_all_or_drawn_is_the_only_difference_of_the_rules():
    loaded = loads(BAZAAR)
    drawn, every = draws_of(loaded, 50), draws_of(loaded, 50, rule=ClaimRule("all"))
    assert all((drawn.resolve[k] == every.resolve[k]).all() for k in drawn.resolve)
    assert all(on.all() for on in every.claims.values()) and not all(on.all() for on in drawn.claims.values())
