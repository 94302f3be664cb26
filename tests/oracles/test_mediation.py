"""A biased mediator, through the teaching file: Kydd (2003). Below, within and above the window of bias.

The probability of war is that of the demand made after the message: 1 − μ without a believed mediator, (1 − μ)(1 − r)
with one of accuracy r. Within four standard errors of a share of the worlds.
"""

from __future__ import annotations

import math

import pytest
from games import figures, teaching, told, worlds_of

ROWS = figures("mediation")["bias_window"]
WORLDS = 2000


def crisis(row: dict, bias: float):
    """The teaching file with a row's figures."""
    p = row["p"]
    types = "actors.Two.types.cost"
    changes = [f"{types}.low.probability={1 - row['mu']!r}", f"{types}.high.probability={row['mu']!r}"]
    changes += [f"{types}.low.scale.war={row['cL']!r}", f"{types}.high.scale.war={row['cH']!r}"]
    changes += [f"interests.One.1.weight={p - row['c1']!r}", f"interests.Two.2.weight={1 - p!r}"]
    changes += [f"interests.M.{k}.weight={w!r}" for k, w in enumerate((bias, bias * p, -row["kM"]))]
    return teaching("mediators_window", *changes, f"tables.crisis.mediator.accuracy={row['accuracy']!r}")


def biases(row: dict) -> list[tuple[float, bool]]:
    """(bias, whether it is believed): outside the window, a tenth of its width from either end, amid."""
    low, high = row["b_lo"], row["b_hi"]
    width = (high if math.isfinite(high) else low + 1) - low
    found = [(low - 0.1 * width, False), (low + 0.1 * width, True), (low + 0.5 * width, True)]
    return [*found, (high - 0.1 * width, True), (high + 0.1 * width, False)] if math.isfinite(high) else found


def cases():
    for k, row in enumerate(ROWS):
        yield from (pytest.param(row, b, yes, id=f"row{k}-b={b:.3g}") for b, yes in biases(row))


@pytest.mark.parametrize(("row", "bias", "believed"), list(cases()))
def test_the_window(row, bias, believed):
    game = crisis(row, bias)
    assert [word.believed for word in told(game).periods[0].words] == [believed]
    expected = row["war_with_truthful"] if believed else row["war_without"]
    found = worlds_of(game, WORLDS)["outcome.war"].mean()
    assert abs(found - expected) <= 4 * math.sqrt(expected * (1 - expected) / WORLDS)


@pytest.mark.parametrize(("accuracy", "believed"), [(1.0, True), (0.9, False)])
def test_one_without_bias_is_believed_only_if_it_never_errs(accuracy, believed):
    """Then it is indifferent, which is enough."""
    row = ROWS[0] | {"accuracy": accuracy}
    assert [word.believed for word in told(crisis(row, 0.0)).periods[0].words] == [believed]


def test_the_teaching_file_and_its_comment():
    found = worlds_of(teaching("mediators_window"), WORLDS)["outcome.war"].mean()
    assert abs(found - 0.1) <= 4 * math.sqrt(0.1 * 0.9 / WORLDS)
    for side, in_war in ((0.03, 0.012), (2, 0.8)):
        changed = teaching("mediators_window", f"interests.M.0.weight={side}", f"interests.M.1.weight={in_war}")
        found = worlds_of(changed, WORLDS)["outcome.war"].mean()
        assert abs(found - 0.5) <= 4 * math.sqrt(0.25 / WORLDS)
