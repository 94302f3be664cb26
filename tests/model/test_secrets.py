"""Secret deals: real at once, known to outsiders when they come out, and told by nobody before.

A buys B's goodwill in the back room, worth 0.4 to B as long as it has no deal with C. C, in the open, makes all offers
to B: what it takes to win B over is 0.4, of which C knows nothing.
"""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import negotiation
from watching import columns, watched

HORIZON = 8
ROOM = """\
title: A back room
assumption: a test
period: round
horizon: 8
normalise: false
actors:
  A: {discount: 0.9, resolve: 0}
  B:
    discount: 0.9
    resolve: 0
    types: {mood: {sweet: {probability: 0.7}, sour: {probability: 0.3, scale: {shame: 9}}}}
  C: {discount: 0.9, resolve: 0}
  D: {discount: 0.9}
issues:
  favour: {levels: {no: 0, yes: 1}, start: no}
  deal:   {levels: {no: 0, yes: 1}, start: no}
  share:  {levels: {from: 0, to: 1, steps: 101}, start: 0}
  alarm:  {levels: {no: 0, yes: 1}, start: no}
interests:
  A: [{term: goodwill, form: linear, of: favour, weight: 1}]
  B:
    - {term: favour, form: constant, weight: 0.4, when: {favour: yes, deal: no}}
    - {term: shame, form: constant, weight: -0.1, when: {favour: yes}}
    - {term: dollar, form: product, of: [deal, share], weight: 1}
  C:
    - {term: dollar, form: linear, of: deal, weight: 1}
    - {term: given, form: product, of: [deal, share], weight: -1}
tables:
  back: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [favour], secret: {revealed: {hazard: 0.25}}}
  open: {parties: [C, B], protocol: {ultimatum: {by: C}}, agenda: [deal, share], require: {deal: yes}, forbid: []}
events: {alarm: {hazard: 1, when: {favour: yes}, sets: {alarm: yes}}}
outcomes: {favour: {favour: yes}, agreed: {deal: yes}}
"""
SWEET = ("actors.B.types={}", "interests.B.shame.weight=0")
HAZARD = "tables.back.secret.revealed.hazard={}"
NOTHING = "tables.back.opens={when: {alarm: yes}}"  # nobody ever meets in the back room
PUBLIC = "tables.back.secret=null"


def run(*sets: str, text: str = ROOM, worlds: int = 200) -> dict[str, np.ndarray]:
    return columns(text, sets, worlds)


def offers(*sets: str) -> tuple[dict, dict, dict]:
    """What C puts, and what refusing is worth to either as it sees it, by period and world; and the run."""
    meetings, found = watched(ROOM, sets)
    open_ = [(m.period, w, m, k) for m in meetings if m.table == "open" for k, w in enumerate(m.worlds)]
    put = {(period, w): int(m.put[k]) for period, w, m, k in open_}
    return put, {(period, w): [v.refuse[k] for v in m.views] for period, w, m, k in open_}, found


def test_outsiders_offer_as_if_nothing_were_until_it_is_out():
    """Word for word what they offer where nothing was agreed; then what they offer where it is public."""
    (secret, _, found), (nothing, *_), (public, *_) = (offers(*SWEET, *more) for more in ((), [NOTHING], [PUBLIC]))
    out = found["table.back.revealed"]
    assert (found["table.back.deal_period"] == 1).all() and 0 < (out == 0).sum() < 200
    assert len(np.unique(out)) == HORIZON
    for (period, w), put in secret.items():
        hidden = out[w] == 0 or period < out[w]
        assert put == (nothing[1, w] if hidden else public[1, w])
    assert set(nothing.values()) != set(public.values())


def test_it_is_out_with_its_hazard_in_every_later_period():
    """And the open table, held up until then, agrees at once."""
    found = run(*SWEET, worlds=1000)
    out = found["table.back.revealed"]
    assert set(out) == {0, *range(2, HORIZON + 1)}
    for period in range(1, HORIZON + 1):
        expected = 1 - 0.75 ** (period - 1)
        share = ((out > 0) & (out <= period)).mean()
        assert abs(share - expected) <= 4 * np.sqrt(expected * (1 - expected) / 1000) + 1e-12
    assert (found["table.open.deal_period"] == out).all()
    np.testing.assert_allclose(found["level.share"][out > 0], 40)


def test_what_is_real_counts_and_what_is_announced_is_told():
    """Payoffs, events and outcomes go by what was agreed."""
    found = run(*SWEET, HAZARD.format(0))
    np.testing.assert_allclose(found["value.B"], 0.4)
    np.testing.assert_allclose(found["value.A"], 1)
    assert found["outcome.favour"].all() and (found["outcome.favour.since"] == 1).all()
    assert (found["level.favour"] == 1).all() and (found["announced.favour"] == 0).all()
    assert (found["event.alarm"] == HORIZON - 1).all()
    assert not found["table.open.deal_period"].any()
    half = run(*SWEET)
    assert (half["announced.favour"] == (half["table.back.revealed"] > 0)).all()


@pytest.mark.parametrize(
    "role",
    [
        "tables.back.consent={C: {on: [favour]}}",
        "tables.back.mediator={by: C, accuracy: 0.9}",
        "tables.back.parties=[A, B, C]",
    ],
)
def test_insiders_know(role):
    """Who sits there, is asked or helps, offers 0.4 at once."""
    found = run(*SWEET, HAZARD.format(0), role)
    assert (found["table.open.deal_period"] == 1).all() and (found["level.share"] == 40).all()


def test_a_guarantor_is_an_insider():
    found = run(
        *SWEET,
        HAZARD.format(0),
        "tables.back.renege={A: {sets: {favour: no}, penalty: 9}}",
        "tables.back.guarantor={by: C, penalty: 1, assumption: t}",
    )
    assert (found["table.open.deal_period"] == 1).all() and (found["level.share"] == 40).all()


def test_who_refuses_in_secret_tells_nobody_else():
    """A sour B refuses the favour, a sweet one takes it: in the back room its type is then known. In the open it isn't,
    neither before a deal nor after one, and not when the deal comes out; where the back room is no secret it is."""
    for sets, told in (((), False), ((HAZARD.format(0),), False), ((HAZARD.format(1),), False), ((PUBLIC,), True)):
        model = negotiation(ROOM, 60, sets=sets)
        sour = model.actor("B").kind == 1
        for _ in range(3):
            model.step()
            back, open_ = (model.tables[t].odds["B"][1] for t in ("back", "open"))
            assert (back == sour).all()
            assert (open_ == (sour if told else 0.3)).all()
        model.close()


def test_what_is_done_in_the_open_is_known_in_the_back_room():
    """Only the back room's own acts are secret: a type that shows elsewhere shows there."""
    text = ROOM.replace("when: {favour: yes}}\n    - {term: dollar", "when: {deal: yes}}\n    - {term: dollar")
    text = text.replace("scale: {shame: 9}", "scale: {shame: 20}")
    model = negotiation(text, 60, sets=(NOTHING,))
    model.step()
    sour = model.actor("B").kind == 1
    assert (model.tables["open"].odds["B"][1] == sour).all() and (model.tables["back"].odds["B"][1] == sour).all()
    model.close()


def test_a_signal_is_seen_by_all():
    parade = "events={parade: {at: 1, signals: {actor: B, type: mood, likelihood: {sweet: 0.1, sour: 0.8}}}}"
    model = negotiation(ROOM, 60, sets=(parade, NOTHING))
    model.step()
    seen = np.where(model.occurred["parade"] == 1, 0.24 / (0.24 + 0.07), 0.06 / (0.06 + 0.63))
    for table in model.tables.values():
        np.testing.assert_allclose(table.odds["B"][1][table.first_deal == 0], seen[table.first_deal == 0])
    model.close()


def test_one_who_knows_and_one_who_does_not_each_play_the_game_that_they_see():
    """B knows what C offers is too little; C's own reckoning of what B would take leaves out the favour."""
    secret, nothing, public = (offers(*SWEET, more)[1] for more in (HAZARD.format(0), NOTHING, PUBLIC))
    for (_, w), (c, b) in secret.items():
        assert c == pytest.approx(nothing[1, w][0], abs=1e-9)
        assert b >= public[1, w][1] - 1e-9


def test_a_secret_table_that_lapses_announces_nothing_new():
    """The favour comes and goes; outsiders see neither, until it is out, and then all of it."""
    model = negotiation(ROOM, 100, sets=(*SWEET, "tables.back.lapses={favour: 2}", HAZARD.format(0.25)))
    for _ in range(HORIZON):
        model.step()
        talks, known = model.tables["back"], model.known("C", np.arange(100))[:, 0]
        out = talks.revealed_in > 0
        assert (known[~out] == 0).all() and (known[out] == model.state.levels[out, 0]).all()
        assert (model.known("B", np.arange(100)) == model.state.levels).all()
    assert out.any() and not out.all() and (talks.deals > 1).all()
    model.close()
