"""What the strategies beside the look-ahead do: curves of concession, demands that don't move, scripts replayed."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import DOLLAR, negotiation

from sim.errors import ScenarioError
from sim.scenario.loader import loads
from sim.strategies.scripted import Scripted
from sim.theory import rubinstein, stahl

STEPS = 20  # of a dollar
KNOWN = ("actors.A.resolve=0", "actors.B.resolve=0")


def dollar(strategies: str, *more: str) -> str:
    """A dollar to split, A first; `strategies` and `more` as lines of the table."""
    lines = "".join(f"    {line}\n" for line in (f"strategies: {strategies}", *more))
    return DOLLAR.replace("outcomes:", lines + "outcomes:")


class Watched:
    """A strategy that keeps what it put."""

    def __init__(self, strategy):
        self.strategy, self.timeless, self.put = strategy, strategy.timeless, []

    def propose(self, view):
        offer = self.strategy.propose(view)
        self.put.append(view.packages[int(offer[0])]["share"] if offer[0] >= 0 else None)
        return offer

    def assents(self, view, package):
        return self.strategy.assents(view, package)


def puts(text: str, party: int = 0, periods: int = 8, sets: tuple[str, ...] = KNOWN) -> list[float | None]:
    """A's share in what a party puts at each of its turns, in the first world; None where it puts nothing."""
    model = negotiation(text, 1, sets=sets)
    talks = model.tables["talks"]
    talks.strategies[party] = watched = Watched(talks.strategies[party])
    for _ in range(periods):
        model.step()
    model.close()
    return [None if p is None else float(p) for p in watched.put]


def share(found) -> np.ndarray:
    """A's share (N,), NaN without a deal."""
    return np.where(found["outcome.agreed"], found["level.share"].astype(float), np.nan)


# --- concession ---


@pytest.mark.parametrize("beta", [0.2, 1, 5])
@pytest.mark.parametrize("start", [1, 0.9])
def test_offers_follow_the_curve(beta, start):
    """The least share on the grid that is no less than what it aims at, down to its resolve at the last meeting."""
    rules = ("protocol={ultimatum: {by: A}}", "lookahead=6")
    sets = ("actors.A.resolve=0.33", *(f"tables.talks.{r}" for r in rules))
    text = dollar(f"{{A: {{concession: {{beta: {beta}, start: {start}}}}}, B: stubborn}}")
    passed = np.minimum(np.arange(8) / 5, 1) ** (1 / beta)
    aim = (1 - passed) * start + passed * 0.33
    np.testing.assert_allclose(puts(text, sets=sets), np.ceil(STEPS * aim - 1e-9) / STEPS)


@pytest.mark.parametrize("beta", [0.2, 1, 5])
def test_it_takes_what_it_would_itself_put_next(play, beta):
    """B offers A the same at every meeting; A takes it as soon as its next aim is no higher."""
    aim = (1 - (np.minimum(np.arange(12) / 10, 1)) ** (1 / beta)) * 0.7 + 0.3  # from 1 to its resolve
    rules = ("protocol={ultimatum: {by: B}}", "lookahead=11")
    sets = ("actors.A.resolve=0.3", *(f"tables.talks.{r}" for r in rules))
    for offered in (0.25, 0.3, 0.45, 0.75, 0.95):
        puts = f"puts: [{{share: {offered}, deal: yes}}]"
        found = play(dollar(f"{{A: {{concession: {{beta: {beta}}}}}, B: {{scripted: {{{puts}}}}}}}"), 3, sets=sets)
        taken = np.flatnonzero(aim[1:] <= offered + 1e-9)  # answering at meeting m, it would put next at m + 1
        assert (found["table.talks.deal_period"] == (taken[0] + 1 if len(taken) else 0)).all()


def test_at_a_last_meeting_it_is_content_with_its_resolve():
    for deadline in (1, 2, 3):
        last = (f"tables.talks.deadline={deadline}", "tables.talks.protocol={ultimatum: {by: A}}")
        text = dollar("{A: {concession: {beta: 0.1}}, B: stubborn}")
        assert puts(text, sets=("actors.A.resolve=0.4", *last))[-1] == 0.4


def test_who_holds_out_deals_later_and_for_more(play):
    """Boulware against conceder, world by world: the same partner, the same resolve."""
    hard, soft = (play(dollar(f"{{A: {{concession: {{beta: {b}}}}}, B: concession}}"), 400) for b in (0.2, 5))
    when = [f["table.talks.deal_period"] for f in (hard, soft)]
    both = (when[0] > 0) & (when[1] > 0)
    assert both.sum() > 200 and (when[0] >= when[1])[both].all() and (when[0] > when[1])[both].mean() > 0.9
    assert (share(hard) >= share(soft))[both].all() and np.nanmean(share(hard)) > np.nanmean(share(soft)) + 0.1
    costs = np.nanmean(hard["value.B"]) / np.nanmean(1 - share(hard))
    assert costs < np.nanmean(soft["value.B"]) / np.nanmean(1 - share(soft))  # waiting burns some of the pie


@pytest.mark.parametrize("end", ["deadline: 6", "deadline: 7", "lookahead: 5"])
@pytest.mark.parametrize("beta", [(0.2, 0.2), (1, 5), (5, 0.2)])
def test_two_that_concede_deal_where_a_zone_of_agreement_exists_and_nowhere_else(play, beta, end):
    a, b = (f"{{concession: {{beta: {x}}}}}" for x in beta)
    found = play(dollar(f"{{A: {a}, B: {b}}}", end), 400)
    r = [found[f"table.talks.resolve.{p}"] for p in "AB"]
    zone = np.ceil(STEPS * r[0] - 1e-9) <= np.floor(STEPS * (1 - r[1]) + 1e-9)
    assert 0.1 < zone.mean() < 0.95
    assert (found["outcome.agreed"] == zone).all()
    deal = share(found)[zone]
    assert (deal >= r[0][zone] - 1e-9).all() and (1 - deal >= r[1][zone] - 1e-9).all()


def test_its_clock_starts_when_the_table_opens(play):
    """However late a world's table opens, the deal comes after as many meetings."""
    late = DOLLAR.replace(
        "interests:",
        "stocks: {tide: {start: {uniform: {low: 0, high: 1}}, range: [0, 9], change: [{by: 0.1}]}}\ninterests:",
    )
    lines = "    strategies: {A: {concession: {beta: 0.3}}, B: concession}\n    lookahead: 9\n"
    opens = "    opens: {when: {tide: {at_least: 1}}}\n"
    found = play(late.replace("outcomes:", lines + opens + "outcomes:"), 100, sets=KNOWN)
    start = found["stock.tide"] - 0.1 * 30
    opened = 1 + np.ceil(np.round((1 - start) / 0.1, 9))
    assert opened.nunique() > 5
    assert (found["table.talks.deal_period"] - opened).nunique() == 1
    assert found["level.share"].nunique() == 1


@pytest.mark.parametrize("strategy", ["concession", "stubborn"])
def test_who_has_no_stakes_takes_what_does_not_lower_it(play, strategy):
    """Whatever its resolve: it puts anything, and signs what the other puts."""
    nothing = ("interests.A.dollar.weight=0", "actors.A.resolve=0.5", "actors.B.resolve=0")
    found = play(dollar(f"{{A: {strategy}, B: stubborn}}"), 100, sets=nothing)
    assert (found["table.talks.deal_period"] <= 2).all() and (share(found) == 0).all()


def test_its_best_is_the_best_that_may_be_agreed():
    line = "forbid: [{when: {share: {at_least: 0.8}}}]"
    for strategy in ("concession", "stubborn"):
        assert puts(dollar(f"{{A: {strategy}, B: stubborn}}", line), 0, 2) == [0.75]
    assert puts(dollar("{A: {stubborn: {demand: 0.5}}, B: stubborn}", line), 0, 2) == [0.4]


# --- stubborn ---


@pytest.mark.parametrize("demand", [0.3, 0.5, 0.55, 0.7, 1])
def test_who_looks_ahead_gives_a_demand_what_waiting_is_worth_and_no_more(play, demand):
    """It takes the other for one that looks ahead, so it yields up to Rubinstein's share, and beyond that never."""
    found = play(dollar(f"{{A: {{stubborn: {{demand: {demand}}}}}}}"), 5, sets=KNOWN)
    yields = demand < rubinstein.first_share(0.95, 0.95)  # .513
    assert (found["outcome.agreed"] == yields).all()
    if yields:
        assert (found["table.talks.deal_period"] == 1).all() and (share(found) == demand).all()


@pytest.mark.parametrize("deadline", [1, 2, 3])
@pytest.mark.parametrize("demand", [0.05, 0.5, 0.9, 1])
def test_a_deadline_sets_what_a_demand_may_be(play, demand, deadline):
    """Stahl's share at once; beyond it only at a last meeting of its own, where the other has nothing to wait for."""
    sets = (*KNOWN, f"tables.talks.deadline={deadline}", "actors.A.discount=0.8", "actors.B.discount=0.8")
    found = play(dollar(f"{{A: {{stubborn: {{demand: {demand}}}}}}}"), 5, sets=sets)
    at_once = demand <= stahl.first_share(0.8, 0.8, deadline)
    period = 1 if at_once else 3 if deadline == 3 else 0
    assert (found["table.talks.deal_period"] == period).all()
    assert not period or (share(found) == demand).all()


def test_two_demands_meet_or_they_never_do(play):
    for a, b in ((0.5, 0.5), (0.7, 0.3), (0.6, 0.5), (1, 0.05)):
        text = dollar(f"{{A: {{stubborn: {{demand: {a}}}}}, B: {{stubborn: {{demand: {b}}}}}}}")
        assert (play(text, 5, sets=KNOWN)["outcome.agreed"] == (a + b <= 1)).all()


def test_a_demand_is_no_less_than_the_resolve(play):
    found = play(
        dollar("{A: {stubborn: {demand: 0.1}}, B: {stubborn: {demand: 0}}}"), 300, sets=("actors.B.resolve=0",)
    )
    r = found["table.talks.resolve.A"]
    need = np.ceil(STEPS * np.maximum(r, 0.1) - 1e-9) / STEPS
    assert (share(found)[r <= 1] == need[r <= 1]).all() and not found["outcome.agreed"][r > 1].any()


def test_stubbornness_is_taken_for_resolve():
    """Where resolve is private, refusals speak of it, and who looks ahead offers more and more."""
    unsure = ("actors.A.resolve={uniform: {low: 0, high: 0.9}}", "actors.B.resolve=0")
    offers = puts(dollar("{A: {stubborn: {demand: 0.8}}}"), 1, 24, unsure)
    assert None not in offers and offers == sorted(offers) and offers[0] < offers[-1]


# --- scripted ---

SCRIPT = """\
{A: {scripted: {puts: [{share: 0.9, deal: yes}, {}, {share: 0.7, deal: yes}, {}, {share: 0.6, deal: yes}]}},
     B: {scripted: {puts: [{share: 0, deal: yes}], accepts: ACCEPTS}}}"""


@pytest.mark.parametrize(
    ("accepts", "period", "terms"),
    [
        ("{share: {below: 0.95}}", 1, 0.9),
        ("{share: {below: 0.9}}", 3, 0.7),
        ("{share: {between: [0.4, 0.65]}}", 5, 0.6),
        ("{share: {between: [0.4, 0.7]}}", 3, 0.7),
        ("{share: {between: [0.6, 0.65]}}", 5, 0.6),
        ("{share: [0.6, 0.65]}", 5, 0.6),
        ("{share: {at_least: 0.65}, not: {share: 0.9}}", 3, 0.7),
        ("{any: [{share: 0.6}, {share: 0.7}]}", 3, 0.7),
        ("{share: {below: 0.3}}", 0, None),
        ("{deal: no}", 0, None),
        ("{}", 1, 0.9),
    ],
)
def test_a_script_is_replayed(play, accepts, period, terms):
    found = play(dollar(SCRIPT.replace("ACCEPTS", accepts)), 5)
    assert (found["table.talks.deal_period"] == period).all()
    assert terms is None or (share(found) == terms).all()


def test_the_last_put_is_repeated():
    assert puts(dollar(SCRIPT.replace("ACCEPTS", "{deal: no}")), 0, 10) == [0.9, 0.7, 0.6, 0.6, 0.6]


def test_a_put_that_may_not_be_agreed_is_not_put(play):
    line = "forbid: [{when: {share: 0.9}}]"
    assert puts(dollar(SCRIPT.replace("ACCEPTS", "{deal: no}"), line), 0, 6) == [None, 0.7, 0.6]
    assert puts(dollar("{A: scripted}"), 0, 4) == [None, None]
    assert not play(dollar("{B: scripted}"), 20)["outcome.agreed"].any()  # without `accepts` it accepts nothing


def test_what_a_put_leaves_out_is_as_is_best_for_itself():
    assert puts(dollar("{A: {scripted: {puts: [{deal: yes}]}}, B: stubborn}"), 0, 4) == [1, 1]
    assert puts(dollar("{A: stubborn, B: {scripted: {puts: [{}]}}}"), 1, 4) == [0, 0]


def test_a_script_may_take_a_loss_and_nobody_else_does(play):
    """B owes A for the deal: only a script signs that."""
    cost = ("interests.B.given.weight=-3", *KNOWN)
    text = "{{A: {{stubborn: {{demand: 0.5}}}}{}}}"
    for other in ("", ", B: concession", ", B: {stubborn: {demand: 0}}"):
        assert not play(dollar(text.format(other)), 5, sets=cost)["outcome.agreed"].any()
    signed = play(dollar(text.format(", B: {scripted: {accepts: {deal: yes}}}")), 5, sets=cost)
    assert signed["outcome.agreed"].all() and (signed["value.B"] < 0).all()


def test_a_script_of_what_they_would_do_anyway_changes_nothing(play):
    """The look-ahead's own play, written down."""
    free = play(DOLLAR, 5, sets=KNOWN)
    terms = free["level.share"].iloc[0]
    text = dollar(f"{{A: {{scripted: {{puts: [{{deal: yes, share: {terms}}}]}}}}, B: lookahead}}")
    same = play(text, 5, sets=KNOWN)
    columns = [c for c in free if c.startswith(("outcome.", "level.", "table.", "value."))]
    assert free["outcome.agreed"].all() and free[columns].equals(same[columns])


def test_what_it_names_can_be_asked():
    script = Scripted(puts=({"deal": "yes"}, {"share": "0.5"}), accepts={"price": ["low"], "not": {"deal": "no"}})
    assert script.issues() == {"deal", "share", "price"}
    with pytest.raises(ValueError, match="order of the levels of share is not known"):
        Scripted(accepts={"share": {"at_least": "0.5"}})


# --- in a file ---


def test_the_look_ahead_is_what_is_played_without_a_word(play):
    one, other = play(DOLLAR, 100), play(dollar("{A: lookahead, B: {lookahead: {}}}"), 100)
    assert one.equals(other)


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("{concession: {beta: 0}}", "beta: must be above 0; got 0"),
        ("{concession: {start: 1.2}}", "start: must be at most 1; got 1.2"),
        ("{stubborn: {demand: -1}}", "demand: must be at least 0; got -1"),
        ("{stubborn: {demands: 1}}", "unknown key 'demands'; allowed: demand"),
        ("{stuborn: {}}", "unknown strategy 'stuborn'; known: concession"),
        ("{scripted: {puts: [{share: 2}]}}", "'2' is not a level"),
        ("{scripted: {accepts: {share: {at_most: 1}}}}", "one of at_least, below, between"),
        ("{scripted: {accepts: {tide: {at_least: 1}}}}", "tide is a stock"),
    ],
)
def test_mistakes_are_told_where_they_stand(strategy, said):
    stock = DOLLAR.replace("interests:", "stocks: {tide: {start: 0}}\ninterests:")
    text = stock.replace("outcomes:", f"    strategies: {{A: {strategy}}}\noutcomes:")
    with pytest.raises(ScenarioError) as told:
        loads(text)
    assert said in str(told.value) and "<text>:" in str(told.value), told.value
