"""`detente explain` as a user types it, and what it tells of each step in a few small worlds."""

from __future__ import annotations

import re
from pathlib import Path

import sim

GOLDEN = Path(__file__).parents[1] / "golden"


def told(name: str, world: int = 0, *sets: str) -> str:
    """The story as one line, so that where it is broken doesn't matter."""
    return " ".join(str(sim.explain(GOLDEN / f"{name}.yaml", world, 1, sets)).split())


def test_a_file_a_bundled_scenario_and_a_run(detente, tmp_path):
    code, out, err = detente("explain", GOLDEN / "ultimatum.yaml", "--world", "1")
    assert (code, err) == (0, "") and out.startswith("World 1 of seed 1: Take it or leave it\n")
    sim.run(sim.load(GOLDEN / "ultimatum.yaml"), worlds=3, seed=1, out=tmp_path / "run")
    assert detente("explain", tmp_path / "run", "--world", "1")[1] == out
    code, again, _ = detente("explain", "split_the_dollar", "--seed", "2")
    assert code == 0 and "World 0 of seed 2" in again


def test_mistakes_are_messages(detente):
    assert detente("explain", "ultimatun")[0] == 2
    code, _, err = detente("explain", GOLDEN / "ultimatum.yaml", "--set", "actors.A.patience=1")
    assert code == 2 and "patience" in err


def test_lines_have_a_width_and_hang(detente):
    lines = detente("explain", GOLDEN / "lapses.yaml")[1].splitlines()
    assert max(map(len, lines)) <= 120 and not any(line.endswith(" ") for line in lines)


def test_who_lies_is_not_believed():
    story = told("mediator", 1, "interests.M.0.weight=5", "interests.M.1.weight=2.9")
    assert "M, who sees such things rightly with 80 %, has seen that Two is of type low, and says so." in story
    gain = 0.12 / 0.44 * 0.9 * 5 + 0.32 / 0.44 * 2.9 - 0.65 * 5  # a lie's worth less the truth's, by Bayes
    assert f"having seen low it would rather have said high, which is worth {gain:.3f} more to it" in story
    assert "The others go on thinking: low 40 %, high 60 %." in story


def test_a_believed_word_moves_the_odds():
    assert "The others now think: low 40 % → 73 %, high 60 % → 27 %." in told("mediator", 1)  # .4 · .8 / .44


def test_of_a_resolve_a_mediator_says_which_half():
    sets = (
        "actors.Two.resolve={uniform: {low: 0, high: 0.5}}",
        "tables.crisis.mediator={by: M, accuracy: 0.9, about: {actor: Two}}",
    )
    assert re.search(
        r"has seen that Two's resolve is (below|above) its median, and says so", told("mediator", 1, *sets)
    )


def test_a_broken_promise_is_weighed_against_resolve_price_and_guarantee():
    story = told("guarantor", 17)
    assert "They reckon with 70 % that nobody breaks it." in story  # resolve uniform on [0, 1], 1.5 − 1.2 at stake
    broken = (
        "A breaks its word. That gains it 150 % of its stakes, more than its resolve (18 %) and the price (120 %, all"
    )
    assert broken in story and "that leaves peace no" in story
    shared = told("guarantor", 17, "tables.treaty.renege.A.penalty=0.4", "tables.treaty.guarantor.penalty=0.8")
    assert "the price (120 %, 80 % of it G's guarantee)" in shared


def test_votes_are_counted():
    story = told("quota")
    assert "Votes for it: A 1, B 1; 2 of 3, and 2 carry it. C, outvoted, is bound too." in story
    heavy = told("quota", 0, "tables.house.assent={quota: 3, weights: {A: 2}}")
    assert "Votes for it: A 2, B 1; 3 of 4, and 3 carry it." in heavy


def test_a_vote_that_fails_says_why():
    script = "tables.house.strategies={B: {scripted: {puts: [{split: 0/1/0}]}}}"
    assert "A can veto it, and so it fails." in told("quota", 0, script)
    alone = told("quota", 0, script, "tables.house.assent={quota: 2}")
    assert "Votes for it: B 1; 1 of 3, and 2 carry it: it fails." in alone


def test_demands_that_do_not_fit_together():
    story = told("simultaneous")
    assert "all put a package at once, and expect to meet at deal yes, share 0.4." in story
    assert story.count("The demands don't fit together.") == 2


def test_a_secret_is_told_with_what_outsiders_think():
    story = told("secret")
    assert "Agreed in secret; in force at once. C still thinks favour no." in story
    assert "It doesn't know of favour yes (it thinks no)." in story
    assert "backroom: the secret comes out; those outside thought favour no." in story


def test_what_is_expected_at_another_table_is_a_part_of_the_worth():
    assert "over no deal: expected at table trade +0.500, trouble [assumed] -0.100" in told("foresees")
    assert "Nearest to it: visit yes" in told("foresees", 0, "tables.visit.foresees=[]")


def test_news_before_and_after():
    story = told("news", 2)
    assert "raid happens. The others now think of B: weak 60 % → 43 %, strong 40 % → 57 %." in story  # 24 : 32
    assert "stocks: front at 1.00 The others now think of B: weak 43 % → 24 %, strong 57 % → 76 %." in story  # 9 : 28
    assert "B's resolve, against its median: below 50 % → 20 %, above 50 % → 80 %." in story
    silent = told("news", 3)
    assert "No threat, which might have come." in silent and "below 50 % → 80 %, above 50 % → 20 %" in silent


def test_other_strategies_are_named():
    assert "A (concession): worth" in told("concession") and "it asks for 67 %" in told("concession")
    assert "B (stubborn)" in told("stubborn") and "falls short of what it asks for by 55 %" in told("stubborn")
    assert "it refuses: its script doesn't take that" in told("scripted")


def test_a_deadline_a_breakdown_and_a_walk_out_end_it():
    assert "The deadline has passed without a deal." in told("ultimatum", 1)
    assert "The talks break down for good (the risk was 30 %); that leaves war yes." in told("breakdown", 10)
    assert "B would rather walk away than wait, and does, for good; that leaves left yes." in told("walk_away")


def test_nothing_at_stake():
    story = told("consent", 0, "interests.A=[]", "interests.C=[]")
    assert "nothing is at stake for it" in story and "C is asked: it wouldn't lose by it" in story
    assert "nan" not in story and "inf" not in story
