"""The length of a period and of the look-ahead must not decide whether there is a deal (model.md §2, §3).

Paired worlds: the same private draws. The bound of 3 points is the model's own.
"""

import numpy as np
import pytest
from small_worlds import FRONT

WORLDS, BOUND = 4000, 0.03
WEEK = 12 / 52
LATER = ("stocks.front.change.0.when={peace: peace}",)  # the drift that only a deal starts
FASTER = ("stocks.front.change.0.by=-0.05",)


def in_weeks(by: float) -> tuple[str, ...]:
    """The same scenario with everything that is told by the month told by the week."""
    return (
        "period=week",
        "horizon=104",
        f"actors.A.discount={0.98**WEEK!r}",
        f"actors.B.discount={0.97**WEEK!r}",
        f"tables.talks.breakdown.hazard={1 - 0.98**WEEK!r}",
        f"stocks.front.change.0.by={by * WEEK!r}",
    )


def share(found, outcome: str | None = None) -> float:
    return float(np.mean(found["table.talks.deal_period"] > 0 if outcome is None else found[f"outcome.{outcome}"]))


SLOW = pytest.mark.slow
DRIFTS = pytest.mark.parametrize(
    "sets",
    [pytest.param((), marks=SLOW), pytest.param(FASTER, marks=SLOW), LATER],
    ids=["slow", "fast", "after a deal"],
)


@pytest.mark.slow
@DRIFTS
def test_weeks_deal_like_months(play, sets):
    by = -0.05 if sets == FASTER else -0.02
    found, weeks = play(FRONT, WORLDS, 1, sets), play(FRONT, WORLDS, 1, (*sets, *in_weeks(by)))
    assert 0.05 < share(found) < 0.95
    assert abs(share(weeks) - share(found)) <= BOUND
    assert abs(share(weeks, "peace") - share(found, "peace")) <= BOUND


@DRIFTS
def test_the_length_of_the_look_ahead_does_not_decide(play, sets):
    """Also where a deal starts a drift, which a late deal must not escape."""
    found = play(FRONT, 2000, 1, sets)
    assert 0.05 < share(found) < 0.95
    for lookahead in (12, 48):
        other = play(FRONT, 2000, 1, (*sets, f"tables.talks.lookahead={lookahead}"))
        assert abs(share(other) - share(found)) <= BOUND
        assert abs(share(other, "peace") - share(found, "peace")) <= BOUND


# --- the same for what else a table may be ---

MARKET = (  # what B and C may agree on once there is a truce, and what that is worth to B
    "- {term: trade, form: linear, of: trade, weight: {uniform: {low: -0.1, high: 0.6}}}",
    "C: [{term: trade, form: linear, of: trade, weight: {uniform: {low: -0.2, high: 0.8}}}]",
    "market: {parties: [B, C], protocol: {alternating_offers: {first: C}}, agenda: [trade], "
    "opens: {when: {peace: {at_least: pause}}}}",
)
TWO = (
    FRONT.replace(
        "issues:\n", "  C: {discount: 0.98}\nissues:\n  trade: {levels: {none: 0, some: 0.5, free: 1}, start: none}\n"
    )
    .replace("    - {term: line, form: product", f"    {MARKET[0]}\n    - {{term: line, form: product")
    .replace("tables:\n", f"  {MARKET[1]}\ntables:\n")
    .replace("outcomes:\n", f"  {MARKET[2]}\noutcomes:\n")
)
SHORT = ("horizon=12", "tables.talks.lookahead=12")
SHORT_WEEKS = ("horizon=52", "tables.talks.lookahead=52", f"actors.C.discount={0.98**WEEK!r}")


def by_type(weeks: float) -> str:
    """The front moves faster against one who would win."""
    law = "{{normal: {{mean: {0!r}, sd: {1!r}}}}}"
    settle, win = (law.format(mean * weeks, 0.03 * weeks**0.5) for mean in (-0.01, -0.04))
    laws = f"by_type: {{actor: B, type: aims, by: {{settle: {settle}, win: {win}}}}}"
    return f"stocks.front.change.0={{{laws}, when: {{peace: {{below: peace}}}}}}"


def along(weeks: float) -> str:
    return f"tables.talks.breakdown.hazard={{along: front, at_low: {1 - 0.96**weeks!r}, at_high: {1 - 0.99**weeks!r}}}"


def secret(weeks: float) -> str:
    return f"tables.talks.secret={{revealed: {{hazard: {1 - 0.9**weeks!r}}}}}"


PENALTY = "tables.talks.renege={B: {sets: {peace: war}}, A: {sets: {price: none}, penalty: 0.1}}"
TABLES = {  # what the table is, in months and in weeks
    "demands at once": ("tables.talks.protocol=simultaneous",) * 2,
    "goes on": ("tables.talks.reopens=true",) * 2,
    "lapses": ("tables.talks.lapses={peace: 3, price: 3}", "tables.talks.lapses={peace: 13, price: 13}"),
    "breaks": (PENALTY, PENALTY),
    "foresees": ("tables.talks.foresees=[market]",) * 2,
    "is secret": (secret(1), secret(WEEK)),
    "is mediated": ("tables.talks.mediator={by: C, accuracy: 0.8}",) * 2,
    "needs consent": ("tables.talks.consent={C: {on: [peace]}}",) * 2,
    "may be left": ("tables.talks.walk_away={by: B, sets: {peace: pause, price: none}}",) * 2,
    "fails sooner or later": (along(1), along(WEEK)),
    "learns from battles": (by_type(1), by_type(WEEK)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_no_feature_deals_by_the_length_of_a_period(play, name):
    """Nor by that of the look-ahead. What is agreed is another matter where deals are short: see test_lapses."""
    months, weeks = TABLES[name]
    found = play(TWO, 1000, 1, (*SHORT, months))
    later = play(TWO, 1000, 1, (*in_weeks(-0.02), *SHORT_WEEKS, weeks))
    half = play(TWO, 1000, 1, (*SHORT, months, "tables.talks.lookahead=6"))
    double = play(TWO, 1000, 1, (*SHORT, months, "tables.talks.lookahead=24"))
    assert 0.05 < share(found) < 0.97
    for other in (later, half, double):
        assert abs(share(other) - share(found)) <= BOUND
        assert (
            abs((other["table.market.deal_period"] > 0).mean() - (found["table.market.deal_period"] > 0).mean())
            <= BOUND
        )
    for column in ("table.talks.broken", "table.talks.revealed"):
        if column in found:
            assert (found[column] > 0).any()
            assert abs((later[column] > 0).mean() - (found[column] > 0).mean()) <= BOUND
