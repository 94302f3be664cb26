"""The games of docs/theory/screening.md are scenarios that may be played; the page itself takes minutes."""

from __future__ import annotations

import pytest
import screening_gap

from sim.scenario.loader import loads


@pytest.mark.parametrize("kind", screening_gap.KINDS)
def test_every_game_is_a_scenario(kind):
    games = screening_gap.games(kind)
    assert games and all(loads(game.spelled("grid")).scenario.tables for game in games)
