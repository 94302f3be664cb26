"""Numbers at the ends of what a file may say, in bundled scenarios: a result that is finite and right, or an error that
names the value and its place. What is right is known from a closed form, or from a file that says the same otherwise.

- Weights: utilities are the same game in any unit (von Neumann & Morgenstern 1944), so all of an actor's weights times
  2^k give the same worlds to the bit, where no digit is lost.
- Resolve 0 and certain: the textbook's game. Resolve 1e9: nobody ever agrees.
- Discounts, at most 1 − 1e-8: with equal δ the first of two to offer keeps 1/(1+δ) of a dollar (Rubinstein 1982): all
  of it at δ = 0, half of it at δ → 1.
- A prior of no width is the number.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError
from sim.scenario.claims import scenarios
from sim.scenario.loader import Loaded, load
from sim.scenario.overrides import override

pytestmark = pytest.mark.filterwarnings("error")
TEXTBOOK = ("split_the_dollar", "fearon_private_cost", "baron_ferejohn", "screening")
MAIN = [pytest.param(name, marks=pytest.mark.slow) for name in ("kursk_ceasefire", "hedging")]  # seconds each
TINY, HUGE = 2.0**-996, 2.0**330  # 1.5e-300 and 2.2e99


def bundled(name: str, *sets: str) -> Loaded:
    return load(scenarios()[name], sets)


def columns(loaded: Loaded, worlds: int = 16) -> dict[str, np.ndarray]:
    """A few worlds; everything in them is finite but how much was missing where nothing ever was."""
    blocks = sim.run(loaded, worlds).blocks
    found = {n: blocks.column(n) for n in blocks.names()}
    for name, column in found.items():
        assert column.dtype.kind != "f" or ".shortfall." in name or np.isfinite(column).all(), name
    return found


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray], but: tuple[str, ...] = ()) -> None:
    for name, column in one.items():
        if not name.startswith(but or ("-",)):
            assert column.tobytes() == other[name].tobytes(), name


def times(prior: Any, factor: float) -> Any:
    """A prior in another unit."""
    if isinstance(prior, int | float):
        return prior * factor
    return {law: {k: v * factor for k, v in of.items()} for law, of in prior.items()}


def in_units(loaded: Loaded, factor: float) -> list[str]:
    terms = ((a, t) for a, rows in loaded.data["interests"].items() for t in rows)
    return [override(f"interests.{a}.{t['term']}.weight", times(t["weight"], factor)) for a, t in terms]


@pytest.mark.parametrize("name", TEXTBOOK)
def test_weights_in_any_unit_are_the_same_game(name):
    plain, shares = bundled(name), bundled(name, "normalise=true")
    same(columns(plain), columns(bundled(name, *in_units(plain, HUGE))), but=("value.", "table.crisis.zone"))
    same(columns(shares), columns(bundled(name, "normalise=true", *in_units(plain, TINY))))


@pytest.mark.parametrize("name", TEXTBOOK)
def test_weights_that_rounding_would_lose_are_named(name):
    plain = bundled(name)
    with pytest.raises(ScenarioError, match=r"e-30\d, and nothing that \w+ wants weighs more.*normalise: true"):
        bundled(name, *in_units(plain, TINY))
    columns(bundled(name, *in_units(plain, 1e-5)), 4)


@pytest.mark.parametrize("value", ["1e300", "-1e300", "1e101", ".inf", ".nan"])
@pytest.mark.parametrize("name", ["split_the_dollar", "kursk_ceasefire"])
def test_numbers_beyond_all_use_are_named(name, value):
    actor = next(iter(bundled(name).data["interests"]))
    paths = ("horizon", f"actors.{actor}.discount", f"actors.{actor}.resolve", f"interests.{actor}.0.weight")
    for path in paths:
        with pytest.raises(ScenarioError) as caught:
            bundled(name, f"{path}={value}")
        assert f":1:{len(path) + 2}: error: a number must be finite" in str(caught.value) and value in str(caught.value)


@pytest.mark.parametrize("name", [*TEXTBOOK, *MAIN])
def test_one_weight_far_above_all_others(name):
    """1e100 beside ordinary ones, and 1e-300 beside them: finite, and as good as nothing."""
    loaded = bundled(name)
    actor, rows = next(iter(loaded.data["interests"].items()))
    columns(bundled(name, f"interests.{actor}.0.weight=1e100"), 4)
    more = override(f"interests.{actor}", [*rows, {"term": "dust", "form": "constant", "weight": 0, "assumption": "t"}])
    one, other = (columns(bundled(name, more, f"interests.{actor}.dust.weight={w}"), 8) for w in ("0", "1e-300"))
    same(one, other, but=("value.",))
    assert all(np.allclose(c, other[n], rtol=0, atol=1e-290) for n, c in one.items() if n.startswith("value."))


@pytest.mark.parametrize("name", [*TEXTBOOK, *MAIN])
def test_nobody_agrees_whose_resolve_no_deal_can_meet(name):
    if name == "screening":  # whose resolve is 0 for both, or it isn't that game
        with pytest.raises(ScenarioError, match="resolve: 0 for both parties"):
            bundled(name, "actors.buyer.resolve=1e9")
        return
    actors = bundled(name).scenario.actors
    found = columns(bundled(name, *(f"actors.{a}.resolve=1e9" for a in actors)), 8)
    assert not any(column.any() for n, column in found.items() if n.endswith(".deal_period"))
    columns(bundled(name, *(f"actors.{a}.resolve=0" for a in actors)), 8)


@pytest.mark.parametrize(("delta", "kept"), [(0, 1.0), (0.5, 2 / 3), (1 - 1e-8, 0.5)])
def test_the_first_to_offer_keeps_what_the_textbook_says(delta, kept):
    loaded = bundled("rubinstein")
    first = next(iter(loaded.scenario.tables.values())).protocol.rule.first
    sides = loaded.scenario.actors
    sets = [f"actors.{a}.discount={delta!r}" for a in sides] + [f"actors.{a}.resolve=0" for a in sides]
    found = columns(bundled("rubinstein", *sets), 4)
    assert found["outcome.agreed"].all()
    levels = loaded.scenario.issues["share"].levels
    shares = np.array(levels.values)[found["level.share"]]
    mine = shares if first == "A" else 1 - shares
    assert np.allclose(mine, kept, rtol=0, atol=1.001 / (len(levels.values) - 1))


@pytest.mark.parametrize("delta", ["0", "0.99999999"])
@pytest.mark.parametrize("name", MAIN)
def test_discounts_at_their_ends_in_a_war(name, delta):
    columns(bundled(name, *(f"actors.{a}.discount={delta}" for a in bundled(name).scenario.actors)), 4)


@pytest.mark.parametrize("delta", ["1", "-0.001", "1.5"])
def test_a_discount_outside_is_named(delta):
    with pytest.raises(
        ScenarioError, match=rf":1:\d+: error: actors.A.discount: must stay within \[0, 1\); got {delta}"
    ):
        bundled("split_the_dollar", f"actors.A.discount={delta}")


@pytest.mark.parametrize("delta", ["0.999999999", "0.999999999999"])
def test_a_wait_that_costs_less_than_rounding_is_named(delta):
    """1 - 1e-9 and 1 - 1e-12: no deal would ever be better by what can be told from a tie."""
    with pytest.raises(ScenarioError, match=rf"error: actors.A.discount: must be at most 1 - 1e-8.*got {delta}"):
        bundled("rubinstein", f"actors.A.discount={delta}")


@pytest.mark.parametrize("name", [*TEXTBOOK, *MAIN])
def test_a_horizon_of_one_period(name):
    found = columns(bundled(name, "horizon=1"), 8)
    periods = [column for n, column in found.items() if n.endswith(".deal_period")]
    assert periods and all(set(column) <= {0, 1} for column in periods)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["split_the_dollar", "rubinstein", "salami"])
def test_a_horizon_of_ten_thousand_periods(name):
    """Worlds are as of the file's own horizon until that ends: nobody knows when the game will be over."""
    long, plain = columns(bundled(name, "horizon=10000"), 2), columns(bundled(name), 2)
    for key in (n for n in plain if n.endswith(".deal_period")):
        early = plain[key] > 0
        assert (long[key][early] == plain[key][early]).all() and (long[key] <= 10_000).all()


@pytest.mark.parametrize("value", ["0", "10001", "1e9", "-1", "2.5"])
def test_a_horizon_outside_is_named(value):
    with pytest.raises(ScenarioError, match=r":1:9: error: horizon: .*; got ") as caught:
        bundled("rubinstein", f"horizon={value}")
    assert f"got {float(value):.10g}" in str(caught.value)


def test_an_issue_of_one_level_is_settled():
    """Half of the dollar is all that there is to agree on, and it is more than nothing to both."""
    sets = ("issues.share.levels={half: 0.5}", "issues.share.start=half", "actors.A.resolve=0", "actors.B.resolve=0")
    found = columns(bundled("split_the_dollar", *sets), 4)
    assert found["outcome.agreed"].all() and not found["level.share"].any()
    with pytest.raises(ScenarioError, match="no package is admissible"):
        bundled("split_the_dollar", *sets, "issues.deal.levels={no: 0}", "tables.split.require={}")


@pytest.mark.parametrize("name", [*TEXTBOOK, *MAIN])
def test_a_prior_of_no_width_is_the_number(name):
    actor = next(iter(bundled(name).scenario.actors))
    laws = (
        "0.9",
        "{uniform: {low: 0.9, high: 0.9}}",
        "{triangular: {low: 0.9, mode: 0.9, high: 0.9}}",
        "{choice: {0.9: 1}}",
    )
    first, *others = (columns(bundled(name, f"actors.{actor}.discount={law}"), 4) for law in laws)
    for other in others:
        same(first, other)


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("stocks.kursk.range", "[0.5, 0.5]", r"low must be below high; got \[0.5, 0.5\]"),
        ("actors.RUS.discount", "{normal: {mean: 0, sd: 0.01, low: 0.5, high: 0.9}}", r"no mass within \[0.5, 0.9\]"),
        ("actors.RUS.discount", "{logistic: {mean: 9, scale: 1e-9, low: 0, high: 0.9}}", r"no mass within \[0, 0.9\]"),
        ("actors.RUS.resolve", "{lognormal: {median: 1, p90: 1.001, low: 5}}", r"no mass within \[5, inf\]"),
        ("actors.RUS.resolve", "{normal: {mean: 0, sd: 0}}", "sd must be above 0; got 0"),
        ("actors.RUS.resolve", "{beta: {mean: 0.5, sd: 0.5}}", r"sd must lie in \[0.0001, 0.5\)"),
        ("actors.RUS.resolve", "{normal: {mean: 0, sd: 1, low: 1, high: 1}}", r"truncated to \[1, 1\], which is empty"),
        ("actors.RUS.discount", "{choice: {0.9: 0.5}}", "probabilities sum to 0.5, not 1"),
    ],
)
@pytest.mark.parametrize("name", ["kursk_ceasefire"])
def test_ranges_of_no_width_and_priors_without_mass_are_named(name, path, given, said):
    with pytest.raises(ScenarioError, match=rf":1:\d+: error: {path}.*{said}"):
        bundled(name, f"{path}={given}")
